"""Completion in the SQL editor: the rules as a function, the menu on the screen."""

from __future__ import annotations

import pytest
from textual.events import Key

from flowtui.lake.load import load
from flowtui.lake.sources import local_sources
from flowtui.records.layout import DEFAULT_LAYOUT
from flowtui.sql.dialect.functions import function_names, lookup
from flowtui.tui.app import FlowTuiApp
from flowtui.tui.sql.completion import complete
from flowtui.tui.sql.completion_menu import CompletionMenu
from flowtui.tui.sql.editor import SqlEditor
from flowtui.tui.sql.runner import TableInfo
from tests.tui.waiting import idle, until

RECORDS = (("srcaddr", "varchar"), ("dstaddr", "varchar"), ("start", "bigint"), ("end", "bigint"))
TABLES = (
    TableInfo("vpc_flow_logs", "flow_logs", RECORDS, 1),
    TableInfo("vpc_flow_logs", "live", (("srcport", "integer"),), 1),
    TableInfo("aws", "vpcs", (("vpc_id", "varchar"), ("Owner Name", "varchar")), 1),
)


def offered(text: str, *, local: bool = True, asked: bool = False) -> list[str]:
    """What is offered where ``|`` stands."""
    found = complete(text.replace("|", ""), text.index("|"), TABLES, local=local, asked=asked)
    return [offer.text for offer in found.offers] if found else []


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("SEL|", ["SELECT"]),
        ("sel|", ["select"]),
        # Before there is a FROM it will be the records; a reserved word is quoted.
        ("select sr|", ["srcaddr"]),
        ("select en|", ['"end"', "end"]),
        ("select addr|", ["srcaddr", "dstaddr"]),
        ("select date_tr|", ["date_trunc("]),
        ("select current_da|", ["current_date"]),
        # Tables where a table stands, from the first letter.
        ("select * from f|", ["flow_logs"]),
        ("select * from flow_logs join l|", ["live"]),
        ("select * from v|", ["vpc_flow_logs"]),
        ("with refused as (select 1) select * from r|", ["refused"]),
        ("select * from aws.|", ["vpcs"]),
        # Columns of the statement's own tables, wherever FROM stands, and by their names and aliases.
        ("select src| from live", ["srcport"]),
        ("select v.| from aws.vpcs v", ["vpc_id", '"Owner Name"']),
        ("select v.vp| from flow_logs f, aws.vpcs as v", ["vpc_id"]),
        ('select x.| from "aws"."vpcs" x', ["vpc_id", '"Owner Name"']),
        ("select flow_logs.st| from flow_logs where 1 = 1", ["start"]),
        ("select aws.vpcs.v|", ["vpc_id"]),
        ("select 'a from live'; select sr|", ["srcaddr"]),
        ("select count(*) as tries from live order by tr|", ["tries", "true", "try_cast"]),
        ("select src| from live; select * from flow_logs", ["srcport"]),
    ],
)
def test_what_is_offered_first(text: str, best: list[str]):
    assert offered(text)[: len(best)] == best


@pytest.mark.parametrize(
    "text",
    [
        "|",
        "s|",
        "select|",
        "select srcaddr|",
        "select 'sr|",
        "select 'sr|'",
        "-- sr|",
        "/* sr| */",
        'select "sr|',
        "select 12|",
        "select 1 as zz_tri|",
        "select nothing_like_it|",
        "select nobody.|",
    ],
)
def test_nothing_is_offered(text: str):
    assert offered(text) == []


def test_who_asks_is_told_everything_that_fits():
    assert offered("|", asked=True)[:2] == ["srcaddr", "dstaddr"]
    assert offered("select * from |", asked=True) == ["flow_logs", "live", "aws.vpcs", "aws", "vpc_flow_logs"]
    assert offered("select srcaddr|", asked=True) == ["srcaddr"]
    assert offered("select 'x|'", asked=True) == []


def test_functions_are_those_that_work():
    refused = {name for name in function_names() if lookup(name)[0].kind == "refused"}
    everything = {text.rstrip("(") for text in offered("select |", asked=True) if text.endswith("(")}
    assert refused and not refused & everything
    assert "is_private(" in offered("select is_p|")
    # Athena does not have what is flowtui's own.
    assert offered("select is_p|", local=False) == []


@pytest.fixture
def typing(demo, tmp_path):
    file = tmp_path / "a.log"
    file.write_text(f"{DEFAULT_LAYOUT.header}\n2 123456789010 eni-0a 10.0.0.1 10.0.0.2 1 2 6 1 40 1 2 ACCEPT OK\n")
    context = demo()
    list(load(context.workspace(), local_sources([file])))
    yield FlowTuiApp(context)
    context.close()


async def emptied(pilot) -> tuple[SqlEditor, CompletionMenu]:
    """The editor, with nothing in it, and its menu."""
    await pilot.press("f7")
    await idle(pilot)
    editor = pilot.app.screen.query_one(SqlEditor)
    editor.load_text("")
    return editor, pilot.app.screen.query_one(CompletionMenu)


async def test_a_word_is_typed_chosen_and_taken(typing):
    async with typing.run_test(size=(80, 24)) as pilot:
        editor, menu = await emptied(pilot)
        await pilot.press(*"select s", "r")
        await until(pilot, lambda: menu.is_open, "the menu")
        row = editor.cursor_screen_offset.y
        assert menu.region.y == row + 1 and menu.region.x == editor.cursor_screen_offset.x - len("sr") - 1
        await pilot.press("down", "up", "up", "tab")
        assert editor.text == "select srcport"
        assert not menu.is_open and not menu.display
        assert pilot.app.focused is editor
        # A call is closed by who writes it; letters that are nothing any more close the menu.
        await pilot.press(*", date_t", "r")
        await until(pilot, lambda: menu.is_open, "the menu")
        await pilot.press("tab", *"x)")
        assert editor.text == "select srcport, date_trunc(x)"
        assert not menu.is_open


async def test_letters_that_come_at_once_are_typed_all_the_same(typing):
    async with typing.run_test(size=(80, 24)) as pilot:
        editor, menu = await emptied(pilot)
        for letter in "sr":
            pilot.app.post_message(Key(letter, letter))
        await until(pilot, lambda: editor.text == "sr" and menu.is_open, "the menu")


async def test_the_menu_goes_when_it_is_not_wanted(typing):
    async with typing.run_test(size=(80, 24)) as pilot:
        editor, menu = await emptied(pilot)
        for leave in ("escape", "left", "space", "enter", "f5"):
            editor.load_text("se")
            editor.move_cursor((0, 2))
            await pilot.press("ctrl+@")
            await until(pilot, lambda: menu.is_open, "the menu")
            await pilot.press(leave)
            await until(pilot, lambda: not menu.is_open, f"its end by {leave}")
            assert pilot.app.focused is editor
        # What is put in at once was not typed, and tab is no letter.
        editor.load_text("select sr")
        await pilot.pause()
        assert not menu.is_open
        await pilot.press("tab")
        assert editor.text == "select sr"
