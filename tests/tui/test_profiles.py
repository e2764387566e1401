"""Other profiles chosen while something of the old ones is on a screen."""

from __future__ import annotations

from contextlib import suppress
from threading import Event, Thread

import pytest

from flowtui.aws.models import RegionRefusal
from flowtui.aws.session import Account, Backend
from flowtui.config import Settings
from flowtui.context import Context
from flowtui.demo.account import demo_account
from flowtui.errors import AwsError, WorkspaceError
from flowtui.lake.workspace import Workspace
from flowtui.stacks.progress import Pace
from flowtui.tui.app import FlowTuiApp
from flowtui.tui.deploy import checking
from flowtui.tui.deploy.screen import DeployScreen
from flowtui.tui.deploy.stacks_pane import find_stacks
from flowtui.tui.requests import VpcRequest
from flowtui.tui.vpcs.screen import Found
from flowtui.tui.widgets.table import Table
from tests.tui.test_deploy import Moving
from tests.tui.waiting import idle, shows, text_of, until

DEADLINE_S = 30.0


@pytest.fixture
def profiles(tmp_path, monkeypatch):
    """A Context of the profile prod that knows dev too, a demo account each, and twin, which is of prod's account."""
    clock = Moving()
    monkeypatch.setattr(checking, "REST_S", 0.0)
    monkeypatch.setattr(DeployScreen, "PACE", Pace(sleep=clock.sleep, step_s=2.0))
    context = Context(Settings(workspace=tmp_path / "ws.duckdb", profile=("prod",), region=("eu-west-1",)))

    def make():
        settings = context.settings
        backends = {name: demo_account(clock=clock)._backend for name in settings.profile}
        if "twin" in backends:
            backends["twin"] = backends["prod"]
        return tuple(Account(name, settings.region, backend=backend) for name, backend in backends.items())

    context._make_accounts = make
    return context


async def chosen(pilot, name="sandbox"):
    """The request of a VPC, once the list knows it."""
    await until(pilot, lambda: any(each.vpc.name == name for each in pilot.app.known_vpcs.values()))
    await idle(pilot)
    return next(each for each in pilot.app.known_vpcs.values() if each.vpc.name == name)


async def planned(pilot):
    pilot.app.open_deploy(await chosen(pilot))
    await until(pilot, lambda: pilot.app.screen.NAME == "deploy" and pilot.app.screen.query("#field-template"))
    await idle(pilot)


async def test_detail_lets_go_of_a_vpc_of_the_profile_before(profiles):
    async with FlowTuiApp(profiles).run_test(size=(120, 40)) as pilot:
        app = pilot.app
        app.open_detail(await chosen(pilot))
        await until(pilot, lambda: app.screen.NAME == "detail" and app.screen._findings is not None)
        app.choose(profile=("dev",))
        await shows(pilot, "No VPC is chosen.")
        await pilot.press("D")
        assert app.screen.NAME == "detail"
        app.action_show("vpcs")
        app.open_detail(await chosen(pilot))
        await until(pilot, lambda: app.screen.NAME == "detail" and app.screen._findings is not None)
        assert app.screen._request.account.name == "dev"


async def test_a_vpc_stays_in_detail_when_only_regions_are_chosen(profiles):
    async with FlowTuiApp(profiles).run_test(size=(120, 40)) as pilot:
        app = pilot.app
        app.open_detail(await chosen(pilot))
        await until(pilot, lambda: app.screen.NAME == "detail")
        await idle(pilot)
        app.choose(region=("us-east-1",))
        await idle(pilot)
        assert app.screen._request.vpc.name == "sandbox"


async def test_a_plan_for_the_profile_before_is_let_go_of(profiles):
    async with FlowTuiApp(profiles).run_test(size=(120, 40)) as pilot:
        app = pilot.app
        await planned(pilot)
        app.choose(profile=("dev",))
        await pilot.pause()
        assert app.screen._step == "stacks"
        assert app.screen._plan_account.name == "dev"
        await pilot.press("enter")
        assert app.screen._step == "stacks"


async def test_a_change_set_that_waits_stays_and_tells_its_account(profiles):
    async with FlowTuiApp(profiles).run_test(size=(120, 40)) as pilot:
        app = pilot.app
        await planned(pilot)
        assert "in prod" not in "\n".join(text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen._step == "changes", "the change set")
        app.choose(profile=("dev",))
        await shows(pilot, "sandbox · eu-west-1 · in prod")
        assert app.screen._step == "changes"
        await pilot.press("escape")
        await idle(pilot)


