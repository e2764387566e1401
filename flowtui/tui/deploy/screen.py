"""F4: from a template's plan to its change set to a running stack; and the stacks made here.

Making, showing and running a change set is one job: its generator waits in the worker thread for the user's yes.
Whatever ends it before that, esc, another screen's request or leaving the app, closes the generator, which removes the
change set and the empty stack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import ContentSwitcher, Static

from flowtui.errors import FlowTuiError
from flowtui.stacks.explain import way_out
from flowtui.stacks.made import Leaving, delete, leaving
from flowtui.stacks.progress import PACE, ChangeSetReady, DeployProgress, EventSeen, Finished, Note, Pace, Tick
from flowtui.stacks.watch import watch
from flowtui.tui.commands import Command, bindings, declare
from flowtui.tui.deploy.asking import REGION, STACK, answers
from flowtui.tui.deploy.hangup import EndsWithTerminal
from flowtui.tui.deploy.onward import Onward
from flowtui.tui.deploy.plan_pane import READ_ONLY, PlanPane
from flowtui.tui.deploy.run_pane import ChangesPane, RunPane
from flowtui.tui.deploy.stacks_pane import MadeStack, StacksPane
from flowtui.tui.deploy.steps import Step, deploying, heading, leaving_text, stack_location, standing_outputs
from flowtui.tui.modals import ConfirmModal
from flowtui.tui.requests import Request, VpcRequest
from flowtui.tui.widgets.table import Table

COMMANDS = declare(
    Command("deploy.make", "enter", "make", "change set", "Make the change set; it is shown before it is run.", True),
    Command("deploy.run", "enter", "run", "run", "Run the change set.", True),
    Command("deploy.watch", "enter", "watch", "watch", "The selected stack's events and outputs.", True),
    Command("deploy.new", "D", "new", "plan", "Plan a stack for the selected VPC.", True),
    Command("deploy.change", "u", "change", "change", "Change the selected stack's parameters.", True),
    Command("deploy.pick", "ctrl+o", "pick", "pick", "Pick the VPC or bucket from the account's.", True),
    Command("deploy.prices", "p,f8", "prices", "prices", "Set the prices the plan reckons with.", True),
    Command(
        "deploy.add_policy", "ctrl+b", "add_policy", "policy", "Add what delivery needs to the bucket's policy.", True
    ),
    Command("deploy.tail", "t", "tail", "tail", "Tail what the stack records.", True),
    Command("deploy.logs", "s", "logs", "logs", "List the objects the stack's flow log delivers.", True),
    Command("deploy.delete", "ctrl+d", "delete", "delete", "Delete the selected stack, after its name is typed.", True),
    Command("deploy.cancel", "escape", "escape", "back", "One step back; a change set not run is removed.", True),
)


FOCUS: dict[Step, str] = {"stacks": "#stacks-table", "changes": "#changes-table", "run": "#run-events"}


class DeployScreen(Onward, EndsWithTerminal):
    """Four panes, one at a time."""

    NAME = "deploy"
    CSS_PATH = Path(__file__).with_name("screen.tcss")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*COMMANDS)]
    AUTO_FOCUS = "#stacks-table"
    PACE: ClassVar[Pace] = PACE

    def __init__(self) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (116, "-wide")]
        self._yes = Event()
        self._making = False

    def compose_body(self) -> ComposeResult:
        """Heading and panes."""
        yield Static(id="deploy-head", markup=False)
        with ContentSwitcher(initial="stacks-pane", id="deploy-panes"):
            yield StacksPane(id="stacks-pane")
            yield PlanPane(id="plan-pane")
            yield ChangesPane(id="changes-pane")
            yield RunPane(id="run-pane")

    # Arriving

    def accept(self, request: Request) -> None:
        """Plan for a VPC, unless a change set still waits for an answer."""
        if not isinstance(request, VpcRequest):
            return
        if self._making:
            self.flow.warn("A change set is waiting here: enter runs it, esc removes it.")
            return
        self.flow.selection = request
        self._plan(request)

    def shown(self) -> None:
        """List the stacks at the first visit."""
        if not self.listed:
            self.reload()
        self._go(self._step)

    def accounts_changed(self) -> None:
        """Plan and list are let go of; a change set that waits, or a stack that runs, stays and its account is told."""
        self.query_one(StacksPane).forget()
        self.cancel_job("leaving")
        if not self._making and self._step in ("stacks", "plan"):
            self.forget_plan()
            self._go("stacks")
        self._paint_head()

    def _go(self, step: Step) -> None:
        changed = step != self._step
        self._step = step
        self.query_one(ContentSwitcher).current = f"{step}-pane"
        focus = FOCUS.get(step)
        if focus and (changed or self.focused is None):
            self.query_one(focus).focus()
        elif step == "plan" and changed:
            self.query_one(PlanPane).take_focus()
        if step == "stacks" and self.query_one(StacksPane).busy:
            self.call_later(self._read_again)
        self._paint_head()
        self.refresh_bindings()

    def _paint_head(self) -> None:
        vpc = self._request.vpc if self._request else None
        about = (vpc.name or vpc.id, vpc.region) if vpc else None
        if self._changing is not None:
            about = (f"change of {self._changing.stack.name}", self._changing.stack.region)
        if about is not None and (elsewhere := self._elsewhere):
            about = (about[0], f"{about[1]} {self.glyphs.dot} in {elsewhere}")
        self.query_one("#deploy-head", Static).update(heading(self._step, about, self.glyphs, self.size.width - 4))

    def on_resize(self) -> None:
        """The heading is made to fit."""
        self._paint_head()

    # Steps

    def on_key(self, event: events.Key) -> None:
        """A key that is not offered because nothing may be changed says so."""
        if event.key == "enter" and self._step == "plan" and not self.may_change:
            event.stop()
            self._say_read_only()

    def _say_read_only(self) -> None:
        self.flow.show_error(FlowTuiError(READ_ONLY, "Start flowtui without --read-only to deploy."))

    def action_make(self) -> None:
        """Make the change set of the plan."""
        if self._making:
            return
        if not self.may_change:
            self._say_read_only()
            return
        pane = self.query_one(PlanPane)
        form, planned = pane.form, pane.planned
        if pane.problem is not None:
            self.flow.show_error(pane.problem, "The plan is not complete")
            return
        if form is None or planned is None:
            return
        self.remember()
        self.cancel_job("checks")
        values, update = form.values(), self._changing is not None
        account = self._run_account = self._plan_account
        region, name, yes = values[REGION], values[STACK], Event()
        self._yes, self._making = yes, True
        self.query_one(RunPane).stack_name = name
        self.run_job(
            "run",
            lambda stop: deploying(
                account, region, planned.template, name, answers(values), yes, stop, self.PACE, update=update
            ),
            self._progressed,
            done=self._ended,
            failed=self._failed,
            busy="making the change set",
        )

    def _progressed(self, progress: DeployProgress) -> None:
        pane = self.query_one(RunPane)
        if isinstance(progress, ChangeSetReady):
            self.set_busy("run", "")
            self.query_one(ChangesPane).show(progress.prepared)
            self._go("changes")
        elif isinstance(progress, Finished):
            if self._step != "run":
                pane.begin(pane.stack_name)
                self._go("run")
            pane.end(progress.result, self._account().clock())
            if progress.result.outcome not in ("no changes", "waiting"):
                self.flow.flow_logs_changed()
        elif isinstance(progress, (EventSeen, Tick, Note)):
            if self._step == "run":
                pane.take(progress)
            elif isinstance(progress, Note):
                self.notify(progress.text, markup=False)

    def _ended(self) -> None:
        self._making = False
        self.refresh_bindings()
        self.reload()

    def _failed(self, error: FlowTuiError) -> None:
        self._making = False
        self.flow.show_error(error, "Deploying failed")
        if self._step == "changes":
            self._go("plan")
        elif self._step == "run":
            self.query_one(RunPane).fail(error)

    def action_scroll_plan(self, by: int) -> None:
        """A page of the plan down or up."""
        self.query_one(PlanPane).scroll_plan(by)

    def action_run(self) -> None:
        """Run the change set shown."""
        self._making = False
        pane = self.query_one(RunPane)
        self.set_busy("run", f"running {pane.stack_name}")
        self._go("run")
        pane.begin(pane.stack_name)
        self._yes.set()

    def action_watch(self) -> None:
        """Follow the selected stack."""
        made = self._selected()
        if made is None:
            return
        stack = made.stack
        self._follow(made, lambda _: watch(made.account, stack.region, stack.id, pace=self.PACE), "watching")

    def action_change(self) -> None:
        """Plan a change of the selected stack."""
        if made := self._selected():
            self.change(made)

    def _follow(self, made: MadeStack, make: Callable[[Event], Iterator[DeployProgress]], verb: str) -> None:
        """Watch a stack that was not begun just now."""
        self._request, self._changing = None, None
        self._run_account, name = made.account, made.stack.name
        pane = self.query_one(RunPane)
        self._go("run")
        pane.begin(name)
        self.run_job("run", make, self._progressed, done=self._ended, failed=self._failed, busy=f"{verb} {name}")

    def action_delete(self) -> None:
        """Ask what deleting would leave, then for the stack's name."""
        made = self._deletable()
        if made is None:
            self.flow.warn("Choose a stack in the list first.")
            return
        self.run_job(
            "leaving",
            lambda _: iter((leaving(made.account, made.stack),)),
            lambda found: self._confirm(made, found),
            busy="looking what would be left",
            reads=True,
        )

    def _confirm(self, made: MadeStack, found: Leaving) -> None:
        def answered(yes: bool | None) -> None:
            if yes:
                self._follow(made, lambda _: delete(made.account, made.stack, pace=self.PACE), "deleting")

        self.flow.push_screen(
            ConfirmModal(f"Delete stack {made.stack.name}", leaving_text(found), made.stack.name), answered
        )

    # Leaving

    def go_back(self) -> bool:
        """One step back; a change set that was not run is removed."""
        match self._step:
            case "stacks":
                return False
            case "plan":
                if self.cancel_job("run"):
                    self._making = False
                    self.notify("Stopped; what was made for the change set is removed.", markup=False)
                    return True
                self._go("stacks")
            case "changes":
                self.cancel_job("run")
                self._making = False
                self.notify("The change set is removed.", markup=False)
                self._go("plan")
            case "run":
                if self.cancel_job("run"):
                    self.notify("Watching stopped; the stack goes on.", markup=False)
                self._go("stacks")
                self.reload()
        return True

    # Selection

    @property
    def can_filter(self) -> bool:
        """Only the list of stacks is filtered."""
        return self._step == "stacks"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what means nothing at this step."""
        match action:
            case "make":
                return self._step == "plan" and self.may_change
            case "prices":
                return self._step == "plan"
            case "run":
                return self._step == "changes"
            case "new":
                return self._step == "stacks"
            case "watch" | "change":
                return self._step == "stacks" and self._selected() is not None
            case "delete":
                return self._deletable() is not None and self.may_change
            case "pick":
                return self._step == "plan" and bool(self.picker)
            case "add_policy":
                return self._step == "plan" and self.addable is not None
            case "tail":
                return bool((stack := self._stack()) and standing_outputs(stack).get("LogGroupName"))
            case "logs":
                return bool((stack := self._stack()) and stack_location(stack))
        return super().check_action(action, parameters)

    def _deletable(self) -> MadeStack | None:
        """The selected stack, or the one just watched that ended stuck."""
        if self._step == "stacks":
            return self._selected()
        stack = self._stack() if self._step == "run" else None
        return MadeStack(self._account(), stack) if stack and way_out(stack) else None

    @on(Table.Moved, "#stacks-table")
    def _stack_moved(self) -> None:
        self.refresh_bindings()

    @on(Table.Chosen, "#stacks-table")
    def _stack_chosen(self) -> None:
        self.action_watch()
