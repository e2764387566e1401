"""A filter over lines as they came, for a ring of a hundred thousand that waits for each keystroke.

A line that is known to fit its layout need not be parsed to be judged: its columns are cut, as far as a term needs
them. Lines are taken many at a time, each text of a column is judged once for all of them, and what one term drops the
next does not look at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING

from flowtui.records.filter_checks import Check
from flowtui.records.layout import Layout, split_line

if TYPE_CHECKING:
    from flowtui.records.filter import Filter, Term

_Step = Callable[[Sequence[str], bool], Sequence[int]]
"""Places of the lines that pass one term; the flag says that all of them are even (see :func:`is_even`)."""


def is_even(raw: str) -> bool:
    """Whether single spaces, and nothing else, stand between a line's columns: the quickest to cut."""
    return bool(raw) and "  " not in raw and raw[0] != " " and raw[-1] not in " \r\n"


class LineTest:
    """For every line it says what ``wanted.matches`` says of the parsed one.

    Args:
        wanted: the filter.
    """

    def __init__(self, wanted: Filter) -> None:
        self._wanted = wanted
        # By identity, for hashing a layout takes as long as judging a line; the layouts are kept, so ids stay theirs.
        self._steps: dict[int, tuple[Layout, list[_Step] | None]] = {}

    def __call__(self, raw: str, layout: Layout | None) -> bool:
        """One line, which is known to fit the layout; None for one that fits none."""
        return bool(self.passing((raw,), layout))

    def passing(self, raws: Sequence[str], layout: Layout | None, *, even: bool = False) -> Sequence[int]:
        """The places of the lines that pass, in order.

        Args:
            raws: the lines.
            layout: the layout all of them fit; None for lines that fit none.
            even: whether all of them are known to be even, which is several times faster.
        """
        if layout is None:
            matches = self._wanted.matches
            return [place for place, raw in enumerate(raws) if matches(raw)]
        known = self._steps.get(id(layout))
        if known is None:
            known = self._steps[id(layout)] = layout, _steps(self._wanted, layout)
        if known[1] is None:
            return ()
        places: Sequence[int] = range(len(raws))
        for step in known[1]:
            chosen = step(raws, even)
            if not chosen:
                return ()
            if len(chosen) < len(raws):
                places = [places[place] for place in chosen]
                raws = [raws[place] for place in chosen]
        return places


def _steps(wanted: Filter, layout: Layout) -> list[_Step] | None:
    """What a line of one layout has to pass; None when no line can."""
    columns: list[_Step] = []
    whole: list[_Step] = []
    for term in wanted.terms:
        if not term.fields:
            whole.append(_of_line(term.line, not term.negated))
            continue
        step = _of_columns(term, layout)
        if step is False:
            return None
        if step is not True:
            if term.check.near and term.differs == term.negated:
                columns.append(_near(term.check.near))
            columns.append(step)
    return columns + whole


def _of_line(holds: Callable[[str], bool], passing: bool) -> _Step:
    return lambda raws, _: [place for place, raw in enumerate(raws) if holds(raw) is passing]


def _near(texts: Sequence[str]) -> _Step:
    first, last = texts[0], texts[-1]
    return lambda raws, _: [place for place, raw in enumerate(raws) if first in raw or last in raw]


def _of_columns(term: Term, layout: Layout) -> _Step | bool:
    """A term for one layout; a bool where the layout lacks the fields, so that every line has the same outcome."""
    passing = term.differs == term.negated
    known = [(name, position) for name in term.fields if (position := layout.index(name)) is not None]
    if len(known) < len(term.fields) and term.check(None):
        return passing
    if not known:
        return not passing
    positions = [position for _, position in known]
    # The fields that one name stands for are all numbers or all texts.
    field = layout.fields[positions[0]]
    numeric = field is not None and field.numeric
    if len(positions) == 1:
        return _one_column(positions[0], len(layout.names), term.check, numeric, passing)
    return _any_column(positions, term.check, numeric, passing)


def _one_column(position: int, width: int, check: Check, numeric: bool, passing: bool) -> _Step:
    most, most_behind = position + 1, width - position

    def step(raws: Sequence[str], even: bool) -> Sequence[int]:
        if not even:
            texts = [split_line(raw)[position] for raw in raws]
        elif most <= most_behind:
            texts = [raw.split(" ", most)[position] for raw in raws]
        else:
            texts = [raw.rsplit(" ", most_behind)[1] for raw in raws]
        distinct = set(texts)
        wanted = check.among(distinct, numeric)
        if not passing:
            wanted = distinct - wanted
        # Most filters pass all of a portion or nothing, which the set tells.
        if len(wanted) == len(distinct):
            return range(len(texts))
        return [place for place, text in enumerate(texts) if text in wanted] if wanted else ()

    return step


def _any_column(positions: Sequence[int], check: Check, numeric: bool, passing: bool) -> _Step:
    most = 1 + max(positions)
    of_row = itemgetter(*positions)

    def step(raws: Sequence[str], even: bool) -> Sequence[int]:
        rows = [of_row(raw.split(" ", most) if even else split_line(raw)) for raw in raws]
        wanted = check.among(set(chain.from_iterable(rows)), numeric)
        if not wanted:
            return () if passing else range(len(rows))
        return [place for place, row in enumerate(rows) if wanted.isdisjoint(row) is not passing]

    return step
