"""Other profiles chosen while something of the old ones is on a screen."""

from __future__ import annotations

import pytest

from flowtui.aws.session import Account
from flowtui.config import Settings
from flowtui.context import Context
from flowtui.demo.account import demo_account
from flowtui.stacks.progress import Pace
from flowtui.tui.app import FlowTuiApp
from flowtui.tui.deploy import checking
from flowtui.tui.deploy.screen import DeployScreen
from tests.tui.test_deploy import Moving
from tests.tui.waiting import idle, shows, text_of, until


@pytest.fixture
def profiles(tmp_path, monkeypatch):
    """A Context of the profile prod that knows dev too; each is a demo account of its own."""
    clock = Moving()
    monkeypatch.setattr(checking, "REST_S", 0.0)
    monkeypatch.setattr(DeployScreen, "PACE", Pace(sleep=clock.sleep, step_s=2.0))
    context = Context(Settings(workspace=tmp_path / "ws.duckdb", profile=("prod",), region=("eu-west-1",)))

    def make():
        settings = context.settings
        backends = {name: demo_account(clock=clock)._backend for name in settings.profile}
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
