"""Statements that make and drop things in the workspace: views, tables from queries, databases.

What a statement did not make it cannot change or drop: loaded records and the inventory are read only.
Sources: https://docs.aws.amazon.com/athena/latest/ug/ create-table-as.html, create-view.html, insert-into.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flowtui.sql.dialect.bound import Bound, widened
from flowtui.sql.dialect.catalog import DEFAULT_DATABASE, INVENTORY_DATABASE, CatalogTable
from flowtui.sql.dialect.names import RESERVED, nearest, quoted
from flowtui.sql.dialect.relations import MADE_BY_TAIL
from flowtui.sql.dialect.translate import Translation, translate
from flowtui.sql.dialect.types import Type, can_widen
from flowtui.sql.engine import QueryResult
from flowtui.sql.faults import explained
from flowtui.sql.local_catalog import HIDDEN
from flowtui.sql.made import Made, all_made, forget, remember
from flowtui.sql.statements import Statement
from flowtui.sql.utility import Reader, Session, answers, database_and_name, known_database, table_named

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PROPERTY_TEXT = """
    format external_location write_compression partitioned_by bucketed_by bucket_count field_delimiter orc_compression
    parquet_compression compression_level table_type location is_external vacuum_max_snapshots_to_keep
"""
_PROPERTIES = _PROPERTY_TEXT.split()
_FORMATS = ("ORC", "PARQUET", "AVRO", "JSON", "TEXTFILE", "ION", "CSV", "TSV", "SEQUENCEFILE", "RCFILE")
_NOT_STORED = ("timestamp with time zone", "time", "ipaddress", "uuid", "json", "unknown")
_LOADED = "What is loaded stays as it is: statements change only what CREATE TABLE AS has made."


def create_view(reader: Reader, session: Session, replace: bool) -> QueryResult:
    """``CREATE [OR REPLACE] VIEW name AS query``, kept as Athena's text."""
    database, name, at = _new_name(reader, session)
    reader.need("AS")
    start = reader.offset
    there = session.catalog.table(database, name)
    if there is not None and not (replace and there.query):
        what = "view" if there.query else "table"
        hint = "Write CREATE OR REPLACE VIEW." if there.query else "Choose another name."
        raise reader.error_at(at, f"There is a {what} {database}.{name} already.", hint)
    query = _query(reader, session, start, reader.stop, within=(f"{database}.{name}",))
    columns = _named_columns(reader, start, query, "A view")
    text = reader.text[start : reader.stop]
    with transaction(session.cursor):
        remember(session.cursor, Made("view", database, name, text, session.database, columns))
    done = "replaced" if there else "made"
    return answers((), [], [f"View {database}.{name} was {done} in the workspace.", *query.notices])


def create_table(reader: Reader, session: Session) -> QueryResult:
    """``CREATE TABLE name [WITH (…)] AS query [WITH [NO] DATA]``, stored in the workspace."""
    unless = reader.take("IF", "NOT", "EXISTS")
    database, name, at = _new_name(reader, session)
    if reader.take("COMMENT"):
        reader.string()
    partitions = _properties(reader) if reader.take("WITH") else ()
    if not reader.take("AS"):
        hint = "Write CREATE TABLE name AS SELECT …, or CREATE EXTERNAL TABLE over loaded records."
        raise reader.error("AS was expected here", hint)
    there = session.catalog.table(database, name)
    if there is not None:
        if unless:
            return answers((), [], [f"{database}.{name} is there already; nothing was done."])
        raise reader.error_at(at, f"There is a table or view {database}.{name} already.", "Drop it, or rename yours.")
    start, stop, empty = reader.offset, *_data(reader)
    query = _query(reader, session, start, stop)
    columns = _named_columns(reader, start, query, "A table")
    _check_stored(reader, start, columns)
    _check_partitions(reader, at, columns, partitions)
    names = ", ".join(quoted(column) for column, _ in columns)
    place = f"{quoted(database)}.{quoted(name)}"
    source = f"SELECT * FROM ({query.sql}) AS t({names}){' LIMIT 0' if empty else ''}"
    with transaction(session.cursor), explained(reader.text, Statement("", start, stop), query, session.again):
        session.cursor.execute(f"CREATE TABLE {place} AS {source}")
        text = reader.text[start:stop]
        remember(session.cursor, Made("table", database, name, text, session.database, columns, partitions))
    return answers((), [], [f"Table {database}.{name} was made in the workspace: {_count(session, place)}."])


