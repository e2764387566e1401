"""A bounded, numbered list, and the part of it that a filter lets through.

Numbers never come back, so a view can hold on to an item (its cursor, its top line) while others arrive and leave.
The first item to arrive is 0; older ones fetched later stand below it. Appending is a list's own ``extend``; eviction
moves an offset and gives the memory back in blocks, so both cost the same whatever the size.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, MutableSequence, Sequence
from typing import Generic, TypeVar

_SLACK = 8
"""The backing list may be longer than the capacity by this part of it before evicted items are let go."""

_T = TypeVar("_T")
_In = TypeVar("_In", contravariant=True)
Test = Callable[[_T], bool]


class ManyTest(ABC, Generic[_In]):
    """A test that takes many items at a time, faster than one by one."""

    @abstractmethod
    def __call__(self, item: _In) -> bool:
        """Whether an item passes."""

    @abstractmethod
    def many(self, items: Sequence[_In]) -> Sequence[int]:
        """The places of those that pass, in order."""


class Ring(Generic[_T]):
    """The newest items of a stream.

    Args:
        capacity: how many items are kept, at least 1.
        items: an empty sequence to keep them in, when a list of them is not compact enough.
    """

    def __init__(self, capacity: int, items: MutableSequence[_T] | None = None) -> None:
        if capacity < 1:
            raise ValueError("a ring holds at least one item")
        self.capacity = capacity
        self._items: MutableSequence[_T] = [] if items is None else items
        self._first_number = 0
        self._skip = 0
        self.evicted = 0

    @property
    def first(self) -> int:
        """Number of the oldest item still held."""
        return self._first_number + self._skip

    @property
    def end(self) -> int:
        """One past the number of the newest item."""
        return self._first_number + len(self._items)

    @property
    def room(self) -> int:
        """How many more items can be held before one has to leave."""
        return self.capacity - len(self)

    def __len__(self) -> int:
        return len(self._items) - self._skip

    def extend(self, items: Iterable[_T]) -> int:
        """Append items in order; returns how many old ones left."""
        self._items.extend(items)
        gone = max(0, len(self) - self.capacity)
        self._skip += gone
        self.evicted += gone
        if self._skip > max(self.capacity // _SLACK, 1):
            self._let_go()
        return gone

    def prepend(self, items: Sequence[_T]) -> int:
        """Put items before the oldest one, in order; returns how many of them, the newest, there was room for."""
        taken = min(len(items), self.room)
        if taken:
            self._let_go()
            self._items[:0] = items[len(items) - taken :]
            self._first_number -= taken
        return taken

    def _let_go(self) -> None:
        del self._items[: self._skip]
        self._first_number += self._skip
        self._skip = 0

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and self.first <= number < self.end

    def __getitem__(self, number: int) -> _T:
        if number not in self:
            raise IndexError(f"item {number} is not held (have {self.first} to {self.end - 1})")
        return self._items[number - self._first_number]

    def numbered(self, start: int, stop: int) -> Iterator[tuple[int, _T]]:
        """The held items with numbers in ``[start, stop)``, oldest first."""
        start, stop = max(start, self.first), min(stop, self.end)
        return zip(range(start, stop), self.between(start, stop), strict=True)

    def between(self, start: int, stop: int) -> Sequence[_T]:
        """The items with these numbers, all of them held."""
        return self._items[start - self._first_number : stop - self._first_number] if start < stop else ()

    def passing(self, passes: Test[_T], start: int, stop: int) -> list[int]:
        """The numbers in ``[start, stop)`` of the held items that pass a test."""
        start = max(start, self.first)
        items = self.between(start, stop)
        if isinstance(passes, ManyTest):
            return [start + place for place in passes.many(items)]
        return [number for number, item in enumerate(items, start) if passes(item)]


class Sieve(Generic[_T]):
    """The numbers of a ring's items that pass a test, found newest first so that a screenful is there at once.

    New items are tested as they arrive (:meth:`arrived`); those that were there before in portions
    (:meth:`scan`), until :attr:`complete`. With no test everything passes and nothing is stored.

    Args:
        ring: what is sieved; evictions are noticed by themselves.
        passes: the test, or None.
    """

    def __init__(self, ring: Ring[_T], passes: Test[_T] | None = None) -> None:
        self.passes = passes
        self.begin_again(ring)

    def begin_again(self, ring: Ring[_T]) -> None:
        """Sieve a ring from its newest item on."""
        self._ring = ring
        self._numbers: list[int] = []
        self._unscanned = ring.end

    @property
    def complete(self) -> bool:
        """True when every held item has been tested."""
        return self.passes is None or self._unscanned <= self._ring.first

    def arrived(self, start: int) -> None:
        """Test the items with numbers from ``start`` on, which were just appended."""
        passes = self.passes
        if passes:
            self._numbers += self._ring.passing(passes, start, self._ring.end)
        self._forget_evicted()

    def scan(self, portion: int) -> None:
        """Test up to ``portion`` more of the older items."""
        if self.passes is None or self.complete:
            return
        start = max(self._unscanned - portion, self._ring.first)
        self._numbers[:0] = self._ring.passing(self.passes, start, self._unscanned)
        self._unscanned = start

    def _forget_evicted(self) -> None:
        # Evicted numbers sit at the head; they are cut off in blocks, and skipped by bisection until then.
        head = bisect_left(self._numbers, self._ring.first)
        if head > max(self._ring.capacity // _SLACK, 1):
            del self._numbers[:head]

    def _head(self) -> int:
        return bisect_left(self._numbers, self._ring.first)

    def count(self, start: int | None = None, stop: int | None = None) -> int:
        """How many passing items have numbers in ``[start, stop)``; without bounds, how many there are."""
        start = self._ring.first if start is None else max(start, self._ring.first)
        stop = self._ring.end if stop is None else min(stop, self._ring.end)
        if self.passes is None:
            return max(0, stop - start)
        return max(0, bisect_left(self._numbers, stop) - bisect_left(self._numbers, start))

    def number_at(self, line: int) -> int:
        """The number of the passing item on line ``line``, counted from the oldest one held."""
        return self._ring.first + line if self.passes is None else self._numbers[self._head() + line]

    def line_of(self, number: int) -> int:
        """The line of an item, or of the next passing one when it is gone or does not pass."""
        if self.passes is None:
            return max(0, number - self._ring.first)
        return max(0, bisect_left(self._numbers, number) - self._head())

    def next_to(self, number: int, step: int) -> int | None:
        """The number of the passing item nearest to ``number`` after it (``step`` 1) or before it (-1)."""
        if step > 0:
            start = max(number + 1, self._ring.first)
            return self.number_at(self.line_of(start)) if self.count(start) else None
        before = self.count(stop=number)
        return self.number_at(before - 1) if before else None

    def numbers(self, stop: int | None = None) -> Sequence[int]:
        """The numbers of all passing items below ``stop``, oldest first."""
        stop = self._ring.end if stop is None else min(stop, self._ring.end)
        if self.passes is None:
            return range(self._ring.first, max(stop, self._ring.first))
        return self._numbers[self._head() : bisect_left(self._numbers, stop)]
