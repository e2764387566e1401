"""``flowtui inventory``: a snapshot of what the accounts have, kept in the workspace to be joined with records."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import click

from flowtui.cli.options import with_context
from flowtui.cli.tables import Column, Row, StatusLine, lay_out
from flowtui.context import Context
from flowtui.errors import EXIT_DONE, EXIT_FAILED, EXIT_PARTIAL

if TYPE_CHECKING:
    from flowtui.lake.inventory import Kept

_TITLES = ("vpcs", "interfaces", "instances", "security_groups")


@click.command("inventory")
@with_context
@click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(context: Context, output: str) -> int:
    """Keep VPCs, interfaces, instances and security groups in the workspace.

    They become the tables aws.vpcs, aws.interfaces, aws.instances and aws.security_groups, which queries join with
    the records offline. A new snapshot of an account and region takes the place of its last one.

    Exit status 3 when something could not be listed, 1 when nothing could; what it had before is kept.
    """
    from flowtui.aws.models import RegionRefusal
    from flowtui.cli import report
    from flowtui.lake.inventory import snapshot

    line = StatusLine()
    kept: list[Kept] = []
    refusals: list[RegionRefusal] = []
    workspace = context.workspace()
    line.show("listing …")
    with closing(snapshot(workspace, context.accounts)) as steps:
        for step in steps:
            if isinstance(step, RegionRefusal):
                refusals.append(step)
            else:
                kept.append(step)
            line.show(f"{len(kept)} regions kept …")
    line.clear()
    kept.sort(key=lambda one: (one.account_id, one.region))
    _print(kept, output)
    for refusal in refusals:
        report(refusal.error)
    if not refusals:
        return EXIT_DONE
    return EXIT_PARTIAL if kept else EXIT_FAILED


def _print(kept: list[Kept], output: str) -> None:
    if output == "json":
        rows = [{"account_id": one.account_id, "region": one.region, **one.rows} for one in kept]
        click.echo(json.dumps(rows, indent=2))
        return
    columns = [Column("account"), Column("region"), *(Column(title.replace("_", " "), right=True) for title in _TITLES)]
    # A kind that could not be listed is unknown, not absent.
    cells = [(one.account_id, one.region, *(str(one.rows.get(title, "?")) for title in _TITLES)) for one in kept]
    for text in lay_out(columns, [Row(row) for row in cells], None).lines:
        click.echo(text)
