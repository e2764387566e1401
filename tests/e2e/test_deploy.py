"""Deploying over HTTP against moto, as far as it is faithful.

moto makes a stack at once and tells no events of single resources, knows neither capabilities nor most properties of
buckets, and loses outputs with a change set; those sides are tested against answers written from AWS's documentation
in ``tests/stacks``. Proved here is our side of the protocol: the templates' real text in real requests, change sets
made, executed and taken back, and a bucket's policy read and written.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from flowtui.stacks import progress
from flowtui.stacks.progress import Pace
from tests.e2e.conftest import Cli, StandIn
from tests.e2e.faults import Fault

REGION = "us-east-1"
OWN = {
    "Sid": "Own",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::logs/*",
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PACE", Pace(sleep=lambda seconds: None))


@pytest.fixture
def vpc(aws: StandIn) -> str:
    return str(aws.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"])


@pytest.fixture
def bucket(aws: StandIn) -> Any:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="logs")
    s3.put_bucket_policy(Bucket="logs", Policy=json.dumps({"Version": "2012-10-17", "Statement": [OWN]}))
    return s3


def stacks(aws: StandIn) -> dict[str, str]:
    found = aws.client("cloudformation").describe_stacks()["Stacks"]
    return {stack["StackName"]: stack["StackStatus"] for stack in found}


def deploy(cli: Cli, name: str, vpc: str, *more: str) -> Any:
    arguments = ("deploy", name, "--stack-name", "logs", "--region", REGION, "--param", f"VpcId={vpc}")
    return cli(*arguments, *more)


def test_the_cloudwatch_template_from_change_set_to_flow_log_and_away(cli: Cli, aws: StandIn, vpc: str) -> None:
    done = deploy(cli, "cloudwatch", vpc, "--yes")
    assert done.status == 0, done.err
    assert "+ Add     AWS::EC2::FlowLog" in done.err and "Stack logs is complete." in done.err
    (made,) = aws.client("ec2").describe_flow_logs()["FlowLogs"]
    assert made["ResourceId"] == vpc and made["TrafficType"] == "ALL"
    assert [role["RoleName"] for role in aws.client("iam").list_roles()["Roles"]]
    listed = json.loads(cli("stacks", "list", "--output", "json", "--region", REGION).out)
    assert [(stack["name"], stack["template"]) for stack in listed] == [("logs", "cloudwatch")]
    gone = cli("stacks", "delete", "logs", "--yes", "logs", "--region", REGION)
    assert gone.status == 0, gone.err
    # The flow log outlives its stack in moto.
    assert stacks(aws) == {}


def test_a_denied_execution_takes_the_change_set_and_its_empty_stack_back(cli: Cli, aws: StandIn, vpc: str) -> None:
    said = "User: me is not authorized to perform: cloudformation:ExecuteChangeSet on resource: logs"
    aws.fail(Fault("cloudformation", "ExecuteChangeSet", code="AccessDenied", message=said, status=403))
    done = deploy(cli, "cloudwatch", vpc, "--yes")
    assert done.status == 1
    assert "Ask for the IAM action cloudformation:ExecuteChangeSet." in done.err
    assert aws.count("DeleteChangeSet") == 1
    assert stacks(aws) == {}


def test_an_empty_stack_left_behind_is_deleted_beside_others(cli: Cli, aws: StandIn, vpc: str) -> None:
    assert deploy(cli, "cloudwatch", vpc, "--yes").status == 0
    body = '{"Resources": {"Group": {"Type": "AWS::Logs::LogGroup"}}}'
    aws.client("cloudformation").create_change_set(
        StackName="left",
        ChangeSetName="one",
        ChangeSetType="CREATE",
        TemplateBody=body,
        Tags=[{"Key": "flowtui:template", "Value": "cloudwatch"}],
    )
    gone = cli("stacks", "delete", "left", "--yes", "left", "--region", REGION)
    assert gone.status == 0, gone.err
    assert "the stack is empty" in gone.err and set(stacks(aws)) == {"logs"}


def test_throttling_is_waited_out_and_said(cli: Cli, aws: StandIn, vpc: str) -> None:
    # More refusals than botocore's own retries take.
    aws.fail(Fault("cloudformation", "DescribeChangeSet", code="Throttling", message="Rate exceeded", times=6))
    done = deploy(cli, "cloudwatch", vpc, "--yes")
    assert done.status == 0, done.err
    assert "AWS asks for fewer calls; going on in 2 s." in done.err


def test_read_only_sends_nothing_that_changes(cli: Cli, aws: StandIn, vpc: str) -> None:
    done = deploy(cli, "cloudwatch", vpc, "--yes", "--read-only")
    assert done.status == 1 and "flowtui is read-only" in done.err
    assert aws.count("CreateChangeSet") == 0 and stacks(aws) == {}


def test_an_existing_bucket_is_checked_and_its_policy_mended(cli: Cli, aws: StandIn, vpc: str, bucket: Any) -> None:
    given = ("--param", "CreateBucket=No", "--param", "BucketName=logs", "--param", "HiveCompatiblePartitions=Yes")
    aws.fail()
    looked = deploy(cli, "s3", vpc, *given, "--plan", "--check")
    assert looked.status == 0, looked.err
    # moto does not simulate policies.
    assert "cannot check" in looked.out
    assert "BAD   write policy" in looked.err and "BAD   ACL policy" in looked.err
    assert aws.count("PutBucketPolicy") == 0
    done = deploy(cli, "s3", vpc, *given, "--add-bucket-policy", "--yes")
    assert done.status == 0, done.err
    assert aws.count("PutBucketPolicy") == 1
    own, write, acl = json.loads(bucket.get_bucket_policy(Bucket="logs")["Policy"])["Statement"]
    assert own == OWN
    assert write["Resource"] == "arn:aws:s3:::logs/AWSLogs/aws-account-id=123456789012/*"
    assert acl["Action"] == "s3:GetBucketAcl"
    (made,) = aws.client("ec2").describe_flow_logs()["FlowLogs"]
    assert made["LogDestination"] == "arn:aws:s3:::logs"


def test_a_policy_that_may_not_be_written_stops_before_anything_is_made(
    cli: Cli, aws: StandIn, vpc: str, bucket: Any
) -> None:
    aws.fail(Fault("s3", "PutBucketPolicy", code="AccessDenied", message="Access Denied", status=403))
    given = ("--param", "CreateBucket=No", "--param", "BucketName=logs", "--add-bucket-policy", "--yes")
    done = deploy(cli, "s3", vpc, *given)
    assert done.status == 1 and "s3:PutBucketPolicy" in done.err
    assert stacks(aws) == {}


def test_a_vpc_that_does_not_exist(cli: Cli, aws: StandIn) -> None:
    done = deploy(cli, "s3", "vpc-0000000000000dead", "--yes")
    assert done.status == 1 and "There is no VPC vpc-0000000000000dead in us-east-1" in done.err
    assert stacks(aws) == {}


def test_stacks_of_several_regions_and_one_that_refuses(cli: Cli, aws: StandIn, vpc: str) -> None:
    assert deploy(cli, "cloudwatch", vpc, "--yes").status == 0
    aws.fail(Fault("cloudformation", "DescribeStacks", "eu-west-1", code="AccessDenied", message="no", status=403))
    done = cli("stacks", "list", "--output", "json", "--region", REGION, "--region", "eu-west-1")
    assert done.status == 3
    assert [stack["region"] for stack in json.loads(done.out)] == [REGION]
    assert "cloudformation:DescribeStacks in eu-west-1" in done.err
