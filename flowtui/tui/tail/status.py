"""The lines around the list of records: what is tailed and how it goes; the filter and its counts."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual.content import Content

from flowtui.times import age_text
from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.fit import shorten
from flowtui.tui.widgets.rates import Histogram

Part = tuple[str, str]


def elapsed_text(seconds: float) -> str:
    """``00:12:31``."""
    whole = max(0, int(seconds))
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


@dataclass(slots=True)
class TailState:
    """What the status line tells. Times in seconds; ``lag_s`` is the age of the newest record's end."""

    label: str = ""
    group: str = ""
    mode: str = ""
    rate: float = 0.0
    lag_s: float | None = None
    elapsed_s: float = 0.0
    unreadable: int = 0
    problem: str = ""
    notes: tuple[str, ...] = ()
    histogram: Histogram = field(default_factory=Histogram)

    def line(self, width: int, glyphs: Glyphs) -> Content:
        """What is tailed and how it goes; the histogram on the right when there is room."""
        dot = f" {glyphs.dot} "
        facts = [self.mode, f"{self.rate:.1f}/s" if self.rate < 10 else f"{self.rate:.0f}/s"]
        if self.lag_s is not None:
            facts.append(f"lag {age_text(self.lag_s)}")
        facts.append(elapsed_text(self.elapsed_s))
        if self.unreadable:
            facts.append(f"{self.unreadable} unreadable")
        right = self._shares(glyphs)
        right_width = sum(len(text) for text, _ in right)
        tail = dot + dot.join(fact for fact in facts if fact)
        room = width - 2 - len(self.label) - len(tail) - right_width - 3
        if room < 12:
            right, right_width = [], 0
            room = width - 2 - len(self.label) - len(tail)
        group = shorten(f"  {self.group}", room, glyphs.ellipsis) if room >= 8 else ""
        parts: list[Part] = [(" ", ""), (self.label, "bold"), (group, "$accent"), (tail, "$muted")]
        gap = max(1, width - 1 - len(self.label) - len(group) - len(tail) - right_width - 1)
        return Content.assemble(*parts, (" " * gap, ""), *right)

    def _shares(self, glyphs: Glyphs) -> list[Part]:
        accepted, rejected = self.histogram.totals()
        if not accepted + rejected:
            return []
        share = 100 * rejected / (accepted + rejected)
        return [(self.histogram.bars(glyphs.bars), "$accent"), (f"  {glyphs.reject} {share:.1f} %", "$error")]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records there are and are shown."""

    shown: int
    held: int
    evicted: int
    new: int
    filtering: bool
    paused: bool
    follow: bool


def filter_line(width: int, glyphs: Glyphs, text: str, wrong: str, counts: Counts) -> Content:
    """The filter, what is wrong with it, and how many records pass: ``12 of 41,203``."""
    said = f"{counts.shown:,} of {counts.held:,}" if text else f"{counts.held:,} records"
    if counts.filtering:
        said += glyphs.ellipsis
    if counts.evicted:
        said += f" {glyphs.dot} {counts.evicted:,} older gone"
    state = ("paused", "bold $warning") if counts.paused else ("following", "$success")
    if not counts.paused and not counts.follow:
        state = ("scrolled back", "bold $warning")
    right: list[Part] = [(said, "$muted"), ("   ", ""), state, (" ", "")]
    room = width - sum(len(part) for part, _ in right) - len(" filter  ") - 2
    left: list[Part] = [(" filter  ", "$muted")]
    if wrong:
        left.append((shorten(f"{glyphs.failing} {wrong}", room, glyphs.ellipsis), "$error"))
    elif text:
        left.append((shorten(text, room, glyphs.ellipsis), "bold"))
    else:
        left.append((shorten("none; / sets one: action=REJECT !dstport=123", room, glyphs.ellipsis), "$muted"))
    gap = max(1, width - sum(len(part) for part, _ in (*left, *right)))
    return Content.assemble(*left, (" " * gap, ""), *right)


def below_line(glyphs: Glyphs, counts: Counts) -> Content:
    """What waits below the view: ``+218 new``; empty when nothing does."""
    if not counts.new or (counts.follow and not counts.paused):
        return Content("")
    held = "held back; space lets them in" if counts.paused else "f follows"
    return Content.assemble((f" +{counts.new:,} new {glyphs.down}", "bold $accent"), (f"  {held}", "$muted"))
