"""The stacks made here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from flowtui.aws.models import RegionRefusal, Stack
from flowtui.aws.session import Account
from flowtui.errors import FlowTuiError
from flowtui.insight.coverage_text import refusal_text
from flowtui.records.labels import clean
from flowtui.stacks.explain import way_out
from flowtui.stacks.made import TAG, stacks_made
from flowtui.stacks.watch import at_rest
from flowtui.times import age_text
from flowtui.tui.deploy.events import status_cell
from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.fit import shorten
from flowtui.tui.widgets.table import Cell, Column, Row, Table
from flowtui.tui.widgets.title import PaneTitle

if TYPE_CHECKING:
    from flowtui.tui.app import FlowTuiApp

COLUMNS = (
    Column("name", "Stack", least=16),
    Column("template", "Template", drop=2),
    Column("vpc", "VPC", least=12, drop=3),
    Column("region", "Region", drop=1),
    Column("status", "Status", least=18),
    Column("age", "Made", right=True),
)
EMPTY = "No stack was made by flowtui in these regions.\nD on a VPC (F2), or here, plans one; a plan changes nothing."
UNREAD = "The stacks were not read to the end; ctrl+r reads them."


@dataclass(frozen=True, slots=True)
class MadeStack:
    """A stack and the account it is in."""

    account: Account
    stack: Stack

    @property
    def key(self) -> str:
        """The key of its row: two profiles of one account see the same stack, and each acts as itself."""
        return f"{self.account.name}/{self.stack.id}"


@dataclass(frozen=True, slots=True)
class Unread:
    """A region of an account, or without one all of it, whose stacks could not be listed."""

    account: Account
    refusal: RegionRefusal

    @property
    def key(self) -> str:
        """The key of its row."""
        return f"!{self.account.name}/{self.refusal.region}"


def find_stacks(accounts: Sequence[Account], stop: Event) -> Iterator[MadeStack | Unread]:
    """The stacks made here, in all accounts and regions; what cannot be asked is told and does not stop the rest."""
    for account in accounts:
        try:
            regions = account.regions()
        except FlowTuiError as error:
            yield Unread(account, RegionRefusal("", "", error))
            continue
        for found in stacks_made(account, regions):
            if stop.is_set():
                return
            yield Unread(account, found) if isinstance(found, RegionRefusal) else MadeStack(account, found)


def stack_row(made: MadeStack, now: datetime, glyphs: Glyphs) -> Row:
    """One stack."""
    stack = made.stack
    age_s = (now - stack.created).total_seconds()
    cells = {
        "name": Cell(stack.name, "strong"),
        "template": Cell(stack.tags.get(TAG, "")),
        "vpc": Cell(stack.parameters.get("VpcId", "")),
        "region": Cell(stack.region),
        "status": status_cell(stack.status, glyphs),
        "age": Cell(age_text(age_s), "", age_s),
    }
    return Row(made.key, cells)


def _unread_row(unread: Unread, glyphs: Glyphs) -> Row:
    place = unread.refusal.region or clean(unread.account.name)
    return Row(unread.key, {}, Cell(f"{glyphs.warning} {place}   {refusal_text(unread.refusal)}", "warn"))


class StacksPane(Vertical):
    """A table of stacks and a line on the one under the cursor."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._made: list[MadeStack] = []
        self._refusals: list[Unread] = []
        self._before: list[MadeStack] = []
        self._reading = False
        self._whole = True
        self._filter = ""

    def compose(self) -> ComposeResult:
        """Title, table, line."""
        yield PaneTitle("Stacks made by flowtui", id="stacks-title")
        yield Table(COLUMNS, id="stacks-table")
        yield PaneTitle()
        yield Static(id="stacks-text", markup=False)

    def begin(self) -> None:
        """The list is read anew; what was in it stays until then."""
        self._before = [*self._made]
        self._made, self._refusals, self._reading, self._whole = [], [], True, True
        self._paint()

    def forget(self) -> None:
        """What is in the list is of accounts that are not worked on any more."""
        self._made, self._refusals, self._before = [], [], []

    def add(self, found: MadeStack | Unread) -> None:
        """One more."""
        if isinstance(found, MadeStack):
            self._made.append(found)
        else:
            self._refusals.append(found)
        self._paint()

    def end(self) -> None:
        """That was all."""
        self._reading = False
        self._before = []
        self._paint()

    def stop(self) -> None:
        """No more is read, though there may be more; what was known before is kept."""
        if self._reading:
            self._made, self._before = self._known(), []
            self._reading, self._whole = False, False
            self._paint()

    @property
    def busy(self) -> bool:
        """Whether a stack of the list is in the midst of something."""
        return any(not at_rest(made.stack.status) and made.stack.status != "REVIEW_IN_PROGRESS" for made in self._made)

    def filter(self, text: str) -> None:
        """Show only stacks with this in their name, VPC or region."""
        self._filter = text.casefold()
        self._paint()

    @property
    def selected(self) -> MadeStack | None:
        """The stack under the cursor."""
        row = self.query_one(Table).row
        return next((made for made in self._known() if row and made.key == row.key), None)

    def _known(self) -> list[MadeStack]:
        """What was read, and of the reading before what was not read again yet."""
        new = {made.key for made in self._made}
        return [*self._made, *(made for made in self._before if made.key not in new)]

    def _paint(self) -> None:
        glyphs = cast("FlowTuiApp", self.app).glyphs
        shown = [made for made in self._known() if self._filter in _words(made.stack)]
        rows = [stack_row(each, each.account.clock(), glyphs) for each in shown]
        rows += [_unread_row(each, glyphs) for each in self._refusals]
        empty = EMPTY if self._whole else UNREAD
        if self._made:
            empty = f"No stack has {self._filter} in its name, VPC or region."
        self.query_one(Table).set_rows(rows, f"Reading stacks{glyphs.ellipsis}" if self._reading else empty)
        self.query_one(PaneTitle).note = str(len(self._made)) if self._made else ""
        self._say()

    @on(Table.Moved)
    def _say(self) -> None:
        """The selected stack's outputs, or the way out of its state."""
        made = self.selected
        text = ""
        if made is not None:
            stack = made.stack
            width = max(map(len, stack.outputs), default=0)
            room = self.size.width - width - 6
            outputs = "\n".join(f"{key:<{width}}  {shorten(value, room)}" for key, value in stack.outputs.items())
            busy = "" if at_rest(stack.status) else "It is being worked on; enter watches it."
            text = way_out(stack, app=True) or busy or outputs or stack.reason or stack.description
        self.query_one("#stacks-text", Static).update(Content(text))


def _words(stack: Stack) -> str:
    return f"{stack.name} {stack.region} {stack.parameters.get('VpcId', '')}".casefold()
