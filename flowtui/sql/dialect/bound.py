"""What binding an expression gives: DuckDB text, Athena type, and what the clauses around it must know.

Text under construction may hold offsets in the user's statement, between control characters. A *place* becomes a
plain number in the finished text, an argument of a check that can fail while running. A *mark* leaves no trace in
the text but is remembered, so that a position DuckDB reports can be told in the user's own text. Both vanish from
:func:`key`, so that equal expressions written twice are still seen to be equal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flowtui.sql.dialect import types
from flowtui.sql.dialect.types import Type, duckdb_type

_PLACE, _MARK, _END = "\x01", "\x02", "\x03"


@dataclass(frozen=True, slots=True)
class Bound:
    """An expression after binding.

    Args:
        sql: DuckDB text.
        type: Athena type; ``sql`` yields its DuckDB carrier.
        at: offset of the expression in the user's text.
        free: offsets of columns of this query that stand outside aggregates.
        aggregate: an aggregate is called inside, outside subqueries.
        window: a window function is called inside.
        literal: the value of a literal string or number.
        atom: ``sql`` may stand beside an operator without parentheses.
    """

    sql: str
    type: Type
    at: int = 0
    free: tuple[int, ...] = ()
    aggregate: bool = False
    window: bool = False
    literal: str | int | float | None = None
    atom: bool = True

    @property
    def operand(self) -> str:
        """The text, safe beside an operator."""
        return self.sql if self.atom else f"({self.sql})"


def derived(sql: str, type_: Type, parts: Sequence[Bound], at: int, *, atom: bool = True) -> Bound:
    """A new expression made of others, inheriting what they contain."""
    return Bound(
        sql,
        type_,
        at,
        tuple(offset for part in parts for offset in part.free),
        any(part.aggregate for part in parts),
        any(part.window for part in parts),
        atom=atom,
    )


def widened(bound: Bound, target: Type) -> Bound:
    """Convert to a type Trino widens to by itself; the caller has checked that it may."""
    source = bound.type
    if source == target:
        return bound
    if source == types.UNKNOWN or duckdb_type(source) != duckdb_type(target):
        return replace(bound, sql=f"CAST({bound.sql} AS {duckdb_type(target)})", type=target, atom=True)
    return replace(bound, type=replace(target, zone=source.zone) if source.name == target.name else target)


def place(offset: int) -> str:
    """An offset to be written into the text as a number."""
    return f"{_PLACE}{offset}{_END}"


def mark(offset: int) -> str:
    """An offset to be remembered for what follows it."""
    return f"{_MARK}{offset}{_END}"


def key(sql: str) -> str:
    """The text without places and marks: equal for equal expressions."""
    if _END not in sql:
        return sql
    return "".join(
        part.partition(_END)[2] if _END in part else part for part in sql.replace(_MARK, _PLACE).split(_PLACE)
    )


def pinned(sql: str, offset: int) -> str:
    """The text with every place and mark moved to one offset: that of a view's name, which its text is used at."""
    return re.sub(f"([{_PLACE}{_MARK}])[0-9]+{_END}", rf"\g<1>{offset}{_END}", sql)


def finished(sql: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text with its places as numbers, and its marks as (offset in the text, offset in the user's text)."""
    parts: list[str] = []
    marks = []
    length = 0
    for number, part in enumerate(sql.replace(_PLACE, _MARK + _PLACE).split(_MARK)):
        rest = part
        if number and part.startswith(_PLACE):
            rest = part[1:].replace(_END, "", 1)
        elif number:
            offset, _, rest = part.partition(_END)
            marks.append((length, int(offset)))
        parts.append(rest)
        length += len(rest)
    return "".join(parts), tuple(marks)


def has_control(text: str) -> bool:
    """Whether a text holds a character used while translating; such a text is refused before that."""
    return any("\x00" <= letter <= "\x06" for letter in text)
