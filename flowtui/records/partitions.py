"""The partition an object's records belong to, as its key tells: account, service, region, day and hour.

Folders count first: AWS's own tree, then folders named ``name=value`` as Hive has them. What they leave open the file's
name tells, if AWS gave it, else any folders of a date. What that leaves open too is for the records to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from flowtui.records.paths import ObjectPath, Tree

_HIVE = re.compile(r"([A-Za-z][\w-]*)=(.+)")
_ACCOUNT = ("aws-account-id", "account-id", "account", "accid")
_SERVICE = ("aws-service", "service")
_REGION = ("aws-region", "region")
_DAY = ("dt", "date", "day")
_DATE_FOLDERS = re.compile(r"(?:^|/)(\d{4})/(\d{2})/(\d{2})(?:/(\d{2}))?(?=/|$)")
_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")


@dataclass(frozen=True, slots=True)
class Partition:
    """What a key tells of its records; None where it tells nothing.

    Args:
        day: ``YYYY-MM-DD``, the table's ``dt``.
        hour: ``HH``; AWS files a record under the hour of its end.
        account: account id, 12 digits where AWS wrote the key.
        service: ``vpcflowlogs``.
        region: as ``us-east-1``.
    """

    day: str | None = None
    hour: str | None = None
    account: str | None = None
    service: str | None = None
    region: str | None = None


def partition_of(key: str) -> Partition:
    """The partition of an object key, or of the path of a file."""
    folder, _, name = key.rpartition("/")
    hive = dict(_hive_folders(folder))
    tree, file = Tree.parse(folder), ObjectPath.parse(name)
    day, hour = _day_and_hour(folder, hive, file)
    service = _first(hive, _SERVICE) or ("vpcflowlogs" if tree or file else None)
    return Partition(
        day=day,
        hour=hour,
        account=tree.account_id if tree else _first(hive, _ACCOUNT) or (file.account_id if file else None),
        service=service,
        region=tree.region if tree else _first(hive, _REGION) or (file.region if file else None),
    )


def dt_of(key: str) -> str | None:
    """The day a key belongs to, ``YYYY-MM-DD``."""
    return partition_of(key).day


def _day_and_hour(folder: str, hive: dict[str, str], file: ObjectPath | None) -> tuple[str | None, str | None]:
    tree, slot = ObjectPath.parse(f"{folder}/-"), file.slot if file else None
    day: date | None
    hour: str | None
    if tree:
        day, hour = tree.date, f"{tree.hour:02}" if tree.hour is not None else None
    else:
        day, hour = _hive_day(hive) or ((slot.date(), None) if slot else None) or _folder_day(folder) or (None, None)
    if slot and slot.date() == day:
        hour = hour or f"{slot:%H}"
    return day.isoformat() if day else None, hour


def _hive_folders(folder: str) -> Iterator[tuple[str, str]]:
    for part in folder.split("/"):
        if pair := _HIVE.fullmatch(part):
            yield pair[1].lower().replace("_", "-"), unquote(pair[2])


def _first(hive: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((hive[name] for name in names if name in hive), None)


def _hive_day(hive: dict[str, str]) -> tuple[date, str | None] | None:
    whole = next((found for name in _DAY if (found := _DATE.fullmatch(hive.get(name, "")))), None)
    parts = whole.groups() if whole else tuple(hive.get(name, "") for name in ("year", "month", "day"))
    day = _date(parts)
    if day is None:
        return None
    hour = hive.get("hour", "")
    return day, f"{int(hour):02}" if re.fullmatch("[0-9]{1,2}", hour) and int(hour) < 24 else None


def _folder_day(folder: str) -> tuple[date, str | None] | None:
    for *parts, hour in reversed(_DATE_FOLDERS.findall(folder)):
        if day := _date(parts):
            return day, hour if hour and int(hour) < 24 else None
    return None


def _date(parts: tuple[str, ...] | list[str]) -> date | None:
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None
