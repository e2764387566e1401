"""The SQL editor: Textual's text area with colours, and places given as line and column."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.widgets import TextArea

from flowtui.tui.sql.highlight import Span, spans_by_line

_KINDS = ("comment", "string", "identifier", "number", "keyword", "function")


class SqlEditor(TextArea):
    """Edits statements. Letters are text here: every command is a function key or ctrl.

    Args:
        text: what it starts with.
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

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(text, id=id, show_line_numbers=True, tab_behavior="focus", compact=True, soft_wrap=False)
        self._coloured_text: str | None = None
        self._spans: dict[int, list[Span]] = {}

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
