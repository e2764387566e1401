"""In which of several regions a deployment belongs, and where a named stack is."""

from __future__ import annotations

from collections.abc import Mapping

from flowtui.aws.models import Stack
from flowtui.aws.session import Account
from flowtui.aws.stacks import find_stack
from flowtui.aws.vpcs import list_vpcs
from flowtui.errors import FlowTuiError, UsageError


def region_of_vpc(account: Account, parameters: Mapping[str, str]) -> str:
    """The region to deploy to: the only one in play, else the one the VPC of the parameters is in.

    Raises:
        UsageError: several regions are in play and no VPC is named.
        FlowTuiError: none of them has that VPC.
        AwsError: a region could not be asked.
    """
    regions = account.regions()
    if len(regions) == 1:
        return regions[0]
    vpc_id = parameters.get("VpcId", "")
    if not vpc_id:
        raise UsageError("Which region to deploy to?", "Name one with --region, or the VPC with --param VpcId=vpc-….")
    for region in regions:
        if any(vpc.id == vpc_id for vpc in list_vpcs(account, region)):
            return region
    raise FlowTuiError(f"There is no VPC {vpc_id} in {', '.join(regions)}.", "flowtui vpcs lists them.")


def stack_named(account: Account, name: str) -> Stack:
    """The stack of that name in the regions in play.

    Raises:
        UsageError: several regions have one.
        FlowTuiError: none has.
        AwsError: a region could not be asked.
    """
    regions = account.regions()
    found = [stack for region in regions if (stack := find_stack(account, region, name)) is not None]
    if not found:
        raise FlowTuiError(
            f"There is no stack {name} in {', '.join(regions)}.", "flowtui stacks lists those made here."
        )
    if len(found) > 1:
        places = ", ".join(stack.region for stack in found)
        raise UsageError(f"There is a stack {name} in each of {places}.", "Name one region with --region.")
    return found[0]
