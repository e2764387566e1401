"""What was tailed, in the workspace: ``vpc_flow_logs.live``, so that the last hours can be asked about with nothing in
S3.

Rows come in small batches in transactions of their own. Each carries the identity of its event, so a tail that is begun
again adds nothing twice; what is older or more than the bounds goes. The view has the columns ``flow_logs`` would have.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from flowtui.lake.schema import RECORDS, column_type, quoted, visible_columns
from flowtui.lake.trouble import explained
from flowtui.lake.workspace import Workspace
from flowtui.records.layout import PARTITION_COLUMN, Kind, Layout
from flowtui.records.parse import Record

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_ROWS = 1_000_000
LONGEST = timedelta(hours=24)

_TABLES: dict[Kind, str] = {"vpc": "flowtui.live_vpc", "tgw": "flowtui.live_tgw"}
LIVE_VIEWS: dict[Kind, str] = {"vpc": "vpc_flow_logs.live", "tgw": "vpc_flow_logs.transit_gateway_live"}
_LAYOUTS = "flowtui.live_layouts"
_IDENTITY = "event id"
_ARRIVED = "arrived at"
"""Internal columns; no field's column can have a space in it."""

_LAST_SECOND = 253_402_300_799


@dataclass(frozen=True, slots=True)
class LiveRow:
    """A record and the event it came in.

    ``identity`` tells the event from every other (see :func:`identity_of`), ``arrived`` is when it came.
    """

    record: Record
    identity: int
    arrived: datetime


def identity_of(*parts: object) -> int:
    """A number of 64 bits for what an event is: group, stream, timestamp, ingestion time, message, number of the copy.

    Unlike ``hash`` it is the same in every run.
    """
    text = "\x00".join(str(part) for part in parts).encode("utf-8", "surrogateescape")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)


def append(
    workspace: Workspace, rows: Iterable[LiveRow], *, most_rows: int = MOST_ROWS, longest: timedelta = LONGEST
) -> int:
    """Add rows that are not there yet, and let go what exceeds the bounds; returns how many were added.

    Args:
        workspace: where to.
        rows: in the order they came.
        most_rows: rows kept, the newest.
        longest: how long a row is kept after it came.

    Raises:
        WorkspaceError: the workspace failed.
    """
    by_layout: dict[Layout, dict[int, LiveRow]] = {}
    for row in rows:
        by_layout.setdefault(row.record.layout, {}).setdefault(row.identity, row)
    if not by_layout:
        return 0
    newest = max(row.arrived for found in by_layout.values() for row in found.values())
    added = 0
    with explained(workspace.path), workspace.writing, workspace.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            _make_room(cursor, by_layout)
            for layout, found in by_layout.items():
                added += _insert(cursor, layout, list(found.values()))
            _bound(cursor, newest - longest, most_rows)
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")
    return added


def prepare(workspace: Workspace, layouts: Iterable[Layout]) -> None:
    """Make the view for records of these layouts, empty as yet, so that it can be asked at once.

    Raises:
        WorkspaceError: the workspace failed.
    """
    with explained(workspace.path), workspace.writing, workspace.cursor() as cursor:
        _make_room(cursor, layouts)


def _make_room(cursor: DuckDBPyConnection, layouts: Iterable[Layout]) -> None:
    """Tables and columns for these layouts, and views that show them."""
    cursor.execute(f"CREATE TABLE IF NOT EXISTS {_LAYOUTS} (kind VARCHAR NOT NULL, layout VARCHAR NOT NULL)")
    known = {str(row[0]) for row in cursor.execute(f"SELECT layout FROM {_LAYOUTS}").fetchall()}
    changed = set()
    for layout in layouts:
        if layout.header in known:
            continue
        there = set(_columns(cursor, layout.kind)) or _create(cursor, layout.kind)
        for column, field in zip(layout.columns, layout.fields, strict=True):
            if column not in there:
                cursor.execute(f"ALTER TABLE {_TABLES[layout.kind]} ADD COLUMN {quoted(column)} {column_type(field)}")
        cursor.execute(f"INSERT INTO {_LAYOUTS} VALUES (?, ?)", [layout.kind, layout.header])
        changed.add(layout.kind)
    for kind in changed:
        refresh_view(cursor, kind)