def insert(reader: Reader, session: Session) -> QueryResult:
    """``INSERT INTO name [(columns)] query``, into tables made by CREATE TABLE AS."""
    reader.need("INTO")
    at = reader.offset
    table = table_named(reader, session)
    _check_made(reader, at, table, "written to")
    wanted = [(column.name, column.type) for column in table.columns]
    if reader.peek() == "(" and not reader.starts("(", "SELECT") and not reader.starts("(", "WITH"):
        wanted = _column_list(reader, table)
    start = reader.offset
    query = _query(reader, session, start, reader.stop)
    if len(query.columns) != len(wanted):
        message = f"{len(wanted)} columns are to be filled, the query gives {len(query.columns)}."
        raise reader.error_at(start, message)
    items: list[str] = []
    for (name, type_), column in zip(wanted, query.columns, strict=True):
        if type_ is None or not can_widen(column.type, type_):
            message = f"Column {name} is {type_}, the query gives {column.type}."
            raise reader.error_at(start, message, "Athena converts nothing by itself here: write an explicit CAST.")
        items.append(widened(Bound(f"t._c{len(items)}", column.type), type_).sql)
    names = ", ".join(quoted(name) for name, _ in wanted)
    inner = ", ".join(f"_c{number}" for number in range(len(wanted)))
    with explained(reader.text, Statement("", start, reader.stop), query, session.again):
        session.cursor.execute(
            f"INSERT INTO {table.sql} ({names}) SELECT {', '.join(items)} FROM ({query.sql}) AS t({inner})"
        )
    return answers((), [], [f"{table.full_name} now holds {_count(session, table.sql)}."])


def drop(reader: Reader, session: Session) -> QueryResult:
    """``DROP VIEW | TABLE | DATABASE [IF EXISTS] name``."""
    if reader.take("DATABASE") or reader.take("SCHEMA"):
        return _drop_database(reader, session)
    kind = "VIEW" if reader.take("VIEW") else "TABLE"
    if kind == "TABLE" and not reader.take("TABLE"):
        raise reader.error("DROP takes TABLE, VIEW or DATABASE")
    unless = reader.take("IF", "EXISTS")
    at = reader.offset
    database, name = database_and_name(reader, session, reader.qualified())
    reader.end()
    table = session.catalog.table(database, name)
    if table is None:
        if unless:
            return answers((), [], [f"There is no {database}.{name}; nothing was done."])
        hint = nearest(name, session.catalog.tables(database))
        raise reader.error_at(at, f"There is no {kind.lower()} {name} in {database}.", hint)
    _check_made(reader, at, table, "dropped")
    if bool(table.query) != (kind == "VIEW"):
        right = "VIEW" if table.query else "TABLE"
        raise reader.error_at(at, f"{table.full_name} is a {right.lower()}.", f"Write DROP {right}.")
    _drop_table(session.cursor, table)
    return answers((), [], [f"{kind.capitalize()} {table.full_name} was dropped."])


def _drop_table(cursor: DuckDBPyConnection, table: CatalogTable) -> None:
    with transaction(cursor):
        for kind in ("view", "table", "bound"):
            forget(cursor, kind, table.database, table.name)
        if table.sql:
            cursor.execute(f"DROP {'VIEW' if table.made == 'bound' else 'TABLE'} {table.sql}")


