"""From a record to a query about its flow, over the table that has its rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flowtui.errors import QueryError
from flowtui.records.parse import Record
from flowtui.times import count
from flowtui.tui.tail.explain import moment

if TYPE_CHECKING:
    from flowtui.sql.duckdb_engine import DuckDBEngine

AROUND_S = 300
TABLES = {"vpc": ("flow_logs", "live"), "tgw": ("transit_gateway_flow_logs", "transit_gateway_live")}
"""By kind of record, what was loaded and what was tailed; records that went both ways stand in both."""


def flow_query(record: Record, table: str = "", remark: str = "") -> str:
    """A statement for the flow's records from five minutes before to five after, in a table of the workspace.

    Fields that the record does not have are left out of the condition. No table means what was loaded; ``remark``
    stands above the statement as a comment.
    """
    table = table or TABLES[record.layout.kind][0]
    said = f"-- {remark}\n" if remark else ""
    return f"{said}SELECT *\nFROM vpc_flow_logs.{table}\nWHERE {_condition(record, table)}\nORDER BY start;"


def rows_by_table(engine: DuckDBEngine, record: Record) -> dict[str, int]:
    """How many rows of the flow each table has; a table that is not there has none. Not for the event loop."""
    found: dict[str, int] = {}
    for table in TABLES[record.layout.kind]:
        text = f"SELECT COUNT(*) FROM vpc_flow_logs.{table} WHERE {_condition(record, table)}\n"
        try:
            found[table] = engine.run(text).table.column(0)[0].as_py()
        except QueryError:
            found[table] = 0
    return found


def best_query(record: Record, rows: Mapping[str, int], *, kept: bool = False) -> str:
    """The query over the table that has more of the flow's rows, which it says.

    Where neither has any, it asks what is tailed if that is ``kept``: a record just seen is put away within seconds.
    """
    loaded, tailed = TABLES[record.layout.kind]
    said = {loaded: "loaded", tailed: "tailed"}
    table, other = (loaded, tailed) if rows.get(loaded, 0) >= rows.get(tailed, 0) else (tailed, loaded)
    if not rows.get(table, 0) and kept:
        return flow_query(record, tailed, "What is tailed is put away within seconds: run it again then.")
    if not rows.get(table, 0):
        return flow_query(record, loaded, "Neither loaded nor tailed into the workspace: F6 loads it from S3.")
    beside = f"; {rows[other]:,} in {other} ({said[other]})" if rows.get(other) else ""
    return flow_query(record, table, f"{count(rows[table], 'row')} in {table} ({said[table]}){beside}.")


def _condition(record: Record, table: str) -> str:
    conditions = [
        f"{name} = {_literal(getattr(record, name))}" for name in ("srcaddr", "dstaddr") if getattr(record, name)
    ]
    for name in ("srcport", "dstport", "protocol"):
        value = getattr(record, name)
        if value is not None:
            conditions.append(f"{name} = {value}")
    if record.start is not None:
        first, last = record.start - AROUND_S, (record.end or record.start) + AROUND_S
        days = sorted({_day(first), _day(last)} - {""})
        if table == TABLES[record.layout.kind][0] and days:
            conditions.append(f"dt IN ({', '.join(_literal(day) for day in days)})")
        conditions.append(f"start BETWEEN {first} AND {last}  -- {moment(first)} to {moment(last)} UTC")
    return "\n  AND ".join(conditions) or "true"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _day(seconds: int) -> str:
    """The day of a moment; empty for one beyond what a calendar has."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
    except (ValueError, OverflowError, OSError):
        return ""
