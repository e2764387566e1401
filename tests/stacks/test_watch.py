"""Watching a stack: from the beginning, from the middle, at rest, to its deletion."""

import pytest

from flowtui.aws.models import StackEvent
from flowtui.errors import FlowTuiError
from flowtui.stacks.progress import EventSeen, Finished, Note, Tick
from flowtui.stacks.watch import at_rest, is_failure, latest_operation, outcome_of, watch
from tests.aws.scripted import NOW, Refused
from tests.stacks.cloudformation import REGION, STACK, CloudFormation, account_of


@pytest.fixture
def cloud() -> CloudFormation:
    return CloudFormation()


def watching(cloud: CloudFormation, name: str = "s"):
    return watch(account_of(cloud), REGION, name, pace=cloud.pace)


def test_coming_back_to_a_stack_that_works_tells_what_was_missed(cloud: CloudFormation) -> None:
    stack = cloud.make("s", "CREATE_IN_PROGRESS")
    cloud.happen(stack, "s", STACK, "REVIEW_IN_PROGRESS", "User Initiated")
    cloud.happen(stack, "s", STACK, "CREATE_IN_PROGRESS", "User Initiated")
    cloud.happen(stack, "FlowLog", "AWS::EC2::FlowLog", "CREATE_IN_PROGRESS")
    cloud.running = iter([[], [], [], [("s", STACK, "CREATE_COMPLETE", "")]])
    stack.outputs = {"FlowLogId": "fl-1"}
    progress = list(watching(cloud))
    seen = [(one.event.logical_id, one.event.status) for one in progress if isinstance(one, EventSeen)]
    assert seen == [
        ("s", "CREATE_IN_PROGRESS"),
        ("FlowLog", "CREATE_IN_PROGRESS"),
        ("s", "CREATE_COMPLETE"),
    ]
    assert any(isinstance(one, Tick) and one.status == "CREATE_IN_PROGRESS" for one in progress)
    last = progress[-1]
    assert isinstance(last, Finished) and last.result.outcome == "complete"
    assert last.result.stack is not None and last.result.stack.outputs == {"FlowLogId": "fl-1"}


def test_a_stack_at_rest_tells_its_latest_operation_only(cloud: CloudFormation) -> None:
    stack = cloud.make("s")
    cloud.happen(stack, "s", STACK, "CREATE_IN_PROGRESS")
    cloud.happen(stack, "Old", "AWS::EC2::FlowLog", "CREATE_FAILED", "long ago")
    cloud.happen(stack, "s", STACK, "CREATE_COMPLETE")
    cloud.happen(stack, "s", STACK, "UPDATE_IN_PROGRESS")
    cloud.happen(stack, "s", STACK, "UPDATE_COMPLETE")
    progress = list(watching(cloud))
    assert [one.event.status for one in progress if isinstance(one, EventSeen)] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE",
    ]
    assert cloud.slept == []


@pytest.mark.parametrize(
    ("status", "reason", "made"),
    [
        ("CREATE_COMPLETE", "", True),
        ("UPDATE_IN_PROGRESS", "Resource creation Initiated", True),
        ("UPDATE_IN_PROGRESS", "Requested update requires the creation of a new physical resource", True),
        ("UPDATE_COMPLETE", "", False),
        ("UPDATE_IN_PROGRESS", "", False),
        ("DELETE_COMPLETE", "", False),
    ],
)
def test_the_end_tells_whether_a_flow_log_was_made(cloud: CloudFormation, status: str, reason: str, made: bool) -> None:
    stack = cloud.make("s", "UPDATE_COMPLETE")
    cloud.happen(stack, "s", STACK, "UPDATE_IN_PROGRESS")
    cloud.happen(stack, "FlowLog", "AWS::EC2::FlowLog", status, reason)
    cloud.happen(stack, "Bucket", "AWS::S3::Bucket", "CREATE_COMPLETE")
    cloud.happen(stack, "s", STACK, "UPDATE_COMPLETE")
    progress = list(watching(cloud))
    times = [one.event.time for one in progress if isinstance(one, EventSeen) and one.event.logical_id == "FlowLog"]
    last = progress[-1]
    assert isinstance(last, Finished)
    assert last.result.flow_log_made == (times[0] if made else None)