def create_database(reader: Reader, session: Session) -> QueryResult:
    """``CREATE DATABASE [IF NOT EXISTS] name …``, a schema of the workspace."""
    unless = reader.take("IF", "NOT", "EXISTS")
    at = reader.offset
    name = reader.name()
    while not reader.done:  # COMMENT, LOCATION and WITH DBPROPERTIES say nothing about the workspace.
        reader.advance()
    if name in HIDDEN:
        raise reader.error_at(at, f"The workspace keeps the name {name} to itself.", "Choose another.")
    if name in session.catalog.databases():
        if not unless:
            raise reader.error_at(at, f"Database {name} exists already.", "Write CREATE DATABASE IF NOT EXISTS.")
        return answers((), [], [f"Database {name} exists: it is the workspace's."])
    with transaction(session.cursor):
        session.cursor.execute(f"CREATE SCHEMA {quoted(name)}")
        remember(session.cursor, Made("database", "", name))
    return answers((), [], [f"Database {name} was made in the workspace."])


def _drop_database(reader: Reader, session: Session) -> QueryResult:
    unless = reader.take("IF", "EXISTS")
    at = reader.offset
    name = reader.name()
    cascade = reader.take("CASCADE")
    reader.take("RESTRICT")
    reader.end()
    if unless and name not in session.catalog.databases():
        return answers((), [], [f"There is no database {name}; nothing was done."])
    known_database(reader, session, name, at)
    if name in (DEFAULT_DATABASE, INVENTORY_DATABASE) or name not in {
        one.name for one in all_made(session.cursor, "database")
    }:
        raise reader.error_at(at, f"Database {name} is the workspace's own; it is not dropped.", _LOADED)
    tables = [session.catalog.table(name, one) for one in session.catalog.tables(name)]
    if tables and not cascade:
        held = ", ".join(table.name for table in tables if table)
        raise reader.error_at(at, f"Database {name} is not empty: it holds {held}.", "Write DROP DATABASE … CASCADE.")
    for table in tables:
        if table is not None:
            _drop_table(session.cursor, table)
    with transaction(session.cursor):
        session.cursor.execute(f"DROP SCHEMA {quoted(name)}")
        forget(session.cursor, "database", "", name)
    return answers((), [], [f"Database {name} was dropped."])


def _new_name(reader: Reader, session: Session) -> tuple[str, str, int]:
    at = reader.offset
    database, name = database_and_name(reader, session, _trino_name(reader))
    known_database(reader, session, database, at)
    if database == DEFAULT_DATABASE and name in MADE_BY_TAIL:
        raise reader.error_at(at, f"{database}.{name} is where a tail keeps its records.", "Choose another name.")
    return database, name, at


def _trino_name(reader: Reader) -> list[str]:
    """A name with dots as Trino takes it: reserved words in double quotes, and no backquotes."""
    parts = []
    while True:
        at, written = reader.offset, reader.text[reader.offset : reader.offset + 1]
        name = reader.name()
        if written == "`":
            raise reader.error_at(at, "Athena takes no backquotes in this statement.", f'Write "{name}".')
        if written != '"' and name in RESERVED:
            raise reader.error_at(at, f"{name} is a reserved word.", f'Write "{name}" to use it as a name.')
        parts.append(name)
        if not reader.take("."):
            return parts


def _query(reader: Reader, session: Session, start: int, stop: int, within: tuple[str, ...] = ()) -> Translation:
    return translate(reader.text, session.catalog, database=session.database, start=start, end=stop, within=within)


def _named_columns(reader: Reader, start: int, query: Translation, what: str) -> tuple[tuple[str, Type], ...]:
    """Names and types; Athena takes neither a nameless column nor one name twice, and keeps names in lower case."""
    columns: dict[str, Type] = {}
    for number, column in enumerate(query.columns, 1):
        name = column.name.lower()
        if column.nameless:
            hint = "Give it one with AS."
            raise reader.error_at(start, f"{what} needs a name for every column; number {number} has none.", hint)
        if name in columns:
            raise reader.error_at(start, f"{what} needs different names; {name} comes twice.", "Rename one with AS.")
        columns[name] = column.type
    return tuple(columns.items())


