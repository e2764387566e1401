"""``flowtui export``: the workspace's records as Parquet, a folder a day."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flowtui.cli.options import with_context
from flowtui.cli.tables import StatusLine
from flowtui.context import Context
from flowtui.errors import FlowTuiError
from flowtui.times import bytes_text, count, parse_time

if TYPE_CHECKING:
    from flowtui.records.layout import Kind


@click.command("export")
@with_context
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--since", metavar="TIME", help="First day: 2024-01-15, yesterday, 3d.")
@click.option("--until", metavar="TIME", help="Last day.")
@click.option("--transit-gateway", is_flag=True, help="The records of transit gateways in place of those of VPCs.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    context: Context, folder: Path, since: str | None, until: str | None, transit_gateway: bool, output: str
) -> None:
    """Write the workspace's records into FOLDER as Parquet, one file a day in dt=YYYY-MM-DD/.

    Athena, Spark, pandas and DuckDB read such a folder as one table. FOLDER must not exist or be empty; it is there
    when it is whole, or not at all.
    """
    from flowtui.lake.days import export_days
    from flowtui.lake.workspace import Workspace

    if not Workspace.exists(context.settings.workspace):
        raise FlowTuiError(f"There is no workspace {context.settings.workspace}.", "flowtui load makes it.")
    kind: Kind = "tgw" if transit_gateway else "vpc"
    now = context.accounts[0].clock()
    first, last = (parse_time(text, now).date() if text else None for text in (since, until))
    line = StatusLine()
    with closing(export_days(context.workspace(), folder, kind, first, last)) as steps:
        for progress in steps:
            line.show(f"{progress.days:,} of {count(progress.days_total, 'day')} · {count(progress.rows, 'record')}")
    line.clear()
    if output == "json":
        click.echo(
            json.dumps(
                {"folder": str(progress.folder), "days": progress.days, "records": progress.rows}
                | {"bytes": progress.size},
                indent=2,
            )
        )
        return
    click.echo(
        f"Wrote {count(progress.rows, 'record')} of {count(progress.days, 'day')}, {bytes_text(progress.size)}, "
        f"to {progress.folder}."
    )
