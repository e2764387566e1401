"""The lower half of the SQL screen: the result bar, the rows or what there is instead, the cell looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from threading import Event
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from flowtui.errors import FlowTuiError
from flowtui.records.labels import clean
from flowtui.tui.base import FlowScreen
from flowtui.tui.commands import bindings
from flowtui.tui.sql.charts import Chart, choose
from flowtui.tui.sql.commands import GRID_COMMANDS
from flowtui.tui.sql.outcome import Outcome
from flowtui.tui.theme import UNICODE, Glyphs
from flowtui.tui.widgets.cells import CellLooked, CellOpened
from flowtui.tui.widgets.facts import FactsModal

if TYPE_CHECKING:
    from flowtui.tui.widgets.result_grid import ResultGrid


class ResultsPane(Vertical):
    """Shows outcomes. The grid's module is imported by the worker that brings the first rows."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*GRID_COMMANDS)]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.glyphs: Glyphs = UNICODE
        self.outcome = Outcome()
        self.hint: Sequence[str] = ()

    def compose(self) -> ComposeResult:
        """Bar, remarks, rows, cell."""
        yield Static("", id="sql-bar", markup=False)
        yield Static("", id="sql-notices", markup=False)
        yield Container(id="sql-rows")
        yield Static("", id="sql-cell", markup=False)

    @property
    def grid(self) -> ResultGrid | None:
        """The rows, when there are any."""
        if self.outcome.table is None:
            return None
        from flowtui.tui.widgets.result_grid import ResultGrid

        grid = next(iter(self.query(ResultGrid)), None)
        return grid if grid is not None and grid.row_count else None

    def running(self, seconds: float) -> None:
        """A statement has been running for this long."""
        self.query_one("#sql-bar", Static).update(self.outcome.line(self.glyphs, seconds))

    def at_rest(self) -> None:
        """No statement is running any more."""
        self.query_one("#sql-bar", Static).update(self.outcome.line(self.glyphs))

    async def show(self, outcome: Outcome) -> None:
        """Show an outcome in place of the one before."""
        self.outcome = outcome
        rows = self.query_one("#sql-rows", Container)
        await rows.remove_children()
        self.query_one("#sql-bar", Static).update(outcome.line(self.glyphs))
        notices = self.query_one("#sql-notices", Static)
        notices.update(Content("\n".join(f" {self.glyphs.warning} {clean(text)}" for text in outcome.notices)))
        notices.display = bool(outcome.notices)
        self.query_one("#sql-cell", Static).update("")
        if outcome.table is not None and outcome.table.num_columns:
            from flowtui.tui.widgets.result_grid import ResultGrid

            await rows.mount(ResultGrid(outcome.table, outcome.exact_text, outcome.stored_as_numbers))
        elif outcome.error is not None:
            await rows.mount(Static(_error_text(outcome.error), classes="sql-message"))
        elif outcome.known:
            await rows.mount(Static(Content("Done."), classes="sql-message"))
        else:
            await self.show_hint()

    async def show_hint(self) -> None:
        """Say what can be done while there is no outcome."""
        if self.outcome.known:
            return
        rows = self.query_one("#sql-rows", Container)
        await rows.remove_children()
        await rows.mount(Static(Content("\n".join(self.hint)), classes="empty"))

    @on(CellLooked)
    def _looked(self, message: CellLooked) -> None:
        first, *rest = message.value.split("\n")
        more = f" {self.glyphs.ellipsis} enter shows all" if rest else ""
        line = Content.assemble((f" {clean(message.column)}  ", "$muted"), first, (more, "$muted"))
        self.query_one("#sql-cell", Static).update(line)

    @on(CellOpened)
    def _opened(self) -> None:
        self.action_cell()

    # Commands on the rows

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """They need rows."""
        return self.grid is not None

    def copy_text(self) -> str:
        """The value under the cursor, whole."""
        grid = self.grid
        return grid.cell_text(grid.cursor_row, grid.cursor_column) if grid else ""

    def copy_line(self) -> str:
        """The row under the cursor, tabs between its values."""
        grid = self.grid
        return "\t".join(value for _, value in grid.row_texts(grid.cursor_row)) if grid else ""

    def action_cell(self) -> None:
        """Show the whole value of the cell."""
        grid = self.grid
        if grid is not None:
            text = self.copy_text()
            self.app.push_screen(FactsModal(grid.column_name, [("", text)], copy=text))

    def action_row(self) -> None:
        """Show the whole row."""
        grid = self.grid
        if grid is not None:
            title = f"Row {grid.cursor_row + 1:,} of {grid.row_count:,}"
            self.app.push_screen(FactsModal(title, grid.row_texts(grid.cursor_row), copy=self.copy_line()))

    def action_sort(self) -> None:
        """Sort by the column under the cursor."""
        if self.grid is not None:
            self.grid.sort_by_cursor()

    def action_raw(self) -> None:
        """Sizes and times as words, or as numbers."""
        if self.grid is not None:
            self.grid.turn_raw()

    def action_chart(self) -> None:
        """Draw the result."""
        grid = self.grid
        if grid is None:
            return
        table = grid.table

        def draw(_: Event) -> Iterator[Chart | None]:
            # plotext takes most of a second to import, which the event loop cannot spare.
            import_module("flowtui.tui.sql.chart_modal")
            yield choose(table.column_names, [column.to_pylist() for column in table.columns])

        def show(chart: Chart | None) -> None:
            from flowtui.tui.sql.chart_modal import ChartModal

            if chart is None:
                said = "There is nothing to draw: a chart needs a column of numbers."
                self.notify(said, severity="warning", markup=False)
            else:
                self.app.push_screen(ChartModal(chart))

        cast(FlowScreen, self.screen).run_job("chart", draw, show, busy="chart")

    def on_mount(self) -> None:
        """Nothing was run yet."""
        self.query_one("#sql-notices").display = False
        self.query_one("#sql-bar", Static).update(self.outcome.line(self.glyphs))


def _error_text(error: FlowTuiError) -> Content:
    parts: list[tuple[str, str]] = [(_printable(error.args[0]), "$error")]
    if error.hint:
        parts.append((f"\n\n{_printable(error.hint)}", "$muted"))
    return Content.assemble(*parts)


def _printable(text: str) -> str:
    return "\n".join(clean(line) for line in text.split("\n"))
