"""``flowtui tail``: records of VPCs, subnets, interfaces, instances, flow logs or log groups, as they arrive."""

from __future__ import annotations

import json
import select
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from flowtui.cli.options import with_context
from flowtui.cli.tables import terminal_width
from flowtui.cli.tail_narrator import Narrator
from flowtui.cli.tail_table import TailTable
from flowtui.context import Context
from flowtui.errors import UsageError
from flowtui.records import labels
from flowtui.records.filter import Filter, FilterError, UnknownField
from flowtui.times import parse_time, parse_until

if TYPE_CHECKING:
    from flowtui.aws.tail import TailBatch, TailLine


@click.command("tail")
@with_context
@click.argument("targets", metavar="ID...", nargs=-1, required=True)
@click.option("--since", metavar="TIME", default="10m", show_default=True, help="Start of the first record.")
@click.option("--until", metavar="TIME", help="Start of the last record; implies --no-follow.")
@click.option("--filter", "filters", multiple=True, metavar="EXPR", help="Terms that must hold; may be repeated.")
@click.option("--follow/--no-follow", default=None, help="Go on with records as they arrive (default).")
@click.option("--poll", is_flag=True, help="Do not use Live Tail, which AWS bills by the minute.")
@click.option("--keep/--no-keep", default=None, help="Keep records in the workspace, as vpc_flow_logs.live (default).")
@click.option("--output", type=click.Choice(["table", "raw", "json"]), default="table", show_default=True)
@click.option("--tui", is_flag=True, help="Open the app at its Tail screen.")
def command(
    context: Context,
    targets: tuple[str, ...],
    since: str,
    until: str | None,
    filters: tuple[str, ...],
    follow: bool | None,
    poll: bool,
    keep: bool | None,
    output: str,
    tui: bool,
) -> int | None:
    """Records of VPCs, subnets, interfaces, instances, flow logs or log groups; several are merged.

    \b
    EXPR is made of terms, all of which must hold:
      web   "two words"   /10\\.0\\.[01]\\./    the line contains or matches
      action=REJECT  dstport=22,80  port=ssh   fields, numbers, names, ranges
      src=10.0.0.0/16  addr=2001:db8::/32      addresses and blocks
      bytes>1000000   !dstport=123             comparisons; ! is not
    """
    if until and follow:
        raise UsageError("--until and --follow exclude each other.", "Leave one out.")
    if not all(target.strip() for target in targets):
        raise UsageError("There is nothing to tail.", "Name a VPC, subnet, interface, flow log or log group.")
    _filter(filters)
    if keep is not None:
        context.settings = replace(context.settings, live=keep)
    if tui:
        return _app(context, targets)
    account = context.account
    now = account.clock()
    begin, end = parse_time(since, now), parse_until(until, now) if until else None
    if end is not None and end < begin:
        raise UsageError(f"--until {until} lies before --since {since}.", "Exchange them.")
    from flowtui.aws.tail import TailBatch, resolve, tail

    source = resolve(account, *targets)
    wanted = _filter(filters, source.fields)
    if begin > now:
        moment = f"{begin:%Y-%m-%d %H:%M:%S} UTC"
        source = replace(source, notes=(*source.notes, f"--since {moment} is yet to come; no older record is shown"))
    narrator = Narrator(source)
    table = TailTable.fitted(terminal_width(), context.settings.ascii)
    form = {"raw": _raw, "json": _json, "table": table.row}[output]
    if output == "table":
        click.echo(table.header)
        sys.stdout.flush()
    following = not until if follow is None else follow
    news = tail(account, source, since=begin, until=end, follow=following, live=not poll)
    # Closed here and now when interrupted, so that records on their way into the workspace get there.
    with closing(context.kept(news, source.layouts, hold=False)) as kept:
        for item in kept:
            if isinstance(item, TailBatch):
                _print(item, wanted, form)
            else:
                narrator.tell(item)
                _check_reader()
    narrator.close()
    return None


def _app(context: Context, targets: tuple[str, ...]) -> int:
    if len(targets) > 1:
        raise UsageError("--tui opens one target.", "Name one, or leave --tui out.")
    click_context = click.get_current_context()
    for name in ("since", "until", "filters", "follow", "poll", "output"):
        if click_context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            option = "--filter" if name == "filters" else f"--{name}"
            raise UsageError(f"--tui takes no {option}.", "In the app 0 to 6 choose where it begins, / filters.")
    from flowtui.cli.root import need_a_terminal

    need_a_terminal()
    from flowtui.tui.app import run_app
    from flowtui.tui.requests import TailRequest

    return run_app(context, TailRequest(targets[0]))


def _filter(texts: tuple[str, ...], fields: frozenset[str] | None = None) -> Filter:
    """The filters as one; None for ``fields`` judges everything but names, which the layouts may yet have."""
    combined = Filter()
    for text in texts:
        try:
            combined &= Filter.parse(text, fields or ())
        except FilterError as error:
            if fields is None and isinstance(error, UnknownField):
                continue
            raise UsageError(f"--filter {text!r}: {error}", "flowtui tail --help shows the terms.") from None
    return combined


def _print(batch: TailBatch, wanted: Filter, form: Callable[[TailLine], str]) -> None:
    lines = [form(line) for line in batch.lines if wanted.matches(line.record or line.event.message)]
    if lines:
        click.echo("\n".join(lines))
        sys.stdout.flush()


def _check_reader() -> None:
    """End a tail whose reader went away (``| head``), also where no record comes that would hit on it.

    Raises:
        BrokenPipeError: nobody reads stdout any more.
    """
    if not hasattr(select, "poll"):
        return
    try:
        poll = select.poll()
        poll.register(sys.stdout, 0)
    except (OSError, ValueError):
        # A test's stdout, or one that was closed, is no pipe that somebody left.
        return
    if any(event & select.POLLERR for _, event in poll.poll(0)):
        raise BrokenPipeError


def _raw(line: TailLine) -> str:
    """The message as it is for a pipe, made harmless for a terminal."""
    message = line.event.message.rstrip("\r\n")
    return labels.clean(message) if sys.stdout.isatty() else message


def _json(line: TailLine) -> str:
    """One object a line: fields by column name, and where the record came from."""
    found: dict[str, object] = {
        "@timestamp": _utc(line.event.timestamp_ms).isoformat().replace("+00:00", "Z"),
        "@stream": line.event.stream,
    }
    if line.record is None:
        found |= {"@unparsed": line.reason, "@message": line.event.message}
    else:
        found |= zip(line.record.layout.columns, line.record.values, strict=True)
    return json.dumps(found)


def _utc(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
