"""What statements have made in the workspace, remembered in one table of it: views, tables, databases, prepared ones.

Only what is remembered here may be dropped or written to by a statement: loaded records never are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from flowtui.sql.dialect.types import Type

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Kind = Literal["view", "table", "bound", "database", "prepared"]

_TABLE = """
CREATE SCHEMA IF NOT EXISTS flowtui;
CREATE TABLE IF NOT EXISTS flowtui.made (
    kind VARCHAR NOT NULL, database_name VARCHAR NOT NULL, name VARCHAR NOT NULL, query VARCHAR NOT NULL,
    home VARCHAR NOT NULL, columns VARCHAR NOT NULL, partitions VARCHAR NOT NULL, made_at TIMESTAMP NOT NULL
)
"""
MADE = ("flowtui", "made")
"""Schema and name of that table."""
_EXISTS = """
SELECT 1 FROM duckdb_tables()
WHERE database_name = current_database() AND schema_name = 'flowtui' AND table_name = 'made'
"""


@dataclass(frozen=True, slots=True)
class Made:
    """One thing that a statement made.

    Args:
        kind: what it is; a bound table is one that CREATE EXTERNAL TABLE has put over loaded records.
        database: where it is; empty for databases and prepared statements.
        name: lower-case name.
        query: Athena text it was made of, empty for a database.
        home: database of the tables that the text names without one.
        columns: names and types, of views and tables.
        partitions: names of the partition columns of a table.
    """

    kind: Kind
    database: str
    name: str
    query: str = ""
    home: str = ""
    columns: tuple[tuple[str, Type], ...] = ()
    partitions: tuple[str, ...] = ()


def remember(cursor: DuckDBPyConnection, made: Made) -> None:
    """Remember a thing, in place of one of its kind and name."""
    cursor.execute(_TABLE)
    forget(cursor, made.kind, made.database, made.name)
    columns = json.dumps([(name, _encoded(type_)) for name, type_ in made.columns])
    row = [made.kind, made.database, made.name, made.query, made.home, columns, json.dumps(made.partitions)]
    cursor.execute("INSERT INTO flowtui.made VALUES (?, ?, ?, ?, ?, ?, ?, current_timestamp)", row)


def forget(cursor: DuckDBPyConnection, kind: Kind, database: str, name: str) -> None:
    """Forget a thing, if it is known."""
    if _any(cursor):
        cursor.execute(
            "DELETE FROM flowtui.made WHERE kind = ? AND database_name = ? AND name = ?", [kind, database, name]
        )


def all_made(cursor: DuckDBPyConnection, *kinds: Kind) -> list[Made]:
    """Everything of some kinds, by name."""
    return read_made(cursor, *kinds) if _any(cursor) else []


def read_made(cursor: DuckDBPyConnection, *kinds: Kind) -> list[Made]:
    """As :func:`all_made`, for a workspace that is known to have the table ``MADE``."""
    marks = ", ".join("?" * len(kinds))
    rows = cursor.execute(
        "SELECT kind, database_name, name, query, home, columns, partitions FROM flowtui.made "
        f"WHERE kind IN ({marks}) ORDER BY database_name, name",
        list(kinds),
    ).fetchall()
    return [_made(row) for row in rows]


def _any(cursor: DuckDBPyConnection) -> bool:
    return bool(cursor.execute(_EXISTS).fetchall())


def _made(row: Sequence[Any]) -> Made:
    columns = tuple((str(name), _decoded(type_)) for name, type_ in json.loads(row[5]))
    kind, database, name, query, home = row[:5]
    return Made(kind, database, name, query, home, columns, tuple(json.loads(row[6])))


def _encoded(type_: Type) -> list[Any]:
    return [type_.name, type_.args, [_encoded(part) for part in type_.of], type_.fields, type_.zone]


def _decoded(parts: Sequence[Any]) -> Type:
    name, numbers, of, fields, zone = parts
    return Type(name, tuple(numbers), tuple(_decoded(part) for part in of), tuple(fields), zone)
