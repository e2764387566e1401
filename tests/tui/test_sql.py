"""The SQL screen over a small workspace."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
import time
from importlib import import_module

import pyarrow.parquet as pq
import pytest
from textual.events import Key
from textual.widgets import Input, OptionList, Static, TextArea

from flowtui.errors import WorkspaceError
from flowtui.lake.load import load
from flowtui.lake.sources import local_sources
from flowtui.records.layout import DEFAULT_LAYOUT
from flowtui.tui.app import FlowTuiApp
from flowtui.tui.requests import SqlRequest
from flowtui.tui.sql import runner as runner_module
from flowtui.tui.sql.chart_modal import ChartModal
from flowtui.tui.sql.editor import SqlEditor
from flowtui.tui.sql.results import ResultsPane
from flowtui.tui.sql.runner import Runner
from flowtui.tui.sql.side import SqlSide
from flowtui.tui.widgets.ask import AskModal
from flowtui.tui.widgets.facts import FactsModal
from flowtui.tui.widgets.pick import PickModal
from flowtui.tui.widgets.result_grid import ResultGrid
from tests.tui.waiting import PATIENCE, idle, shows, text_of, until

SIZE = (140, 40)
ROWS = 700
_TABLES = ", ".join(f"vpc_flow_logs.flow_logs {name}" for name in "abcd")
ENDLESS = f"SELECT count(*) FROM {_TABLES} WHERE (a.bytes * b.bytes + c.bytes * d.bytes) % 1000003 = 1"


@pytest.fixture(autouse=True)
def own_folders(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def loaded(demo, tmp_path):
    """A context whose workspace has 700 records of one day."""
    name = "123456789010_vpcflowlogs_us-east-1_fl-1234abcd_20240117T1405Z_abcd.log.gz"
    lines = [
        f"2 123456789010 eni-0a 203.0.113.{n % 50} 10.20.4.18 {40000 + n} 22 6 3 {100 + n} {1705500000 + n} "
        f"{1705500060 + n} {'REJECT' if n % 10 == 0 else 'ACCEPT'} OK"
        for n in range(ROWS)
    ]
    file = tmp_path / name
    file.write_bytes(gzip.compress("\n".join([" ".join(DEFAULT_LAYOUT.names), *lines, ""]).encode()))
    context = demo()
    list(load(context.workspace(), local_sources([file])))
    yield context
    context.close()


def editor(pilot):
    return pilot.app.screen.query_one(SqlEditor)


def results(pilot):
    return pilot.app.screen.query_one(ResultsPane)


def bar(pilot):
    return str(pilot.app.screen.query_one("#sql-bar", Static).content)


def title(pilot):
    return str(pilot.app.screen.query_one("#sql-title", Static).content)


async def opened(pilot):
    await pilot.press("f7")
    await until(pilot, lambda: pilot.app.screen.query(SqlEditor))
    await until(pilot, lambda: "opening" not in title(pilot) and not pilot.app.screen._jobs)


async def ran(pilot, text=None, key="f5"):
    """Run a text and wait for what becomes of it."""
    if text is not None:
        editor(pilot).load_text(text)
        editor(pilot).move_cursor(editor(pilot).document.end)
    await pilot.press(key)
    await until(pilot, lambda: "running" not in bar(pilot) and "no statement" not in bar(pilot), "an answer")
    await idle(pilot)


def at_work(runner):
    """The engines that DuckDB computes for."""
    return [engine for engine in list(runner._engines.values()) if engine._running is not None]


async def at_rest(runner):
    """Whether no statement is left, after a while; the app need not run any more."""
    for _ in range(PATIENCE):
        if not runner._engines:
            return True
        await asyncio.sleep(0.01)
    return False


async def run_endless(pilot):
    """Run a statement that ends only when it is stopped."""
    editor(pilot).load_text(ENDLESS)
    await pilot.press("f5")
    await until(pilot, lambda: "running" in bar(pilot))


async def test_an_empty_workspace_says_where_records_come_from_and_f6_goes_there(demo):
    context = demo()
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await opened(pilot)
        text = "\n".join(text_of(pilot.app))
        assert "The workspace has no records yet." in text
        assert "F6 loads them" in text
        await pilot.press("f6")
        assert pilot.app.current_mode == "logs"
    context.close()


async def test_f5_runs_here_and_does_not_go_to_the_tail(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        assert "700 records" in title(pilot)
        assert "2024-01-17" in title(pilot)
        await ran(pilot)
        assert pilot.app.current_mode == "sql"
        assert bar(pilot).strip().startswith("100 rows")
        assert "DuckDB" in bar(pilot)
        assert "203.0.113.0" in "\n".join(text_of(pilot.app))


async def test_what_was_typed_before_f5_is_run_whole(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(pilot.app.focused, SqlEditor))
        editor(pilot).load_text("")
        for letter in "SELECT 12345":
            pilot.app.post_message(Key("space" if letter == " " else letter, letter))
        pilot.app.post_message(Key("f5", None))
        await until(pilot, lambda: results(pilot).query(ResultGrid))
        await until(pilot, lambda: "12345" in "\n".join(text_of(pilot.app)).replace("SELECT 12345", ""), "the row")


async def test_ctrl_j_runs_the_statement_at_the_cursor_only(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        editor(pilot).load_text("SELECT 1 AS first;\n\nSELECT 2 AS second;\n")
        editor(pilot).move_cursor((2, 3))
        await ran(pilot, key="ctrl+j")
        assert results(pilot).outcome.table.to_pydict() == {"second": [2]}
        assert editor(pilot).text.count("\n") == 3


async def test_a_cut_result_says_so_and_ctrl_l_fetches_more(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await ran(pilot, "SELECT * FROM vpc_flow_logs.flow_logs")
        assert "500 of more than 500 rows" in bar(pilot)
        await pilot.press("ctrl+l")
        await until(pilot, lambda: "700 rows" in bar(pilot), "all rows")


async def test_an_error_has_a_place_and_the_cursor_goes_there(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await ran(pilot, "SELECT 1;\n\nSELECT srcadr\nFROM vpc_flow_logs.flow_logs")
        assert "failed" in bar(pilot)
        text = "\n".join(text_of(pilot.app))
        assert "line 3, column 8" in text
        assert "srcaddr" in text
        assert editor(pilot).cursor_location == (2, 7)
        assert editor(pilot).has_focus


async def test_a_notice_is_shown(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await ran(pilot, "SELECT srcaddr, start, end FROM vpc_flow_logs.flow_logs LIMIT 3")
        assert "3 rows" in bar(pilot)
        assert "end" in str(pilot.app.screen.query_one("#sql-notices", Static).content)


async def test_escape_stops_a_running_statement_and_never_leaves(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await run_endless(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "stopped" in bar(pilot))
        await shows(pilot, "Stopped after")
        await pilot.press("escape", "escape")
        assert pilot.app.current_mode == "sql"
        await ran(pilot, "SELECT 1 AS still")
        assert results(pilot).outcome.table.to_pydict() == {"still": [1]}


async def test_what_a_stopped_statement_says_at_once_does_not_replace_when_it_was_stopped(loaded, monkeypatch):
    cancel = Runner.cancel

    def cancelled_before_the_loop_turns(runner):
        cancel(runner)
        time.sleep(0.5)

    monkeypatch.setattr(Runner, "cancel", cancelled_before_the_loop_turns)
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await run_endless(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "stopped" in bar(pilot))
        await until(pilot, lambda: not pilot.app.screen._job_of, "the end of the statement's thread")
        await pilot.pause()
        assert "Stopped after" in "\n".join(text_of(pilot.app))


async def test_escape_in_another_tab_stops_the_statement_where_it_runs(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await ran(pilot, "SELECT 1 AS one")
        await pilot.press("ctrl+n")
        await run_endless(pilot)
        await pilot.press("ctrl+pageup")
        await until(pilot, lambda: editor(pilot).text == "SELECT 1 AS one" and "running" in bar(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "running" not in bar(pilot))
        await until(pilot, lambda: results(pilot).query(ResultGrid), "the rows of the tab in front")
        assert bar(pilot).strip().startswith("1 row")
        await pilot.press("ctrl+pagedown")
        await until(pilot, lambda: "stopped" in bar(pilot))
        await shows(pilot, "Stopped after")


async def test_changing_the_engine_stops_the_statement_and_says_so(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await run_endless(pilot)
        await pilot.press("f9")
        await until(pilot, lambda: "stopped" in bar(pilot))
        assert "DuckDB" in bar(pilot)
        await idle(pilot)
        pilot.app.screen._tick()
        assert "stopped" in bar(pilot)


async def test_a_statement_run_in_place_of_one_that_runs_is_the_one_shown(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await run_endless(pilot)
        await ran(pilot, "SELECT 2 AS two")
        assert results(pilot).outcome.table.to_pydict() == {"two": [2]}
        assert bar(pilot).strip().startswith("1 row")


async def test_leaving_the_app_ends_what_the_database_works_on(loaded):
    """DuckDB does not look at a stop event, and Python waits at its end for the threads of its event loop."""
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        editor(pilot).load_text(ENDLESS)
        await pilot.press("f5")
        runner = pilot.app.screen._runner
        await until(pilot, lambda: at_work(runner), "the statement")
        await pilot.press("ctrl+q")
    ended = await at_rest(runner)
    loaded.close()  # else a statement that goes on would hold up the end of this test for ever
    assert ended


async def test_stopping_an_export_does_not_stop_the_statement_of_another_tab(loaded, tmp_path):
    target = tmp_path / "out.csv"
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await ran(
            pilot, "SELECT a.bytes FROM vpc_flow_logs.flow_logs a, vpc_flow_logs.flow_logs b, vpc_flow_logs.flow_logs c"
        )
        await pilot.press("ctrl+e")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskModal))
        pilot.app.screen.query_one(Input).value = str(target)
        await pilot.press("enter")
        screen = pilot.app.screen
        await until(pilot, lambda: at_work(screen._runner), "the export")
        await pilot.press("ctrl+n")
        editor(pilot).load_text(ENDLESS)
        await pilot.press("f5")
        await until(pilot, lambda: len(at_work(screen._runner)) == 2, "both at work")
        await pilot.press("escape")
        await until(pilot, lambda: "stopped" in bar(pilot))
        await until(pilot, lambda: len(at_work(screen._runner)) < 2, "the end of one")
        assert screen.job("export") is not None
        assert not screen.job("export").cancelled
        await pilot.press("escape")
        assert await at_rest(screen._runner)
    assert not target.exists()


async def test_a_statement_stopped_before_the_database_has_it_does_not_begin(loaded, monkeypatch):
    held, going = threading.Event(), threading.Event()

    def slow_import(name):
        held.set()
        assert going.wait(30)
        return import_module(name)

    monkeypatch.setattr(runner_module, "import_module", slow_import)
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        editor(pilot).load_text(ENDLESS)
        await pilot.press("f5")
        await until(pilot, held.is_set)
        await pilot.press("escape")
        going.set()
        await until(pilot, lambda: not pilot.app.screen._job_of, "the end of the statement's thread")
        assert "stopped" in bar(pilot)


async def test_cells_rows_sorting_and_copying(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await ran(pilot, "SELECT srcaddr, sum(bytes) AS total_bytes FROM vpc_flow_logs.flow_logs GROUP BY srcaddr")
        grid = pilot.app.screen.query_one(ResultGrid)
        grid.focus()
        await pilot.press("right", "s")
        await pilot.pause()
        total = grid.cell_text(0, 1)
        assert int(total) == max(int(grid.cell_text(row, 1)) for row in range(grid.row_count))
        assert total in str(pilot.app.screen.query_one("#sql-cell", Static).content)
        await pilot.press("y")
        assert pilot.app.clipboard == total
        await pilot.press("Y")
        assert pilot.app.clipboard == f"{grid.cell_text(0, 0)}\t{total}"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FactsModal))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen.query(ResultGrid))
        await pilot.press("d")
        await shows(pilot, "Row 1 of 50")


async def test_a_chart_is_drawn_when_there_are_numbers(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await ran(pilot, "SELECT action, count(*) AS flows FROM vpc_flow_logs.flow_logs GROUP BY action")
        pilot.app.screen.query_one(ResultGrid).focus()
        await pilot.press("c")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChartModal))
        text = "\n".join(text_of(pilot.app))
        assert "ACCEPT" in text
        await pilot.press("escape")
        await ran(pilot, "SELECT DISTINCT action FROM vpc_flow_logs.flow_logs")
        pilot.app.screen.query_one(ResultGrid).focus()
        await pilot.press("c")
        await until(pilot, lambda: any("nothing to draw" in note.message for note in pilot.app._notifications))


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
async def test_a_cut_result_is_exported_whole(loaded, tmp_path, ending):
    target = tmp_path / f"out.{ending}"
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await ran(pilot, "SELECT srcaddr, bytes FROM vpc_flow_logs.flow_logs")
        await pilot.press("ctrl+e")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskModal))
        assert "Write all rows to" in "\n".join(text_of(pilot.app))
        line = pilot.app.screen.query_one(Input)
        line.value = str(tmp_path / "out.xlsx")
        await pilot.press("enter")
        await shows(pilot, "names no format")
        line.value = str(target)
        await pilot.press("enter")
        await until(pilot, lambda: any("Wrote 700 rows" in note.message for note in pilot.app._notifications))
    if ending == "csv":
        assert len(target.read_text().splitlines()) == ROWS + 1
    elif ending == "json":
        assert sum(row["bytes"] for row in json.loads(target.read_text())) == sum(100 + n for n in range(ROWS))
    else:
        assert pq.read_table(target).num_rows == ROWS


async def test_the_history_outlives_the_session(loaded, demo):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await ran(pilot, "SELECT 1 AS remembered")
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickModal))
        await pilot.press(*"remem", "enter")
        await until(pilot, lambda: editor(pilot).text == "SELECT 1 AS remembered")


async def test_an_example_opens_with_its_question_on_a_day_that_is_loaded(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        side = pilot.app.screen.query_one(SqlSide)
        node = next(node for node in side._examples.children if "Top talkers" in str(node.label))
        side.focus()
        side.move_cursor(node)
        await pilot.press("enter")
        await until(pilot, lambda: "total_bytes" in editor(pilot).text)
        assert "-- Look for:" in editor(pilot).text
        assert "dt = '2024-01-17'" in editor(pilot).text
        await ran(pilot)
        assert "20 rows" in bar(pilot)


async def test_tables_are_shown_with_columns_and_names_are_inserted(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        side = pilot.app.screen.query_one(SqlSide)
        table = side._tables.children[0]
        assert "flow_logs" in str(table.label)
        assert "700" in str(table.label)
        column = next(node for node in table.children if str(node.label).startswith("srcaddr"))
        assert "varchar" in str(column.label)
        editor(pilot).load_text("SELECT ")
        editor(pilot).move_cursor((0, 7))
        table.expand()
        await pilot.pause()
        side.focus()
        side.move_cursor(column)
        await pilot.press("enter")
        await until(pilot, lambda: editor(pilot).text == "SELECT srcaddr")


async def test_the_side_is_out_of_sight_on_a_narrow_terminal_until_asked_for(loaded):
    async with FlowTuiApp(loaded).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert not pilot.app.screen.query_one(SqlSide).display
        await pilot.press("ctrl+o")
        assert pilot.app.screen.query_one(SqlSide).display
        assert pilot.app.screen.query_one(SqlSide).has_focus


async def test_tabs_keep_their_text_and_result(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await ran(pilot, "SELECT 1 AS one")
        await pilot.press("ctrl+n")
        await ran(pilot, "SELECT 2 AS two")
        assert "[2]" in title(pilot)
        await pilot.press("ctrl+pageup")
        await until(pilot, lambda: results(pilot).outcome.table.column_names == ["one"])
        assert editor(pilot).text == "SELECT 1 AS one"
        await pilot.press("ctrl+pagedown", "alt+w")
        await until(pilot, lambda: results(pilot).outcome.table.column_names == ["one"])
        assert "[" not in title(pilot)


async def test_a_request_brings_its_text_and_runs_it(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        pilot.app.open_sql(SqlRequest("SELECT 7 AS seven", "mine", run=True))
        await until(pilot, lambda: pilot.app.screen.query(ResultsPane) and results(pilot).outcome.known)
        assert results(pilot).outcome.table.to_pydict() == {"seven": [7]}


async def test_a_locked_workspace_is_a_message_and_not_a_crash(demo, monkeypatch):
    context = demo()

    def locked():
        raise WorkspaceError("The workspace is held by process 42.", "Close it, or use --workspace.")

    monkeypatch.setattr(context, "workspace", locked)
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await pilot.press("f7")
        await shows(pilot, "held by process 42", "use --workspace")
        await ran(pilot)
        assert "failed" in bar(pilot)


async def test_letters_are_text_in_the_editor(loaded):
    async with FlowTuiApp(loaded).run_test(size=SIZE) as pilot:
        await opened(pilot)
        editor(pilot).load_text("")
        await pilot.press(*"qcsudyY/:?jk")
        assert editor(pilot).text == "qcsudyY/:?jk"
        assert isinstance(pilot.app.focused, TextArea)
        assert not pilot.app.screen.query(OptionList)


async def test_an_inventory_is_taken_and_a_view_appears_among_the_tables(loaded):
    app = FlowTuiApp(loaded)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("alt+i")
        await until(pilot, lambda: any("things of" in str(note.message) for note in app._notifications))
        await idle(pilot)
        editor(pilot).load_text("CREATE VIEW near AS SELECT i.owner FROM aws.interfaces i")
        await pilot.press("f5")
        await idle(pilot)
        side = app.screen.query_one(SqlSide)
        labels = [str(node.label) for node in side.root.children[0].children]
        assert labels[0].startswith("flow_logs")
        assert any(label.startswith("near") for label in labels)
        assert [label.split()[0] for label in labels if label.startswith("aws.")] == [
            "aws.instances",
            "aws.interfaces",
            "aws.security_groups",
            "aws.vpcs",
        ]
        editor(pilot).load_text("SELECT count(*) AS n FROM near")
        await pilot.press("f5")
        await idle(pilot)
        assert results(pilot).query_one(ResultGrid)


async def test_titles_in_the_tree_fit_it_or_say_that_they_go_on(demo):
    async with FlowTuiApp(demo()).run_test(size=(140, 60)) as pilot:
        await pilot.press("f7")
        await idle(pilot)
        side = pilot.app.screen.query_one(SqlSide)
        titles = [node.data.example.title for node in side._examples.children]
        shown = [str(node.label) for node in side._examples.children]
        room = side.size.width - 1 - side.guide_depth
        assert max(map(len, titles)) > room
        for title, label in zip(titles, shown, strict=True):
            assert len(label) <= room and (label == title or label.endswith("…"))
