"""A modal that asks for one line: a file to write, a place to read, a range of time."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input, Static

from flowtui.errors import FlowTuiError
from flowtui.tui.widgets.facts import key_line


class AskModal(ModalScreen[str | None]):
    """Asks for one line; enter gives it, esc gives None.

    Args:
        title: the question.
        value: what the line starts with.
        hint: what may be written.
        check: raises FlowTuiError for a line that will not do; the modal then says so and stays.
        suggester: completes the line.
        tell: what a line means, told as it is typed; raises FlowTuiError for one that means nothing.
    """

    DEFAULT_CSS = """
    AskModal #ask-line { background: $panel; }
    AskModal #ask-hint { margin: 1 0 0 0; color: $muted; height: auto; }
    AskModal #ask-told { height: auto; }
    AskModal #ask-error { color: $error; height: auto; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "cancel")]

    def __init__(
        self,
        title: str,
        value: str = "",
        hint: str = "",
        *,
        check: Callable[[str], object] | None = None,
        suggester: Suggester | None = None,
        tell: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__()
        self._title = title
        self._value = value
        self._hint = hint
        self._check = check
        self._suggester = suggester
        self._tell = tell

    def compose(self) -> ComposeResult:
        """Title, line, hint and keys."""
        with Vertical(classes="box"):
            yield Static(Content.assemble((self._title, "bold $accent")), classes="box-title")
            yield Input(self._value, id="ask-line", compact=True, suggester=self._suggester)
            yield Static("", id="ask-error", markup=False)
            yield Static("", id="ask-told", markup=False)
            yield Static(Content(self._hint), id="ask-hint")
            yield Static(key_line(("enter", "take"), ("esc", "cancel")), classes="box-keys")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        told = wrong = ""
        if self._tell is not None:
            try:
                told = self._tell(event.value.strip())
            except FlowTuiError as error:
                wrong = str(error)
        self.query_one("#ask-told", Static).update(Content(told))
        self.query_one("#ask-error", Static).update(Content(wrong))

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        if self._check is not None:
            try:
                self._check(text)
            except FlowTuiError as error:
                self.query_one("#ask-error", Static).update(Content(str(error)))
                return
        self.dismiss(text)
