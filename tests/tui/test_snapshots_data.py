"""Pictures of Tail, Logs and SQL at 80×24 and 140×40, the clock held still."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from flowtui.tui.app import FlowTuiApp
from flowtui.tui.objects.pane import ObjectsPane
from flowtui.tui.requests import SqlRequest, TailRequest
from flowtui.tui.sql import outcome
from flowtui.tui.sql.editor import SqlEditor
from flowtui.tui.sql.results import ResultsPane
from flowtui.tui.tail.lines import GapRow
from flowtui.tui.tail.pane import TailPane
from flowtui.tui.widgets.facts import FactsModal
from flowtui.tui.widgets.result_grid import ResultGrid
from tests.tui.scenes import request
from tests.tui.waiting import idle, shows, until

SIZES = [(80, 24), (140, 40)]
TOP = """\
-- Who moved most bytes?
SELECT srcaddr, dstaddr, SUM(bytes) AS total_bytes, COUNT(*) AS flows
FROM vpc_flow_logs.flow_logs
WHERE action = 'ACCEPT'
GROUP BY srcaddr, dstaddr
ORDER BY total_bytes DESC, srcaddr, dstaddr
LIMIT 20;
"""
WRONG = "SELECT srcaddr,\n       SUM(byte) AS total_bytes\nFROM vpc_flow_logs.flow_logs\nGROUP BY srcaddr;\n"


@pytest.fixture(autouse=True)
def still(monkeypatch, tmp_path):
    """Folders of its own, and durations that are always the same."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(outcome, "duration_text", lambda seconds: "41 ms")


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def picture(request, demo, snap_compare):
    """Compares a picture after a drive."""

    def compare(drive):
        async def settled(pilot):
            await idle(pilot)
            await drive(pilot)
            await pilot.pause()
            for line in pilot.app.screen.query(Input):
                line.cursor_blink = False
            for editor in pilot.app.screen.query(SqlEditor):
                editor.cursor_blink = False
                # Lines drawn while the cursor was in the dark half of its blink are kept as they were drawn.
                editor.notify_style_update()
            pilot.app.clear_notifications()
            await pilot.pause()

        context = demo()
        try:
            return snap_compare(FlowTuiApp(context), terminal_size=request.param, run_before=settled)
        finally:
            context.close()

    return compare


async def tailing(pilot):
    vpc = request(pilot, "prod-core")
    pilot.app.open_tail(TailRequest(vpc.vpc.id, vpc.account, vpc.vpc.region, vpc.vpc.name))
    await until(pilot, lambda: pilot.app.screen.query(TailPane))
    pane = pilot.app.screen.query_one(TailPane)
    await until(pilot, lambda: pane.view.shown_count and pane.state.lag_s is not None and len(pane.view.names))
    return pane


async def listing(pilot):
    await pilot.press("f6")
    # Said when all places are there: before, enter would take what was typed for a folder's name.
    await shows(pilot, "enter takes")
    await pilot.press(*"prod-eu", "enter")
    pane = pilot.app.screen.query_one(ObjectsPane)
    await until(pilot, lambda: pane.view.shown_count and not pane.listing)
    return pane


async def asking(pilot, text):
    pane = await listing(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: pane.report is not None)
    await idle(pilot)
    pilot.app.open_sql(SqlRequest(text, "talkers", run=True))
    await until(pilot, lambda: pilot.app.screen.query(ResultsPane))
    results = pilot.app.screen.query_one(ResultsPane)
    await until(pilot, lambda: results.outcome.known)
    await idle(pilot)
    return results


def test_tail_targets(picture):
    async def drive(pilot):
        await pilot.press("f5")
        await shows(pilot, "enter tails")
        await idle(pilot)

    assert picture(drive)


def test_tail(picture):
    assert picture(tailing)


def test_tail_filtered_and_scrolled_back(picture):
    async def drive(pilot):
        pane = await tailing(pilot)
        await pilot.press("slash", *"action=REJECT", "enter")
        await until(pilot, lambda: not pane.view.filtering)
        await pilot.press("k", "k")
        pane.view.append(pane.view.shown_items()[:5])

    assert picture(drive)


def test_tail_with_a_gap_highlights_and_a_bookmark(picture):
    async def drive(pilot):
        pane = await tailing(pilot)
        pane.view.mark_gap(GapRow("Live Tail ended after three hours", 1780322700, 1780322728))
        for text in ("action=REJECT", "dstport=5432"):
            pane.view.highlights.add(text, ())
        pane.view.go_on_scanning()
        await until(pilot, lambda: not pane.view.listing.unfinished)
        await pilot.press("k", "k", "m", "k", "space")
        pane.view.append(pane.view.shown_items()[:5])

    assert picture(drive)


def test_tail_why(picture):
    async def drive(pilot):
        pane = await tailing(pilot)
        await pilot.press("slash", *"action=REJECT dstport=22", "enter")
        await until(pilot, lambda: not pane.view.filtering)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(pilot.app.screen, FactsModal))

    assert picture(drive)


def test_tail_nodata_and_skipdata(picture):
    async def drive(pilot):
        pane = await tailing(pilot)
        pilot.app.screen.set_filter("log-status=NODATA,SKIPDATA")
        pilot.app.screen.action_range("3")
        await until(pilot, lambda: pane.state.lag_s is not None and pane.view.shown_count)

    assert picture(drive)


def test_logs_places(picture):
    async def drive(pilot):
        await pilot.press("f6")
        await shows(pilot, "enter takes")
        await idle(pilot)

    assert picture(drive)


def test_logs(picture):
    assert picture(listing)


def test_sql_empty(picture):
    async def drive(pilot):
        await pilot.press("f7")
        await shows(pilot, "no records yet")
        await until(pilot, lambda: isinstance(pilot.app.focused, SqlEditor))
        await idle(pilot)

    assert picture(drive)


def test_sql(picture):
    async def drive(pilot):
        results = await asking(pilot, TOP)
        await until(pilot, lambda: results.query(ResultGrid))
        results.query_one(ResultGrid).focus()
        await pilot.press("right", "right")

    assert picture(drive)


def test_sql_error(picture):
    async def drive(pilot):
        await asking(pilot, WRONG)

    assert picture(drive)
