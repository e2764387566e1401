"""Which columns of a record are shown, and how wide, for the width there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from flowtui.records.labels import port_name, protocol_name, tcp_flag_names
from flowtui.records.parse import Record
from flowtui.tui.widgets.short import short_bytes, short_count


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the narrowest it makes sense at, and what more it can use.

    ``optional`` columns appear when there is room to spare, in the order they are listed.
    """

    key: str
    title: str
    narrow: int
    wide: int
    right: bool = False
    optional: bool = False


COLUMNS = (
    Column("time", "Time", 8, 8),
    Column("mark", "", 1, 1),
    Column("interface", "Interface", 10, 21),
    Column("src", "From", 15, 36),
    Column("srcport", "Port", 5, 5, right=True, optional=True),
    Column("dst", "To", 15, 36),
    Column("dstport", "Port", 5, 5, right=True),
    Column("service", "Service", 7, 10, optional=True),
    Column("protocol", "Pr", 4, 6),
    Column("flags", "Flags", 8, 12, optional=True),
    Column("packets", "Pkts", 5, 6, right=True),
    Column("bytes", "Bytes", 6, 7, right=True),
    Column("direction", "Dir", 7, 7, optional=True),
)
_GROWTH = ("src", "dst", "interface", "src", "dst", "service", "flags", "protocol", "packets", "bytes")


@dataclass(frozen=True, slots=True)
class Placed:
    """A column with the width it got."""

    column: Column
    width: int


@lru_cache(maxsize=64)
def fit_columns(width: int, present: frozenset[str] = frozenset()) -> tuple[Placed, ...]:
    """Columns for ``width`` cells, one space between two of them.

    Args:
        width: cells there are.
        present: fields the layouts at hand have; ``flags`` and ``direction`` are shown only when there is such a field.
    """
    widths = {column.key: column.narrow for column in COLUMNS if not column.optional}
    spare = width - sum(widths.values()) - (len(widths) - 1)
    for column in COLUMNS:
        if column.optional and _useful(column.key, present) and spare > column.narrow:
            widths[column.key] = column.narrow
            spare -= column.narrow + 1
    limits = {column.key: column.wide for column in COLUMNS}
    while spare > 0:
        growing = [key for key in _GROWTH if key in widths and widths[key] < limits[key]]
        if not growing:
            break
        for key in growing[:spare]:
            widths[key] += 1
            spare -= 1
    return tuple(Placed(column, widths[column.key]) for column in COLUMNS if column.key in widths)


def _useful(key: str, present: frozenset[str]) -> bool:
    return {"flags": "tcp-flags", "direction": "flow-direction"}.get(key, "") in present | {""}


def outcome(record: Record) -> str:
    """ACCEPT, REJECT, NODATA, SKIPDATA, or empty when the record says neither."""
    status = record.log_status
    if status in ("NODATA", "SKIPDATA"):
        return status
    return record.action if record.action in ("ACCEPT", "REJECT") else ""


def number_text(value: int | None) -> str:
    """A number, ``-`` when there is none."""
    return "-" if value is None else str(value)


def service_text(record: Record) -> str:
    """The well-known service of the record's ports: of its destination, or of the source it answers from."""
    answered = port_name(record.srcport)
    return port_name(record.dstport) or (f"< {answered}" if answered else "")


def clock_text(seconds: int | None) -> str:
    """The time of day in UTC, ``14:05:12``; ``-`` when there is none."""
    if seconds is None:
        return "-"
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return "?"


def plain_cell(key: str, record: Record) -> str:
    """The text of a column that needs nothing but the record."""
    match key:
        case "srcport":
            return number_text(record.srcport)
        case "dstport":
            return number_text(record.dstport)
        case "service":
            return service_text(record)
        case "protocol":
            return protocol_name(record.protocol)
        case "packets":
            return "-" if record.packets is None else short_count(record.packets)
        case "bytes":
            return "-" if record.bytes is None else short_bytes(record.bytes)
        case "flags":
            flags = record.get("tcp-flags")
            return tcp_flag_names(flags) if isinstance(flags, int) else "-"
        case "direction":
            return str(record.get("flow-direction") or "-")
    raise KeyError(key)
