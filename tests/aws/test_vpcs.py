"""VPCs and subnets; answers are written from AWS's API reference."""

import pytest

from flowtui.aws.vpcs import list_subnets, list_vpcs
from flowtui.errors import AccessDenied
from tests.aws.scripted import ACCOUNT_ID, Refused, Script

VPC = {
    "VpcId": "vpc-0aaaaaaa",
    "OwnerId": ACCOUNT_ID,
    "CidrBlock": "10.20.0.0/16",
    "IsDefault": False,
    "CidrBlockAssociationSet": [
        {"CidrBlock": "10.20.0.0/16", "CidrBlockState": {"State": "associated"}},
        {"CidrBlock": "100.64.0.0/16", "CidrBlockState": {"State": "associated"}},
        {"CidrBlock": "10.99.0.0/16", "CidrBlockState": {"State": "disassociated"}},
    ],
    "Ipv6CidrBlockAssociationSet": [
        {"Ipv6CidrBlock": "2001:db8::/56", "Ipv6CidrBlockState": {"State": "associated"}},
    ],
    "Tags": [{"Key": "Name", "Value": "prod-core"}, {"Key": "team", "Value": "net"}],
}


def test_a_vpc_with_its_name_blocks_and_owner():
    script = Script({"DescribeVpcs": lambda _: {"Vpcs": [VPC]}})
    (vpc,) = list_vpcs(script.account(), "eu-west-1")
    assert (vpc.id, vpc.name, vpc.region, vpc.account_id) == ("vpc-0aaaaaaa", "prod-core", "eu-west-1", ACCOUNT_ID)
    assert vpc.cidr == "10.20.0.0/16"
    assert vpc.cidrs == ("10.20.0.0/16", "100.64.0.0/16", "2001:db8::/56")
    assert vpc.tags["team"] == "net"


def test_every_page_is_asked_for_with_a_page_size():
    def answer(parameters):
        if "NextToken" in parameters:
            return {"Vpcs": [VPC | {"VpcId": "vpc-2"}]}
        return {"Vpcs": [VPC | {"VpcId": "vpc-1"}], "NextToken": "more"}

    script = Script({"DescribeVpcs": answer})
    assert [vpc.id for vpc in list_vpcs(script.account(), "us-east-1")] == ["vpc-1", "vpc-2"]
    assert all(parameters["MaxResults"] == 1000 for _, _, parameters in script.calls)


def test_a_vpc_without_tags_or_blocks_is_still_listed():
    script = Script({"DescribeVpcs": lambda _: {"Vpcs": [{"VpcId": "vpc-1"}]}})
    (vpc,) = list_vpcs(script.account(), "us-east-1")
    assert (vpc.name, vpc.cidr) == ("", "")


def test_subnets_of_one_vpc_are_filtered_by_aws():
    subnet = {"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "AvailabilityZoneId": "use1-az1"}
    script = Script({"DescribeSubnets": lambda _: {"Subnets": [subnet]}})
    (found,) = list_subnets(script.account(), "us-east-1", "vpc-1")
    assert (found.id, found.vpc_id, found.cidr, found.az_id, found.name) == (
        "subnet-1",
        "vpc-1",
        "10.0.0.0/24",
        "use1-az1",
        "",
    )
    assert script.calls[0][2]["Filters"] == [{"Name": "vpc-id", "Values": ["vpc-1"]}]


def test_a_denied_call_names_its_action():
    def refuse(_):
        raise Refused("UnauthorizedOperation", "You are not authorized to perform this operation.")

    script = Script({"DescribeVpcs": refuse})
    with pytest.raises(AccessDenied) as caught:
        list_vpcs(script.account(), "us-east-1")
    assert caught.value.action == "ec2:DescribeVpcs"
    assert caught.value.region == "us-east-1"
