"""Steps 2 and 3: the change set, then the stack's events as they happen, then what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from flowtui.aws.models import Change, Stack
from flowtui.errors import FlowTuiError
from flowtui.stacks.explain import arrival, replacement_lines, way_out
from flowtui.stacks.progress import EventSeen, Note, Prepared, Result, Tick
from flowtui.tui.deploy.events import COLUMNS, EventTree
from flowtui.tui.widgets.table import Cell, Column, Row, Table
from flowtui.tui.widgets.title import PaneTitle

if TYPE_CHECKING:
    from flowtui.tui.app import FlowTuiApp

CHANGE_COLUMNS = (
    Column("action", "Change"),
    Column("name", "Resource", least=16),
    Column("type", "Type", least=12),
    Column("replacement", "Replaces", drop=1),
)
OUTPUT_COLUMNS = (Column("name", "Output", most=30), Column("value", "Value", least=20))
_ACTION_STYLES = {"Add": "ok", "Remove": "bad", "Modify": "warn"}


class ChangesPane(Vertical):
    """A change set."""

    def compose(self) -> ComposeResult:
        """Title, table, what happens next."""
        yield PaneTitle("Change set", id="changes-title")
        yield Table(CHANGE_COLUMNS, id="changes-table")
        yield PaneTitle()
        yield Static(id="changes-text", markup=False)

    def show(self, prepared: Prepared) -> None:
        """Paint a change set."""
        rows = [change_row(n, change) for n, change in enumerate(prepared.changes)]
        self.query_one(Table).set_rows(rows, "The change set changes nothing.")
        self.query_one("#changes-title", PaneTitle).note = f"{prepared.stack_name} in {prepared.region}"
        what = "and the empty stack " if prepared.made_stack else ""
        text = f"Nothing has been changed yet. enter runs it. esc removes the change set {what}again."
        warning = "".join(f"{line}\n" for line in replacement_lines(prepared.changes))
        self.query_one("#changes-text", Static).update(Content.assemble((warning, "$warning"), text))


def change_row(index: int, change: Change) -> Row:
    """One change."""
    sign = {"Add": "+", "Remove": "-", "Modify": "~"}.get(change.action, "?")
    cells = {
        "action": Cell(f"{sign} {change.action.lower()}", _ACTION_STYLES.get(change.action, "")),
        "name": Cell(change.logical_id, "strong"),
        "type": Cell(change.type),
        "replacement": Cell(
            change.replacement.lower(), "warn" if change.replacement in ("True", "Conditional") else ""
        ),
    }
    return Row(str(index), cells)


class RunPane(Vertical):
    """A stack while it is made, changed or deleted, and afterwards its outputs or the reason."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.stack_name = ""
        self.result: Result | None = None
        self._arrival = ""
        self._tree = EventTree()
        self._elapsed_s = 0.0
        self._note = ""
        self._stopped: FlowTuiError | None = None

    def compose(self) -> ComposeResult:
        """Events above, result below."""
        yield PaneTitle("Events", id="run-title")
        yield Table(COLUMNS, id="run-events")
        with Vertical(id="run-outputs-pane"):
            yield PaneTitle("Outputs")
            yield Table(OUTPUT_COLUMNS, header=False, id="run-outputs")
        yield PaneTitle(id="run-line")
        yield Static(id="run-text", markup=False)

    def begin(self, stack_name: str) -> None:
        """Forget the stack before."""
        self.stack_name = stack_name
        self.result = None
        self._tree, self._elapsed_s, self._note, self._stopped = EventTree(), 0.0, "", None
        self.query_one("#run-outputs-pane").display = False
        self.query_one("#run-events", Table).styles.height = "1fr"
        self.query_one("#run-events", Table).focus()
        self._paint()

    def take(self, progress: EventSeen | Tick | Note) -> None:
        """Show what happened."""
        if isinstance(progress, EventSeen):
            self._tree.add(progress.event, progress.elapsed_s)
            self._elapsed_s = max(self._elapsed_s, progress.elapsed_s)
        elif isinstance(progress, Tick):
            self._elapsed_s = max(self._elapsed_s, progress.elapsed_s)
        else:
            self._note = progress.text
        self._paint()

    def fail(self, error: FlowTuiError) -> None:
        """Show why nothing more will be heard of the stack: it could not be begun, or not be looked at."""
        self._stopped = error
        self._paint()

    def end(self, result: Result, now: datetime) -> None:
        """Show how it ended: outputs and when records arrive, or the first failure's reason and what to do."""
        self.result, self._arrival = result, arrival(result, now)
        stack = result.stack
        if stack is not None and not self._tree.stack.status:
            # Nothing happened to it; its row says what it is all the same.
            self._tree.stack.status = stack.status
        if stack is not None and stack.outputs and result.outcome in ("complete", "no changes"):
            rows = [
                Row(key, {"name": Cell(key, "muted"), "value": Cell(value)}) for key, value in stack.outputs.items()
            ]
            table = self.query_one("#run-outputs", Table)
            table.set_rows(rows)
            table.styles.height = min(8, len(rows))
            self.query_one("#run-outputs-pane").display = True
            # The outputs follow the events at once instead of across an empty screen.
            events = self.query_one("#run-events", Table)
            events.styles.height = min(len(events.rows) + 1, max(4, self.size.height - len(rows) - 8))
        self._paint()

    @property
    def stack(self) -> Stack | None:
        """The stack as it ended."""
        return self.result.stack if self.result else None

    def _paint(self) -> None:
        glyphs = cast("FlowTuiApp", self.app).glyphs
        self.query_one("#run-events", Table).set_rows(self._tree.rows(self.stack_name, glyphs, self._elapsed_s))
        self.query_one("#run-title", PaneTitle).note = f"{self.stack_name} {glyphs.dot} {self._elapsed_s:.0f} s"
        self.query_one("#run-text", Static).update(self._closing_text())

    def _way_on(self) -> str:
        outputs = self.stack.outputs if self.stack else {}
        return "t tails them." if "LogGroupName" in outputs else "s lists their objects." if outputs else ""

    def _closing_text(self) -> Content:
        glyphs = cast("FlowTuiApp", self.app).glyphs
        if self._stopped is not None:
            said = f"{glyphs.failing} {self._stopped.message}"
            leave = "It is not watched any more; esc goes to the list of stacks, which tells how it is."
            hint = f"\n{self._stopped.hint}" if self._stopped.hint else ""
            return Content.assemble((said, "bold $error"), hint, (f"\n{leave}", "$muted"))
        if self.result is None:
            leave = "esc stops watching; the stack goes on and is listed under the stacks."
            return Content.assemble((f"{self._note}\n" if self._note else "", "$warning"), (leave, "$muted"))
        failure = self.result.failure
        if failure is not None:
            said = f"{glyphs.failing} {failure.logical_id}: {failure.reason}"
            stuck = way_out(self.stack, app=True) if self.stack else ""
            return Content.assemble((said, "bold $error"), *(f"\n{text}" for text in (failure.hint, stuck) if text))
        match self.result.outcome:
            case "complete":
                text = " ".join(filter(None, ("The stack is complete.", self._arrival, self._way_on())))
                return Content.assemble((f"{glyphs.accept} ", "$success"), text)
            case "deleted":
                return Content.assemble((f"{glyphs.accept} ", "$success"), "The stack is deleted.")
            case "waiting":
                return Content("The stack is empty: its change set was never executed.")
            case _:
                return Content("No changes: the stack is already as asked.")
