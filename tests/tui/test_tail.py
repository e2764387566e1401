"""The Tail screen on the demo account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.cells import cell_len
from textual.widgets import Input, OptionList, Static

from flowtui.errors import FlowTuiError
from flowtui.records.layout import Layout
from flowtui.sql.duckdb_engine import DuckDBEngine
from flowtui.tui.app import FlowTuiApp
from flowtui.tui.requests import TailRequest
from flowtui.tui.tail.feed import Arrived, Noted, Said, held
from flowtui.tui.tail.lines import GapRow, HeldLine
from flowtui.tui.tail.pane import TailPane
from flowtui.tui.tail.pivot import rows_by_table
from flowtui.tui.tail.view import TailView
from flowtui.tui.widgets.ask import AskModal
from flowtui.tui.widgets.facts import FactsModal
from flowtui.tui.widgets.pick import PickModal
from tests.tui.waiting import shows, text_of, until

SIZE = (140, 40)


async def tailing(pilot, target="vpc-0a1b2c3d4e5f60718", label="prod-core"):
    """From the start to a tail that has read what there is."""
    pilot.app.open_tail(TailRequest(target, region="us-east-1", label=label))
    await until(pilot, lambda: pilot.app.screen.query(TailPane) and caught_up(pilot), "records")
    await until(pilot, lambda: len(view(pilot).names), "names")


def caught_up(pilot):
    """The tail has said how it goes, which it does after a page; what the demo has of a quarter of an hour is one."""
    return view(pilot).shown_count and pane(pilot).state.lag_s is not None


def pane(pilot):
    return pilot.app.screen.query_one(TailPane)


def view(pilot):
    return pilot.app.screen.query_one(TailView)


def words(pilot, id):
    return str(pilot.app.screen.query_one(f"#tail-{id}", Static).content)


async def end_of_tail(pilot):
    """End the tail, so that it says and shows no more."""
    screen = pilot.app.screen
    screen.cancel_job("tail")
    await until(pilot, lambda: not any(job.name == "tail" for job in screen._job_of.values()), "the end of the tail")


async def test_targets_are_offered_narrowed_and_tailed(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await pilot.press("f5")
        await until(pilot, lambda: any(options.option_count for options in pilot.app.screen.query(OptionList)))
        await shows(pilot, "enter tails")
        await pilot.press(*"prod-core", "enter")
        await until(pilot, lambda: caught_up(pilot) and len(view(pilot).names), "records")
        assert "prod-core" in words(pilot, "state")
        assert "/vpc/flow-logs" in words(pilot, "state")
        assert "lag" in words(pilot, "state")
        await shows(pilot, "alb/public", "✓")
        assert "following" in words(pilot, "filter")


async def test_what_is_typed_is_tailed_even_when_it_is_not_listed(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await pilot.press("f5")
        await pilot.press(*"/vpc/none", "enter")
        await until(pilot, lambda: pane(pilot).state.mode == "failed")
        await shows(pilot, "There is no log group /vpc/none", "t chooses another target")
        assert words(pilot, "state").startswith(" /vpc/none · failed")


async def test_a_request_of_another_screen_and_the_command_line_tail(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        pilot.app.open_tail(TailRequest("vpc-0a1b2c3d4e5f60718", region="us-east-1", label="prod-core"))
        await until(pilot, lambda: pilot.app.screen.query(TailView) and view(pilot).shown_count)
        assert "prod-core" in words(pilot, "state")
        await pilot.press("colon", *"tail /vpc/edge", "enter")
        await until(pilot, lambda: "/vpc/edge" in words(pilot, "state"))


async def test_the_filter_shows_counts_and_a_wrong_one_leaves_the_old(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        held = len(view(pilot).ring)
        await pilot.press("slash", *"action=REJECT", "enter")
        await until(pilot, lambda: not view(pilot).filtering)
        rejected = view(pilot).shown_count
        assert 0 < rejected < held
        assert f"{rejected:,} of {held:,}" in words(pilot, "filter")
        assert all(line.record.action == "REJECT" for line in view(pilot).shown_items())
        pilot.app.screen.set_filter("action=REJECT dstpot=22")
        await pilot.pause()
        assert "dstport?" in words(pilot, "filter")
        assert view(pilot).shown_count == rejected
        await pilot.press("escape")
        await until(pilot, lambda: view(pilot).shown_count == len(view(pilot).ring))
        assert "none;" in words(pilot, "filter")


async def test_moving_up_detaches_and_f_follows_again(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        await pilot.press("k", "k")
        assert "scrolled back" in words(pilot, "filter")
        items = view(pilot).shown_items()
        assert view(pilot).cursor_item == items[-3]
        view(pilot).append(items[:7])
        await until(pilot, lambda: "+7 new" in words(pilot, "below"))
        await pilot.press("f")
        assert "following" in words(pilot, "filter")
        assert words(pilot, "below").strip() == ""


async def test_space_holds_back_and_lets_in(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        await pilot.press("space")
        view(pilot).append(view(pilot).shown_items()[:3])
        await until(pilot, lambda: "+3 new" in words(pilot, "below"))
        assert "paused" in words(pilot, "filter")
        await pilot.press("space")
        assert "following" in words(pilot, "filter")


async def test_names_or_raw_ids(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        await shows(pilot, "alb/public")
        await pilot.press("a")
        await until(pilot, lambda: not any("alb/public" in row for row in text_of(pilot.app)[5:]), "no names")
        assert any("eni-" in row for row in text_of(pilot.app)[5:])


async def test_w_explains_a_reject_and_d_shows_every_field(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        await pilot.press("slash", *"action=REJECT dstport=22", "enter")
        await until(pilot, lambda: not view(pilot).filtering)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(pilot.app.screen, FactsModal))
        await shows(pilot, "REJECT", "port 22 (ssh)", "Security groups", "network ACL", "ingress")
        await pilot.press("escape", "d")
        await until(pilot, lambda: isinstance(pilot.app.screen, FactsModal))
        await shows(pilot, "log-status")


async def test_e_opens_sql_with_the_flow(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        record = view(pilot).cursor_item.record
        await pilot.press("e")
        await until(pilot, lambda: pilot.app.current_mode == "sql" and pilot.app.screen.query("SqlEditor"))
        await until(pilot, lambda: record.srcaddr in pilot.app.screen.query_one("SqlEditor").text)


async def test_the_records_listed_are_saved_to_a_file_that_loads_again(demo, tmp_path):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        shown = view(pilot).shown_count
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskModal))
        line = pilot.app.screen.query_one(Input)
        line.value = str(tmp_path / "nowhere" / "tail.log")
        await pilot.press("enter")
        await shows(pilot, "no folder")
        line.value = str(tmp_path / "tail.log")
        await pilot.press("enter")
        await until(pilot, lambda: any("Saved" in note.message for note in pilot.app._notifications))
        header, *lines = (tmp_path / "tail.log").read_text().splitlines()
        assert header.startswith("version ")
        assert len(lines) == shown


async def test_of_a_line_that_is_no_record_enter_says_what_it_lacks(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        await end_of_tail(pilot)
        view(pilot).append([HeldLine("5 \x1b[31m 123" + " x" * 5000, None, "eni-1-all")])
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FactsModal))
        await shows(pilot, "columns", "eni-1-all", "·[31m 123")
        facts = dict(pilot.app.screen._facts)
        assert facts[""] == "the first of 10,011 characters; y copies them all"
        assert len(facts["Line"]) == 4000


async def save_as(pilot, path):
    await pilot.press("ctrl+s")
    await until(pilot, lambda: isinstance(pilot.app.screen, AskModal))
    pilot.app.screen.query_one(Input).value = str(path)
    await pilot.press("enter")


async def test_a_save_says_which_lines_the_text_format_has_no_place_for(demo, tmp_path):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        await end_of_tail(pilot)
        shown = view(pilot).shown_count
        view(pilot).append([HeldLine("no record", None), HeldLine("nor this", None)])
        await save_as(pilot, tmp_path / "tail.log")
        await until(pilot, lambda: "Saved" in notes(pilot))
        assert f"Saved {shown:,} records" in notes(pilot)
        assert "Left out because they fit no format: 2; .ndjson" in notes(pilot)
        assert len((tmp_path / "tail.log").read_text().splitlines()) == shown + 1
        view(pilot).clear()
        view(pilot).append([HeldLine("no record", None)])
        await save_as(pilot, tmp_path / "none.log")
        await until(pilot, lambda: "None of them fits a format" in notes(pilot))
        assert not (tmp_path / "none.log").exists()
        await save_as(pilot, tmp_path / "one.csv")
        await until(pilot, lambda: "Saved 1 record to" in notes(pilot))


async def test_a_save_as_text_of_several_formats_says_which_files_it_made(demo, tmp_path):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        await end_of_tail(pilot)
        view(pilot).append([HeldLine("10.0.0.1 ACCEPT", Layout.of(["srcaddr", "action"]))])
        await save_as(pilot, tmp_path / "tail.log")
        await until(pilot, lambda: "Saved" in notes(pilot))
        assert f"to {tmp_path / 'tail.log'}, {tmp_path / 'tail-2.log'}. Each format" in notes(pilot)
        assert (tmp_path / "tail-2.log").read_text().splitlines() == ["srcaddr action", "10.0.0.1 ACCEPT"]


async def test_names_of_one_target_are_not_shown_for_another(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        screen = pilot.app.screen
        screen._begin(screen._target)
        assert len(view(pilot).names)
        screen.accept(TailRequest("/vpc/edge", region="us-east-1"))
        assert not len(view(pilot).names)


async def test_y_copies_the_flow_and_shift_y_the_line(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        line = view(pilot).cursor_item
        await pilot.press("Y")
        assert pilot.app.clipboard == line.raw
        await pilot.press("y")
        assert pilot.app.clipboard.startswith(line.record.srcaddr)


async def test_a_preset_begins_again_further_back(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        before = view(pilot).shown_count
        await pilot.press("3")
        await until(pilot, lambda: caught_up(pilot) and view(pilot).shown_count > before)


async def test_t_goes_to_the_targets_and_escape_back_to_the_running_tail(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        shown = view(pilot).shown_count
        await pilot.press("t")
        assert pilot.app.focused is pilot.app.screen.query_one(".chooser-line")
        await pilot.press("escape")
        assert pilot.app.focused is view(pilot)
        assert view(pilot).shown_count >= shown


async def test_the_tail_goes_on_while_another_screen_is_shown_and_ends_with_the_app(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        screen = pilot.app.screen
        await pilot.press("f2")
        assert screen.job("tail") is not None
        await pilot.press("f5")
        assert view(pilot).shown_count


async def test_hostile_text_reaches_the_terminal_harmless(demo):
    async with FlowTuiApp(demo()).run_test(size=(80, 24)) as pilot:
        await tailing(pilot)
        hostile = [
            "\x1b]0;owned\x07 [red]not a record[/]",
            "\u754c" * 300,
            "e\u0301" * 300,
            "\u202eright to left",
            "x" * 250_000,
        ]
        view(pilot).append([HeldLine(text, None) for text in hostile])
        view(pilot).mark_gap(GapRow("\x1b[2Jgone [b]", 1e18, -1e18))
        view(pilot).highlights.add("[red]", ())
        pane(pilot).noted(Noted("\x1b[31mred"))
        rows = await shows(pilot, "gone [b]", "[red]not a record[/]")
        text = "\n".join(rows)
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert all(cell_len(row) <= 80 for row in rows)
        for key in ("d", "escape", "k", "d", "escape", "k", "k", "k", "d", "escape", "Y", "y", "m", "M", "escape", "w"):
            await pilot.press(key)
        assert "\x1b" not in "\n".join(text_of(pilot.app))


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 45)])
async def test_every_line_fits_the_terminal(demo, size):
    async with FlowTuiApp(demo()).run_test(size=size) as pilot:
        await tailing(pilot)
        heading = next(line for line in await shows(pilot, "Interface") if "Interface" in line)
        assert heading.split()[0] == "Time"
        assert "Bytes" in heading
        width = view(pilot).line_width
        for item in view(pilot).shown_items()[-30:]:
            assert view(pilot).render_item(item, width).cell_length <= width


async def test_what_the_picker_could_not_list_is_told(offline):
    async with FlowTuiApp(offline()).run_test(size=(80, 24)) as pilot:
        await pilot.press("f5")
        note = pilot.app.screen.query_one(".chooser-note", Static)
        await until(pilot, lambda: "No AWS credentials." in str(note.render()), "the reason")
        assert "aws configure" in str(note.render())
        assert "No flow log here writes" not in str(note.render())


async def test_filters_stand_over_one_another_and_are_dropped_one_by_one(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        held = len(view(pilot).ring)
        await pilot.press("slash", *"action=ACCEPT", "enter")
        await settled(pilot)
        accepted = view(pilot).shown_count
        await pilot.press("plus", *"dstport=443", "enter")
        await settled(pilot)
        both = view(pilot).shown_count
        assert 0 < both < accepted < held
        assert "action=ACCEPT dstport=443" in words(pilot, "filter")
        await pilot.press("minus")
        await settled(pilot)
        assert view(pilot).shown_count == accepted
        await pilot.press("escape")
        await settled(pilot)
        assert view(pilot).shown_count == held
        await pilot.press("minus")
        assert "There is no filter." in notes(pilot)


async def test_a_listed_filter_is_switched_off_and_on(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        held = len(view(pilot).ring)
        await pilot.press("slash", *"action=REJECT", "enter", "F")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickModal))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickModal))
        await shows(pilot, "off  action=REJECT")
        await pilot.press("escape")
        await settled(pilot)
        assert view(pilot).shown_count == held
        assert "(1 off)" in words(pilot, "filter")


async def test_a_record_is_shown_in_context_and_the_filter_comes_back(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        held = len(view(pilot).ring)
        await pilot.press("slash", *"action=REJECT", "enter")
        await settled(pilot)
        await pilot.press("k", "c")
        line = view(pilot).cursor_item
        await settled(pilot)
        assert view(pilot).cursor_item == line
        assert view(pilot).shown_count == held
        assert "set aside" in words(pilot, "filter")
        await pilot.press("escape")
        await settled(pilot)
        assert view(pilot).cursor_item == line
        assert view(pilot).shown_count < held


async def test_highlights_are_counted_and_walked_along(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        await pilot.press("h")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskModal))
        await pilot.press(*"acton=REJECT", "enter")
        await shows(pilot, "action?")
        pilot.app.screen.query_one(Input).value = "action=REJECT"
        await pilot.press("enter")
        rejected = [line for line in view(pilot).shown_items() if line.record.action == "REJECT"]
        await until(pilot, lambda: f"action=REJECT {len(rejected)}" in words(pilot, "below"))
        await pilot.press("G", "N")
        assert view(pilot).cursor_item in (rejected[-1], rejected[-2])
        await pilot.press("N", "n")
        assert view(pilot).cursor_item.record.action == "REJECT"
        await until(pilot, lambda: any(row.startswith("①") and "✗" in row for row in text_of(pilot.app)), "a mark")
        await pilot.press("H")
        assert "action=REJECT" not in words(pilot, "below")


async def test_bookmarks_are_set_walked_along_and_listed(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        items = view(pilot).shown_items()
        await pilot.press("k", "m", "g", "m", "right_square_bracket")
        assert view(pilot).cursor_item == items[-2]
        await until(pilot, lambda: any(row.startswith("◆") for row in text_of(pilot.app)), "a bookmark")
        await pilot.press("left_square_bracket")
        assert view(pilot).cursor_item == items[0]
        await pilot.press("M")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickModal))
        await pilot.press("down", "enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, PickModal))
        assert view(pilot).cursor_item == items[-2]
        await pilot.press("m", "left_square_bracket", "right_square_bracket")
        assert "No bookmark below" in notes(pilot)


async def test_going_on_from_the_top_reads_older_records_and_nothing_moves(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        held = view(pilot).shown_items()
        await pilot.press("g", "k")
        await until(pilot, lambda: len(view(pilot).ring) > len(held), "older records")
        items = view(pilot).shown_items()
        assert items[-len(held) :] == held
        assert view(pilot).cursor_item == held[0]
        older = items[: -len(held)]
        first = min(line.record.start for line in held)
        assert older
        assert all(line.record.start < first for line in older)
        assert len({(line.raw, line.stream) for line in older}) == len(older)
        assert "older records" in notes(pilot)


async def test_a_gap_is_a_row_that_no_filter_hides_and_no_count_counts(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        held = len(view(pilot).ring)
        view(pilot).mark_gap(GapRow("Live Tail ended after three hours", 1705327512, 1705327540, 1))
        said = "14:05:12 – 14:05:40 gap, being read again: Live Tail ended after three hours"
        await shows(pilot, said)
        assert f"{held:,} records" in words(pilot, "filter")
        await pilot.press("slash", *"nothing-like-it", "enter")
        await settled(pilot)
        assert f"0 of {held:,}" in words(pilot, "filter")
        assert view(pilot).shown_count == 1
        for key in ("w", "d", "e", "m", "Y", "c", "h", "escape"):
            await pilot.press(key)


@pytest.mark.parametrize(
    ("known", "row", "told"),
    [
        ({}, "gap, being read again: no word from AWS", "not known yet"),
        ({"found": 12}, "gap filled, 12 read again: no word from AWS", "12 records, after the mark"),
        ({"found": 0}, "gap, nothing missed: no word from AWS", "nothing: FilterLogEvents has told everything"),
        ({"missing": True}, "gap, records missing: no word from AWS", "ask for logs:FilterLogEvents"),
    ],
)
async def test_the_mark_of_a_gap_tells_what_is_known_by_now(demo, known: dict[str, Any], row: str, told: str):
    async with FlowTuiApp(demo()).run_test(size=(80, 24)) as pilot:
        await tailing(pilot)
        marks = [GapRow(f"lost {n}", 1705327512, 1705327540, n, ("/vpc/main",)) for n in (7, 8)]
        for mark in marks:
            view(pilot).mark_gap(mark)
        rows = len(view(pilot).ring)
        why = "no word from AWS for 5 s, and then some"
        view(pilot).mark_gap(GapRow(why, 1705327512, 1705327600, 8, ("/vpc/main",), **known))
        await shows(pilot, f"14:05:12 – 14:06:40 {row}", "being read again: lost 7")
        assert len(view(pilot).ring) == rows
        for key in "wd":
            await pilot.press(key)
            await until(pilot, lambda: isinstance(pilot.app.screen, FactsModal))
            await shows(pilot, told, why, "/vpc/main")
            await shows(pilot, "2024-01-15 14:05:12 UTC", "2024-01-15 14:06:40 UTC, 88 s later")
            await pilot.press("escape")
            await until(pilot, lambda: not isinstance(pilot.app.screen, FactsModal))


async def test_with_a_filter_a_save_asks_whether_the_listed_or_all(demo, tmp_path):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        await pilot.press("slash", *"action=REJECT", "enter")
        await settled(pilot)
        shown = view(pilot).shown_count
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickModal))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskModal))
        pilot.app.screen.query_one(Input).value = str(tmp_path / "tail.csv")
        await pilot.press("enter")
        await until(pilot, lambda: "Saved" in notes(pilot))
        assert len((tmp_path / "tail.csv").read_text().splitlines()) == shown + 1


async def test_while_nothing_comes_the_wait_counts_down_and_the_lag_grows(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        await end_of_tail(pilot)
        now = datetime(2024, 1, 15, 14, 5, tzinfo=UTC)
        pane(pilot).running, pane(pilot)._clock = True, lambda: now
        pane(pilot).said(Said("polling", 3.0, "throttled", 32.0))
        assert "throttled; again in 32 s" in words(pilot, "below")
        now += timedelta(seconds=20.5)
        pane(pilot).tick()
        assert "throttled; again in 12 s" in words(pilot, "below")
        assert "lag 23s" in words(pilot, "state")
        now += timedelta(seconds=20)
        pane(pilot).tick()
        assert "throttled" in words(pilot, "below") and "again in" not in words(pilot, "below")
        pane(pilot).said(Said("polling", 1.0))
        now += timedelta(seconds=4)
        pane(pilot).tick()
        assert "lag 5s" in words(pilot, "state")
        assert "throttled" not in words(pilot, "below")


async def test_a_call_that_is_not_answered_is_told_of(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        await end_of_tail(pilot)
        now = pane(pilot)._clock() + timedelta(hours=1)
        pane(pilot).running, pane(pilot)._clock = True, lambda: now
        pane(pilot).said(Said("polling", 3.0, waiting_s=5.0))
        now += timedelta(seconds=14)
        pane(pilot).tick()
        assert "no answer" not in words(pilot, "below")
        now += timedelta(seconds=15)
        pane(pilot).tick()
        assert "no answer for 24s" in words(pilot, "below")
        assert "lag 32s" in words(pilot, "state")
        pane(pilot).arrived(Arrived(held(())))
        pane(pilot).tick()
        assert "no answer" not in words(pilot, "below")


async def test_a_tail_that_ended_gives_its_own_reason_and_not_why_it_polled(demo):
    async with FlowTuiApp(demo()).run_test(size=(200, 40)) as pilot:
        await tailing(pilot)
        await end_of_tail(pilot)
        pane(pilot).said(Said("polling", 3.0, "throttled", 8.0, reason="AWS ended the session"))
        pilot.app.screen._failed(FlowTuiError("The log group g was deleted while it was tailed.", "It is gone."))
        await pilot.press("escape")
        assert words(pilot, "below").strip().endswith("The log group g was deleted while it was tailed")
        assert "failed" in words(pilot, "state")
        assert "session" not in words(pilot, "state") and "lag" not in words(pilot, "state")


async def test_the_state_says_why_it_polls_and_what_is_sampled(demo):
    async with FlowTuiApp(demo()).run_test(size=(200, 40)) as pilot:
        await tailing(pilot)
        # The demo's own tail would say in between how it goes itself.
        await end_of_tail(pilot)
        pane(pilot).said(Said("polling", 3.0, reason="Live Tail needs logs:StartLiveTail"))
        assert "polling (Live Tail needs logs:StartLiveTail)" in words(pilot, "state")
        pane(pilot).said(Said("Live Tail", 3.0, sampled=True))
        assert "sampled yes" in words(pilot, "state")
        pane(pilot).noted(Noted("the log group\x1b is gone"))
        assert "the log group· is gone" in words(pilot, "below")
        await pilot.press("i")
        await shows(pilot, "the log group· is gone", "yes: the rest is read", "/vpc/flow-logs in us-east-1", "fields)")


async def test_a_tail_that_fails_keeps_its_records_and_says_why(demo):
    async with FlowTuiApp(demo()).run_test(size=(80, 24)) as pilot:
        await tailing(pilot)
        # The demo's own tail would go on to say that all is well.
        await end_of_tail(pilot)
        shown = view(pilot).shown_count
        pilot.app.screen._failed(FlowTuiError("There is no log group /vpc/flow-logs in us-east-1.", "It was deleted."))
        await pilot.press("escape")
        assert view(pilot).shown_count == shown
        assert "failed" in words(pilot, "state")
        assert "There is no log group" in words(pilot, "below")


async def settled(pilot):
    """Every test has been tried on every record."""
    await until(pilot, lambda: not view(pilot).filtering, "the filter")


def notes(pilot):
    return "\n".join(note.message for note in pilot.app._notifications)


async def test_several_marked_targets_are_tailed_as_one(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await pilot.press("f5")
        await until(pilot, lambda: any(options.option_count > 1 for options in pilot.app.screen.query(OptionList)))
        await shows(pilot, "enter tails")
        await pilot.press("tab", "tab", "up", "up")
        await until(pilot, lambda: sum("✓ ●" in row or "✓ ✖" in row for row in text_of(pilot.app)) == 2, "two marks")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.source_found, "the log groups")
        assert " + " in words(pilot, "state")
        assert pilot.app.screen.source_found.source.groups
        assert pilot.app.screen.console_url().startswith("https://")


async def test_the_flow_is_looked_for_where_it_is_and_typed_targets_may_be_several(demo):
    async with FlowTuiApp(demo()).run_test(size=SIZE) as pilot:
        await pilot.press("colon", *"tail /vpc/edge, /vpc/flow-logs", "enter")
        await until(pilot, lambda: pilot.app.screen.query(TailPane) and caught_up(pilot), "records")
        assert [group.name for group in pilot.app.screen.source_found.source.groups] == ["/vpc/edge", "/vpc/flow-logs"]


async def test_what_is_tailed_is_asked_by_sql_with_nothing_loaded_and_the_keeping_is_switched(demo):
    context = demo()
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        await pilot.press("k", "k", "k")
        record = pilot.app.screen.selected()[1]
        engine = DuckDBEngine(context.workspace().cursor)
        await until(pilot, lambda: rows_by_table(engine, record)["live"], "the keeping")
        await pilot.press("e")
        await until(pilot, lambda: pilot.app.current_mode == "sql" and pilot.app.screen.query("SqlEditor"))
        await until(pilot, lambda: "FROM vpc_flow_logs.live" in pilot.app.screen.query_one("SqlEditor").text)
        assert " in live (tailed)." in pilot.app.screen.query_one("SqlEditor").text
        await until(pilot, lambda: "nothing loaded" in text_of(pilot.app)[2] + text_of(pilot.app)[3])
        assert " live" in text_of(pilot.app)[2] + text_of(pilot.app)[3]
        await pilot.press("ctrl+g")


async def test_the_keeping_is_switched_without_a_loss_of_records_or_place(demo):
    context = demo()
    async with FlowTuiApp(context).run_test(size=SIZE) as pilot:
        await tailing(pilot)
        await pilot.press("k", "k", "space")
        number, job = view(pilot).cursor_number, pilot.app.screen.job("tail")
        end = view(pilot).ring.end
        await pilot.press("L")
        assert "is not kept" in notes(pilot)
        assert context.settings.live is False
        await pilot.press("L")
        assert context.settings.live is True
        assert pilot.app.screen.job("tail") is job
        assert (view(pilot).cursor_number, view(pilot).paused) == (number, True)
        assert view(pilot).ring.end >= end
