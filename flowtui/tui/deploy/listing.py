"""The listing half of F4: the stacks made here, read again while one of them is busy."""

from __future__ import annotations

from typing import ClassVar

from flowtui.errors import FlowTuiError
from flowtui.tui.base import FlowScreen
from flowtui.tui.deploy.stacks_pane import MadeStack, StacksPane, find_stacks


class Listing(FlowScreen):
    """What a screen with a :class:`StacksPane` does to fill it."""

    # Seconds between two readings of a list with a busy stack in it.
    AGAIN_S: ClassVar[float] = 5.0

    def __init__(self) -> None:
        super().__init__()
        self.listed = False
        self._busy = False

    def reload(self) -> None:
        """Read the stacks again."""
        self.listed = True
        pane = self.query_one(StacksPane)
        pane.begin()
        context = self.flow.context
        self.run_job(
            "stacks",
            lambda stop: find_stacks(context.accounts, stop),
            pane.add,
            done=self._listed,
            failed=self._not_listed,
            busy="reading stacks",
            reads=True,
        )

    def _listed(self) -> None:
        pane = self.query_one(StacksPane)
        pane.end()
        if self._busy and not pane.busy:
            # What nobody watched has come to its end meanwhile.
            self.flow.flow_logs_changed()
        self._busy = pane.busy
        if pane.busy:
            self.set_timer(self.AGAIN_S, self._read_again)

    def _not_listed(self, error: FlowTuiError) -> None:
        self.query_one(StacksPane).stop()
        self.flow.show_error(error)

    def stopped(self) -> None:
        """What of the list was not read stays as it was read before."""
        self.query_one(StacksPane).stop()

    def _read_again(self) -> None:
        pane = self.query_one(StacksPane)
        if self.is_current and pane.display and self.job("stacks") is None:
            self.reload()

    def filter_changed(self, text: str) -> None:
        """Show only stacks that match."""
        self.query_one(StacksPane).filter(text)

    def _selected(self) -> MadeStack | None:
        return self.query_one(StacksPane).selected
