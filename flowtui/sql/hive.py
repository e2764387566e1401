"""What each statement about tables does on the workspace.

Source: https://docs.aws.amazon.com/athena/latest/ug/ddl-reference.html
"""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase

from flowtui.errors import QueryError
from flowtui.sql.dialect.binder import LOCAL_ONLY
from flowtui.sql.dialect.catalog import CatalogTable
from flowtui.sql.dialect.names import nearest, quoted
from flowtui.sql.dialect.types import Type
from flowtui.sql.engine import QueryResult
from flowtui.sql.utility import Reader, Session, answer, answers, database_and_name, table_named

PARTITION = "dt"
"""Partition column of the flow-log tables."""
_HIVE = {"varchar": "string", "integer": "int", "varbinary": "binary", "real": "float"}


def hive_type(type_: Type | None) -> str:
    """A type as DDL writes it."""
    if type_ is None:
        return "string"
    if type_.name == "array":
        return f"array<{hive_type(type_.element)}>"
    return _HIVE.get(type_.name, str(type_))


def _show(reader: Reader, session: Session) -> QueryResult:
    if reader.take("DATABASES") or reader.take("SCHEMAS"):
        return _listed(reader, "database_name", session.catalog.databases())
    if reader.take("TABLES") or reader.take("VIEWS"):
        database = reader.name() if reader.take("IN") or reader.take("FROM") else session.database
        _known_database(reader, session, database)
        return _listed(reader, "tab_name", session.catalog.tables(database))
    if reader.take("COLUMNS"):
        if not (reader.take("IN") or reader.take("FROM")):
            raise reader.error("IN or FROM was expected here", "Write SHOW COLUMNS IN flow_logs.")
        table = table_named(reader, session)
        reader.end()
        return answer("field", [column.name for column in table.columns])
    if reader.take("PARTITIONS"):
        table = table_named(reader, session)
        reader.end()
        return _partitions(reader, session, table)
    if reader.take("CREATE", "TABLE") or reader.take("CREATE", "VIEW"):
        table = table_named(reader, session)
        reader.end()
        return _show_create(table)
    raise reader.error("SHOW knows DATABASES, TABLES, COLUMNS, PARTITIONS and CREATE TABLE", LOCAL_ONLY)


def _listed(reader: Reader, column: str, names: list[str]) -> QueryResult:
    """Names, perhaps only those that match a pattern of Hive's (``*`` and ``|``) or of LIKE."""
    reader.take("LIKE")
    if not reader.done:
        patterns = reader.string().lower().replace("%", "*").split("|")
        names = [name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)]
    reader.end()
    return answer(column, names)


def _known_database(reader: Reader, session: Session, database: str) -> None:
    known = session.catalog.databases()
    if database not in known:
        raise reader.error(
            f"There is no database {database}", nearest(database, known) or "Databases: " + ", ".join(known)
        )


def _partitions(reader: Reader, session: Session, table: CatalogTable) -> QueryResult:
    if PARTITION not in [column.name for column in table.columns]:
        raise reader.error(f"{table.name} is not partitioned")
    rows = session.cursor.execute(
        f"SELECT DISTINCT {PARTITION} FROM {table.sql} WHERE {PARTITION} IS NOT NULL ORDER BY 1"
    )
    return answer("partition", [f"{PARTITION}={row[0]}" for row in rows.fetchall()])


def _show_create(table: CatalogTable) -> QueryResult:
    """DDL of the table Athena would have for what is loaded."""
    own = [c for c in table.columns if c.name != PARTITION]
    lines = [f"CREATE EXTERNAL TABLE `{table.database}.{table.name}`("]
    lines += [f"  `{c.name}` {hive_type(c.type)}{',' if n + 1 < len(own) else ')'}" for n, c in enumerate(own)]
    if len(own) < len(table.columns):
        lines += ["PARTITIONED BY (", f"  `{PARTITION}` string)"]
    lines += ["ROW FORMAT DELIMITED", "  FIELDS TERMINATED BY ' '", 'TBLPROPERTIES ("skip.header.line.count"="1")']
    notice = "A table in Athena also has a LOCATION: the folder of the flow log's objects."
    return answer("createtab_stmt", lines, [notice])


