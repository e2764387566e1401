"""The traffic of the simulated network: a pure function of VPC, window and aggregation interval."""

from __future__ import annotations

from functools import lru_cache

from flowtui.demo.network import Interface, Vpc
from flowtui.demo.stage import Flow, Stage
from flowtui.demo.stories import STORIES
from flowtui.demo.world import SEED, world

# Enough for two hours of minutes in one VPC, or the windows that overlapping polls of several VPCs come back to.
_WINDOWS = 160


@lru_cache(maxsize=_WINDOWS)
def window(vpc_id: str, start: int, length: int) -> tuple[Flow, ...]:
    """Every flow the interfaces of a VPC saw in the window that begins at ``start``, ``length`` seconds long."""
    stage = Stage(world().by_id[vpc_id], start, length, f"{SEED}:{vpc_id}:{start}:{length}")
    for story in STORIES:
        story(stage)
    return tuple(stage.flows)


def observed(resource_id: str, start: int, length: int, traffic_type: str) -> list[Flow]:
    """What a flow log on a VPC, subnet or interface records of a window.

    Interfaces without matching traffic are told with NODATA; now and then a busy one loses records and says SKIPDATA.

    Args:
        resource_id: what the flow log is on.
        start: first second of the window, Unix time, a multiple of ``length``.
        length: aggregation interval in seconds.
        traffic_type: ``ALL``, ``ACCEPT`` or ``REJECT``.
    """
    vpc = world().vpc_of(resource_id)
    if vpc is None:
        return []
    covered = _covered(vpc, resource_id)
    flows = [
        flow
        for flow in window(vpc.id, start, length)
        if flow.interface.id in covered and traffic_type in ("ALL", flow.action)
    ]
    busy = {flow.interface.id for flow in flows}
    for interface in covered.values():
        if interface.id not in busy:
            flows.append(_without_data(interface, start, length, "NODATA"))
    if flows and start // length % 17 == 5:
        flows.append(_without_data(flows[0].interface, start, length, "SKIPDATA"))
    return flows


@lru_cache(maxsize=64)
def _covered_pairs(vpc_id: str, resource_id: str) -> tuple[tuple[str, Interface], ...]:
    vpc = world().by_id[vpc_id]
    return tuple((i.id, i) for i in vpc.interfaces_under(resource_id) if i.attached)


def _covered(vpc: Vpc, resource_id: str) -> dict[str, Interface]:
    return dict(_covered_pairs(vpc.id, resource_id))


def _without_data(interface: Interface, start: int, length: int, status: str) -> Flow:
    end = start + length - 1
    return Flow(interface, "-", "-", 0, 0, 0, 0, 0, start, end, "-", 0, False, 0, "-", "-", status=status)
