"""Views, tables, databases and prepared statements made by statements, and that loaded records stay as they are."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from flowtui.errors import QueryCancelled, QueryError
from flowtui.sql.duckdb_engine import DuckDBEngine
from tests.sql.conftest import cancelled_at_work, make_table
from tests.sql.records import ROWS, tuples


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    opened = duckdb.connect()
    make_table(opened, tuples())
    yield opened
    opened.close()


@pytest.fixture
def loaded(connection: duckdb.DuckDBPyConnection) -> DuckDBEngine:
    return DuckDBEngine(connection.cursor)


def rows(engine: DuckDBEngine, text: str) -> list[tuple[object, ...]]:
    table = engine.run(text).table
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def test_a_view_is_kept_as_text_and_translated_where_it_is_used(loaded: DuckDBEngine) -> None:
    loaded.run("CREATE VIEW rejects AS SELECT srcaddr AS Who, bytes / 2 AS half FROM flow_logs WHERE action = 'REJECT'")
    rejected = [row for row in ROWS if row.action == "REJECT"]
    assert rows(loaded, "SELECT count(*), sum(r.half) FROM vpc_flow_logs.rejects r") == [
        (len(rejected), sum((row.bytes or 0) // 2 for row in rejected))
    ]
    assert rows(loaded, "SHOW VIEWS") == [("rejects",)]
    assert rows(loaded, "SHOW TABLES") == [("flow_logs",), ("rejects",)]
    assert rows(loaded, "DESCRIBE rejects") == [("who", "string", ""), ("half", "bigint", "")]
    created = "\n".join(str(line) for (line,) in rows(loaded, "SHOW CREATE VIEW rejects"))
    loaded.run("DROP VIEW rejects")
    loaded.run(created)
    assert len(rows(loaded, "SELECT who FROM rejects")) == len(rejected)


def test_a_view_of_another_database_finds_the_tables_of_its_own(connection: duckdb.DuckDBPyConnection) -> None:
    DuckDBEngine(connection.cursor).run("CREATE VIEW v AS SELECT count(*) AS n FROM flow_logs")
    elsewhere = DuckDBEngine(connection.cursor, database="scratch")
    elsewhere.run("CREATE DATABASE scratch")
    assert rows(elsewhere, "SELECT n FROM vpc_flow_logs.v") == [(len(ROWS),)]


def test_errors_inside_a_view_are_told_at_its_name(loaded: DuckDBEngine) -> None:
    loaded.run("CREATE VIEW ratios AS SELECT bytes,\n  1000 / (bytes - 336) AS ratio FROM flow_logs")
    with pytest.raises(QueryError, match="Division by zero") as caught:
        loaded.run("SELECT ratio\nFROM ratios WHERE bytes = 336")
    assert (caught.value.line, caught.value.column) == (2, 6)
    loaded.run("CREATE VIEW over AS SELECT ratio FROM ratios")
    loaded.run("CREATE OR REPLACE VIEW ratios AS SELECT bytes FROM flow_logs")
    with pytest.raises(
        QueryError, match=r"View vpc_flow_logs.over cannot be used: in its text, line 1, column 8: There is"
    ):
        loaded.run("SELECT * FROM over")
    loaded.run("CREATE VIEW every AS SELECT * FROM ratios")
    loaded.run("CREATE OR REPLACE VIEW ratios AS SELECT bytes, srcaddr FROM flow_logs")
    assert loaded.run("SELECT * FROM every").table.column_names == ["bytes"], "columns are fixed when it is made"
    loaded.run("CREATE OR REPLACE VIEW ratios AS SELECT srcaddr FROM flow_logs")
    with pytest.raises(QueryError, match="every is stale: its column bytes was bigint"):
        loaded.run("SELECT * FROM every")


def test_a_view_of_itself(loaded: DuckDBEngine) -> None:
    loaded.run("CREATE VIEW a AS SELECT 1 AS x")
    loaded.run("CREATE VIEW b AS SELECT x FROM a")
    for text in ("CREATE OR REPLACE VIEW a AS SELECT x FROM a", "CREATE OR REPLACE VIEW a AS SELECT x FROM b"):
        with pytest.raises(QueryError, match="made of itself"):
            loaded.run(text)
    assert rows(loaded, "SELECT x FROM b") == [(1,)], "a refused statement changes nothing"


def test_tables_are_made_filled_and_dropped(loaded: DuckDBEngine) -> None:
    made = loaded.run(
        "CREATE TABLE top WITH (format = 'PARQUET', partitioned_by = ARRAY['action']) AS "
        "SELECT srcaddr, sum(bytes) AS total, CAST('x' AS varchar(3)) AS code, action FROM flow_logs GROUP BY 1, 4"
    )
    groups = {(row.srcaddr, row.action) for row in ROWS}
    assert made.notices[0] == f"Table vpc_flow_logs.top was made in the workspace: {len(groups)} rows."
    assert rows(loaded, "SHOW PARTITIONS top") == [("action=-",), ("action=ACCEPT",), ("action=REJECT",)]
    assert rows(loaded, "DESCRIBE top")[2:] == [("code", "varchar(3)", ""), ("action", "string", "partition")]
    loaded.run("INSERT INTO top (action, total) VALUES ('X', 7)")
    loaded.run("INSERT INTO top SELECT srcaddr, 1, 'ab', action FROM flow_logs WHERE log_status = 'NODATA'")
    assert rows(loaded, "SELECT srcaddr, total FROM top WHERE action = 'X'") == [(None, 7)]
    assert rows(loaded, "SELECT count(*) FROM top") == [(len(groups) + 2,)]
    loaded.run("DROP TABLE top")
    assert rows(loaded, "SHOW TABLES") == [("flow_logs",)]
    assert "nothing was done" in loaded.run("DROP TABLE IF EXISTS top").notices[0]
    loaded.run("CREATE TABLE empty AS SELECT 1 AS a WITH NO DATA")
    assert rows(loaded, "SELECT a FROM empty") == []


def test_loaded_records_stay(loaded: DuckDBEngine) -> None:
    loaded.run("CREATE VIEW v AS SELECT 1 AS a")
    for text in (
        "DROP TABLE flow_logs",
        "DROP TABLE IF EXISTS flow_logs",
        "INSERT INTO flow_logs SELECT * FROM flow_logs",
        "INSERT INTO v SELECT 2",
        "DROP DATABASE vpc_flow_logs CASCADE",
        "CREATE TABLE flow_logs AS SELECT 1 AS a",
        "CREATE OR REPLACE VIEW flow_logs AS SELECT 1 AS a",
        "DELETE FROM flow_logs",
    ):
        with pytest.raises(QueryError):
            loaded.run(text)
    assert rows(loaded, "SELECT count(*) FROM flow_logs") == [(len(ROWS),)]


def test_a_database_is_dropped_with_what_it_holds(loaded: DuckDBEngine) -> None:
    loaded.run("CREATE DATABASE mine")
    loaded.run("CREATE TABLE mine.t AS SELECT 1 AS a")
    loaded.run("CREATE VIEW mine.v AS SELECT a FROM mine.t")
    with pytest.raises(QueryError, match="holds t, v"):
        loaded.run("DROP DATABASE mine")
    loaded.run("DROP DATABASE mine CASCADE")
    assert rows(loaded, "SHOW DATABASES") == [("vpc_flow_logs",)]


def test_a_cancelled_or_failing_table_leaves_nothing(loaded: DuckDBEngine) -> None:
    many = ", ".join(f"flow_logs {name}" for name in "abcdefgh")
    with cancelled_at_work(loaded), pytest.raises(QueryCancelled):
        loaded.run(f"CREATE TABLE big AS SELECT count(*) AS n FROM {many} WHERE a.start + b.start > h.bytes")
    with pytest.raises(QueryError, match="Division by zero") as caught:
        loaded.run("CREATE TABLE big AS\nSELECT 1 / (bytes - 336) AS x FROM flow_logs")
    assert (caught.value.line, caught.value.column) == (2, 13)
    assert rows(loaded, "SHOW TABLES") == [("flow_logs",)]


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("CREATE VIEW v AS SELECT count(*) FROM flow_logs", 18, "number 1 has none"),
        ("CREATE VIEW v AS SELECT 1 AS a, 2 AS A", 18, "a comes twice"),
        ("CREATE VIEW v AS SELECT srcadr FROM flow_logs", 25, "no column srcadr"),
        ("CREATE VIEW nowhere.v AS SELECT 1 AS a", 13, "no database nowhere"),
        ("CREATE TABLE t AS SELECT from_unixtime(start) AS at FROM flow_logs", 19, "cannot store timestamp"),
        ("CREATE TABLE t AS SELECT NULL AS a", 19, "cannot store unknown"),
        ("CREATE TABLE t AS SELECT ARRAY[ipaddress '10.0.0.1'] AS a", 19, "cannot store ipaddress"),
        ("CREATE TABLE t WITH (fromat = 'ORC') AS SELECT 1 AS a", 22, "no property fromat"),
        ("CREATE TABLE t WITH (format = 'XLS') AS SELECT 1 AS a", 22, "no format"),
        ("CREATE TABLE t WITH (partitioned_by = ARRAY['a']) AS SELECT 1 AS a, 2 AS b", 14, "must be the last"),
        ("CREATE TABLE t WITH (partitioned_by = ARRAY['c']) AS SELECT 1 AS a", 14, "which is no column"),
        ("CREATE TABLE t (a int)", 16, "AS was expected"),
        ("CREATE SEQUENCE s", 8, "CREATE takes"),
        ("CREATE VIEW select AS SELECT 1 AS a", 13, "reserved word"),
        ("CREATE TABLE `t` AS SELECT 1 AS a", 14, "no backquotes"),
        ("CREATE DATABASE flowtui", 17, "to itself"),
        ("SELECT * FROM information_schema.tables", 15, "not available locally"),
        ("DROP VIEW flow_logs", 11, "it is not dropped"),
        ("DROP TABLE nothing", 12, "no table nothing"),
        ("DROP INDEX i", 6, "DROP takes"),
        ("DELETE FROM flow_logs", 1, "DELETE changes nothing"),
        ("EXPLAIN SELECT srcadr FROM flow_logs", 16, "no column srcadr"),
        ("EXPLAIN (FORMAT XML) SELECT 1", 17, "FORMAT cannot be XML"),
        ("SHOW CREATE VIEW flow_logs", 18, "is no view"),
        ("SHOW PARTITIONS nothing", 17, "no table nothing"),
    ],
)
def test_refused(loaded: DuckDBEngine, text: str, column: int, message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        loaded.run(text)
    assert (caught.value.line, caught.value.column) == (1, column)


def test_explain(loaded: DuckDBEngine) -> None:
    text = "\n".join(str(line) for (line,) in rows(loaded, "EXPLAIN SELECT action FROM flow_logs WHERE bytes > 10"))
    assert "bytes" in text
    assert "Total Time" in str(rows(loaded, "EXPLAIN ANALYZE SELECT count(*) FROM flow_logs"))
    assert rows(loaded, "EXPLAIN (TYPE VALIDATE) SELECT 1") == [("true",)]
    assert rows(loaded, "EXPLAIN (TYPE LOGICAL, FORMAT JSON) SELECT 1")[0] == ("[",)


@pytest.mark.parametrize("statement", ["CREATE TABLE live AS SELECT 1 AS x", "CREATE VIEW live AS SELECT 1 AS x"])
def test_what_a_tail_will_make_cannot_be_taken(engine: DuckDBEngine, statement: str) -> None:
    with pytest.raises(QueryError, match=r"vpc_flow_logs\.live is where a tail keeps its records"):
        engine.run(statement)


def test_prepared_statements(loaded: DuckDBEngine) -> None:
    told = loaded.run("PREPARE big FROM SELECT srcaddr, '?' FROM flow_logs WHERE bytes > ? AND action IN (?) LIMIT ?")
    assert told.notices[0] == "big is prepared; it takes 3 parameters."
    assert len(rows(loaded, "EXECUTE big USING 100 + 1, 'ACCEPT', 2")) == 2
    loaded.run("PREPARE big FROM SELECT ? AS a")
    assert rows(loaded, "EXECUTE big USING concat('x', 'y,')") == [("xy,",)]
    assert "CAST" in loaded.translate("EXECUTE big USING 1.5").sql
    loaded.run("PREPARE make FROM CREATE TABLE t AS SELECT ? AS n")
    loaded.run("EXECUTE make USING 5")
    assert rows(loaded, "SELECT n FROM t") == [(5,)]
    loaded.run("DEALLOCATE PREPARE big")
    with pytest.raises(QueryError, match="no prepared statement big"):
        loaded.run("EXECUTE big USING 1")


@pytest.mark.parametrize(
    ("query", "using", "answer"),
    [
        ("SELECT 2 * ?", "1 + 1", 4),
        ("SELECT 10 - ?", "3 - 2", 9),
        ("SELECT 1 -? AS a", "-1", 2),
        ("SELECT false AND ?", "false OR true", False),
        ("SELECT NOT?AND true", "false", True),
        ("SELECT date_diff('day', ?, ?)", "DATE '2024-01-01', DATE '2024-01-01' + INTERVAL '2' DAY", 2),
        ("SELECT a FROM (VALUES 1, 2) t(a) ORDER BY a DESC LIMIT ?", "1", 2),
    ],
)
def test_a_parameter_is_one_operand_whatever_stands_around_it(loaded, query, using, answer) -> None:
    loaded.run(f"PREPARE p FROM {query}")
    assert rows(loaded, f"EXECUTE p USING {using}") == [(answer,)]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("EXECUTE\n  q USING 'x'", (2, 11), "cannot compare bigint with varchar"),
        ("EXECUTE q USING 0", (1, 9), "In the prepared statement q, line 2, column 8: Division by zero"),
        ("EXECUTE q", (1, 9), "takes 1 parameter, none given"),
        ("EXECUTE q USING 1, 2", (1, 17), "takes 1 parameter, 2 given"),
        ("EXECUTE q USING 1,", (1, 19), "parameter is missing"),
        ("EXECUTE qq USING 1", (1, 9), "no prepared statement qq"),
        ("EXECUTE IMMEDIATE 'SELECT 1'", (1, 9), "not available locally"),
        ("PREPARE p FROM SELECT 1 FROM WHERE", (1, 30), "A table's name was expected after WHERE"),
        ("PREPARE p FROM DROP TABLE flow_logs", (1, 16), "was expected here"),
        ("SELECT ?", (1, 8), "stands for a parameter"),
    ],
)
def test_errors_of_prepared_statements(loaded: DuckDBEngine, text: str, place: tuple[int, int], message: str) -> None:
    loaded.run("PREPARE q FROM SELECT bytes,\n  8 / bytes FROM flow_logs WHERE bytes * 0 = ?")
    loaded.run("PREPARE q FROM SELECT\n  8 / (bytes * 0) FROM flow_logs WHERE bytes >= ?")
    with pytest.raises(QueryError, match=message) as caught:
        loaded.run(text)
    assert (caught.value.line, caught.value.column) == place
