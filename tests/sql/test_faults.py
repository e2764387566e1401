"""Failures while rows are computed: told at the user's place, in words that are not DuckDB's."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from flowtui.errors import QueryError
from flowtui.sql.duckdb_engine import DuckDBEngine
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


def test_of_two_calls_that_look_alike_none_is_accused(loaded: DuckDBEngine) -> None:
    text = "SELECT chr(65), chr(bytes - 5000) FROM flow_logs"
    with pytest.raises(QueryError, match="-751 is no Unicode code point") as caught:
        loaded.run(text)
    assert (caught.value.line, caught.value.column) == (1, 1)


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
