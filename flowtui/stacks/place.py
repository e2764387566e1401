"""In which of several regions a deployment belongs, and where a named stack is."""

from __future__ import annotations

from collections.abc import Mapping

from flowtui.aws.models import Stack
from flowtui.aws.session import Account
from flowtui.aws.stacks import find_stack
from flowtui.aws.vpcs import list_vpcs
from flowtui.errors import AccessDenied, FlowTuiError, UsageError


def region_of_vpc(account: Account, parameters: Mapping[str, str]) -> str:
    """The region in play that has the VPC of the parameters; with only one in play it also may not be asked.

    Raises:
        UsageError: several regions are in play and no VPC is named.
        FlowTuiError: none of them has that VPC.
        AwsError: a region could not be asked.
    """
    regions = account.regions()
    vpc_id = parameters.get("VpcId", "")
    if not vpc_id:
        if len(regions) == 1:
            return regions[0]
        raise UsageError("Which region to deploy to?", "Name one with --region, or the VPC with --param VpcId=vpc-….")
    silent = []
    for region in regions:
        try:
            if any(vpc.id == vpc_id for vpc in list_vpcs(account, region)):
                return region
        except AccessDenied as error:
            silent.append(error)
    if silent and len(regions) == 1:
        # CloudFormation looks the VPC up as well, and says so.
        return regions[0]
    if silent:
        raise FlowTuiError(f"VPC {vpc_id} was not found. {silent[0].message}", "Name its region with --region.")
    raise FlowTuiError(f"There is no VPC {vpc_id} in {', '.join(regions)}.", "flowtui vpcs lists them; see --region.")


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
