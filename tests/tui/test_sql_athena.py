"""The SQL screen with Athena as its engine, on the demo account, whose Athena the local engine answers."""

from __future__ import annotations

import pytest
from textual.widgets import Input, Static

from flowtui.demo import athena_runs
from flowtui.tui.app import FlowTuiApp
from flowtui.tui.modals import ConfirmModal
from flowtui.tui.sql.editor import SqlEditor
from flowtui.tui.widgets.pick import PickModal
from tests.tui.test_sql import SIZE, bar, editor, loaded, opened, own_folders, ran, results, title  # noqa: F401
from tests.tui.waiting import idle, text_of, until


@pytest.fixture(autouse=True)
def few_records(monkeypatch):
    """The demo's lake with an hour of records instead of three days: what is asked is the screen."""
    monkeypatch.setattr(athena_runs, "PREFIX", athena_runs.PREFIX + "year=2026/month=06/day=01/hour=10/")


async def on_athena(pilot, text):
    editor(pilot).load_text(text)
    await pilot.press("f9")
    await until(
        pilot, lambda: "Athena" in title(pilot) and "looking" not in title(pilot) and not pilot.app.screen._jobs
    )


async def answered(pilot):
    await until(pilot, lambda: "Athena" in bar(pilot) and "running" not in bar(pilot))
    await idle(pilot)


async def test_f9_tells_the_price_and_f5_runs_the_same_text(demo):
    context = demo()
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await on_athena(pilot, "SELECT srcaddr, end FROM flow_logs WHERE dt = '2026-06-01' ORDER BY end LIMIT 5")
        assert "1 of 4 partitions" in title(pilot)
        assert "workgroup primary" in title(pilot)
        await pilot.press("f5")
        await answered(pilot)
        assert "5 rows" in bar(pilot)
        assert "scanned · $0.00005" in bar(pilot)
        assert results(pilot).outcome.table.column_names == ["srcaddr", "end"]
        assert "reserves the word end" in "\n".join(text_of(pilot.app))
        await pilot.press("f9")
        assert "DuckDB" in title(pilot)
    context.close()


async def test_a_result_that_was_cut_is_read_on_and_not_run_again(demo, monkeypatch):
    from flowtui.tui.sql import running

    monkeypatch.setattr(running, "LIMITS", (3, 50))
    context = demo()
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await opened(pilot)
        pilot.app.screen._limit = 3
        await on_athena(pilot, "SELECT srcaddr FROM flow_logs WHERE dt = '2026-06-01' LIMIT 20")
        await pilot.press("f5")
        await answered(pilot)
        assert "3 of more than 3 rows" in bar(pilot)
        first = results(pilot).outcome.billed.query_id
        await pilot.press("ctrl+l")
        await until(pilot, lambda: "20 rows" in bar(pilot))
        assert results(pilot).outcome.billed.query_id == first
    context.close()


async def test_athenas_error_is_at_the_place_in_the_editor(demo):
    context = demo()
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await on_athena(pilot, "SELECT end,\n  nosuch FROM flow_logs WHERE dt = '2026-06-01'")
        await pilot.press("f5")
        await answered(pilot)
        assert "failed" in bar(pilot)
        assert "There is no column nosuch" in "\n".join(text_of(pilot.app))
        assert editor(pilot).cursor_location == (1, 2)
    context.close()


async def test_what_changes_something_is_run_only_when_run_is_typed(demo):
    context = demo()
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await on_athena(pilot, "CREATE DATABASE IF NOT EXISTS more_logs")
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmModal))
        assert "may change" in "\n".join(text_of(pilot.app))
        await pilot.press("escape")
        await idle(pilot)
        assert "no statement" in bar(pilot)
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmModal))
        pilot.app.screen.query_one(Input).value = "run"
        await pilot.press("enter")
        await answered(pilot)
        assert "Done." in "\n".join(text_of(pilot.app))
    context.close()


async def test_a_price_above_the_setting_is_asked_about(demo):
    context = demo(athena_ask_usd=0.000001)
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await on_athena(pilot, "SELECT 1 FROM flow_logs WHERE dt = '2026-06-01'")
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmModal))
        assert "athena_ask_usd" in "\n".join(text_of(pilot.app))
    context.close()


async def test_declining_after_a_statement_was_stopped_leaves_nothing_running(demo, monkeypatch):
    monkeypatch.setattr(athena_runs.Run, "_work", lambda self: self._stop.wait(30))
    context = demo()
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await opened(pilot)
        screen = pilot.app.screen
        await on_athena(pilot, "SELECT 1 FROM flow_logs WHERE dt = '2026-06-01'")
        await pilot.press("f5")
        await until(pilot, lambda: "running" in bar(pilot))
        editor(pilot).load_text("CREATE DATABASE IF NOT EXISTS more_logs")
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmModal))
        await pilot.press("escape")
        await idle(pilot)
        screen._tick()
        assert "stopped" in bar(pilot)
    context.close()


async def test_an_estimate_that_fails_leaves_the_result_that_is_there(demo):
    context = demo()
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await ran(pilot, "SELECT 1 AS here")
        await on_athena(pilot, "SELECT count(*) FROM aws.vpcs")
        assert "aws.vpcs" in title(pilot)
        assert results(pilot).outcome.table.to_pydict() == {"here": [1]}
        assert "DuckDB" in bar(pilot)
        assert "failed" not in bar(pilot)
    context.close()


async def test_escape_stops_it_on_athena(demo, monkeypatch):
    monkeypatch.setattr(athena_runs.Run, "_work", lambda self: self._stop.wait(30))
    stopped = []
    monkeypatch.setattr(athena_runs.Run, "stop", lambda self: (stopped.append(self.id), self._stop.set()))
    context = demo()
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await on_athena(pilot, "SELECT 1 FROM flow_logs WHERE dt = '2026-06-01'")
        await pilot.press("f5")
        await until(pilot, lambda: "running" in bar(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "stopped" in bar(pilot))
        await until(pilot, lambda: stopped, "the query was stopped")
    context.close()


async def test_read_only_sends_nothing(demo):
    context = demo(read_only=True)
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await on_athena(pilot, "SELECT 1 FROM flow_logs WHERE dt = '2026-06-01'")
        await pilot.press("f5")
        await answered(pilot)
        assert "read-only" in "\n".join(text_of(pilot.app))
    context.close()


async def test_f10_writes_the_tables_of_a_flow_log_into_a_tab(demo):
    context = demo()
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await opened(pilot)
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickModal))
        await until(pilot, lambda: "fl-0a22c0de0a22c0de2" in "\n".join(text_of(pilot.app)))
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.query(SqlEditor))
        assert "CREATE EXTERNAL TABLE IF NOT EXISTS vpc_flow_logs." in editor(pilot).text
        assert isinstance(pilot.app.screen.query_one("#sql-title", Static), Static)
    context.close()