class Hasty(FlowTuiApp):
    """Other profiles are chosen just when the first answer to who we are is on its way to the screen."""

    chosen = False

    def call_from_thread(self, callback, *args, **kwargs):
        if not self.chosen:
            self.chosen = True
            super().call_from_thread(self.choose, profile=("dev",))
        return super().call_from_thread(callback, *args, **kwargs)


async def test_an_identity_on_its_way_is_not_shown_for_the_profile_chosen_meanwhile(profiles, monkeypatch):
    told = []
    identified = Hasty._identified

    def tell(app, *args):
        identified(app, *args)
        told.append(app.account_names)

    monkeypatch.setattr(Hasty, "_identified", tell)
    async with Hasty(profiles).run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: len(told) == 2, "both answers")
    assert all("dev" in name for names in told for name in names)


async def test_of_a_vpc_seen_by_two_profiles_the_row_under_the_cursor_tells_which_is_meant(profiles):
    profiles.choose(profile=("prod", "twin"))
    async with FlowTuiApp(profiles).run_test(size=(120, 40)) as pilot:
        await chosen(pilot)
        table = pilot.app.screen.query_one("#vpcs-table", Table)
        twins = [n for n, row in enumerate(table.rows) if row.cells["name"].text == "sandbox"]
        assert len(twins) == 2
        seen = set()
        for n in twins:
            table.select(table.rows[n].key)
            await pilot.pause()
            assert table.cursor == n
            seen.add(pilot.app.screen._ask().account.name)
            assert f"seen by {pilot.app.screen._ask().account.name}" in "\n".join(text_of(pilot.app))
        assert seen == {"prod", "twin"}


async def test_regions_that_refuse_alike_are_told_apart(profiles):
    profiles.choose(profile=("prod",), region=("eu-west-1", "us-east-1"))
    async with FlowTuiApp(profiles).run_test(size=(120, 40)) as pilot:
        await chosen(pilot)
        error = AwsError("no")
        screen = pilot.app.screen
        screen._found(Found(refusal=RegionRefusal("eu-west-1", "1", error)))
        screen._found(Found(refusal=RegionRefusal("us-east-1", "1", error)))
        table = screen.query_one("#vpcs-table", Table)
        table.select(table.rows[-1].key)
        assert screen._refusal().region == "us-east-1"


async def test_of_a_stack_seen_by_two_profiles_the_row_under_the_cursor_tells_which_is_meant(profiles):
    profiles.choose(profile=("prod", "twin"))
    async with FlowTuiApp(profiles).run_test(size=(120, 40)) as pilot:
        app = pilot.app
        await planned(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen._step == "changes", "the change set")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query_one("#run-pane").result is not None, "the end")
        await pilot.press("escape")
        table = app.screen.query_one("#stacks-table", Table)
        await until(pilot, lambda: len(table.rows) == 2, "the stack, twice")
        await idle(pilot)
        seen = set()
        for row in table.rows:
            table.select(row.key)
            seen.add(app.screen._selected().account.name)
        assert seen == {"prod", "twin"}


def test_an_account_that_cannot_be_asked_for_stacks_is_told_and_the_rest_is_listed():
    none = Account("gone", (), backend=Backend(_no_session, None))
    demo = demo_account()
    found = list(find_stacks((none, demo, none), Event()))
    assert [(each.account.name, each.refusal.error.message) for each in found] == [("gone", "no")] * 2


def _no_session(profile):
    raise AwsError("no")


def test_accounts_are_told_while_the_workspace_is_being_opened(profiles, monkeypatch):
    opening, go_on = Event(), Event()

    def slow(path):
        opening.set()
        go_on.wait()
        raise WorkspaceError("no")

    monkeypatch.setattr(Workspace, "open", slow)

    def open_workspace():
        with suppress(WorkspaceError):
            profiles.workspace()

    opener = Thread(target=open_workspace, daemon=True)
    opener.start()
    assert opening.wait(DEADLINE_S)
    found = []
    asker = Thread(target=lambda: found.append(profiles.accounts), daemon=True)
    asker.start()
    asker.join(DEADLINE_S)
    told = [account.name for accounts in found for account in accounts]
    go_on.set()
    opener.join(DEADLINE_S)
    assert told == ["prod"]


async def test_detail_shows_a_vpc_as_the_profile_selected_last_sees_it(profiles):
    profiles.choose(profile=("prod", "twin"))
    async with FlowTuiApp(profiles).run_test(size=(120, 40)) as pilot:
        app = pilot.app
        request = await chosen(pilot)
        for account in app.context.accounts:
            app.action_show("vpcs")
            await pilot.pause()
            app.selection = VpcRequest(account, request.vpc)
            app.action_show("detail")
            await until(pilot, lambda: app.screen.NAME == "detail" and app.screen._request)
            await idle(pilot)
            assert app.screen._request.account is account
