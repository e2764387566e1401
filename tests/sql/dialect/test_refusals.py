"""What is refused, where it is said to stand, and what is advised."""

from __future__ import annotations

import re

import pytest

from flowtui.errors import QueryError
from flowtui.sql.dialect.functions import function_names, lookup
from flowtui.sql.duckdb_engine import DuckDBEngine

REFUSED = [
    # statement, line, column, part of the message, part of the hint
    ("SELECT srcaddr FROM flow_logs\nSELECT 1", 2, 1, "SELECT was not expected here", "A semicolon stands between"),
    ("SELECT srcadr FROM flow_logs", 1, 8, "no column srcadr", "srcaddr"),
    ("SELECT *\nFROM vpc_flow_logs.flow_log", 2, 20, "no table flow_log", "flow_logs"),
    ("SELECT * FROM vpc_flow_log.flow_logs", 1, 15, "no database vpc_flow_log", "vpc_flow_logs"),
    ("SELECT * FROM mysql.vpc_flow_logs.flow_logs", 1, 15, "no catalog mysql", "awsdatacatalog"),
    ("SELECT\n  regexp_lik(srcaddr, 'a')\nFROM flow_logs", 2, 3, "no function regexp_lik", "regexp_like"),
    ("SELECT strftime(start, '%Y') FROM flow_logs", 1, 8, "no function strftime", "date_format"),
    ("SELECT f.srcaddr FROM flow_logs g", 1, 8, "no table f", ""),
    ("SELECT pkt_srcaddr FROM flow_logs", 1, 8, "no column pkt_srcaddr", "version 3"),
    ("SELECT srcaddr FROM flow_logs a, flow_logs b", 1, 8, "ambiguous", "alias"),
    ("SELECT srcaddr, count(*) FROM flow_logs", 1, 8, "neither grouped", "GROUP BY"),
    ("SELECT bytes + 1 AS b FROM flow_logs WHERE b > 1", 1, 44, "alias of the select list", "subquery"),
    ("SELECT count(*) FROM flow_logs WHERE count(*) > 1", 1, 38, "aggregate cannot stand in WHERE", "HAVING"),
    ("SELECT sum(sum(bytes)) FROM flow_logs", 1, 8, "inside an aggregate", ""),
    ("SELECT rank() FROM flow_logs", 1, 8, "needs an OVER", "OVER"),
    ("SELECT dstport FROM flow_logs WHERE dstport = '22'", 1, 47, "cannot compare integer with varchar", "CAST"),
    ("SELECT 'port ' || dstport FROM flow_logs", 1, 19, "varchar(5) || integer", "CAST"),
    ("SELECT 1\n FROM flow_logs\n WHERE dstport::varchar = '22'", 3, 15, "no :: cast", "CAST(x AS type)"),
    ("SELECT srcaddr FROM flow_logs WHERE srcaddr ILIKE 'a%'", 1, 45, "no ILIKE", "lower"),
    ("SELECT srcaddr, FROM flow_logs", 1, 15, "comma too many", "trailing comma"),
    ("SELECT `srcaddr` FROM flow_logs", 1, 8, "no backquotes", '"srcaddr"'),
    ("SELECT srcaddr FROM flow_logs LIMIT 5 OFFSET 1", 1, 37, "OFFSET before LIMIT", "OFFSET … LIMIT"),
    ("SELECT DISTINCT ON (srcaddr) srcaddr FROM flow_logs", 1, 21, "no DISTINCT ON", "row_number"),
    ("SELECT srcaddr FROM flow_logs GROUP BY ALL", 1, 40, "no GROUP BY ALL", ""),
    ("FROM flow_logs", 1, 1, "starts with SELECT", "SELECT"),
    ("selec * from flow_logs", 1, 1, "begins no statement", "SELECT"),
    ("SELECT * FROM flow_logs WHERE", 1, 25, "missing after WHERE", ""),
    ("SELECT (1 + 2", 1, 13, ") was expected after 2", ""),
    ("SELECT 'abc FROM flow_logs", 1, 8, "does not end", ""),
    ("SELECT 1 /* comment", 1, 10, "does not end", ""),
    ("SELECT a FROM (SELECT 1 AS b) t", 1, 8, "no column a", ""),
    ("SELECT 1 UNION SELECT 1, 2", 1, 23, "number of columns", ""),
    ("SELECT 1 UNION SELECT 'a'", 1, 23, "do not meet", ""),
    ("SELECT x FROM read_csv('a')", 1, 15, "functions are not tables", ""),
    ("SELECT cast(1 AS text)", 1, 18, "text", "varchar"),
    ("SELECT from_unixtime(start) AT TIME ZONE 'Mars/Base' FROM flow_logs", 1, 42, "no time zone", "Asia/Tokyo"),
    ("SELECT date_format(from_unixtime(start), dt) FROM flow_logs", 1, 42, "format must be a literal", "--engine"),
    ("SELECT contains('10.0.0.0/99', cast(srcaddr AS ipaddress)) FROM flow_logs", 1, 17, "no CIDR", ""),
    ("SELECT regexp_like(srcaddr, '[10') FROM flow_logs", 1, 29, "no regular expression", ""),
    ("SELECT regexp_like(srcaddr, '(?=10)') FROM flow_logs", 1, 29, "Lookaround", "--engine"),
    ("SELECT regexp_like(srcaddr, '(1)\\1') FROM flow_logs", 1, 29, "reference to a group", "--engine"),
    ("SELECT json_extract(srcaddr, 'a.b') FROM flow_logs", 1, 30, "Invalid JSON path", "$.name"),
    ("SELECT contains('10.0.0.1/8', cast(srcaddr AS ipaddress)) FROM flow_logs", 1, 17, "no CIDR", "10.0.0.0/8"),
    ("SELECT 1 FROM flow_logs NATURAL JOIN flow_logs", 1, 38, "no NATURAL JOIN", "USING"),
    ("SELECT 1 FROM flow_logs f JOIN flow_logs g", 1, 32, "JOIN needs ON or USING", "CROSS JOIN"),
    ("SELECT * FROM 'flow_logs'", 1, 15, "no single quotes", '"flow_logs"'),
    ("SELECT 1 AS 'x'", 1, 13, "no single quotes", '"x"'),
    ('SELECT 1 FROM flow_logs WHERE action = "REJECT"', 1, 40, "no column reject", "'REJECT'"),
    ("SELECT nodb.flow_logs.srcaddr FROM flow_logs", 1, 8, "no table nodb.flow_logs", "flow_logs.srcaddr"),
    ("SELECT srcaddr FROM flow_logs ORDER BY count(*)", 1, 8, "neither grouped", "GROUP BY"),
    ("SELECT srcaddr FROM flow_logs LIMIT 5, 10", 1, 31, "no LIMIT with two numbers", "OFFSET 5 LIMIT 10"),
    ("WITH a AS (SELECT 1 x),\nA AS (SELECT 2 x) SELECT * FROM a", 2, 1, "names a twice", ""),
    ("WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n FROM t) SELECT 1", 1, 16, "names of its columns", "t("),
    ("SELECT sum(bytes) OVER (ROWS 2 FOLLOWING) FROM flow_logs", 1, 30, "begins at FOLLOWING", ""),
    ("SELECT sum(bytes) OVER (ORDER BY start, bytes RANGE 1 PRECEDING) FROM flow_logs", 1, 8, "exactly one", ""),
    ("SELECT grouping(bytes) FROM flow_logs GROUP BY action", 1, 17, "this is none", ""),
    ("SELECT CASE WHEN true 2 END", 1, 13, "no THEN", ""),
    ("SELECT 'a' 'b'", 1, 8, "side by side", "||"),
    ("WITH a (SELECT 1) SELECT 1", 1, 19, "not expected", ""),
    ("SELECT srcaddr WHERE bytes > 1", 1, 22, "no column bytes", "no FROM"),
    ("SELECT * FROM flow_logs GROUP srcaddr", 1, 31, "srcaddr was not expected", "GROUP BY"),
    ("SELECT * FORM flow_logs", 1, 15, "flow_logs was not expected", "FROM"),
    ("SELECT srcaddr.* FROM flow_logs", 1, 8, "has no fields", ""),
    ("SELECT DISTINCT random() FROM flow_logs ORDER BY random()", 1, 50, "no random values", "number"),
    ("SELECT srcaddr,, dstaddr FROM flow_logs", 1, 16, "comma too many", "between"),
    ("SELECT ,srcaddr FROM flow_logs", 1, 8, "comma too many", "between"),
    ("SELECT concat('a',,'b')", 1, 19, "comma too many", "between"),
    ("SELECT 1, UNION SELECT 2", 1, 9, "comma too many", "trailing"),
    ("SELECT srcaddr FROM flow_logs WHERE bytes IN ()", 1, 37, "list of IN is empty", ""),
    ("SELECT srcaddr FROM flow_logs WHERE bytes NOT NULL", 1, 43, "no NOT NULL", "IS NOT NULL"),
    ("SELECT 1 FROM flow_logs ORDER BY 1 GROUP BY action", 1, 36, "GROUP BY must stand before ORDER BY", "WHERE"),
    ("SELECT 1 FROM flow_logs LIMIT 1 ORDER BY 1", 1, 33, "ORDER BY must stand before LIMIT", "OFFSET"),
    ("SELECT 1 FROM flow_logs OFFSET 1 ORDER BY 1", 1, 34, "ORDER BY must stand before OFFSET", ""),
    ("SELECT 1 FROM flow_logs GROUP BY action WHERE true", 1, 41, "WHERE must stand before GROUP BY", ""),
    ("SELECT 1 ORDER BY 1 UNION SELECT 2", 1, 21, "UNION cannot follow ORDER BY", "parentheses"),
    ("SELECT count(*) FROM flow_logs GROUP BY", 1, 32, "missing after GROUP BY", ""),
    ("SELECT cast(1 AS int64)", 1, 18, "no type int64", "int"),
    ("SELECT cast(1 AS float)", 1, 18, "no type float", "real"),
    ("SELECT cast(ARRAY['a'] AS array<string>)", 1, 33, "no type string", "varchar"),
    ("SELECT cast('a' AS varchar(bytes))", 1, 20, "whole number", ""),
    ("SELECT * FROM vpc_flow_logs..flow_logs", 1, 28, "name is missing", "database.table"),
    ("SELECT 1 FROM flow_logs WHERE AND true", 1, 31, "condition is missing before AND", ""),
    ("SELECT TOP 10 * FROM flow_logs", 1, 1, "no TOP", "LIMIT"),
    ("SELECT srcaddr = 10.0.0.1 FROM flow_logs", 1, 18, "one point", "'10.0.0.1'"),
    ("SELECT now() - interval 7 day", 1, 16, "quoted number", "INTERVAL '7' DAY"),
    ("SELECT extract('year' FROM now())", 1, 16, "without quotes", "hour"),
    ("SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY bytes) FROM flow_logs", 1, 8, "no function", "percentile"),
    (
        "SELECT * FROM flow_logs\n MATCH_RECOGNIZE (PATTERN (A) DEFINE A AS bytes > 1)",
        2,
        2,
        "MATCH_RECOGNIZE is not available locally",
        "Athena has this",
    ),
    ("SELECT listagg(srcaddr, dt) WITHIN GROUP (ORDER BY 1) FROM flow_logs", 1, 25, "takes a literal text", "array"),
    ("SELECT approx_percentile(bytes, packets) FROM flow_logs", 1, 33, "Locally the percentile", "--engine athena"),
    ("SELECT 1 FROM flow_logs TABLESAMPLE BERNOULLI (200)", 1, 48, "0 to 100 per cent", ""),
    ("SELECT 1 FROM flow_logs TABLESAMPLE SYSTEM ('5')", 1, 45, "0 to 100 per cent", ""),
    ("SELECT sum(1) WITHIN GROUP (ORDER BY bytes) FROM flow_logs", 1, 8, "only listagg", ""),
    ('SELECT "$path" FROM flow_logs', 1, 8, "not available locally", "--engine athena"),
    ("SELECT 1 FROM flow_logs FOR VERSION AS OF 1", 1, 15, "Iceberg", ""),
    ("SELECT U&'\\12'", 1, 8, "no code point", "four"),
    ("SELECT U&'\\d800'", 1, 8, "no code point", "four"),
    ("SELECT U&'a' UESCAPE 'a'", 1, 8, "UESCAPE", ""),
    ("SELECT cast(1 AS nosuch)", 1, 18, "A type was expected before nosuch", ""),
]


