"""The lines around the list of records: what is tailed and how it goes; the filter and its counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len
from textual.content import Content

from flowtui.records.labels import clean
from flowtui.times import age_text
from flowtui.tui.tail.filters import FilterStack
from flowtui.tui.tail.outcomes import Outcomes, Part, rate_text
from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.fit import shorten


def elapsed_text(seconds: float) -> str:
    """``00:12:31``."""
    whole = max(0, int(seconds))
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


@dataclass(slots=True)
class TailState:
    """What the status line tells. Times in seconds; ``lag_s`` is the age of the newest record's end, ``reason`` why
    it is this mode, ``sampled`` None where nothing samples, ``wait_s`` how long until what ``problem`` tells of is
    tried again."""

    label: str = ""
    group: str = ""
    mode: str = ""
    reason: str = ""
    sampled: bool | None = None
    rate: float = 0.0
    lag_s: float | None = None
    elapsed_s: float = 0.0
    unreadable: int = 0
    problem: str = ""
    wait_s: float = 0.0
    notes: tuple[str, ...] = ()
    outcomes: Outcomes = field(default_factory=Outcomes)

    def line(self, width: int, glyphs: Glyphs) -> Content:
        """What is tailed and how it goes; the histogram on the right when there is room."""
        dot = f" {glyphs.dot} "
        facts = [self.mode, rate_text(self.rate)]
        if self.sampled is not None:
            facts.append("sampled yes" if self.sampled else "sampled no")
        if self.lag_s is not None:
            facts.append(f"lag {age_text(self.lag_s)}")
        facts.append(elapsed_text(self.elapsed_s))
        if self.unreadable:
            facts.append(f"{self.unreadable:,} unreadable")
        right = self._shares(glyphs)
        right_width = sum(len(text) for text, _ in right)
        tail = dot + dot.join(fact for fact in facts if fact)
        room = width - 2 - cell_len(self.label) - len(tail) - right_width - 3
        if room < 12:
            right, right_width = [], 0
            room = width - 2 - cell_len(self.label) - len(tail)
        group = shorten(f"  {self.group}", room, glyphs.ellipsis) if self.group and room >= 8 else ""
        label = shorten(self.label, max(8, width - 2 - len(tail)), glyphs.ellipsis)
        reason = f" ({self.reason})" if self.reason else ""
        if len(reason) <= room - cell_len(group):
            tail = tail.replace(self.mode, self.mode + reason, 1)
        parts: list[Part] = [(" ", ""), (label, "bold"), (group, "$accent"), (tail, "$muted")]
        gap = max(1, width - 1 - cell_len(label) - cell_len(group) - cell_len(tail) - right_width - 1)
        return Content.assemble(*parts, (" " * gap, ""), *right)

    @property
    def remark(self) -> str:
        """What the line under the list says when nothing waits there."""
        reason = f"{self.mode} because {self.reason}" if self.reason else ""
        return clean("; ".join(filter(None, (self._trouble, *self.notes, reason))))

    @property
    def _trouble(self) -> str:
        return f"{self.problem}; again in {math.ceil(self.wait_s)} s" if self.wait_s else self.problem

    def facts(self) -> list[tuple[str, str]]:
        """The same and every remark, one below the other."""
        lag = "" if self.lag_s is None else age_text(self.lag_s)
        sampled = {None: "", True: "yes: the rest is read by FilterLogEvents", False: "no"}[self.sampled]
        known = [("Mode", self.mode), ("because", self.reason), ("Sampled", sampled), ("Lag", lag)]
        known += [("Running", elapsed_text(self.elapsed_s)), ("Trouble", clean(self._trouble))]
        known += [("Unreadable", f"{self.unreadable:,} lines fit no format of their group" if self.unreadable else "")]
        return [fact for fact in known if fact[1]] + [("Remark", clean(note)) for note in self.notes]

    def _shares(self, glyphs: Glyphs) -> list[Part]:
        accepted, rejected = self.outcomes.histogram.totals()
        if not accepted + rejected:
            return []
        share = 100 * rejected / (accepted + rejected)
        return [(self.outcomes.histogram.bars(glyphs.bars), "$accent"), (f"  {glyphs.reject} {share:.1f} %", "$error")]


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


def filter_line(width: int, glyphs: Glyphs, filters: FilterStack, counts: Counts) -> Content:
    """The filters, what is wrong with the newest, and how many records pass: ``12 of 41,203``."""
    text = filters.text
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
    if filters.wrong:
        left.append((shorten(f"{glyphs.failing} {filters.wrong}", room, glyphs.ellipsis), "$error"))
    elif filters.aside:
        left.append((shorten(f"set aside; c brings it back: {text}", room, glyphs.ellipsis), "bold $warning"))
    elif text or filters.off:
        off = f"  ({filters.off} off)" if filters.off else ""
        left.append((shorten(text, room - len(off), glyphs.ellipsis), "bold"))
        left.append((off.lstrip() if not text else off, "$muted"))
    else:
        left.append((shorten("none; / sets one: action=REJECT !dstport=123", room, glyphs.ellipsis), "$muted"))
    gap = max(1, width - sum(cell_len(part) for part, _ in (*left, *right)))
    return Content.assemble(*left, (" " * gap, ""), *right)


def below_line(width: int, glyphs: Glyphs, counts: Counts, remark: str, found: Sequence[tuple[str, int]]) -> Content:
    """What waits below the view, ``+218 new``, else a remark; on the right how often each highlight was found."""
    right: list[Part] = []
    room = width * 2 // 3
    for number, (text, count) in reversed(list(enumerate(found, 1))):
        part = f"{shorten(clean(text), 24, glyphs.ellipsis)} {count:,}"
        room -= cell_len(part) + 4
        if room < 0:
            break
        right[:0] = [(f"  {glyphs.numbers[number - 1]} ", "bold $accent"), (part, "$muted")]
    if counts.new and (counts.paused or not counts.follow):
        held = "held back; space lets them in" if counts.paused else "f follows"
        left: list[Part] = [(f" +{counts.new:,} new {glyphs.down}", "bold $accent"), (f"  {held}", "$muted")]
    else:
        left = [(f" {glyphs.warning} {remark}", "$warning")] if remark else [("", "")]
    right_width = sum(cell_len(part) for part, _ in right) + 1
    room = width - right_width - 1
    for place, (part, style) in enumerate(left):
        left[place] = shorten(part, room, glyphs.ellipsis), style
        room -= cell_len(left[place][0])
    return Content.assemble(*left, (" " * (room + 1), ""), *right)
