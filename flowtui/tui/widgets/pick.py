"""A modal that offers lines to choose one of; typing narrows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from flowtui.tui.widgets.facts import key_line


class PickModal(ModalScreen[int | None]):
    """Gives the position of the chosen line, None for none.

    Args:
        title: what is chosen.
        lines: what is shown of each.
        searched: what typing looks through, one for each line; the lines themselves by default.
        empty: what to say when there is nothing to choose.
    """

    DEFAULT_CSS = """
    PickModal > .box { width: 100; height: 80%; }
    PickModal #pick-line { background: $panel; margin: 0 0 1 0; }
    PickModal #pick-list {
        height: 1fr; border: none; background: $surface; padding: 0;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "cancel")]

    def __init__(
        self, title: str, lines: Sequence[Content], searched: Sequence[str] | None = None, *, empty: str = ""
    ) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self._searched = [text.casefold() for text in searched or [line.plain for line in lines]]
        self._shown: list[int] = []
        self._empty = empty

    def compose(self) -> ComposeResult:
        """Title, line, list, keys."""
        with Vertical(classes="box"):
            yield Static(Content.assemble((self._title, "bold $accent")), classes="box-title")
            yield Input(placeholder="type to narrow", id="pick-line", compact=True)
            yield OptionList(id="pick-list", compact=True, markup=False)
            yield Static(key_line(("enter", "take"), ("esc", "cancel")), classes="box-keys")

    def on_mount(self) -> None:
        """Show all lines."""
        self._fill("")

    def _fill(self, text: str) -> None:
        words = text.casefold().split()
        self._shown = [
            number for number, searched in enumerate(self._searched) if all(word in searched for word in words)
        ]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(self._lines[number]) for number in self._shown)
        if self._shown:
            options.highlighted = 0
        elif self._empty and not self._lines:
            options.add_option(Option(Content(self._empty), disabled=True))

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._fill(event.value)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        highlighted = self.query_one(OptionList).highlighted
        if self._shown and highlighted is not None:
            self.dismiss(self._shown[highlighted])

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._shown[event.option_index])

    def on_key(self, event: events.Key) -> None:
        """Up, down and the page keys walk through the list while the line keeps the focus."""
        options = self.query_one(OptionList)
        moves: dict[str, Callable[[], None]] = {
            "up": options.action_cursor_up,
            "down": options.action_cursor_down,
            "pageup": options.action_page_up,
            "pagedown": options.action_page_down,
        }
        if event.key in moves and not options.has_focus:
            moves[event.key]()
            event.stop()