def _describe(reader: Reader, session: Session) -> QueryResult:
    for word in ("EXTENDED", "FORMATTED", "TABLE"):
        reader.take(word)
    table = table_named(reader, session)
    reader.end()
    rows = [(c.name, hive_type(c.type), "partition" if c.name == PARTITION else "") for c in table.columns]
    return answers(("col_name", "data_type", "comment"), rows)


def _create(reader: Reader, session: Session) -> QueryResult:
    if reader.take("DATABASE") or reader.take("SCHEMA"):
        return _create_database(reader, session)
    if reader.take("EXTERNAL", "TABLE"):
        return _create_table(reader, session)
    if reader.take("TABLE"):
        raise reader.error("CREATE TABLE without EXTERNAL is not available locally", LOCAL_ONLY)
    raise reader.error(f"CREATE {reader.peek()} is not available locally", LOCAL_ONLY)


def _create_database(reader: Reader, session: Session) -> QueryResult:
    unless = reader.take("IF", "NOT", "EXISTS")
    at = reader.offset
    name = reader.name()
    while not reader.done:  # COMMENT, LOCATION and WITH DBPROPERTIES say nothing about the workspace.
        reader.advance()
    if name in session.catalog.databases():
        if not unless:
            raise _at(reader, at, f"Database {name} exists already.", "Write CREATE DATABASE IF NOT EXISTS.")
        return answers((), [], [f"Database {name} exists: it is the workspace's."])
    session.cursor.execute(f"CREATE SCHEMA {quoted(name)}")
    return answers((), [], [f"Database {name} was made in the workspace."])


def _create_table(reader: Reader, session: Session) -> QueryResult:
    """Bound to the table of the same name that the workspace fills; a new table would have nothing to read."""
    unless = reader.take("IF", "NOT", "EXISTS")
    at = reader.offset
    database, name = database_and_name(reader, session, reader.qualified())
    columns = _column_definitions(reader)
    location = _table_clauses(reader, columns)
    table = session.catalog.table(database, name)
    if table is None:
        hint = "Load the flow log into the workspace; its table is vpc_flow_logs.flow_logs."
        raise _at(reader, at, f"{database}.{name} would have nothing to read locally.", hint)
    if not unless:
        raise _at(reader, at, f"Table {database}.{name} exists already.", "Write CREATE EXTERNAL TABLE IF NOT EXISTS.")
    unknown = [column for column in columns if column not in [c.name for c in table.columns]]
    if unknown:
        hint = nearest(unknown[0], [c.name for c in table.columns]) or "Load a flow log whose format has it."
        raise _at(reader, at, f"No loaded record has the column {unknown[0]}.", hint)
    count = session.cursor.execute(f"SELECT count(*) FROM {table.sql}").fetchone()
    rows = count[0] if count else 0
    notices = [f"Table {database}.{name} is bound to the {rows:,} records loaded in the workspace."]
    if location and not rows:
        notices.append(f"Nothing is loaded yet: flowtui load {location}")
    return answers((), [], notices)


def _at(reader: Reader, offset: int, message: str, hint: str) -> QueryError:
    from flowtui.sql.dialect.positions import error_at

    return error_at(reader.text, offset, message, hint)


def _column_definitions(reader: Reader) -> list[str]:
    """Names of ``(name type, …)``; Hive takes every word as a name here, ``end`` too."""
    reader.need("(")
    names = []
    while True:
        names.append(reader.name())
        _hive_type(reader)
        if reader.take("COMMENT"):
            reader.string()
        if not reader.take(","):
            break
    reader.need(")")
    return names


def _hive_type(reader: Reader) -> None:
    reader.name()
    if reader.take("("):
        while not reader.take(")"):
            reader.advance()
    if reader.peek() == "<":
        depth = 0
        while True:
            depth += {"<": 1, ">": -1}.get(reader.advance(), 0)
            if depth <= 0:
                return


