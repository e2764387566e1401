"""The Logs screen: S3 of the demo account, and folders of this machine."""

from __future__ import annotations

import gzip
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList, Static

import flowtui.lake.load as load_module
from flowtui.errors import UsageError, WorkspaceError
from flowtui.lake.plan import LoadPlan
from flowtui.lake.progress import LoadProgress
from flowtui.records.layout import DEFAULT_LAYOUT
from flowtui.tui.app import FlowTuiApp
from flowtui.tui.objects import listing
from flowtui.tui.objects.estimate import plan_words
from flowtui.tui.objects.layouts import formats_of
from flowtui.tui.objects.pane import ObjectsPane
from flowtui.tui.objects.places import Place
from flowtui.tui.objects.progress import progress_line
from flowtui.tui.objects.ranges import EVERYTHING, PRESETS, parse_range, preset_range
from flowtui.tui.objects.view import ObjectsView
from flowtui.tui.requests import LogsRequest
from flowtui.tui.theme import UNICODE
from flowtui.tui.widgets.ask import AskModal
from flowtui.tui.widgets.facts import FactsModal
from flowtui.tui.widgets.folders import FolderModal, FolderTree
from tests.insight.facts import flow_log
from tests.lake.conftest import load_all
from tests.locked import lock
from tests.tui.waiting import idle, shows, until

SIZE = (140, 40)
NOW = datetime(2026, 6, 1, 14, 5, 30, tzinfo=UTC)
LINE = "2 123456789010 eni-0a 203.0.113.77 10.20.4.18 40123 22 6 3 180 1705327512 1705327570 REJECT OK"


