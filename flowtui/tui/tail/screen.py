"""The Tail screen: choose a target, watch its records, and go on from one of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Event
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import ContentSwitcher

from flowtui.aws.inventory import RegionInventory, scan
from flowtui.aws.models import Interface, RegionRefusal
from flowtui.aws.session import Account
from flowtui.errors import FlowTuiError
from flowtui.records.parse import Record
from flowtui.tui.base import FlowScreen
from flowtui.tui.commands import bindings
from flowtui.tui.requests import Request, SqlRequest, TailRequest
from flowtui.tui.tail import feed, save
from flowtui.tui.tail.columns import outcome
from flowtui.tui.tail.commands import PRESETS, TAIL_COMMANDS
from flowtui.tui.tail.explain import REJECT_NOTE, details, headline, moment, why
from flowtui.tui.tail.lines import HeldLine
from flowtui.tui.tail.names import Names
from flowtui.tui.tail.pane import TailPane
from flowtui.tui.tail.picker import Target, targets_of
from flowtui.tui.tail.pivot import flow_query
from flowtui.tui.tail.view import TailView
from flowtui.tui.widgets.ask import AskModal
from flowtui.tui.widgets.chooser import Choice, Chooser
from flowtui.tui.widgets.facts import FactsModal
from flowtui.tui.widgets.resources import place_of_region, refusals_text, told

DEFAULT_PRESET = PRESETS[2]
HINT = "enter tails the line above or what is typed; F4 turns flow logs on."
NOTHING = "No flow log here writes to CloudWatch Logs; F4 makes one."
TYPED = "A log group or id may be typed."
_LIVE_ACTIONS = frozenset({"why", "sql", "pause", "follow", "names", "save", "record"})


class TailScreen(FlowScreen):
    """Live records of a log group."""

    NAME = "tail"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*TAIL_COMMANDS)]

    def __init__(self) -> None:
        super().__init__()
        self._target: Target | None = None
        self._preset = DEFAULT_PRESET

    def compose_body(self) -> ComposeResult:
        """The picker, and the tail; one of them is seen."""
        pane = TailPane(id="tail-live")
        pane.glyphs = self.glyphs
        with ContentSwitcher(initial="tail-picker"):
            yield Chooser("What to tail", "VPC, subnet, interface, flow log or log group", id="tail-picker")
            yield pane

    def on_mount(self) -> None:
        """Look for targets."""
        super().on_mount()
        self._find_targets()

    @property
    def _pane(self) -> TailPane:
        return self.query_one(TailPane)

    @property
    def _view(self) -> TailView:
        return self._pane.view

    # Choosing

    def _find_targets(self) -> None:
        picker = self.query_one(Chooser)
        glyphs = self.glyphs
        picker.forget()
        picker.say("Looking for flow logs that write to CloudWatch Logs" + self.glyphs.ellipsis)

        refused: list[RegionRefusal] = []

        def find(_: Event) -> Iterator[list[Choice[Target]] | RegionRefusal]:
            accounts = self.flow.context.accounts
            for found in scan(accounts):
                if isinstance(found, RegionInventory):
                    yield targets_of(found, glyphs, place_of_region(accounts, found.account, found.region))
                else:
                    yield found

        def take(found: list[Choice[Target]] | RegionRefusal) -> None:
            if isinstance(found, RegionRefusal):
                refused.append(found)
            else:
                picker.offer(found)

        def done() -> None:
            hint = HINT if picker.offers else TYPED if refused else f"{NOTHING} {TYPED}"
            picker.say("\n".join(filter(None, (refusals_text(refused, glyphs), hint))))

        self.run_job("targets", find, take, done=done, failed=lambda error: picker.say(told(error)), busy="log groups")

    @on(Chooser.Chosen)
    def _chosen(self, message: Chooser.Chosen) -> None:
        if isinstance(message.value, Target):
            self._begin(message.value)

    @on(Chooser.Typed)
    def _typed(self, message: Chooser.Typed) -> None:
        self._begin(Target(message.text))

    def accept(self, request: Request) -> None:
        """Tail what another screen points at."""
        if isinstance(request, TailRequest):
            self._begin(Target(request.target, request.label, region=request.region, account=request.account))

    def action_choose(self) -> None:
        """Choose another target; the tail goes on until one is taken."""
        self._show("tail-picker")

    def go_back(self) -> bool:
        """From the picker back to a running tail."""
        if self._target is None or self._live:
            return False
        self._show("tail-live")
        return True

    @property
    def _live(self) -> bool:
        return self.query_one(ContentSwitcher).current == "tail-live"

    def _show(self, which: str) -> None:
        self.query_one(ContentSwitcher).current = which
        (self._view if which == "tail-live" else self.query_one(Chooser).line).focus()
        self.refresh_bindings()

    def reload(self) -> None:
        """Look for targets and begin again."""
        self._find_targets()
        if self._target is not None:
            self._begin(self._target)

    # Tailing

    def _account(self) -> Account:
        target = self._target
        return (target.account if target else None) or self.flow.context.accounts[0]

    def _begin(self, target: Target) -> None:
        self._target = target
        self._pane.begin(target.label or target.target, target.group)
        self._show("tail-live")
        preset = self._preset

        def follow(stop: Event) -> Iterator[feed.News]:
            account = target.account or self.flow.context.accounts[0]
            since = account.clock() - timedelta(minutes=preset.minutes)
            return feed.follow(account, target.target, target.region, since, stop)

        self.run_job("tail", follow, self._receive, done=self._pane.ended, failed=self._failed)

    def _receive(self, news: feed.News) -> None:
        match news:
            case feed.Found():
                self._pane.found(news, self._preset)
                self._find_names(news.region)
            case feed.Arrived():
                self._pane.arrived(news)
            case feed.Said():
                self._pane.said(news)

    def _failed(self, error: FlowTuiError) -> None:
        self._pane.ended(error)
        if self._view.shown_count:
            self.flow.show_error(error, "The tail ended")

    def _find_names(self, region: str) -> None:
        account = self._account()

        def find(_: Event) -> Iterator[tuple[Interface, ...]]:
            from flowtui.aws.interfaces import list_interfaces

            yield list_interfaces(account, region)

        def named(interfaces: tuple[Interface, ...]) -> None:
            self._view.names = Names(interfaces)
            self._view.refresh()

        # Without the permission to list interfaces the ids are shown, which is what there is to say.
        self.run_job("names", find, named, failed=lambda _: None)

    def filter_changed(self, text: str) -> None:
        """Filter the records."""
        self._pane.set_filter(text)

    # Commands

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The tail's own keys work while the tail is seen; in the picker letters are text."""
        if action in _LIVE_ACTIONS:
            return self.is_mounted and self._target is not None and self._live
        return super().check_action(action, parameters)

    def action_pause(self) -> None:
        """Hold new records back, or let them in."""
        self._view.set_paused(not self._view.paused)

    def action_follow(self) -> None:
        """Stay at the newest record."""
        self._view.set_follow(True)

    def action_names(self) -> None:
        """Names or raw ids."""
        self._view.show_names = not self._view.show_names
        self._view.refresh()

    def action_range(self, key: str) -> None:
        """Begin again, further back or later."""
        self._preset = next(preset for preset in PRESETS if preset.key == key)
        if self._target is not None:
            self._begin(self._target)

    def _selected(self) -> tuple[HeldLine, Record] | None:
        line = self._view.cursor_item
        record = line.record if line else None
        if line is None or record is None:
            self.flow.warn("There is no readable record under the cursor.")
            return None
        return line, record

    def action_why(self) -> None:
        """What is known about the record's outcome."""
        selected = self._selected()
        if selected is None:
            return
        line, record = selected
        title = f"Why   {headline(line, record, self._view.names)}   {moment(record.start)[11:]}"
        note = REJECT_NOTE if outcome(record) == "REJECT" else ""
        self.app.push_screen(FactsModal(title, why(line, record, self._view.names), note=note, copy=line.raw))

    def action_record(self) -> None:
        """Every field of the record."""
        selected = self._selected()
        if selected is not None:
            line, record = selected
            self.app.push_screen(FactsModal(headline(line, record, self._view.names), details(record), copy=line.raw))

    def action_sql(self) -> None:
        """Ask the workspace about this flow."""
        selected = self._selected()
        if selected is not None:
            self.flow.open_sql(SqlRequest(flow_query(selected[1]), "flow"))

    def copy_text(self) -> str:
        """The record's addresses and port, as one would paste them."""
        line = self._view.cursor_item
        record = line.record if line else None
        return f"{record.srcaddr} {record.dstaddr} {record.dstport or ''}".strip() if record else ""

    def copy_line(self) -> str:
        """The line as it came."""
        line = self._view.cursor_item
        return line.raw if line else ""

    def action_save(self) -> None:
        """Save the records listed to a file."""
        lines = self._view.shown_items()
        if not lines:
            self.flow.warn("There are no records to save.")
            return
        name = save.suggested_name(self._pane.state.label, self._account().clock())
        hint = ".log loads again with F6 or flowtui load; .ndjson and .csv are for other tools."

        def write(text: str | None) -> None:
            if text is None:
                return
            path = save.check_path(text)
            self.run_job(
                "save",
                lambda _: save.save(lines, path),
                lambda _: None,
                done=lambda: self.notify(f"Saved {len(lines):,} records to {path}.", markup=False),
                busy="saving",
            )

        self.app.push_screen(AskModal(f"Save {len(lines):,} records to", name, hint, check=save.check_path), write)
