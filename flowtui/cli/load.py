"""``flowtui load``: flow log files, folders and S3 objects into the workspace."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from flowtui.cli.options import with_context
from flowtui.context import Context
from flowtui.errors import EXIT_DONE, EXIT_FAILED, EXIT_PARTIAL, FlowTuiError, UsageError
from flowtui.records.labels import clean
from flowtui.times import bytes_text, parse_time, parse_until

if TYPE_CHECKING:
    from flowtui.lake.progress import LoadProgress, LoadReport
    from flowtui.lake.sources import Source

_SHOWN = 20
_LINE_WIDTH = 100


@click.command("load")
@with_context
@click.argument("places", metavar="PATH_OR_S3_URI...", nargs=-1, required=True)
@click.option("--since", help="Only objects that can hold records from then on.")
@click.option("--until", help="Only objects that can hold records up to then; a day includes all of it.")
@click.option("--dry-run", is_flag=True, help="Say what would be loaded; fetch and load nothing.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    context: Context, places: tuple[str, ...], since: str | None, until: str | None, dry_run: bool, output: str
) -> int:
    """Load flow log files, folders with all below them, and s3://bucket/prefix/ into the workspace.

    Loading again adds nothing; an object that changed replaces its records. What cannot be loaded is set aside with
    its reason and the rest is loaded: exit status 3. Refused lines are in vpc_flow_logs.rejected_lines.
    """
    now = context.accounts[0].clock()
    first, last = parse_time(since, now) if since else None, parse_until(until, now) if until else None
    if first and last and last < first:
        raise UsageError(f"--until {until} lies before --since {since}.", "Exchange them.")
    workspace = context.workspace()
    from flowtui.lake.load import load

    sources = [*_files(places, first, last), *_objects(context, places, first, last)]
    report = None
    meter = _Meter()
    # Closed here and now when interrupted: the workspace is closed next, and must be at rest by then.
    with closing(load(workspace, sources, dry_run=dry_run, clock=context.accounts[0].clock)) as steps:
        for progress in steps:
            meter.show(progress)
            report = progress.report
    meter.clear()
    assert report is not None  # the last value of a load carries it
    click.echo(json.dumps(_as_json(report), indent=2) if output == "json" else _text(report))
    _complain(report)
    return _status(report)


def _files(places: Sequence[str], since: datetime | None, until: datetime | None) -> Iterator[Source]:
    paths = [place for place in places if not _is_uri(place)]
    if not paths:
        return
    from flowtui.lake.sources import find_files

    found = find_files(paths, since, until)
    for count, what in ((found.ignored, "not of flow logs by their names"), (found.outside, "outside the time range")):
        if count:
            click.echo(f"Left out {_count(count, 'file')} {what}.", err=True)
    yield from found.sources


def _objects(
    context: Context, places: Sequence[str], since: datetime | None, until: datetime | None
) -> Iterator[Source]:
    for uri in filter(_is_uri, places):
        from flowtui.aws.objects import list_objects, parse_s3_uri
        from flowtui.lake.download import s3_sources

        bucket, prefix = parse_s3_uri(uri)
        found = tuple(list_objects(context.account, bucket, prefix, since, until))
        if not found:
            within = " in the time range" if since or until else ""
            raise FlowTuiError(
                f"No flow log objects under {uri}{within}.",
                "Check the prefix and the range; delivery takes 10 minutes.",
            )
        yield from s3_sources(context.account, found)


def _is_uri(place: str) -> bool:
    return "://" in place


class _Meter:
    """One line on the terminal that says how far the load is; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        self._on = sys.stderr.isatty()

    def show(self, progress: LoadProgress) -> None:
        if self._on:
            click.echo(f"\r{_progress_line(progress):<{_LINE_WIDTH}.{_LINE_WIDTH}}\r", nl=False, err=True)

    def clear(self) -> None:
        if self._on:
            click.echo(f"\r{'':<{_LINE_WIDTH}}\r", nl=False, err=True)


def _progress_line(progress: LoadProgress) -> str:
    parts = [
        f"{progress.stage} {progress.objects_done:,} of {_count(progress.objects_total, 'object')}",
        f"{bytes_text(progress.bytes_done)} of {bytes_text(progress.bytes_total)}",
        _count(progress.records, "record"),
    ]
    if progress.failed:
        parts.append(f"{progress.failed:,} failed")
    return " · ".join(parts)


def _text(report: LoadReport) -> str:
    size = bytes_text(report.size)
    known = f"{_count(report.skipped, 'object')} already in the workspace"
    if report.dry_run:
        return f"Would load {_count(report.objects, 'object')}, {size}. {known[0].upper()}{known[1:]}."
    lines = [
        f"Loaded {_count(report.records, 'record')} from {_count(report.objects, 'object')}, {size}, "
        f"in {report.elapsed_s:.1f} s."
    ]
    if report.skipped:
        lines.append(f"  {known}")
    if report.first_start is not None and report.last_end is not None:
        lines.append(f"  from {_moment(report.first_start)} to {_moment(report.last_end)} UTC")
    for total in report.layouts:
        kind = "transit gateway" if total.layout.kind == "tgw" else "version"
        unknown = f", unknown: {', '.join(map(clean, total.layout.unknown))}" if total.layout.unknown else ""
        lines.append(
            f"  {kind} {total.layout.version}, {_count(len(total.layout.names), 'field')}{unknown}: "
            f"{_count(total.records, 'record')} in {_count(total.objects, 'object')}"
        )
    return "\n".join(lines)


def _complain(report: LoadReport) -> None:
    """Say on stderr what was refused."""
    for failure in report.failed[:_SHOWN]:
        click.secho(f"Not loaded: {clean(failure.name)}: {clean(failure.reason)}", err=True, fg="red")
    if len(report.failed) > _SHOWN:
        click.echo(f"… and {_count(len(report.failed) - _SHOWN, 'object')} more; --output json lists all.", err=True)
    for failure in report.rejected_in[:_SHOWN]:
        click.secho(f"{clean(failure.name)}: {failure.reason}", err=True, fg="yellow")
    if len(report.rejected_in) > _SHOWN:
        click.echo(f"… and in {_count(len(report.rejected_in) - _SHOWN, 'object')} more.", err=True)
    if report.rejected:
        click.echo("See them: SELECT * FROM vpc_flow_logs.rejected_lines", err=True)
    if report.untried:
        click.secho(f"{_count(report.untried, 'object')} not tried: {clean(report.stopped_by)}", err=True, fg="red")


def _status(report: LoadReport) -> int:
    if report.failed and not report.objects and not report.skipped:
        return EXIT_FAILED
    return EXIT_PARTIAL if report.partial else EXIT_DONE


def _as_json(report: LoadReport) -> dict[str, object]:
    layouts = [
        {"kind": total.layout.kind, "fields": list(total.layout.names), "objects": total.objects}
        | {"records": total.records}
        for total in report.layouts
    ]
    return asdict(report) | {"layouts": layouts}


def _moment(seconds: int) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError, OSError):
        return f"Unix second {seconds}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