def test_a_failed_creation_tells_its_cause_long_after(cloud: CloudFormation) -> None:
    stack = cloud.make("s")
    cloud.happen(stack, "s", STACK, "CREATE_IN_PROGRESS")
    cloud.happen(stack, "Bucket", "AWS::S3::Bucket", "CREATE_FAILED", "my-bucket already exists")
    cloud.happen(stack, "s", STACK, "ROLLBACK_IN_PROGRESS", "[Bucket]")
    cloud.happen(stack, "s", STACK, "ROLLBACK_COMPLETE")
    last = list(watching(cloud))[-1]
    assert isinstance(last, Finished) and last.result.outcome == "failed"
    assert last.result.failure is not None and last.result.failure.logical_id == "Bucket"
    assert "BucketName" in last.result.failure.hint


def test_an_empty_stack_is_not_waited_for(cloud: CloudFormation) -> None:
    cloud.make("s", "REVIEW_IN_PROGRESS")
    (last,) = watching(cloud)
    assert isinstance(last, Finished) and last.result.outcome == "waiting"


def test_a_stack_that_is_deleted_meanwhile(cloud: CloudFormation) -> None:
    stack = cloud.make("s", "DELETE_IN_PROGRESS")
    cloud.happen(stack, "s", STACK, "DELETE_IN_PROGRESS")
    cloud.running = iter([[], [], [("s", STACK, "DELETE_COMPLETE", "")]])
    last = list(watching(cloud))[-1]
    assert isinstance(last, Finished) and last.result.outcome == "deleted"


def test_no_such_stack(cloud: CloudFormation) -> None:
    with pytest.raises(FlowTuiError, match="no stack s in us-east-1"):
        list(watching(cloud))


def test_a_network_that_is_gone_for_a_while_is_waited_for(cloud: CloudFormation) -> None:
    stack = cloud.make("s", "CREATE_IN_PROGRESS")
    cloud.happen(stack, "s", STACK, "CREATE_IN_PROGRESS")
    cloud.running = iter([[], [("s", STACK, "CREATE_COMPLETE", "")]])
    cloud.refuse["DescribeStackEvents"] = [Refused("ServiceUnavailable", "later", 503)]
    progress = list(watching(cloud))
    assert any(isinstance(one, Note) and "Trying again" in one.text for one in progress)
    assert isinstance(progress[-1], Finished) and progress[-1].result.outcome == "complete"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("CREATE_COMPLETE", "complete"),
        ("UPDATE_COMPLETE", "complete"),
        ("IMPORT_COMPLETE", "complete"),
        ("DELETE_COMPLETE", "deleted"),
        ("ROLLBACK_COMPLETE", "failed"),
        ("UPDATE_ROLLBACK_COMPLETE", "failed"),
        ("CREATE_FAILED", "failed"),
        ("DELETE_FAILED", "failed"),
        ("UPDATE_ROLLBACK_FAILED", "failed"),
    ],
)
def test_outcomes(status: str, outcome: str) -> None:
    assert at_rest(status)
    assert outcome_of(status) == outcome


@pytest.mark.parametrize("status", ["CREATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "REVIEW_IN_PROGRESS"])
def test_what_still_moves(status: str) -> None:
    assert not at_rest(status)


def event(status: str, reason: str = "", kind: str = "AWS::EC2::FlowLog") -> StackEvent:
    return StackEvent("e", NOW, "x", "p", kind, status, reason)


def test_only_causes_are_failures() -> None:
    assert is_failure(event("CREATE_FAILED", "no permission"))
    assert not is_failure(event("CREATE_FAILED", "Resource creation cancelled"))
    assert not is_failure(event("UPDATE_FAILED", "Resource update cancelled"))
    assert not is_failure(event("CREATE_COMPLETE"))


def test_events_without_a_beginning_are_all_of_them() -> None:
    events = [event("CREATE_COMPLETE"), event("DELETE_COMPLETE")]
    assert latest_operation(events) == events
    assert latest_operation([]) == []
