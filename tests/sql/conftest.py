"""A small table written by hand, and an engine over it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def cancelled_at_work(engine: DuckDBEngine) -> Iterator[None]:
    """Cancel from another thread the statement that is run meanwhile, once DuckDB has had it for a moment."""
    over = threading.Event()

    def cancel() -> None:
        # What comes before a statement began is forgotten when it begins.
        while engine._running is None and not over.wait(0.01):
            pass
        while not over.wait(0.2):
            engine.cancel()

    thread = threading.Thread(target=cancel, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def value(engine: DuckDBEngine, expression: str) -> str:
    """``SELECT expression`` as Athena prints its first value."""
    from flowtui.sql.output import to_athena_text

    result = engine.run("SELECT " + expression)
    first = result.table.column(0)[0].as_py()
    return "NULL" if first is None else to_athena_text(first, result.columns[0].kind)
