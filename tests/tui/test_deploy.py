"""Deploying on the demo account: plan, change set, run, failure, cancelling, deleting."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import threading
from datetime import timedelta
from unittest.mock import Mock

import pytest
from textual.widgets import Input, Static

from flowtui.aws.stacks import find_stack, list_stacks
from flowtui.errors import AccessDenied
from flowtui.stacks.deploy import create_change_set, deploy
from flowtui.stacks.plan import plan as plan_of
from flowtui.stacks.progress import EventSeen, Pace
from flowtui.stacks.templates import load_template
from flowtui.tui.app import FlowTuiApp
from flowtui.tui.deploy import checking
from flowtui.tui.deploy.asking import REGION, STACK, answers
from flowtui.tui.deploy.checking import Question
from flowtui.tui.deploy.difference import DifferenceModal
from flowtui.tui.deploy.form import Choice
from flowtui.tui.deploy.plan_pane import PlanPane
from flowtui.tui.deploy.price_modal import PricesModal
from flowtui.tui.deploy.screen import DeployScreen
from flowtui.tui.deploy.steps import heading
from flowtui.tui.modals import ConfirmModal, ErrorModal, HelpModal
from flowtui.tui.theme import UNICODE
from flowtui.tui.widgets.pick import PickModal
from flowtui.tui.widgets.table import Table
from tests.tui.conftest import NOW
from tests.tui.waiting import PATIENCE, idle, shows, text_of, until


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
    # Each step is painted: steps of two seconds are as good as quarters for a clock that nobody waits for.
    monkeypatch.setattr(DeployScreen, "PACE", Pace(sleep=clock.sleep, step_s=2.0))
    monkeypatch.setattr(checking, "REST_S", 0.0)
    return lambda **settings: demo(clock=clock, **settings)


async def plan(pilot, name, template="cloudwatch"):
    await until(pilot, lambda: any(each.vpc.name == name for each in pilot.app.known_vpcs.values()))
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


def coverage_of(app, name):
    """What F2 says of a VPC; empty while it is being read."""
    rows = app.screen.query_one("#vpcs-table", Table).rows
    return next((row.cells["coverage"].text for row in rows if row.cells and row.cells["name"].text == name), "")


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
        assert "The stack is complete. The first records are expected by" in text
        assert stacks(context)[name] == "CREATE_COMPLETE"
        tree = [row.cells["resource"].text for row in pilot.app.screen.query_one("#run-events", Table).rows]
        assert tree[0] == name
        assert all(line.startswith(("├─ ", "└─ ")) for line in tree[1:])
        await pilot.press("escape")
        await idle(pilot)
        assert step(pilot.app) == "stacks"
        assert name in screen_text(pilot.app)
        await pilot.press("f2")
        await until(pilot, lambda: coverage_of(pilot.app, "sandbox").startswith("◔ starting"), "the new coverage")


async def test_escape_at_the_change_set_removes_it_and_the_empty_stack(moving):
    context = moving()
    async with FlowTuiApp(context).run_test(size=(120, 40)) as pilot:
        await plan(pilot, "sandbox")
        await pilot.press("enter")
        await until(pilot, lambda: step(pilot.app) == "changes")
        await pilot.press("escape")
        assert step(pilot.app) == "plan"
        await until(pilot, lambda: not stacks(context), "the clean-up")
        await idle(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: step(pilot.app) == "changes", "the next change set")


async def test_a_plan_longer_than_its_pane_says_so_and_is_scrolled_from_the_form(moving):
    async with FlowTuiApp(moving()).run_test(size=(80, 24)) as pilot:
        await plan(pilot, "sandbox", "s3")
        screen = pilot.app.screen
        screen.query_one("#field-CreateBucket", Choice).focus()
        await pilot.press("space")
        screen.query_one("#field-BucketName", Input).value = "no-such-bucket-anywhere"
        screen.query_one("#field-ObjectLock", Choice).focus()
        await pilot.press("space")
        await idle(pilot)
        scroll = screen.query_one("#plan-scroll")
        await until(pilot, lambda: scroll.max_scroll_y > 0 and "pgdn" in screen_text(pilot.app), "a long plan")
        await pilot.press("pagedown", "pagedown")
        await until(pilot, lambda: scroll.scroll_y == scroll.max_scroll_y, "the end of the plan")
        await pilot.press("pageup", "pageup")
        await until(pilot, lambda: scroll.scroll_y == 0, "its beginning")


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


async def test_an_execution_that_is_refused_is_not_said_to_go_on(moving, monkeypatch):
    context = moving()
    denied = AccessDenied("Not allowed to run it.", "Ask for it.", action="cloudformation:ExecuteChangeSet")
    monkeypatch.setattr("flowtui.aws.stacks.execute_change_set", Mock(side_effect=denied))
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await plan(pilot, "sandbox")
        await pilot.press("enter")
        await until(pilot, lambda: step(pilot.app) == "changes")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ErrorModal))
        await pilot.press("escape")
        await idle(pilot)
        said = str(pilot.app.screen.query_one("#run-text", Static).content)
        assert "Not allowed to run it.\nAsk for it.\n" in said and "goes on" not in said
        assert stacks(context) == {}
        await pilot.press("escape")
        assert step(pilot.app) == "stacks"


async def test_read_only_plans_but_makes_nothing(moving):
    context = moving(read_only=True)
    async with FlowTuiApp(context).run_test(size=(120, 40)) as pilot:
        await plan(pilot, "sandbox")
        assert "READ-ONLY" in screen_text(pilot.app)
        footer = screen_text(pilot.app).splitlines()[-1]
        assert "change set" not in footer and "p prices" in footer
        assert "Read-only: nothing can be made from here." in screen_text(pilot.app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ErrorModal))
        assert "Read-only" in pilot.app.screen.error.message
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
        assert "The records in the log group go with it." in screen_text(pilot.app)
        await pilot.press(*"yes", "enter")
        assert isinstance(pilot.app.screen, ConfirmModal)
        assert find_stack(context.account, "eu-west-1", name).status == "CREATE_COMPLETE"
        pilot.app.screen.query_one(Input).value = name
        await pilot.press("enter")
        await until(pilot, lambda: getattr(pilot.app.screen, "NAME", "") == "deploy")
        await until(pilot, lambda: pilot.app.screen.query_one("#run-pane").result is not None)
        await until(pilot, lambda: name not in stacks(context))
        assert "The stack is deleted." in screen_text(pilot.app)
        footer = screen_text(pilot.app).splitlines()[-1]
        assert "tail" not in footer and "logs" not in footer, "what is gone is not offered"


async def test_the_list_of_stacks_says_what_to_do_when_empty(moving):
    async with FlowTuiApp(moving()).run_test(size=(80, 24)) as pilot:
        await pilot.press("f4")
        await idle(pilot)
        assert "No stack was made by flowtui" in screen_text(pilot.app)


async def settled(pilot):
    """What the form says by now has been checked."""
    screen = pilot.app.screen
    pane = screen.query_one(PlanPane)

    def checked():
        values = pane.form.values()
        planned = plan_of(pane._template, answers(values))
        question = Question(screen._plan_account, values[REGION], values[STACK], planned, screen._changing is None)
        return screen._asked == question.key and screen.job("checks") is None

    await until(pilot, checked, "the checks")


def said(app, part):
    """What the plan says of one part."""
    return str(app.screen.query_one(f"#plan-{part} .plan-said", Static).content)


def value(app, name):
    return app.screen.query_one(f"#field-{name}").value


def policy_of(context, bucket="demo-flow-logs"):
    return json.loads(context.account.call("s3", "get_bucket_policy", Bucket=bucket)["Policy"])["Statement"]


async def existing_bucket(pilot, prefix="new/place"):
    """A plan that delivers to the demo account's bucket, picked from the list."""
    await plan(pilot, "prod-core", "s3")
    screen = pilot.app.screen
    screen.query_one("#field-Prefix", Input).value = prefix
    screen.query_one("#field-BucketName").focus()
    await pilot.press("ctrl+o")
    await until(pilot, lambda: isinstance(pilot.app.screen, PickModal), "the list of buckets")
    pilot.app.screen.query_one(Input).value = "demo-flow-logs"
    await pilot.pause()
    await pilot.press("enter")
    await until(pilot, lambda: pilot.app.screen is screen)
    await until(pilot, lambda: value(pilot.app, "BucketName") == "demo-flow-logs")
    await settled(pilot)


