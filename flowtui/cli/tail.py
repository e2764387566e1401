"""``flowtui tail``: records of a VPC, subnet, interface, flow log or log group, as they arrive."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from flowtui.cli.options import with_context
from flowtui.cli.tables import terminal_width
from flowtui.cli.tail_table import TailTable
from flowtui.context import Context
from flowtui.errors import UsageError
from flowtui.records import labels
from flowtui.records.filter import Filter, FilterError
from flowtui.times import age_text, parse_time, parse_until

if TYPE_CHECKING:
    from flowtui.aws.tail import TailBatch, TailLine, TailStatus


@click.command("tail")
@with_context
@click.argument("target", metavar="ID")
@click.option("--since", default="10m", show_default=True, help="Start of the first record.")
@click.option("--until", help="Start of the last record; implies --no-follow.")
@click.option("--filter", "filters", multiple=True, metavar="EXPR", help="Terms that must hold; may be repeated.")
@click.option("--follow/--no-follow", default=None, help="Go on with records as they arrive (default).")
@click.option("--output", type=click.Choice(["table", "raw", "json"]), default="table", show_default=True)
def command(
    context: Context,
    target: str,
    since: str,
    until: str | None,
    filters: tuple[str, ...],
    follow: bool | None,
    output: str,
) -> None:
    """Records of a VPC, subnet, interface, instance, flow log or log group.

    \b
    EXPR is made of terms, all of which must hold:
      web   "two words"   /10\\.0\\.[01]\\./    the line contains or matches
      action=REJECT  dstport=22,80  port=ssh   fields, numbers, names, ranges
      src=10.0.0.0/16  addr=2001:db8::/32      addresses and blocks
      bytes>1000000   !dstport=123             comparisons; ! is not
    """
    if until and follow:
        raise UsageError("--until and --follow exclude each other.", "Leave one out.")
    if not target.strip():
        raise UsageError("There is nothing to tail.", "Name a VPC, subnet, interface, flow log or log group.")
    wanted = _filter(filters)
    account = context.account
    now = account.clock()
    begin, end = parse_time(since, now), parse_until(until, now) if until else None
    if end is not None and end < begin:
        raise UsageError(f"--until {until} lies before --since {since}.", "Exchange them.")
    from flowtui.aws.tail import TailBatch, TailStatus, resolve, tail

    source = resolve(account, target)
    narrator = _Narrator(source.label, source.group, source.region)
    for note in source.notes:
        click.echo(f"note: {labels.clean(note)}", err=True)
    table = TailTable.fitted(terminal_width(), context.settings.ascii)
    form = {"raw": _raw, "json": _json, "table": table.row}[output]
    if output == "table":
        click.echo(table.header)
    following = not until if follow is None else follow
    for event in tail(account, source, since=begin, until=end, follow=following):
        if isinstance(event, TailBatch):
            _print(event, wanted, form)
        elif isinstance(event, TailStatus):
            narrator.tell(event)
    narrator.close()


def _filter(texts: tuple[str, ...]) -> Filter:
    combined = Filter()
    for text in texts:
        try:
            combined &= Filter.parse(text)
        except FilterError as error:
            raise UsageError(f"--filter {text!r}: {error}", "flowtui tail --help shows the terms.") from None
    return combined


def _print(batch: TailBatch, wanted: Filter, form: Callable[[TailLine], str]) -> None:
    lines = [form(line) for line in batch.lines if wanted.matches(line.record or line.event.message)]
    if lines:
        click.echo("\n".join(lines))
        sys.stdout.flush()


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


class _Narrator:
    """Tells on stderr how the tail is doing: on a terminal always, else only trouble and its end."""

    def __init__(self, label: str, group: str, region: str) -> None:
        self._terminal = sys.stderr.isatty()
        self._trouble = ""
        self._last: TailStatus | None = None
        if self._terminal:
            click.echo(labels.clean(f"tailing {label}: log group {group} in {region}"), err=True)

    def tell(self, status: TailStatus) -> None:
        """Say what changed."""
        first = self._last is None
        self._last = status
        if status.trouble != self._trouble:
            self._trouble = status.trouble
            if status.trouble:
                click.echo(labels.clean(f"{status.trouble}; trying again in {status.waiting_s:.0f} s"), err=True)
            else:
                click.echo("going on", err=True)
        elif self._terminal and first:
            click.echo(" · ".join(self._parts(status)), err=True)

    def close(self) -> None:
        """Say what came."""
        if self._last is None:
            return
        if self._terminal or self._last.unparsed:
            click.echo(" · ".join(self._parts(self._last)), err=True)

    def _parts(self, status: TailStatus) -> Iterator[str]:
        yield status.mode
        yield f"{status.received} records"
        if status.unparsed:
            yield f"{status.unparsed} of them fit no known format"
        if status.lag_s is not None:
            yield f"newest {age_text(status.lag_s)} old"
