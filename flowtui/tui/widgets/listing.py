"""A ring and what of it is listed: the items that pass a filter, and other tests that run beside it.

Event loop only. A new filter's result replaces the old one when there is enough of it to show, so a list never
empties and fills again under the reader's eyes. The newest items are tested first.
"""

from __future__ import annotations

from collections.abc import Callable, MutableSequence, Sequence
from time import perf_counter
from typing import Generic, TypeVar

from flowtui.tui.widgets.ring import Ring, Sieve, Test

_T = TypeVar("_T")

_PORTION = 1000
"""Items tested between two looks at the clock."""


class Listing(Generic[_T]):
    """What a view shows of a ring.

    Args:
        capacity: how many items are held.
        make: makes the empty sequence that holds them.
    """

    def __init__(self, capacity: int, make: Callable[[], MutableSequence[_T]] = list) -> None:
        self._make = make
        self.ring: Ring[_T] = Ring(capacity, make())
        self.sieve: Sieve[_T] = Sieve(self.ring)
        self._next: Sieve[_T] | None = None
        self._enough = 0
        self._beside: list[Sieve[_T]] = []

    def append(self, items: Sequence[_T]) -> None:
        """Add items at the end."""
        start = self.ring.end
        self.ring.extend(items)
        for sieve in self._sieves():
            sieve.arrived(start)

    def clear(self) -> None:
        """Empty the ring; the filter and the other tests stay."""
        self.ring = Ring(self.ring.capacity, self._make())
        self.sieve = Sieve(self.ring, (self._next or self.sieve).passes)
        self._next = None
        for sieve in self._beside:
            sieve.begin_again(self.ring)

    def set_passes(self, passes: Test[_T] | None, enough: int | None) -> None:
        """List what passes.

        Args:
            passes: the test; None lists everything.
            enough: how many passing items are worth showing before all are tested; None waits for all.
        """
        sieve = Sieve(self.ring, passes)
        if sieve.complete:
            self.sieve, self._next = sieve, None
        else:
            self._next, self._enough = sieve, len(self.ring) if enough is None else enough

    def watch(self, passes: Test[_T]) -> Sieve[_T]:
        """Run another test beside the filter, over what is held and what comes, until :meth:`unwatch`."""
        sieve = Sieve(self.ring, passes)
        self._beside.append(sieve)
        return sieve

    def unwatch(self, sieve: Sieve[_T]) -> None:
        """End such a test."""
        self._beside.remove(sieve)

    def items(self, stop: int | None = None) -> list[_T]:
        """The items listed whose numbers are below ``stop``, oldest first."""
        ring = self.ring
        if self.sieve.passes is None:
            return [item for _, item in ring.numbered(ring.first, ring.end if stop is None else stop)]
        return [ring[number] for number in self.sieve.numbers(stop)]

    @property
    def changing(self) -> bool:
        """True while a new filter has not yet been tried on every held item."""
        return self._next is not None or not self.sieve.complete

    @property
    def unfinished(self) -> bool:
        """True while any test has not yet been tried on every held item."""
        return not all(sieve.complete for sieve in self._sieves())

    def scan(self, for_s: float) -> None:
        """Go on testing, the filter first, for so many seconds."""
        until = perf_counter() + for_s
        for sieve in ([self._next] if self._next else []) + [self.sieve, *self._beside]:
            while not sieve.complete and perf_counter() < until:
                sieve.scan(_PORTION)
        if self._next and (self._next.complete or self._next.count() >= self._enough):
            self.sieve, self._next = self._next, None

    def _sieves(self) -> list[Sieve[_T]]:
        return [self.sieve, *self._beside, *([self._next] if self._next else [])]