async def test_the_plan_tells_permissions_and_the_cost_of_what_was_measured(moving):
    async with FlowTuiApp(moving()).run_test(size=(140, 40)) as pilot:
        await plan(pilot, "prod-core", "s3")
        await settled(pilot)
        assert said(pilot.app, "needs").startswith("✓ ") and "s3:CreateBucket" in said(pilot.app, "needs")
        assert "delivered on" in said(pilot.app, "costs") and "prices of 2026" in said(pilot.app, "costs")
        pilot.app.screen.query_one("#field-volume", Input).value = "151"
        await until(pilot, lambda: "at 151 GB" in said(pilot.app, "costs"))
        assert "delivered" not in said(pilot.app, "costs")


async def test_a_permission_that_is_missing_stands_first_in_the_plan(moving):
    context = moving(deny=(("iam", "PassRole", "us-east-1"),))
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await plan(pilot, "sandbox")
        await settled(pilot)
        needs = said(pilot.app, "needs")
        assert "✗ iam:PassRole no policy allows it" in needs
        assert needs.index("iam:PassRole") < needs.index("iam:CreateRole")


async def test_permissions_that_cannot_be_checked_are_said_so(moving):
    context = moving(deny=(("iam", "SimulatePrincipalPolicy", "aws-global"),))
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await plan(pilot, "sandbox")
        await settled(pilot)
        assert "cannot check: needs iam:SimulatePrincipalPolicy" in said(pilot.app, "needs")


