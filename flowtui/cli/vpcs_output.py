"""How ``flowtui vpcs`` shows coverage: table, CSV, JSON."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from flowtui.cli.tables import Column, Row, lay_out, terminal_width, write
from flowtui.errors import AwsError
from flowtui.records.labels import clean
from flowtui.times import age_text

if TYPE_CHECKING:
    from flowtui.aws.inventory import RegionInventory
    from flowtui.aws.models import RegionRefusal
    from flowtui.aws.session import Account
    from flowtui.insight.coverage import VpcCoverage

COLUMNS = (
    Column("Coverage"),
    Column("VPC"),
    Column("Name", least=8),
    Column("CIDR", rank=4),
    Column("Region"),
    Column("Account", rank=8),
    Column("To", rank=2),
    Column("Traffic", rank=6),
    Column("Ver", rank=5),
    Column("Interval", rank=7, right=True),
    Column("ENIs", rank=3, right=True),
    Column("Newest", rank=1, right=True),
)
_COLOURS = {"active": "green", "partial": "yellow", "starting": "yellow", "failing": "red", "unknown": "yellow"}
_NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """One VPC, whose account it was seen through, and when."""

    account: Account
    now: datetime
    coverage: VpcCoverage


@dataclass(slots=True)
class Listing:
    """What one run found. ``newest`` is by flow log id; ``regions`` counts those whose VPCs are known."""

    accounts: Sequence[Account]
    lines: list[Line] = field(default_factory=list)
    refusals: list[RegionRefusal] = field(default_factory=list)
    newest: dict[str, datetime | None] = field(default_factory=dict)
    regions: int = 0

    def add(self, inventory: RegionInventory) -> None:
        """Take a region in."""
        from flowtui.insight.coverage import coverage

        now = inventory.account.clock()
        self.lines += [Line(inventory.account, now, item) for item in coverage(inventory, now)]
        self.regions += "vpcs" not in inventory.refused

    def sort(self) -> None:
        """By account as given, region, name: the same from run to run, however the answers came in."""
        places = {account: place for place, account in enumerate(self.accounts)}
        self.lines.sort(key=lambda line: (places[line.account], *_order(line.coverage)))
        self.refusals.sort(key=lambda refusal: (refusal.account_id, refusal.region))

    def newest_of(self, item: VpcCoverage) -> datetime | None:
        """The newest record any of a VPC's flow logs delivered, as far as known."""
        return max((moment for log in item.flow_logs if (moment := self.newest.get(log.id))), default=None)

    def age_of(self, line: Line) -> str:
        """The newest record's age; ``?`` where some destination was not asked or refused, ``–`` without any record."""
        moment = self.newest_of(line.coverage)
        if moment:
            return age_text((line.now - moment).total_seconds())
        return "?" if any(log.id not in self.newest for log in line.coverage.flow_logs) else _NOTHING


def _order(item: VpcCoverage) -> tuple[str, str, str]:
    return item.vpc.region, item.vpc.name, item.vpc.id


def write_table(listing: Listing, plain: bool) -> None:
    """The VPCs as wide as the terminal, refused regions, totals, and a sentence on each VPC that needs one."""
    from flowtui.insight.coverage import State
    from flowtui.insight.coverage_text import refusal_text, sentence, tally

    rows = [_row(listing, line, plain) for line in listing.lines]
    for refusal in listing.refusals:
        rows.append(Row(note=f"⚠ {refusal.region or refusal.account_id or 'account'}  {refusal_text(refusal)}"))
    items = [line.coverage for line in listing.lines]
    table = lay_out(COLUMNS, rows, terminal_width())
    symbols = [f"{_symbol(state, plain)} {count} {state.value}" for state, count in tally(items).items()]
    notable = [item for item in items if item.state not in (State.ACTIVE, State.NONE) or item.reason]
    count = f"{len(items)} VPC{'s' if len(items) != 1 else ''}"
    lines = [*table.lines, "", "   ".join([count, *symbols])]
    write([*lines, *(f"  {sentence(item)}" for item in notable)], ascii_only=plain)
    if table.left_out:
        click.echo(f"not shown at this width: {', '.join(table.left_out)} (--output csv has all)", err=True)


def _symbol(state: Any, plain: bool) -> str:
    return str(state.ascii if plain else state.symbol)


def _row(listing: Listing, line: Line, plain: bool) -> Row:
    item = line.coverage
    cells = (
        f"{_symbol(item.state, plain)} {item.label}",
        item.vpc.id,
        item.vpc.name or _NOTHING,
        item.vpc.cidr or _NOTHING,
        item.vpc.region,
        item.vpc.account_id,
        " ".join(item.destinations) or _NOTHING,
        item.traffic or _NOTHING,
        f"v{item.version}" if item.version else _NOTHING,
        f"{item.interval_s} s" if item.interval_s else _NOTHING,
        "?" if item.interface_count is None else str(item.interface_count),
        listing.age_of(line),
    )
    return Row(cells, _COLOURS.get(item.state.value, ""))


def record(listing: Listing, line: Line) -> dict[str, Any]:
    """One VPC as data; None is unknown or absent."""
    item, moment = line.coverage, listing.newest_of(line.coverage)
    return {
        "coverage": item.state.value,
        "reason": item.reason,
        "vpc_id": item.vpc.id,
        "name": item.vpc.name,
        "cidr": item.vpc.cidr,
        "region": item.vpc.region,
        "account_id": item.vpc.account_id,
        "profile": line.account.name,
        "destinations": list(item.destinations),
        "traffic_type": item.traffic,
        "format_version": item.version or None,
        "interval_s": item.interval_s or None,
        "interfaces": item.interface_count,
        "interfaces_dark": item.interfaces_dark,
        "subnets": item.subnets_total,
        "subnets_covered": item.subnets_covered,
        "flow_logs": [log.id for log in item.flow_logs],
        "newest_record": moment.isoformat() if moment else None,
        "newest_age_s": int((line.now - moment).total_seconds()) if moment else None,
    }


def write_json(listing: Listing, _: bool) -> None:
    """An object of ``vpcs`` and ``refused``."""
    refused = [
        {
            "region": refusal.region,
            "account_id": refusal.account_id,
            "action": refusal.error.action if isinstance(refusal.error, AwsError) else "",
            "message": refusal.error.message,
            "hint": refusal.error.hint,
        }
        for refusal in listing.refusals
    ]
    records = [record(listing, line) for line in listing.lines]
    click.echo(json.dumps({"vpcs": records, "refused": refused}, indent=2))


def write_csv(listing: Listing, _: bool) -> None:
    """One line a VPC under a header; lists are separated by spaces. Refused regions are on stderr only."""
    records = [record(listing, line) for line in listing.lines]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if records:
        writer.writerow(records[0])
    for entry in records:
        writer.writerow(_flat(value) for value in entry.values())


def _flat(value: Any) -> str:
    if isinstance(value, list):
        return clean(" ".join(value))
    return "" if value is None else clean(str(value))


WRITERS = {"table": write_table, "csv": write_csv, "json": write_json}
