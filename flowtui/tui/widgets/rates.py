"""A histogram in one line: how much was accepted and rejected in the last intervals."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

BUCKETS = 12


class Histogram:
    """Counts of a good and a bad outcome by time, kept for the newest buckets.

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
        if len(self._counts) > 4 * BUCKETS:
            for old in sorted(self._counts)[: -2 * BUCKETS]:
                del self._counts[old]

    def totals(self) -> tuple[int, int]:
        """Good and bad of the buckets shown."""
        shown = [self._counts.get(bucket, (0, 0)) for bucket in self._window()]
        return sum(entry[0] for entry in shown), sum(entry[1] for entry in shown)

    def _window(self) -> range:
        newest = max(self._counts, default=0)
        return range(newest - BUCKETS + 1, newest + 1)

    def bars(self, glyphs: str) -> str:
        """One character a bucket, oldest first; ``glyphs`` goes from nothing to full."""
        if not self._counts:
            return ""
        counts = [sum(self._counts.get(bucket, (0, 0))) for bucket in self._window()]
        return spark(counts, glyphs)


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