def _create(cursor: DuckDBPyConnection, kind: Kind) -> set[str]:
    """A table of a record table's kind: its base columns, and the event's identity and time in front."""
    base = visible_columns(kind, [], [])
    types = {
        str(row[0]): str(row[1])
        for row in cursor.execute(f"SELECT column_name, column_type FROM (DESCRIBE {RECORDS[kind]})").fetchall()
    }
    columns = ", ".join(f"{quoted(column)} {types[column]}" for column in base)
    cursor.execute(
        f"CREATE TABLE {_TABLES[kind]} ({quoted(_IDENTITY)} BIGINT NOT NULL, {quoted(_ARRIVED)} TIMESTAMP NOT NULL, "
        f"{columns})"
    )
    return set(base)


def _columns(cursor: DuckDBPyConnection, kind: Kind) -> list[str]:
    """Columns of a live table but the internal ones, in their physical order; none where there is no table."""
    schema, _, table = _TABLES[kind].partition(".")
    rows = cursor.execute(
        "SELECT column_name FROM duckdb_columns() WHERE schema_name = ? AND table_name = ? ORDER BY column_index",
        [schema, table],
    ).fetchall()
    return [str(row[0]) for row in rows if str(row[0]) not in (_IDENTITY, _ARRIVED)]


def live_rows(cursor: DuckDBPyConnection) -> dict[str, int]:
    """How many rows each live view has, by its name without the database; a view that was never made is left out."""
    found = {}
    for kind, table in _TABLES.items():
        if _columns(cursor, kind):
            row = cursor.execute(f"SELECT count(*) FROM {table}").fetchone()
            found[LIVE_VIEWS[kind].rpartition(".")[2]] = int(row[0]) if row else 0
    return found


def refresh_view(cursor: DuckDBPyConnection, kind: Kind) -> None:
    """Make a live view show the fields of the layouts seen."""
    rows = cursor.execute(f"SELECT layout FROM {_LAYOUTS} WHERE kind = ?", [kind]).fetchall()
    layouts = [Layout.of(str(row[0]).split()) for row in rows]
    names = ", ".join(quoted(column) for column in visible_columns(kind, _columns(cursor, kind), layouts))
    cursor.execute(f"CREATE OR REPLACE VIEW {LIVE_VIEWS[kind]} AS SELECT {names} FROM {_TABLES[kind]}")


def _insert(cursor: DuckDBPyConnection, layout: Layout, rows: Sequence[LiveRow]) -> int:
    table = _TABLES[layout.kind]
    columns = [_IDENTITY, _ARRIVED, *layout.columns, PARTITION_COLUMN]
    types = ["BIGINT", "TIMESTAMP", *(column_type(field) for field in layout.fields), "VARCHAR"]
    values: list[list[object]] = [
        [row.identity for row in rows],
        [row.arrived.astimezone(UTC).replace(tzinfo=None) for row in rows],
        *(list(column) for column in zip(*(row.record.values for row in rows), strict=True)),
        [_day(row.record) for row in rows],
    ]
    # Lists, one a column: a statement a row would take a hundred times as long.
    lists = ", ".join(f"unnest(?::{type}[]) AS {quoted(column)}" for column, type in zip(columns, types, strict=True))
    targets = ", ".join(quoted(column) for column in columns)
    answer = cursor.execute(
        f"INSERT INTO {table} ({targets}) SELECT {targets} FROM (SELECT {lists}) n "
        f"WHERE NOT EXISTS (FROM {table} t WHERE t.{quoted(_IDENTITY)} = n.{quoted(_IDENTITY)})",
        values,
    ).fetchone()
    return int(answer[0]) if answer else 0


def _day(record: Record) -> str | None:
    """The day of a record's end, as AWS files it, else of its start; None when it has neither."""
    seconds = record.end if record.end is not None else record.start
    if seconds is None or not 0 <= seconds <= _LAST_SECOND:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def _bound(cursor: DuckDBPyConnection, oldest: datetime, most_rows: int) -> None:
    for kind, table in _TABLES.items():
        if not _columns(cursor, kind):
            continue
        arrived = quoted(_ARRIVED)
        cursor.execute(f"DELETE FROM {table} WHERE {arrived} < ?", [oldest.astimezone(UTC).replace(tzinfo=None)])
        row = cursor.execute(f"SELECT count(*) FROM {table}").fetchone()
        excess = int(row[0]) - most_rows if row else 0
        if excess > 0:
            # A few more, so that the table need not be sorted at every batch.
            cursor.execute(
                f"DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} ORDER BY {arrived}, rowid LIMIT ?)",
                [excess + most_rows // 50],
            )
