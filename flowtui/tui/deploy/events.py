"""A stack's events as a tree by resource, pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from flowtui.aws.models import StackEvent
from flowtui.stacks.watch import STACK
from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.table import Cell, Column, Row

COLUMNS = (
    Column("resource", "Resource", least=22),
    Column("status", "Status", least=18),
    Column("time", "Time", right=True),
    Column("type", "Type", drop=1),
    Column("reason", "Reason", least=10, drop=2),
)


@dataclass(slots=True)
class _Branch:
    """One resource: its latest status and how long it took, seconds; ``failed`` keeps AWS's first reason."""

    type: str
    status: str = ""
    reason: str = ""
    began_s: float = 0.0
    ended_s: float = 0.0
    failed: str = ""


@dataclass(slots=True)
class EventTree:
    """The stack and below it its resources, in the order they were first heard of."""

    stack: _Branch = field(default_factory=lambda: _Branch(STACK))
    resources: dict[str, _Branch] = field(default_factory=dict)

    def add(self, event: StackEvent, elapsed_s: float) -> None:
        """Take an event in."""
        if event.type == STACK:
            branch = self.stack
        else:
            name = f"{event.logical_id}{self._which()}"
            branch = self.resources.setdefault(name, _Branch(event.type, began_s=elapsed_s))
        branch.status = event.status
        branch.reason = event.reason
        branch.ended_s = elapsed_s
        if event.status.endswith("_FAILED") and not branch.failed:
            # A rollback's later events must not hide why it rolls back.
            branch.failed = event.reason

    def _which(self) -> str:
        """Cleaning up, CloudFormation deletes one of two resources of the same name: the old, or an undone new one."""
        if "CLEANUP" not in self.stack.status:
            return ""
        return " (undone)" if "ROLLBACK" in self.stack.status else " (replaced)"

    def rows(self, stack_name: str, glyphs: Glyphs, now_s: float) -> list[Row]:
        """The tree as rows; ``now_s`` is the time that what is under way has taken so far."""
        rows = [_row("stack", stack_name, self.stack, glyphs, now_s, "")]
        last = len(self.resources) - 1
        for index, (name, branch) in enumerate(self.resources.items()):
            twig = glyphs.last_branch if index == last else glyphs.branch
            rows.append(_row(f"resource/{name}", name, branch, glyphs, now_s, f"{twig}{glyphs.line} "))
        return rows


def _row(key: str, name: str, branch: _Branch, glyphs: Glyphs, now_s: float, indent: str) -> Row:
    running = branch.status.endswith("_IN_PROGRESS")
    taken_s = (now_s if running else branch.ended_s) - branch.began_s
    reason = branch.failed or ("" if running or branch.status.endswith("_COMPLETE") else branch.reason)
    return Row(
        key,
        {
            "resource": Cell(f"{indent}{name}", "strong" if not indent else ""),
            "status": status_cell(branch.status, glyphs),
            "time": Cell(f"{max(0, taken_s):.0f}s" if branch.status else "", "muted"),
            "type": Cell("" if branch.type == STACK else branch.type, "muted"),
            "reason": Cell(reason, "bad" if branch.failed else "muted"),
        },
    )


def status_cell(status: str, glyphs: Glyphs) -> Cell:
    """A CloudFormation status with its symbol, in words: ``✓ create complete``."""
    words = status.replace("_", " ").lower()
    if not status:
        return Cell(f"{glyphs.none} waiting", "muted")
    if status.endswith("_FAILED") or "ROLLBACK" in status:
        return Cell(f"{glyphs.failing} {words}", "bad")
    if status.endswith("_IN_PROGRESS"):
        return Cell(f"{glyphs.starting} {words}", "accent")
    if status == "DELETE_COMPLETE":
        return Cell(f"{glyphs.none} {words}", "muted")
    return Cell(f"{glyphs.accept} {words}", "ok")
