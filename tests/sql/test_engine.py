"""The local engine: limits, streams, cancelling, failures, what it leaves behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flowtui.errors import FlowTuiError, QueryCancelled, QueryError
from flowtui.sql.duckdb_engine import DuckDBEngine
from flowtui.sql.macros import CATALOG, prepare
from tests.sql.conftest import cancelled_at_work, make_table
from tests.sql.records import ROWS, tuples

MANY = ", ".join(f"flow_logs {name}" for name in "abcdefgh")
ENDLESS = f"SELECT count(*) FROM {MANY} WHERE a.start + b.start > h.bytes"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "in-42's ws.duckdb"


@pytest.fixture
def connection(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    opened = duckdb.connect(str(file))
    make_table(opened, tuples())
    yield opened
    opened.close()


@pytest.fixture
def loaded(connection: duckdb.DuckDBPyConnection) -> DuckDBEngine:
    return DuckDBEngine(connection.cursor)


def test_more_is_known(loaded: DuckDBEngine) -> None:
    everything = loaded.run("SELECT * FROM flow_logs")
    assert (everything.rows, everything.more) == (len(ROWS), False)
    cut = loaded.run("SELECT * FROM flow_logs", limit=4)
    assert (cut.rows, cut.more) == (4, True)
    exact = loaded.run("SELECT * FROM flow_logs", limit=len(ROWS))
    assert (exact.rows, exact.more) == (len(ROWS), False)
    nothing = loaded.run("SELECT * FROM flow_logs", limit=0)
    assert (nothing.rows, nothing.more) == (0, True)


def test_columns_have_athenas_names_and_types(loaded: DuckDBEngine) -> None:
    result = loaded.run(
        "SELECT start, start, sum(bytes), from_unixtime(start) AS At FROM flow_logs GROUP BY start LIMIT 1"
    )
    assert [(column.name, column.type) for column in result.columns] == [
        ("start", "bigint"),
        ("start", "bigint"),
        ("_col2", "bigint"),
        ("At", "timestamp(3) with time zone"),
    ]
    assert result.table.column_names == ["start", "start", "_col2", "At"]
    assert result.elapsed_s > 0


def test_a_stream_of_many_rows_can_be_given_up(loaded: DuckDBEngine) -> None:
    stream = loaded.stream(f"SELECT a.start FROM {MANY}")
    first = next(stream.batches)
    assert first.num_rows > 0
    stream.close()
    assert loaded.run("SELECT 1").rows == 1


def test_cancel_from_another_thread(loaded: DuckDBEngine) -> None:
    with cancelled_at_work(loaded), pytest.raises(QueryCancelled):
        loaded.run(ENDLESS)
    assert loaded.run("SELECT 1").rows == 1, "the engine goes on after a cancel"


def test_a_cancel_that_comes_while_macros_load_is_heeded_after(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = DuckDBEngine(connection.cursor)

    def slow(cursor: duckdb.DuckDBPyConnection) -> None:
        engine.cancel()
        prepare(cursor)

    with monkeypatch.context() as patch:
        patch.setattr("flowtui.sql.duckdb_engine.prepare", slow)
        with pytest.raises(QueryCancelled):
            engine.run("SELECT 1")
    assert engine.run("SELECT strpos('a.b', '.')").rows == 1, "the macros are whole"


@pytest.mark.parametrize(
    "moment", ["date_add('day', 999999999, date '2024-01-01')", "date_add('year', 9000, timestamp '2024-01-01 00:00')"]
)
def test_moments_that_no_calendar_here_has_are_refused_and_the_last_one_is_not(
    loaded: DuckDBEngine, moment: str
) -> None:
    with pytest.raises(QueryError, match="after 9999"):
        loaded.run(f"SELECT 1, {moment}")
    assert loaded.run("SELECT date '9999-12-31', timestamp '9999-12-31 23:59:59.999', CAST(NULL AS date)").rows == 1


def test_cancel_without_a_query_does_nothing(loaded: DuckDBEngine) -> None:
    loaded.cancel()
    assert loaded.run("SELECT 1").rows == 1


def test_memory_that_runs_out_is_said(connection: duckdb.DuckDBPyConnection, loaded: DuckDBEngine) -> None:
    connection.execute("SET memory_limit = '30MB'; SET temp_directory = ''")
    text = f"SELECT array_agg(a.srcaddr || b.dstaddr || c.srcaddr) FROM {MANY}"
    with pytest.raises(QueryError, match="more memory") as caught:
        loaded.run(text)
    assert caught.value.hint
    assert loaded.run("SELECT 1").rows == 1


def test_the_workspace_stays_free_of_macros(
    file: Path, connection: duckdb.DuckDBPyConnection, loaded: DuckDBEngine
) -> None:
    assert loaded.run("SELECT split_part('a.b', '.', 2)").rows == 1
    assert connection.execute(
        "SELECT count(*) FROM duckdb_functions() WHERE database_name = current_database() AND NOT internal"
    ).fetchone() == (0,)
    assert connection.execute(
        "SELECT count(*) FROM duckdb_databases() WHERE database_name = ?", [CATALOG]
    ).fetchone() == (1,)
    connection.close()
    with duckdb.connect(str(file)) as again:
        assert again.execute("SELECT count(*) FROM duckdb_functions() WHERE NOT internal").fetchone() == (0,)


def test_settings_of_other_connections_are_untouched(
    connection: duckdb.DuckDBPyConnection, loaded: DuckDBEngine
) -> None:
    loaded.run("SELECT 1")
    with pytest.raises(duckdb.BinderException) as caught:
        connection.execute("SELECT nothing")
    assert not str(caught.value).startswith("Binder Error: {")


def test_python_variables_are_no_tables(loaded: DuckDBEngine) -> None:
    secret = loaded.run("SELECT 1").table
    assert secret.num_rows == 1
    with pytest.raises(QueryError, match="no table secret"):
        loaded.run("SELECT * FROM secret")


@pytest.mark.parametrize("text", ["", "  ", "-- nothing"])
def test_no_statement(loaded: DuckDBEngine, text: str) -> None:
    with pytest.raises(QueryError, match="no statement"):
        loaded.run(text)


def test_two_statements_are_too_many(loaded: DuckDBEngine) -> None:
    with pytest.raises(QueryError, match="second one starts here") as caught:
        loaded.run("SELECT 1;\n SELECT 2")
    assert (caught.value.line, caught.value.column) == (2, 2)


def test_engines_of_two_threads_share_a_workspace(connection: duckdb.DuckDBPyConnection) -> None:
    answers: list[int] = []

    def ask() -> None:
        engine = DuckDBEngine(connection.cursor)
        answers.append(
            engine.run("SELECT count_if(contains('10.0.0.0/8', try_cast(srcaddr AS ipaddress))) FROM flow_logs").rows
        )

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [1] * 6


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("VALUES 1, 2", [1, 2]),
        ("(SELECT 1)", [1]),
        ("WITH t(x) AS (VALUES 3, 4) SELECT x FROM t ORDER BY x", [3, 4]),
        ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4) SELECT i FROM n", [1, 2, 3, 4]),
        ("SELECT count(*) FROM flow_logs GROUP BY ROLLUP (dt) ORDER BY grouping(dt) DESC LIMIT 1", [len(ROWS)]),
        ("SELECT a.dt FROM flow_logs a JOIN flow_logs b USING (dt) LIMIT 0", None),
        (
            "SELECT dt FROM flow_logs a JOIN flow_logs b USING (dt) GROUP BY dt ORDER BY dt",
            ["2024-01-15", "2024-01-16"],
        ),
        (
            "SELECT x FROM flow_logs f CROSS JOIN UNNEST(ARRAY[f.dt]) AS u(x) GROUP BY x ORDER BY x DESC LIMIT 1",
            ["2024-01-16"],
        ),
        (
            "SELECT sum(sum(packets)) OVER () FROM flow_logs GROUP BY dt LIMIT 1",
            [sum(row.packets or 0 for row in ROWS)],
        ),
        ("SELECT dt FROM flow_logs EXCEPT SELECT '2024-01-16'", ["2024-01-15"]),
    ],
)
def test_statement_forms(loaded: DuckDBEngine, text: str, answer: list[object] | None) -> None:
    if answer is None:
        with pytest.raises(QueryError, match="takes no qualifier"):
            loaded.run(text)
    else:
        assert loaded.run(text).table.column(0).to_pylist() == answer


def test_catalog(loaded: DuckDBEngine) -> None:
    catalog = loaded.catalog()
    assert catalog.databases() == ["vpc_flow_logs"]
    assert catalog.tables("vpc_flow_logs") == ["flow_logs"]
    table = catalog.table("vpc_flow_logs", "flow_logs")
    assert table is not None
    assert [str(column.type) for column in table.columns[:4]] == ["integer", "varchar", "varchar", "varchar"]
    assert catalog.table("vpc_flow_logs", "nothing") is None


def test_stored_types_come_back_as_athenas(connection: duckdb.DuckDBPyConnection, loaded: DuckDBEngine) -> None:
    connection.execute(
        "CREATE TABLE vpc_flow_logs.kinds AS SELECT TIMESTAMPTZ '2024-01-15 10:00:00+00' AS z, 5::UINTEGER AS u, "
        "[1, 2] AS l, {'a': 1} AS s, '[1]'::JSON AS j, MAP {'k': 1} AS m, 1.50::DECIMAL(5, 2) AS d, "
        "INTERVAL 1 DAY AS hidden"
    )
    result = loaded.run("SELECT * FROM kinds")
    assert [column.type for column in result.columns] == [
        "timestamp(3) with time zone",
        "bigint",
        "array(integer)",
        "row(a integer)",
        "json",
        "map(varchar, integer)",
        "decimal(5,2)",
    ]
    assert (
        loaded.run("SELECT hour(z at time zone 'Asia/Tokyo'), s.a + u, json_extract_scalar(j, '$[0]') FROM kinds").rows
        == 1
    )


def test_a_statement_is_cancelled_while_it_is_prepared_and_others_run_meanwhile(engine: DuckDBEngine) -> None:
    """DuckDB computes constants first, and forgets an interrupt meanwhile."""
    many = "flatten(transform(sequence(1, 60), x -> sequence(1, 9000)))"
    caught: list[BaseException] = []

    def run() -> None:
        try:
            engine.run(f"SELECT reduce({many}, BIGINT '0', (s, x) -> (s + x) % 1000, s -> s)")
        except FlowTuiError as error:
            caught.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while engine._running is None and thread.is_alive():
        time.sleep(0.01)
    time.sleep(0.1)
    engine.cancel()
    assert engine.run("SELECT 1").rows == 1
    thread.join(60)
    assert [type(error) for error in caught] == [QueryCancelled]
