"""The list widget: columns that fit, cursor that stays, text as it is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App

from flowtui.tui.widgets.fit import fit, shorten, shorten_middle
from flowtui.tui.widgets.table import Cell, Column, Row, Table

COLUMNS = (
    Column("id", "Id", least=8, middle=True),
    Column("name", "Name", least=6, first=True),
    Column("size", "Size", right=True),
    Column("extra", "Extra", drop=3),
    Column("luxury", "Luxury", drop=9),
)


class TableApp(App):
    def __init__(self, rows, empty=""):
        super().__init__()
        self._rows = rows
        self._empty = empty

    def get_theme_variable_defaults(self):
        return {"muted": "#888888", "line": "#444444"}

    def compose(self):
        yield Table(COLUMNS)

    def on_mount(self):
        self.query_one(Table).set_rows(self._rows, self._empty)

    def lines(self):
        return [strip.text for strip in self.screen._compositor.render_strips()]


def row(key, name="name", size="1", extra="extra", luxury="luxury"):
    texts = {"id": key, "name": name, "size": size, "extra": extra, "luxury": luxury}
    return Row(key, {column: Cell(text) for column, text in texts.items()})


ROWS = [row(f"vpc-0123456789abc{n:04d}", f"name-{n}", str(n * 100)) for n in range(30)]


async def test_wide_shows_everything_and_narrow_drops_the_least_important_first():
    async with TableApp(ROWS).run_test(size=(80, 10)) as pilot:
        assert pilot.app.lines()[0].split() == ["Id", "Name", "Size", "Extra", "Luxury"]
        await pilot.resize_terminal(40, 10)
        await pilot.pause()
        assert pilot.app.lines()[0].split() == ["Id", "Name", "Size", "Extra"]
        await pilot.resize_terminal(26, 10)
        await pilot.pause()
        assert pilot.app.lines()[0].split() == ["Id", "Name", "Size"]
        assert "…" in pilot.app.lines()[1]
        assert "000 " in pilot.app.lines()[1]


async def test_the_header_stays_and_the_cursor_is_always_in_view():
    async with TableApp(ROWS).run_test(size=(80, 10)) as pilot:
        await pilot.press("G")
        await pilot.pause()
        assert "Name" in pilot.app.lines()[0]
        assert "name-29" in pilot.app.lines()[-1]
        await pilot.press("g")
        await pilot.pause()
        assert "name-0" in pilot.app.lines()[1]
        await pilot.press("pagedown", "k")
        assert pilot.app.query_one(Table).row.key == ROWS[7].key


async def test_the_cursor_keeps_its_row_when_others_arrive_before_it():
    async with TableApp(ROWS[5:8]).run_test(size=(80, 10)) as pilot:
        table = pilot.app.query_one(Table)
        await pilot.press("j")
        assert table.row.key == ROWS[6].key
        table.set_rows(ROWS)
        assert table.row.key == ROWS[6].key
        table.set_rows(ROWS[:3])
        assert table.row is not None


async def test_an_untouched_cursor_is_on_the_first_row_whatever_arrives():
    async with TableApp(ROWS[5:8]).run_test(size=(80, 10)) as pilot:
        pilot.app.query_one(Table).set_rows(ROWS)
        assert pilot.app.query_one(Table).row.key == ROWS[0].key


async def test_the_cursor_waits_for_its_row_when_the_list_is_read_again():
    a, b, c, d = ROWS[:4]
    async with TableApp([a, b, c]).run_test(size=(80, 10)) as pilot:
        table = pilot.app.query_one(Table)
        await pilot.press("G")
        for rows in ([], [b], [], [b], [a, b]):
            table.set_rows(rows)
        table.set_rows([a, b, c])
        assert table.row.key == c.key
        table.set_rows([])
        table.set_rows([a, b])
        await pilot.press("g")
        table.set_rows([a, b, c, d])
        assert table.row.key == a.key


async def test_text_is_never_markup():
    async with TableApp([row("x", "[bold red]a[/]")]).run_test(size=(80, 5)) as pilot:
        assert "[bold red]a[/]" in pilot.app.lines()[1]


async def test_control_characters_of_a_name_do_not_reach_the_terminal():
    async with TableApp([row("x", "a\x1b[31mb\nc")]).run_test(size=(80, 5)) as pilot:
        assert "a·[31mb·c" in pilot.app.lines()[1]
        assert "\x1b" not in "".join(pilot.app.lines())


async def test_empty_says_so():
    async with TableApp([], "Nothing here.\nPress n.").run_test(size=(80, 6)) as pilot:
        assert "Nothing here." in pilot.app.lines()[1]
        assert "Press n." in pilot.app.lines()[2]
        await pilot.press("j", "G", "S", "I")
        assert pilot.app.query_one(Table).row is None


async def test_sorting_goes_by_value_not_by_text():
    rows = [Row(str(n), {"id": Cell(str(n)), "size": Cell(f"{n}m", "", n)}) for n in (9, 100, 20)]
    async with TableApp(rows).run_test(size=(80, 6)) as pilot:
        table = pilot.app.query_one(Table)
        table.sort_by("size")
        assert [each.key for each in table.rows] == ["9", "20", "100"]
        await pilot.press("I")
        assert [each.key for each in table.rows] == ["100", "20", "9"]


@settings(max_examples=200, deadline=None)
@given(st.text(), st.integers(0, 40))
def test_fitted_text_is_exactly_as_wide_as_asked(text, width):
    from rich.cells import cell_len

    text = text.replace("\n", " ")
    assert cell_len(shorten(text, width)) <= width
    assert cell_len(fit(text, width)) == width
    assert cell_len(fit(text, width, right=True)) == width


def test_an_id_keeps_both_ends():
    assert shorten_middle("vpc-0a1b2c3d4e5f60718", 13) == "vpc-0a1b…0718"
    assert shorten_middle("vpc-0a1b", 13) == "vpc-0a1b"
    assert len(shorten_middle("vpc-0a1b2c3d4e5f60718", 9)) == 9
