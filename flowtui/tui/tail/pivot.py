"""From a record to a query about its flow."""

from __future__ import annotations

from datetime import UTC, datetime

from flowtui.records.parse import Record

AROUND_S = 300


def flow_query(record: Record) -> str:
    """A statement for the flow's records from five minutes before to five after, in the workspace's table.

    Fields that the record does not have are left out of the condition.
    """
    conditions = [
        f"{name} = {_literal(getattr(record, name))}" for name in ("srcaddr", "dstaddr") if getattr(record, name)
    ]
    for name in ("srcport", "dstport", "protocol"):
        value = getattr(record, name)
        if value is not None:
            conditions.append(f"{name} = {value}")
    if record.start is not None:
        first, last = record.start - AROUND_S, (record.end or record.start) + AROUND_S
        days = sorted({_day(first), _day(last)})
        conditions.append(f"dt IN ({', '.join(_literal(day) for day in days)})")
        conditions.append(f"start BETWEEN {first} AND {last}  -- {_clock(first)} to {_clock(last)} UTC")
    where = "\n  AND ".join(conditions) or "true"
    return f"SELECT *\nFROM vpc_flow_logs.flow_logs\nWHERE {where}\nORDER BY start;"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def _clock(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S")
