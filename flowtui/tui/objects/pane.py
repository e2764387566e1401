"""The list half of the Logs screen: place, range, totals, objects, and how a load goes."""

from __future__ import annotations

import time
from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from flowtui.errors import FlowTuiError
from flowtui.lake.plan import PRICES_OF, LoadPlan, planned
from flowtui.lake.progress import LoadProgress, LoadReport
from flowtui.lake.sources import Source
from flowtui.records.labels import clean
from flowtui.times import bytes_text, count
from flowtui.tui.objects.estimate import plan_words
from flowtui.tui.objects.listing import NoWorkspace, Portion
from flowtui.tui.objects.places import Place, Range, partitions_text
from flowtui.tui.objects.progress import progress_line, report_line
from flowtui.tui.objects.view import Key, ObjectsView, key_of
from flowtui.tui.theme import UNICODE, Glyphs
from flowtui.tui.widgets.fit import shorten
from flowtui.tui.widgets.ring_view import RingView


class ObjectsPane(Vertical):
    """Shows a listing and a load. Event loop only; the screen's jobs hand it what their threads yield."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.glyphs: Glyphs = UNICODE
        self.listing = False
        self.report: LoadReport | None = None
        self._place: Place | None = None
        self._range = Range("")
        self._layouts = ""
        self._note = ""
        self._progress: LoadProgress | None = None
        self._began = 0.0
        self._at_work: dict[Key, Source] = {}
        self._totals: tuple[tuple[object, ...], int, LoadPlan] | None = None

    def compose(self) -> ComposeResult:
        """Place, range, totals, titles, objects, progress."""
        view = ObjectsView(id="logs-view")
        view.glyphs = self.glyphs
        view.add_class("body-focus")
        yield Static("", id="logs-place", markup=False)
        yield Static("", id="logs-range", markup=False)
        yield Static("", id="logs-total", markup=False)
        yield Static("", id="logs-heading", markup=False)
        yield view
        yield Static("", id="logs-progress", markup=False)

    @property
    def view(self) -> ObjectsView:
        """The list of objects."""
        return self.query_one(ObjectsView)

    def left(self) -> list[Source]:
        """Objects that are listed and not loaded."""
        loaded = self.view.loaded
        return [one for one in self.view.shown_items() if key_of(one) not in loaded]

    def failed(self) -> list[Source]:
        """Objects that are listed and could not be loaded when last tried."""
        return [one for one in self.view.shown_items() if key_of(one) in self.view.failed]

    # News of a listing

    def begin(self, place: Place, wanted: Range, layouts: str) -> None:
        """A listing is about to start; nothing of the one before stays."""
        view = self.view
        view.clear()
        view.loaded, view.failed, view.here = set(), {}, set()
        view.empty = ("Listing" + self.glyphs.ellipsis,)
        self._place, self._range, self._layouts, self.listing = place, wanted, layouts, True
        self._note, self._progress, self.report, self._totals = "", None, None, None
        self.paint()

    def received(self, item: Portion | NoWorkspace) -> None:
        """Objects came, or word that the workspace cannot be opened."""
        if isinstance(item, NoWorkspace):
            self._note = str(item.error).replace("\n", " ")
        else:
            self.view.loaded |= item.loaded
            self.view.here |= item.here
            self.view.failed |= item.failed
            self.view.append(item.sources)
        self.paint()

    def listed(self, error: FlowTuiError | None = None) -> None:
        """The listing is over."""
        self.listing = False
        if error is None:
            nothing = "No flow log objects here in this range:"
            ways = "6 looks through seven days; r takes any range; s another place."
            self.view.empty = (nothing, self._range.text(), "", ways)
        else:
            self.view.empty = (clean(error.args[0]), clean(error.hint), "", "s chooses another place.")
        self.view.refresh()
        self.paint()

    # News of a load

    def load_began(self, sources: Iterable[Source]) -> None:
        """A load of these is about to start."""
        self.report, self._progress, self._note, self._began = None, None, "", time.monotonic()
        self._at_work = {key_of(one): one for one in sources}
        self.paint()

    def load_moved(self, progress: LoadProgress) -> None:
        """A load moved, or came to its end."""
        self._progress = progress
        report = progress.report
        if report is not None:
            self._progress, self.report = None, report
            self._mark(report)
        self.paint()

    def load_ended(self, note: str) -> None:
        """A load was stopped, or failed as a whole."""
        self._progress, self._note = None, note
        self.paint()

    def tried(self) -> list[Source]:
        """The objects of the last load."""
        return list(self._at_work.values())

    def marked(self, portion: Portion) -> None:
        """It is known by now which of the listed objects are loaded."""
        self.view.loaded |= portion.loaded
        self.view.here |= portion.here
        for key in portion.loaded:
            self.view.failed.pop(key, None)
        self.view.refresh()
        self.paint()

    def stopped(self, job: str) -> None:
        """The user stopped the job ``list`` or ``load``; what it did until then stays."""
        if job == "load":
            self.load_ended("Stopped. What was finished is loaded; enter takes the rest.")
            return
        self.listing = False
        self._note = "Stopped: the listing is incomplete. ctrl+r lists again." if self.view.shown_count else ""
        self.view.empty = ("Stopped before anything was listed.", "", "ctrl+r lists again.")
        self.view.refresh()
        self.paint()

    def _mark(self, report: LoadReport) -> None:
        view = self.view
        reasons = {failure.name: failure.reason for failure in report.failed}
        for key, source in self._at_work.items():
            if source.name in reasons:
                view.failed[key] = reasons[source.name]
            elif not report.untried:
                view.loaded.add(key)
                view.here.add(key)
                view.failed.pop(key, None)
        view.refresh()

    # Painting

    def paint(self) -> None:
        """Paint the lines around the objects."""
        place, width = self._place, self.size.width
        if place is None:
            return
        log = place.flow_log
        location = clean(place.location) + (f"  {log.region}  {log.id}  {partitions_text(log)}" if log else "")
        title = [(" Place   ", "$muted"), (clean(place.label), "bold")]
        if location != place.label:
            room = width - 12 - len(place.label)
            title.append((shorten(f"  {location}", room, self.glyphs.ellipsis), "$accent"))
        other = ("   0-6, r other ranges", "$muted")
        if self._layouts:
            room = width - 24 - len(self._range.text())
            other = (f"   layout {shorten(clean(self._layouts), room, self.glyphs.ellipsis)}", "$accent")
        for name, content in (
            ("place", Content.assemble(*title)),
            ("range", Content.assemble((" Range   ", "$muted"), self._range.text(), other)),
            ("total", self._total_line()),
            ("heading", Content(self.view.heading())),
            ("progress", self._progress_line()),
        ):
            self.query_one(f"#logs-{name}", Static).update(content)

    def _sums(self) -> tuple[int, LoadPlan]:
        view = self.view
        # A filter has a sieve of its own; another that lets as many through does not let the same ones through.
        state = (view.listing.sieve, view.shown_count, view.ring.end, len(view.loaded), len(view.here))
        if self._totals is None or self._totals[0] != state:
            left = self.left()
            plan = planned(left, view.shown_count - len(left), lambda one: key_of(one) in view.here)
            self._totals = (state, sum(one.size for one in view.shown_items()), plan)
        return self._totals[1], self._totals[2]

    def _total_line(self) -> Content:
        shown = count(self.view.shown_count, "object")
        if self.listing:
            return Content.assemble((" Total   ", "$muted"), (f"{shown}{self.glyphs.ellipsis}", "bold"))
        size, plan = self._sums()
        parts = [(" Total   ", "$muted"), (f"{shown}, {bytes_text(size)}", "bold")]
        if self.view.shown_count:
            parts.append((f"   {plan_words(plan)}", "$muted"))
        return Content.assemble(*parts)

    def _progress_line(self) -> Content:
        if self._progress is not None:
            return progress_line(self._progress, time.monotonic() - self._began, self.size.width, self.glyphs)
        if self.report is not None:
            return report_line(self.report, self.glyphs)
        if self._note:
            return Content.assemble((f" {self.glyphs.warning} {clean(self._note)}", "$warning"))
        if self.view.shown_count and not self.listing:
            failed = len(self.failed())
            parts = [(f" {failed:,} failed last time: x why, f again.", "$error")] if failed else []
            if self._sums()[1].objects:
                parts.append((" enter loads what is left.", "$muted"))
            if self._sums()[1].fetched:
                parts.append((f" Costs: at most, by prices of {PRICES_OF}.", "$muted"))
            return Content.assemble(*parts)
        return Content("")

    @on(RingView.Changed)
    def _view_changed(self) -> None:
        if not self.listing:
            self.paint()

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        self.paint()
