"""What Detail shows of one VPC, gathered off the event loop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Event

from flowtui.aws.evidence import gather
from flowtui.aws.flow_logs import list_flow_logs
from flowtui.aws.interfaces import list_interfaces
from flowtui.aws.models import FlowLog, Interface, Subnet, Vpc
from flowtui.aws.session import Account
from flowtui.aws.vpcs import list_subnets
from flowtui.errors import FlowTuiError
from flowtui.insight.doctor import Finding, examine


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Flow logs at every level, interfaces by name, subnets. ``refusals`` tells which of them could not be listed."""

    flow_logs: tuple[FlowLog, ...]
    interfaces: tuple[Interface, ...]
    subnets: tuple[Subnet, ...]
    now: datetime
    refusals: tuple[FlowTuiError, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The doctor's findings."""

    findings: tuple[Finding, ...]


def look(account: Account, vpc: Vpc, stop: Event) -> Iterator[Surroundings | Diagnosis]:
    """First what there is, then, as it takes longer, what is right and wrong with it.

    Raises:
        FlowTuiError: the VPC's region could not be read at all.
    """
    yield surroundings(account, vpc)
    if not stop.is_set():
        yield Diagnosis(tuple(examine(gather(account.in_regions((vpc.region,)), vpc.id))))


def surroundings(account: Account, vpc: Vpc) -> Surroundings:
    """List what belongs to the VPC; a kind that is refused is empty and told."""
    refusals: list[FlowTuiError] = []
    subnets: tuple[Subnet, ...] = ()
    interfaces: tuple[Interface, ...] = ()
    logs: tuple[FlowLog, ...] = ()
    try:
        subnets = list_subnets(account, vpc.region, vpc.id)
    except FlowTuiError as error:
        refusals.append(error)
    try:
        interfaces = list_interfaces(account, vpc.region, vpc.id)
    except FlowTuiError as error:
        refusals.append(error)
    try:
        inside = {vpc.id, *(subnet.id for subnet in subnets), *(interface.id for interface in interfaces)}
        logs = tuple(log for log in list_flow_logs(account, vpc.region) if log.resource_id in inside)
    except FlowTuiError as error:
        refusals.append(error)
    order = {"vpc": 0, "subnet": 1, "eni": 2}
    return Surroundings(
        tuple(sorted(logs, key=lambda log: (order.get(log.resource_id.partition("-")[0], 3), log.id))),
        tuple(sorted(interfaces, key=lambda interface: (interface.owner.casefold(), interface.id))),
        subnets,
        account.clock(),
        tuple(refusals),
    )
