"""Names for the resources that flow logs watch."""

from __future__ import annotations

from flowtui.aws.inventory import RegionInventory
from flowtui.records.labels import clean


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
