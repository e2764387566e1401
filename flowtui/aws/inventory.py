"""What accounts have in their regions, as it arrives: for the VPC screen, and for snapshots in the workspace.

One paginated call a kind and region, no call a VPC. What may not be listed is told by name while the rest arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from flowtui.aws.flow_logs import list_flow_logs
from flowtui.aws.interfaces import list_instances, list_interfaces
from flowtui.aws.models import FlowLog, Instance, Interface, RegionRefusal, SecurityGroup, Subnet, Vpc
from flowtui.aws.parallel import Pool
from flowtui.aws.security import list_security_groups
from flowtui.aws.session import Account
from flowtui.aws.vpcs import list_subnets, list_vpcs
from flowtui.errors import AwsError, FlowTuiError

THREADS = 16

_Items = (
    tuple[Vpc, ...]
    | tuple[Subnet, ...]
    | tuple[Interface, ...]
    | tuple[FlowLog, ...]
    | tuple[Instance, ...]
    | tuple[SecurityGroup, ...]
)
Lister = Callable[[Account, str], _Items]


@dataclass(frozen=True, slots=True)
class RegionInventory:
    """What one account has in one region.

    ``account_id`` is the caller's. ``refused`` names the kinds that were asked for and could not be listed (by this
    class's own names) with the reason; such a kind is empty here because it is unknown, not because there is none. In
    :data:`SCREEN_KINDS` interfaces of instances go by instance id, in :data:`SNAPSHOT_KINDS` by name.
    """

    account: Account
    account_id: str
    region: str
    vpcs: tuple[Vpc, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    interfaces: tuple[Interface, ...] = ()
    flow_logs: tuple[FlowLog, ...] = ()
    instances: tuple[Instance, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    refused: Mapping[str, FlowTuiError] = field(default_factory=dict)


SCREEN_KINDS: Mapping[str, Lister] = {
    "vpcs": list_vpcs,
    "subnets": list_subnets,
    "interfaces": partial(list_interfaces, names=False),
    "flow_logs": list_flow_logs,
}
SNAPSHOT_KINDS: Mapping[str, Lister] = {
    "vpcs": list_vpcs,
    "interfaces": list_interfaces,
    "instances": list_instances,
    "security_groups": list_security_groups,
}


@dataclass(slots=True)
class _Region:
    """A region while its kinds arrive."""

    account: Account
    account_id: str
    region: str
    kinds: Mapping[str, Lister]
    items: dict[str, _Items] = field(default_factory=dict)
    refused: dict[str, FlowTuiError] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return len(self.items) + len(self.refused) == len(self.kinds)


@dataclass(frozen=True, slots=True)
class _Regions:
    """The regions of one account, or why they are not known."""

    account: Account
    account_id: str = ""
    names: tuple[str, ...] = ()
    error: FlowTuiError | None = None


@dataclass(frozen=True, slots=True)
class _Listed:
    """One kind in one region, or why it could not be listed."""

    place: _Region
    kind: str
    items: _Items = ()
    error: FlowTuiError | None = None


def scan(
    accounts: Sequence[Account], *, kinds: Mapping[str, Lister] = SCREEN_KINDS, threads: int = THREADS
) -> Generator[RegionInventory | RegionRefusal, None, None]:
    """List kinds of things everywhere, each region yielded when it is complete.

    A kind that could not be listed gives a :class:`RegionRefusal` (one for all kinds that failed alike) just before
    the region's :class:`RegionInventory`; where every kind failed there is no inventory. An account whose identity or
    regions cannot be told gives one refusal with an empty region. Closing the iterator stops waiting at once; calls
    under way are abandoned.
    """
    with Pool[_Regions | _Listed](threads) as pool:
        for account in accounts:
            pool.submit(partial(_regions, account))
        for answer in pool:
            if isinstance(answer, _Regions):
                if answer.error is not None:
                    yield RegionRefusal("", answer.account_id, answer.error)
                for name in answer.names:
                    place = _Region(answer.account, answer.account_id, name, kinds)
                    for kind in kinds:
                        pool.submit(partial(_list, place, kind))
                continue
            place = answer.place
            if answer.error is not None:
                place.refused[answer.kind] = answer.error
            else:
                place.items[answer.kind] = answer.items
            if place.complete:
                yield from _told(place)


def _regions(account: Account) -> _Regions:
    account_id = ""
    try:
        account_id = account.identity().account_id
        return _Regions(account, account_id, account.regions())
    except FlowTuiError as error:
        return _Regions(account, account_id, error=error)


def _list(place: _Region, kind: str) -> _Listed:
    try:
        return _Listed(place, kind, place.kinds[kind](place.account, place.region))
    except FlowTuiError as error:
        return _Listed(place, kind, error=error)


def _told(place: _Region) -> Iterator[RegionInventory | RegionRefusal]:
    refused = {kind: place.refused[kind] for kind in place.kinds if kind in place.refused}
    reasons: dict[tuple[str, str], FlowTuiError] = {}
    for error in refused.values():
        reasons.setdefault(_likeness(error), error)
    for error in reasons.values():
        yield RegionRefusal(place.region, place.account_id, error)
    if place.items:
        yield RegionInventory(
            place.account,
            place.account_id,
            place.region,
            refused=refused,
            **place.items,  # type: ignore[arg-type]  # each kind's function returns that kind
        )


def _likeness(error: FlowTuiError) -> tuple[str, str]:
    """Equal for failures that need to be told once: a region that is not enabled fails four times."""
    return (error.code, error.action) if isinstance(error, AwsError) else (type(error).__name__, error.message)
