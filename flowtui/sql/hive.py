"""Hive's DDL: tables over files, bound to what the workspace has loaded.

Source: https://docs.aws.amazon.com/athena/latest/ug/ddl-reference.html
"""

from __future__ import annotations

from flowtui.sql.bound_tables import Wanted, bind
from flowtui.sql.dialect.catalog import CatalogTable
from flowtui.sql.dialect.names import nearest, quoted
from flowtui.sql.engine import QueryResult
from flowtui.sql.utility import Reader, Session, answers, database_and_name, known_database, table_named


def create_table(reader: Reader, session: Session) -> QueryResult:
    """Bound to the workspace's table of the same name; under another name, to what is loaded from its location."""
    unless = reader.take("IF", "NOT", "EXISTS")
    at = reader.offset
    database, name = database_and_name(reader, session, reader.qualified())
    known_database(reader, session, database, at)
    columns = _column_definitions(reader)
    location, partitions, by_name = _table_clauses(reader)
    table = session.catalog.table(database, name)
    if table is None:
        return bind(reader, session, Wanted(database, name, at, columns, partitions, location, by_name))
    if not unless:
        hint = "Write CREATE EXTERNAL TABLE IF NOT EXISTS."
        raise reader.error_at(at, f"Table {database}.{name} exists already.", hint)
    there = [column.name for column in table.columns]
    unknown = next((column for column, _ in [*columns, *partitions] if column not in there), "")
    if unknown:
        hint = nearest(unknown, there) or "Load a flow log whose format has it."
        raise reader.error_at(at, f"No loaded record has the column {unknown}.", hint)
    count = session.cursor.execute(f"SELECT count(*) FROM {table.sql}").fetchone()
    rows = count[0] if count else 0
    notices = [f"Table {database}.{name} is bound to the {rows:,} records loaded in the workspace."]
    if location and not rows:
        notices.append(f"Nothing is loaded yet: flowtui load {location}")
    return answers((), [], notices)


def _column_definitions(reader: Reader) -> list[tuple[str, str]]:
    """Names and types of ``(name type, …)``; Hive takes every word as a name here, ``end`` too."""
    reader.need("(")
    columns = []
    while True:
        name = reader.name()
        columns.append((name, _hive_type(reader)))
        if reader.take("COMMENT"):
            reader.string()
        if not reader.take(","):
            break
    reader.need(")")
    return columns


def _hive_type(reader: Reader) -> str:
    name = reader.name()
    if reader.take("("):
        while not reader.take(")"):
            reader.advance()
    if reader.peek() == "<":
        depth = 0
        while True:
            depth += {"<": 1, ">": -1}.get(reader.advance(), 0)
            if depth <= 0:
                break
    return name


def _table_clauses(reader: Reader) -> tuple[str, list[tuple[str, str]], bool]:
    """The clauses after the columns, in any order.

    Gives the location, the partition columns, and whether the files have names for their columns, as Parquet has.
    """
    by_name = False
    partitions: list[tuple[str, str]] = []
    location = ""
    while not reader.done:
        if reader.take("PARTITIONED", "BY"):
            partitions += _column_definitions(reader)
        elif reader.take("LOCATION"):
            location = reader.string()
        elif reader.take("TBLPROPERTIES") or reader.take("WITH", "SERDEPROPERTIES"):
            reader.skip_parentheses()
        elif reader.take("COMMENT"):
            reader.string()
        elif reader.is_string or set(reader.peek().split()) <= _FORMAT_WORDS:
            by_name |= "parquet" in reader.advance().lower()  # how the files are written
        else:
            raise reader.error(f"{reader.peek()} was not expected here")
    if not location:
        raise reader.error("LOCATION is missing", "Write LOCATION 's3://bucket/prefix/'.")
    return location, partitions, by_name


_FORMAT_TEXT = """
    ROW FORMAT DELIMITED SERDE FIELDS TERMINATED BY ESCAPED LINES COLLECTION ITEMS MAP KEYS NULL DEFINED AS STORED
    INPUTFORMAT OUTPUTFORMAT TEXTFILE PARQUET ORC
"""
_FORMAT_WORDS = frozenset(_FORMAT_TEXT.split())


def alter(reader: Reader, session: Session) -> QueryResult:
    """``ALTER TABLE name ADD PARTITION …``: says what is loaded for each partition; there is nothing to add."""
    reader.need("TABLE")
    table = table_named(reader, session)
    if reader.take("DROP"):
        raise reader.error("Partitions are not dropped locally", "flowtui forget takes loaded records away.")
    reader.need("ADD")
    reader.take("IF", "NOT", "EXISTS")
    notices = []
    while reader.take("PARTITION"):
        values = _partition_values(reader, table)
        location = reader.string() if reader.take("LOCATION") else ""
        notices.append(_bound_partition(session, table, values, location))
    reader.end()
    if not notices:
        raise reader.error("PARTITION was expected here", "Write ADD PARTITION (dt='2024-01-15') LOCATION 's3://…'.")
    return answers((), [], notices)


def _partition_values(reader: Reader, table: CatalogTable) -> dict[str, str]:
    """``(name = 'value', …)``, a value for every partition column."""
    reader.need("(")
    values: dict[str, str] = {}
    while True:
        at = reader.offset
        name = reader.name()
        if name not in table.partitions:
            hint = f"Partition columns: {', '.join(table.partitions)}." if table.partitions else ""
            raise reader.error_at(at, f"{table.name} is not partitioned by {name}.", hint)
        reader.need("=")
        values[name] = reader.string() if reader.is_string else reader.advance()
        if not reader.take(","):
            break
    missing = [name for name in table.partitions if name not in values]
    if missing:
        raise reader.error(f"A value for {', '.join(missing)} is missing")
    reader.need(")")
    return values


def _bound_partition(session: Session, table: CatalogTable, values: dict[str, str], location: str) -> str:
    where = " AND ".join(f"CAST({quoted(name)} AS VARCHAR) = ?" for name in values)
    row = session.cursor.execute(f"SELECT count(*) FROM {table.sql} WHERE {where}", list(values.values())).fetchone()
    count = row[0] if row else 0
    shown = "/".join(f"{name}={value}" for name, value in values.items())
    if count:
        return f"Partition {shown} is bound to the {count:,} records loaded for it."
    return f"Nothing is loaded for {shown}" + (f": flowtui load {location}" if location else ".")


def repair(reader: Reader, session: Session) -> QueryResult:
    """``MSCK REPAIR TABLE name``: every partition that is loaded is there already."""
    reader.need("REPAIR", "TABLE")
    table = table_named(reader, session)
    reader.end()
    return answers((), [], [f"{table.name} shows every partition that is loaded; there is nothing to repair locally."])
