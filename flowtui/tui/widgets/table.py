"""A list with a cursor: columns that fit the terminal, cells in state colours, text never read as markup.

For hundreds of rows, not millions. Columns shrink and then drop, least important first, so that a line is never cut
at the edge; the detail of a row is shown elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from flowtui.records.labels import clean
from flowtui.tui.commands import LIST_COMMANDS, bindings
from flowtui.tui.theme import UNICODE, Glyphs
from flowtui.tui.widgets.fit import fit, shorten_middle
from flowtui.tui.widgets.rows import GAP, Cell, Column, Fitted, Row, fit_columns

MARGIN = 1
HEADER_LINES = 1

__all__ = ["Cell", "Column", "Row", "Table"]


class Table(ScrollView, can_focus=True):
    """Shows rows; posts :class:`Moved` when the cursor does. What enter does is the screen's to bind."""

    DEFAULT_CSS = """
    Table {
        height: 1fr;
        width: 1fr;
        background: $background;
        color: $foreground;
        overflow-x: hidden;
    }
    Table > .table--header { color: $muted; }
    Table > .table--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
    Table > .table--blurred { background: $panel; }
    Table > .table--ok { color: $success; }
    Table > .table--warn { color: $warning; }
    Table > .table--bad { color: $error; }
    Table > .table--muted { color: $muted; }
    Table > .table--accent { color: $accent; }
    Table > .table--strong { text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"table--{name}" for name in ("header", "cursor", "blurred", "ok", "warn", "bad", "muted", "accent", "strong")
    }
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*LIST_COMMANDS)]

    cursor: reactive[int] = reactive(0)

    class Moved(Message):
        """The cursor is on another row."""

        def __init__(self, table: Table, row: Row | None) -> None:
            super().__init__()
            self.table = table
            self.row = row

        @property
        def control(self) -> Table:
            """The table, for ``@on`` selectors."""
            return self.table

    class Chosen(Moved):
        """A double click on a row: what enter does on this screen."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty: str = "",
        header: bool = True,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.columns = tuple(columns)
        self.empty = empty
        self.rows: tuple[Row, ...] = ()
        self._given: tuple[Row, ...] = ()
        self._header = HEADER_LINES if header else 0
        self._sort: tuple[str, bool] | None = None
        self._fitted = Fitted((), GAP)
        self._row_key = ""
        # The row the cursor was on when the list became empty, as one does that is read again.
        self._awaited = ""
        self._touched = False

    # Content

    def set_rows(self, rows: Sequence[Row], empty: str | None = None) -> None:
        """Show these rows; the cursor stays on its row if that is still there."""
        if empty is not None:
            self.empty = empty
        self._given = tuple(rows)
        self._arrange()

    def _arrange(self) -> None:
        self.rows = self._sorted()
        self._measure()
        self.virtual_size = Size(self.size.width, len(self.rows) + self._header)
        self.cursor = self._place()
        self._follow()
        self.refresh()
        if (self.row.key if self.row else "") != self._row_key:
            self._tell()

    def _place(self) -> int:
        """Where the cursor belongs among the rows there are now."""
        if not self._touched:
            # Until the user moves it, the cursor is on the first row, whatever arrives in which order.
            return 0
        if not self.rows:
            self._awaited = self._awaited or self._row_key
            return 0
        for key in filter(None, (self._awaited, self._row_key)):
            for index, row in enumerate(self.rows):
                if row.key == key:
                    self._awaited = self._awaited if key != self._awaited else ""
                    return index
        return min(self.cursor, len(self.rows) - 1)

    def _sorted(self) -> tuple[Row, ...]:
        if self._sort is None:
            return self._given
        key, backwards = self._sort

        def order(row: Row) -> tuple[bool, float, str]:
            cell = row.cells.get(key, Cell(""))
            if isinstance(cell.sort, (int, float)):
                return False, float(cell.sort), ""
            text = str(cell.sort) if cell.sort is not None else cell.text.casefold()
            return not cell.text.strip("–- "), 0.0, text

        told = sorted((row for row in self._given if row.note is None), key=order, reverse=backwards)
        return (*told, *(row for row in self._given if row.note is not None))

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def select(self, key: str) -> None:
        """Put the cursor on a row."""
        for index, row in enumerate(self.rows):
            if row.key == key:
                self._move_to(index)

    def sort_by(self, key: str, backwards: bool = False) -> None:
        """Order by a column."""
        self._sort = (key, backwards)
        self._arrange()

    # Keys

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self._move_to(self.cursor + by)

    def action_page(self, pages: int) -> None:
        """Move by what is visible."""
        self._move_to(self.cursor + pages * max(1, self.size.height - self._header - 1))

    def action_first(self) -> None:
        """To the first row."""
        self._move_to(0)

    def action_last(self) -> None:
        """To the last row."""
        self._move_to(len(self.rows) - 1)

    def action_sort_next(self) -> None:
        """Sort by the next visible column; after the last, in the order given."""
        keys = [column.key for column, _ in self._fitted.columns]
        at = keys.index(self._sort[0]) + 1 if self._sort and self._sort[0] in keys else 0
        self._sort = (keys[at], False) if at < len(keys) else None
        self._arrange()

    def action_reverse(self) -> None:
        """Turn the order round."""
        if self._sort is not None:
            self._sort = (self._sort[0], not self._sort[1])
            self._arrange()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor there; a second click chooses; a click on a title sorts."""
        if event.y < self._header:
            self._sort_at(event.x)
            return
        index = event.y - self._header + self.scroll_offset.y
        if index < len(self.rows):
            self._move_to(index)
            if event.chain > 1 and self.row is not None:
                self.post_message(self.Chosen(self, self.row))

    def _sort_at(self, x: int) -> None:
        at = MARGIN + 1
        for column, width in self._fitted.columns:
            if at <= x < at + width + self._fitted.gap:
                backwards = self._sort == (column.key, False)
                self.sort_by(column.key, backwards)
                return
            at += width + self._fitted.gap

    def _move_to(self, index: int) -> None:
        self._touched, self._awaited = True, ""
        index = max(0, min(index, len(self.rows) - 1))
        if index != self.cursor and self.rows:
            self.cursor = index
            self._follow()
            self._tell()

    def _tell(self) -> None:
        self._row_key = self.row.key if self.row else ""
        self.post_message(self.Moved(self, self.row))

    def _follow(self) -> None:
        visible = max(1, self.size.height - self._header)
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + visible:
            self.scroll_to(y=self.cursor - visible + 1, animate=False)

    # Painting

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self._measure()
        self._follow()
        self.refresh()

    def on_focus(self) -> None:
        """Show the cursor as the keys' own."""
        self.refresh()

    def on_blur(self) -> None:
        """Show the cursor faintly."""
        self.refresh()

    def _measure(self) -> None:
        room = max(0, self.scrollable_content_region.width - 2 * MARGIN - 1)
        self._fitted = fit_columns(self.columns, self.rows, room, self._sort[0] if self._sort else "")

    @property
    def _glyphs(self) -> Glyphs:
        glyphs = getattr(self.app, "glyphs", UNICODE)
        assert isinstance(glyphs, Glyphs)
        return glyphs

    def render_line(self, y: int) -> Strip:
        """One line of the view; the header stays on top."""
        width = self.scrollable_content_region.width
        if self._header and y == 0 and (self.rows or not self.empty):
            return self._paint(self._header_parts(), width, self.get_component_rich_style("table--header"))
        index = y - self._header + self.scroll_offset.y
        if not self.rows and self.empty:
            return self._paint_empty(y, width)
        if not 0 <= index < len(self.rows):
            return Strip.blank(width, self.rich_style)
        here = index == self.cursor
        base = self.rich_style
        if here:
            base = self.get_component_rich_style("table--cursor" if self.has_focus else "table--blurred")
        mark = self._glyphs.cursor if here and self.has_focus else " "
        return self._paint(self._row_parts(self.rows[index], width), width, base, mark)

    def _paint_empty(self, y: int, width: int) -> Strip:
        lines = self.empty.split("\n")
        first = min(1, self.size.height - 1)
        if first <= y < first + len(lines):
            parts = [(fit(lines[y - first], max(0, width - 4)), "muted")]
            return self._paint(parts, width, self.rich_style)
        return Strip.blank(width, self.rich_style)

    def _header_parts(self) -> list[tuple[str, str]]:
        parts: list[tuple[str, str]] = []
        for column, width in self._fitted.columns:
            title = column.title
            if self._sort and self._sort[0] == column.key:
                title += " " + (self._glyphs.down if self._sort[1] else self._glyphs.up)
            parts += [(fit(title, width, self._glyphs.ellipsis, column.right), ""), (" " * self._fitted.gap, "")]
        return parts[:-1]

    def _row_parts(self, row: Row, width: int) -> list[tuple[str, str]]:
        ellipsis = self._glyphs.ellipsis
        if row.note is not None:
            return [(fit(clean(row.note.text), max(0, width - 2 * MARGIN - 1), ellipsis), row.note.style)]
        parts: list[tuple[str, str]] = []
        for column, cells in self._fitted.columns:
            cell = row.cells.get(column.key, Cell(""))
            text = clean(cell.text)
            text = shorten_middle(text, cells, ellipsis) if column.middle else text
            parts += [(fit(text, cells, ellipsis, column.right), cell.style), (" " * self._fitted.gap, "")]
        return parts[:-1]

    def _paint(self, parts: Sequence[tuple[str, str]], width: int, base: Style, mark: str = " ") -> Strip:
        accent = self._styled(base, "accent")
        segments = [Segment(mark, accent), Segment(" " * MARGIN, base)]
        segments += [Segment(text, self._styled(base, name)) for text, name in parts]
        return Strip(segments).adjust_cell_length(width, base)

    def _styled(self, base: Style, name: str) -> Style:
        if not name:
            return base
        part = self.get_component_rich_style(f"table--{name}", partial=True)
        return base + Style(color=part.color, bold=part.bold)
