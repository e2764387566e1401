"""What the reader marked: highlighted texts with their counts, and bookmarks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection
from dataclasses import dataclass

from flowtui.records.filter import Filter
from flowtui.tui.tail.filters import RowTest, row_test
from flowtui.tui.tail.lines import HeldLine, TailRow
from flowtui.tui.widgets.listing import Listing
from flowtui.tui.widgets.ring import Sieve

MOST = 9
"""Highlights at one time; each has a digit of its own."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """One text looked for: its test, and the rows that pass it, found as they come."""

    text: str
    test: RowTest
    rows: Sieve[TailRow]


class Highlights:
    """The texts looked for, oldest first; the newest is the one that ``n`` and ``N`` walk along."""

    def __init__(self, listing: Listing[TailRow]) -> None:
        self._listing = listing
        self.all: list[Highlight] = []

    def add(self, text: str, names: Collection[str]) -> None:
        """Look for something more; a tenth one takes the place of the oldest.

        Raises:
            FilterError: the text cannot be understood.
        """
        test = row_test(Filter.parse(text, names), gaps=False)
        if len(self.all) == MOST:
            self._listing.unwatch(self.all.pop(0).rows)
        self.all.append(Highlight(text, test, self._listing.watch(test)))

    def remove_last(self) -> str:
        """Look no longer for the newest; returns its text, empty when there was none."""
        if not self.all:
            return ""
        gone = self.all.pop()
        self._listing.unwatch(gone.rows)
        return gone.text

    def of(self, row: TailRow) -> int:
        """The number, from 1, of the newest highlight a row has; 0 for none."""
        return next((place for place in range(len(self.all), 0, -1) if self.all[place - 1].test(row)), 0)

    def next_to(self, number: int, step: int) -> int | None:
        """The nearest listed row after (1) or before (-1) one that has the newest highlight."""
        if not self.all:
            return None
        rows, listed = self.all[-1].rows, self._listing.sieve
        found = rows.next_to(number, step)
        while found is not None and not listed.count(found, found + 1):
            found = rows.next_to(found, step)
        return found


class Bookmarks:
    """Rows the reader put a mark on, by number; they are kept here when the ring has let them go."""

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._lines: dict[int, HeldLine] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, number: object) -> bool:
        return number in self._lines

    def turn(self, number: int, line: HeldLine) -> bool:
        """Set or take away a mark; True when it is set now."""
        if number in self._lines:
            del self._lines[number]
            self._numbers.remove(number)
            return False
        self._lines[number] = line
        insort(self._numbers, number)
        return True

    def next_to(self, number: int, step: int) -> int | None:
        """The nearest mark after (1) or before (-1) a row."""
        place = bisect_right(self._numbers, number) if step > 0 else bisect_left(self._numbers, number) - 1
        return self._numbers[place] if 0 <= place < len(self._numbers) else None

    def listed(self) -> list[tuple[int, HeldLine]]:
        """All marks, oldest first."""
        return [(number, self._lines[number]) for number in self._numbers]
