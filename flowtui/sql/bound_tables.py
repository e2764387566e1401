"""Tables that CREATE EXTERNAL TABLE puts over what is loaded from its location, under a name of the user's.

Columns are found by their names, which are those of the fields; a known field that no record has is NULL. What a
partition column holds follows from its name and type, as on AWS's pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flowtui.records.fields import VPC_FIELDS
from flowtui.records.tables import Meaning
from flowtui.sql.definitions import transaction
from flowtui.sql.dialect.names import nearest, quoted, text_literal
from flowtui.sql.dialect.typenames import from_duckdb
from flowtui.sql.dialect.types import VARCHAR, Type
from flowtui.sql.engine import QueryResult
from flowtui.sql.made import Made, remember
from flowtui.sql.utility import Reader, Session, answers

_PLACED = "flowtui.placed_records"
_TYPES = {"int": "INTEGER", "bigint": "BIGINT", "string": "VARCHAR"}
_FIELDS = {field.column: _TYPES[field.athena_type] for field in VPC_FIELDS}
_NAMED: dict[str, Meaning] = {
    "aws-account-id": "account",
    "account-id": "account",
    "account": "account",
    "accid": "account",
    "aws-service": "service",
    "service": "service",
    "aws-region": "region",
    "region": "region",
    "year": "year",
    "month": "month",
    "hour": "hour",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The table a statement describes.

    ``at`` is the offset of its name; ``by_name`` tells whether its files have names for their columns.
    """

    database: str
    name: str
    at: int
    columns: Sequence[tuple[str, str]]
    partitions: Sequence[tuple[str, str]]
    location: str
    by_name: bool


def bind(reader: Reader, session: Session, wanted: Wanted) -> QueryResult:
    """Make the table.

    Raises:
        QueryError: nothing is loaded from its location, or a column is no field of flow logs.
    """
    bucket, _, prefix = wanted.location.removeprefix("s3://").partition("/")
    # A location is a folder, also where it is written without its last slash: ``flow`` is not ``flow-old``.
    prefix += "/" if prefix and not prefix.endswith("/") else ""
    place = f'"object bucket" = {text_literal(bucket)} AND starts_with("object key", {text_literal(prefix)})'
    stored = _stored(session)
    rows = session.cursor.execute(f"SELECT count(*) FROM {_PLACED} WHERE {place}").fetchone() if stored else None
    if rows is None or not rows[0]:
        message = f"Nothing is loaded from {wanted.location}: {wanted.name} would have nothing to read."
        raise reader.error_at(wanted.at, message, f"flowtui load {wanted.location}")
    if not wanted.by_name:
        _check_order(reader, session, wanted, bucket, prefix)
    items, columns = [], []
    for name, _ in wanted.columns:
        sql, type_ = _field(reader, wanted, name, stored)
        items.append(f"{sql} AS {quoted(name)}")
        columns.append((name, type_))
    for name, kind in wanted.partitions:
        items.append(f"{_partition(reader, wanted, name, kind)} AS {quoted(name)}")
        columns.append((name, Type("date") if kind == "date" else VARCHAR))
    with transaction(session.cursor):
        session.cursor.execute(
            f"CREATE VIEW {quoted(wanted.database)}.{quoted(wanted.name)} AS "
            f"SELECT {', '.join(items)} FROM {_PLACED} WHERE {place}"
        )
        names = tuple(name for name, _ in wanted.partitions)
        remember(session.cursor, Made("bound", wanted.database, wanted.name, columns=tuple(columns), partitions=names))
    told = f"Table {wanted.database}.{wanted.name} is bound to the {rows[0]:,} records loaded from its location."
    return answers((), [], [told])


def _check_order(reader: Reader, session: Session, wanted: Wanted, bucket: str, prefix: str) -> None:
    """Athena reads text by position: a column must be named as the field that stands in its place."""
    found = session.cursor.execute(
        "SELECT DISTINCT layout FROM flowtui.objects WHERE status = 'loaded' AND bucket = ? AND starts_with(key, ?)",
        [bucket, prefix],
    ).fetchall()
    for (layout,) in found:
        fields = [name.replace("-", "_") for name in str(layout).split()]
        for place, (name, _) in enumerate(wanted.columns):
            there = fields[place] if place < len(fields) else ""
            if there and there != name:
                message = f"Athena reads text by position: {name} would show what is {there} in the files."
                hint = f"Name the columns in the files' order: {', '.join(fields)}."
                raise reader.error_at(wanted.at, message, hint)


def _stored(session: Session) -> dict[str, str]:
    """The columns of the records and their DuckDB types; none in a database that is no workspace."""
    schema, _, table = _PLACED.partition(".")
    found = session.cursor.execute(
        "SELECT column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name = ? AND table_name = ?",
        [schema, table],
    ).fetchall()
    return {str(name): str(kind) for name, kind in found}


def _field(reader: Reader, wanted: Wanted, name: str, stored: dict[str, str]) -> tuple[str, Type]:
    kind = stored.get(name) or _FIELDS.get(name)
    if kind is None:
        hint = nearest(name, [*stored, *_FIELDS]) or "Name the columns as the fields are named, with _ for -."
        raise reader.error_at(wanted.at, f"{name} is no field of the records from {wanted.location}.", hint)
    sql = quoted(name) if name in stored else f"CAST(NULL AS {kind})"
    return sql, from_duckdb(kind) or VARCHAR


def _partition(reader: Reader, wanted: Wanted, name: str, kind: str) -> str:
    if name == "dt":
        return "dt"
    meaning = _NAMED.get(name.replace("_", "-"))
    if name in ("day", "date"):
        has_year = any(other == "year" for other, _ in wanted.partitions)
        meaning = "date" if kind == "date" else "day" if has_year else "slashed date"
    if meaning is None:
        known = ", ".join(["dt", "date", "day", *_NAMED])
        raise reader.error_at(wanted.at, f"What the partition column {name} holds is not known.", f"Known: {known}.")
    return f'"partition {meaning}"'