async def test_an_existing_bucket_is_picked_checked_and_its_policy_mended(moving):
    context = moving()
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await existing_bucket(pilot)
        app = pilot.app
        assert (value(app, "BucketName"), value(app, "CreateBucket")) == ("demo-flow-logs", "No")
        assert "does not let log delivery call s3:PutObject. ctrl+b" in said(app, "bucket")
        before = policy_of(context)
        await pilot.press("ctrl+b")
        await until(pilot, lambda: isinstance(app.screen, DifferenceModal))
        await shows(pilot, '+      "Sid": "AWSLogDeliveryWrite2",')
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, DifferenceModal))
        assert policy_of(context) == before
        await pilot.press("ctrl+b")
        await until(pilot, lambda: isinstance(app.screen, DifferenceModal))
        await pilot.press("a")
        await until(pilot, lambda: len(policy_of(context)) == 3, "the statement")
        await idle(pilot)
        await settled(pilot)
        assert policy_of(context)[:2] == before
        assert "does not let log delivery" not in said(app, "bucket")


async def test_a_policy_changed_meanwhile_is_told_and_left(moving):
    context = moving()
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await existing_bucket(pilot)
        await pilot.press("ctrl+b")
        await until(pilot, lambda: isinstance(pilot.app.screen, DifferenceModal))
        other = json.dumps({"Version": "2012-10-17", "Statement": policy_of(context)[:1]})
        context.account.call("s3", "put_bucket_policy", Bucket="demo-flow-logs", Policy=other)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, ErrorModal))
        assert "changed by somebody meanwhile" in pilot.app.screen.error.message
        assert len(policy_of(context)) == 1


async def test_read_only_leaves_the_policy(moving):
    context = moving(read_only=True)
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await existing_bucket(pilot)
        await pilot.press("ctrl+b")
        await until(pilot, lambda: isinstance(pilot.app.screen, DifferenceModal))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, ErrorModal))
        assert "read-only" in pilot.app.screen.error.message
        assert len(policy_of(context)) == 2


async def test_another_vpc_is_picked_with_its_region_and_the_name_that_goes_with_it(moving):
    async with FlowTuiApp(moving()).run_test(size=(140, 40)) as pilot:
        await plan(pilot, "sandbox")
        screen = pilot.app.screen
        screen.query_one("#field-VpcId").focus()
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickModal))
        pilot.app.screen.query_one(Input).value = "prod-apac"
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        await until(pilot, lambda: value(pilot.app, "region") == "ap-southeast-2")
        await settled(pilot)
        assert value(pilot.app, "stack-name") == "flow-logs-cloudwatch-prod-apac"
        assert "prod-apac" in screen_text(pilot.app)


