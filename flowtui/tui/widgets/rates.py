"""A histogram in one line: how much was accepted and rejected in the last intervals."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

BUCKETS = 12
_KEPT = 2000
"""Buckets remembered, over a day of minutes."""
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Counts over a stretch of time, oldest first: it begins at ``began_s`` (Unix seconds), a bar is ``bar_s`` long."""

    began_s: int
    bar_s: int
    good: tuple[int, ...]
    bad: tuple[int, ...]


class Histogram:
    """Counts of a good and a bad outcome by time.

    Args:
        bucket_s: seconds a bucket is long.
    """

    def __init__(self, bucket_s: int = 60) -> None:
        self._bucket_s = bucket_s
        self._counts: dict[int, list[int]] = {}

    def add(self, second: int, good: int, bad: int) -> None:
        """Count outcomes at a Unix second; late ones fall where they belong."""
        entry = self._counts.setdefault(second // self._bucket_s, [0, 0])
        entry[0] += good
        entry[1] += bad
        if len(self._counts) > 2 * _KEPT:
            for old in sorted(self._counts)[:-_KEPT]:
                del self._counts[old]

    def totals(self) -> tuple[int, int]:
        """Good and bad of the last :data:`BUCKETS` buckets."""
        newest = max(self._counts, default=0)
        shown = [self._counts.get(bucket, (0, 0)) for bucket in range(newest - BUCKETS + 1, newest + 1)]
        return sum(entry[0] for entry in shown), sum(entry[1] for entry in shown)

    def bars(self, glyphs: str) -> str:
        """One character a bucket for the last :data:`BUCKETS`, oldest first; ``glyphs`` goes from nothing to full."""
        if not self._counts:
            return ""
        newest = max(self._counts)
        window = range(newest - BUCKETS + 1, newest + 1)
        return spark([sum(self._counts.get(bucket, (0, 0))) for bucket in window], glyphs)

    def stretch(self, bars: int) -> Stretch | None:
        """Everything counted in at most so many bars, of one, two, five … buckets each; None when nothing was."""
        if not self._counts:
            return None
        oldest, newest = min(self._counts), max(self._counts)
        step = next((one for one in _STEPS if newest // one - oldest // one < bars), _STEPS[-1])
        first = max(oldest // step, newest // step - bars + 1)
        good, bad = [0] * (newest // step - first + 1), [0] * (newest // step - first + 1)
        for bucket, entry in self._counts.items():
            if bucket // step >= first:
                good[bucket // step - first] += entry[0]
                bad[bucket // step - first] += entry[1]
        bar_s = step * self._bucket_s
        return Stretch(first * bar_s, bar_s, tuple(good), tuple(bad))


def spark(counts: Iterable[int], glyphs: str) -> str:
    """Counts as bars of one line, the largest one full; anything above nothing is visible."""
    values = list(counts)
    top = max(values, default=0)
    steps = len(glyphs) - 1
    return "".join(glyphs[0 if not value else max(1, round(value * steps / top))] for value in values)


class Rate:
    """Events a second over the last few seconds.

    Args:
        window_s: seconds looked back.
    """

    def __init__(self, window_s: float = 10.0) -> None:
        self._window_s = window_s
        self._seen: deque[tuple[float, int]] = deque()

    def add(self, now: float, count: int) -> None:
        """Note that ``count`` events came at ``now`` (seconds of any steady clock)."""
        self._seen.append((now, count))

    def per_second(self, now: float) -> float:
        """The rate at ``now``."""
        while self._seen and self._seen[0][0] < now - self._window_s:
            self._seen.popleft()
        return sum(count for _, count in self._seen) / self._window_s
