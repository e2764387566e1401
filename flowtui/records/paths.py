"""Where flow logs lie in S3, and what an object's key tells of its content.

After an optional prefix: ``AWSLogs/[o-id/]<account>/vpcflowlogs/<region>/YYYY/MM/DD/[HH/]``, or the Hive form with
``aws-account-id=`` and so on (https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html). The time in a
file's name is the 5-minute slot in which its records' *end* falls.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

FileFormat = Literal["text", "parquet"]

SLOT = timedelta(minutes=5)
SLACK = timedelta(minutes=15)
"""A record that starts at a given moment ends, and so is filed, at most this much later."""

_ROOT = (
    r"(?:(?P<prefix>.*)/)?AWSLogs/(?:(?P<org>o-[a-z0-9]+)/)?"
    r"(?:(?P<account>\d{12})/vpcflowlogs/(?P<region>[a-z0-9-]+)"
    r"|aws-account-id=(?P<hive_account>\d{12})/aws-service=vpcflowlogs/aws-region=(?P<hive_region>[a-z0-9-]+))/"
)
_DAY = r"(?:year=)?(?P<year>\d{4})/(?:month=)?(?P<month>\d{2})/(?:day=)?(?P<day>\d{2})/(?:(?:hour=)?(?P<hour>\d{2})/)?"
_FILE = re.compile(
    r"(?P<account>\d{12})_vpcflowlogs_(?P<region>[a-z0-9-]+)_(?P<flow_log>fl-[0-9a-z]+)_(?P<slot>\d{8}T\d{4})Z_[^/]*"
)
_TREE = re.compile(_ROOT)
_KEY = re.compile(_ROOT + _DAY + r"(?P<file>[^/]+)")


_SERVICE = re.compile(r"(?:^|/)AWSLogs/(?:o-[a-z0-9]+/)?(?:\d{12}/([^/]+)|aws-account-id=\d{12}/aws-service=([^/]+))/")


def is_of_another_service(key: str) -> bool:
    """Whether a key lies where another AWS service writes, as CloudTrail does beside flow logs in one bucket."""
    found = _SERVICE.search(key)
    return found is not None and (found[1] or found[2]) != "vpcflowlogs"


@dataclass(frozen=True, slots=True)
class ObjectPath:
    """What a key says: whose records, of which day, in which form.

    ``date`` is the day of the folder, or of the file name when the folders are gone. ``slot`` is None when the file
    has another name than AWS gave it; then ``flow_log_id`` is empty.
    """

    account_id: str
    region: str
    date: date
    hour: int | None
    flow_log_id: str
    slot: datetime | None
    hive: bool
    file_format: FileFormat
    prefix: str = ""
    org_id: str = ""

    @classmethod
    def parse(cls, key: str) -> ObjectPath | None:
        """Read an object key, or the path of a file that kept AWS's name; None for anything else."""
        name = key.rpartition("/")[2]
        file = _FILE.fullmatch(name)
        tree = _KEY.fullmatch(key)
        slot = _slot(file["slot"]) if file else None
        day = _date(tree["year"], tree["month"], tree["day"]) if tree else slot.date() if slot else None
        if day is None:
            return None
        places = tree or file
        assert places is not None  # one of them gave the day
        return cls(
            account_id=(tree and tree["hive_account"]) or places["account"] or "",
            region=(tree and tree["hive_region"]) or places["region"] or "",
            date=day,
            hour=int(tree["hour"]) if tree and tree["hour"] else None,
            flow_log_id=file["flow_log"] if file else "",
            slot=slot,
            hive=bool(tree and tree["hive_account"]),
            file_format="parquet" if name.endswith(".parquet") else "text",
            prefix=(tree and tree["prefix"]) or "",
            org_id=(tree and tree["org"]) or "",
        )


@dataclass(frozen=True, slots=True)
class Tree:
    """The folders of one account and region of a flow log bucket."""

    prefix: str
    account_id: str
    region: str
    hive: bool = False
    org_id: str = ""

    @classmethod
    def parse(cls, key: str) -> Tree | None:
        """The tree a key or key prefix lies in; None when it does not reach down to a region."""
        found = _TREE.match(key if key.endswith("/") else key + "/")
        if found is None:
            return None
        return cls(
            prefix=found["prefix"] or "",
            account_id=found["account"] or found["hive_account"],
            region=found["region"] or found["hive_region"],
            hive=found["hive_account"] is not None,
            org_id=found["org"] or "",
        )

    @property
    def root(self) -> str:
        """Key prefix of everything in the tree, ending in a slash."""
        before = f"{self.prefix}/" if self.prefix else ""
        org = f"{self.org_id}/" if self.org_id else ""
        if self.hive:
            place = f"aws-account-id={self.account_id}/aws-service=vpcflowlogs/aws-region={self.region}/"
        else:
            place = f"{self.account_id}/vpcflowlogs/{self.region}/"
        return f"{before}AWSLogs/{org}{place}"

    def day(self, day: date) -> str:
        """Key prefix of one day, ending in a slash; hours lie below it."""
        return self.root + (f"year={day:%Y}/month={day:%m}/day={day:%d}/" if self.hive else f"{day:%Y/%m/%d}/")


def day_prefixes(tree: Tree, since: datetime, until: datetime) -> tuple[str, ...]:
    """Key prefixes of the days that can hold records which begin or end in a range, oldest first."""
    first, last = since.astimezone(UTC).date(), (until + SLACK).astimezone(UTC).date()
    return tuple(tree.day(first + timedelta(days=number)) for number in range((last - first).days + 1))


def in_range(path: ObjectPath, since: datetime | None, until: datetime | None) -> bool:
    """Whether an object can hold records which begin or end in a range; either side may be open."""
    if path.slot is None:
        first = datetime(path.date.year, path.date.month, path.date.day, path.hour or 0, tzinfo=UTC)
        last = first + (timedelta(days=1) if path.hour is None else timedelta(hours=1))
    else:
        first, last = path.slot, path.slot + SLOT
    # Whether the name tells a slot's first or last moment is not documented; one slot more on the left allows both.
    return (since is None or last + SLOT > since) and (until is None or first <= until + SLACK)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _slot(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M").replace(tzinfo=UTC)
    except ValueError:
        return None
