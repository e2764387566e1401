"""A small table written by hand, and an engine over it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from flowtui.sql.duckdb_engine import DuckDBEngine

COLUMNS = {
    "version": "INTEGER",
    "account_id": "VARCHAR",
    "interface_id": "VARCHAR",
    "srcaddr": "VARCHAR",
    "dstaddr": "VARCHAR",
    "srcport": "INTEGER",
    "dstport": "INTEGER",
    "protocol": "BIGINT",
    "packets": "BIGINT",
    "bytes": "BIGINT",
    "start": "BIGINT",
    "end": "BIGINT",
    "action": "VARCHAR",
    "log_status": "VARCHAR",
    "dt": "VARCHAR",
}
"""The seed's table: the default columns and the partition."""


def make_table(connection: duckdb.DuckDBPyConnection, rows: list[tuple[object, ...]]) -> None:
    columns = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
    connection.execute(f"CREATE SCHEMA vpc_flow_logs; CREATE TABLE vpc_flow_logs.flow_logs ({columns})")
    if rows:
        marks = ", ".join("?" * len(COLUMNS))
        connection.executemany(f"INSERT INTO vpc_flow_logs.flow_logs VALUES ({marks})", rows)


@pytest.fixture(scope="session")
def empty_database() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    make_table(connection, [])
    yield connection
    connection.close()


@pytest.fixture
def engine(empty_database: duckdb.DuckDBPyConnection) -> DuckDBEngine:
    return DuckDBEngine(empty_database.cursor)


def value(engine: DuckDBEngine, expression: str) -> str:
    """``SELECT expression`` as Athena prints its first value."""
    from flowtui.sql.output import to_athena_text

    result = engine.run("SELECT " + expression)
    first = result.table.column(0)[0].as_py()
    return "NULL" if first is None else to_athena_text(first, result.columns[0].kind)
