"""``flowtui vpcs``: coverage of every VPC by flow logs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from flowtui.cli.options import with_context
from flowtui.cli.tables import StatusLine
from flowtui.cli.vpcs_output import WRITERS, Listing
from flowtui.context import Context
from flowtui.errors import EXIT_DONE, EXIT_FAILED, EXIT_PARTIAL
from flowtui.records.labels import clean

if TYPE_CHECKING:
    from flowtui.aws.session import Account


@click.command("vpcs")
@with_context
@click.option("--output", type=click.Choice(list(WRITERS)), default="table", show_default=True)
@click.option("--newest/--no-newest", default=True, show_default=True, help="Ask the destinations for newest records.")
def command(context: Context, output: str, newest: bool) -> int:
    """Coverage of every VPC of the chosen profiles and regions by flow logs.

    Exit status 3 when some region could not be listed, 1 when none could.
    """
    from flowtui.cli import report

    status = StatusLine()
    try:
        listing = _scan(context.accounts, status)
        if newest:
            _ask_newest(listing, status)
    finally:
        status.clear()
    WRITERS[output](listing, context.settings.ascii)
    for refusal in listing.refusals:
        report(refusal.error)
    if not listing.refusals:
        return EXIT_DONE
    return EXIT_PARTIAL if listing.regions else EXIT_FAILED


def _scan(accounts: Sequence[Account], status: StatusLine) -> Listing:
    from flowtui.aws.inventory import scan
    from flowtui.aws.models import RegionRefusal

    listing = Listing(accounts)
    status.show("listing VPCs and flow logs …")
    for answer in scan(accounts):
        if isinstance(answer, RegionRefusal):
            listing.refusals.append(answer)
        else:
            listing.add(answer)
        status.show(f"{len(listing.lines)} VPCs, regions listed: {listing.regions} …")
    listing.sort()
    return listing


def _ask_newest(listing: Listing, status: StatusLine) -> None:
    from flowtui.aws.freshness import freshness

    logs = [(line.account, log) for line in listing.lines for log in line.coverage.flow_logs]
    reasons: dict[str, int] = {}
    for answer in freshness(logs):
        if answer.error is None:
            listing.newest[answer.flow_log.id] = answer.newest
        else:
            reasons[answer.error.message] = reasons.get(answer.error.message, 0) + 1
        status.show(f"newest records {len(listing.newest)}/{len(logs)} …")
    status.clear()
    for reason, count in reasons.items():
        noun = "flow log" if count == 1 else "flow logs"
        click.echo(f"newest record of {count} {noun} unknown: {clean(reason)}", err=True)
