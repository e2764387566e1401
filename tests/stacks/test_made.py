"""Stacks made here: telling them, what deleting leaves, and deleting only them."""

import pytest

from flowtui.aws.models import RegionRefusal, Stack
from flowtui.errors import FlowTuiError, ReadOnlyError
from flowtui.stacks.made import TAG, delete, leaving, stacks_made
from flowtui.stacks.progress import EventSeen, Finished
from flowtui.stacks.templates import load_template
from tests.aws.scripted import Refused
from tests.stacks.cloudformation import REGION, STACK, CloudFormation, account_of


@pytest.fixture
def cloud() -> CloudFormation:
    return CloudFormation()


def stack_of(cloud: CloudFormation, name: str) -> Stack:
    return next(one for one in stacks_made(account_of(cloud), [REGION]) if isinstance(one, Stack) and one.name == name)


def test_only_tagged_stacks_are_ours(cloud: CloudFormation) -> None:
    cloud.make("theirs")
    cloud.make("z-ours", tags={TAG: "s3"})
    cloud.make("a-ours", tags={TAG: "cloudwatch"})
    found = list(stacks_made(account_of(cloud), [REGION]))
    assert [one.name for one in found if isinstance(one, Stack)] == ["a-ours", "z-ours"]


def test_a_region_that_refuses_is_told_and_the_rest_arrives(cloud: CloudFormation) -> None:
    cloud.make("ours", tags={TAG: "s3"})
    said = "User: me is not authorized to perform: cloudformation:DescribeStacks"
    cloud.refuse["DescribeStacks"] = [Refused("AccessDenied", said, 403)]
    first, second = stacks_made(account_of(cloud), ["eu-west-1", REGION])
    assert isinstance(first, RegionRefusal) and first.region == "eu-west-1"
    assert "cloudformation:DescribeStacks" in first.error.hint
    assert isinstance(second, Stack)


def test_what_deleting_leaves(cloud: CloudFormation) -> None:
    cloud.make(
        "ours",
        tags={TAG: "s3"},
        body=load_template("s3").body,
        resources=[
            ("FlowLogBucket", "my-bucket", "AWS::S3::Bucket"),
            ("FlowLogBucketPolicy", "my-bucket", "AWS::S3::BucketPolicy"),
            ("NewBucketFlowLog", "fl-1", "AWS::EC2::FlowLog"),
        ],
    )
    left = leaving(account_of(cloud), stack_of(cloud, "ours"))
    assert [one.physical_id for one in left.removed] == ["fl-1"]
    assert [one.type for one in left.kept] == ["AWS::S3::Bucket", "AWS::S3::BucketPolicy"]
    assert left.records == ""


def test_a_bucket_that_was_there_before_is_said_to_stay(cloud: CloudFormation) -> None:
    cloud.make(
        "ours",
        tags={TAG: "s3"},
        body=load_template("s3").body,
        outputs={"BucketName": "old-bucket"},
        resources=[("ExistingBucketFlowLog", "fl-1", "AWS::EC2::FlowLog")],
    )
    left = leaving(account_of(cloud), stack_of(cloud, "ours"))
    assert "Bucket old-bucket is not the stack's: it stays" in left.records


def test_records_that_go_with_their_group_are_told(cloud: CloudFormation) -> None:
    group = ("FlowLogGroup", "group", "AWS::Logs::LogGroup")
    cloud.make("ours", tags={TAG: "cloudwatch"}, body=load_template("cloudwatch").body, resources=[group])
    left = leaving(account_of(cloud), stack_of(cloud, "ours"))
    assert left.records == "The records in the log group go with it."


def test_an_empty_stack_leaves_nothing_and_its_template_is_not_asked_for(cloud: CloudFormation) -> None:
    cloud.make("empty", "REVIEW_IN_PROGRESS", tags={TAG: "cloudwatch"}, body="{}")
    left = leaving(account_of(cloud), stack_of(cloud, "empty"))
    assert (left.removed, left.kept) == ((), ())
    assert "GetTemplate" not in cloud.operations()


def test_deleting_is_watched_to_the_end_and_names_the_stack_by_its_id(cloud: CloudFormation) -> None:
    made = cloud.make("ours", tags={TAG: "cloudwatch"})
    cloud.happen(made, "ours", STACK, "CREATE_COMPLETE")
    cloud.course = [
        [],
        [("ours", STACK, "DELETE_IN_PROGRESS", "User Initiated")],
        [("ours", STACK, "DELETE_COMPLETE", "")],
    ]
    progress = list(delete(account_of(cloud), stack_of(cloud, "ours"), pace=cloud.pace))
    assert [one.event.status for one in progress if isinstance(one, EventSeen)] == [
        "DELETE_IN_PROGRESS",
        "DELETE_COMPLETE",
    ]
    assert isinstance(progress[-1], Finished) and progress[-1].result.outcome == "deleted"
    (asked,) = (params for operation, _, params in cloud.calls if operation == "DeleteStack")
    assert asked["StackName"] == made.id


def test_a_deletion_that_fails_tells_why(cloud: CloudFormation) -> None:
    cloud.make("ours", tags={TAG: "cloudwatch"})
    cloud.course = [
        [("ours", STACK, "DELETE_IN_PROGRESS", "User Initiated")],
        [("Role", "AWS::IAM::Role", "DELETE_FAILED", "Cannot delete entity, must detach all policies first.")],
        [("ours", STACK, "DELETE_FAILED", "The following resource(s) failed to delete: [Role].")],
    ]
    last = list(delete(account_of(cloud), stack_of(cloud, "ours"), pace=cloud.pace))[-1]
    assert isinstance(last, Finished) and last.result.failure is not None
    assert last.result.failure.logical_id == "Role" and "detach" in last.result.failure.reason


@pytest.mark.parametrize(
    ("tags", "status", "says"),
    [({}, "CREATE_COMPLETE", "left alone"), ({TAG: "s3"}, "UPDATE_IN_PROGRESS", "busy")],
)
def test_what_is_not_deleted(cloud: CloudFormation, tags: dict[str, str], status: str, says: str) -> None:
    made = cloud.make("one", status, tags={TAG: "s3"})
    stack = stack_of(cloud, "one")
    object.__setattr__(stack, "tags", tags)
    with pytest.raises(FlowTuiError, match=says):
        list(delete(account_of(cloud), stack, pace=cloud.pace))
    assert made.status == status and "DeleteStack" not in cloud.operations()


def test_an_empty_stack_can_be_deleted(cloud: CloudFormation) -> None:
    cloud.make("one", "REVIEW_IN_PROGRESS", tags={TAG: "s3"})
    last = list(delete(account_of(cloud), stack_of(cloud, "one"), pace=cloud.pace))[-1]
    assert isinstance(last, Finished) and last.result.outcome == "deleted"


def test_read_only_deletes_nothing(cloud: CloudFormation) -> None:
    cloud.make("one", tags={TAG: "s3"})
    with pytest.raises(ReadOnlyError, match="DeleteStack"):
        list(delete(account_of(cloud, read_only=True), stack_of(cloud, "one"), pace=cloud.pace))
