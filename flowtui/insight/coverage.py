"""Which VPCs have flow logs, at which level, and whether they deliver.

Pure: the facts come in as an :class:`Inventory`, which both a scanned region and the doctor's evidence are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from flowtui.aws.models import FlowLog, Interface, Subnet, Vpc
from flowtui.errors import AccessDenied, FlowTuiError
from flowtui.records.layout import DEFAULT_LAYOUT, Layout, LayoutError

# How long after an interval its records arrive, seconds
# (https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html, "Aggregation interval").
DELIVERY_S = {"cloud-watch-logs": 300, "s3": 600}
OTHER_DELIVERY_S = 600

_DESTINATIONS = {"cloud-watch-logs": "CW", "s3": "S3", "kinesis-data-firehose": "FH"}


class State(Enum):
    """Coverage of a VPC; the value is the word to show."""

    NONE = "none"
    PARTIAL = "partial"
    STARTING = "starting"
    ACTIVE = "active"
    FAILING = "failing"
    UNKNOWN = "unknown"

    @property
    def symbol(self) -> str:
        """The symbol shown beside the word."""
        return {"none": "◌", "partial": "◐", "starting": "◔", "active": "●", "failing": "✖", "unknown": "?"}[self.value]

    @property
    def ascii(self) -> str:
        """The same where only ASCII can be drawn."""
        return {"none": "-", "partial": "%", "starting": "~", "active": "*", "failing": "X", "unknown": "?"}[self.value]


class Inventory(Protocol):
    """What one account has in one region. Kinds in ``refused`` are empty because they are unknown."""

    @property
    def account_id(self) -> str:
        """The caller's account."""

    @property
    def vpcs(self) -> tuple[Vpc, ...]:
        """VPCs to judge."""

    @property
    def subnets(self) -> tuple[Subnet, ...]:
        """All their subnets."""

    @property
    def interfaces(self) -> tuple[Interface, ...]:
        """All their interfaces."""

    @property
    def flow_logs(self) -> tuple[FlowLog, ...]:
        """Flow logs of the region."""

    @property
    def refused(self) -> Mapping[str, FlowTuiError]:
        """Kinds that could not be listed: ``vpcs``, ``subnets``, ``interfaces``, ``flow_logs``."""


@dataclass(frozen=True, slots=True)
class VpcCoverage:
    """How one VPC is covered.

    ``reason`` says why in words, empty for a plain active or none. ``flow_logs`` are those of the VPC, its subnets and
    its interfaces, the VPC's own first. Counts are None where the kind could not be listed. ``destinations`` are
    ``CW``, ``S3``, ``FH`` (Firehose); ``traffic`` is ``ALL``, ``ACCEPT`` or ``REJECT``, empty without a flow log;
    ``version`` the highest format version (0 without a flow log); ``interval_s`` the shortest aggregation interval.
    ``first_expected`` is when the first record is due while ``starting``.
    """

    vpc: Vpc
    state: State
    reason: str = ""
    flow_logs: tuple[FlowLog, ...] = ()
    subnets_covered: int | None = 0
    subnets_total: int | None = 0
    interfaces_dark: int | None = 0
    interface_count: int | None = 0
    destinations: tuple[str, ...] = ()
    traffic: str = ""
    version: int = 0
    interval_s: int = 0
    first_expected: datetime | None = None

    @property
    def label(self) -> str:
        """The state in a word or three: ``active``, ``partial 3/7 sub``, ``Access error``, ``starting 14:25``."""
        match self.state:
            case State.PARTIAL if self.subnets_covered:
                return f"partial {self.subnets_covered}/{count_text(self.subnets_total)} sub"
            case State.PARTIAL if self.interfaces_dark is not None and self.interface_count is not None:
                return f"partial {self.interface_count - self.interfaces_dark}/{self.interface_count} eni"
            case State.STARTING if self.first_expected:
                return f"starting {self.first_expected:%H:%M}"
            case State.FAILING:
                return next((log.deliver_error for log in self.flow_logs if log.deliver_error), "failing")
        word: str = self.state.value
        return word


def is_failing(log: FlowLog) -> bool:
    """AWS says that deliveries fail."""
    return log.deliver_status == "FAILED" or bool(log.deliver_error)


def first_record_due(log: FlowLog) -> datetime:
    """When the first record of a new flow log can be there: one interval and the delivery after its creation."""
    return due(log.created, log.interval_s, log.destination_type)


def due(made: datetime, interval_s: int, destination: str) -> datetime:
    """When the first record can be there of a flow log made then."""
    return made + timedelta(seconds=interval_s + DELIVERY_S.get(destination, OTHER_DELIVERY_S))


def is_starting(log: FlowLog, now: datetime) -> bool:
    """Too young to have delivered, and nothing was delivered yet."""
    return not log.deliver_status and not is_failing(log) and now < first_record_due(log)


def format_version(log_format: str) -> int:
    """The highest version among a LogFormat's fields; 2, the default format's, for an empty one, 0 for an odd one."""
    try:
        return Layout.from_log_format(log_format).version if log_format else DEFAULT_LAYOUT.version
    except LayoutError:
        return 0