async def test_what_was_answered_for_a_vpc_is_filled_in_the_next_time(moving):
    context = moving()
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await plan(pilot, "sandbox", "s3")
        pilot.app.screen.query_one("#field-Prefix", Input).value = "team/net"
        pilot.app.screen.query_one("#field-RetentionInDays", Input).value = "45"
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: step(pilot.app) == "changes")
        await pilot.press("escape")
        await until(pilot, lambda: not stacks(context))
    async with FlowTuiApp(moving()).run_test(size=(140, 40)) as pilot:
        await plan(pilot, "sandbox")
        assert (value(pilot.app, "Prefix"), value(pilot.app, "RetentionInDays")) == ("team/net", "45")
        assert value(pilot.app, "template") == "s3"
        pilot.app.open_deploy(next(one for one in pilot.app.known_vpcs.values() if one.vpc.name == "prod-core"))
        await until(
            pilot, lambda: pilot.app.screen.query("#field-VpcId") and value(pilot.app, "VpcId").endswith("60718")
        )
        assert value(pilot.app, "Prefix") == ""


async def deployed(pilot, context):
    """A stack of the sandbox, selected in the list."""
    await plan(pilot, "sandbox")
    await pilot.press("enter")
    await until(pilot, lambda: step(pilot.app) == "changes")
    await pilot.press("enter")
    await until(pilot, lambda: pilot.app.screen.query_one("#run-pane").result is not None)
    await pilot.press("escape")
    await idle(pilot)


async def test_a_stack_is_changed_and_what_is_made_anew_is_warned_of(moving):
    context = moving()
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await deployed(pilot, context)
        await pilot.press("u")
        await until(pilot, lambda: pilot.app.screen.query("#field-TrafficType"))
        assert value(pilot.app, "VpcId") == "vpc-0d4e5f60718293a4b"
        assert pilot.app.screen.query_one("#field-stack-name", Choice).options == ("flow-logs-cloudwatch-sandbox",)
        assert pilot.app.screen.query_one("#field-template", Choice).options == ("cloudwatch",)
        pilot.app.screen.query_one("#field-TrafficType").focus()
        await pilot.press("right")
        await pilot.press("enter")
        await until(pilot, lambda: step(pilot.app) == "changes")
        assert "A flow log cannot be changed: it is made anew" in screen_text(pilot.app)
        assert "change of flow-logs-cloudwatch-sandbox" in screen_text(pilot.app)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.query_one("#run-pane").result is not None)
        found = find_stack(context.account, "eu-west-1", "flow-logs-cloudwatch-sandbox")
        assert (found.status, found.parameters["TrafficType"]) == ("UPDATE_COMPLETE", "ACCEPT")
        rows = pilot.app.screen.query_one("#run-events", Table).rows
        said = {row.cells["resource"].text.split(" ", 1)[-1]: row.cells["status"].text for row in rows[1:]}
        assert "The first records are expected by" in screen_text(pilot.app)
        # The old flow log's deletion is not told as the new one's.
        assert said == {"FlowLog": "✓ update complete", "FlowLog (replaced)": "◌ delete complete"}


async def test_a_change_that_changes_nothing_is_said_so(moving):
    context = moving()
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await deployed(pilot, context)
        await pilot.press("u")
        await until(pilot, lambda: pilot.app.screen.query("#field-TrafficType"))
        await pilot.press("enter")
        await until(pilot, lambda: step(pilot.app) == "run")
        await idle(pilot)
        assert "No changes: the stack is already as asked." in screen_text(pilot.app)
        (row,) = pilot.app.screen.query_one("#run-events", Table).rows
        assert row.cells["status"].text == "✓ create complete"


