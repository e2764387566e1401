"""The live half of the Tail screen: state, filter, records; everything that changes as news come in."""

from __future__ import annotations

import time
from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from flowtui.errors import FlowTuiError
from flowtui.records.filter import Filter, FilterError
from flowtui.records.labels import clean
from flowtui.times import Clock, system_clock
from flowtui.tui.tail import feed
from flowtui.tui.tail.commands import Preset
from flowtui.tui.tail.status import Counts, TailState, below_line, filter_line
from flowtui.tui.tail.view import TailView
from flowtui.tui.theme import UNICODE, Glyphs
from flowtui.tui.widgets.rates import Rate
from flowtui.tui.widgets.ring_view import RingView

_TICK_S = 1.0


class TailPane(Vertical):
    """Shows a tail. Event loop only; the screen's job hands it what its thread yields."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.glyphs: Glyphs = UNICODE
        self.state = TailState()
        self.running = False
        self._filter = Filter()
        self._wrong_filter = ""
        self._rate = Rate()
        self._caught_up = False
        self._clock: Clock = system_clock
        self._began_s = 0.0

    def compose(self) -> ComposeResult:
        """State, filter, titles, records, what waits below."""
        yield Static("", id="tail-state", markup=False)
        yield Static("", id="tail-filter", markup=False)
        yield Static("", id="tail-heading", markup=False)
        view = TailView(id="tail-view")
        view.glyphs = self.glyphs
        view.add_class("body-focus")
        yield view
        yield Static("", id="tail-below", markup=False)

    def on_mount(self) -> None:
        """Keep the clock of the status line going."""
        self.set_interval(_TICK_S, self.tick)

    @property
    def view(self) -> TailView:
        """The list of records."""
        return self.query_one(TailView)

    # News

    def begin(self, label: str, group: str) -> None:
        """A tail is about to start; nothing of the one before stays."""
        self.state = TailState(label, group, mode="finding the log group")
        self._rate, self._caught_up, self.running = Rate(), False, True
        self._began_s = 0.0
        self.view.clear()
        self.view.empty = ("Waiting for records" + self.glyphs.ellipsis,)
        self.tick()

    def found(self, news: feed.Found, preset: Preset) -> None:
        """The log group is known."""
        self.state.group, self.state.mode, self.state.notes = clean(news.group), "reading", news.notes
        self._clock = news.clock
        self._began_s = news.clock().timestamp()
        self.view.fields = news.fields
        self.view.empty = _why_empty(preset)
        self.tick()

    def arrived(self, news: feed.Arrived) -> None:
        """Records came."""
        self.state.unreadable += sum(line.layout is None for line in news.lines)
        if self._caught_up:
            # What lay there before the tail began says nothing about how fast records come.
            self._rate.add(time.monotonic(), len(news.lines))
        for second, accepted, rejected in news.outcomes:
            self.state.histogram.add(second, accepted, rejected)
        self.view.append(news.lines)

    def said(self, news: feed.Said) -> None:
        """Word on how the tail is doing."""
        self.state.mode, self.state.lag_s = news.mode, news.lag_s
        self.state.problem = f"{news.trouble}; again in {news.waiting_s:.0f} s" if news.trouble else ""
        self._caught_up = self._caught_up or not news.trouble
        self.tick()

    def ended(self, error: FlowTuiError | None = None) -> None:
        """The tail is over."""
        self.running = False
        self.state.mode = "failed" if error else "ended"
        if error:
            self.view.empty = (error.args[0], error.hint, "", "t chooses another target.")
            self.view.refresh()
        self.tick()

    # Filter

    def set_filter(self, text: str) -> None:
        """Filter by a text; while it cannot be understood, the filter before it stays and the reason is shown."""
        try:
            found = Filter.parse(text, self.view.fields)
        except FilterError as error:
            self._wrong_filter = str(error)
        else:
            self._filter, self._wrong_filter = found, ""
            self.view.set_filter((lambda line: found.matches(line.parse())) if found else None)
        self.tick()

    # Painting

    def tick(self) -> None:
        """Paint the lines around the records."""
        state, view, width = self.state, self.view, self.size.width
        if self.running and self._began_s:
            state.elapsed_s = self._clock().timestamp() - self._began_s
        state.rate = self._rate.per_second(time.monotonic())
        counts = Counts(
            view.shown_count,
            len(view.ring),
            view.ring.first,
            view.new_count,
            view.filtering,
            view.paused,
            view.follow,
        )
        filtered = filter_line(width, self.glyphs, self._filter.text, self._wrong_filter, counts)
        below = below_line(self.glyphs, counts)
        remark = clean(state.problem or "; ".join(state.notes))
        if not below.plain and remark:
            below = Content.assemble((f" {self.glyphs.warning} {remark}", "$warning"))
        for name, content in (
            ("state", state.line(width, self.glyphs)),
            ("filter", filtered),
            ("heading", Content(view.heading())),
            ("below", below),
        ):
            self.query_one(f"#tail-{name}", Static).update(content)

    @on(RingView.Changed)
    def _view_changed(self) -> None:
        self.tick()

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        self.tick()


def _why_empty(preset: Preset) -> Sequence[str]:
    return (
        f"No records of the last {preset.label} yet." if preset.minutes else "No new records yet.",
        "They come some minutes after the interval they tell of.",
        "",
        "3 begins an hour ago, 6 a day ago; t chooses another target.",
    )
