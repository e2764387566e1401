"""Failures while rows are computed: told at the user's place, in words that are not DuckDB's."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import duckdb
import pytest

from flowtui.errors import QueryCancelled, QueryError
from flowtui.sql.dialect.bound import Mark
from flowtui.sql.duckdb_engine import DuckDBEngine
from flowtui.sql.locating import failed_at
from tests.sql.conftest import make_table
from tests.sql.records import tuples

FAILURES = [
    # statement, line, column, message
    ("SELECT 1,\n\tdate_parse(srcaddr, '%Y') FROM flow_logs", 2, 2, "'172.31.16.139' does not match the format '%Y'."),
    ("SELECT date_parse(dt, '%Y-%m-%d'), date_parse(srcaddr, '%Y') FROM flow_logs", 1, 36, "does not match"),
    ("SELECT '😀',\r\n  regexp_like(srcaddr, '(') FROM flow_logs", 2, 24, "no regular expression"),
    ("SELECT regexp_like(srcaddr, 'a'), regexp_extract(srcaddr, srcaddr || '[') FROM flow_logs", 1, 35, "malformed"),
    ("SELECT 1, regexp_extract(srcaddr, srcaddr || '[') FROM flow_logs", 1, 11, "malformed: missing ]"),
    ("SELECT json_parse(srcaddr) FROM flow_logs", 1, 8, "172.31.16.139"),
    ("SELECT 5, chr(-1)", 1, 11, "-1 is no Unicode code point."),
    ("SELECT MAP(ARRAY[1], ARRAY[1, 2])", 1, 8, "as many keys as values"),
    ("SELECT 1, date_add('year', 300000, now())", 1, 11, "A time is out of range."),
    ("SELECT CAST(bytes AS tinyint) FROM flow_logs", 1, 8, "Cannot cast 4249 to tinyint: it is out of range."),
    ("WITH a AS (\n  SELECT CAST(srcaddr AS integer) x FROM flow_logs\n) SELECT * FROM a", 2, 10, "Cannot cast"),
    ("SELECT '😀é', bytes + 9223372036854775807 FROM flow_logs", 1, 14, "does not fit its type"),
    ("SELECT 1,\n (SELECT srcaddr FROM flow_logs)", 2, 10, "gave more than one row"),
    ("SELECT 1 /\n(bytes - bytes) FROM flow_logs", 2, 2, "Division by zero"),
    ("SELECT ARRAY[1][bytes] FROM flow_logs", 1, 17, "out of bounds"),
    # Several calls of the kind that fails.
    ("SELECT chr(65), chr(bytes - 5000) FROM flow_logs", 1, 17, "-751 is no Unicode code point"),
    ("SELECT 1 + bytes * 2, bytes - 1,\n bytes * 9223372036854775807 FROM flow_logs", 2, 2, "Overflow in multi"),
    ("SELECT MAP(ARRAY[1], ARRAY[1]),\n MAP(ARRAY[1,1], ARRAY[1, 2])", 2, 2, "each key once"),
    ("SELECT date_parse('1', '%Y') , date_parse(srcaddr, '%Y') FROM flow_logs", 1, 32, "does not match"),
    ("SELECT transform(ARRAY[bytes], x -> x + 9223372036854775807), bytes + 1 FROM flow_logs", 1, 37, "addition"),
    ("SELECT bytes * 2 FROM flow_logs WHERE bytes * 9223372036854775807 > 1", 1, 39, "multiplication"),
    ("SELECT bytes + 1 FROM flow_logs ORDER BY bytes + 9223372036854775807", 1, 42, "addition"),
    ("SELECT bytes + 9223372036854775807, max(packets - 1) FROM flow_logs GROUP BY 1", 1, 8, "addition"),
    (
        "SELECT a.bytes + 1 FROM flow_logs a JOIN flow_logs b ON a.bytes * 9223372036854775807 > b.bytes",
        1,
        57,
        "multiplication",
    ),
    (
        "SELECT 1 FROM flow_logs UNION SELECT bytes + 1 FROM flow_logs UNION\n SELECT -bytes - 9223372036854775807 "
        "FROM flow_logs",
        2,
        10,
        "Overflow in subtraction",
    ),
    ("SELECT abs(-1), abs(CAST(bytes - bytes - 2147483648 AS integer)) FROM flow_logs", 1, 17, "Overflow in abs"),
    ("SELECT (SELECT 1), (SELECT bytes FROM flow_logs)", 1, 28, "more than one row"),
    (
        "SELECT (SELECT 1) FROM flow_logs f WHERE bytes > (SELECT g.bytes FROM flow_logs g WHERE g.bytes > -f.bytes)",
        1,
        58,
        "more than one row",
    ),
    ("SELECT 1, CAST(bytes AS decimal(3,1)) FROM flow_logs", 1, 11, "Cannot cast 4249 to decimal(3,1): it is out of"),
    (
        "SELECT CAST(CAST(bytes AS decimal(20,2)) AS decimal(3,1)) FROM flow_logs",
        1,
        8,
        "Cannot cast 4249.00 to decimal(3,1): it is out of range.",
    ),
    ("SELECT CAST(DECIMAL '9999.1' AS tinyint)", 1, 8, "Cannot cast 9999 to tinyint: it is out of range."),
    ("SELECT CAST(CAST(bytes AS varchar) AS tinyint) FROM flow_logs", 1, 8, "Cannot cast 4249 to tinyint"),
    ("SELECT CAST(srcaddr AS decimal(5,2)) FROM flow_logs", 1, 8, "Cannot cast '172.31.16.139' to decimal(5,2)."),
    ("SELECT CAST(bytes * 1e300 AS decimal(5,2)) FROM flow_logs", 1, 8, "to decimal(5,2): it is out of range."),
    ("SELECT CAST(json_parse('[1e99]') AS array(bigint))", 1, 8, "Cannot cast 1e+99 to bigint: it is out of range."),
    ("SELECT round(CAST(rpad('9', 38, '9') AS decimal(38,0)), -38)", 1, 8, "Overflow in round: "),
    ("SELECT 1, from_base64(srcaddr) FROM flow_logs", 1, 11, "'172.31.16.139' is not base64."),
    ("SELECT 1, parse_datetime(srcaddr, 'YYYY') FROM flow_logs", 1, 11, "'172.31.16.139' does not match the format."),
    # Aggregates and windows, around which no guard can stand.
    ("SELECT sum(bytes), 1 +\n sum(9223372036854770000) FROM flow_logs", 2, 2, "does not fit bigint"),
    ("SELECT 1, sum(9223372036854770000) OVER () FROM flow_logs", 1, 11, "does not fit bigint"),
    ("SELECT 1, ntile(0) OVER (ORDER BY bytes) FROM flow_logs", 1, 11, "counts from 1"),
    (
        "SELECT sum(bytes) OVER (ORDER BY bytes ROWS BETWEEN packets - 99999 PRECEDING AND CURRENT ROW) FROM flow_logs",
        1,
        53,
        "A frame reaches a distance of 0 or more.",
    ),
    (
        "SELECT sum(bytes) OVER (ORDER BY bytes RANGE BETWEEN CURRENT ROW AND nullif(1, 1) FOLLOWING) FROM flow_logs",
        1,
        70,
        "A frame reaches",
    ),
    # Inside other queries.
    ("SELECT 1, x FROM (SELECT 1 / (bytes - bytes) x FROM flow_logs)", 1, 31, "Division by zero"),
    ("SELECT bytes FROM flow_logs WHERE bytes > (SELECT max(1 / (packets - packets)) FROM flow_logs)", 1, 60, "zero"),
    # Conversions nobody wrote, and conversions of a column.
    ("SELECT 1, lpad(srcaddr, 10000000000, 'b') FROM flow_logs", 1, 11, "10000000000 does not fit integer."),
    ("SELECT bytes, CAST(bytes * 1e30 AS bigint), CAST(bytes AS integer) FROM flow_logs", 1, 15, "Cannot cast 4.249e"),
    ("SELECT bytes, CAST(bytes * 1.5 AS decimal(3,1)), CAST(bytes AS integer) FROM flow_logs", 1, 15, "out of range"),
    (
        "CREATE TABLE t AS SELECT bytes + 1 AS a,\n abs(bytes + 9223372036854775807) AS b FROM flow_logs",
        2,
        6,
        "addition",
    ),
]


@pytest.fixture(scope="module")
def loaded() -> Iterator[DuckDBEngine]:
    connection = duckdb.connect()
    make_table(connection, tuples())
    yield DuckDBEngine(connection.cursor)
    connection.close()


@pytest.mark.parametrize(("text", "line", "column", "message"), FAILURES, ids=lambda part: str(part)[:50])
def test_failures_have_a_place(loaded: DuckDBEngine, text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        loaded.run(text)
    assert message in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_failure_inside_a_view_is_told_at_its_name(loaded: DuckDBEngine) -> None:
    loaded.run("CREATE OR REPLACE VIEW v AS SELECT bytes, bytes * 9223372036854775807 AS b FROM flow_logs")
    loaded.run("CREATE OR REPLACE VIEW w AS SELECT 1 / (bytes - bytes) AS b FROM flow_logs")
    for name, what in (("v", "Overflow in multiplication"), ("w", "Division by zero")):
        with pytest.raises(QueryError, match=f"In view vpc_flow_logs.{name}: {what}") as caught:
            loaded.run(f"SELECT abs(-1),\n b FROM {name}")
        assert (caught.value.line, caught.value.column) == (2, 9)


def test_a_failure_inside_a_prepared_statement_is_told_at_its_name_or_parameter(loaded: DuckDBEngine) -> None:
    loaded.run("PREPARE p FROM SELECT abs(bytes), bytes * ? FROM flow_logs WHERE bytes > ?")
    with pytest.raises(QueryError, match="In the prepared statement p, line 1, column 20: Overflow") as caught:
        loaded.run("EXECUTE p USING\n 9223372036854775807, 1")
    assert (caught.value.line, caught.value.column) == (1, 9)
    with pytest.raises(QueryError, match="Division by zero") as caught:
        loaded.run("EXECUTE p USING\n 1, 1 / (length('') - 0)")
    assert (caught.value.line, caught.value.column) == (2, 10)


def test_a_search_ends_when_its_time_is_up_or_it_is_cancelled() -> None:
    marks = [Mark(7, 12, 3), Mark(14, 19, 9)]

    def late(sql: str, seconds: float) -> None:
        raise TimeoutError

    def stopped(sql: str, seconds: float) -> None:
        raise QueryCancelled("The query was cancelled.")

    assert failed_at("SELECT a + 1, b + 1", marks, late) is None
    with pytest.raises(QueryCancelled):
        failed_at("SELECT a + 1, b + 1", marks, stopped)


FOLDED = "list_reduce(flatten(list_transform(range(20), lambda x: range(9000))), lambda s, x: (s + x) % 1000)"


@pytest.mark.parametrize("constant", ["0", FOLDED], ids=["at work", "being prepared"])
def test_a_run_for_the_search_is_interrupted_when_its_time_is_up(loaded: DuckDBEngine, constant: str) -> None:
    """DuckDB computes constants first, and forgets an interrupt meanwhile."""
    tables = "range(1000000) a, range(1000000) b"
    caught: list[BaseException] = []

    def search() -> None:
        try:
            loaded._again(f"SELECT count(*) FROM {tables} WHERE a.range % 7 = b.range % 11 + {constant}", 0.1)
        except (TimeoutError, QueryCancelled) as error:
            caught.append(error)

    thread = threading.Thread(target=search, daemon=True)
    thread.start()
    thread.join(60)
    loaded.cancel()  # else a search that goes on would hold up the tests' end
    thread.join(60)
    assert [type(error) for error in caught] == [TimeoutError]
    assert loaded.run("SELECT 1").rows == 1


def test_memory_that_is_not_enough_is_told_with_its_limit() -> None:
    connection = duckdb.connect(config={"memory_limit": "60MB", "temp_directory": ""})
    make_table(connection, [])
    engine = DuckDBEngine(connection.cursor)
    with pytest.raises(QueryError, match=r"more memory than it may use \(57\.\d MiB\)") as caught:
        engine.run(
            "SELECT array_agg(x * y) FROM UNNEST(sequence(1, 9000)) a(x) CROSS JOIN UNNEST(sequence(1, 9000)) b(y)"
        )
    assert "memory_limit" in caught.value.hint
    assert engine.run("SELECT 1").rows == 1
    connection.close()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT “srcaddr” FROM flow_logs", "Curly quotes"),
        ("SELECT 1 – 2", "no minus sign"),
        ("SELECT x -> x + 1", "where a function takes one"),
        ("SELECT 0.123456789012345678901234567890123456789", "at most 38 digits"),
    ],
)
def test_what_word_processors_write(loaded: DuckDBEngine, text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        loaded.run(text)
    assert loaded.run("\ufeffSELECT '“–”'").rows == 1
