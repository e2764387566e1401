"""``flowtui ddl``: the Athena tables for a flow log, printed or made."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from flowtui.cli.athena import settings_of
from flowtui.cli.options import with_context
from flowtui.context import Context
from flowtui.errors import EXIT_DONE, EXIT_FAILED, ReadOnlyError, UsageError
from flowtui.records.labels import clean

if TYPE_CHECKING:
    from flowtui.aws.models import FlowLog
    from flowtui.config import Settings
    from flowtui.sql.ddl import Ddl

_MOST_DAYS = 366


@click.command("ddl")
@with_context
@click.argument("target", metavar="ID")
@click.option("--projection", is_flag=True, help="Partition projection: nothing has to be added day by day.")
@click.option("--since", metavar="TIME", help="First day whose partition is added: 3d, 2024-01-15.")
@click.option("--until", metavar="TIME", help="Last day; today by default.")
@click.option("--database", metavar="NAME", help="Database; the setting athena_database by default.")
@click.option("--table", metavar="NAME", default="", help="Table; named after its kind of partitions by default.")
@click.option("--run", "execute", is_flag=True, help="Run it on Athena, after a question.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--workgroup", metavar="NAME", help="Athena: workgroup, instead of the setting athena_workgroup.")
@click.option("--output-location", metavar="S3_URI", help="Athena: where results go, s3://…")
@click.option("--output", type=click.Choice(["sql", "json"]), default="sql", show_default=True)
def command(
    context: Context,
    target: str,
    projection: bool,
    since: str | None,
    until: str | None,
    database: str | None,
    table: str,
    execute: bool,
    yes: bool,
    workgroup: str | None,
    output_location: str | None,
    output: str,
) -> int:
    """Print CREATE DATABASE, CREATE EXTERNAL TABLE and partitions for a flow log that writes to S3.

    ID is a flow log (fl-…), or the VPC, subnet or interface it watches. Columns, location and partitions are those of
    its own record format, file format and destination options. stdout carries the statements alone.
    """
    from flowtui.aws.flow_logs import s3_flow_logs
    from flowtui.sql.ddl import ddl

    settings = settings_of(context, workgroup, database, output_location, None)
    days = _days(context, since, until, projection=projection)
    known = s3_flow_logs(context.account)
    made = ddl(
        _chosen(known, target),
        projection=projection,
        days=days,
        database=settings.athena_database,
        table=table,
        others=known,
    )
    for remark in made.remarks:
        click.secho(clean(f"note: {remark}"), err=True, fg="yellow")
    if output == "json":
        shown = {"database": made.database, "table": made.table, "statements": made.statements}
        click.echo(json.dumps(shown, indent=2))
    else:
        click.echo(made.text, nl=False)
    return _run(context, settings, made, yes=yes) if execute else EXIT_DONE


def _days(context: Context, since: str | None, until: str | None, *, projection: bool) -> list[date]:
    from flowtui.times import parse_time, parse_until

    if since is None:
        if until is not None:
            raise UsageError("--until needs --since.", "Name the first day too.")
        return []
    if projection:
        raise UsageError("With --projection no day has to be added.", "Leave out --since and --until.")
    now = context.account.clock()
    first = parse_time(since, now).date()
    last = (parse_until(until, now) - timedelta(microseconds=1)).date() if until else now.date()
    count = (last - first).days + 1
    if not 0 < count <= _MOST_DAYS:
        raise UsageError(f"{first} to {last} are {max(count, 0):,} days.", f"1 to {_MOST_DAYS} at a time.")
    return [first + timedelta(days=number) for number in range(count)]


def _chosen(known: Sequence[FlowLog], target: str) -> FlowLog:
    found = [one for one in known if target in (one.id, one.resource_id)]
    if len(found) == 1:
        return found[0]
    if not found:
        there = ", ".join(one.id for one in known[:10]) or "none"
        what = f"{target} is no flow log" if target.startswith("fl-") else f"{target} has no flow log"
        raise UsageError(f"{what} that writes to S3.", f"Flow logs that do: {there}.")
    raise UsageError(f"Several flow logs of {target} write to S3.", f"Name one: {', '.join(one.id for one in found)}.")


def _run(context: Context, settings: Settings, made: Ddl, *, yes: bool) -> int:
    from flowtui.sql.athena_engine import AthenaEngine, place_of

    account = context.account
    if account.read_only:
        raise ReadOnlyError("Nothing was made: flowtui is read-only.", "Leave --read-only out to make tables.")
    place = place_of(account, settings)
    count = len(made.statements)
    question = f"Run these {count} statements on Athena in {account.home_region} ({place.told})?"
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("There is no terminal to ask on.", "Add --yes to make the table.")
        if not click.confirm(clean(question), default=False, err=True):
            click.echo("Not run.", err=True)
            return EXIT_FAILED
    engine = AthenaEngine(account, place)
    for number, statement in enumerate(made.statements, 1):
        engine.run(statement)
        click.echo(clean(f"{number} of {count} done: {statement.partition(chr(10))[0]}"), err=True)
    return EXIT_DONE