def _table_clauses(reader: Reader, columns: list[str]) -> str:
    """The clauses after the columns, in any order; gives the location."""
    location = ""
    while not reader.done:
        if reader.take("PARTITIONED", "BY"):
            columns += _column_definitions(reader)
        elif reader.take("LOCATION"):
            location = reader.string()
        elif reader.take("TBLPROPERTIES") or reader.take("WITH", "SERDEPROPERTIES"):
            reader.skip_parentheses()
        elif reader.take("COMMENT"):
            reader.string()
        elif reader.is_string or set(reader.peek().split()) <= _FORMAT_WORDS:
            reader.advance()  # how the files are written: here they are loaded already
        else:
            raise reader.error(f"{reader.peek()} was not expected here")
    if not location:
        raise reader.error("LOCATION is missing", "Write LOCATION 's3://bucket/prefix/'.")
    return location


_FORMAT_TEXT = """
    ROW FORMAT DELIMITED SERDE FIELDS TERMINATED BY ESCAPED LINES COLLECTION ITEMS MAP KEYS NULL DEFINED AS STORED
    INPUTFORMAT OUTPUTFORMAT TEXTFILE PARQUET ORC
"""
_FORMAT_WORDS = frozenset(_FORMAT_TEXT.split())


def _alter(reader: Reader, session: Session) -> QueryResult:
    reader.need("TABLE")
    table = table_named(reader, session)
    if reader.take("DROP"):
        raise reader.error("Partitions are not dropped locally", "Records leave the workspace with its file.")
    reader.need("ADD")
    reader.take("IF", "NOT", "EXISTS")
    notices = []
    while reader.take("PARTITION"):
        day = _partition_value(reader, table)
        location = reader.string() if reader.take("LOCATION") else ""
        notices.append(_bound_partition(session, table, day, location))
    reader.end()
    if not notices:
        raise reader.error("PARTITION was expected here", "Write ADD PARTITION (dt='2024-01-15') LOCATION 's3://…'.")
    return answers((), [], notices)


def _partition_value(reader: Reader, table: CatalogTable) -> str:
    reader.need("(")
    name = reader.name()
    if name != PARTITION or PARTITION not in [column.name for column in table.columns]:
        raise reader.error(f"{table.name} is not partitioned by {name}", f"Its partition column is {PARTITION}.")
    reader.need("=")
    value = reader.string()
    reader.need(")")
    return value


def _bound_partition(session: Session, table: CatalogTable, day: str, location: str) -> str:
    row = session.cursor.execute(f"SELECT count(*) FROM {table.sql} WHERE {PARTITION} = ?", [day]).fetchone()
    count = row[0] if row else 0
    if count:
        return f"Partition {PARTITION}={day} is bound to the {count:,} records loaded for that day."
    return f"Nothing is loaded for {day}" + (f": flowtui load {location}" if location else ".")


def _repair(reader: Reader, session: Session) -> QueryResult:
    reader.need("REPAIR", "TABLE")
    table = table_named(reader, session)
    reader.end()
    return answers((), [], [f"{table.name} shows every partition that is loaded; there is nothing to repair locally."])


def _refuse(reason: str, hint: str = LOCAL_ONLY) -> Callable[[Reader, Session], QueryResult]:
    def handler(reader: Reader, session: Session) -> QueryResult:
        raise _at(reader, reader.base, reason, hint)

    return handler


HANDLERS: dict[str, Callable[[Reader, Session], QueryResult]] = {
    "SHOW": _show,
    "DESCRIBE": _describe,
    "DESC": _describe,
    "CREATE": _create,
    "ALTER": _alter,
    "MSCK": _repair,
    "DROP": _refuse("Nothing is dropped locally.", "Records leave the workspace with its file."),
    "INSERT": _refuse("INSERT is not available locally."),
    "UPDATE": _refuse("UPDATE is not available locally."),
    "DELETE": _refuse("DELETE is not available locally."),
    "MERGE": _refuse("MERGE is not available locally."),
    "UNLOAD": _refuse("UNLOAD is not available locally.", "Write flowtui sql … --output parquet."),
    "EXPLAIN": _refuse("EXPLAIN is not available locally.", "flowtui sql --translate shows what DuckDB runs."),
    "ANALYZE": _refuse("ANALYZE is not available locally."),
    "PREPARE": _refuse("PREPARE is not available locally."),
    "EXECUTE": _refuse("EXECUTE is not available locally."),
    "DEALLOCATE": _refuse("DEALLOCATE is not available locally."),
    "VACUUM": _refuse("VACUUM is not available locally."),
    "OPTIMIZE": _refuse("OPTIMIZE is not available locally."),
}
"""By the first word of the statement."""
