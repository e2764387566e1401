"""``flowtui iam``: the least IAM policy, whole or per command."""

from __future__ import annotations

import json

import click

from flowtui.aws.permissions import policy
from flowtui.cli.options import with_context
from flowtui.context import Context


@click.command("iam")
@with_context
@click.argument("commands", nargs=-1, metavar="[COMMAND]...")
def command(context: Context, commands: tuple[str, ...]) -> None:
    """Print the least IAM policy for the COMMANDs named, or for all of them.

    Resources are patterns as wide as flowtui could need; narrow them to your own buckets, groups and stacks.
    """
    statements = policy(commands)
    if not statements["Statement"]:
        click.echo(f"{', '.join(commands)}: no AWS permission is needed.", err=True)
    click.echo(json.dumps(statements, indent=2))
