"""The Tail screen: choose a target, watch its records, and go on from one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from threading import Event
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import ContentSwitcher

from flowtui.aws.inventory import RegionInventory, scan
from flowtui.aws.models import Interface, RegionRefusal
from flowtui.aws.session import Account
from flowtui.errors import FlowTuiError, UsageError
from flowtui.tui.commands import bindings
from flowtui.tui.requests import Request, TailRequest
from flowtui.tui.tail import feed
from flowtui.tui.tail.commands import PRESETS, TAIL_COMMANDS
from flowtui.tui.tail.list_actions import LIST_ACTIONS, ListActions
from flowtui.tui.tail.names import Names
from flowtui.tui.tail.pane import TailPane
from flowtui.tui.tail.picker import Target, targets_of, together, typed
from flowtui.tui.tail.record_actions import RECORD_ACTIONS, RecordActions
from flowtui.tui.tail.view import TailView
from flowtui.tui.widgets.chooser import Choice, Chooser
from flowtui.tui.widgets.resources import place_of_region, refusals_text, told

DEFAULT_PRESET = PRESETS[2]
HINT = "enter tails the line or what is typed, tab marks several, F4 makes one."
NOTHING = "No flow log here writes to CloudWatch Logs; F4 makes one."
TYPED = "A log group or id may be typed."
LIVE_ACTIONS = LIST_ACTIONS | RECORD_ACTIONS | {"older", "live"}
LEAST_REACH = timedelta(minutes=5)
MOST_REACH = timedelta(hours=1)


class TailScreen(ListActions, RecordActions):
    """Live records of a log group."""

    NAME = "tail"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*TAIL_COMMANDS)]

    def __init__(self) -> None:
        super().__init__()
        self._target: Target | None = None
        self._preset = DEFAULT_PRESET
        self._found: feed.Found | None = None
        self._oldest: datetime | None = None

    def compose_body(self) -> ComposeResult:
        """The picker, and the tail; one of them is seen."""
        pane = TailPane(id="tail-live")
        pane.glyphs = self.glyphs
        with ContentSwitcher(initial="tail-picker"):
            placeholder = "VPC, subnet, interface, instance, flow log, log group; several, with spaces"
            yield Chooser("What to tail", placeholder, mark=self.glyphs.accept, id="tail-picker")
            yield pane

    def on_mount(self) -> None:
        """Look for targets."""
        super().on_mount()
        self._find_targets()

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

        self.run_job(
            "targets",
            find,
            take,
            done=done,
            failed=lambda error: picker.say(told(error)),
            busy="log groups",
            reads=True,
        )

    @on(Chooser.Chosen)
    def _chosen(self, message: Chooser.Chosen) -> None:
        if isinstance(message.value, Target):
            self._begin(message.value)

    @on(Chooser.Typed)
    def _typed(self, message: Chooser.Typed) -> None:
        self._begin(typed(message.text))

    @on(Chooser.Several)
    def _several(self, message: Chooser.Several) -> None:
        try:
            self._begin(together([value for value in message.values if isinstance(value, Target)]))
        except UsageError as error:
            self.flow.show_error(error)

    def accept(self, request: Request) -> None:
        """Tail what another screen points at."""
        if isinstance(request, TailRequest):
            found, regions = typed(request.target), (request.region,) if request.region else ()
            self._begin(replace(found, label=request.label, regions=regions, account=request.account))

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
        (self.view if which == "tail-live" else self.query_one(Chooser).line).focus()
        self.refresh_bindings()

    def reload(self) -> None:
        """Look for targets and begin again."""
        self._find_targets()
        if self._target is not None:
            self._begin(self._target)

    # Tailing

    @property
    def source_found(self) -> feed.Found | None:
        """What is tailed, once it is known."""
        return self._found

    def account(self) -> Account:
        """The account of what is tailed."""
        target = self._target
        return (target.account if target else None) or self.flow.context.accounts[0]

    def _begin(self, target: Target) -> None:
        if target != self._target:
            # The names of one account or region are wrong in another, and may never be replaced there.
            self.cancel_job("names")
            self.view.names = Names()
        self._target, self._found, self._oldest = target, None, None
        self.cancel_job("older")
        self.pane.begin(target.title, target.group)
        self._show("tail-live")
        preset = self._preset

        def follow(stop: Event) -> Iterator[feed.News]:
            account = target.account or self.flow.context.accounts[0]
            since = account.clock() - timedelta(minutes=preset.minutes) if preset.minutes else None
            return feed.follow(account, target.ids, target.regions, since, stop, self._keep)

        self.run_job("tail", follow, self._receive, done=self.pane.ended, failed=self._failed)

    @property
    def _keep(self) -> feed.Keep:
        return partial(self.flow.context.kept, hold=True)

    def action_live(self) -> None:
        """Keep what arrives in the workspace from now on, or do so no longer."""
        context = self.flow.context
        context.settings = replace(context.settings, live=not context.settings.live)
        if context.settings.live:
            said = "What arrives from now on is kept in vpc_flow_logs.live; 1 to 6 begin again and keep what they read."
        else:
            said = "What arrives from now on is not kept in the workspace."
        self.notify(said, markup=False)

    def _receive(self, news: feed.News) -> None:
        match news:
            case feed.Found():
                self._found = news
                self.pane.found(news, self._preset)
                self._find_names(dict.fromkeys(group.region for group in news.source.groups))
            case feed.Arrived():
                self.pane.arrived(news)
            case feed.Said():
                self.pane.said(news)
            case feed.Gap():
                self.view.mark_gap(news.row)
            case feed.Noted():
                self.pane.noted(news)

    def _failed(self, error: FlowTuiError) -> None:
        self.pane.ended(error)
        if self.view.shown_count:
            self.flow.show_error(error, "The tail ended")

    def _find_names(self, regions: Iterable[str]) -> None:
        account = self.account()

        def find(_: Event) -> Iterator[tuple[Interface, ...]]:
            from flowtui.aws.interfaces import list_interfaces

            for region in regions:
                yield list_interfaces(account, region)

        found: list[Interface] = []

        def named(interfaces: tuple[Interface, ...]) -> None:
            found.extend(interfaces)
            self.view.names = Names(found)
            self.view.refresh()

        # Without the permission to list interfaces the ids are shown, which is what there is to say.
        self.run_job("names", find, named, failed=lambda _: None, reads=True)

    def filter_changed(self, text: str) -> None:
        """Filter the records; while the text cannot be understood, the filter before it stays."""
        self.filters.aside = self.filters.aside and not text
        self.filters.type(text, self.view.fields)
        self.pane.filters_changed()

    def action_escape(self) -> None:
        """Bring filters back that were set aside, else clear the newest, else as everywhere."""
        if self._live and self.filters.aside:
            self.action_context()
        elif self._live and not self.filter_text and self.filters.layers:
            self.action_drop_filter()
        else:
            super().action_escape()

    # Commands

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The tail's own keys work while the tail is seen; in the picker letters are text."""
        if action in LIVE_ACTIONS:
            return self.is_mounted and self._target is not None and self._live
        return super().check_action(action, parameters)

    def action_range(self, key: str) -> None:
        """Begin again, further back or later."""
        self._preset = next(preset for preset in PRESETS if preset.key == key)
        if self._target is not None:
            self._begin(self._target)

    @on(TailView.TopReached)
    def _top_reached(self) -> None:
        self.action_older()

    def action_older(self) -> None:
        """Read what began before the oldest record here, as far back again as the tail began, an hour at most."""
        found = self._found
        if found is None or self.job("older") is not None:
            return
        room = self.view.ring.room
        if not room:
            self.flow.warn(
                f"The list is full at {self.view.ring.capacity:,}; a range further back, 4 to 6, holds older."
            )
            return
        before = self._oldest or found.since
        reach = min(max(timedelta(minutes=self._preset.minutes), LEAST_REACH), MOST_REACH)
        account = self.account()

        def read(stop: Event) -> Iterator[feed.Older]:
            return feed.older(account, found, before, reach, room, stop, self._keep)

        def arrived(news: feed.Older) -> None:
            self._oldest = before - reach
            taken = self.pane.older(news.arrived)
            left = news.left + len(news.arrived.lines) - taken
            self.flow.notify(
                f"{taken:,} older records, from {self._oldest:%H:%M:%S} on."
                + (f" The list is full: {left:,} of them were left out." if left else ""),
                markup=False,
            )

        self.run_job("older", read, arrived, busy=f"reading from {before - reach:%H:%M:%S} on")