@pytest.fixture(autouse=True)
def own_folders(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def folder(tmp_path):
    """A folder with a good file, a damaged one and one that is none of ours."""
    place = tmp_path / "logs"
    place.mkdir()
    header = " ".join(DEFAULT_LAYOUT.names)
    (place / "good.log.gz").write_bytes(gzip.compress(f"{header}\n{LINE}\n{LINE}\n".encode()))
    (place / "broken.log.gz").write_bytes(gzip.compress(f"{header}\n{LINE}\n".encode())[:-6])
    (place / "notes.md").write_text("not a log")
    return place


def pane(pilot):
    return pilot.app.screen.query_one(ObjectsPane)


def view(pilot):
    return pilot.app.screen.query_one(ObjectsView)


def words(pilot, id):
    return str(pilot.app.screen.query_one(f"#logs-{id}", Static).content)


async def in_front(pilot, modal):
    """Let the app run until the modal is in front, or with None until there is none."""
    front = (lambda: isinstance(pilot.app.screen, modal)) if modal else lambda: pilot.app.screen.query(ObjectsPane)
    await until(pilot, front, "the modal" if modal else "the list in front")


async def two_listed(pilot, folder):
    """The folder's two objects are listed, and nothing more is to come."""
    pilot.app.open_logs(LogsRequest(location=str(folder)))
    await until(pilot, lambda: pilot.app.screen.query(ObjectsView) and view(pilot).shown_count == 2, "two objects")
    await until(pilot, lambda: not pane(pilot).listing, "the end of the listing")


async def warned(pilot, text):
    """Let the app run until a notification says so."""
    await until(pilot, lambda: any(text in note.message for note in pilot.app._notifications), text)


async def listed(pilot, place="prod-eu"):
    """From the start to the objects of a place of the demo account."""
    await pilot.press("f6")
    # Said when all places are there: before, enter would take what was typed for a folder's name.
    await shows(pilot, "enter takes the line")
    assert pilot.app.screen.query_one(OptionList).option_count
    await pilot.press(*place, "enter")
    await until(pilot, lambda: view(pilot).shown_count and not pane(pilot).listing, "objects")


async def test_a_flow_log_s_objects_are_listed_with_totals_before_anything_moves(demo, tmp_path):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await listed(pilot)
        count = view(pilot).shown_count
        assert "prod-eu" in words(pilot, "place")
        assert "s3://demo-flow-logs-eu/network/" in words(pilot, "place")
        assert "the last 24 hours  2026-05-31 14:05" in words(pilot, "range")
        assert f"{count:,} objects" in words(pilot, "total")
        assert "about" in words(pilot, "total")
        assert not (tmp_path / "cache").exists()


async def test_enter_loads_and_a_second_time_there_is_nothing_left(demo, tmp_path):
    context = demo()
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await listed(pilot)
        await pilot.press("1")
        await until(pilot, lambda: not pane(pilot).listing and "last hour" in words(pilot, "range"))
        count = view(pilot).shown_count
        await pilot.press("enter")
        await until(pilot, lambda: pane(pilot).report is not None, "the load")
        assert f"from {count:,} objects" in words(pilot, "progress")
        assert "all loaded" in words(pilot, "total")
        await idle(pilot)
        await pilot.press("enter")
        await warned(pilot, "nothing left")
        assert context.workspace().summary().objects == count
        await pilot.press("ctrl+r")
        await until(pilot, lambda: pane(pilot).report is None, "another listing")
        await idle(pilot)
        assert "all loaded" in words(pilot, "total")
    context.close()


async def test_a_range_in_words_and_one_that_makes_no_sense(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await listed(pilot)
        await pilot.press("r")
        await in_front(pilot, AskModal)
        await pilot.press(*"soonish", "enter")
        await shows(pilot, "is not a time")
        pilot.app.screen.query_one(Input).value = "yesterday"
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.query(ObjectsPane) and "yesterday" in words(pilot, "range"))
        await idle(pilot)
        assert "2026-05-31 00:00 to 2026-06-01 00:00" in words(pilot, "range")


async def test_an_empty_range_says_what_mends_it(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await listed(pilot)
        pilot.app.screen._range = parse_range("2020-01-01", NOW)
        pilot.app.screen._list()
        await shows(pilot, "No flow log objects here", "6 looks through seven days")


async def test_a_folder_loads_and_what_is_damaged_is_told(demo, folder):
    context = demo()
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await two_listed(pilot, folder)
        assert "everything" in words(pilot, "range")
        await pilot.press("l")
        await until(pilot, lambda: pane(pilot).report is not None, "the load")
        assert "2 records from 1 object in" in words(pilot, "progress")
        assert "1 failed: x why, f again" in words(pilot, "progress")
        await pilot.press("x")
        await in_front(pilot, FactsModal)
        await shows(pilot, "broken.log.gz")
        await pilot.press("escape")
        await in_front(pilot, None)
        await pilot.press("d")
        await in_front(pilot, FactsModal)
    assert context.workspace().summary().records == 2
    context.close()


async def test_a_place_that_is_not_there(demo, tmp_path):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        pilot.app.open_logs(LogsRequest(location=str(tmp_path / "none")))
        await until(pilot, lambda: pilot.app.screen.query(ObjectsPane) and not pane(pilot).listing)
        await shows(pilot, "No file or folder")
        pilot.app.open_logs(LogsRequest(location="s3://no-such-bucket/"))
        await shows(pilot, "no bucket no-such-bucket", "s chooses another place")


async def test_a_locked_workspace_is_told_and_the_listing_is_there(demo, folder, monkeypatch):
    context = demo()

    def locked():
        raise WorkspaceError("The workspace is held by process 42.", "Close it, or use --workspace.")

    monkeypatch.setattr(context, "workspace", locked)
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await two_listed(pilot, folder)
        assert "held by process 42" in words(pilot, "progress")
        await pilot.press("enter")
        await shows(pilot, "The load failed")


@pytest.mark.parametrize("came", [0, 2])
async def test_escape_stops_a_listing_and_says_so(demo, monkeypatch, came):
    """What came until then can be loaded; nothing waits for the rest."""
    began, go_on = threading.Event(), threading.Event()

    def slowly(place, account, wanted, stop, *, list_sources=listing.list_sources):
        for sources in list_sources(place, account, wanted, stop):
            if came:
                yield sources[:came]
            began.set()
            go_on.wait(30)
            yield sources[came:]

    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await listed(pilot)
        monkeypatch.setattr(listing, "list_sources", slowly)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: began.is_set() and view(pilot).shown_count == came)
        await pilot.press("escape")
        await shows(pilot, "the listing is incomplete" if came else "Stopped before anything was listed")
        assert not pane(pilot).listing
        assert f"{came} objects" in words(pilot, "total")
        go_on.set()
        if came:
            await pilot.press("enter")
            await until(pilot, lambda: pane(pilot).report is not None, "the load")
            assert pane(pilot).report.objects == came


async def test_escape_stops_a_load_and_nothing_is_half_done(demo, monkeypatch):
    context = demo()
    real = load_module.load

    def endless(workspace, sources, **options):
        *_, last = real(workspace, sources[:1], **options)
        while True:
            time.sleep(0.01)
            yield replace(last, report=None)

    monkeypatch.setattr(load_module, "load", endless)
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await listed(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "1 object" in words(pilot, "progress"), "progress")
        await pilot.press("escape")
        await until(pilot, lambda: "Stopped" in words(pilot, "progress"))
        assert pilot.app.screen.job("load") is None
        # What had come in by then is marked, and not counted among what is left.
        await until(pilot, lambda: len(view(pilot).loaded) == 1, "the mark")
        assert len(pane(pilot).left()) == view(pilot).shown_count - 1
        assert pilot.app.current_mode == "logs"
    context.close()


async def test_the_filter_chooses_what_is_loaded(demo, folder):
    context = demo()
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await two_listed(pilot, folder)
        await pilot.press("slash", *"good", "enter")
        await until(pilot, lambda: view(pilot).shown_count == 1 and view(pilot).has_focus, "the one in the list")
        await pilot.press("enter")
        await until(pilot, lambda: pane(pilot).report is not None)
        assert pane(pilot).report.objects == 1
        assert not pane(pilot).report.failed
    context.close()


async def test_totals_are_those_of_the_filter_also_when_as_many_objects_pass_as_before(demo, tmp_path):
    place = tmp_path / "logs"
    place.mkdir()
    (place / "eu-west.log").write_bytes(b"x" * 111)
    (place / "us-east.log").write_bytes(b"x" * 222)
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await two_listed(pilot, place)
        for words_of_one, size in (("eu-west", "111 B"), ("us-east", "222 B")):
            pilot.app.screen.set_filter(words_of_one)
            await until(pilot, lambda size=size: f"1 object, {size}" in words(pilot, "total"), size)


async def test_what_was_loaded_before_a_load_gave_up_is_marked(demo, monkeypatch):
    """As when credentials expire on the way."""
    context = demo()
    real = load_module.load

    def giving_up(workspace, sources, **options):
        *_, last = real(workspace, sources[:2], **options)
        untried = len(sources) - 2
        yield replace(last, report=replace(last.report, untried=untried, stopped_by="The credentials have expired."))

    monkeypatch.setattr(load_module, "load", giving_up)
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await listed(pilot)
        count = view(pilot).shown_count
        await pilot.press("enter")
        await until(pilot, lambda: pane(pilot).report is not None, "the load")
        await until(pilot, lambda: len(view(pilot).loaded) == 2, "the marks")
        await idle(pilot)
        assert len(pane(pilot).left()) == count - 2
        assert f"{count - 2:,} to load" in words(pilot, "total")
    context.close()


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_lines_fit(demo, size):
    async with FlowTuiApp(demo()).run_test(size=size) as pilot:
        await listed(pilot)
        width = view(pilot).line_width
        assert all(view(pilot).render_item(item, width).cell_length <= width for item in view(pilot).shown_items())


def test_presets_and_words():
    assert preset_range("1", NOW).since == NOW - timedelta(hours=1)
    assert preset_range("0", NOW).since == NOW.replace(hour=0, minute=0, second=0)
    assert set(PRESETS) == set("0123456")
    assert parse_range("all", NOW) == EVERYTHING
    day = parse_range("2024-01-14", NOW)
    assert (day.since.day, day.until.day) == (14, 15)
    for between in (" ", " to ", " – ", " until "):
        both = parse_range(f"2024-01-14{between}2024-01-15", NOW)
        assert (both.since.day, both.until) == (14, datetime(2024, 1, 16, tzinfo=UTC))
    assert parse_range("3h", NOW).until is None
    assert parse_range("3 hours ago", NOW).since == parse_range("3h", NOW).since
    words, letters = parse_range("2 days ago to 90 min ago", NOW), parse_range("2d 90m", NOW)
    assert (words.since, words.until) == (letters.since, letters.until)
    for text in ("", "1h 2h 3h", "2024-01-15 2024-01-14", "never"):
        with pytest.raises(UsageError):
            parse_range(text, NOW)


def test_the_plan_in_words_is_about_what_is_left():
    assert plan_words(LoadPlan(0, 0, 5, 0, 0, 0)) == "all loaded"
    remote = LoadPlan(1000, 187_000_000, 0, 1000, 187_000_000, 7_192_307)
    assert plan_words(remote) == "about 7 s · at most $0.02 · about 7.2M records"
    assert plan_words(replace(remote, skipped=1000)).startswith("1,000 to load, 187 MB · ")
    assert "for 3 to fetch" in plan_words(replace(remote, fetched=3))
    assert "$" not in plan_words(replace(remote, fetched=0, fetched_size=0))


@pytest.mark.parametrize("width", [40, 80, 160])
def test_progress_tells_what_there_is_room_for(width):
    progress = LoadProgress("loading", 1234, 50_000, 123_456_789, 987_654_321, 2000, 7_000_000, 0, 0, 12)
    line = progress_line(progress, 10.0, width, UNICODE)
    assert line.cell_length <= width
    assert "1,234 of" in line.plain
    assert ("left" in line.plain) == (width >= 80)
    assert ("7.0M records" in line.plain) == (width >= 160)


async def test_what_failed_is_told_when_listed_again_and_f_tries_just_that(demo, folder):
    context = demo()
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await two_listed(pilot, folder)
        await pilot.press("f")
        await warned(pilot, "Nothing here failed")
        await pilot.press("enter")
        await until(pilot, lambda: pane(pilot).report is not None, "the load")
        assert "f again" in words(pilot, "progress")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: not pane(pilot).listing and "failed last time" in words(pilot, "progress"))
        await pilot.press("x")
        await in_front(pilot, FactsModal)
        await shows(pilot, "truncated")
        await pilot.press("escape")
        await in_front(pilot, None)
        await idle(pilot)
        header = " ".join(DEFAULT_LAYOUT.names)
        (folder / "broken.log.gz").write_bytes(gzip.compress(f"{header}\n{LINE}\n".encode()))
        (folder / "good.log.gz").write_bytes(b"touched since, and not asked for")
        await pilot.press("f")
        await until(pilot, lambda: pane(pilot).report is not None, "the second load")
        assert pane(pilot).report.objects == 1
        assert not pane(pilot).report.failed
        assert not view(pilot).failed
    assert context.workspace().summary().records == 3
    context.close()


