"""SHOW and DESCRIBE: what the workspace holds, as Athena lists it.

Source: https://docs.aws.amazon.com/athena/latest/ug/ddl-reference.html
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from flowtui.errors import QueryError
from flowtui.sql.dialect.catalog import CatalogTable
from flowtui.sql.dialect.names import nearest, quoted
from flowtui.sql.dialect.types import Type
from flowtui.sql.engine import QueryResult
from flowtui.sql.faults import explained
from flowtui.sql.statements import Statement
from flowtui.sql.utility import Reader, Session, answer, answers, known_database, table_named

_HIVE = {"varchar": "string", "integer": "int", "varbinary": "binary", "real": "float"}
_TEXT_PROPERTIES = (("EXTERNAL", "TRUE"), ("skip.header.line.count", "1"))


def hive_type(type_: Type | None) -> str:
    """A type as DDL writes it."""
    if type_ is None:
        return "string"
    if type_.name == "array":
        return f"array<{hive_type(type_.element)}>"
    if type_.name == "map":
        return f"map<{','.join(hive_type(part) for part in type_.of)}>"
    if type_.name == "row":
        fields = zip(type_.fields, type_.of, strict=True)
        return f"struct<{','.join(f'{name}:{hive_type(part)}' for name, part in fields)}>"
    if type_.name == "varchar" and type_.args:
        return str(type_)
    return _HIVE.get(type_.name, "timestamp" if type_.name.startswith("timestamp") else str(type_))


def show(reader: Reader, session: Session) -> QueryResult:
    """``SHOW DATABASES | TABLES | VIEWS | COLUMNS | PARTITIONS | TBLPROPERTIES | CREATE TABLE | CREATE VIEW``."""
    if reader.take("DATABASES") or reader.take("SCHEMAS"):
        return _listed(reader, "database_name", session.catalog.databases())
    if reader.take("TABLES"):
        return _tables(reader, session, "tab_name", views_only=False)
    if reader.take("VIEWS"):
        return _tables(reader, session, "views", views_only=True)
    if reader.take("COLUMNS"):
        if not (reader.take("IN") or reader.take("FROM")):
            raise reader.error("IN or FROM was expected here", "Write SHOW COLUMNS IN flow_logs.")
        table = _table(reader, session, in_database=True)
        return answer("field", [column.name for column in table.columns])
    if reader.take("PARTITIONS"):
        at = reader.offset
        return _partitions(reader, session, _table(reader, session), at)
    if reader.take("TBLPROPERTIES"):
        return _properties(reader, session)
    if reader.take("CREATE", "TABLE"):
        at = reader.offset
        table = _table(reader, session)
        if table.query:
            raise reader.error_at(at, f"{table.full_name} is a view.", "Write SHOW CREATE VIEW.")
        return _create_table(table)
    if reader.take("CREATE", "VIEW"):
        at = reader.offset
        table = _table(reader, session)
        if not table.query:
            raise reader.error_at(at, f"{table.full_name} is no view.", "Write SHOW CREATE TABLE.")
        return answer("Create View", [f"CREATE VIEW {table.full_name} AS", *table.query.splitlines()])
    known = "SHOW knows DATABASES, TABLES, VIEWS, COLUMNS, PARTITIONS, TBLPROPERTIES, CREATE TABLE and CREATE VIEW"
    raise reader.error(known)


def _table(reader: Reader, session: Session, *, in_database: bool = False) -> CatalogTable:
    """A table's name up to the end of the statement; ``t IN database`` is understood where Athena has it."""
    table = table_named(reader, session)
    if in_database and (reader.take("IN") or reader.take("FROM")):
        at = reader.offset
        database = reader.name()
        known_database(reader, session, database, at)
        found = session.catalog.table(database, table.name)
        if found is None:
            raise reader.error_at(at, f"There is no table {table.name} in {database}.")
        table = found
    reader.end()
    return table


