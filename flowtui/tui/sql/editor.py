"""The SQL editor: Textual's text area with colours, completion, and places given as line and column."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.events import Blur, Key
from textual.geometry import Offset
from textual.widgets import TextArea

from flowtui.tui.sql.completion import Offers
from flowtui.tui.sql.completion_menu import CompletionMenu
from flowtui.tui.sql.highlight import Span, spans_by_line

_KINDS = ("comment", "string", "identifier", "number", "keyword", "function")


class SqlEditor(TextArea):
    """Edits statements. Letters are text here: every command is a function key or ctrl.

    While a word is typed, ``menu`` shows what it may become: tab takes it, up and down choose, esc closes the menu.

    Args:
        text: what it starts with.
        menu: where the screen shows it.
        complete: says what the word before an offset of a text may become; the flag tells whether it was asked for.
        id: the widget's id.
    """

    DEFAULT_CSS = """
    SqlEditor > .sql--keyword { color: $accent; text-style: bold; }
    SqlEditor > .sql--function { color: $secondary; }
    SqlEditor > .sql--string { color: $success; }
    SqlEditor > .sql--number { color: $warning; }
    SqlEditor > .sql--identifier { color: $foreground; text-style: italic; }
    SqlEditor > .sql--comment { color: $muted; text-style: italic; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"sql--{kind}" for kind in _KINDS}

    def __init__(
        self,
        text: str,
        menu: CompletionMenu,
        complete: Callable[[str, int, bool], Offers | None],
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(text, id=id, show_line_numbers=True, tab_behavior="focus", compact=True, soft_wrap=False)
        self._coloured_text: str | None = None
        self._spans: dict[int, list[Span]] = {}
        self._menu = menu
        self._complete = complete
        self._typed = 0
        """Letters of which the change is yet to be heard of: over a slow connection several come at once."""
        self._wanted = False
        self._offered_at: int | None = None

    def get_line(self, line_index: int) -> Text:
        """One line, coloured."""
        line = super().get_line(line_index)
        text = self.document.text
        if text != self._coloured_text:
            self._coloured_text, self._spans = text, spans_by_line(text.replace("\r\n", "\n"))
        for start, end, kind in self._spans.get(line_index, ()):
            line.stylize(self.get_component_rich_style(f"sql--{kind}", partial=True), start, end)
        return line

    @property
    def cursor_offset(self) -> int:
        """The cursor as an offset into :attr:`text`."""
        row, column = self.cursor_location
        before = sum(len(self.document.get_line(line)) for line in range(row))
        return before + row * len(self.document.newline) + column

    def go_to(self, line: int, column: int) -> None:
        """Put the cursor at a 1-based line and column and bring it into view."""
        row = max(0, min(line - 1, self.document.line_count - 1))
        length = len(self.document.get_line(row))
        self.move_cursor((row, max(0, min(column - 1, length))), center=True)

    # Completion

    def offer(self, *, asked: bool) -> None:
        """Show what the word at the cursor may become, or nothing."""
        offset = self.cursor_offset
        found = self._complete(self.text, offset, asked)
        if found is None:
            self.close_menu()
            return
        self._offered_at = offset
        self._menu.open(found, self.cursor_screen_offset - Offset(offset - found.start, 0))

    def close_menu(self) -> None:
        """Offer nothing any more."""
        self._offered_at, self._wanted = None, False
        self._menu.close()

    def _on_key(self, event: Key) -> None:  # type: ignore[override]  # the base's handler runs after this one
        if self._menu.is_open and event.key in ("tab", "up", "down", "escape"):
            event.stop()
            event.prevent_default()
            match event.key:
                case "tab":
                    self._take()
                case "up" | "down":
                    self._menu.move(1 if event.key == "down" else -1)
                case _:
                    self.close_menu()
            return
        self._typed += event.is_printable or (event.key == "backspace" and self._menu.is_open)

    def _take(self) -> None:
        start, text = self._menu.chosen
        row, column = self.cursor_location
        self.close_menu()
        self.replace(text, (row, column - (self.cursor_offset - start)), (row, column))

    @on(TextArea.Changed)
    def _offer_while_typing(self) -> None:
        if self._typed:
            self._typed -= 1
            self._wanted = True
            # Where the cursor is on the screen is known when the view has scrolled to it.
            self.call_after_refresh(self._offer_if_wanted)
        else:
            self.close_menu()

    def _offer_if_wanted(self) -> None:
        if self._wanted:
            self.offer(asked=False)

    @on(TextArea.SelectionChanged)
    def _follow_cursor(self) -> None:
        if self._offered_at is not None and self._offered_at != self.cursor_offset and not self._typed:
            self.close_menu()

    @on(Blur)
    def _leave(self) -> None:
        self.close_menu()