def coverage(inventory: Inventory, now: datetime) -> list[VpcCoverage]:
    """The coverage of each VPC of the inventory, in its order."""
    logs: dict[str, list[FlowLog]] = {}
    for log in inventory.flow_logs:
        logs.setdefault(log.resource_id, []).append(log)
    subnets: dict[str, list[Subnet]] = {}
    for subnet in inventory.subnets:
        subnets.setdefault(subnet.vpc_id, []).append(subnet)
    interfaces: dict[str, list[Interface]] = {}
    for interface in inventory.interfaces:
        interfaces.setdefault(interface.vpc_id, []).append(interface)
    return [
        _judge(_Place(vpc, subnets.get(vpc.id, []), interfaces.get(vpc.id, []), logs, inventory), now)
        for vpc in inventory.vpcs
    ]


class _Place:
    """One VPC with what is in it and the flow logs at each level."""

    def __init__(
        self,
        vpc: Vpc,
        subnets: Sequence[Subnet],
        interfaces: Sequence[Interface],
        logs: Mapping[str, Sequence[FlowLog]],
        inventory: Inventory,
    ) -> None:
        self.vpc = vpc
        self.inventory = inventory
        self.own = tuple(logs.get(vpc.id, ()))
        self.subnet_logs = tuple(log for subnet in subnets for log in logs.get(subnet.id, ()))
        self.interface_logs = tuple(log for interface in interfaces for log in logs.get(interface.id, ()))
        self.logs = self.own + self.subnet_logs + self.interface_logs
        covered = {subnet.id for subnet in subnets if self.own or logs.get(subnet.id)}
        dark = [i for i in interfaces if not (self.own or i.subnet_id in covered or logs.get(i.id))]
        refused = inventory.refused
        self.subnets_total = None if "subnets" in refused else len(subnets)
        self.subnets_covered = None if "subnets" in refused else len(covered)
        self.interface_count = None if "interfaces" in refused else len(interfaces)
        blind = "interfaces" in refused or ("subnets" in refused and not self.own)
        self.interfaces_dark = None if blind else len(dark)


def _judge(place: _Place, now: datetime) -> VpcCoverage:
    state, reason = _state(place, now)
    logs = place.logs
    due = [first_record_due(log) for log in logs if is_starting(log, now)]
    return VpcCoverage(
        place.vpc,
        state,
        reason,
        logs,
        place.subnets_covered,
        place.subnets_total,
        place.interfaces_dark,
        place.interface_count,
        tuple(dict.fromkeys(_DESTINATIONS.get(log.destination_type, log.destination_type) for log in logs)),
        _traffic(logs),
        max((format_version(log.log_format) for log in logs), default=0),
        min((log.interval_s for log in logs), default=0),
        min(due, default=None) if state is State.STARTING else None,
    )


def _state(place: _Place, now: datetime) -> tuple[State, str]:
    failing = [log for log in place.logs if is_failing(log)]
    if failing:
        return State.FAILING, _failure(failing, place.logs)
    if doubt := _doubt(place):
        return State.UNKNOWN, doubt
    if not place.logs:
        return State.NONE, ""
    starting = [log for log in place.logs if is_starting(log, now)]
    whole = place.own or (place.subnets_total and place.subnets_covered == place.subnets_total)
    if not whole:
        return State.PARTIAL, _starting(starting) if starting else ""
    decisive = place.own or place.subnet_logs
    if all(log in starting for log in decisive):
        return State.STARTING, _starting(starting)
    silent = [log for log in decisive if not log.deliver_status and log not in starting]
    return State.ACTIVE, f"{silent[0].id} has not reported a delivery yet" if silent else ""


def _doubt(place: _Place) -> str:
    """Why nothing can be claimed about this VPC, or empty."""
    refused = place.inventory.refused
    if "flow_logs" in refused:
        return f"cannot list flow logs: {_needs(refused['flow_logs'])}"
    if place.own:
        return ""
    shared = place.vpc.account_id and place.vpc.account_id != place.inventory.account_id
    if shared and place.inventory.account_id:
        # DescribeFlowLogs tells of the caller's own flow logs only.
        return f"shared by account {place.vpc.account_id}, whose flow logs cannot be seen from here"
    for kind, prefix in (("subnets", "subnet-"), ("interfaces", "eni-")):
        if kind in refused and any(log.resource_id.startswith(prefix) for log in place.inventory.flow_logs):
            return f"cannot list {kind}: {_needs(refused[kind])}"
    return ""


def _failure(failing: Sequence[FlowLog], logs: Sequence[FlowLog]) -> str:
    first = failing[0]
    words = first.deliver_error or "delivery failed"
    target = _DESTINATIONS.get(first.destination_type, first.destination_type)
    share = f"; {len(failing)} of {len(logs)} flow logs fail" if len(logs) > 1 else ""
    return f"{words} ({first.id} to {target}{share})"


def _starting(starting: Iterable[FlowLog]) -> str:
    return f"first record expected {min(first_record_due(log) for log in starting):%H:%M} UTC"


def _traffic(logs: Sequence[FlowLog]) -> str:
    kinds = {log.traffic_type for log in logs if log.traffic_type}
    return "ALL" if "ALL" in kinds or len(kinds) > 1 else next(iter(kinds), "")


def _needs(error: FlowTuiError) -> str:
    return f"needs {error.action}" if isinstance(error, AccessDenied) and error.action else error.message


def count_text(number: int | None) -> str:
    """A count, or ``?`` for one that is not known."""
    return "?" if number is None else str(number)