async def test_a_stack_that_rolled_back_is_explained_and_deleted_only_when_told_to(moving):
    context = moving()
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await plan(pilot, "sandbox", "s3")
        pilot.app.screen.query_one("#field-BucketName", Input).value = "demo-flow-logs"
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: step(pilot.app) == "changes")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.query_one("#run-pane").result is not None)
        await idle(pilot)
        assert "it can only be deleted: ctrl+d" in screen_text(pilot.app)
        assert stacks(context) == {"flow-logs-s3-sandbox": "ROLLBACK_COMPLETE"}
        await pilot.press("escape")
        await idle(pilot)
        await pilot.press("u")
        await until(pilot, lambda: isinstance(pilot.app.screen, ErrorModal))
        assert "it can only be deleted: ctrl+d" in pilot.app.screen.error.hint
        await pilot.press("escape", "ctrl+d")
        await until(pilot, lambda: isinstance(pilot.app.screen, ConfirmModal))
        pilot.app.screen.query_one(Input).value = "flow-logs-s3-sandbox"
        await pilot.press("enter")
        await until(pilot, lambda: not stacks(context))


async def test_an_empty_stack_another_left_is_explained_and_can_be_taken_up(moving):
    context = moving()
    first = create_change_set(
        context.account,
        "eu-west-1",
        load_template("cloudwatch"),
        "flow-logs-cloudwatch-sandbox",
        {"VpcId": "vpc-0d4e5f60718293a4b"},
        pace=DeployScreen.PACE,
    )
    list(first)
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await idle(pilot)
        await pilot.press("f4")
        await idle(pilot)
        assert "a change set was made and never executed" in screen_text(pilot.app)
        await pilot.press("f2")
        await plan(pilot, "sandbox")
        await pilot.press("enter")
        await until(pilot, lambda: step(pilot.app) == "changes")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.query_one("#run-pane").result is not None)
        assert stacks(context) == {"flow-logs-cloudwatch-sandbox": "CREATE_COMPLETE"}


async def test_a_stack_left_running_is_watched_again_by_the_next_app(moving, monkeypatch):
    context = moving()
    monkeypatch.setattr(DeployScreen, "AGAIN_S", 0.01)
    steps = deploy(
        context.account,
        "eu-west-1",
        load_template("cloudwatch"),
        "left",
        {"VpcId": "vpc-0d4e5f60718293a4b"},
        pace=DeployScreen.PACE,
    )
    assert any(isinstance(progress, EventSeen) for progress in steps)
    steps.close()
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await idle(pilot)
        await pilot.press("f4")
        await until(pilot, lambda: "create in progress" in screen_text(pilot.app))
        context._demo_clock.sleep(3600)
        # The list reads itself again while something in it goes on.
        await until(pilot, lambda: "create complete" in screen_text(pilot.app))
        await idle(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.query_one("#run-pane").result is not None)
        assert "LogGroupName" in screen_text(pilot.app)
        said = str(pilot.app.screen.query_one("#run-text", Static).content)
        assert "Its flow log was made on" in said and "first records" not in said


async def test_the_list_of_stacks_plans_another_and_says_which_key_does(moving):
    context = moving()
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await deployed(pilot, context)
        assert "D plan" in screen_text(pilot.app) and "u change" in screen_text(pilot.app)
        await pilot.press("D")
        await until(pilot, lambda: step(pilot.app) == "plan")
        assert value(pilot.app, "VpcId") == "vpc-0d4e5f60718293a4b"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM"])
async def test_a_terminal_closed_at_the_change_set_removes_it(moving, name):
    context = moving()
    number = getattr(signal, name)
    before = signal.getsignal(number)
    app = FlowTuiApp(context)
    async with app.run_test(size=(120, 40)) as pilot:
        await plan(pilot, "sandbox")
        await pilot.press("enter")
        await until(pilot, lambda: step(pilot.app) == "changes")
        assert stacks(context)
        signal.raise_signal(number)
        for _ in range(PATIENCE):
            if not app.is_running or app._exit:
                break
            await asyncio.sleep(0.01)
    await wait_gone(context)
    assert signal.getsignal(number) is before


