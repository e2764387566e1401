"""Names that are words of the grammar, bare wherever Athena takes them so."""

from __future__ import annotations

import pytest

from flowtui.errors import QueryError
from flowtui.sql.duckdb_engine import DuckDBEngine

# Trino's rule nonReserved (SqlBase.g4), without ALL, which is a quantifier in most of these places.
_NOT_RESERVED = """
absent add admin after analyze any array asc at authorization begin bernoulli both call called cascade catalog
catalogs column columns comment commit committed conditional copartition count current data date day declare
default define definer deny desc descriptor deterministic distributed do double elseif empty encoding error
excluding explain fetch filter final first following format function functions grace grant granted grants
graphviz groups hour if ignore immediate including initial input interval invoker io iterate isolation json keep
key keys language last lateral leading leave level limit local logical loop map match matched matches
match_recognize materialized measures merge minute month nested next nfc nfd nfkc nfkd no none nullif nulls
object of offset omit one only option ordinality output over overflow partition partitions passing past path
pattern per period permute plan position preceding precision privileges properties prune quotes range read
refresh rename repeat repeatable replace reset respect restrict return returning returns revoke role roles
rollback row rows running scalar schema schemas second security seek serializable session set sets show some
start stats subset substring system tables tablesample text string ties time timestamp to trailing transaction
truncate try_cast type unbounded uncommitted unconditional unique unknown unmatched until update use user utf16
utf32 utf8 validate value verbose version view while window within without work wrapper write year zone
"""
# No words of Trino's at all, but of other systems.
_FOREIGN = "rlike div ilike qualify pivot unpivot glob regexp overlaps semi anti asof lock index top isnull notnull"

_STATEMENTS = (
    "SELECT {w}, t.{w}, y, {w} + 1, -{w}, ({w}) FROM (VALUES (1, 2)) t({w}, y) WHERE {w} = 1 AND 1 = {w} AND y > {w} "
    "AND {w} IN (1) AND {w} BETWEEN 1 AND 2 AND {w} IS NOT NULL ORDER BY {w} DESC NULLS LAST, y, {w}",
    "SELECT count(*), max({w}), sum({w}) FILTER (WHERE {w} > 0) FROM (VALUES (1, 2)) t({w}, y) GROUP BY y, {w}",
    "SELECT count(*) FROM (VALUES (1, 2)) t({w}, y) GROUP BY {w}",
    "SELECT y, {w} FROM (VALUES (1, 2)) t({w}, y) ORDER BY {w} OFFSET 0 LIMIT 1",
    "SELECT y AS {w}, CASE WHEN {w} = 1 THEN {w} ELSE {w} END, CASE {w} WHEN 1 THEN 2 END, coalesce({w}, 1), "
    "CAST({w} AS bigint), row_number() OVER (PARTITION BY {w} ORDER BY {w}) FROM (VALUES (1, 2)) AS {w}({w}, y)",
    "WITH {w}({w}) AS (SELECT 1) SELECT {w} FROM {w} JOIN (VALUES 1) b({w}) USING ({w}) "
    "WHERE {w} IN (SELECT {w}.{w} FROM {w})",
    "SELECT transform(ARRAY[1], {w} -> {w} + 1)",
)


@pytest.mark.parametrize("word", [*_NOT_RESERVED.split(), *_FOREIGN.split()])
def test_words_that_are_not_reserved_are_names(engine: DuckDBEngine, word: str) -> None:
    for statement in _STATEMENTS:
        assert engine.run(statement.replace("{w}", word)).rows == 1, statement


@pytest.mark.parametrize(
    "word",
    ["date", "time", "hour", "range", "rows", "filter", "limit", "offset", "first", "last", "window", "fetch", "year"],
)
def test_an_alias_needs_no_as(engine: DuckDBEngine, word: str) -> None:
    result = engine.run(f"SELECT x {word}, y z FROM (VALUES (1, 2)) t(x, y)")
    assert [column.name for column in result.columns] == [word, "z"]
    assert [column.name for column in engine.run(f"SELECT 1 {word} FROM (VALUES 1) t(x)").columns] == [word]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT 1 x FROM (VALUES 1) t(x) WHERE x ILIKE 'a'", "Athena has no ILIKE"),
        ("SELECT x DIV 2 FROM (VALUES 1) t(x)", "Athena has no DIV"),
        ("SELECT x FROM (VALUES 1) t(x) WHERE x ISNULL", "Athena has no ISNULL"),
        ("SELECT x FROM (VALUES 1) t(x) QUALIFY row_number() OVER () = 1", "Athena has no QUALIFY"),
        ("SELECT x FROM (VALUES 1) t(x) GROUP BY LIMIT 5", "Something is missing"),
        ("SELECT x, FROM (VALUES 1) t(x)", "A comma too many"),
    ],
)
def test_clauses_and_foreign_operators_stay_what_they_are(engine: DuckDBEngine, text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        engine.run(text)