@pytest.mark.parametrize(("text", "line", "column", "message", "hint"), REFUSED, ids=lambda part: str(part)[:50])
def test_refusal(engine: DuckDBEngine, text: str, line: int, column: int, message: str, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        engine.translate(text)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert (caught.value.line, caught.value.column) == (line, column)


def test_places_count_in_the_whole_text(engine: DuckDBEngine) -> None:
    text = "-- the first line is a comment\n\n  SELECT srcadr\n  FROM flow_logs;"
    with pytest.raises(QueryError) as caught:
        engine.translate(text)
    assert (caught.value.line, caught.value.column) == (3, 10)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("SELECT\n  1 / (x - 1) FROM (VALUES 1) t(x)", 2, 8, "Division by zero"),
        ("SELECT from_iso8601_timestamp(x) FROM (VALUES 'no') t(x)", 1, 8, "'no' to timestamp with time zone."),
        ("SELECT\n  cast(a AS integer) FROM (VALUES 'éa') t(a)", 2, 3, "Cannot cast 'éa' to integer"),
        ("SELECT 'é', ARRAY[1][x] FROM (VALUES 2) t(x)", 1, 22, "out of bounds"),
        ("SELECT\n x * 9223372036854775807 FROM (VALUES cast(2 AS bigint)) t(x)", 2, 2, "Overflow"),
        ("SELECT 'é',  cast(x AS tinyint) FROM (VALUES 300) t(x)", 1, 14, "out of range"),
        ("SELECT cast(x AS ipaddress) FROM (VALUES '10.0.0.256') t(x)", 1, 8, "10.0.0.256"),
        ("SELECT date '2024-01-01' + x FROM (VALUES INTERVAL '1' HOUR) t(x)", 1, 28, "whole days"),
    ],
)
def test_failures_while_running_have_a_place(
    engine: DuckDBEngine, text: str, line: int, column: int, message: str
) -> None:
    with pytest.raises(QueryError) as caught:
        engine.run(text)
    assert message in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)