async def test_a_stack_name_that_is_bad_or_taken_is_told_in_the_plan(moving):
    context = moving()
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await deployed(pilot, context)
        screen = pilot.app.screen
        await pilot.press("D")
        await until(pilot, lambda: screen.query("#field-stack-name") and "There is a stack" in screen_text(pilot.app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ErrorModal))
        assert "u in the list of stacks" in pilot.app.screen.error.hint
        await pilot.press("escape")
        screen.query_one("#field-stack-name", Input).value = "1_bad"
        await until(pilot, lambda: "'1_bad' is not a stack name." in screen_text(pilot.app))
        screen.query_one("#field-stack-name", Input).value = "another"
        await until(pilot, lambda: "Nothing has been changed." in screen_text(pilot.app))


async def test_a_value_longer_than_its_field_shows_its_end(moving):
    async with FlowTuiApp(moving()).run_test(size=(80, 24)) as pilot:
        await plan(pilot, "sandbox")
        pilot.app.screen.query_one("#field-stack-name", Input).focus()
        await pilot.press(*("a-name-of-flow-logs-for-this-vpc-that-goes-on-and-on"))
        await idle(pilot)
        line = next(line for line in screen_text(pilot.app).splitlines() if "Stack name" in line)
        assert "that-goes-on-and-on" in line


async def test_prices_are_edited_kept_and_shown_as_ones_own(moving):
    async with FlowTuiApp(moving()).run_test(size=(80, 24)) as pilot:
        await plan(pilot, "sandbox")
        screen = pilot.app.screen
        await pilot.press("p")
        await until(pilot, lambda: isinstance(pilot.app.screen, PricesModal))
        assert "list price" in screen_text(pilot.app) and "prices of 2026-06" in said_of(screen, "costs")
        line = pilot.app.screen.query_one("#price-logs_delivery", Input)
        line.value = "cheap"
        await pilot.press("enter")
        await until(pilot, lambda: "'cheap' is not a price in dollars" in screen_text(pilot.app))
        line.value = "5"
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert "about $50 a month at 10 GB (your prices of " in said_of(screen, "costs")
        screen.query_one("#field-stack-name", Input).focus()
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(pilot.app.screen, PricesModal))
        assert "yours, 2" in screen_text(pilot.app)
        await pilot.press("ctrl+r", "enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert "your prices" not in said_of(screen, "costs")


def said_of(screen, part):
    return str(screen.query_one(f"#plan-{part} .plan-said", Static).content)


def test_a_heading_too_long_leaves_out_the_other_steps_and_then_the_name_s_end():
    glyphs = UNICODE
    about = ("change of flow-logs-s3-data", "ap-southeast-2")
    assert "2 change set" in heading("plan", about, glyphs, 120).plain
    narrow = heading("plan", about, glyphs, 76).plain
    assert narrow == "Deploy   1 plan   change of flow-logs-s3-data · ap-southeast-2"
    short = heading("plan", (about[0] * 3, about[1]), glyphs, 76)
    assert short.cell_length <= 76 and short.plain.endswith("… · ap-southeast-2")


async def test_the_keys_of_the_form_are_told_and_enter_is_offered_in_every_field(moving):
    async with FlowTuiApp(moving()).run_test(size=(140, 50)) as pilot:
        await plan(pilot, "sandbox")
        for field in ("#field-template", "#field-stack-name"):
            pilot.app.screen.query_one(field).focus()
            await pilot.pause()
            assert "enter change set" in screen_text(pilot.app).splitlines()[-1]
        pilot.app.screen.query_one("#field-template").focus()
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpModal))
        said = "\n".join(str(each.content) for each in pilot.app.screen.query(Static))
        assert "The next field; tab does so too." in said and "The next value of those" in said
        assert "Filter what" not in said


async def test_only_the_list_of_stacks_is_filtered(moving):
    async with FlowTuiApp(moving()).run_test(size=(140, 50)) as pilot:
        await idle(pilot)
        await pilot.press("f4")
        assert pilot.app.screen.can_filter
        await pilot.press("f2")
        await plan(pilot, "sandbox")
        pilot.app.screen.query_one("#field-template").focus()
        await pilot.press("slash")
        assert not pilot.app.screen.query_one("#prompt").display
