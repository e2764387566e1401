"""What the parts of the Tail screen share: the pane, its list, its filters, the account."""

from __future__ import annotations

from flowtui.aws.session import Account
from flowtui.records.parse import Record
from flowtui.tui.base import FlowScreen
from flowtui.tui.tail import feed
from flowtui.tui.tail.filters import FilterStack
from flowtui.tui.tail.lines import GapRow, HeldLine
from flowtui.tui.tail.pane import TailPane
from flowtui.tui.tail.view import TailView


class TailBase(FlowScreen):
    """A screen with a :class:`TailPane`."""

    @property
    def pane(self) -> TailPane:
        """The live half."""
        return self.query_one(TailPane)

    @property
    def view(self) -> TailView:
        """The list of records."""
        return self.pane.view

    @property
    def filters(self) -> FilterStack:
        """The filters."""
        return self.pane.filters

    def account(self) -> Account:
        """The account of what is tailed."""
        raise NotImplementedError

    @property
    def source_found(self) -> feed.Found | None:
        """What is tailed, once it is known."""
        raise NotImplementedError

    @property
    def line(self) -> HeldLine | None:
        """The line under the cursor; None for an empty list and the mark of a gap."""
        row = self.view.cursor_item
        return row if isinstance(row, HeldLine) else None

    @property
    def gap(self) -> GapRow | None:
        """The gap whose mark is under the cursor."""
        row = self.view.cursor_item
        return row if isinstance(row, GapRow) else None

    def selected(self) -> tuple[HeldLine, Record] | None:
        """The line under the cursor and its record; says so when there is none."""
        line = self.line
        record = line.record if line else None
        if line is None or record is None:
            what = "The mark of a gap is no record." if self.gap else "There is no readable record under the cursor."
            self.flow.warn(what)
            return None
        return line, record
