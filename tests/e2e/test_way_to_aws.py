"""What keeps a command from reaching AWS at all: one message naming the thing and the next step, no traceback."""

import socket

import pytest

from tests.e2e.conftest import Cli, StandIn
from tests.e2e.faults import Fault

COMMANDS = [("vpcs",), ("tail", "vpc-0123456789abcdef0"), ("load", "s3://flow-log-bucket/AWSLogs/")]


@pytest.mark.parametrize("command", COMMANDS)
def test_no_credentials(cli: Cli, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    result = cli(*command, "--region", "us-east-1")
    assert result.status == 1
    assert "No AWS credentials" in result.err
    assert "--demo" in result.err


@pytest.mark.parametrize("command", COMMANDS)
def test_unknown_profile(cli: Cli, command: tuple[str, ...]):
    result = cli(*command, "--profile", "nobody", "--region", "us-east-1")
    assert result.status == 1
    assert "no AWS profile named nobody" in result.err
    assert "list-profiles" in result.err


def test_malformed_region(cli: Cli):
    result = cli("vpcs", "--region", "not_a_region!")
    assert result.status == 1
    assert "not_a_region!" in result.err
    assert "--region" in result.err


@pytest.mark.parametrize("command", COMMANDS)
def test_no_network(cli: Cli, command: tuple[str, ...]):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        result = cli(*command, "--region", "us-east-1", endpoint=url)
    assert result.status == 1
    assert "Cannot reach" in result.err
    assert "network" in result.err


def test_the_servers_fault_layer_knows_what_it_sees(aws: StandIn):
    """The tests above stand on it: services, operations and regions are recognised in all four protocols."""
    aws.fail(Fault("s3", "ListObjectsV2", code="SlowDown", status=503, times=0))
    aws.client("ec2", "eu-west-1").describe_vpcs()
    aws.client("logs").describe_log_groups()
    aws.client("sts").get_caller_identity()
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="bucket")
    s3.list_objects_v2(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="k/l", Body=b"x")
    s3.get_object(Bucket="bucket", Key="k/l")["Body"].close()
    assert [(call.service, call.operation, call.region) for call in aws.calls()] == [
        ("ec2", "DescribeVpcs", "eu-west-1"),
        ("logs", "DescribeLogGroups", "us-east-1"),
        ("sts", "GetCallerIdentity", "us-east-1"),
        ("s3", "PutBucket", "us-east-1"),
        ("s3", "ListObjectsV2", "us-east-1"),
        ("s3", "PutObject", "us-east-1"),
        ("s3", "GetObject", "us-east-1"),
    ]
