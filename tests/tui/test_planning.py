"""The plan's form: a VPC picked, a volume measured."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import Mock

from textual.widgets import Input

from flowtui.aws.volume import Volume
from flowtui.tui.app import FlowTuiApp
from flowtui.tui.deploy.checking import Checks
from flowtui.tui.deploy.form import Choice
from flowtui.tui.deploy.plan_pane import PlanPane
from flowtui.tui.widgets.pick import PickModal
from tests.tui.test_deploy import moving, plan  # noqa: F401 - a fixture
from tests.tui.waiting import idle, text_of, until


def vpc(app, name):
    return next(each for each in app.known_vpcs.values() if each.vpc.name == name)


async def measured(pilot):
    """A plan whose VPC was measured: its pane, and the field of the volume."""
    await plan(pilot, "sandbox")
    pane = pilot.app.screen.query_one(PlanPane)
    await idle(pilot)
    pane.show_checks(replace(Checks(), volume=Volume(37.2, "one did")))
    return pane, pane.query_one("#field-volume", Input)


async def test_a_volume_measured_for_one_vpc_is_not_kept_for_another(moving):  # noqa: F811
    async with FlowTuiApp(moving()).run_test(size=(140, 40)) as pilot:
        pane, volume = await measured(pilot)
        assert volume.value == "37.2"
        pane.fill({"VpcId": "vpc-0000000000000000a"})
        assert volume.value == "10"
        pane.show_checks(replace(Checks(), volume=Volume(5.0, "another did")))
        assert volume.value == "5"
        pane.show_checks(replace(Checks(), volume=Volume(6.0, "another does")))
        assert volume.value == "6"


async def test_a_volume_typed_is_kept(moving):  # noqa: F811
    async with FlowTuiApp(moving()).run_test(size=(140, 40)) as pilot:
        pane, volume = await measured(pilot)
        volume.value = "151"
        pane.fill({"VpcId": "vpc-0000000000000000a"})
        pane.show_checks(replace(Checks(), volume=Volume(5.0, "another did")))
        assert volume.value == "151"


async def test_a_vpc_of_a_region_not_offered_brings_its_region_along_and_it_stays(moving):  # noqa: F811
    async with FlowTuiApp(moving()).run_test(size=(140, 40)) as pilot:
        app = pilot.app
        await plan(pilot, "sandbox")
        await idle(pilot)
        app.region_names = ("eu-west-1",)
        app.open_deploy(vpc(app, "sandbox"))
        region = lambda: app.screen.query_one("#field-region", Choice)  # noqa: E731
        await until(pilot, lambda: app.screen.query("#field-region") and region().options == ("eu-west-1",))
        app.screen._take_vpc(vpc(app, "prod-apac"))
        assert region().value == "ap-southeast-2"
        template = app.screen.query_one("#field-template", Choice)
        template.focus()
        await pilot.press("right")
        await until(pilot, lambda: app.screen.query("#field-BucketName"))
        assert region().value == "ap-southeast-2"
        await idle(pilot)


async def test_a_stack_that_is_changed_stays_in_its_account_and_region(moving):  # noqa: F811
    async with FlowTuiApp(moving()).run_test(size=(140, 40)) as pilot:
        app = pilot.app
        await plan(pilot, "sandbox")
        sandbox = vpc(app, "sandbox")
        app.screen._changing = Mock(account=sandbox.account, stack=Mock(region="eu-west-1"))
        app.screen._pick_vpc()
        await until(pilot, lambda: isinstance(app.screen, PickModal))
        shown = "\n".join(text_of(app))
        assert "sandbox" in shown and "prod-apac" not in shown
