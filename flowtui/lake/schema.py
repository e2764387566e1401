"""The workspace's tables, their versions, and the views a user sees over them.

Schema ``flowtui`` is internal: records as loaded, one table a kind of flow log, and the ledger of objects. Schema
``vpc_flow_logs`` is what queries name. A record table grows a column when a file brings a field it lacks; the view
over it shows the columns Athena's table has, then the fields that some loaded file has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flowtui.errors import WorkspaceError
from flowtui.lake import inventory, shapes
from flowtui.records.fields import DEFAULT_FORMAT, TGW_FIELDS, VPC_FIELDS, AthenaType, Field
from flowtui.records.layout import PARTITION_COLUMN, Kind, Layout
from flowtui.records.partitions import partition_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

OBJECT = "object id"
"""Internal column: the ledger's number of a record's object. No field's column can have a space in it."""

RECORDS: dict[Kind, str] = {"vpc": "flowtui.vpc_records", "tgw": "flowtui.tgw_records"}
VIEWS: dict[Kind, str] = {"vpc": "vpc_flow_logs.flow_logs", "tgw": "vpc_flow_logs.transit_gateway_flow_logs"}

PATH_COLUMNS = ("path_account", "path_service", "path_region", "path_day", "path_hour")
"""Columns of the ledger: the partition an object's key names, NULL where it names none."""

_TYPES: dict[AthenaType, str] = {"int": "INTEGER", "bigint": "BIGINT", "string": "VARCHAR"}
_BASE: dict[Kind, tuple[Field, ...]] = {
    "vpc": tuple(field for field in VPC_FIELDS if field.name in DEFAULT_FORMAT),
    "tgw": TGW_FIELDS,
}
_ORDER: dict[Kind, dict[str, int]] = {
    "vpc": {field.column: field.position for field in VPC_FIELDS},
    "tgw": {field.column: field.position for field in TGW_FIELDS},
}

_LEDGER = """
CREATE TABLE flowtui.objects (
    id INTEGER NOT NULL, bucket VARCHAR NOT NULL, key VARCHAR NOT NULL, etag VARCHAR NOT NULL, size BIGINT NOT NULL,
    content_hash VARCHAR NOT NULL, kind VARCHAR NOT NULL, layout VARCHAR NOT NULL,
    rows BIGINT NOT NULL, rejected BIGINT NOT NULL, first_dt VARCHAR, last_dt VARCHAR, first_start BIGINT,
    last_end BIGINT,
    status VARCHAR NOT NULL, reason VARCHAR NOT NULL, loaded_at TIMESTAMP NOT NULL
)
"""
_REJECTED = """
CREATE TABLE vpc_flow_logs.rejected_lines (file VARCHAR, line_number BIGINT, line VARCHAR, reason VARCHAR)
"""


def quoted(name: str) -> str:
    """A name as a DuckDB identifier."""
    return '"' + name.replace('"', '""') + '"'


def column_type(field: Field | None) -> str:
    """DuckDB type of a field's column: Athena's type; text for names the registry does not have."""
    return _TYPES[field.athena_type] if field else "VARCHAR"


def _first_version(connection: DuckDBPyConnection) -> None:
    connection.execute("CREATE SCHEMA IF NOT EXISTS vpc_flow_logs")
    for kind, fields in _BASE.items():
        columns = ", ".join(f"{quoted(field.column)} {column_type(field)}" for field in fields)
        connection.execute(
            f"CREATE TABLE {RECORDS[kind]} ({quoted(OBJECT)} INTEGER NOT NULL, {columns}, {PARTITION_COLUMN} VARCHAR)"
        )
    connection.execute(_LEDGER)
    connection.execute(_REJECTED)
    _refresh_tables(connection)


def _keep_partitions(connection: DuckDBPyConnection) -> None:
    """Note with every object the partition its key names."""
    for column in PATH_COLUMNS:
        connection.execute(f"ALTER TABLE flowtui.objects ADD COLUMN {column} VARCHAR")
    found = connection.execute("SELECT id, key FROM flowtui.objects").fetchall()
    if not found:
        return
    rows = [(id, *path_values(str(key))) for id, key in found]
    changes = ", ".join(f"{column} = w.{column}" for column in PATH_COLUMNS)
    lists = ", ".join(f"unnest(?::VARCHAR[]) AS {column}" for column in PATH_COLUMNS)
    connection.execute(
        f"UPDATE flowtui.objects o SET {changes} FROM (SELECT unnest(?::INTEGER[]) AS id, {lists}) w WHERE o.id = w.id",
        [list(column) for column in zip(*rows, strict=True)],
    )


