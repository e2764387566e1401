"""The Logs screen: choose a place and a range, see what lies there, load it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from threading import Event
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import ContentSwitcher

from flowtui.aws.inventory import RegionInventory, scan
from flowtui.aws.models import RegionRefusal
from flowtui.errors import FlowTuiError
from flowtui.lake.progress import Failure, LoadProgress
from flowtui.lake.sources import ENDINGS, Source
from flowtui.places import expanded, is_folder
from flowtui.records.labels import clean
from flowtui.records.paths import ObjectPath
from flowtui.times import Clock
from flowtui.tui.base import FlowScreen
from flowtui.tui.commands import bindings
from flowtui.tui.objects import ranges
from flowtui.tui.objects.commands import LOGS_COMMANDS
from flowtui.tui.objects.exporting import EXPORT_JOB, export_loaded
from flowtui.tui.objects.layouts import formats_of, layouts_modal, parse_layouts
from flowtui.tui.objects.listing import NoWorkspace, Portion, known_of, list_place
from flowtui.tui.objects.pane import ObjectsPane
from flowtui.tui.objects.places import Place, Range, place_of, places_of
from flowtui.tui.objects.progress import failure_facts, span_text, trouble_facts
from flowtui.tui.objects.view import key_of
from flowtui.tui.requests import LogsRequest, Request, SqlRequest
from flowtui.tui.widgets.ask import AskModal
from flowtui.tui.widgets.chooser import Choice, Chooser
from flowtui.tui.widgets.facts import FactsModal
from flowtui.tui.widgets.folders import FolderModal
from flowtui.tui.widgets.resources import place_of_region, refusals_text, told

HINT = "enter takes the line above or what is typed; ctrl+o shows folders here; F4 turns flow logs on."
NOTHING = "No flow log here writes to S3; F4 makes one."
TYPED = "An S3 URI or a folder may be typed; ctrl+o shows the folders here."
_LIST_ACTIONS = frozenset({"load", "retry", "ask_range", "layout", "preset", "errors", "object"})


class ObjectsScreen(FlowScreen):
    """S3 objects of a flow log in a range of time, or files; and loading them."""

    NAME = "logs"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*LOGS_COMMANDS)]

    def __init__(self) -> None:
        super().__init__()
        self._place: Place | None = None
        self._range: Range | None = None
        self._layouts = ""

    def compose_body(self) -> ComposeResult:
        """The places, and the list of one; one of them is seen."""
        pane = ObjectsPane(id="logs-list")
        pane.glyphs = self.glyphs
        with ContentSwitcher(initial="logs-picker"):
            yield Chooser("Where to load from", "s3://bucket/prefix, or a folder or file here", id="logs-picker")
            yield pane

    def on_mount(self) -> None:
        """Look for flow logs that write to S3."""
        super().on_mount()
        self._find_places()

    @property
    def _pane(self) -> ObjectsPane:
        return self.query_one(ObjectsPane)

    @property
    def _listed(self) -> bool:
        return self.query_one(ContentSwitcher).current == "logs-list"

    def _show(self, which: str) -> None:
        self.query_one(ContentSwitcher).current = which
        (self._pane.view if which == "logs-list" else self.query_one(Chooser).line).focus()
        self.refresh_bindings()

    # Choosing a place

    def _find_places(self) -> None:
        chooser = self.query_one(Chooser)
        glyphs = self.glyphs
        chooser.forget()
        chooser.say("Looking for flow logs that write to S3" + self.glyphs.ellipsis)

        refused: list[RegionRefusal] = []

        def find(_: Event) -> Iterator[list[Choice[Place]] | RegionRefusal]:
            accounts = self.flow.context.accounts
            for found in scan(accounts):
                if isinstance(found, RegionInventory):
                    yield places_of(found, glyphs, place_of_region(accounts, found.account, found.region))
                else:
                    yield found

        def take(found: list[Choice[Place]] | RegionRefusal) -> None:
            if isinstance(found, RegionRefusal):
                refused.append(found)
            else:
                chooser.offer(found)

        def done() -> None:
            hint = HINT if chooser.offers else TYPED if refused else f"{NOTHING} {TYPED}"
            chooser.say("\n".join(filter(None, (refusals_text(refused, glyphs), hint))))

        self.run_job(
            "places", find, take, done=done, failed=lambda error: chooser.say(told(error)), busy="flow logs", reads=True
        )

    @on(Chooser.Chosen)
    def _chosen(self, message: Chooser.Chosen) -> None:
        if isinstance(message.value, Place):
            self._open(message.value)

    @on(Chooser.Typed)
    def _typed(self, message: Chooser.Typed) -> None:
        self._open(Place(message.text, message.text))

    def accept(self, request: Request) -> None:
        """List what another screen points at."""
        if not isinstance(request, LogsRequest):
            return
        log = request.flow_log
        if log is not None:
            self._open(place_of(log, log.resource_id, request.account or self.flow.context.accounts[0]))
        elif request.location:
            self._open(Place(request.location, request.location, account=request.account))

    def action_choose(self) -> None:
        """Choose another place."""
        self._show("logs-picker")

    def action_folder(self) -> None:
        """Choose a folder or file from a tree that begins at the last one, else where flowtui was started."""

        def take(chosen: Path | None) -> None:
            if chosen is not None:
                self._open(Place(str(chosen), str(chosen)))

        self.app.push_screen(FolderModal("Folder or file to load", _start(self._place), ENDINGS), take)

    def go_back(self) -> bool:
        """Stop a listing or a load first; from the places back to the list."""
        if self.cancel_job(EXPORT_JOB):
            self.flow.warn("Stopped; no Parquet was written.")
            return True
        if self._listed and (stopped := next(filter(self.cancel_job, ("list", "load")), "")):
            self._pane.stopped(stopped)
            if stopped == "load":
                self._look_again()
            return True
        if self._listed or self._place is None:
            return False
        self._show("logs-list")
        return True

    # Listing

    def _clock(self) -> Clock:
        place = self._place
        return ((place.account if place else None) or self.flow.context.accounts[0]).clock

    def _open(self, place: Place) -> None:
        if self._place is None or self._place.in_s3 != place.in_s3:
            self._range = None if place.in_s3 else ranges.EVERYTHING
        self._place = place
        self._list()

    def reload(self) -> None:
        """Look for places and list again."""
        self._find_places()
        self._list()

    def _list(self) -> None:
        place, context = self._place, self.flow.context
        if place is None:
            return
        if self._range is None:
            self._range = ranges.preset_range(ranges.DEFAULT_PRESET, self._clock()())
        wanted = self._range
        layouts = self._layouts
        self._pane.begin(place, wanted, layouts)
        self._show("logs-list")

        def run(stop: Event) -> Iterator[Portion | NoWorkspace]:
            formats = formats_of(place, parse_layouts(layouts), context.accounts)
            yield from list_place(place, wanted, lambda: context.accounts[0], context.workspace, formats, stop)

        self.run_job(
            "list",
            run,
            self._pane.received,
            done=self._pane.listed,
            failed=self._not_listed,
            busy="listing",
        )

    def _not_listed(self, error: FlowTuiError) -> None:
        self._pane.listed(error)
        if self._pane.view.shown_count:
            self.flow.show_error(error, "The listing is incomplete")

    def filter_changed(self, text: str) -> None:
        """Show, and load, only objects whose key has all words of the filter."""
        words = text.casefold().split()
        passes = (lambda one: all(word in one.key.casefold() for word in words)) if words else None
        self._pane.view.set_filter(passes)

    # Commands

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The list's own keys work while it is seen."""
        if action in _LIST_ACTIONS:
            return self.is_mounted and self._place is not None and self._listed
        return super().check_action(action, parameters)

    def action_preset(self, key: str) -> None:
        """List another range."""
        self._range = ranges.preset_range(key, self._clock()())
        self._list()

    def action_ask_range(self) -> None:
        """Ask for a range in words."""
        now = self._clock()()

        def take(text: str | None) -> None:
            if text is not None:
                self._range = ranges.parse_range(text, now)
                self._list()

        check = partial(ranges.parse_range, now=now)
        self.app.push_screen(AskModal("Range of time", "", ranges.HINT, check=check), take)

    def action_layout(self) -> None:
        """Ask for the layout of files without a header, and list again: what it changes is to be loaded anew."""

        def take(text: str | None) -> None:
            if text is not None and text != self._layouts:
                self._layouts = text
                self._list()

        self.app.push_screen(layouts_modal(self._layouts), take)

    def action_load(self) -> None:
        """Load what is listed and not loaded yet."""
        self._load(self._pane.left(), "There is nothing left to load here.")

    def action_retry(self) -> None:
        """Load again what failed, and nothing else."""
        self._load(self._pane.failed(), "Nothing here failed when it was last loaded.")

    def _load(self, sources: Sequence[Source], nothing: str) -> None:
        if self._pane.listing or self.job("load") is not None:
            return
        if not sources:
            self.flow.warn(nothing)
            return
        self._pane.load_began(sources)
        context, place, layouts = self.flow.context, self._place, self._layouts
        assert place is not None  # what is listed is of a place

        def run(_: Event) -> Iterator[LoadProgress]:
            from flowtui.lake.load import load

            formats = formats_of(place, parse_layouts(layouts), context.accounts)
            yield from load(context.workspace(), sources, formats=formats)

        self.run_job("load", run, self._loading, failed=self._not_loaded, busy="loading")

    def _loading(self, progress: LoadProgress) -> None:
        self._pane.load_moved(progress)
        report = progress.report
        if report is not None and report.records:
            span = span_text(report)
            said = f"Loaded {report.records:,} records" + (f", {span}." if span else ".")
            self.notify(said, markup=False)
        if report is not None and report.untried:
            self._look_again()

    def _not_loaded(self, error: FlowTuiError) -> None:
        self._pane.load_ended(str(error).replace("\n", " "))
        self.flow.show_error(error, "The load failed")
        self._look_again()

    def _look_again(self) -> None:
        """Mark what a load that did not come to its end has brought in."""
        context, place, layouts, sources = self.flow.context, self._place, self._layouts, self._pane.tried()
        if place is None or not sources:
            return

        def run(_: Event) -> Iterator[Portion]:
            formats = formats_of(place, parse_layouts(layouts), context.accounts)
            yield known_of(sources, context.workspace(), formats)

        # What the workspace says against it was told with the load.
        self.run_job("look", run, self._pane.marked, failed=lambda _: None)

    def action_export(self) -> None:
        """Write all that is loaded as Parquet."""
        export_loaded(self)

    def action_errors(self) -> None:
        """What could not be loaded, and why."""
        report, failed = self._pane.report, self._pane.view.failed
        if report is not None and report.partial:
            facts = trouble_facts(report)
        else:
            facts = failure_facts(Failure(one.name, failed[key_of(one)]) for one in self._pane.failed())
        if not facts:
            self.flow.warn("Nothing was refused by a load from here.")
            return
        self.app.push_screen(FactsModal("Refused by the load", facts, copy="\n".join(value for _, value in facts)))

    def action_object(self) -> None:
        """What is known of the object."""
        view = self._pane.view
        one = view.cursor_item
        if one is None:
            return
        path = ObjectPath.parse(one.key)
        facts = [("Name", clean(one.name)), ("Size", f"{one.size:,} bytes"), ("Entity tag", clean(one.etag) or "-")]
        if path is not None:
            facts += [("Account", path.account_id), ("Region", path.region), ("Day", path.date.isoformat())]
            facts += [("Flow log", path.flow_log_id or "-"), ("Format", path.file_format)]
        state = view.failed.get(key_of(one)) or ("yes" if key_of(one) in view.loaded else "no")
        self.app.push_screen(FactsModal("Object", [*facts, ("Loaded", clean(state))], copy=one.name))

    def action_sql(self) -> None:
        """Ask the workspace."""
        self.flow.open_sql(SqlRequest(""))

    def copy_text(self) -> str:
        """The object's name."""
        one = self._pane.view.cursor_item
        return one.name if one else ""


def _start(place: Place | None) -> Path:
    """Where a tree of folders begins: at a place or above it, else where flowtui was started."""
    try:
        last = expanded(place.location) if place and not place.in_s3 else Path.cwd()
        return next((folder for folder in (last, last.parent) if is_folder(folder)), Path.cwd())
    except FlowTuiError:
        # It was told when the place was opened.
        return Path.cwd()
