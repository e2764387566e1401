"""Deploying on the demo account: plan, change set, run, failure, cancelling, deleting."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import pytest
from textual.widgets import Input, Static

from flowtui.aws.stacks import find_stack, list_stacks
from flowtui.stacks.progress import Pace
from flowtui.tui.app import FlowTuiApp
from flowtui.tui.deploy.form import Choice
from flowtui.tui.deploy.screen import DeployScreen
from flowtui.tui.modals import ConfirmModal, ErrorModal
from flowtui.tui.widgets.table import Table
from tests.tui.conftest import NOW
from tests.tui.waiting import PATIENCE, idle, text_of, until


class Moving:
    """A clock that moves only while somebody waits."""

    def __init__(self):
        self._lock = threading.Lock()
        self._now = NOW

    def __call__(self):
        with self._lock:
            return self._now

    def sleep(self, seconds):
        with self._lock:
            self._now += timedelta(seconds=seconds)


@pytest.fixture
def moving(demo, monkeypatch):
    """Makes a Context whose clock moves as the deployment waits."""
    clock = Moving()
    monkeypatch.setattr(DeployScreen, "PACE", Pace(sleep=clock.sleep))
    return lambda **settings: demo(clock=clock, **settings)


async def plan(pilot, name, template="cloudwatch"):
    await idle(pilot)
    request = next(each for each in pilot.app.known_vpcs.values() if each.vpc.name == name)
    pilot.app.open_deploy(request)
    await until(pilot, lambda: pilot.app.screen.NAME == "deploy" and pilot.app.screen.query("#field-template"))
    await idle(pilot)
    if template != "cloudwatch":
        await pilot.press("right")
        await until(pilot, lambda: pilot.app.screen.query("#field-BucketName"))
    return request


def screen_text(app):
    return "\n".join(text_of(app))


def stacks(context, region="eu-west-1"):
    """Status by stack name, a second later: a clean-up goes on while nobody waits for it."""
    context._demo_clock.sleep(1)
    return {stack.name: stack.status for stack in list_stacks(context.account, region)}


def step(app):
    return app.screen._step


async def test_the_plan_is_made_from_the_template_with_the_vpc_filled_in_and_changes_nothing(moving):
    context = moving()
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await plan(pilot, "sandbox", "s3")
        app = pilot.app
        assert app.screen.query_one("#field-VpcId", Input).value == "vpc-0d4e5f60718293a4b"
        assert app.screen.query_one("#field-TrafficType", Choice).options == ("ALL", "ACCEPT", "REJECT")
        assert app.screen.query_one("#field-RetentionInDays", Input).value == "90"
        text = screen_text(app)
        assert "AWS::S3::Bucket (kept)" in text
        assert "a month at 10 GB" in text
        assert stacks(context) == {}


async def test_a_senseless_combination_is_told_at_once_and_stops_the_next_step(moving):
    async with FlowTuiApp(moving()).run_test(size=(140, 40)) as pilot:
        await plan(pilot, "sandbox", "s3")
        pilot.app.screen.query_one("#field-CreateBucket").focus()
        await pilot.press("space")
        assert "do not go together" in screen_text(pilot.app)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ErrorModal)
        assert "do not go together" in pilot.app.screen.error.message


async def test_values_typed_stay_when_the_template_changes_and_defaults_do_not(moving):
    async with FlowTuiApp(moving()).run_test(size=(140, 40)) as pilot:
        await plan(pilot, "sandbox")
        pilot.app.screen.query_one("#field-TrafficType", Choice).focus()
        await pilot.press("right")
        pilot.app.screen.query_one("#field-template", Choice).focus()
        await pilot.press("right")
        await until(pilot, lambda: pilot.app.screen.query("#field-BucketName"))
        assert pilot.app.screen.query_one("#field-TrafficType", Choice).value == "ACCEPT"
        assert pilot.app.screen.query_one("#field-RetentionInDays", Input).value == "90"


@pytest.mark.parametrize("template", ["cloudwatch", "s3"])
async def test_from_plan_to_change_set_to_running_stack(moving, template):
    context = moving()
    name = f"flow-logs-{template}-sandbox"
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await plan(pilot, "sandbox", template)
        await pilot.press("enter")
        await until(pilot, lambda: step(pilot.app) == "changes", "the change set")
        changes = [row.cells["type"].text for row in pilot.app.screen.query_one("#changes-table", Table).rows]
        assert "AWS::EC2::FlowLog" in changes
        assert stacks(context) == {name: "REVIEW_IN_PROGRESS"}
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.query_one("#run-pane").result is not None, "the end")
        await idle(pilot)
        text = screen_text(pilot.app)
        assert "create complete" in text
        assert "Outputs" in text
        assert stacks(context)[name] == "CREATE_COMPLETE"
        tree = [row.cells["resource"].text for row in pilot.app.screen.query_one("#run-events", Table).rows]
        assert tree[0] == name
        assert all(line.startswith(("├─ ", "└─ ")) for line in tree[1:])
        await pilot.press("escape")
        await idle(pilot)
        assert step(pilot.app) == "stacks"
        assert name in screen_text(pilot.app)


async def test_escape_at_the_change_set_removes_it_and_the_empty_stack(moving):
    context = moving()
    async with FlowTuiApp(context).run_test(size=(120, 40)) as pilot:
        await plan(pilot, "sandbox")
        await pilot.press("enter")
        await until(pilot, lambda: step(pilot.app) == "changes")
        await pilot.press("escape")
        assert step(pilot.app) == "plan"
        await until(pilot, lambda: not stacks(context), "the clean-up")


async def test_leaving_the_app_at_the_change_set_removes_it_too(moving):
    context = moving()
    async with FlowTuiApp(context).run_test(size=(120, 40)) as pilot:
        await plan(pilot, "sandbox")
        await pilot.press("enter")
        await until(pilot, lambda: step(pilot.app) == "changes")
        await pilot.press("f2")
        assert stacks(context)
        await pilot.press("ctrl+q")
    await wait_gone(context)


async def wait_gone(context):
    for _ in range(PATIENCE):
        if not stacks(context):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the stack was left behind")


async def test_a_failure_shows_the_first_reason_and_the_next_step_after_the_rollback(moving):
    context = moving()
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await plan(pilot, "sandbox", "s3")
        # The name of a bucket of the demo account's own.
        bucket = context.account.call("s3", "list_buckets")["Buckets"][0]["Name"]
        pilot.app.screen.query_one("#field-BucketName", Input).value = bucket
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: step(pilot.app) == "changes")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.query_one("#run-pane").result is not None)
        await idle(pilot)
        said = str(pilot.app.screen.query_one("#run-text", Static).content)
        assert bucket in said or "already" in said
        assert "Choose another BucketName" in said
        assert "rollback complete" in screen_text(pilot.app)


async def test_read_only_plans_but_makes_nothing(moving):
    context = moving(read_only=True)
    async with FlowTuiApp(context).run_test(size=(120, 40)) as pilot:
        await plan(pilot, "sandbox")
        assert "READ-ONLY" in screen_text(pilot.app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ErrorModal))
        assert "read-only" in pilot.app.screen.error.message
        await pilot.press("escape")
        assert step(pilot.app) == "plan"
        assert stacks(context) == {}


async def test_a_stack_is_deleted_only_after_its_name_is_typed(moving):
    context = moving()
    name = "flow-logs-cloudwatch-sandbox"
    async with FlowTuiApp(context).run_test(size=(120, 40)) as pilot:
        await plan(pilot, "sandbox")
        await pilot.press("enter")
        await until(pilot, lambda: step(pilot.app) == "changes")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.query_one("#run-pane").result is not None)
        await pilot.press("escape")
        await idle(pilot)
        await pilot.press("ctrl+d")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmModal))
        await pilot.press(*"yes", "enter")
        assert isinstance(pilot.app.screen, ConfirmModal)
        assert find_stack(context.account, "eu-west-1", name).status == "CREATE_COMPLETE"
        pilot.app.screen.query_one(Input).value = name
        await pilot.press("enter")
        await until(pilot, lambda: getattr(pilot.app.screen, "NAME", "") == "deploy")
        await until(pilot, lambda: pilot.app.screen.query_one("#run-pane").result is not None)
        await until(pilot, lambda: name not in stacks(context))
        assert "The stack is deleted." in screen_text(pilot.app)


async def test_the_list_of_stacks_says_what_to_do_when_empty(moving):
    async with FlowTuiApp(moving()).run_test(size=(80, 24)) as pilot:
        await pilot.press("f4")
        await idle(pilot)
        assert "No stack was made by flowtui" in screen_text(pilot.app)
