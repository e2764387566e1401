import json

import pytest

from tests.e2e.conftest import Cli, StandIn
from tests.e2e.faults import Fault
from tests.e2e.records import make_group, vpc_with_flow_log

REGIONS = ("--region", "us-east-1", "--region", "eu-west-1")
DENIED = Fault("ec2", "DescribeVpcs", "eu-west-1", "UnauthorizedOperation", "You are not authorized", 403)


def test_vpcs_of_two_regions(aws: StandIn, cli: Cli):
    make_group(aws)
    first, second = vpc_with_flow_log(aws, name="prod"), vpc_with_flow_log(aws, "eu-west-1", "stage")
    result = cli("vpcs", "--output", "json", *REGIONS)
    assert result.status == 0, result.err
    rows = {row["vpc_id"]: row for row in json.loads(result.out)["vpcs"]}
    assert (rows[first]["name"], rows[first]["region"]) == ("prod", "us-east-1")
    assert (rows[second]["name"], rows[second]["region"]) == ("stage", "eu-west-1")
    # What a flow log covers and what it does not are told apart: moto has a default VPC in every region.
    assert {row["coverage"] for name, row in rows.items() if name not in (first, second)} == {"none"}
    assert "none" not in (rows[first]["coverage"], rows[second]["coverage"])


def test_a_denied_region_is_one_row_and_the_others_are_shown(aws: StandIn, cli: Cli):
    vpc = vpc_with_flow_log(aws)
    aws.fail(DENIED)
    result = cli("vpcs", *REGIONS)
    assert result.status == 3
    assert vpc in result.out
    assert "eu-west-1" in result.out + result.err
    assert "ec2:DescribeVpcs" in result.out + result.err


def test_all_regions_denied(aws: StandIn, cli: Cli):
    aws.fail(Fault("ec2", "DescribeVpcs", "", "UnauthorizedOperation", "You are not authorized", 403))
    result = cli("vpcs", *REGIONS)
    assert result.status == 1
    assert "ec2:DescribeVpcs" in result.out + result.err


def test_a_region_that_is_not_enabled(aws: StandIn, cli: Cli):
    aws.fail(Fault("ec2", "DescribeVpcs", "eu-west-1", "OptInRequired", "You are not subscribed", 401))
    result = cli("vpcs", *REGIONS)
    assert result.status == 3
    assert "eu-west-1" in result.out + result.err


def test_throttled_then_well(aws: StandIn, cli: Cli):
    vpc = vpc_with_flow_log(aws)
    aws.fail(Fault("ec2", "DescribeVpcs", "", "RequestLimitExceeded", status=503, times=2))
    result = cli("vpcs", "--region", "us-east-1")
    assert result.status == 0, result.err
    assert vpc in result.out
    assert aws.count("DescribeVpcs") == 3


@pytest.mark.parametrize("command", [("vpcs",), ("doctor", "vpc-0123456789abcdef0"), ("tail", "vpc-0123456789abcdef0")])
def test_expired_credentials(aws: StandIn, cli: Cli, command: tuple[str, ...]):
    aws.fail(
        Fault("sts", "GetCallerIdentity", "", "ExpiredToken", "The security token included is expired", 403),
        Fault("ec2", "DescribeVpcs", "", "RequestExpired", "Request has expired"),
    )
    result = cli(*command, "--region", "us-east-1")
    assert result.status == 1
    assert "expired" in result.err
    assert "aws sso login" in result.err


def test_read_only_lets_reading_through(aws: StandIn, cli: Cli):
    vpc = vpc_with_flow_log(aws)
    result = cli("vpcs", "--read-only", "--region", "us-east-1")
    assert result.status == 0, result.err
    assert vpc in result.out
