"""The frame: screens by key, requests between them, jobs, prompt, help, errors."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from functools import partial
from typing import ClassVar

import pytest
from textual.command import CommandPalette
from textual.events import Key
from textual.widgets import Input, SelectionList, Static
from textual.widgets._toast import Toast

from flowtui.aws.session import Account
from flowtui.cli.root import COMMANDS
from flowtui.errors import AwsError, FlowTuiError
from flowtui.tui.app import FlowTuiApp
from flowtui.tui.base import FlowScreen
from flowtui.tui.commands import SCREENS, Command, bindings, declare
from flowtui.tui.modals import ChooserModal, ConfirmModal, ErrorModal, HelpModal
from flowtui.tui.requests import SqlRequest
from flowtui.tui.widgets.footer import FooterBar
from flowtui.tui.widgets.header import HeaderBar, TabBar
from flowtui.tui.widgets.prompt import Prompt
from tests.tui.waiting import idle, text_of, until

NEAR = declare(Command("plain.poke", "k", "poke", "poke", "Poke it.", footer=True))


class Plain(FlowScreen):
    BINDINGS: ClassVar = [*bindings(*NEAR)]

    def __init__(self, name):
        self.NAME = name
        super().__init__()
        self.accepted = []
        self.filters = []
        self.poked = 0
        self.reloads = 0

    def compose_body(self):
        yield Input(classes="body-focus", id="text") if self.NAME == "sql" else Static("body", classes="body-focus")

    def accept(self, request):
        self.accepted.append(request)

    def filter_changed(self, text):
        self.filters.append(text)

    def reload(self):
        self.reloads += 1

    def copy_text(self):
        return "vpc-1"

    def action_poke(self):
        self.poked += 1


class PlainApp(FlowTuiApp):
    MODES: ClassVar = {entry.name: partial(Plain, entry.name) for entry in SCREENS}


@pytest.mark.parametrize("entry", SCREENS, ids=lambda entry: entry.name)
async def test_each_function_key_shows_its_screen_and_q_goes_back(offline, entry):
    async with PlainApp(offline()).run_test() as pilot:
        await pilot.press(entry.key)
        assert entry.name == pilot.app.screen.NAME
        if entry.name not in ("vpcs", "sql"):
            await pilot.press("q")
            assert pilot.app.screen.NAME == "vpcs"


async def test_function_keys_work_while_an_editor_has_the_focus(offline):
    async with PlainApp(offline()).run_test() as pilot:
        await pilot.press("f7", "q", ":", "?")
        assert pilot.app.screen.query_one("#text", Input).value == "q:?"
        await pilot.press("f2")
        assert pilot.app.screen.NAME == "vpcs"


async def test_q_at_the_root_quits(offline):
    async with PlainApp(offline()).run_test() as pilot:
        await pilot.press("q")
    assert pilot.app.return_code == 0
    assert not pilot.app.is_running


async def test_a_request_reaches_a_screen_never_shown_and_one_in_front(offline):
    async with PlainApp(offline()).run_test() as pilot:
        app = pilot.app
        app.open_sql(SqlRequest("SELECT 1"))
        await pilot.pause()
        assert [request.text for request in app.screen.accepted] == ["SELECT 1"]
        app.open_sql(SqlRequest("SELECT 2"))
        await pilot.pause()
        assert [request.text for request in app.screen.accepted] == ["SELECT 1", "SELECT 2"]
        await pilot.press("f2", "f7")
        assert len(app.screen.accepted) == 2


async def test_the_filter_is_heard_on_each_key_kept_by_enter_and_cleared_by_escape(offline):
    async with PlainApp(offline()).run_test() as pilot:
        await pilot.press("slash", "w", "e", "b")
        assert pilot.app.screen.filters == ["w", "we", "web"]
        await pilot.press("enter")
        assert pilot.app.screen.filter_text == "web"
        assert pilot.app.screen.query_one(Prompt).display is False
        await pilot.press("escape")
        assert pilot.app.screen.filter_text == ""
        assert pilot.app.screen.NAME == "vpcs"


@pytest.mark.parametrize("opening", ["slash", "colon"])
async def test_letters_that_arrive_with_the_key_that_opens_a_line_are_of_the_line(offline, opening):
    """As over a slow connection, where several keys come at once; k is a command of the screen."""
    async with PlainApp(offline()).run_test() as pilot:
        await pilot.pause()
        pilot.app.post_message(Key(opening, "/" if opening == "slash" else ":"))
        for letter in "kpokeqR":
            pilot.app.post_message(Key(letter, letter))
        prompt = pilot.app.screen.query_one(Prompt)
        await until(pilot, lambda: prompt.query_one(Input).value == "kpokeqR", "the letters")
        assert pilot.app.screen.poked == 0


async def test_the_command_line_completes_and_runs(offline):
    async with PlainApp(offline()).run_test() as pilot:
        await pilot.press("colon", "t", "a", "tab", "enter")
        assert pilot.app.screen.NAME == "tail"
        await pilot.press("colon", *"poke", "enter")
        await pilot.pause()
        assert pilot.app.screen.poked == 1
        await pilot.press("colon", *"sql SELECT 1", "enter")
        await pilot.pause()
        assert pilot.app.screen.accepted[0].text == "SELECT 1"
        pilot.app.run_command_line(":theme flowtui-light")
        assert pilot.app.theme == "flowtui-light"


async def test_an_unknown_command_is_an_error_with_near_ones(offline):
    async with PlainApp(offline()).run_test() as pilot:
        pilot.app.run_command_line("tial vpc-1")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ErrorModal)
        assert "tial" in pilot.app.screen.error.message
        assert "tail" in pilot.app.screen.error.hint
        await pilot.press("escape")
        pilot.app.run_command_line("detail vpc-404")
        await pilot.pause()
        assert "vpc-404" in pilot.app.screen.error.message


@pytest.mark.parametrize(
    ("typed", "message", "hint"),
    [
        ("load", "load is not done on this screen.", "F6 Logs, enter or l: Load what is listed"),
        ("doctor", "doctor is not done on this screen.", "F2 VPCs, x: "),
        ("export", "export is not done on this screen.", "F6 Logs, ^e: Write the workspace's records"),
        ("export", "export is not done on this screen.", "F7 SQL, ^e: Write the result"),
        ("next", "next does nothing at this moment.", "Go to the next record highlighted."),
        ("forget", "forget is a command outside of the app.", "flowtui forget --help"),
        ("poke hard", "poke takes nothing after it.", "Type poke alone."),
        ("stacks x", "stacks takes nothing after it.", "Type stacks alone."),
        ("doctor vpc-404", "No VPC vpc-404 is known here.", "F2"),
        ("forgte", "There is no command 'forgte'.", "Try: forget"),
    ],
)
async def test_a_word_that_does_nothing_here_is_told_where_it_does(offline, typed, message, hint):
    async with PlainApp(offline()).run_test() as pilot:
        await pilot.press("f5")
        pilot.app.run_command_line(typed)
        await pilot.pause()
        error = pilot.app.screen.error
        assert error.message == message
        assert hint in error.hint


async def test_keys_told_for_another_screen_are_those_the_user_set(offline):
    async with PlainApp(offline(keys={"logs.load": "ctrl+l"})).run_test() as pilot:
        pilot.app.run_command_line("load")
        await pilot.pause()
        assert "F6 Logs, ^l: Load" in pilot.app.screen.error.hint


async def test_every_command_of_the_shell_is_known_to_the_line(offline):
    async with PlainApp(offline()).run_test() as pilot:
        for name in COMMANDS:
            pilot.app.run_command_line(name)
            await pilot.pause()
            if isinstance(pilot.app.screen, ErrorModal):
                assert "There is no command" not in pilot.app.screen.error.message
                await pilot.press("escape")


async def test_load_takes_a_place_and_lists_it_first(offline):
    async with PlainApp(offline()).run_test() as pilot:
        await pilot.press("colon", *"load s3://b/AWSLogs/", "enter")
        await pilot.pause()
        assert pilot.app.screen.NAME == "logs"
        assert pilot.app.screen.accepted[0].location == "s3://b/AWSLogs/"


async def test_the_error_modal_shows_data_as_it_is_and_copies_it(offline):
    async with PlainApp(offline()).run_test() as pilot:
        pilot.app.show_error(AwsError("denied [bold red]x[/]", "Ask for ec2:DescribeVpcs."))
        await pilot.pause()
        assert str(pilot.app.screen.query_one("#error-message", Static).content) == "denied [bold red]x[/]"
        await pilot.press("y")
        assert pilot.app.clipboard == "denied [bold red]x[/]\nAsk for ec2:DescribeVpcs."
        await pilot.press("escape")
        assert pilot.app.screen.NAME == "vpcs"


async def test_help_lists_the_keys_active_here(offline):
    async with PlainApp(offline()).run_test(size=(100, 60)) as pilot:
        await pilot.press("question_mark")
        assert isinstance(pilot.app.screen, HelpModal)
        shown = "\n".join(str(line.content) for line in pilot.app.screen.query(".help-line Static").results(Static))
        assert "Poke it." in shown
        assert "? F1" in shown
        assert "Leave flowtui at once." in shown


async def test_the_keys_named_in_help_lead_on_from_there(offline):
    async with PlainApp(offline()).run_test() as pilot:
        await pilot.press("?", ":")
        assert pilot.app.screen.query_one(Prompt).display
        await pilot.press("escape", "?", "f5")
        assert pilot.app.screen.NAME == "tail"
        await pilot.press("?", "ctrl+p")
        await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette), "the palette")


async def test_a_screen_without_a_filter_has_no_key_for_it(offline):
    class Unfiltered(FlowScreen):
        """Nothing to narrow."""

    class Bare(FlowTuiApp):
        MODES: ClassVar = {entry.name: Unfiltered for entry in SCREENS}

    async with Bare(offline()).run_test() as pilot:
        await pilot.press("/")
        assert not pilot.app.screen.query_one(Prompt).display
        pilot.app.run_command_line("filter x")
        await pilot.pause()
        assert not pilot.app.screen.filter_text


async def test_marks_in_the_chooser_are_signs_and_letters_narrow(demo):
    async with FlowTuiApp(demo()).run_test(size=(80, 24)) as pilot:
        await idle(pilot)
        await pilot.press("R")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChooserModal), "the chooser")
        await pilot.press("space")
        shown = "\n".join(text_of(pilot.app))
        assert "[ ] us-east-1" in shown
        assert "[x] eu-west-1" in shown
        await pilot.press("w", "e", "s", "t")
        shown = "\n".join(text_of(pilot.app))
        assert "eu-west-1" in shown
        assert "[ ] us-east-1" not in shown


async def test_the_tabs_show_the_keys_as_the_user_set_them(offline):
    async with PlainApp(offline(keys={"screen.tail": "f9"})).run_test() as pilot:
        await until(pilot, lambda: "F9 Tail" in str(pilot.app.screen.query_one(TabBar).render()), "the key")


async def test_a_users_keymap_rebinds_by_id(offline):
    async with PlainApp(offline(keys={"plain.poke": "z"})).run_test() as pilot:
        await pilot.press("k")
        assert pilot.app.screen.poked == 0
        await pilot.press("z")
        assert pilot.app.screen.poked == 1
        assert "z poke" in str(pilot.app.screen.query_one(FooterBar).render())


async def test_header_names_profile_region_read_only_demo_and_workspace(offline):
    async with PlainApp(offline(profile=("prod",), read_only=True)).run_test(size=(100, 24)) as pilot:
        text = str(pilot.app.screen.query_one(HeaderBar).render())
        for word in ("prod", "us-east-1", "READ-ONLY", "ws: ws"):
            assert word in text
        assert "DEMO" not in text
        assert len(text) == 100


async def test_job_values_arrive_in_order_and_then_done(offline):
    async with PlainApp(offline()).run_test() as pilot:
        got = []
        pilot.app.screen.run_job("count", lambda _: iter(range(5000)), got.append, done=lambda: got.append("done"))
        await until(pilot, lambda: got and got[-1] == "done")
        assert got == [*range(5000), "done"]
        assert pilot.app.screen.job("count") is None


async def test_a_flood_of_values_leaves_the_screen_its_turn_before_the_last_and_done_after_it(offline):
    async with PlainApp(offline()).run_test() as pilot:
        screen, seen = pilot.app.screen, []

        def slow(value):
            if not seen:
                asyncio.get_running_loop().call_soon(lambda: seen.append("turn of the loop"))
            time.sleep(0.002)
            seen.append(value)

        screen.run_job("flood", lambda stop: range(100), slow, done=lambda: seen.append("done"))
        await until(pilot, lambda: "done" in seen)
        assert [value for value in seen if isinstance(value, int)] == list(range(100))
        assert seen.index("turn of the loop") < seen.index(99) < seen.index("done")


async def test_what_a_cancelled_job_has_waiting_is_not_delivered(offline):
    async with PlainApp(offline()).run_test() as pilot:
        screen, seen = pilot.app.screen, []

        def slow(value):
            time.sleep(0.002)
            seen.append(value)
            if value == 3:
                screen.cancel_job("flood")

        screen.run_job("flood", lambda stop: range(100), slow, done=lambda: seen.append("done"))
        await until(pilot, lambda: not screen._job_of)
        assert seen == [0, 1, 2, 3]


async def test_a_running_job_shows_a_moving_indicator_and_escape_closes_its_generator(offline):
    closed = threading.Event()
    got = []

    def endless(stop):
        try:
            while True:
                yield "tick"
                stop.wait(0.01)
        finally:
            closed.set()

    async with PlainApp(offline()).run_test() as pilot:
        screen = pilot.app.screen
        screen.run_job("tick", endless, got.append, busy="ticking")
        await until(pilot, lambda: len(got) > 2)
        assert "ticking" in str(screen.query_one(TabBar).render())
        await pilot.press("escape")
        await until(pilot, closed.is_set, "the end of the generator")
        count = len(got)
        await pilot.pause(0.05)
        assert len(got) == count
        assert "ticking" not in str(screen.query_one(TabBar).render())


async def test_leaving_cancels_only_jobs_that_must_not_outlive_the_view(offline):
    async with PlainApp(offline()).run_test() as pilot:
        screen = pilot.app.screen
        stops = {}

        def waiting(name):
            def make(stop):
                stops[name] = stop
                yield 1
                stop.wait()

            return make

        screen.run_job("kept", waiting("kept"), lambda _: None)
        screen.run_job("dropped", waiting("dropped"), lambda _: None, keep=False)
        await until(pilot, lambda: len(stops) == 2)
        await pilot.press("f3")
        assert stops["dropped"].is_set()
        assert not stops["kept"].is_set()
    assert stops["kept"].is_set()


async def test_a_job_of_the_same_name_replaces_the_old_one(offline):
    async with PlainApp(offline()).run_test() as pilot:
        got = []
        first = pilot.app.screen.run_job("scan", lambda stop: iter(lambda: stop.wait(0.01) or "old", 0), got.append)
        pilot.app.screen.run_job("scan", lambda _: iter(["new"]), got.append)
        await until(pilot, lambda: "new" in got)
        assert first.cancelled
        await pilot.pause(0.05)
        assert got[-1] == "new"


async def test_a_failing_job_opens_the_error_modal_after_its_values(offline):
    def failing(_):
        yield 1
        raise FlowTuiError("The bucket is gone.", "Make another.")

    async with PlainApp(offline()).run_test() as pilot:
        got = []
        pilot.app.screen.run_job("fail", failing, got.append)
        await until(pilot, lambda: isinstance(pilot.app.screen, ErrorModal))
        assert got == [1]
        assert pilot.app.screen.error.message == "The bucket is gone."


async def test_a_jobs_own_failure_handler_is_used(offline):
    def failing(_):
        raise FlowTuiError("no")
        yield

    async with PlainApp(offline()).run_test() as pilot:
        got = []
        pilot.app.screen.run_job("fail", failing, got.append, failed=got.append)
        await until(pilot, lambda: got)
        assert isinstance(got[0], FlowTuiError)
        assert pilot.app.screen.NAME == "vpcs"


async def test_a_bug_in_a_job_stops_the_app_visibly(offline):
    def buggy(_):
        yield 1
        raise KeyError("a bug")

    with pytest.raises(KeyError, match="a bug"):
        async with PlainApp(offline()).run_test() as pilot:
            pilot.app.screen.run_job("bug", buggy, lambda _: None)
            await asyncio.wait_for(pilot.app._exception_event.wait(), 30)


async def test_a_failure_of_cleaning_up_after_cancel_is_reported(offline):
    def sticky(stop):
        try:
            yield 1
            stop.wait(30)
            yield 2
        finally:
            raise FlowTuiError("The change set could not be deleted.")

    async with PlainApp(offline()).run_test() as pilot:
        got = []
        pilot.app.screen.run_job("sticky", sticky, got.append, busy="working")
        await until(pilot, lambda: got)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ErrorModal))
        assert "change set" in pilot.app.screen.error.message


@pytest.mark.parametrize("replaced", [False, True])
async def test_a_failure_that_is_still_to_be_told_when_its_job_is_cancelled_is_not_told(offline, replaced):
    class Failing:
        """Fails after its first value; closed once its thread has nothing more to say."""

        def __init__(self):
            self.values = iter([1])
            self.closed = threading.Event()

        def __iter__(self):
            return self

        def __next__(self):
            for value in self.values:
                return value
            raise FlowTuiError("The bucket is gone.")

        def close(self):
            self.closed.set()

    async with PlainApp(offline()).run_test() as pilot:
        screen, work, got, failures = pilot.app.screen, Failing(), [], []

        def first(value):
            assert work.closed.wait(30)
            screen.cancel_job("scan")
            if replaced:
                screen.run_job("scan", lambda _: iter(["new"]), got.append, failed=failures.append)

        screen.run_job("scan", lambda _: work, first, failed=failures.append)
        await until(pilot, lambda: work.closed.is_set() and not screen._job_of, "the end of all threads")
        assert failures == []
        assert got == ["new"] * replaced
        assert screen.NAME == "vpcs"


async def test_copy_goes_to_the_terminals_clipboard(offline):
    async with PlainApp(offline()).run_test() as pilot:
        await pilot.press("y")
        assert pilot.app.clipboard == "vpc-1"


async def test_choosing_a_region_reloads_every_screen_made(offline):
    context = offline()
    async with PlainApp(context).run_test() as pilot:
        await pilot.press("f5", "f2")
        pilot.app.run_command_line("region eu-west-1 us-east-1")
        await pilot.pause()
        assert context.settings.region == ("eu-west-1", "us-east-1")
        assert context.accounts[0].regions() == ("eu-west-1", "us-east-1")
        assert pilot.app.screen.reloads == 1
        await pilot.press("f5")
        assert pilot.app.screen.reloads == 1


async def test_ascii_setting_draws_ascii_only(offline):
    async with PlainApp(offline(ascii=True)).run_test(size=(80, 24), notifications=True) as pilot:
        for bar in (HeaderBar, TabBar, FooterBar):
            assert str(pilot.app.screen.query_one(bar).render()).isascii()
        for severity in ("information", "warning", "error"):
            pilot.app.notify(severity, severity=severity)
        await until(pilot, lambda: len(pilot.app.screen.query(Toast)) == 3)
        assert all(toast.styles.border_left[0] == "ascii" for toast in pilot.app.screen.query(Toast))


async def test_tasks_begin_in_turn_on_every_python(offline):
    """Textual sets ``eager_task_factory`` where there is one, and only outside of tests."""
    loop = asyncio.get_running_loop()
    loop.set_task_factory(lambda loop, work, **options: asyncio.Task(work, loop=loop, **options))
    async with PlainApp(offline()).run_test():
        assert loop.get_task_factory() is None


def test_the_app_runs_as_it_does_outside_of_tests(demo):
    """The task factory is one of several things that ``run_test`` does not do."""
    context, seen = demo(), []

    async def drive(pilot):
        await until(pilot, lambda: "prod-core" in "\n".join(text_of(pilot.app)))
        seen.append(pilot.app.screen.NAME)
        pilot.app.exit()

    app = FlowTuiApp(context)
    app.run(headless=True, size=(80, 24), auto_pilot=drive)
    context.close()
    assert (seen, app.return_code) == (["vpcs"], 0)


async def test_a_message_that_is_still_shown_is_not_shown_again(offline):
    async with PlainApp(offline()).run_test() as pilot:
        app = pilot.app
        app.notify("Stopped.", timeout=0.01)
        await pilot.pause(0.05)
        for text in ("Stopped.", "Stopped.", "Copied."):
            app.notify(text)
        app.warn("Stopped.")
        await pilot.pause()
        shown = [(note.message, note.severity) for note in app._notifications]
        assert shown == [("Stopped.", "information"), ("Copied.", "information"), ("Stopped.", "warning")]


async def test_leaving_the_app_stops_jobs_of_screens_that_are_not_in_front(offline):
    ended = threading.Event()

    def waiting(stop):
        try:
            yield 1
            stop.wait()
        finally:
            ended.set()

    async with PlainApp(offline()).run_test() as pilot:
        await pilot.press("f4")
        got = []
        pilot.app.screen.run_job("wait", waiting, got.append)
        await until(pilot, lambda: got)
        await pilot.press("f2", "ctrl+q")
    assert ended.wait(30)


@pytest.mark.parametrize("who", ["a job", "the header"])
async def test_leaving_the_app_does_not_wait_for_an_answer_that_only_is_read(offline, monkeypatch, who):
    """As from a network that is dead; Python waits at its end for the threads of its event loop."""
    asked, dead = threading.Event(), threading.Event()

    def ask(*_):
        asked.set()
        dead.wait()
        return ()

    if who == "the header":
        monkeypatch.setattr(Account, "regions", ask)
    async with PlainApp(offline()).run_test() as pilot:
        if who == "a job":
            pilot.app.screen.run_job("look", ask, lambda _: None, busy="looking", reads=True)
        await until(pilot, asked.is_set)
        await pilot.press("ctrl+q")
    end = threading.Thread(target=asyncio.get_running_loop()._default_executor.shutdown, daemon=True)
    end.start()
    end.join(10)
    waits = end.is_alive()
    dead.set()
    assert not waits


async def test_a_job_that_only_reads_gives_its_values_and_its_failure(offline):
    def failing(_):
        yield 1
        raise FlowTuiError("no")

    async with PlainApp(offline()).run_test() as pilot:
        got, failures = [], []
        pilot.app.screen.run_job("look", failing, got.append, failed=failures.append, reads=True)
        await until(pilot, lambda: failures)
        assert got == [1]


async def test_the_palette_lists_active_commands_and_runs_one(offline):
    async with PlainApp(offline()).run_test(size=(100, 40)) as pilot:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: any("VPCs (F2)" in line for line in text_of(pilot.app)), "names as they are written")
        await pilot.press(*"poke")
        await until(pilot, lambda: any("Poke (k)" in line for line in text_of(pilot.app)), "the hit")
        await pilot.press("enter")
        await until(pilot, lambda: getattr(pilot.app.screen, "NAME", "") == "vpcs")
        await until(pilot, lambda: pilot.app.screen.poked == 1)


async def test_several_regions_are_chosen_by_key_from_those_of_the_account(demo):
    context = demo()
    async with PlainApp(context).run_test(size=(100, 40)) as pilot:
        await idle(pilot)
        await pilot.press("R")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChooserModal))
        await until(pilot, lambda: isinstance(pilot.app.focused, SelectionList))
        await pilot.press("space", "enter")
        await until(pilot, lambda: len(context.settings.region) == 2)
        await idle(pilot)
        assert context.accounts[0].regions() == context.settings.region
        assert "us-east-1" not in str(pilot.app.screen.query_one(HeaderBar).render())


async def test_the_demo_account_keeps_its_world_when_regions_are_chosen(demo):
    context = demo()
    before = context.account
    before.client("ec2", "eu-west-1")
    context.choose(region=("eu-west-1",))
    assert context.account is not before
    assert context.account.session() is before.session()
    assert context.account.client("ec2", "eu-west-1") is before.client("ec2", "eu-west-1")


async def test_the_console_link_is_copied_where_there_is_no_browser(demo, monkeypatch):
    monkeypatch.setenv("SSH_CONNECTION", "a b c d")
    async with FlowTuiApp(demo()).run_test(size=(100, 30)) as pilot:
        await idle(pilot)
        await pilot.press("o")
        assert pilot.app.clipboard.startswith("https://us-east-1.console.aws.amazon.com/vpcconsole/home")


def test_the_first_screen_imports_neither_boto3_nor_duckdb_nor_sqlglot():
    code = (
        "import sys, flowtui.tui.app, flowtui.tui.vpcs.screen; "
        "print([name for name in ('boto3', 'botocore', 'obstore', 'duckdb', 'sqlglot', 'pyarrow', 'yaml') "
        "if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


async def test_the_keys_of_a_question_are_seen_however_long_the_word_to_type(offline):
    async with PlainApp(offline()).run_test(size=(80, 24)) as pilot:
        name = "flow-logs-" + "x" * 110
        pilot.app.push_screen(ConfirmModal(f"Delete stack {name}", "Nothing of it is kept.", name))
        await pilot.pause()
        lines = text_of(pilot.app)
        assert any("if it reads flow-logs-" in line and "esc cancel" in line for line in lines)
        assert sum(line.count("x") for line in lines) > 110