def _check_stored(reader: Reader, start: int, columns: Sequence[tuple[str, Type]]) -> None:
    for name, type_ in columns:
        unfit = _unfit(type_)
        if unfit is not None:
            hint = "CAST it: a timestamp with time zone to timestamp, others to varchar."
            raise reader.error_at(start, f"Athena cannot store {unfit} in a table: column {name}.", hint)


def _unfit(type_: Type) -> Type | None:
    """The part of a type that Hive's tables have no type for."""
    if type_.name in _NOT_STORED or type_.is_interval or (type_.name == "row" and None in type_.fields):
        return type_
    return next((found for part in type_.of if (found := _unfit(part))), None)


def _check_partitions(reader: Reader, at: int, columns: Sequence[tuple[str, Type]], partitions: Sequence[str]) -> None:
    names = [name for name, _ in columns]
    missing = next((name for name in partitions if name not in names), "")
    if missing:
        raise reader.error_at(at, f"partitioned_by names {missing}, which is no column.", nearest(missing, names))
    if partitions and (len(partitions) >= len(names) or names[-len(partitions) :] != list(partitions)):
        hint = f"Put {', '.join(partitions)} at the end of the select list."
        raise reader.error_at(at, "Partition columns must be the last ones, in the order of partitioned_by.", hint)


def _properties(reader: Reader) -> tuple[str, ...]:
    """``(name = value, …)``; only the partition columns mean something here."""
    reader.need("(")
    partitions: tuple[str, ...] = ()
    while True:
        at = reader.offset
        name = reader.name()
        if name not in _PROPERTIES:
            raise reader.error_at(at, f"Athena's tables have no property {name}.", nearest(name, _PROPERTIES))
        reader.need("=")
        value = _value(reader)
        if name == "partitioned_by":
            partitions = tuple(column.lower() for column in value)
        if name == "format" and value[0].upper() not in _FORMATS:
            raise reader.error_at(at, f"{value[0]} is no format of Athena's.", f"Formats: {', '.join(_FORMATS)}.")
        if not reader.take(","):
            break
    reader.need(")")
    return partitions


def _value(reader: Reader) -> list[str]:
    if not reader.take("ARRAY"):
        return [reader.advance()]
    reader.need("[")
    values = [reader.string()]
    while reader.take(","):
        values.append(reader.string())
    reader.need("]")
    return values


def _data(reader: Reader) -> tuple[int, bool]:
    """Where the query ends, and whether it is WITH NO DATA."""
    for words, empty in ((("WITH", "NO", "DATA"), True), (("WITH", "DATA"), False)):
        place = reader.ending(*words)
        if place is not None:
            return place, empty
    return reader.stop, False


def _column_list(reader: Reader, table: CatalogTable) -> list[tuple[str, Type | None]]:
    known = {column.name: column.type for column in table.columns}
    reader.need("(")
    wanted: list[tuple[str, Type | None]] = []
    while True:
        at = reader.offset
        name = reader.name()
        if name not in known:
            raise reader.error_at(at, f"{table.full_name} has no column {name}.", nearest(name, known))
        if name in [one for one, _ in wanted]:
            raise reader.error_at(at, f"Column {name} is named twice.")
        wanted.append((name, known[name]))
        if not reader.take(","):
            break
    reader.need(")")
    return wanted


def _check_made(reader: Reader, at: int, table: CatalogTable, done: str) -> None:
    if not table.made or (table.made != "table" and done == "written to"):
        what = "a view" if table.query else "over loaded records" if table.made else "not made by a statement"
        raise reader.error_at(at, f"{table.full_name} is {what}: it is not {done}.", _LOADED)


def _count(session: Session, place: str) -> str:
    row = session.cursor.execute(f"SELECT count(*) FROM {place}").fetchone()
    count = int(row[0]) if row else 0
    return f"{count:,} row{'' if count == 1 else 's'}"


@contextmanager
def transaction(cursor: DuckDBPyConnection) -> Iterator[None]:
    """All of the block or nothing: a failing statement's cursor is closed, which takes back what it began."""
    cursor.execute("BEGIN")
    yield
    cursor.execute("COMMIT")
