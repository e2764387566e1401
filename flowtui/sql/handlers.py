"""Which statement is handled by what, by its first word."""

from __future__ import annotations

from collections.abc import Callable

from flowtui.sql import definitions, hive, plans, prepared, showing
from flowtui.sql.dialect.binder import LOCAL_ONLY
from flowtui.sql.engine import QueryResult
from flowtui.sql.utility import Reader, Session

Handler = Callable[[Reader, Session], QueryResult]


def _create(reader: Reader, session: Session) -> QueryResult:
    replace = reader.take("OR", "REPLACE")
    if reader.take("VIEW"):
        return definitions.create_view(reader, session, replace)
    if replace:
        raise reader.error("CREATE OR REPLACE is for views", "Write CREATE OR REPLACE VIEW name AS SELECT ….")
    if reader.take("DATABASE") or reader.take("SCHEMA"):
        return definitions.create_database(reader, session)
    if reader.take("EXTERNAL", "TABLE"):
        return hive.create_table(reader, session)
    if reader.take("TABLE"):
        return definitions.create_table(reader, session)
    raise reader.error("CREATE takes TABLE, EXTERNAL TABLE, VIEW or DATABASE")


def _refuse(reason: str, hint: str = LOCAL_ONLY) -> Handler:
    def handler(reader: Reader, session: Session) -> QueryResult:
        raise reader.error_at(reader.base, reason, hint)

    return handler


_ICEBERG = "Athena has it for Iceberg tables only, and a flow log's table is none; loaded records stay as they are."

HANDLERS: dict[str, Handler] = {
    "SHOW": showing.show,
    "DESCRIBE": showing.describe,
    "DESC": showing.describe,
    "CREATE": _create,
    "DROP": definitions.drop,
    "INSERT": definitions.insert,
    "ALTER": hive.alter,
    "MSCK": hive.repair,
    "EXPLAIN": plans.explain,
    "PREPARE": prepared.prepare_statement,
    "DEALLOCATE": prepared.deallocate,
    "UPDATE": _refuse("UPDATE changes nothing here.", _ICEBERG),
    "DELETE": _refuse("DELETE changes nothing here.", _ICEBERG),
    "MERGE": _refuse("MERGE changes nothing here.", _ICEBERG),
    "VACUUM": _refuse("VACUUM does nothing here.", _ICEBERG),
    "OPTIMIZE": _refuse("OPTIMIZE does nothing here.", _ICEBERG),
    "UNLOAD": _refuse("UNLOAD is not available locally.", "Write flowtui sql … --output parquet --out FILE."),
    "ANALYZE": _refuse("Athena has no ANALYZE.", "Write EXPLAIN ANALYZE to see what a query does."),
    "USE": _refuse("Athena has no USE.", "Write database.table."),
}
"""EXECUTE is not here: its statement is run in its place."""
