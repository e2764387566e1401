"""The lines under the list: accepted and rejected records over time, and how fast either comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from textual.content import Content

from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.rates import Histogram, Rate, Stretch, spark

TALL = 30
"""Lines a terminal must have for the histogram to take three of them."""
Part = tuple[str, str]

_NAME_WIDTH = 10
_TOTALS_WIDTH = 19


@dataclass(slots=True)
class Outcomes:
    """Counts by time and rates of what was accepted and what was rejected."""

    histogram: Histogram = field(default_factory=Histogram)
    accepted: Rate = field(default_factory=Rate)
    rejected: Rate = field(default_factory=Rate)

    def lines(self, width: int, tall: bool, glyphs: Glyphs, now: float) -> Content:
        """One line, or three with a scale; ``now`` is the rates' clock."""
        rates = self.accepted.per_second(now), self.rejected.per_second(now)
        return self._tall(width, glyphs, rates) if tall else self._short(width, glyphs, rates)

    def _short(self, width: int, glyphs: Glyphs, rates: tuple[float, float]) -> Content:
        room = max(4, width // 2 - 14)
        stretch = self.histogram.stretch(room)
        parts: list[Part] = []
        for glyph, counts, rate, style in _rows(glyphs, stretch, rates):
            bars = spark(counts, glyphs.bars)
            text = f" {rate_text(rate)}".ljust(width // 2 - len(bars) - 3)
            parts += [(f" {glyph} {bars}", style), (text, "$muted")]
        return Content.assemble(*parts)

    def _tall(self, width: int, glyphs: Glyphs, rates: tuple[float, float]) -> Content:
        stretch = self.histogram.stretch(max(4, width - _NAME_WIDTH - _TOTALS_WIDTH - 2))
        parts: list[Part] = []
        for name, (glyph, counts, rate, style) in zip(("ACCEPT", "REJECT"), _rows(glyphs, stretch, rates), strict=True):
            bars = spark(counts, glyphs.bars).ljust(width - _NAME_WIDTH - _TOTALS_WIDTH - 2)
            totals = f"{sum(counts):>9,} {rate_text(rate):>9}"
            parts += [(f" {glyph} {name}".ljust(_NAME_WIDTH), style), (f"{bars} ", style), (f"{totals}\n", "$muted")]
        parts.append((_scale(stretch, width), "$muted"))
        return Content.assemble(*parts)


def _rows(
    glyphs: Glyphs, stretch: Stretch | None, rates: tuple[float, float]
) -> list[tuple[str, tuple[int, ...], float, str]]:
    good, bad = (stretch.good, stretch.bad) if stretch else ((), ())
    return [(glyphs.accept, good, rates[0], "$success"), (glyphs.reject, bad, rates[1], "$error")]


def _scale(stretch: Stretch | None, width: int) -> str:
    """The times under the first and last bar, and how long a bar is."""
    if stretch is None:
        return ""
    began, length = _clock(stretch.began_s), len(stretch.good)
    last = _clock(stretch.began_s + (length - 1) * stretch.bar_s)
    minutes = stretch.bar_s // 60
    bar = f"a bar is {minutes} min" if minutes < 60 else f"a bar is {minutes // 60} h"
    times = f"{began}{last:>{max(1, length - len(began))}}" if length > 2 * len(began) else began
    return f"{'':{_NAME_WIDTH}}{times}  {bar}"[:width]


def _clock(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M")


def rate_text(per_second: float) -> str:
    """``4.2/s`` or ``182/s``."""
    return f"{per_second:.1f}/s" if per_second < 10 else f"{per_second:,.0f}/s"
