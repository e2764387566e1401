"""What binding an expression gives: DuckDB text, Athena type, and what the clauses around it must know.

Text under construction may hold offsets in the user's statement, between control characters. A *place* becomes a
plain number in the finished text, an argument of a check that can fail while running. A *mark* leaves no trace in
the text but is remembered, so that a failure while running can be told in the user's own text; it may say where its
expression ends. Both vanish from :func:`key`, so that equal expressions written twice are still seen to be equal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flowtui.sql.dialect import types
from flowtui.sql.dialect.types import Type, duckdb_type

_PLACE, _MARK, _END = "\x01", "\x02", "\x03"
_OPENS, _CLOSES = "\x07", "\x08"
_QUERY = "q"
_CONTROL = re.compile(f"([{_PLACE}{_MARK}{_OPENS}])({_QUERY}?)([0-9]+){_END}|{_CLOSES}")


@dataclass(frozen=True, slots=True)
class Mark:
    """An expression in DuckDB text that may fail while running.

    Args:
        start: where it begins there.
        end: where it ends; the same as ``start`` where nobody may put anything around it.
        at: its offset in the user's text.
        query: it is a subquery used as a value.
    """

    start: int
    end: int
    at: int
    query: bool = False


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


def enclosed(sql: str, offset: int, *, query: bool = False) -> str:
    """A text with an offset to be remembered for the whole of it."""
    return f"{_OPENS}{_QUERY if query else ''}{offset}{_END}{sql}{_CLOSES}"


def key(sql: str) -> str:
    """The text without places and marks: equal for equal expressions."""
    return _CONTROL.sub("", sql) if _END in sql else sql


def pinned(sql: str, offset: int) -> str:
    """The text with every place and mark moved to one offset: that of a view's name, which its text is used at."""
    return _CONTROL.sub(lambda found: f"{found[1]}{found[2]}{offset}{_END}" if found[1] else found[0], sql)


def finished(sql: str) -> tuple[str, tuple[Mark, ...]]:
    """The text with its places as numbers, and its marks in the order they begin."""
    parts: list[str] = []
    marks: list[Mark] = []
    opened: list[int] = []
    length = after = 0
    for found in _CONTROL.finditer(sql):
        kind, query, offset = found.groups()
        part = sql[after : found.start()] + (offset if kind == _PLACE else "")
        parts.append(part)
        length += len(part)
        after = found.end()
        if kind is None:
            begun = opened.pop()
            marks[begun] = replace(marks[begun], end=length)
        elif kind != _PLACE:
            if kind == _OPENS:
                opened.append(len(marks))
            marks.append(Mark(length, length, int(offset), bool(query)))
    return "".join([*parts, sql[after:]]), tuple(marks)


def has_control(text: str) -> bool:
    """Whether a text holds a character used while translating; such a text is refused before that."""
    return any("\x00" <= letter <= "\x08" for letter in text)
