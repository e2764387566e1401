"""The stack in hand on F4, and where it leads: its text, its page in the console, its records and its objects."""

from __future__ import annotations

from flowtui.aws.models import Stack
from flowtui.aws.session import Account
from flowtui.tui.console import stack_url
from flowtui.tui.deploy.listing import Listing
from flowtui.tui.deploy.planning import Planning
from flowtui.tui.deploy.run_pane import RunPane
from flowtui.tui.deploy.steps import Step, stack_location, standing_outputs
from flowtui.tui.requests import LogsRequest, TailRequest
from flowtui.tui.widgets.table import Table


class Onward(Planning, Listing):
    """What a screen with a list of stacks and a :class:`RunPane` offers for the stack in hand."""

    def __init__(self) -> None:
        super().__init__()
        self._step: Step = "stacks"
        self._run_account: Account | None = None

    def _stack(self) -> Stack | None:
        """The stack just run, or the selected one."""
        if self._step == "run":
            return self.query_one(RunPane).stack
        selected = self._selected() if self._step == "stacks" else None
        return selected.stack if selected else None

    def _account(self) -> Account:
        selected = self._selected() if self._step == "stacks" else None
        if selected is not None:
            return selected.account
        return self._run_account or self._plan_account

    def copy_text(self) -> str:
        """An output's value at the end of a run, else the stack's name."""
        if self._step == "run" and self.query_one("#run-outputs", Table).has_focus:
            row = self.query_one("#run-outputs", Table).row
            return row.cells["value"].text if row else ""
        stack = self._stack()
        return stack.name if stack else ""

    def copy_line(self) -> str:
        """The stack's id, its ARN."""
        stack = self._stack()
        return stack.id if stack else ""

    def console_url(self) -> str:
        """The stack's page."""
        stack = self._stack()
        return stack_url(stack.region, stack.id) if stack else ""

    def action_tail(self) -> None:
        """Tail the log group a stack made."""
        stack = self._stack()
        group = standing_outputs(stack).get("LogGroupName") if stack else ""
        if stack and group:
            self.flow.open_tail(TailRequest(group, self._account(), stack.region, stack.name))

    def action_logs(self) -> None:
        """List the objects under a stack's bucket and prefix."""
        stack = self._stack()
        if stack and (location := stack_location(stack)):
            self.flow.open_logs(LogsRequest(account=self._account(), location=location))
