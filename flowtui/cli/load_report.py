"""What ``flowtui load`` prints: the line of progress, the plan of a dry run, the report, and what was refused."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from flowtui.errors import EXIT_DONE, EXIT_FAILED, EXIT_PARTIAL
from flowtui.records.labels import clean
from flowtui.times import bytes_text, count

if TYPE_CHECKING:
    from flowtui.lake.plan import LoadPlan
    from flowtui.lake.progress import LoadProgress, LoadReport
    from flowtui.records.layout import Layout

_SHOWN = 20
_NAMES_SHOWN = 10
_GAPS_SHOWN = 5


def progress_line(progress: LoadProgress) -> str:
    """How far a load is; what matters least stands last, where a narrow terminal cuts."""
    parts = [f"{progress.stage} {progress.objects_done:,} of {count(progress.objects_total, 'object')}"]
    if progress.objects_ready:
        parts[0] += f", {progress.objects_ready:,} ready"
    parts.append(progress.amount)
    if progress.failed:
        parts.append(f"{progress.failed:,} failed")
    parts.append(count(progress.records, "record"))
    return " · ".join(parts)


def plan_text(plan: LoadPlan) -> str:
    """What would be done."""
    from flowtui.insight.cost import money
    from flowtui.lake.plan import PRICES_OF

    known = f"{count(plan.skipped, 'object')} already in the workspace"
    lines = [f"Would load {count(plan.objects, 'object')}, {bytes_text(plan.size)}. {known[0].upper()}{known[1:]}."]
    if plan.objects:
        lines.append(f"  about {count(plan.records, 'record')}, about {max(1, round(plan.seconds))} s")
    if plan.fetched:
        lines.append(
            f"  {count(plan.fetched, 'object')} to fetch, {bytes_text(plan.fetched_size)}: at most {money(plan.usd)}, "
            f"less or nothing within the bucket's region (prices of {PRICES_OF}, us-east-1)"
        )
    return "\n".join(lines)


def plan_json(plan: LoadPlan) -> dict[str, object]:
    """The same for programs."""
    from flowtui.lake.plan import PRICES_OF

    figures = {"estimated_usd": plan.usd, "estimated_seconds": plan.seconds, "prices_of": PRICES_OF}
    return {"dry_run": True} | asdict(plan) | figures


def report_text(report: LoadReport) -> str:
    """What was done."""
    lines = [
        f"Loaded {count(report.records, 'record')} from {count(report.objects, 'object')}, {bytes_text(report.size)}, "
        f"in {report.elapsed_s:.1f} s."
    ]
    if report.skipped:
        lines.append(f"  {count(report.skipped, 'object')} already in the workspace")
    if report.first_start is not None and report.last_end is not None:
        lines.append(f"  from {_moment(report.first_start)} to {_moment(report.last_end)} UTC")
    if report.ok + report.nodata + report.skipdata:
        lines.append(f"  {report.ok:,} OK, {report.nodata:,} NODATA, {report.skipdata:,} SKIPDATA")
    if report.repeated:
        lines.append(f"  {count(report.repeated, 'event')} left out that the same dump has before")
    if report.by_shape:
        lines.append(
            f"  {count(len(report.by_shape), 'object')} without a header, default format by the records' shape"
        )
    for gap in report.slot_gaps[:_GAPS_SHOWN]:
        until = f" to {gap.last:%Y-%m-%d %H:%M}" if gap.last != gap.first else ""
        lines.append(
            f"  {gap.flow_log_id}: no object in {count(gap.missing, 'slot')}, {gap.first:%Y-%m-%d %H:%M}{until}"
        )
    if len(report.slot_gaps) > _GAPS_SHOWN:
        lines.append(f"  … and {count(len(report.slot_gaps) - _GAPS_SHOWN, 'gap')} more; --output json lists all")
    for total in report.layouts:
        kind = "transit gateway" if total.layout.kind == "tgw" else "version"
        lines.append(
            f"  {kind} {total.layout.version}, {count(len(total.layout.names), 'field')}{_unknown(total.layout)}: "
            f"{count(total.records, 'record')} in {count(total.objects, 'object')}"
        )
    return "\n".join(lines)


def _unknown(layout: Layout) -> str:
    names = [clean(name) for name in layout.unknown]
    if not names:
        return ""
    more = f" +{len(names) - _NAMES_SHOWN:,} more" if len(names) > _NAMES_SHOWN else ""
    return f", unknown: {', '.join(names[:_NAMES_SHOWN])}{more}"


def complain(report: LoadReport) -> None:
    """Say on stderr what was refused, and what to do about it."""
    for failure in report.failed[:_SHOWN]:
        click.secho(f"Not loaded: {clean(failure.name)}: {clean(failure.reason)}", err=True, fg="red")
    if len(report.failed) > _SHOWN:
        click.echo(f"… and {count(len(report.failed) - _SHOWN, 'object')} more; --output json lists all.", err=True)
    for failure in report.rejected_in[:_SHOWN]:
        click.secho(f"{clean(failure.name)}: {failure.reason}", err=True, fg="yellow")
    if len(report.rejected_in) > _SHOWN:
        click.echo(f"… and in {count(len(report.rejected_in) - _SHOWN, 'object')} more.", err=True)
    if report.rejected:
        click.echo("See them: SELECT * FROM vpc_flow_logs.rejected_lines", err=True)
    if report.untried:
        click.secho(f"{count(report.untried, 'object')} not tried for the same reason.", err=True, fg="red")
    for hint in report.hints:
        for line in hint.splitlines():
            click.echo(f"  {clean(line)}", err=True)


def status(report: LoadReport) -> int:
    """The exit status."""
    if report.failed and not report.objects and not report.skipped:
        return EXIT_FAILED
    return EXIT_PARTIAL if report.partial else EXIT_DONE


def report_json(report: LoadReport) -> dict[str, object]:
    """The report for programs."""
    layouts = [
        {"kind": total.layout.kind, "fields": list(total.layout.names), "objects": total.objects}
        | {"records": total.records}
        for total in report.layouts
    ]
    gaps = [asdict(gap) | {"first": gap.first.isoformat(), "last": gap.last.isoformat()} for gap in report.slot_gaps]
    return asdict(report) | {"layouts": layouts, "slot_gaps": gaps}


def _moment(seconds: int) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError, OSError):
        return f"Unix second {seconds}"
