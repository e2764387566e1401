"""Which of several regions."""

import pytest

from flowtui.errors import FlowTuiError, UsageError
from flowtui.stacks.place import region_of_vpc, stack_named
from tests.aws.scripted import Refused
from tests.stacks.cloudformation import REGION, VPC, CloudFormation

BOTH = (REGION, "eu-west-1")


@pytest.fixture
def cloud() -> CloudFormation:
    return CloudFormation()


def test_the_vpc_tells_the_region(cloud: CloudFormation) -> None:
    assert region_of_vpc(cloud.account(BOTH), {"VpcId": VPC}) == "eu-west-1"


@pytest.mark.parametrize("regions", [BOTH, (REGION,)])
def test_a_vpc_that_is_nowhere(cloud: CloudFormation, regions: tuple[str, ...]) -> None:
    with pytest.raises(FlowTuiError, match=f"no VPC vpc-0f in {', '.join(regions)}"):
        region_of_vpc(cloud.account(regions), {"VpcId": "vpc-0f"})


def test_without_a_vpc(cloud: CloudFormation) -> None:
    assert region_of_vpc(cloud.account((REGION,)), {}) == REGION
    with pytest.raises(UsageError, match="Which region"):
        region_of_vpc(cloud.account(BOTH), {})


def denied() -> Refused:
    return Refused("UnauthorizedOperation", "You are not authorized to perform: ec2:DescribeVpcs", 403)


def test_who_may_not_list_vpcs_can_deploy_to_the_one_region(cloud: CloudFormation) -> None:
    cloud.refuse["DescribeVpcs"] = [denied()]
    assert region_of_vpc(cloud.account((REGION,)), {"VpcId": VPC}) == REGION


def test_a_region_that_may_not_be_asked_does_not_hide_the_others(cloud: CloudFormation) -> None:
    cloud.refuse["DescribeVpcs"] = [denied()]
    assert region_of_vpc(cloud.account(BOTH), {"VpcId": VPC}) == "eu-west-1"
    cloud.refuse["DescribeVpcs"] = [denied()]
    with pytest.raises(FlowTuiError, match="ec2:DescribeVpcs"):
        region_of_vpc(cloud.account(BOTH), {"VpcId": "vpc-0f"})


def test_stacks_by_name(cloud: CloudFormation) -> None:
    cloud.make("s")
    assert stack_named(cloud.account((REGION,)), "s").name == "s"
    with pytest.raises(FlowTuiError, match="no stack t in us-east-1"):
        stack_named(cloud.account((REGION,)), "t")
    with pytest.raises(UsageError, match="in each of us-east-1, eu-west-1"):
        stack_named(cloud.account(BOTH), "s")
