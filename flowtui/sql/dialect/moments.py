"""Timestamps with a zone, durations and the reading of date and time literals.

A timestamp with time zone travels as its UTC instant; its zone is part of the static type. Anything that looks at
clock fields first takes the instant to that zone (:func:`local`) and goes back afterwards (:func:`instant`).
"""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from flowtui.sql.dialect import types
from flowtui.sql.dialect.bound import Bound
from flowtui.sql.dialect.names import text_literal
from flowtui.sql.dialect.types import Type

_MOMENT = re.compile(
    r"(\d{4,})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?)?(?:\s*([A-Za-z+-].*))?"
)
_OFFSET = re.compile(r"([+-])(\d{1,2})(?::?(\d{2}))?")
_MILLISECONDS = {"day": 86_400_000, "hour": 3_600_000, "minute": 60_000, "second": 1000}
_MAX_PRECISION = 6


@lru_cache(maxsize=128)
def _zone(name: str) -> tzinfo | None:
    if name.upper() in ("UTC", "Z", "GMT", "UT"):
        return UTC
    offset = _OFFSET.fullmatch(name)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes)) if minutes <= 14 * 60 else None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_info(name: str) -> tzinfo:
    """The zone of a name that :func:`zone_name` has given.

    Raises:
        ValueError: there is no such zone.
    """
    zone = _zone(name)
    if zone is None:
        raise ValueError(name)
    return zone


def zone_name(text: str) -> str | None:
    """A time zone as Athena prints it, or None when there is no such zone."""
    zone = _zone(text)
    if zone is None:
        return None
    offset = _OFFSET.fullmatch(text)
    if zone is UTC or (offset and int(offset[2]) == 0 == int(offset[3] or 0)):
        return "UTC"
    return f"{offset[1]}{int(offset[2]):02}:{offset[3] or '00'}" if offset else text


def local(bound: Bound) -> str:
    """DuckDB text of the clock time a value shows: a plain TIMESTAMP (or DATE)."""
    if bound.type.name != "timestamp with time zone" or bound.type.zone == "UTC":
        return bound.sql
    if bound.type.zone[0] in "+-":
        return f"({bound.operand} + to_minutes({_minutes(bound.type.zone)}))"
    return f"timezone({text_literal(bound.type.zone)}, timezone('UTC', {bound.sql}))"


def instant(clock: str, zone: str) -> str:
    """The UTC instant of a clock time in a zone; the way back from :func:`local`."""
    if zone == "UTC":
        return clock
    if zone[0] in "+-":
        return f"(({clock}) - to_minutes({_minutes(zone)}))"
    return f"timezone('UTC', timezone({text_literal(zone)}, {clock}))"


def _minutes(zone: str) -> int:
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return -minutes if zone[0] == "-" else minutes


def precision(type_: Type) -> int:
    """Digits of the second a moment keeps; 0 for a date."""
    return type_.args[0] if type_.args else 0


def read_date(text: str) -> str | None:
    """DuckDB text of a date literal, or None when it is no date."""
    parts = text.strip().split("-")
    try:
        day = date(*(int(part) for part in parts)) if len(parts) == 3 and all(p.isdigit() for p in parts) else None
    except ValueError:
        return None
    return f"DATE '{day.isoformat()}'" if day else None


def read_moment(text: str) -> tuple[str, Type] | None:
    """DuckDB text and type of a timestamp literal, with or without a zone, or None when it is no timestamp."""
    match = _MOMENT.fullmatch(text.strip())
    if not match:
        return None
    digits = match[7] or ""
    if len(digits) > _MAX_PRECISION:
        return None
    try:
        year, month, day, hour, minute, second = (int(match[place] or 0) for place in range(1, 7))
        moment = datetime(year, month, day, hour, minute, second, int(digits.ljust(6, "0")))
    except ValueError:
        return None
    if not match[8]:
        return _moment_text(moment), types.timestamp(len(digits))
    zone, name = _zone(match[8].strip()), zone_name(match[8].strip())
    if zone is None or name is None:
        return None
    moved = moment.replace(tzinfo=zone).astimezone(UTC)
    if moved.astimezone(zone).replace(tzinfo=None) != moment:
        return None  # the clocks of the zone skip this time
    utc = moved.replace(tzinfo=None)
    return _moment_text(utc), types.zoned(len(digits), name)


def _moment_text(moment: datetime) -> str:
    return f"TIMESTAMP '{moment.isoformat(sep=' ')}'"


def read_interval(text: str, unit: str, end_unit: str = "") -> tuple[int, Type] | None:
    """Value (milliseconds or months) and type of an interval literal, or None when it is none.

    Args:
        text: what stands in the quotes, perhaps with a sign.
        unit: year, month, day, hour, minute or second, lower-case.
        end_unit: the second unit of ``YEAR TO MONTH`` and the like.
    """
    sign, body = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    months = unit in ("year", "month")
    if end_unit and months:
        years, _, rest = body.partition("-")
        if not (years.isdigit() and rest.isdigit()):
            return None
        return sign * (int(years) * 12 + int(rest)), types.MONTH_INTERVAL
    if months:
        return (sign * int(body) * (12 if unit == "year" else 1), types.MONTH_INTERVAL) if body.isdigit() else None
    value = _span(body, unit, end_unit) if end_unit else _count(body, unit)
    return None if value is None else (sign * value, types.DAY_INTERVAL)


def _count(body: str, unit: str) -> int | None:
    if unit not in _MILLISECONDS:
        return None
    whole, dot, fraction = body.partition(".")
    if not whole.isdigit() or (dot and (unit != "second" or not fraction.isdigit())):
        return None
    return int(whole) * _MILLISECONDS[unit] + (int(fraction[:3].ljust(3, "0")) if fraction else 0)


def _span(body: str, unit: str, end_unit: str) -> int | None:
    units = list(_MILLISECONDS)
    if unit not in units or end_unit not in units or units.index(unit) >= units.index(end_unit):
        return None
    wanted = units[units.index(unit) : units.index(end_unit) + 1]
    parts = body.replace(" ", ":").split(":")
    if len(parts) != len(wanted):
        return None
    values = [_count(part, name) for part, name in zip(parts, wanted, strict=True)]
    return None if None in values else sum(value for value in values if value is not None)