async def test_a_file_that_changed_under_its_name_is_left_to_load(demo, folder):
    context = demo()
    load_all(context.workspace(), folder / "good.log.gz")
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await two_listed(pilot, folder)
        assert "1 to load" in words(pilot, "total")
        header = " ".join(DEFAULT_LAYOUT.names)
        (folder / "good.log.gz").write_bytes(gzip.compress(f"{header}\n{LINE}\n".encode()))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: len(pane(pilot).left()) == 2 and not pane(pilot).listing, "two left")
        assert "to load" not in words(pilot, "total")
    context.close()


async def test_a_folder_is_chosen_from_its_tree(demo, folder, monkeypatch):
    monkeypatch.chdir(folder.parent)
    async with FlowTuiApp(demo()).run_test(size=(80, 24)) as pilot:
        await pilot.press("f6")
        await shows(pilot, "ctrl+o")
        await pilot.press("ctrl+o")
        await in_front(pilot, FolderModal)
        await shows(pilot, "logs")
        tree = pilot.app.screen.query_one(FolderTree)
        await until(pilot, lambda: tree.root.children)
        place = next(node for node in tree.root.children if node.data.path == folder)
        tree.move_cursor(place)
        await pilot.press("right")
        await until(pilot, lambda: place.children)
        assert [node.data.path.name for node in place.children] == ["broken.log.gz", "good.log.gz"]
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.query(ObjectsView) and view(pilot).shown_count == 2)
        assert "logs" in words(pilot, "place")
        await pilot.press("ctrl+o")
        await in_front(pilot, FolderModal)
        await pilot.press("u")
        await until(pilot, lambda: pilot.app.screen.query_one(FolderTree).path == folder.parent)
        await pilot.press("escape")
        await in_front(pilot, None)
        assert "logs" in words(pilot, "place")


