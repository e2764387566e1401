"""``flowtui load``: flow log files, folders and S3 objects into the workspace."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import datetime
from typing import TYPE_CHECKING

import click

from flowtui.cli.load_formats import format_options, stated_formats
from flowtui.cli.load_groups import group_sources, is_group
from flowtui.cli.load_report import (
    complain,
    plan_json,
    plan_text,
    progress_line,
    report_json,
    report_text,
    status,
)
from flowtui.cli.options import with_context
from flowtui.cli.tables import StatusLine
from flowtui.context import Context
from flowtui.errors import EXIT_DONE, FlowTuiError, UsageError
from flowtui.times import count, parse_time, parse_until

if TYPE_CHECKING:
    from flowtui.aws.models import StoredObject
    from flowtui.lake.formats import Formats
    from flowtui.lake.sources import Source

_TOLD_EVERY = 500
"""Objects of a listing; a page of it has a thousand."""


@click.command("load")
@with_context
@click.argument("places", metavar="PLACE...", nargs=-1, required=True)
@click.option("--since", metavar="TIME", help="Only objects that can hold records from then on.")
@click.option(
    "--until", metavar="TIME", help="Only objects that can hold records up to then; a day includes all of it."
)
@format_options
@click.option("--dry-run", is_flag=True, help="Say what would be loaded, its cost and time; fetch and load nothing.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    context: Context,
    places: tuple[str, ...],
    since: str | None,
    until: str | None,
    texts: tuple[str, ...],
    flow_logs: tuple[str, ...],
    dry_run: bool,
    output: str,
) -> int:
    """Load flow log files, folders with all below them, s3://bucket/prefix/ and log groups into the workspace.

    A log group is logs://NAME, an ARN, or the id of what it logs (vpc-, subnet-, eni-, fl-); with --since also its bare
    name, where no file has it. Its range is widened to the beginning of its first hour.

    Reads text (.log, .log.gz), Parquet, exports of CloudWatch Logs and the JSON of aws logs filter-log-events, whatever
    fields they have. Loading again adds nothing; an object that changed replaces its records. What cannot be loaded is
    set aside with its reason and the rest is loaded: exit status 3. Refused lines are in vpc_flow_logs.rejected_lines.
    """
    if not all(place.strip() for place in places):
        raise UsageError("An empty path names nothing to load.", "Write . for the folder you are in.")
    now = context.accounts[0].clock()
    first, last = parse_time(since, now) if since else None, parse_until(until, now) if until else None
    if first and last and last < first:
        raise UsageError(f"--until {until} lies before --since {since}.", "Exchange them.")
    from flowtui.lake.workspace import Workspace

    # One that cannot be used is better told before a long listing; one that is not there is not made for nothing.
    there = Workspace.exists(context.settings.workspace)
    if there:
        context.workspace()
    formats = stated_formats(context, texts, flow_logs)
    groups = [place for place in places if is_group(place, ranged=first is not None)]
    if groups and dry_run:
        raise UsageError(
            f"--dry-run cannot tell what is in {groups[0]}: AWS does not say how much a range holds.", "Leave it out."
        )
    places = tuple(place for place in places if place not in groups)
    with ExitStack() as resources:
        sources = [*_files(places, first, last), *_objects(context, places, first, last)]
        sources += group_sources(context, groups, first, last, resources)
        if dry_run:
            from flowtui.lake.plan import plan

            planned = plan(context.workspace() if there else None, sources, formats)
            click.echo(json.dumps(plan_json(planned), indent=2) if output == "json" else plan_text(planned))
            return EXIT_DONE
        return _load(context, sources, formats, output)


def _load(context: Context, sources: Sequence[Source], formats: Formats, output: str) -> int:
    from flowtui.lake.load import load

    report = None
    line = StatusLine()
    # Closed here and now when interrupted: the workspace is closed next, and must be at rest by then.
    with closing(load(context.workspace(), sources, clock=context.accounts[0].clock, formats=formats)) as steps:
        for progress in steps:
            line.show(progress_line(progress))
            report = progress.report
    line.clear()
    assert report is not None  # the last value of a load carries it
    click.echo(json.dumps(report_json(report), indent=2) if output == "json" else report_text(report))
    complain(report)
    return status(report)


def _files(places: Sequence[str], since: datetime | None, until: datetime | None) -> Iterator[Source]:
    paths = [place for place in places if not _is_uri(place)]
    if not paths:
        return
    from flowtui.lake.sources import find_files

    found = find_files(paths, since, until)
    for number, what in ((found.ignored, "not of flow logs by their names"), (found.outside, "outside the time range")):
        if number:
            click.echo(f"Left out {count(number, 'file')} {what}.", err=True)
    yield from found.sources


def _objects(
    context: Context, places: Sequence[str], since: datetime | None, until: datetime | None
) -> Iterator[Source]:
    for uri in filter(_is_uri, places):
        from flowtui.aws.objects import list_objects, parse_s3_uri
        from flowtui.lake.download import s3_sources

        bucket, prefix = parse_s3_uri(uri)
        found: list[StoredObject] = []
        line = StatusLine()
        line.show(f"listing {uri}")
        try:
            for item in list_objects(context.account, bucket, prefix, since, until):
                found.append(item)
                if len(found) % _TOLD_EVERY == 0:
                    line.show(f"{count(len(found), 'object')} so far · listing {uri}")
        finally:
            line.clear()
        if not found:
            within = " in the time range" if since or until else ""
            raise FlowTuiError(
                f"No flow log objects under {uri}{within}.",
                "Check the prefix and the range; delivery takes 10 minutes.",
            )
        yield from s3_sources(context.account, found)


def _is_uri(place: str) -> bool:
    return "://" in place
