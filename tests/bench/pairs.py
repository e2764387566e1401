"""Side-by-side timing: machines are noisy, so a figure is a median and a ratio taken pair by pair."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass

Measure = Callable[[], float]
"""Does the work once and returns its seconds."""


@dataclass(frozen=True)
class Pair:
    """Medians of two measures taken in turn, and the median of their pairwise ratios."""

    ours_s: float
    other_s: float
    ratio: float
    rounds: int

    def line(self, ours: str, other: str) -> str:
        """One line of a report."""
        return (
            f"{ours:<34} {self.ours_s * 1000:8.0f} ms   {other:<34} {self.other_s * 1000:8.0f} ms   "
            f"ratio {self.ratio:.2f}   ({self.rounds} rounds)"
        )


def side_by_side(ours: Measure, other: Measure, rounds: int) -> Pair:
    """Measure both in turn, after one uncounted round each."""
    ours(), other()
    pairs = [(ours(), other()) for _ in range(rounds)]
    return Pair(
        statistics.median(first for first, _ in pairs),
        statistics.median(second for _, second in pairs),
        statistics.median(first / second for first, second in pairs),
        rounds,
    )
