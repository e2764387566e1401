"""What a screen says of things that could not be read, or whose reading was stopped."""

from __future__ import annotations

from threading import Event

import pytest

from flowtui.errors import AwsError
from flowtui.tui.app import FlowTuiApp
from flowtui.tui.deploy import listing
from flowtui.tui.detail import screen as detail
from flowtui.tui.modals import ErrorModal
from flowtui.tui.vpcs import screen as vpcs
from flowtui.tui.widgets.table import Table
from tests.tui.waiting import idle, shows, text_of, until


@pytest.fixture
def gate():
    """Opened when the test ends, so that no thread is left behind."""
    event = Event()
    yield event
    event.set()


def waiting(gate):
    """In place of a reader: it waits for the gate and then finds nothing."""

    def read(*_):
        gate.wait()
        yield from ()

    return read


def refused(*_):
    raise AwsError("It is refused.")
    yield


async def chosen(pilot, name="sandbox"):
    await until(pilot, lambda: any(each.vpc.name == name for each in pilot.app.known_vpcs.values()))
    await idle(pilot)
    return next(each for each in pilot.app.known_vpcs.values() if each.vpc.name == name)


async def test_detail_does_not_go_on_reading_after_esc(demo, monkeypatch, gate):
    monkeypatch.setattr(detail, "look", waiting(gate))
    async with FlowTuiApp(demo()).run_test(size=(120, 40)) as pilot:
        pilot.app.open_detail(await chosen(pilot))
        await shows(pilot, "Reading…", "Examining…")
        await pilot.press("escape")
        await shows(pilot, "Not read; ctrl+r", "Not examined; ctrl+r")
        assert "Reading…" not in "\n".join(text_of(pilot.app))


async def test_detail_does_not_go_on_reading_after_a_failure(demo, monkeypatch):
    monkeypatch.setattr(detail, "look", refused)
    async with FlowTuiApp(demo()).run_test(size=(120, 40)) as pilot:
        pilot.app.open_detail(await chosen(pilot))
        await until(pilot, lambda: isinstance(pilot.app.screen, ErrorModal), "the error")
        await pilot.press("escape")
        await shows(pilot, "Not read; ctrl+r", "Not examined; ctrl+r")


async def test_stacks_are_not_said_to_be_none_when_their_reading_was_stopped(demo, monkeypatch, gate):
    monkeypatch.setattr(listing, "find_stacks", waiting(gate))
    async with FlowTuiApp(demo()).run_test(size=(120, 40)) as pilot:
        await pilot.press("f4")
        await shows(pilot, "Reading stacks…")
        await pilot.press("escape")
        await shows(pilot, "The stacks were not read to the end")


async def test_stacks_are_not_said_to_be_none_when_they_could_not_be_read(demo, monkeypatch):
    monkeypatch.setattr(listing, "find_stacks", refused)
    async with FlowTuiApp(demo()).run_test(size=(120, 40)) as pilot:
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(pilot.app.screen, ErrorModal), "the error")
        await pilot.press("escape")
        await shows(pilot, "The stacks were not read to the end")


async def test_regions_are_not_said_to_have_no_vpc_when_their_reading_was_stopped(demo, monkeypatch, gate):
    monkeypatch.setattr(vpcs, "scan", waiting(gate))
    async with FlowTuiApp(demo()).run_test(size=(120, 40)) as pilot:
        await shows(pilot, "Reading regions;")
        await pilot.press("escape")
        await shows(pilot, "The regions were not read to the end")


def newest(app):
    rows = app.screen.query_one(Table).rows
    return {row.cells["name"].text: row.cells["newest"].text for row in rows if row.note is None}


async def test_a_newest_record_that_may_not_be_read_is_not_waited_for(demo, monkeypatch):
    monkeypatch.setattr(vpcs, "newest_record", lambda account, log: next(refused()))
    async with FlowTuiApp(demo()).run_test(size=(160, 40)) as pilot:
        await chosen(pilot)
        await until(pilot, lambda: newest(pilot.app)["prod-core"] == "?", "the answer")
        assert newest(pilot.app)["sandbox"] == "–"
        assert "…" not in newest(pilot.app).values()


async def test_a_newest_record_is_not_waited_for_after_esc(demo, monkeypatch, gate):
    monkeypatch.setattr(vpcs, "newest_record", lambda account, log: gate.wait() and None)
    async with FlowTuiApp(demo()).run_test(size=(160, 40)) as pilot:
        await until(pilot, lambda: pilot.app.screen.job("newest"), "the reading")
        assert newest(pilot.app)["prod-core"] == "…"
        await pilot.press("escape")
        await until(pilot, lambda: newest(pilot.app)["prod-core"] == "?", "the end of waiting")
