"""The text sent to Athena: the user's own, but for a bare ``end``; and Athena's places told in the user's text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.errors import QueryError
from flowtui.records.fields import TGW_FIELDS, VPC_FIELDS
from flowtui.sql.athena_text import LONGEST, athena_error, submission
from flowtui.sql.dialect.local_only import local_functions
from flowtui.sql.dialect.names import RESERVED
from flowtui.sql.statements import split


def sent(text: str) -> str:
    return submission(text, split(text)[0]).text


def test_end_is_the_only_field_that_trino_reserves() -> None:
    assert {field.column for field in (*VPC_FIELDS, *TGW_FIELDS)} & RESERVED == {"end"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SELECT start, end FROM t", 'SELECT start, "end" FROM t'),
        ("SELECT End FROM t WHERE END > 1", 'SELECT "End" FROM t WHERE "END" > 1'),
        ("SELECT CASE WHEN a = 1 THEN 2 END FROM t", "SELECT CASE WHEN a = 1 THEN 2 END FROM t"),
        ("SELECT CASE WHEN end > start THEN end ELSE end END end", 'CASE WHEN "end" > start THEN "end" ELSE "end" END'),
        ("SELECT CASE end WHEN 1 THEN 2 END", 'CASE "end" WHEN 1 THEN 2 END'),
        ("SELECT CASE WHEN a THEN CASE WHEN b THEN 1 END ELSE end END", 'CASE WHEN b THEN 1 END ELSE "end" END'),
        ("SELECT CASE WHEN x THEN (SELECT max(end) FROM u) END, end", '(SELECT max("end") FROM u) END, "end"'),
        ("SELECT CASE WHEN a BETWEEN 1 AND end THEN f(end) END", '1 AND "end" THEN f("end") END'),
        ("SELECT CASE WHEN NOT end THEN 1 END", 'WHEN NOT "end" THEN 1 END'),
        ("SELECT t.end, u . end", 't."end", u . "end"'),
        ("SELECT m[end] FROM t", 'm["end"]'),
        ("SELECT \"end\", 'end', `end` -- end\n/* end */", "\"end\", 'end', `end` -- end\n/* end */"),
        ("SELECT endpoint, weekend, end_ FROM t", "SELECT endpoint, weekend, end_ FROM t"),
        ("CREATE EXTERNAL TABLE t (start bigint, end bigint) LOCATION 's3://b/'", "`end` bigint"),
        ("CREATE TABLE u AS SELECT end FROM t", 'SELECT "end" FROM t'),
        ("CREATE VIEW v AS SELECT end FROM t", 'SELECT "end" FROM t'),
    ],
)
def test_a_bare_end_is_quoted_as_its_statement_needs(text: str, wanted: str) -> None:
    got = sent(text)
    assert wanted in got
    assert got.replace('"', "").replace("`", "") == text.replace('"', "").replace("`", "")


WORDS = st.sampled_from(
    ["end", '"end"', "'end'", "CASE", "WHEN", "THEN", "ELSE", "(", ")", ",", "1", "a", "é", ".", "\n"]
)


@given(st.lists(WORDS, max_size=30))
def test_nothing_but_quotes_is_added_and_every_place_is_found_again(words: list[str]) -> None:
    text = "SELECT " + " ".join(words)
    statement = split(text)[0]
    made = submission(text, statement)
    offset = 0
    for place, letter in enumerate(made.text):
        line = made.text.count("\n", 0, place) + 1
        column = place - (made.text.rfind("\n", 0, place) + 1) + 1
        if offset < len(statement.text) and letter == statement.text[offset]:
            assert made.user_offset(line, column) == offset
            offset += 1
        else:
            assert letter == '"'
    assert offset == len(statement.text)


@pytest.mark.parametrize("name", sorted(local_functions()))
def test_functions_of_the_workspace_are_refused_with_their_place(name: str) -> None:
    text = f"SELECT 1;\nSELECT srcaddr,\n  {name.upper()} (protocol) FROM t"
    with pytest.raises(QueryError) as caught:
        submission(text, split(text)[1])
    assert (caught.value.line, caught.value.column) == (3, 3)
    assert "Athena has none" in caught.value.message


def test_the_inventory_is_refused_with_its_place() -> None:
    text = "SELECT *\nFROM flow_logs JOIN aws.vpcs v ON true"
    with pytest.raises(QueryError, match=r"aws\.vpcs is a table of the workspace") as caught:
        submission(text, split(text)[0])
    assert (caught.value.line, caught.value.column) == (2, 21)


@pytest.mark.parametrize("text", ["SELECT protocol_name FROM t", "SELECT t.is_private(1)", "SELECT 'is_private(1)'"])
def test_columns_and_texts_of_such_a_name_are_not(text: str) -> None:
    assert sent(text) == text


@pytest.mark.parametrize(
    ("text", "changes", "free"),
    [
        ("SELECT 1", False, False),
        ("(SELECT 1)", False, False),
        ("((((SELECT 1))))", False, False),
        ("WITH a AS (SELECT 1) SELECT * FROM a", False, False),
        ("-- a\nVALUES 1", False, False),
        ("SHOW TABLES", False, True),
        ("DESCRIBE t", False, True),
        ("EXPLAIN SELECT 1", False, True),
        ("EXPLAIN ANALYZE SELECT 1", False, False),
        ("EXPLAIN ANALYZE INSERT INTO t SELECT 1", True, False),
        ("CREATE TABLE u AS SELECT 1", True, False),
        ("CREATE EXTERNAL TABLE u (a int) LOCATION 's3://b/'", True, True),
        ("INSERT INTO t SELECT 1", True, False),
        ("UNLOAD (SELECT 1) TO 's3://b/' WITH (format='parquet')", True, False),
        ("EXECUTE p USING 1", True, False),
        ("MSCK REPAIR TABLE t", True, True),
        ("DROP TABLE t", True, True),
        ("nonsense", True, False),
    ],
)
def test_what_changes_and_what_is_free(text: str, changes: bool, free: bool) -> None:
    made = submission(text, split(text)[0])
    assert (made.changes, made.free) == (changes, free)


def test_a_statement_longer_than_athena_takes() -> None:
    text = f"SELECT '{'é' * (LONGEST // 2)}'"
    with pytest.raises(QueryError, match="262,144"):
        submission(text, split(text)[0])


@pytest.mark.parametrize(
    ("reason", "place"),
    [
        ("SYNTAX_ERROR: line 2:8: Column 'x' cannot be resolved", (3, 8)),
        # Hive counts columns from 0.
        ("FAILED: ParseException line 2:7 missing EOF at 'x'", (3, 8)),
        ("line 99:99: beyond the text", (3, 16)),
        ("HIVE_BAD_DATA: Error parsing field value", (0, 0)),
        ("", (0, 0)),
    ],
)
def test_places_in_athenas_words(reason: str, place: tuple[int, int]) -> None:
    text = "-- first\nSELECT 'a',\n       x FROM t"
    statement = split(text)[0]
    error = athena_error(text, statement, submission(text, statement), reason)
    assert (error.line, error.column) == place
    assert (reason or "no reason") in error.message