def path_values(key: str) -> tuple[str | None, ...]:
    """What the ledger's :data:`PATH_COLUMNS` hold for a key."""
    found = partition_of(key)
    return found.account, found.service, found.region, found.day, found.hour


def _with_shapes_and_inventory(connection: DuckDBPyConnection) -> None:
    inventory.create(connection)
    refresh_views(connection)


MIGRATIONS: tuple[Callable[[DuckDBPyConnection], None], ...] = (
    _first_version,
    _keep_partitions,
    _with_shapes_and_inventory,
)
"""Step n takes a workspace from version n to n + 1. Steps are never changed once released."""

VERSION = len(MIGRATIONS)


def migrate(connection: DuckDBPyConnection, path: Path) -> None:
    """Bring a workspace to this version, all steps in one transaction.

    Args:
        connection: to the workspace.
        path: what errors call it.

    Raises:
        WorkspaceError: the workspace is of a newer version.
    """
    found = _version(connection)
    if found > VERSION:
        raise WorkspaceError(
            f"The workspace {path} is of version {found}; this flowtui knows versions up to {VERSION}.",
            "Upgrade flowtui, or name another workspace with --workspace.",
        )
    if found == VERSION:
        return
    connection.execute("BEGIN")
    if not found:
        connection.execute("CREATE SCHEMA IF NOT EXISTS flowtui")
        connection.execute("CREATE TABLE flowtui.version (version INTEGER NOT NULL)")
        connection.execute("INSERT INTO flowtui.version VALUES (0)")
    for step in MIGRATIONS[found:]:
        step(connection)
    connection.execute("UPDATE flowtui.version SET version = ?", [VERSION])
    connection.execute("COMMIT")


def _version(connection: DuckDBPyConnection) -> int:
    table = "FROM information_schema.tables WHERE table_schema = 'flowtui' AND table_name = 'version'"
    if not _number(connection, f"SELECT count(*) {table}"):
        return 0
    return _number(connection, "SELECT max(version) FROM flowtui.version")


def _number(connection: DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def add_columns(connection: DuckDBPyConnection, layout: Layout) -> None:
    """Give a layout's record table the columns it lacks."""
    table = RECORDS[layout.kind]
    there = set(table_columns(connection, layout.kind))
    for column, field in zip(layout.columns, layout.fields, strict=True):
        if column not in there:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {quoted(column)} {column_type(field)}")


def table_columns(connection: DuckDBPyConnection, kind: Kind) -> list[str]:
    """Columns of a record table in their physical order."""
    rows = connection.execute(f"SELECT column_name FROM (DESCRIBE {RECORDS[kind]})").fetchall()
    return [str(row[0]) for row in rows]


def refresh_views(connection: DuckDBPyConnection) -> None:
    """Make the views show what the ledger says is loaded."""
    _refresh_tables(connection)
    shapes.refresh(connection, RECORDS["vpc"], quoted(OBJECT), table_columns(connection, "vpc"))


def _refresh_tables(connection: DuckDBPyConnection) -> None:
    loaded = connection.execute("SELECT DISTINCT layout FROM flowtui.objects WHERE status = 'loaded'").fetchall()
    layouts = [Layout.of(str(row[0]).split()) for row in loaded]
    for kind, view in VIEWS.items():
        columns = visible_columns(kind, table_columns(connection, kind), [one for one in layouts if one.kind == kind])
        names = ", ".join(quoted(column) for column in columns)
        connection.execute(f"CREATE OR REPLACE VIEW {view} AS SELECT {names} FROM {RECORDS[kind]}")


def visible_columns(kind: Kind, physical: list[str], layouts: Iterable[Layout]) -> list[str]:
    """The view's columns: the base ones, fields some layout has in AWS's order, unknown ones, the partition."""
    seen = {column for layout in layouts for column in layout.columns}
    base = [field.column for field in _BASE[kind]]
    order = _ORDER[kind]
    further = [column for column in physical if column in seen and column not in base]
    known = sorted((column for column in further if column in order), key=order.__getitem__)
    unknown = [column for column in further if column not in order]
    return [*base, *known, *unknown, PARTITION_COLUMN]
