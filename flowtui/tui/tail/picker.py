"""What to tail: the log groups that flow logs write to, or whatever is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from flowtui.aws.models import FlowLog, Vpc
from flowtui.aws.session import Account
from flowtui.records.labels import clean


@dataclass(frozen=True, slots=True)
class Target:
    """Something that can be tailed: ``target`` is what :func:`flowtui.aws.tail.resolve` understands."""

    target: str
    label: str
    group: str
    region: str
    account: Account | None

    def line(self, glyph: str) -> Content:
        """How the list shows it."""
        return Content.assemble(
            (f"{glyph} ", "$success"),
            self.label.ljust(24) if self.label else self.target.ljust(24),
            (f"  {self.group}", "$accent"),
            (f"  {self.region}", "$text-muted"),
        )


def targets_of(account: Account, vpcs: Sequence[Vpc], flow_logs: Sequence[FlowLog]) -> list[Target]:
    """The flow logs that write to CloudWatch Logs, as targets, by the resource they watch."""
    names = {vpc.id: vpc.name for vpc in vpcs}
    found = [
        Target(
            log.resource_id,
            clean(names.get(log.resource_id, "") or log.resource_id),
            clean(log.log_group),
            log.region,
            account,
        )
        for log in flow_logs
        if log.destination_type == "cloud-watch-logs"
    ]
    return sorted(set(found), key=lambda target: (target.region, target.label))


class TargetPicker(Vertical):
    """An input over a list of known targets; typing narrows the list, enter takes the line or what was typed."""

    DEFAULT_CSS = """
    TargetPicker { padding: 1 2; }
    TargetPicker #target-title { height: 1; }
    TargetPicker #target-line { margin: 1 0; background: $panel; }
    TargetPicker #target-list { height: 1fr; border: none; background: $background; padding: 0; }
    TargetPicker #target-note { height: auto; color: $text-muted; }
    """

    class Picked(Message):
        """A target was chosen."""

        def __init__(self, target: Target) -> None:
            super().__init__()
            self.target = target

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._targets: list[Target] = []
        self._shown: list[Target] = []
        self._glyph = "●"

    def compose(self) -> ComposeResult:
        """Title, line, list, note."""
        yield Static(Content.assemble(("What to tail", "bold")), id="target-title")
        yield Input(
            placeholder="VPC, subnet, interface, flow log or log group",
            id="target-line",
            classes="body-focus",
            compact=True,
        )
        yield OptionList(id="target-list", compact=True, markup=False)
        yield Static("", id="target-note", markup=False)

    def say(self, text: str) -> None:
        """A line below the list."""
        self.query_one("#target-note", Static).update(text)

    def offer(self, targets: Sequence[Target], glyph: str) -> None:
        """Add targets to the list."""
        self._glyph = glyph
        self._targets = sorted({*self._targets, *targets}, key=lambda target: (target.region, target.label))
        self._fill()

    def forget(self) -> None:
        """Empty the list."""
        self._targets = []
        self._fill()

    def _fill(self) -> None:
        text = self.query_one("#target-line", Input).value.strip().casefold()
        self._shown = [
            target
            for target in self._targets
            if text in f"{target.target} {target.label} {target.group} {target.region}".casefold()
        ]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(target.line(self._glyph)) for target in self._shown)
        if self._shown:
            options.highlighted = 0

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._fill()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        options = self.query_one(OptionList)
        text = event.value.strip()
        if self._shown and options.highlighted is not None:
            self.post_message(self.Picked(self._shown[options.highlighted]))
        elif text:
            self.post_message(self.Picked(Target(text, "", "", "", None)))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Picked(self._shown[event.option_index]))

    def on_key(self, event: events.Key) -> None:
        """Up and down walk through the list while the line keeps the focus."""
        options = self.query_one(OptionList)
        if event.key in ("up", "down") and self.query_one("#target-line").has_focus:
            (options.action_cursor_up if event.key == "up" else options.action_cursor_down)()
            event.stop()
