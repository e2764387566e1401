"""Names for the resources that flow logs watch."""

from __future__ import annotations

from collections.abc import Sequence

from flowtui.aws.inventory import RegionInventory
from flowtui.aws.models import RegionRefusal
from flowtui.aws.session import Account
from flowtui.errors import FlowTuiError
from flowtui.records.labels import clean
from flowtui.tui.theme import Glyphs


def place_of_region(accounts: Sequence[Account], account: Account, region: str) -> int:
    """Where a region comes in the order in which accounts and their regions were chosen; from 0.

    Not for the event loop: an account may have to ask AWS for its regions. A region whose account cannot tell comes
    after all others.
    """
    place = 0
    for each in accounts:
        try:
            names = each.regions()
        except FlowTuiError:
            # Whoever lists the regions reports this; here only the order is wanted.
            continue
        if each is account and region in names:
            return place + names.index(region)
        place += len(names)
    return place


def told(error: FlowTuiError) -> str:
    """A failure and its next step as running text."""
    stop = "" if error.message.endswith((".", "!", "?")) else "."
    return f"{error.message}{stop} {error.hint}".strip()


def refusals_text(refusals: Sequence[RegionRefusal], glyphs: Glyphs) -> str:
    """What could not be listed, the first reason in full; empty when all could."""
    if not refusals:
        return ""
    places = dict.fromkeys(refusal.region or refusal.account_id for refusal in refusals)
    where = ", ".join(place for place in places if place)
    return f"{glyphs.warning} {where + ': ' if where else ''}{told(refusals[0].error)}"


def resource_labels(found: RegionInventory) -> dict[str, str]:
    """What a person calls the VPCs, subnets and interfaces of a region, by id; those without a name are left out.

    A subnet goes by its VPC's name and its own, an interface by its VPC's and what it belongs to.
    """
    labels = {vpc.id: clean(vpc.name) for vpc in found.vpcs if vpc.name}
    for subnet in found.subnets:
        if subnet.name and subnet.vpc_id in labels:
            labels[subnet.id] = f"{labels[subnet.vpc_id]}/{clean(subnet.name)}"
    for interface in found.interfaces:
        if interface.owner and interface.vpc_id in labels:
            labels[interface.id] = f"{labels[interface.vpc_id]}/{clean(interface.owner)}"
    return labels
