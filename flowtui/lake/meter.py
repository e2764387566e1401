"""How far a batch is; the thread that loads it notes, the one that tells progress asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_UNWRAPPING = 0.8
"""Share of a dump of events that taking out its messages takes; the database does the rest."""


class Meter:
    """Bytes of a batch that are done with, about. What was told once is not taken back.

    Args:
        size: bytes of its objects as stored.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._unwrapped = 0.0
        self._share = 0.0
        self._reads = False

    def unwrap(self, size: float) -> None:
        """Messages were taken out of so many bytes of a dump, as stored."""
        self._unwrapped += _UNWRAPPING * size

    @contextmanager
    def statement(self) -> Iterator[None]:
        """The block is the statement that reads the objects, the only one whose progress counts."""
        self._reads = True
        try:
            yield
        finally:
            self._reads = False

    def bytes_done(self, percent: float) -> int:
        """Bytes done, by what the database says of the statement at work; of one that ended it says 100."""
        if self._reads and 0 <= percent < 100:
            self._share = max(self._share, percent / 100)
        unwrapped = min(self._unwrapped, float(self._size))
        return int(unwrapped + (self._size - unwrapped) * self._share)
