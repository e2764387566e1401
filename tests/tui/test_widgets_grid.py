"""The result grid: what a cell looks like, what it holds, sorting, and hostile text."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from textual.app import App
from textual.widgets import DataTable

from flowtui.tui.theme import DARK
from flowtui.tui.widgets.result_grid import ResultGrid, number_text

TABLE = pa.table(
    [
        pa.array(["10.0.0.1", "\x1b[31mred", None, "[bold]x[/bold]"]),
        pa.array([1_234_567, 5, None, 999]),
        pa.array([1705327512, 1705327513, None, 1]),
        pa.array([443, 22, None, 65535]),
        pa.array([0.1, 2.5, None, 1234567.891]),
    ],
    names=["srcaddr", "total_bytes", "start", "dstport", "share"],
)


class GridApp(App):
    def __init__(self, table):
        super().__init__()
        self.grid = ResultGrid(table)

    def get_theme_variable_defaults(self):
        return dict(DARK.variables)

    def compose(self):
        yield self.grid


def lines(grid):
    return [grid.render_line(y).text.rstrip() for y in range(grid.row_count + 1)]


async def test_cells_are_human_right_aligned_and_safe():
    app = GridApp(TABLE)
    async with app.run_test(size=(120, 10)):
        header, first, second, third, fourth = lines(app.grid)
        assert header.split() == ["srcaddr", "total_bytes", "start", "dstport", "share"]
        assert first.split() == ["10.0.0.1", "1.2", "MB", "2024-01-15", "14:05:12", "443", "0.1"]
        assert "\x1b" not in second
        assert "·[31mred" in second
        assert third.split() == ["NULL"] * 5
        assert "[bold]x[/bold]" in fourth
        assert first.index("443") + 3 == fourth.index("65535") + 5


async def test_raw_values_are_the_numbers_themselves():
    app = GridApp(TABLE)
    async with app.run_test(size=(120, 10)) as pilot:
        app.grid.turn_raw()
        await pilot.pause()
        assert lines(app.grid)[1].split() == ["10.0.0.1", "1234567", "1705327512", "443", "0.1"]


async def test_sorting_turns_round_and_keeps_null_last():
    app = GridApp(TABLE)
    async with app.run_test(size=(120, 10)) as pilot:
        app.grid.focus()
        await pilot.press("right")
        app.grid.sort_by_cursor()
        await pilot.pause()
        assert [app.grid.cell_text(row, 1) for row in range(4)] == ["1234567", "999", "5", "NULL"]
        assert "total_bytes ▼" in lines(app.grid)[0]
        app.grid.sort_by_cursor()
        await pilot.pause()
        assert [app.grid.cell_text(row, 1) for row in range(4)] == ["5", "999", "1234567", "NULL"]
        assert app.grid.table.column("srcaddr").to_pylist()[0] == "\x1b[31mred"


async def test_columns_of_one_name_and_no_rows_are_fine():
    app = GridApp(pa.table([pa.array([1, 2]), pa.array([4, 3])], names=["a", "a"]))
    async with app.run_test(size=(60, 10)) as pilot:
        app.grid.focus()
        await pilot.press("right")
        app.grid.sort_by_cursor()
        assert app.grid.row_texts(0) == [("a", "1"), ("a", "4")]
        assert app.grid.table.column_names == ["a", "a"]
    empty = GridApp(pa.table({"a": pa.array([], pa.int64())}))
    async with empty.run_test(size=(60, 10)):
        empty.grid.sort_by_cursor()
        assert empty.grid.row_count == 0


async def test_lists_cannot_be_sorted_by_and_this_is_said():
    app = GridApp(pa.table({"ports": pa.array([[2, 1], [1]])}))
    async with app.run_test(size=(60, 10)) as pilot:
        app.grid.sort_by_cursor()
        await pilot.pause()
        assert [note.message for note in app._notifications] == ["Lists, maps and rows have no order to sort by."]
        assert app.grid.cell_text(0, 0) == "[2, 1]"


async def test_a_long_value_is_cut_in_the_cell_and_whole_in_the_viewer():
    text = "x" * 500 + "\nsecond line"
    app = GridApp(pa.table({"message": [text]}))
    async with app.run_test(size=(120, 10)):
        assert "…" in lines(app.grid)[1]
        assert app.grid.cell_text(0, 0) == text


def test_its_css_reaches_no_other_table():
    assert "DataTable" not in ResultGrid._css_type_names
    assert DataTable.__name__ == "DataTable"


async def test_intervals_and_times_are_written_by_the_engine():
    table = pa.table({"span": pa.array([90_000]), "ok": [True], "at": [datetime(2024, 1, 15, 14, 5, tzinfo=UTC)]})
    grid = ResultGrid(table, lambda column, value: f"<{column}>", frozenset({0}))
    app = GridApp(table)
    app.grid = grid
    async with app.run_test(size=(60, 10)):
        assert lines(grid)[1].split() == ["<0>", "<1>", "<2>"]


@pytest.mark.parametrize(
    ("value", "name", "shown"),
    [
        (Decimal("12345678901234567890"), "total_bytes", "12346 PB"),
        (Decimal("1.50"), "price", "1.50"),
        (123456, "flows", "123,456"),
        (65535, "dstport", "65535"),
        (1e20, "x", "1e+20"),
        (float("nan"), "bytes", "nan"),
        (5, "start", "5"),
        (1705327512, "start", "2024-01-15 14:05:12"),
    ],
)
def test_numbers(value, name, shown):
    assert number_text(value, name) == shown
