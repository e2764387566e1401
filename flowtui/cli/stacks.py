"""``flowtui stacks``: list, watch or delete the stacks made here."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from flowtui.cli.options import global_options, make_context, remember, with_context
from flowtui.context import Context
from flowtui.errors import EXIT_DONE, EXIT_FAILED, EXIT_PARTIAL, UsageError

if TYPE_CHECKING:
    from flowtui.aws.models import RegionRefusal, Stack


@click.group("stacks", invoke_without_command=True)
@global_options
@click.pass_context
def command(ctx: click.Context, /, **parameters: object) -> int | None:
    """List, watch or delete the stacks made here; they carry the tag flowtui:template."""
    remember(ctx, dict(parameters))
    return _list(make_context(ctx), "table") if ctx.invoked_subcommand is None else None


@command.command("list", short_help="Stacks of all chosen regions.")
@with_context
@click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
def list_command(context: Context, output: str) -> int:
    """Stacks of all chosen regions; exit status 3 when one of them could not be asked."""
    return _list(context, output)


def _list(context: Context, output: str) -> int:
    from flowtui.aws.models import RegionRefusal
    from flowtui.cli import report
    from flowtui.stacks.made import stacks_made

    stacks: list[Stack] = []
    refusals: list[RegionRefusal] = []
    regions = 0
    for account in context.accounts:
        regions += len(account.regions())
        for answer in stacks_made(account, account.regions()):
            if isinstance(answer, RegionRefusal):
                refusals.append(answer)
            else:
                stacks.append(answer)
    if output == "json":
        _print_json(stacks)
    elif stacks:
        _print_table(stacks)
    elif len(refusals) < regions:
        said = "No stacks made here" + (" in the regions that answered." if refusals else "; flowtui deploy makes one.")
        click.echo(said, err=True)
    for refusal in refusals:
        report(refusal.error)
    if not refusals:
        return EXIT_DONE
    return EXIT_PARTIAL if len(refusals) < regions else EXIT_FAILED


def _print_table(stacks: list[Stack]) -> None:
    from flowtui.cli.tables import Column, Row, lay_out, terminal_width, write
    from flowtui.records.labels import clean
    from flowtui.stacks.explain import way_out
    from flowtui.stacks.made import TAG

    columns = (
        Column("Stack", least=12),
        Column("Status"),
        Column("Template", rank=2),
        Column("Region", rank=1),
        Column("VPC", rank=3),
        Column("Created", rank=4),
    )
    rows = [
        Row(
            (
                stack.name,
                stack.status,
                stack.tags[TAG],
                stack.region,
                stack.parameters.get("VpcId", ""),
                f"{stack.created:%Y-%m-%d %H:%M}",
            )
        )
        for stack in stacks
    ]
    write(lay_out(columns, rows, terminal_width()).lines)
    for stack in stacks:
        if advice := way_out(stack):
            click.echo(clean(f"{stack.name}: {advice}"), err=True)


def _print_json(stacks: list[Stack]) -> None:
    from flowtui.stacks.made import TAG

    entries = [
        {
            "name": stack.name,
            "id": stack.id,
            "region": stack.region,
            "status": stack.status,
            "template": stack.tags[TAG],
            "created": stack.created.isoformat(),
            "parameters": dict(stack.parameters),
            "outputs": dict(stack.outputs),
        }
        for stack in stacks
    ]
    click.echo(json.dumps(entries, indent=2))


@command.command("watch", short_help="Follow what a stack is doing.")
@with_context
@click.argument("name")
@click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
def watch_command(context: Context, name: str, output: str) -> int:
    """Follow what a stack is doing; ctrl+c stops watching, not the stack. One at rest tells its latest operation."""
    from flowtui.cli.following import conclude, followed
    from flowtui.stacks import progress as pacing
    from flowtui.stacks.place import stack_named
    from flowtui.stacks.watch import watch

    account = context.account
    stack = stack_named(account, name)
    return conclude(name, followed(watch(account, stack.region, stack.id, pace=pacing.PACE)), output, account.clock())


@command.command("delete")
@with_context
@click.argument("name")
@click.option("--yes", "confirmed", metavar="NAME", help="The stack's name again, instead of being asked for it.")
def delete_command(context: Context, name: str, confirmed: str | None) -> int:
    """Delete a stack made here, after its name was typed once more. Says first what is removed and what is kept."""
    from flowtui.cli.following import conclude, followed
    from flowtui.cli.prose import leaving_lines
    from flowtui.stacks import progress as pacing
    from flowtui.stacks.made import delete, leaving, made_here
    from flowtui.stacks.place import stack_named

    if confirmed is None and not sys.stdin.isatty():
        raise UsageError("There is no terminal to ask on, so nothing was deleted.", f"Add --yes {name}.")
    account = context.account
    stack = stack_named(account, name)
    if made_here(stack):
        click.echo("\n".join(leaving_lines(stack, leaving(account, stack))), err=True)
        if confirmed is None:
            confirmed = click.prompt("Type the stack's name to delete it", default="", show_default=False, err=True)
        if confirmed != stack.name:
            raise UsageError(f"{confirmed!r} is not the stack's name, so nothing was deleted.", f"It is {stack.name}.")
    return conclude(name, followed(delete(account, stack, pace=pacing.PACE)), "table", account.clock())
