"""Filters laid one over another: a record is listed when it passes every one that is switched on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from flowtui.records.filter import Filter, FilterError
from flowtui.tui.tail.held_rows import HeldRows
from flowtui.tui.tail.lines import HeldLine, TailRow
from flowtui.tui.widgets.ring import ManyTest


@dataclass(frozen=True, slots=True)
class Layer:
    """One filter of the stack."""

    filter: Filter
    on: bool = True


class FilterStack:
    """The layers that were kept, and over them the one that is being typed.

    ``wrong`` says what is the matter with the text typed last; the layer before it then still holds. ``aside`` is True
    while everything is shown whatever the filters say.
    """

    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.top = Filter()
        self.wrong = ""
        self.aside = False
        self._typed: list[tuple[str, Filter]] = []

    def type(self, text: str, names: Collection[str]) -> None:
        """The top layer's text.

        One that cannot be understood leaves the layer before it, which is not the beginning of the term that is wrong:
        on the way to ``src=10.0.0.0/8`` nobody looks for the word ``src``.
        """
        try:
            self.top, self.wrong = Filter.parse(text, names), ""
        except FilterError as error:
            self.wrong = str(error)
            while self._typed and _is_cut(self._typed[-1][0], text):
                self._typed.pop()
            self.top = self._typed[-1][1] if self._typed else Filter()
        else:
            self._typed.append((text, self.top))

    def keep(self) -> None:
        """Lay the top one down, so that another can be typed over it."""
        if self.top:
            self.layers.append(Layer(self.top))
        self.top, self.wrong = Filter(), ""
        self._typed.clear()

    def remove_last(self) -> str:
        """Take the newest layer away; returns its text, empty when there was none."""
        if self.top or self.wrong:
            text, self.top, self.wrong = self.top.text, Filter(), ""
            self._typed.clear()
        else:
            text = self.layers.pop().filter.text if self.layers else ""
        return text

    def switch(self, position: int) -> None:
        """Switch a kept layer off or on."""
        layer = self.layers[position]
        self.layers[position] = replace(layer, on=not layer.on)

    @property
    def text(self) -> str:
        """What is filtered by, as one filter's text."""
        return self._combined().text

    @property
    def off(self) -> int:
        """How many layers are switched off."""
        return sum(not layer.on for layer in self.layers)

    def test(self) -> RowTest | None:
        """What a row must be like; None when everything is shown. Marks of gaps always are."""
        found = self._combined()
        return None if self.aside or not found else row_test(found, gaps=True)

    def _combined(self) -> Filter:
        found = Filter()
        for layer in self.layers:
            if layer.on:
                found &= layer.filter
        return found & self.top


class RowTest(ManyTest[TailRow]):
    """A filter as a test of rows.

    Args:
        wanted: the filter.
        gaps: the answer for the marks of gaps.
    """

    def __init__(self, wanted: Filter, *, gaps: bool) -> None:
        self._passes = wanted.for_lines()
        self._gaps = gaps

    def __call__(self, row: TailRow) -> bool:
        """Whether a row passes."""
        return self._passes(row.raw, row.layout) if isinstance(row, HeldLine) else self._gaps

    def many(self, rows: Sequence[TailRow]) -> Sequence[int]:
        """The places of those that pass."""
        lines = rows if isinstance(rows, HeldRows) else HeldRows(rows)
        found: list[Sequence[int]] = []
        for shape, places in lines.by_shape().items():
            if shape is None:
                found.append(places if self._gaps else ())
            elif len(places) == len(lines):
                found.append(self._passes.passing(lines.texts, shape.layout, even=shape.even))
            else:
                texts = [lines.texts[place] for place in places]
                found.append([places[one] for one in self._passes.passing(texts, shape.layout, even=shape.even)])
        return found[0] if len(found) == 1 else sorted(chain.from_iterable(found))


def _is_cut(text: str, longer: str) -> bool:
    """Whether a text ends in a word that is the beginning of something else in the text it was continued to."""
    if not text or text[-1].isspace() or not longer.startswith(text) or longer[len(text) :][:1].isspace():
        return False
    return not set(text.split()[-1]) & set("=<>")


def row_test(wanted: Filter, *, gaps: bool) -> RowTest:
    """A filter as a test of rows; ``gaps`` is the answer for the marks of gaps."""
    return RowTest(wanted, gaps=gaps)
