"""Which expression failed while rows were computed.

DuckDB gives no place for most of these failures. So the statement runs again with a guard around its expressions, the
inner ones first: a guard's own failure tells the place of the expression in it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence

from flowtui.sql.dialect.bound import Mark

Again = Callable[[str, float], Exception | None]
"""Runs DuckDB text to its end, for so many seconds at most, and gives the failure.

Raises:
    QueryCancelled: the user stopped it.
    TimeoutError: the time was up.
"""
PATIENCE_S = 2.0
"""How long all the runs of a search may take; beyond, the failure is told without its place."""
_HERE = "here"


def failed_at(sql: str, marks: Sequence[Mark], again: Again, *, many_rows: bool = False) -> int | None:
    """Offset in the user's text of the expression a failure comes from; None when that is not certain.

    Args:
        sql: DuckDB text that failed.
        marks: the expressions in it.
        again: runs a text.
        many_rows: a subquery used as a value gave several rows; otherwise an expression failed.

    Raises:
        QueryCancelled: the user stopped the search.
    """
    until = time.monotonic() + PATIENCE_S
    enclosed = [mark for mark in marks if mark.end > mark.start and mark.query == many_rows]
    try:
        for level in _levels(enclosed):
            found = _searched(sql, level, again, until)
            if found is not None:
                return found
    except TimeoutError:
        return None
    others = {mark.at for mark in marks if mark.end == mark.start} - {mark.at for mark in enclosed}
    return others.pop() if len(others) == 1 and not many_rows else None


def _levels(marks: Sequence[Mark]) -> list[list[Mark]]:
    """The marks that hold no other, then those that hold only such, and so on."""
    levels: list[list[Mark]] = []
    heights: list[tuple[Mark, int]] = []
    for mark in sorted(marks, key=lambda mark: (mark.end, -mark.start)):
        height = 0
        while heights and heights[-1][0].start >= mark.start:
            height = max(height, heights.pop()[1] + 1)
        heights.append((mark, height))
        if height == len(levels):
            levels.append([])
        levels[height].append(mark)
    return levels


def _searched(sql: str, marks: Sequence[Mark], again: Again, until: float) -> int | None:
    """The place that one of the guards tells; marks that no guard may stand around are left out."""
    from duckdb import BinderException, ParserException

    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    failure = again(_guarded(sql, marks), left)
    found = re.search(rf"Athena@([0-9]+): {_HERE}", str(failure))
    if found is not None:
        return int(found[1])
    places = sorted({mark.at for mark in marks})
    if not isinstance(failure, (BinderException, ParserException)) or len(places) == 1:
        return None
    middle = places[len(places) // 2]
    for half in ([m for m in marks if m.at < middle], [m for m in marks if m.at >= middle]):
        found_at = _searched(sql, half, again, until)
        if found_at is not None:
            return found_at
    return None


def _guarded(sql: str, marks: Sequence[Mark]) -> str:
    pieces = []
    after = 0
    for mark in sorted(marks, key=lambda mark: mark.start):
        inside = sql[mark.start : mark.end]
        failure = f"fail('{_HERE}', {mark.at}) = 0"
        if mark.query:
            # DuckDB runs the subquery of every branch, taken or not.
            several = f"(SELECT count(*) FROM {inside} AS _n) > 1 AND {failure}"
            guard = f"(CASE WHEN {several} THEN NULL ELSE (SELECT * FROM {inside} AS _n LIMIT 1) END)"
        else:
            # A NULL in a struct is not a NULL, so that only a failure is.
            tried = f"TRY(struct_pack(v := {inside}))"
            guard = f"struct_extract(coalesce({tried}, CASE WHEN {failure} THEN NULL END), 'v')"
        pieces += [sql[after : mark.start], guard]
        after = mark.end
    return "".join([*pieces, sql[after:]])
