"""A grid over an Arrow table: a million rows scroll, because only the visible cells are ever made into text.

Importing this module imports pyarrow (some 150 ms): screens do so in a worker, when there is a result to show.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from rich.cells import cell_len
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.coordinate import Coordinate
from textual_fastdatatable import ArrowBackend
from textual_fastdatatable.data_table import DataTable

from flowtui.records.labels import clean
from flowtui.times import bytes_text
from flowtui.tui.widgets.cells import CellLooked, CellOpened

_MAX_WIDTH = 60
_SAMPLE = 500
_BYTES_NAME = re.compile(r"(^|_)bytes($|_)")
_TIME_NAMES = frozenset({"start", "end", "first_seen", "last_seen"})


class ResultGrid(DataTable, inherit_css=False):
    """Shows a table; sorts by column; tells which cell is looked at.

    Its CSS type is its own: Textual's DataTable and the one inherited from share a name, and each one's default CSS
    would otherwise reach the other.

    Args:
        table: the rows; columns with equal names are fine.
        exact_text: writes a value of a column, by position, unrounded and unabridged.
        as_text: positions of columns that are numbers only in storage, such as intervals.
        id: the widget's id.
    """

    DEFAULT_CSS = """
    ResultGrid {
        height: 1fr; overflow-x: auto; overflow-y: auto;
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1;
        scrollbar-color: $scrollbar; scrollbar-background: $scrollbar-background;
        scrollbar-color-hover: $scrollbar-hover; scrollbar-background-hover: $scrollbar-background-hover;
        scrollbar-color-active: $scrollbar-active; scrollbar-background-active: $scrollbar-background-active;
        scrollbar-corner-color: $scrollbar-corner-color;
        background: $background; color: $foreground;
    }
    ResultGrid > .datatable--header { text-style: bold; color: $muted; background: $background; }
    ResultGrid > .datatable--header-cursor { text-style: bold; color: $foreground; background: $background; }
    ResultGrid > .datatable--header-hover { text-style: bold; background: $panel; }
    ResultGrid > .datatable--cursor { background: $panel; color: $foreground; }
    ResultGrid:focus > .datatable--cursor {
        background: $block-cursor-background; color: $block-cursor-foreground;
    }
    ResultGrid > .datatable--hover { background: $surface; }
    ResultGrid > .datatable--selectrange { background: $panel; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = set(DataTable.COMPONENT_CLASSES)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "cursor_up", "Up", show=False),
        Binding("j", "cursor_down", "Down", show=False),
        Binding("h", "cursor_left", "Left", show=False),
        Binding("l", "cursor_right", "Right", show=False),
        Binding("g", "cursor_table_start", "First", show=False),
        Binding("G", "cursor_table_end", "Last", show=False),
    ]

    def __init__(
        self,
        table: pa.Table,
        exact_text: Callable[[int, object], str] | None = None,
        as_text: frozenset[int] = frozenset(),
        *,
        id: str | None = None,
    ) -> None:
        self._as_text = as_text
        self._text_of = exact_text or (lambda _, value: plain_text(value))
        self._columns: list[str] = list(table.column_names)
        # The backend sorts by name, and a result may name two columns alike.
        self._arrow = ArrowBackend(table.rename_columns([f"c{number}" for number in range(table.num_columns)]))
        self._sorted_by: tuple[int, bool] | None = None
        self.human = True
        widths: list[int | None] = [
            max(self._width(number), cell_len(clean(name)) + 2) for number, name in enumerate(self._columns)
        ]
        labels: list[str | Text] = [self._label(number) for number in range(len(self._columns))]
        super().__init__(
            backend=self._arrow,
            column_labels=labels,
            column_widths=widths,
            max_column_content_width=_MAX_WIDTH,
            render_markup=False,
            null_rep="",
            id=id,
        )

    def _label(self, column: int) -> Text:
        mark = ""
        if self._sorted_by and self._sorted_by[0] == column:
            mark = " ▼" if self._sorted_by[1] else " ▲"
        return Text(clean(self._columns[column]) + mark, justify="right" if self._is_number(column) else "left")

    def _is_number(self, column: int) -> bool:
        kind = self._arrow.data.column(column).type
        number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
        return bool(number) and column not in self._as_text

    def _width(self, column: int) -> int:
        """Cells of the widest value, exact for texts and whole numbers, of the first rows for the rest."""
        values = self._arrow.data.column(column)
        widest = [4 if values.null_count else 1]
        if pa.types.is_string(values.type):
            widest.append(pc.max(pc.utf8_length(values)).as_py() or 0)
        elif self._is_number(column) and len(values):
            widest += [self._painted(column, end).cell_len for end in pc.min_max(values).as_py().values()]
        widest += [self._painted(column, value).cell_len for value in values.slice(0, _SAMPLE).to_pylist()]
        return min(max(widest), _MAX_WIDTH)

    def _painted(self, column: int, value: object) -> Text:
        if value is None:
            return Text("NULL", style="dim italic")
        if isinstance(value, int | float | Decimal) and self._is_number(column):
            text = number_text(value, self._columns[column]) if self.human else self._text_of(column, value)
            return Text(text, justify="right")
        return Text(clean(self._text_of(column, value)[: 4 * _MAX_WIDTH]))

    @property
    def table(self) -> pa.Table:
        """The rows in their present order, under their own names."""
        return self._arrow.data.rename_columns(self._columns)

    def get_cell_at(self, coordinate: Coordinate) -> Text:
        """A cell as it is painted: numbers to the right, NULL told from an empty text, controls made visible."""
        return self._painted(coordinate.column, self.exact(coordinate))

    def exact(self, coordinate: Coordinate) -> object:
        """A cell's value as Python has it, unrounded."""
        value: object = self._arrow.data.column(coordinate.column)[coordinate.row].as_py()
        return value

    def cell_text(self, row: int, column: int) -> str:
        """A cell's value unrounded and unabridged; control characters made visible, line ends kept."""
        text = self._text_of(column, self.exact(Coordinate(row, column)))
        return "\n".join(clean(line) for line in text.split("\n"))

    def row_texts(self, row: int) -> list[tuple[str, str]]:
        """Name and value of every column of a row."""
        return [(clean(name), self.cell_text(row, number)) for number, name in enumerate(self._columns)]

    @property
    def column_name(self) -> str:
        """Name of the column under the cursor."""
        return clean(self._columns[self.cursor_column]) if self._columns else ""

    def turn_raw(self) -> None:
        """Show sizes and times as words, or as the numbers they are."""
        self.human = not self.human
        self._repaint()

    def sort_by_cursor(self) -> None:
        """Sort by the column under the cursor; once more turns the order round. NULL stays last."""
        column = self.cursor_column
        if not self.row_count:
            return
        kind = self._arrow.data.column(column).type
        if pa.types.is_nested(kind):
            self.notify("Lists, maps and rows have no order to sort by.", markup=False, severity="warning")
            return
        was = self._sorted_by
        descending = not was[1] if was and was[0] == column else self._is_number(column)
        self._sorted_by = (column, descending)
        self._arrow.sort([(f"c{column}", "descending" if descending else "ascending")])
        self._repaint()

    def _repaint(self) -> None:
        for number, column in enumerate(self.ordered_columns):
            column.label = self._label(number)
        self._update_count += 1
        self.refresh()
        self._look()

    def _look(self) -> None:
        if self.row_count and self._columns:
            at = self.cursor_coordinate
            self.post_message(CellLooked(self._columns[at.column], self.cell_text(at.row, at.column)))

    def on_data_table_cell_highlighted(self, event: DataTable.CellHighlighted) -> None:
        """Tell the screen what is looked at."""
        event.stop()
        self._look()

    def on_data_table_cell_selected(self, event: DataTable.CellSelected) -> None:
        """Tell the screen that a cell shall be opened."""
        event.stop()
        self.post_message(CellOpened())


def plain_text(value: object) -> str:
    """A value as Python writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return str(value)


def number_text(value: int | float | Decimal, name: str) -> str:
    """A number of a column of that name: sizes and Unix times as words, amounts with thousands separated."""
    if _BYTES_NAME.search(name) and value == value:
        return bytes_text(float(value))
    if name in _TIME_NAMES and isinstance(value, int) and 10**9 <= value < 10**10:
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float):
        return f"{value:.10g}"
    # Ports, protocols and years stay below and are not amounts.
    return f"{value:,}" if not -100_000 < value < 100_000 else str(value)
