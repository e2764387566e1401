"""Coverage as rows of the VPC list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Final

from flowtui.aws.models import RegionRefusal
from flowtui.insight.coverage import State, VpcCoverage
from flowtui.insight.coverage_text import refusal_text
from flowtui.times import age_text
from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.states import STATE_STYLES, state_symbol
from flowtui.tui.widgets.table import Cell, Column, Row

# Least important leave first: at 80 columns coverage, id, name, region, destinations and age remain.
COLUMNS = (
    Column("coverage", "  Coverage", most=26),
    Column("vpc", "VPC", least=13, drop=2, middle=True),
    Column("name", "Name", least=16, most=28),
    Column("cidr", "CIDR", drop=4),
    Column("region", "Region", drop=3),
    Column("account", "Account", drop=10),
    Column("to", "To", drop=1),
    Column("traffic", "Traffic", drop=9),
    Column("version", "Ver", drop=7),
    Column("interval", "Intv", right=True, drop=8),
    Column("enis", "ENIs", right=True, drop=5),
    Column("newest", "Newest", right=True),
)


class Unread(Enum):
    """What stands for the newest record where it could not be read."""

    UNREAD = "unread"


UNREAD: Final = Unread.UNREAD
Newest = Mapping[str, datetime | Unread | None]
"""Newest record by flow log id; None where there is none; absent while it is not known."""


def newest_of(item: VpcCoverage, newest: Newest) -> datetime | None:
    """The newest record of any of a VPC's flow logs."""
    known = [moment for log in item.flow_logs if isinstance(moment := newest.get(log.id), datetime)]
    return max(known, default=None)


def vpc_row(key: str, item: VpcCoverage, newest: Newest, now: datetime, glyphs: Glyphs, *, account: bool) -> Row:
    """One VPC; ``account`` tells its account too, which the header does where there is only one."""
    vpc = item.vpc
    none = Cell(glyphs.dash, "muted", "")
    moment = newest_of(item, newest)
    looked = any(log.id in newest for log in item.flow_logs)
    if moment is not None:
        age_s = (now - moment).total_seconds()
        newest_cell = Cell(age_text(age_s), "", age_s)
    elif any(newest.get(log.id) is UNREAD for log in item.flow_logs):
        newest_cell = Cell(glyphs.unknown, "muted", "")
    else:
        newest_cell = none if looked or not item.flow_logs else Cell(glyphs.ellipsis, "muted", "")
    count = item.interface_count
    cells = {
        "coverage": Cell(
            f"{state_symbol(item.state, glyphs)} {item.label}", STATE_STYLES[item.state], _rank(item.state)
        ),
        "vpc": Cell(vpc.id),
        "name": Cell(vpc.name, "strong") if vpc.name else none,
        "cidr": Cell(vpc.cidr + (f" +{len(vpc.cidrs) - 1}" if len(vpc.cidrs) > 1 else "")),
        "region": Cell(vpc.region),
        "to": Cell(" ".join(item.destinations)) if item.destinations else none,
        "traffic": Cell(item.traffic) if item.traffic else none,
        "version": Cell(f"v{item.version}", "", item.version) if item.version else none,
        "interval": Cell(f"{item.interval_s}s", "", item.interval_s) if item.interval_s else none,
        "enis": Cell(glyphs.unknown if count is None else str(count), "", -1 if count is None else count),
        "newest": newest_cell,
    }
    if account:
        cells["account"] = Cell(vpc.account_id)
    return Row(key, cells)


def row_key(seen_by: str, item: VpcCoverage) -> str:
    """Identifies a VPC as seen by the account called so: a shared one is seen from several, and acted on in one."""
    return f"{seen_by}/{item.vpc.account_id}/{item.vpc.region}/{item.vpc.id}"


def refusal_key(refusal: RegionRefusal) -> str:
    """Identifies a refusal."""
    return f"!{refusal.account_id}/{refusal.region}/{refusal.error.message}"


def refusal_row(refusal: RegionRefusal, glyphs: Glyphs) -> Row:
    """A region, or account, that could not be listed."""
    place = refusal.region or refusal.account_id or "account"
    text = f"{glyphs.warning} {place}   {refusal_text(refusal)}"
    return Row(refusal_key(refusal), {}, Cell(text, "warn"))


def _rank(state: State) -> int:
    """What needs a look comes first when sorted."""
    order = (State.FAILING, State.NONE, State.PARTIAL, State.UNKNOWN, State.STARTING, State.ACTIVE)
    return order.index(state)