async def test_the_tree_of_folders_where_the_place_cannot_be_looked_at(demo, tmp_path, monkeypatch):
    lock(tmp_path / "locked", monkeypatch)
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        for folder, said in (("~nobody-of-this-name", "Nobody's home"), (tmp_path / "locked", "Cannot read")):
            pilot.app.open_logs(LogsRequest(location=f"{folder}/logs"))
            await shows(pilot, said)
            await until(pilot, lambda: not pane(pilot).listing)
            await pilot.press("ctrl+o")
            await in_front(pilot, FolderModal)
            assert pilot.app.screen.query_one(FolderTree).path == Path.cwd()
            await pilot.press("escape")
            await in_front(pilot, None)


async def test_the_layout_of_files_without_a_header_is_stated(demo, tmp_path):
    place = tmp_path / "bare"
    place.mkdir()
    (place / "bare.log").write_text("10.20.4.18 203.0.113.77 443 1705327512\n" * 3)
    context = demo()
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        pilot.app.open_logs(LogsRequest(location=str(place)))
        await until(pilot, lambda: pilot.app.screen.query(ObjectsView) and view(pilot).shown_count)
        await until(pilot, lambda: not pane(pilot).listing)
        await pilot.press("l")
        await until(pilot, lambda: pane(pilot).report)
        assert "on the Logs screen F" in pane(pilot).report.failed[0].hint
        await pilot.press("F")
        await in_front(pilot, AskModal)
        line = pilot.app.screen.query_one(Input)
        line.value = "${dstaddr} ${srcaddr"
        await shows(pilot, "no format")
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, AskModal)
        line.value = "srcaddr dstaddr dstport start colour"
        await shows(pilot, "kept as text: colour")
        line.value = "srcaddr dstaddr dstport start"
        await shows(pilot, "4 fields of a VPC flow log.")
        await pilot.press("enter")
        await in_front(pilot, None)
        await until(pilot, lambda: "layout srcaddr dstaddr dstport start" in words(pilot, "range"), "the layout")
        await until(pilot, lambda: view(pilot).shown_count and not pane(pilot).listing)
        await idle(pilot)
        await pilot.press("l")
        await until(pilot, lambda: pane(pilot).report and pane(pilot).report.records == 3)
        with context.workspace().cursor() as cursor:
            query = "SELECT DISTINCT srcaddr, dstport, start FROM vpc_flow_logs.flow_logs"
            assert cursor.execute(query).fetchall() == [("10.20.4.18", 443, 1705327512)]
        await pilot.press("F")
        await in_front(pilot, AskModal)
        pilot.app.screen.query_one(Input).value = "dstaddr srcaddr dstport start"
        await pilot.press("enter")
        await in_front(pilot, None)
        await until(pilot, lambda: not pane(pilot).listing and pane(pilot).left())
    context.close()


async def test_what_is_loaded_is_written_as_parquet(demo, folder, tmp_path):
    context = demo()
    load_all(context.workspace(), folder / "good.log.gz")
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await pilot.press("f6")
        await two_listed(pilot, folder)
        await pilot.press("ctrl+e")
        await in_front(pilot, AskModal)
        pilot.app.screen.query_one(Input).value = str(tmp_path / "out")
        await pilot.press("enter")
        await until(pilot, lambda: any("Wrote 2 records" in note.message for note in pilot.app._notifications))
    assert (tmp_path / "out" / "dt=2024-01-15" / "records.parquet").exists()
    context.close()


def test_a_chosen_flow_logs_own_format_reads_its_files_without_a_header(demo):
    context = demo()
    log = flow_log(id="fl-0123456789abcdef0", log_format="${srcaddr} ${dstaddr} ${dstport}")
    name = "123456789010_vpcflowlogs_us-east-1_fl-0123456789abcdef0_20240117T1405Z_abcd.log"
    formats = formats_of(Place("one", "s3://b/", log), (), context.accounts)
    (layout,) = formats.layouts_of(name, ["10.0.0.1 10.0.0.2 443"]).layouts
    assert layout.names == ("srcaddr", "dstaddr", "dstport")
    context.close()
