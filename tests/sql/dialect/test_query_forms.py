"""Forms of queries and the rows they give; the rows are worked out by hand from Trino's documentation of SELECT.

https://trino.io/docs/current/sql/select.html
"""

from __future__ import annotations

from typing import Any

import pytest

from flowtui.errors import QueryError
from flowtui.sql.duckdb_engine import DuckDBEngine

T = "(VALUES (1, 'a'), (2, 'b'), (2, 'c'), (3, NULL)) AS t(n, s)"
U = "(VALUES (2, 20), (3, 30), (4, 40)) AS u(n, m)"

FORMS: list[tuple[str, list[tuple[Any, ...]]]] = [
    (f"SELECT n FROM {T} ORDER BY n FETCH FIRST 2 ROWS WITH TIES", [(1,), (2,), (2,)]),
    (f"SELECT s FROM {T} ORDER BY -n OFFSET 1 ROW FETCH NEXT ROW WITH TIES", [("b",), ("c",)]),
    (f"SELECT DISTINCT n FROM {T} ORDER BY n DESC FETCH FIRST 1 ROW WITH TIES", [(3,)]),
    (f"SELECT n FROM {T} UNION ALL SELECT 1 ORDER BY n FETCH FIRST 1 ROW WITH TIES", [(1,), (1,)]),
    (f"SELECT n FROM {T} ORDER BY 1 OFFSET 2 ROWS FETCH FIRST 1 ROW ONLY", [(2,)]),
    (f"SELECT n FROM {T} ORDER BY n LIMIT ALL", [(1,), (2,), (2,), (3,)]),
    (f"WITH x AS (SELECT * FROM {T}) TABLE x ORDER BY n, s LIMIT 1", [(1, "a")]),
    ("SELECT * FROM ((VALUES 1) AS t(a) CROSS JOIN (VALUES 2) AS u(b))", [(1, 2)]),
    ("SELECT t.a FROM ((SELECT 1 AS a) t JOIN (SELECT 1 AS b) u ON t.a = u.b) JOIN (VALUES 1) v(c) ON c = a", [(1,)]),
    (f"SELECT * FROM {T} JOIN {U} USING (n) ORDER BY s NULLS FIRST", [(3, None, 30), (2, "b", 20), (2, "c", 20)]),
    (f"SELECT n, s, m FROM {T} FULL JOIN {U} USING (n) WHERE s IS NULL ORDER BY n", [(3, None, 30), (4, None, 40)]),
    (f"SELECT t.*, u.* FROM {T} JOIN {U} USING (n) WHERE s = 'b'", [("b", 20)]),
    ("SELECT a FROM (VALUES 1) t(a) FULL JOIN (VALUES 3000000000) u(a) USING (a) ORDER BY 1", [(1,), (3000000000,)]),
    ("SELECT x.* FROM (SELECT CAST(ROW(1, 'a') AS ROW(y integer, z varchar)) AS x)", [(1, "a")]),
    (f"SELECT n, x FROM {T} CROSS JOIN LATERAL (SELECT n * 2 AS x WHERE n > 2)", [(3, 6)]),
    (f"SELECT s, count(*) OVER (PARTITION BY n) FROM {T} ORDER BY 1 LIMIT 2", [("a", 1), ("b", 2)]),
    (f"SELECT n, count(*) FROM {T} GROUP BY GROUPING SETS ((n), ()) ORDER BY 1", [(1, 1), (2, 2), (3, 1), (None, 4)]),
    (
        f"SELECT n, s, count(*) FROM {T} WHERE n < 2 GROUP BY CUBE (n, s) ORDER BY 1, 2",
        [(1, "a", 1), (1, None, 1), (None, "a", 1), (None, None, 1)],
    ),
    ("SELECT 1 INTERSECT SELECT 1 UNION ALL SELECT 2 EXCEPT SELECT 3 ORDER BY 1", [(1,), (2,)]),
    ("SELECT 1 AS a UNION SELECT 1.5 ORDER BY a", [("1.0",), ("1.5",)]),
    (
        "WITH RECURSIVE t(n) AS (VALUES 1 UNION ALL SELECT n * 2 FROM t WHERE n < 5) SELECT n FROM t",
        [(1,), (2,), (4,), (8,)],
    ),
    ("SELECT x, n FROM UNNEST(ARRAY['p', 'q']) WITH ORDINALITY AS t(x, n)", [("p", 1), ("q", 2)]),
    (
        "SELECT k, v, x FROM UNNEST(MAP(ARRAY['k'], ARRAY[1]), ARRAY[5, 6]) AS t(k, v, x)",
        [("k", 1, 5), (None, None, 6)],
    ),
    (f"SELECT n FROM {T} WHERE n >= ALL (SELECT m / 10 FROM {U} WHERE m < 40)", [(3,)]),
    (f"SELECT n FROM {T} WHERE (n, s) IN (SELECT 2, 'c')", [(2,)]),
]


@pytest.mark.parametrize(("query", "rows"), FORMS, ids=lambda part: str(part)[:60])
def test_form(engine: DuckDBEngine, query: str, rows: list[tuple[Any, ...]]) -> None:
    table = engine.run(query).table
    answer = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    assert [tuple(str(v) if type(v).__name__ == "Decimal" else v for v in row) for row in answer] == rows


def test_parentheses_take_no_name_from_a_column(engine: DuckDBEngine) -> None:
    result = engine.run("SELECT DISTINCT(srcaddr), ((f.dstaddr)), (bytes + 1) FROM flow_logs f")
    assert [column.name for column in result.columns] == ["srcaddr", "dstaddr", "_col2"]


def test_names_like_clauses_and_distinct_from_begin_no_clause(engine: DuckDBEngine) -> None:
    query = """SELECT offset FROM (SELECT 1 AS "offset", 2 AS "limit") t
               WHERE limit IS DISTINCT FROM offset ORDER BY 1 LIMIT 1"""
    assert engine.run(query).rows == 1


def test_a_bare_end_is_a_name_inside_case(engine: DuckDBEngine) -> None:
    query = """SELECT CASE WHEN end - start > 60 THEN 'long' WHEN end = 5 THEN 'five' ELSE 'short' END,
               CASE end WHEN 5 THEN end END
               FROM (VALUES (1, 5), (1, 90), (1, 9)) AS t(start, "end") ORDER BY end"""
    table = engine.run(query).table
    rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    assert rows == [("five", 5), ("short", None), ("long", None)]


def test_a_recursion_of_more_than_ten_steps_is_refused_as_in_athena(engine: DuckDBEngine) -> None:
    """Trino's max_recursion_depth is 10, which Athena does not let change; equal rows do not end it."""
    text = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < {}) SELECT count(*) FROM t"
    assert engine.run(text.format(11)).table.column(0).to_pylist() == [11]
    for endless in (text.format(12), "WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT n % 3 + 1 FROM t) SELECT n FROM t"):
        with pytest.raises(QueryError, match="more than 10 steps") as caught:
            engine.run(endless)
        assert (caught.value.line, caught.value.column) == (1, 16)


def test_union_in_a_recursion_drops_repeated_rows_at_the_end(engine: DuckDBEngine) -> None:
    text = "WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT 1 FROM t WHERE n < 1) SELECT n FROM t"
    assert engine.run(text).rows == 1