def _tables(reader: Reader, session: Session, column: str, *, views_only: bool) -> QueryResult:
    database = session.database
    if reader.take("IN") or reader.take("FROM"):
        at = reader.offset
        database = reader.name()
        known_database(reader, session, database, at)
    names = session.catalog.tables(database)
    if views_only:
        tables = [session.catalog.table(database, name) for name in names]
        names = [table.name for table in tables if table is not None and table.query]
    return _listed(reader, column, names)


def _listed(reader: Reader, column: str, names: list[str]) -> QueryResult:
    """Names, perhaps only those that match a pattern of Hive's (``*`` and ``|``) or of LIKE."""
    reader.take("LIKE")
    if not reader.done:
        patterns = reader.string().lower().replace("%", "*").split("|")
        names = [name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)]
    reader.end()
    return answer(column, names)


def _partitions(reader: Reader, session: Session, table: CatalogTable, at: int) -> QueryResult:
    if not table.partitions:
        raise reader.error_at(at, f"{table.full_name} is not partitioned.")
    names = ", ".join(quoted(name) for name in table.partitions)
    present = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in table.partitions)
    with explained(reader.text, Statement("", at, reader.stop), None):
        rows = session.cursor.execute(
            f"SELECT DISTINCT {names} FROM {table.sql} WHERE {present} ORDER BY {names}"
        ).fetchall()
    return answer(
        "partition", ["/".join(f"{n}={v}" for n, v in zip(table.partitions, row, strict=True)) for row in rows]
    )


def _properties(reader: Reader, session: Session) -> QueryResult:
    table = table_named(reader, session)
    wanted = ""
    if reader.take("("):
        wanted = reader.string()
        reader.need(")")
    reader.end()
    properties = [] if table.made else list(_TEXT_PROPERTIES)
    rows = [pair for pair in properties if not wanted or pair[0] == wanted]
    if wanted and not rows:
        return answers(("prpt_name", "prpt_value"), [(f"Table {table.full_name} has no property {wanted}.", "")])
    return answers(("prpt_name", "prpt_value"), rows)


def _create_table(table: CatalogTable) -> QueryResult:
    """DDL of the table Athena would have for what is loaded."""
    own = [column for column in table.columns if column.name not in table.partitions]
    parts = [column for column in table.columns if column.name in table.partitions]
    lines = [f"CREATE EXTERNAL TABLE `{table.full_name}`(", *_definitions([(c.name, c.type) for c in own])]
    if parts:
        lines += ["PARTITIONED BY (", *_definitions([(c.name, c.type) for c in parts])]
    lines += ["ROW FORMAT DELIMITED", "  FIELDS TERMINATED BY ' '", 'TBLPROPERTIES ("skip.header.line.count"="1")']
    notice = "A table in Athena also has a LOCATION: the folder of the flow log's objects."
    return answer("createtab_stmt", lines, [notice])


def _definitions(columns: Sequence[tuple[str, Type | None]]) -> list[str]:
    last = len(columns) - 1
    return [f"  `{name}` {hive_type(type_)}{')' if n == last else ','}" for n, (name, type_) in enumerate(columns)]


def describe(reader: Reader, session: Session) -> QueryResult:
    """``DESCRIBE [EXTENDED | FORMATTED] table [column]``."""
    for word in ("EXTENDED", "FORMATTED", "TABLE", "VIEW"):
        reader.take(word)
    table = table_named(reader, session)
    columns = table.columns
    if not reader.done and not reader.is_string and reader.peek() != "PARTITION":
        at = reader.offset
        name = reader.name()
        columns = tuple(column for column in columns if column.name == name)
        if not columns:
            raise _no_column(reader, at, table, name)
    reader.end()
    rows = [
        (column.name, hive_type(column.type), "partition" if column.name in table.partitions else "")
        for column in columns
    ]
    return answers(("col_name", "data_type", "comment"), rows)


def _no_column(reader: Reader, at: int, table: CatalogTable, name: str) -> QueryError:

    return reader.error_at(
        at, f"{table.full_name} has no column {name}.", nearest(name, [c.name for c in table.columns])
    )
