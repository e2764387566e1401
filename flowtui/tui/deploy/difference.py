"""Shows what would be added to a bucket's policy, and asks."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from flowtui.records.labels import clean
from flowtui.stacks.bucket import BucketCheck
from flowtui.tui.widgets.facts import key_line


class DifferenceModal(ModalScreen[bool]):
    """True when the statements shall be added."""

    DEFAULT_CSS = """
    DifferenceModal > .box { width: 100; height: 90%; max-height: 44; }
    DifferenceModal #difference { height: 1fr; margin: 0 0 1 0; }
    DifferenceModal #difference Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(False)", "cancel"),
        Binding("a", "dismiss(True)", "add"),
        Binding("j,down", "scroll(2)", show=False),
        Binding("k,up", "scroll(-2)", show=False),
    ]

    def __init__(self, check: BucketCheck) -> None:
        super().__init__()
        self._check = check

    def compose(self) -> ComposeResult:
        """Title, difference, keys."""
        styles = {"+": "$success", "-": "$error", "@": "$muted"}
        advice = self._check.advice
        lines = advice.difference() if advice else []
        parts = [(f"{clean(line)}\n", styles.get(line[:1], "")) for line in lines]
        with Vertical(classes="box"):
            title = f"Add to the policy of bucket {self._check.name}"
            yield Static(Content.assemble((title, "bold $accent")), classes="box-title")
            with VerticalScroll(id="difference"):
                yield Static(Content.assemble(*parts))
            yield Static(Content("All else in the policy stays as it is."))
            yield Static(key_line(("a", "add"), ("j k", "scroll"), ("esc", "leave it")), classes="box-keys")

    def action_scroll(self, by: int) -> None:
        """Move through the difference."""
        self.query_one("#difference", VerticalScroll).scroll_relative(y=by, animate=False)
