"""The live half of the Tail screen: state, filters, records, outcomes; everything that changes as news come in."""

from __future__ import annotations

import time
from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from flowtui.errors import FlowTuiError
from flowtui.records.labels import clean
from flowtui.times import Clock, age_text, system_clock
from flowtui.tui.tail import feed
from flowtui.tui.tail.commands import Preset
from flowtui.tui.tail.filters import FilterStack
from flowtui.tui.tail.outcomes import TALL
from flowtui.tui.tail.status import Counts, TailState, below_line, filter_line
from flowtui.tui.tail.view import TailView
from flowtui.tui.theme import UNICODE, Glyphs
from flowtui.tui.widgets.rates import Rate
from flowtui.tui.widgets.ring_view import RingView

_TICK_S = 1.0
_SILENT_S = 10.0
"""In Live Tail word comes every second, and a reading is answered in one or two."""
_NOTHING_SAID = feed.Said("", None)


class TailPane(Vertical):
    """Shows a tail. Event loop only; the screen's job hands it what its thread yields."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.glyphs: Glyphs = UNICODE
        self.state = TailState()
        self.running = False
        self.filters = FilterStack()
        self._rate = Rate()
        self._clock: Clock = system_clock
        self._began_s = self._said_s = self._heard_s = 0.0
        self._said = _NOTHING_SAID
        self._painted: dict[str, object] = {}

    def compose(self) -> ComposeResult:
        """State, filter, titles, records, what waits below, outcomes."""
        yield Static("", id="tail-state", markup=False)
        yield Static("", id="tail-filter", markup=False)
        yield Static("", id="tail-heading", markup=False)
        view = TailView(id="tail-view")
        view.glyphs = self.glyphs
        view.add_class("body-focus")
        yield view
        yield Static("", id="tail-below", markup=False)
        yield Static("", id="tail-outcomes", markup=False)

    def on_mount(self) -> None:
        """Keep the clock of the status line going."""
        self.set_interval(_TICK_S, self.tick)

    @property
    def view(self) -> TailView:
        """The list of records."""
        return self.query_one(TailView)

    # News

    def begin(self, label: str, group: str) -> None:
        """A tail is about to start; of the one before only the filters and highlights stay."""
        self.state = TailState(clean(label), clean(group), mode="finding the log group")
        self._rate, self.running = Rate(), True
        self._began_s, self._said = 0.0, _NOTHING_SAID
        self.view.clear()
        self.view.empty = ("Waiting for records" + self.glyphs.ellipsis,)
        self.tick()

    def found(self, news: feed.Found, preset: Preset) -> None:
        """The log group is known."""
        state, source = self.state, news.source
        state.group, state.mode, state.notes = clean(source.group), "reading", source.notes
        self._clock = news.clock
        self._began_s = self._said_s = self._heard_s = news.clock().timestamp()
        self.view.fields = news.fields
        self.view.empty = _why_empty(preset)
        self.view.refresh()
        self.tick()

    def arrived(self, news: feed.Arrived) -> None:
        """Records came."""
        self._heard_s = self._clock().timestamp()
        self._count(news)
        rates = (self._rate, self.state.outcomes.accepted, self.state.outcomes.rejected)
        for rate, count in zip(rates, news.fresh, strict=True):
            rate.add(time.monotonic(), count)
        self.view.append(news.lines)

    def older(self, news: feed.Arrived) -> int:
        """Records from before the first one came; returns how many there was room for."""
        self._count(news)
        taken = self.view.prepend(news.lines)
        self.tick()
        return taken

    def _count(self, news: feed.Arrived) -> None:
        self.state.unreadable += news.unreadable
        for second, accepted, rejected in news.outcomes:
            self.state.outcomes.histogram.add(second, accepted, rejected)

    def said(self, news: feed.Said) -> None:
        """Word on how the tail is doing."""
        state = self.state
        state.mode, state.lag_s, state.reason, state.sampled = news.mode, news.lag_s, clean(news.reason), news.sampled
        state.problem, state.wait_s = news.trouble, news.waiting_s if news.trouble else 0.0
        self._said, self._said_s = news, self._clock().timestamp()
        self.tick()

    def noted(self, news: feed.Noted) -> None:
        """Something to know; the newest stands first."""
        self.state.notes = (news.text, *(note for note in self.state.notes if note != news.text))
        self.tick()

    def ended(self, error: FlowTuiError | None = None) -> None:
        """The tail is over; its records stay."""
        self.running = False
        state = self.state
        state.mode = "failed" if error else "ended"
        # They told of what is over: why it polled, what it waited for, how far behind it was.
        state.reason, state.problem, state.wait_s, state.lag_s = "", "", 0.0, None
        if error:
            state.problem = error.message.removesuffix(".")
            self.view.empty = (clean(error.message), clean(error.hint), "", "t chooses another target.")
            self.view.refresh()
        self.tick()

    # Filters

    def filters_changed(self) -> None:
        """Show what passes the filters now."""
        self.view.set_filter(self.filters.test())
        self.tick()

    # Painting

    def counts(self) -> Counts:
        """How many records there are and are shown; the marks of gaps are no records."""
        view = self.view
        return Counts(
            view.shown_count - view.gaps_shown,
            len(view.ring) - view.gaps_held,
            view.ring.evicted,
            view.new_count,
            view.filtering,
            view.paused,
            view.follow,
        )

    def tick(self) -> None:
        """Paint the lines around the records."""
        state, view, width = self.state, self.view, self.size.width
        if self.running and self._began_s:
            now_s = self._clock().timestamp()
            state.elapsed_s = now_s - self._began_s
            self._bide(now_s)
        now = time.monotonic()
        state.rate = self._rate.per_second(now)
        counts = self.counts()
        found = [(one.text, one.rows.count()) for one in view.highlights.all]
        tall = self.app.size.height >= TALL
        for name, content in (
            ("state", state.line(width, self.glyphs)),
            ("filter", filter_line(width, self.glyphs, self.filters, counts)),
            ("heading", Content(view.heading())),
            ("below", below_line(width, self.glyphs, counts, state.remark, found)),
            ("outcomes", state.outcomes.lines(width, tall, self.glyphs, now)),
        ):
            # Records may come a hundred times a second; a line that reads the same is not painted again.
            looks = content.plain, content.spans
            if self._painted.get(name) != looks:
                self._painted[name] = looks
                # The lines' heights are in the style sheet: nothing has to be laid out anew.
                self.query_one(f"#tail-{name}", Static).update(content, layout=False)

    def _bide(self, now_s: float) -> None:
        """While nothing comes no word comes either: the wait gets shorter and the lag longer by themselves, and a call
        that is not answered is told of before it is given up."""
        state, said = self.state, self._said
        if said.lag_s is not None:
            state.lag_s = said.lag_s + now_s - self._said_s
        if said.trouble:
            state.wait_s = max(0.0, said.waiting_s - (now_s - self._said_s))
            return
        silent_s = now_s - max(self._heard_s, self._said_s + said.waiting_s)
        state.problem = f"no answer for {age_text(silent_s)}" if silent_s >= _SILENT_S else ""

    @on(RingView.Changed)
    def _view_changed(self) -> None:
        self.tick()

    def on_resize(self) -> None:
        """Fit the lines to the new size."""
        self.set_class(self.app.size.height >= TALL, "-tall")
        self.tick()


def _why_empty(preset: Preset) -> Sequence[str]:
    return (
        f"No records of the last {preset.label} yet." if preset.minutes else "No new records yet.",
        "They come some minutes after the interval they tell of.",
        "",
        "3 begins an hour ago, 6 a day ago, O reads older ones; t chooses another target.",
    )