def test_control_characters_are_refused(engine: DuckDBEngine) -> None:
    with pytest.raises(QueryError, match="control characters"):
        engine.translate("SELECT '\x01'")


def test_deep_nesting_is_refused_and_not_a_crash(engine: DuckDBEngine) -> None:
    with pytest.raises(QueryError, match="nested too deeply"):
        engine.translate("SELECT " + "(" * 5000 + "1" + ")" * 5000)


def test_a_long_chain_of_conditions_is_fine(engine: DuckDBEngine) -> None:
    condition = " OR ".join(f"dstport = {port}" for port in range(300))
    assert engine.run(f"SELECT count(*) FROM flow_logs WHERE {condition}").rows == 1


@pytest.mark.parametrize("table", ["flow_logs", "FLOW_LOGS", '"flow_logs"', "vpc_flow_logs.flow_logs"])
@pytest.mark.parametrize("catalog", ["", "awsdatacatalog.", "AwsDataCatalog."])
def test_ways_to_name_a_table(engine: DuckDBEngine, table: str, catalog: str) -> None:
    if catalog and "." not in table:
        table = f"vpc_flow_logs.{table}"
    assert engine.run(f"SELECT count(*) FROM {catalog}{table}").rows == 1


def test_the_table_of_what_is_tailed_says_what_makes_it(engine: DuckDBEngine) -> None:
    with pytest.raises(QueryError, match="no table live") as caught:
        engine.run("SELECT * FROM vpc_flow_logs.live")
    assert "flowtui tail" in caught.value.hint


@pytest.mark.parametrize(
    ("expression", "message", "hint"),
    [
        ("max(1, 2, 3)", "max does not take 3 arguments.", "max(value with an order, bigint)."),
        ("transform(1, 2)", "transform(integer, integer) does not fit.", "transform(array, x -> …). Athena converts"),
        ("reduce(1)", "reduce does not take 1 argument.", "reduce(array, any value, (x, y) -> …, x -> …)."),
        ("concat()", "concat needs arguments.", "concat(varchar, varchar, …);"),
    ],
)
def test_wrong_arguments_are_told_in_words(engine: DuckDBEngine, expression: str, message: str, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        engine.run(f"SELECT {expression}")
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_no_hint_shows_the_letters_of_the_table_of_functions() -> None:
    for name in function_names():
        for entry in lookup(name):
            assert not re.search(r"\b[A-Z]\b|tstz", entry.shown), entry.shown
