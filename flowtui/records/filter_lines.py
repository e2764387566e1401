"""A filter over lines as they came, for a ring of a hundred thousand that waits for each keystroke.

A line that is known to fit its layout need not be parsed to be judged: its columns are cut, as far as a term needs
them, and a column's text is judged once and remembered, for addresses, ports and actions come again and again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flowtui.records.filter_values import Check
from flowtui.records.layout import Layout, split_line

if TYPE_CHECKING:
    from flowtui.records.filter import Filter, LineTest, Term

_REMEMBERED = 200_000
"""Texts of one column whose outcome is remembered."""


class _Judged(dict[str, bool]):
    """Outcome of a check by a column's text."""

    def __init__(self, check: Check, numeric: bool) -> None:
        super().__init__()
        self._check = check
        self._numeric = numeric

    def __missing__(self, text: str) -> bool:
        if len(self) >= _REMEMBERED:
            self.clear()
        value = (None if text == "-" else int(text)) if self._numeric else text
        outcome = self[text] = self._check(value)
        return outcome


_Part = tuple[tuple[tuple[int, _Judged], ...], bool]
"""Columns of which one must pass, and the outcome that lets the line through."""


def line_test(wanted: Filter) -> LineTest:
    """The test; for every line it says what ``wanted.matches`` says of the parsed one."""
    # By identity, for hashing a layout takes as long as judging a line; the layouts are kept, so ids stay theirs.
    tests: dict[int, tuple[Layout, Callable[[str], bool]]] = {}
    matches = wanted.matches

    def test(raw: str, layout: Layout | None) -> bool:
        if layout is None:
            return matches(raw)
        found = tests.get(id(layout))
        if found is None:
            found = tests[id(layout)] = layout, _compiled(wanted, layout)
        return found[1](raw)

    return test


def _compiled(wanted: Filter, layout: Layout) -> Callable[[str], bool]:
    whole = [term for term in wanted.terms if not term.fields]
    parts: list[_Part] = []
    for term in wanted.terms:
        part = _part(term, layout) if term.fields else None
        if part is None:
            continue
        if isinstance(part, tuple):
            parts.append(part)
        elif not part:
            return lambda _: False
    if not parts:
        return lambda raw: all(term.passes(raw) for term in whole)
    if len(parts) == 1 and not whole and len(parts[0][0]) == 1:
        return _single(*parts[0][0][0], parts[0][1])
    return _general(parts, whole)


def _part(term: Term, layout: Layout) -> _Part | bool:
    """A term for one layout; a bool where the layout lacks the fields, so that every line has the same outcome."""
    passing = term.differs == term.negated
    columns = []
    for name in term.fields:
        position = layout.index(name)
        if position is None:
            if term.check(None):
                return passing
            continue
        field = layout.fields[position]
        columns.append((position, _Judged(term.check, field is not None and field.numeric)))
    return (tuple(columns), passing) if columns else not passing


def _single(position: int, judged: _Judged, passing: bool) -> Callable[[str], bool]:
    most = position + 1

    def test(raw: str) -> bool:
        columns = split_line(raw) if "  " in raw or raw[0] == " " or raw[-1] in " \r\n" else raw.split(" ", most)
        return judged[columns[position]] is passing

    return test


def _general(parts: list[_Part], whole: list[Term]) -> Callable[[str], bool]:
    most = 1 + max(position for columns, _ in parts for position, _ in columns)

    def test(raw: str) -> bool:
        columns = split_line(raw) if "  " in raw or raw[0] == " " or raw[-1] in " \r\n" else raw.split(" ", most)
        for judges, passing in parts:
            for position, judged in judges:
                if judged[columns[position]]:
                    if not passing:
                        return False
                    break
            else:
                if passing:
                    return False
        return all(term.passes(raw) for term in whole) if whole else True

    return test
