"""AWS's reasons and the next steps. The reasons are written as AWS's documentation and error references give them."""

from datetime import UTC, datetime, timedelta

import pytest

from flowtui.aws.models import Stack
from flowtui.errors import AwsError
from flowtui.stacks.explain import arrival, explained, next_step, plain, way_out
from flowtui.stacks.progress import Result


@pytest.mark.parametrize(
    ("reason", "kind", "step"),
    [
        ("User: u is not authorized to perform: iam:PassRole on resource: r", "AWS::EC2::FlowLog", "iam:PassRole"),
        ("User: u is not authorized to perform: iam:CreateRole on resource: r", "AWS::IAM::Role", "iam:CreateRole"),
        ("API: s3:CreateBucket Access Denied", "AWS::S3::Bucket", "s3:CreateBucket"),
        ("my-bucket already exists", "AWS::S3::Bucket", "another BucketName"),
        ("The requested bucket name is not available.", "AWS::S3::Bucket", "another BucketName"),
        ("Resource of type 'AWS::Logs::LogGroup' with identifier '/x' already exists.", "AWS::Logs::LogGroup", "Log"),
        (
            "There is an existing Flow Log with the same configuration and log destination. (FlowLogAlreadyExists)",
            "AWS::EC2::FlowLog",
            "already has such a flow log",
        ),
        ("LogDestination: my-bucket does not exist", "AWS::EC2::FlowLog", "CreateBucket=Yes"),
        ("Access Denied for LogDestination: my-bucket. Please check LogDestination permission", "", "s3:PutObject"),
        ("The bucket policy already exists on bucket my-bucket.", "AWS::S3::BucketPolicy", "CreateBucket=No"),
        ("The vpc ID 'vpc-1' does not exist (InvalidVpcId.NotFound)", "AWS::EC2::FlowLog", "flowtui vpcs"),
        ("The specified KMS Key Id could not be found.", "AWS::Logs::LogGroup", "logs.REGION.amazonaws.com"),
        ("Rate exceeded", "AWS::IAM::Role", "deploy again"),
    ],
)
def test_next_steps(reason: str, kind: str, step: str) -> None:
    assert step in next_step(reason, kind)


def test_an_unknown_reason_has_no_invented_step() -> None:
    assert next_step("The moon is in the wrong house", "AWS::EC2::FlowLog") == ""


def test_the_wrapping_is_taken_off() -> None:
    wrapped = 'Resource handler returned message: "No "quotes" here" (RequestToken: 1-2, HandlerErrorCode: NotFound)'
    assert plain(wrapped) == 'No "quotes" here'
    assert plain("as it is") == "as it is"


def test_what_cannot_be_said_better_is_passed_on() -> None:
    error = AwsError("something", "a hint", code="Weird")
    assert explained(error, "s", "us-east-1") is error


def stack(status: str) -> Stack:
    return Stack("s", "arn:s", "eu-west-1", status, "", datetime(2024, 1, 15, tzinfo=UTC), None, "")


@pytest.mark.parametrize("status", ["DELETE_FAILED", "UPDATE_ROLLBACK_FAILED"])
def test_commands_in_a_way_out_name_the_stack_s_region(status: str) -> None:
    said = way_out(stack(status))
    assert said.count("--region eu-west-1") == said.count("flowtui stacks") + said.count("aws cloudformation")


@pytest.mark.parametrize("status", ["REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "CREATE_FAILED", "DELETE_FAILED"])
def test_stuck_stacks_have_a_way_out(status: str) -> None:
    assert "flowtui stacks delete s --region eu-west-1" in way_out(stack(status))


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "CREATE_IN_PROGRESS"])
def test_other_stacks_need_none(status: str) -> None:
    assert way_out(stack(status)) == ""


MADE = datetime(2026, 6, 1, 14, 5, tzinfo=UTC)


def ended(made: datetime | None, updated: datetime | None = None, interval: str = "600", group: bool = True) -> Result:
    outputs = {"LogGroupName": "/g"} if group else {"BucketName": "b"}
    stack = Stack(
        "s", "arn", "us-east-1", "CREATE_COMPLETE", "", MADE, updated, "", {"MaxAggregationInterval": interval}, outputs
    )
    return Result("complete", stack, flow_log_made=made)


@pytest.mark.parametrize(
    ("result", "age_min", "said"),
    [
        (ended(MADE), 0, "The first records are expected by 14:20 UTC."),
        (ended(MADE, interval="60"), 0, "The first records are expected by 14:11 UTC."),
        (ended(MADE, group=False), 0, "The first records are expected by 14:25 UTC."),
        (ended(MADE, updated=MADE), 14, "The first records are expected by 14:20 UTC."),
        (ended(MADE), 15, "Its flow log was made on 2026-06-01 at 14:05 UTC."),
        (ended(None, updated=MADE), 0, "Its flow log was not made anew; records arrive as before."),
        (Result("no changes", ended(MADE).stack), 0, ""),
        (Result("deleted", None), 0, ""),
    ],
)
def test_when_records_arrive(result: Result, age_min: int, said: str) -> None:
    assert arrival(result, MADE + timedelta(minutes=age_min)) == said
