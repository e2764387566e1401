"""Values as Athena prints them.

Athena's results are text: doubles as Java prints them, timestamps with three digits and their zone, arrays, maps and
rows in brackets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from flowtui.sql.dialect import moments
from flowtui.sql.dialect.types import Type

_SHORTEST = 3
"""Athena shows every timestamp with milliseconds at least."""


def to_athena_text(value: Any, type_: Type) -> str:
    """A value that is not NULL as Athena prints it."""
    return _inner(value, type_)


def _inner(value: Any, type_: Type) -> str:
    if value is None:
        return "null"
    printer = _PRINTERS.get(type_.name)
    return printer(value, type_) if printer else str(value)


def double_text(value: float) -> str:
    """A double as Java prints it: ``1.0E10``, ``3.0``, ``NaN``, ``Infinity``."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        text = repr(value)
        return text if "e" not in text else f"{value:f}".rstrip("0")
    _, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    significant = "".join(map(str, digits))
    power = int(exponent) + len(significant) - 1
    return f"{'-' if value < 0 else ''}{significant[0]}.{significant[1:] or '0'}E{power}"


def _real(value: float, type_: Type) -> str:
    import struct

    for digits in range(1, 10):
        text = f"{value:.{digits}g}"
        if struct.pack("f", float(text)) == struct.pack("f", value):
            return double_text(float(text))
    return double_text(value)


def _timestamp(value: datetime, type_: Type) -> str:
    digits = max(_SHORTEST, type_.args[0])
    return value.replace(tzinfo=None).isoformat(" ", "microseconds")[: 20 + digits]


def _zoned(value: datetime, type_: Type) -> str:
    """The UTC instant shown in the column's zone."""
    zone = type_.zone
    instant = value.replace(tzinfo=moments.zone_info("UTC"))
    shown = instant if zone == "UTC" else instant.astimezone(moments.zone_info(zone))
    return f"{_timestamp(shown.replace(tzinfo=None), type_)} {zone}"


def _time(value: time, type_: Type) -> str:
    return f"{value:%H:%M:%S}.{value.microsecond:06}"[: 9 + max(_SHORTEST, type_.args[0])]


def _day_interval(value: int, type_: Type) -> str:
    sign, value = ("-", -value) if value < 0 else ("", value)
    seconds, milliseconds = divmod(value, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"{sign}{days} {hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}"


def _month_interval(value: int, type_: Type) -> str:
    return f"{'-' if value < 0 else ''}{abs(value) // 12}-{abs(value) % 12}"


def _array(value: Sequence[Any], type_: Type) -> str:
    return f"[{', '.join(_inner(item, type_.element) for item in value)}]"


def _map(value: Mapping[Any, Any] | Sequence[tuple[Any, Any]], type_: Type) -> str:
    pairs = value.items() if isinstance(value, Mapping) else value
    key, item = type_.of
    return "{" + ", ".join(f"{_inner(k, key)}={_inner(v, item)}" for k, v in pairs) + "}"


def _row(value: Mapping[str, Any] | Sequence[Any], type_: Type) -> str:
    values = list(value.values()) if isinstance(value, Mapping) else list(value)
    names = [name or f"field{place}" for place, name in enumerate(type_.fields)]
    parts = zip(names, values, type_.of, strict=True)
    return "{" + ", ".join(f"{name}={_inner(item, kind)}" for name, item, kind in parts) + "}"


def _decimal(value: Decimal, type_: Type) -> str:
    return f"{value:.{type_.args[1]}f}"


_PRINTERS: dict[str, Any] = {
    "boolean": lambda value, type_: "true" if value else "false",
    "double": lambda value, type_: double_text(value),
    "real": _real,
    "decimal": _decimal,
    "timestamp": _timestamp,
    "timestamp with time zone": _zoned,
    "time": _time,
    "interval day to second": _day_interval,
    "interval year to month": _month_interval,
    "array": _array,
    "map": _map,
    "row": _row,
    "varbinary": lambda value, type_: " ".join(f"{byte:02x}" for byte in value),
}
