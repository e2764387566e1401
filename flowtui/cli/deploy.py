"""``flowtui deploy``: plan, change set, execution and events, one after the other."""

from __future__ import annotations

import json
import math
import signal
import sys
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import click

from flowtui.cli.options import with_context
from flowtui.cli.tables import StatusLine
from flowtui.context import Context
from flowtui.errors import EXIT_DONE, EXIT_FAILED, UsageError

if TYPE_CHECKING:
    from flowtui.stacks.plan import Plan
    from flowtui.stacks.progress import ChangeSetReady, DeployProgress, Prepared, Result
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
@click.option("--gb", type=click.FloatRange(min=0), help="GB of records a month, for a cost estimate in the plan.")
@click.option("--yes", is_flag=True, help="Execute the change set without asking; also acknowledges IAM resources.")
@click.option("--update", is_flag=True, help="Change an existing stack; parameters left out keep their values.")
@click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
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

    The change set is shown before it is executed. Stack events go to stderr, the stack's outputs to stdout.
    """
    from flowtui.stacks.parameters import parse_assignments
    from flowtui.stacks.plan import plan, plan_lines
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
    if plan_only:
        _show_plan(context, template, stack_name, answers, update, gb, check)
        return EXIT_DONE
    if not stack_name:
        raise UsageError("The stack needs a name.", "Add --stack-name NAME, or --plan to see what would be made.")
    # An update's answers are judged together with the stack's own values, which have to be asked for first.
    planned = None if update else plan(template, answers)
    if not yes and not sys.stdin.isatty():
        raise UsageError(
            "There is no terminal to ask on, so nothing was made.", "Add --yes, or look first with --plan."
        )
    if planned:
        click.echo("\n".join(plan_lines(planned)), err=True)
    with _hangup_interrupts():
        return _run(
            context,
            template,
            stack_name,
            answers,
            planned,
            update=update,
            yes=yes,
            add=add_bucket_policy,
            output=output,
        )


def _show_plan(
    context: Context,
    template: Template,
    stack_name: str | None,
    answers: Mapping[str, str],
    update: bool,
    gb: float | None,
    check: bool,
) -> None:
    from flowtui.cli.checks import permit_lines, prepare_bucket, volume_line
    from flowtui.stacks.deploy import previous_answers
    from flowtui.stacks.place import region_of_vpc, stack_named
    from flowtui.stacks.plan import plan, plan_lines

    if update:
        if not stack_name:
            raise UsageError("Which stack is to be updated?", "Add --stack-name NAME.")
        stack = stack_named(context.account, stack_name)
        answers = {**previous_answers(template, stack, stack_name, stack.region, True), **answers}
    planned = plan(template, answers)
    click.echo("\n".join(plan_lines(planned, gb)))
    if check:
        account = context.account
        region = region_of_vpc(account, answers)
        if gb is None:
            click.echo(f"  {volume_line(account, region, planned)}")
        click.echo("\n".join(permit_lines(account, region, planned, stack_name or "flow-logs")))
        prepare_bucket(account, region, planned, add=False, yes=False)
    click.echo("Nothing has been changed.", err=True)


def _run(
    context: Context,
    template: Template,
    stack_name: str,
    answers: Mapping[str, str],
    planned: Plan | None,
    *,
    update: bool,
    yes: bool,
    add: bool,
    output: str,
) -> int:
    from flowtui.cli.checks import prepare_bucket
    from flowtui.stacks import progress as pacing
    from flowtui.stacks.deploy import deploy, previous_answers
    from flowtui.stacks.place import region_of_vpc, stack_named
    from flowtui.stacks.plan import plan
    from flowtui.stacks.progress import ChangeSetReady

    account = context.account
    if update:
        region = account.regions()[0] if len(account.regions()) == 1 else stack_named(account, stack_name).region
    else:
        region = region_of_vpc(account, answers)
    if update and add:
        stack = stack_named(account, stack_name)
        planned = plan(template, {**previous_answers(template, stack, stack_name, region, True), **answers})
    if planned is not None:
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
    return conclude(stack_name, result, output)


def _agreed(prepared: Prepared, yes: bool) -> bool:
    from flowtui.cli.prose import change_set_lines

    click.echo("\n".join(change_set_lines(prepared)), err=True)
    return yes or click.confirm("Execute it?", default=False, err=True)


def narrated(steps: Iterator[DeployProgress]) -> Iterator[ChangeSetReady | Result]:
    """Tell progress on stderr; pass on the change set, and as the last value the Result."""
    from flowtui.cli.prose import event_line
    from flowtui.records.labels import clean
    from flowtui.stacks.progress import ChangeSetReady, EventSeen, Finished, Note, Tick

    line = StatusLine()
    try:
        for progress in steps:
            if isinstance(progress, Tick):
                line.show(f"{progress.status.lower().replace('_', ' ')} {progress.elapsed_s:.0f} s")
                continue
            line.clear()
            if isinstance(progress, Note):
                click.echo(clean(progress.text), err=True)
            elif isinstance(progress, EventSeen):
                click.echo(event_line(progress.event, progress.elapsed_s), err=True)
            elif isinstance(progress, ChangeSetReady):
                yield progress
            elif isinstance(progress, Finished):
                yield progress.result
    finally:
        line.clear()


def followed(steps: Generator[DeployProgress, None, object]) -> Result:
    """Tell a stack's progress to its end; interrupting only stops looking."""
    from flowtui.stacks.progress import Result

    with closing(steps):
        results = [progress for progress in narrated(steps) if isinstance(progress, Result)]
    return results[-1]


def conclude(stack_name: str, result: Result, output: str) -> int:
    """Say how it ended, print the outputs, and return the exit status.

    Raises:
        FlowTuiError: it failed; with the first cause.
    """
    from flowtui.cli.prose import failure_of, output_lines

    if result.outcome == "failed":
        raise failure_of(stack_name, result)
    said = {
        "complete": f"Stack {stack_name} is complete.",
        "no changes": f"No changes: stack {stack_name} is already as asked.",
        "deleted": f"Stack {stack_name} is deleted.",
        "waiting": f"Stack {stack_name} is empty: it holds a change set that was not executed.",
    }
    click.echo(said[result.outcome], err=True)
    outputs = dict(result.stack.outputs) if result.stack and result.outcome != "deleted" else {}
    if output == "json":
        click.echo(json.dumps(outputs, indent=2, sort_keys=True))
    elif outputs:
        click.echo("\n".join(output_lines(outputs)))
    return EXIT_DONE


@contextmanager
def _hangup_interrupts() -> Iterator[None]:
    """Let a closed terminal end the command as ctrl+c does, so that nothing half-made stays behind."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    names = [number for name in ("SIGHUP", "SIGTERM") if (number := getattr(signal, name, None)) is not None]
    before = {number: signal.signal(number, interrupt) for number in names}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
