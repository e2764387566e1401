"""``flowtui deploy``: plan, change set, execution and events, one after the other."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING

import click

from flowtui.cli.following import conclude, hangup_interrupts, narrated, waited
from flowtui.cli.options import with_context
from flowtui.context import Context
from flowtui.errors import EXIT_DONE, EXIT_FAILED, UsageError

if TYPE_CHECKING:
    from flowtui.insight.cost import Prices
    from flowtui.stacks.bucket import BucketCheck
    from flowtui.stacks.plan import Plan
    from flowtui.stacks.progress import Prepared, Result
    from flowtui.stacks.templates import Template


@click.command("deploy")
@with_context
@click.argument("name")
@click.option("--stack-name", metavar="S", help="Name of the stack; required except with --plan.")
@click.option("--param", "assignments", multiple=True, metavar="KEY=VALUE", help="A parameter; may be repeated.")
@click.option("--plan", "plan_only", is_flag=True, help="Show what would be made; call nothing, change nothing.")
@click.option(
    "--check", is_flag=True, help="With --plan: ask AWS, changing nothing, for permissions, volume and bucket."
)
@click.option(
    "--add-bucket-policy", is_flag=True, help="Add to an existing bucket's policy what delivery needs; asks first."
)
@click.option(
    "--gb", type=click.FloatRange(min=0), metavar="GB", help="GB of records a month, for the plan's cost estimate."
)
@click.option("--yes", is_flag=True, help="Execute the change set without asking; also acknowledges IAM resources.")
@click.option("--update", is_flag=True, help="Change an existing stack; parameters left out keep their values.")
@click.option(
    "--output",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="json: the plan, or how it ended with the stack's id and outputs.",
)
def command(
    context: Context,
    name: str,
    stack_name: str | None,
    assignments: tuple[str, ...],
    plan_only: bool,
    check: bool,
    add_bucket_policy: bool,
    gb: float | None,
    yes: bool,
    update: bool,
    output: str,
) -> int:
    """Deploy a bundled template, NAME: cloudwatch or s3.

    The change set is shown before it is executed. Stack events go to stderr, the stack's outputs to stdout. Costs are
    estimated by AWS's list prices, or your own: see flowtui prices.
    """
    from flowtui.stacks.deploy import check_name
    from flowtui.stacks.parameters import parse_assignments
    from flowtui.stacks.plan import plan
    from flowtui.stacks.templates import load_template

    if gb is not None and not math.isfinite(gb):
        raise UsageError(f"{gb} is not a volume in GB.", "For instance --gb 25.")
    if check and not plan_only:
        raise UsageError("--check goes with --plan.", "Add --plan to look only; leave --check out to deploy.")
    if add_bucket_policy and plan_only:
        raise UsageError(
            "--plan changes nothing, so it cannot add to a policy.",
            "--plan --check shows what would be added; --add-bucket-policy adds it when deploying.",
        )
    template = load_template(name)
    answers = parse_assignments(assignments)
    if stack_name:
        check_name(stack_name)
    if plan_only:
        return _plan(context, template, stack_name, answers, update=update, gb=gb, check=check, output=output)
    if not stack_name:
        raise UsageError("The stack needs a name.", "Add --stack-name NAME, or --plan to see what would be made.")
    if not update:
        # Wrong answers are told before anything is asked; an update's are judged together with the stack's own values.
        plan(template, answers)
    if not yes and not sys.stdin.isatty():
        raise UsageError(
            "There is no terminal to ask on, so nothing was made.", "Add --yes, or look first with --plan."
        )
    with hangup_interrupts():
        return _run(
            context, template, stack_name, answers, update=update, yes=yes, add=add_bucket_policy, gb=gb, output=output
        )


def _plan(
    context: Context,
    template: Template,
    stack_name: str | None,
    answers: Mapping[str, str],
    *,
    update: bool,
    gb: float | None,
    check: bool,
    output: str,
) -> int:
    """Print the plan, and with ``check`` what AWS says about it; changes nothing."""
    from flowtui.cli.checks import rate_line, require_bucket
    from flowtui.cli.plan_json import plan_object
    from flowtui.stacks.plan import check_region, plan, plan_lines
    from flowtui.stacks.prices import OwnPrices

    if update and not stack_name:
        raise UsageError("Which stack is to be updated?", "Add --stack-name NAME.")
    region = ""
    if update or check:
        region, answers = _answers(context, template, stack_name, answers, update)
    planned, prices = plan(template, answers), OwnPrices().read()
    if check:
        check_region(planned, region)
    found = plan_object(planned, stack_name, gb, prices)
    if output != "json":
        click.echo("\n".join(plan_lines(planned, gb, prices)))
        if gb is None and not check:
            click.echo(f"  {rate_line(planned, prices)}")
    bucket = None
    if check:
        answers_of_aws, bucket = _checked(context, region, planned, stack_name or "flow-logs", gb, prices, output)
        found |= answers_of_aws
    if output == "json":
        click.echo(json.dumps(found, indent=2))
    require_bucket(bucket)
    click.echo("Nothing has been changed.", err=True)
    return EXIT_DONE


def _checked(
    context: Context, region: str, planned: Plan, stack_name: str, gb: float | None, prices: Prices, output: str
) -> tuple[dict[str, object], BucketCheck | None]:
    """Ask AWS about a plan: told at once as text, returned for JSON; and what was found of its bucket."""
    from flowtui.cli.checks import look_at_bucket, measured, permit_lines, volume_line
    from flowtui.cli.plan_json import bucket_object, cost_object, permits_object
    from flowtui.stacks.permits import check_permits

    account = context.account
    found: dict[str, object] = {"region": region}
    if gb is None:
        volume, trouble = measured(account, region, planned)
        if output != "json":
            click.echo(f"  {volume_line(planned, volume, trouble, prices)}")
        if volume is not None:
            found["cost"] = cost_object(planned, volume.gb, prices) | {"volume": volume.source}
    permits = check_permits(account, region, planned, stack_name)
    if output != "json":
        click.echo("\n".join(permit_lines(permits)))
    found["permissions"] = permits_object(permits)
    bucket = look_at_bucket(account, region, planned)
    found["bucket"] = bucket_object(bucket)
    return found, bucket


def _answers(
    context: Context, template: Template, stack_name: str | None, answers: Mapping[str, str], update: bool
) -> tuple[str, Mapping[str, str]]:
    """The region to deploy to and the answers, with those of the stack that is updated.

    Raises:
        FlowTuiError: there is a stack of that name where none should be, or none where one should.
    """
    from flowtui.stacks import progress as pacing
    from flowtui.stacks.deploy import look_up, previous_answers
    from flowtui.stacks.place import region_of_vpc, stack_named

    account = context.account
    if update and stack_name:
        region = account.regions()[0] if len(account.regions()) == 1 else stack_named(account, stack_name).region
    else:
        region = region_of_vpc(account, answers)
    if not stack_name:
        return region, answers
    stack = waited(look_up(account, region, stack_name, pacing.PACE))
    return region, {**previous_answers(template, stack, stack_name, region, update), **answers}


def _run(
    context: Context,
    template: Template,
    stack_name: str,
    answers: Mapping[str, str],
    *,
    update: bool,
    yes: bool,
    add: bool,
    gb: float | None,
    output: str,
) -> int:
    from flowtui.cli.checks import prepare_bucket, rate_line
    from flowtui.stacks import progress as pacing
    from flowtui.stacks.deploy import deploy
    from flowtui.stacks.plan import check_region, plan, plan_lines
    from flowtui.stacks.prices import OwnPrices
    from flowtui.stacks.progress import ChangeSetReady

    account = context.account
    region, whole = _answers(context, template, stack_name, answers, update)
    planned = plan(template, whole)
    check_region(planned, region)
    if not update:
        prices = OwnPrices().read()
        lines = plan_lines(planned, gb, prices)
        click.echo("\n".join(lines if gb is not None else [*lines, f"  {rate_line(planned, prices)}"]), err=True)
    if add or not update:
        prepare_bucket(account, region, planned, add=add, yes=yes)
    result: Result | None = None
    executing = False
    deployment = deploy(account, region, template, stack_name, answers, update=update, pace=pacing.PACE)
    with closing(deployment) as steps:
        try:
            for progress in narrated(steps):
                if isinstance(progress, ChangeSetReady):
                    if not _agreed(progress.prepared, yes):
                        click.echo("Not executed; the change set is being removed.", err=True)
                        return EXIT_FAILED
                    executing = True
                else:
                    result = progress
        except KeyboardInterrupt:
            if executing:
                follow = f"flowtui stacks watch {stack_name} --region {region}"
                click.echo(f"What AWS has begun goes on; {follow} follows it.", err=True)
            raise
    assert result is not None, "a deployment ends with Finished"
    return conclude(stack_name, result, output, account.clock())


def _agreed(prepared: Prepared, yes: bool) -> bool:
    from flowtui.cli.prose import change_set_lines

    click.echo("\n".join(change_set_lines(prepared)), err=True)
    return yes or click.confirm("Execute it?", default=False, err=True)
