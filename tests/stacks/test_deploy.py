"""Deploying: the phases, what is cleaned up, and what is left alone. Answers are written from AWS's documentation."""

import itertools

import pytest

from flowtui.errors import AccessDenied, AwsError, FlowTuiError, ReadOnlyError, UsageError
from flowtui.stacks.deploy import create_change_set, deploy, discard, execute
from flowtui.stacks.made import TAG
from flowtui.stacks.progress import (
    ChangeSetReady,
    DeployProgress,
    EventSeen,
    Finished,
    Note,
    Prepared,
    Result,
    Tick,
)
from flowtui.stacks.templates import load_template
from tests.aws.scripted import NOW, Refused
from tests.stacks.cloudformation import REGION, STACK, VPC, CloudFormation, account_of, created

CLOUDWATCH = load_template("cloudwatch")
WRITES = ("CreateChangeSet", "ExecuteChangeSet", "DeleteChangeSet", "DeleteStack")


@pytest.fixture
def cloud() -> CloudFormation:
    cloud = CloudFormation()
    cloud.course = created("s")
    cloud.changes = [{"Action": "Add", "LogicalResourceId": "FlowLog", "ResourceType": "AWS::EC2::FlowLog"}]
    return cloud


def run(cloud: CloudFormation, name: str = "s", *, update: bool = False, **answers: str):
    values = answers if update else {"VpcId": VPC, **answers}
    return deploy(account_of(cloud), REGION, CLOUDWATCH, name, values, update=update, pace=cloud.pace)


def result_of(progress: list[DeployProgress]) -> Result:
    assert isinstance(progress[-1], Finished)
    return progress[-1].result


def writes(cloud: CloudFormation) -> list[str]:
    return [operation for operation in cloud.operations() if operation in WRITES]


def prepared_of(steps) -> Prepared:
    return next(progress.prepared for progress in steps if isinstance(progress, ChangeSetReady))


def test_a_deployment_from_change_set_to_outputs(cloud: CloudFormation) -> None:
    cloud.course[-1] = [("s", STACK, "CREATE_COMPLETE", "")]
    progress = list(run(cloud))
    (ready,) = (one.prepared for one in progress if isinstance(one, ChangeSetReady))
    assert [change.logical_id for change in ready.changes] == ["FlowLog"]
    assert ready.kind == "CREATE" and ready.made_stack
    events = [one for one in progress if isinstance(one, EventSeen)]
    assert [one.event.status for one in events][-1] == "CREATE_COMPLETE"
    assert [one.event.logical_id for one in events] == ["s", "s", "FlowLogGroup", "FlowLogGroup", "FlowLog", "s"]
    assert events[0].elapsed_s == 0 and events[-1].elapsed_s > 0
    result = result_of(progress)
    assert result.outcome == "complete" and result.stack is not None and result.failure is None
    assert writes(cloud) == ["CreateChangeSet", "ExecuteChangeSet"]


def test_what_is_asked_of_cloudformation(cloud: CloudFormation) -> None:
    list(run(cloud, TrafficType="REJECT"))
    (asked,) = (params for operation, _, params in cloud.calls if operation == "CreateChangeSet")
    assert asked["Capabilities"] == ["CAPABILITY_IAM"]
    assert asked["ChangeSetType"] == "CREATE"
    assert asked["Tags"] == [{"Key": TAG, "Value": "cloudwatch"}]
    assert asked["TemplateBody"] == CLOUDWATCH.body
    sent = {one["ParameterKey"]: one["ParameterValue"] for one in asked["Parameters"]}
    assert (sent["VpcId"], sent["TrafficType"], sent["RetentionInDays"]) == (VPC, "REJECT", "14")


def test_nothing_is_executed_before_the_change_set_was_shown(cloud: CloudFormation) -> None:
    steps = run(cloud)
    prepared_of(steps)
    assert writes(cloud) == ["CreateChangeSet"]
    steps.close()


def test_closing_at_the_change_set_removes_it_and_its_empty_stack(cloud: CloudFormation) -> None:
    bystander = cloud.make("other")
    steps = run(cloud)
    prepared_of(steps)
    steps.close()
    assert writes(cloud) == ["CreateChangeSet", "DeleteChangeSet", "DeleteStack"]
    assert cloud.change_sets == {}
    assert [stack.status for stack in cloud.stacks if stack.name == "s"] == ["DELETE_COMPLETE"]
    assert bystander.status == "CREATE_COMPLETE"


def test_closing_while_the_change_set_is_worked_out_removes_it_too(cloud: CloudFormation) -> None:
    cloud.change_set_status = ["CREATE_IN_PROGRESS"]
    steps = run(cloud)
    assert isinstance(next(steps), Tick)
    steps.close()
    assert cloud.change_sets == {}
    assert cloud.stacks[0].status == "DELETE_COMPLETE"


@pytest.mark.parametrize("stop_after", range(1, 12))
def test_closing_at_any_step_leaves_either_nothing_or_a_running_stack(cloud: CloudFormation, stop_after: int) -> None:
    steps = run(cloud)
    list(itertools.islice(steps, stop_after))
    steps.close()
    executed = "ExecuteChangeSet" in cloud.operations()
    assert cloud.change_sets == {}
    assert (cloud.stacks[0].status == "DELETE_COMPLETE") is not executed
    assert ("DeleteStack" in cloud.operations()) is not executed


def test_an_error_in_the_consumer_cleans_up_as_well(cloud: CloudFormation) -> None:
    steps = run(cloud)
    prepared_of(steps)
    with pytest.raises(KeyboardInterrupt):
        steps.throw(KeyboardInterrupt)
    assert cloud.change_sets == {} and cloud.stacks[0].status == "DELETE_COMPLETE"


def test_a_leftover_empty_stack_is_taken_up_and_never_deleted(cloud: CloudFormation) -> None:
    leftover = cloud.make("s", "REVIEW_IN_PROGRESS")
    steps = run(cloud)
    assert isinstance(next(steps), Note)
    assert prepared_of(steps).made_stack is False
    steps.close()
    assert cloud.change_sets == {}
    assert leftover.status == "REVIEW_IN_PROGRESS"
    assert "DeleteStack" not in cloud.operations()


def test_a_stack_in_which_somebody_else_has_a_change_set_is_kept(cloud: CloudFormation) -> None:
    steps = run(cloud)
    prepared_of(steps)
    cloud.change_sets["theirs"] = {"stack": cloud.stacks[0], "asked": {}, "polls": 0}
    steps.close()
    assert list(cloud.change_sets) == ["theirs"]
    assert cloud.stacks[0].status == "REVIEW_IN_PROGRESS"


def test_a_stack_that_came_to_life_meanwhile_is_kept(cloud: CloudFormation) -> None:
    steps = run(cloud)
    prepared_of(steps)
    cloud.stacks[0].status = "CREATE_IN_PROGRESS"
    steps.close()
    assert cloud.stacks[0].status == "CREATE_IN_PROGRESS"


def test_a_stack_of_the_same_name_made_anew_by_another_is_kept(cloud: CloudFormation) -> None:
    steps = run(cloud)
    prepared_of(steps)
    cloud.stacks[0].status = "DELETE_COMPLETE"
    theirs = cloud.make("s", "REVIEW_IN_PROGRESS")
    steps.close()
    assert theirs.status == "REVIEW_IN_PROGRESS"


def test_when_the_answer_to_the_change_set_is_lost_it_is_found_by_name(cloud: CloudFormation) -> None:
    answer = cloud.answers["CreateChangeSet"]

    def lost(params):
        answer(params)
        raise Refused("InternalFailure", "no answer", 500)

    cloud.answers["CreateChangeSet"] = lost
    with pytest.raises(AwsError):
        list(run(cloud))
    assert cloud.change_sets == {}
    assert {stack.status for stack in cloud.stacks} == {"DELETE_COMPLETE"}


def test_the_phases_one_by_one(cloud: CloudFormation) -> None:
    account = account_of(cloud)
    prepared = prepared_of(create_change_set(account, REGION, CLOUDWATCH, "s", {"VpcId": VPC}, pace=cloud.pace))
    assert writes(cloud) == ["CreateChangeSet"], "the caller decides now"
    assert result_of(list(execute(account, prepared, pace=cloud.pace))).outcome == "complete"


def test_discard_tells_what_it_removed(cloud: CloudFormation) -> None:
    account = account_of(cloud)
    prepared = prepared_of(create_change_set(account, REGION, CLOUDWATCH, "s", {"VpcId": VPC}, pace=cloud.pace))
    first, second = discard(account, prepared), discard(account, prepared)
    assert (first.change_set, first.stack) == (True, True)
    assert (second.change_set, second.stack) == (False, False)


def test_a_discard_that_is_refused_says_how_to_do_it_by_hand(cloud: CloudFormation) -> None:
    steps = run(cloud)
    prepared_of(steps)
    said = "User: me is not authorized to perform: cloudformation:DeleteChangeSet"
    cloud.refuse["DeleteChangeSet"] = [Refused("AccessDenied", said, 403)]
    with pytest.raises(AccessDenied) as caught:
        steps.close()
    assert caught.value.action == "cloudformation:DeleteChangeSet"
    assert "list-change-sets --stack-name s" in caught.value.hint


def test_why_it_was_not_executed_comes_before_what_could_not_be_removed(cloud: CloudFormation) -> None:
    said = "User: me is not authorized to perform: cloudformation:{}"
    for operation in ("ExecuteChangeSet", "DeleteChangeSet"):
        cloud.refuse[operation] = [Refused("AccessDenied", said.format(operation), 403)]
    with pytest.raises(AccessDenied) as caught:
        list(run(cloud))
    assert caught.value.action == "cloudformation:ExecuteChangeSet"
    first, second = (caught.value.message.index(one) for one in (":ExecuteChangeSet", "could not be removed"))
    assert first < second
    assert "list-change-sets --stack-name s" in caught.value.hint


def test_change_sets_of_another_stack_keep_nothing_alive(cloud: CloudFormation) -> None:
    other = cloud.make("other")

    def of_every_stack(params: object) -> dict[str, object]:
        ids = [(one, it["stack"].id) for one, it in cloud.change_sets.items()]
        return {"Summaries": [{"ChangeSetId": one, "StackId": stack} for one, stack in [*ids, ("another", other.id)]]}

    cloud.answers["ListChangeSets"] = of_every_stack
    steps = run(cloud)
    prepared_of(steps)
    steps.close()
    assert cloud.change_sets == {} and cloud.stacks[-1].status == "DELETE_COMPLETE"


def test_events_arrive_within_three_seconds(cloud: CloudFormation) -> None:
    list(run(cloud))
    polls = [index for index, (operation, _, _) in enumerate(cloud.calls) if operation == "DescribeStackEvents"]
    assert len(polls) >= 4
    assert cloud.pace.poll_s <= 3


FAILING = [
    [("s", STACK, "CREATE_IN_PROGRESS", "User Initiated")],
    [
        (
            "FlowLog",
            "AWS::EC2::FlowLog",
            "CREATE_FAILED",
            'Resource handler returned message: "User: arn:aws:iam::123456789010:user/x is not authorized to perform: '
            'iam:PassRole on resource: arn:aws:iam::123456789010:role/r" (HandlerErrorCode: AccessDenied)',
        ),
        ("FlowLogGroup", "AWS::Logs::LogGroup", "CREATE_FAILED", "Resource creation cancelled"),
    ],
    [("s", STACK, "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [FlowLog].")],
    [("FlowLogGroup", "AWS::Logs::LogGroup", "DELETE_COMPLETE", "")],
    [("s", STACK, "ROLLBACK_COMPLETE", "")],
]


def test_the_first_failure_is_kept_through_the_rollback(cloud: CloudFormation) -> None:
    cloud.course = FAILING
    result = result_of(list(run(cloud)))
    assert result.outcome == "failed"
    assert result.stack is not None and result.stack.status == "ROLLBACK_COMPLETE"
    assert result.failure is not None
    assert result.failure.logical_id == "FlowLog" and "iam:PassRole" in result.failure.reason
    assert "iam:PassRole" in result.failure.hint
    assert "DeleteStack" not in cloud.operations(), "nothing is deleted unasked"


def test_a_change_set_that_fails_is_removed_with_its_stack_and_explained(cloud: CloudFormation) -> None:
    cloud.change_set_status = ["FAILED"]
    cloud.change_set_reason = "Transform Foo failed"
    with pytest.raises(AwsError, match="Transform Foo failed"):
        list(run(cloud))
    assert cloud.change_sets == {} and cloud.stacks[0].status == "DELETE_COMPLETE"


def updatable(cloud: CloudFormation, **more):
    parameters = {"VpcId": VPC, "TrafficType": "REJECT", "RetentionInDays": "30"}
    return cloud.make("s", tags={TAG: "cloudwatch", "team": "net"}, parameters=parameters, **more)


def test_an_update_keeps_the_answers_not_given_and_the_tags(cloud: CloudFormation) -> None:
    updatable(cloud)
    cloud.course = [
        [],
        [("s", STACK, "UPDATE_IN_PROGRESS", "User Initiated")],
        [("s", STACK, "UPDATE_COMPLETE", "")],
    ]
    cloud.changes = [
        {
            "Action": "Modify",
            "LogicalResourceId": "FlowLog",
            "PhysicalResourceId": "fl-1",
            "ResourceType": "AWS::EC2::FlowLog",
            "Replacement": "True",
        }
    ]
    progress = list(run(cloud, update=True, RetentionInDays="60"))
    (asked,) = (params for operation, _, params in cloud.calls if operation == "CreateChangeSet")
    sent = {one["ParameterKey"]: one["ParameterValue"] for one in asked["Parameters"]}
    assert (sent["VpcId"], sent["TrafficType"], sent["RetentionInDays"]) == (VPC, "REJECT", "60")
    assert asked["ChangeSetType"] == "UPDATE"
    assert {"Key": "team", "Value": "net"} in asked["Tags"]
    (ready,) = (one.prepared for one in progress if isinstance(one, ChangeSetReady))
    assert [change.physical_id for change in ready.replacements] == ["fl-1"]
    result = result_of(progress)
    assert result.outcome == "complete" and result.stack is not None
    assert result.stack.status == "UPDATE_COMPLETE", "its former rest was not taken for the end"


@pytest.mark.parametrize(
    "reason",
    [
        "The submitted information didn't contain changes. Submit different information to create a change set.",
        "No updates are to be performed.",
    ],
)
def test_no_changes_is_a_result_not_an_error(cloud: CloudFormation, reason: str) -> None:
    stack = updatable(cloud)
    cloud.change_set_status, cloud.change_set_reason = ["FAILED"], reason
    progress = list(run(cloud, update=True))
    assert result_of(progress).outcome == "no changes"
    assert not [one for one in progress if isinstance(one, ChangeSetReady)]
    assert cloud.change_sets == {} and stack.status == "CREATE_COMPLETE"
    assert "DeleteStack" not in cloud.operations()


def test_cancelling_an_update_keeps_the_stack(cloud: CloudFormation) -> None:
    stack = updatable(cloud)
    steps = run(cloud, update=True)
    prepared_of(steps)
    steps.close()
    assert cloud.change_sets == {} and stack.status == "CREATE_COMPLETE"
    assert writes(cloud) == ["CreateChangeSet", "DeleteChangeSet"]


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("CREATE_COMPLETE", "--update"),
        ("ROLLBACK_COMPLETE", "flowtui stacks delete s"),
        ("CREATE_IN_PROGRESS", "flowtui stacks watch s"),
        ("DELETE_IN_PROGRESS", "another --stack-name"),
    ],
)
def test_a_name_that_is_taken(cloud: CloudFormation, status: str, says: str) -> None:
    cloud.make("s", status)
    with pytest.raises(FlowTuiError, match="already") as caught:
        list(run(cloud))
    assert says in caught.value.hint
    assert writes(cloud) == []


def test_updates_that_cannot_be(cloud: CloudFormation) -> None:
    with pytest.raises(FlowTuiError, match="no stack s in us-east-1"):
        list(run(cloud, update=True))
    stranger = cloud.make("s")
    with pytest.raises(FlowTuiError, match="not made by flowtui"):
        list(run(cloud, update=True))
    stranger.tags = {TAG: "s3"}
    with pytest.raises(FlowTuiError) as caught:
        list(run(cloud, update=True))
    assert "flowtui deploy s3" in caught.value.hint
    stranger.tags, stranger.status = {TAG: "cloudwatch"}, "UPDATE_IN_PROGRESS"
    with pytest.raises(FlowTuiError, match="UPDATE_IN_PROGRESS"):
        list(run(cloud, update=True))
    assert writes(cloud) == []


@pytest.mark.parametrize("name", ["", "1st", "with space", "a_b", "x" * 129])
def test_bad_stack_names_are_refused_before_anything_is_called(cloud: CloudFormation, name: str) -> None:
    with pytest.raises(UsageError, match="stack name"):
        list(run(cloud, name))
    assert cloud.calls == []


def test_answers_are_refused_before_anything_is_made(cloud: CloudFormation) -> None:
    with pytest.raises(UsageError):
        list(run(cloud, RetentionInDays="15"))
    assert writes(cloud) == []


def test_throttling_is_waited_out_and_said(cloud: CloudFormation) -> None:
    cloud.refuse["DescribeStackEvents"] = [Refused("Throttling", "Rate exceeded")] * 2
    cloud.refuse["ExecuteChangeSet"] = [Refused("Throttling", "Rate exceeded")]
    progress = list(run(cloud))
    notes = [one.text for one in progress if isinstance(one, Note)]
    assert len(notes) == 3 and all("fewer calls" in note for note in notes)
    assert result_of(progress).outcome == "complete"


def test_throttling_that_does_not_end_is_an_error_and_cleans_up(cloud: CloudFormation) -> None:
    cloud.refuse["ExecuteChangeSet"] = [Refused("Throttling", "Rate exceeded")] * 100
    with pytest.raises(AwsError, match="throttled"):
        list(run(cloud))
    assert cloud.change_sets == {} and cloud.stacks[0].status == "DELETE_COMPLETE"


def test_an_execution_that_is_refused_cleans_up(cloud: CloudFormation) -> None:
    said = "User: me is not authorized to perform: cloudformation:ExecuteChangeSet on resource: x"
    cloud.refuse["ExecuteChangeSet"] = [Refused("AccessDenied", said, 403)]
    with pytest.raises(AccessDenied) as caught:
        list(run(cloud))
    assert caught.value.action == "cloudformation:ExecuteChangeSet"
    assert cloud.change_sets == {} and cloud.stacks[0].status == "DELETE_COMPLETE"


def test_an_execution_whose_answer_was_lost_is_not_undone(cloud: CloudFormation) -> None:
    cloud.refuse["ExecuteChangeSet"] = [Refused("InternalFailure", "?", 500)]
    cloud.refuse["DeleteChangeSet"] = [
        Refused("InvalidChangeSetStatus", "ChangeSet cannot be deleted in its current status of EXECUTE_IN_PROGRESS")
    ]
    with pytest.raises(AwsError):
        list(run(cloud))
    assert "DeleteStack" not in cloud.operations()


@pytest.mark.parametrize(
    ("refused", "message", "hint"),
    [
        (
            Refused(
                "ValidationError",
                f"Parameter validation failed: parameter value {VPC} for parameter name VpcId does not exist. "
                "Rollback requested by user.",
            ),
            f"VpcId: there is no {VPC} in us-east-1",
            "flowtui vpcs",
        ),
        (
            Refused("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]"),
            "IAM resources",
            "CAPABILITY_IAM",
        ),
        (
            Refused("AlreadyExistsException", "Stack [s] already exists and cannot be created again"),
            "There is a stack s in us-east-1 already",
            "--update",
        ),
        (
            Refused("AccessDenied", "User: me is not authorized to perform: cloudformation:CreateChangeSet", 403),
            "cloudformation:CreateChangeSet",
            "Ask for the IAM action cloudformation:CreateChangeSet",
        ),
        (
            Refused("AccessDenied", "User: me is not authorized to perform: iam:PassRole on resource: r", 403),
            "iam:PassRole",
            "iam:PassRole",
        ),
    ],
)
def test_refusals_are_said_in_terms_of_what_was_done(
    cloud: CloudFormation, refused: Refused, message: str, hint: str
) -> None:
    cloud.refuse["CreateChangeSet"] = [refused]
    with pytest.raises(AwsError) as caught:
        list(run(cloud))
    assert message in caught.value.message and hint in caught.value.hint
    assert writes(cloud) == ["CreateChangeSet"], "a refusal made nothing, so nothing is deleted"


def test_read_only_refuses_at_the_client(cloud: CloudFormation) -> None:
    account = account_of(cloud, read_only=True)
    with pytest.raises(ReadOnlyError, match="CreateChangeSet"):
        list(deploy(account, REGION, CLOUDWATCH, "s", {"VpcId": VPC}, pace=cloud.pace))
    assert writes(cloud) == []


def test_the_last_update_tells_a_new_rest_from_the_former(cloud: CloudFormation) -> None:
    """A stand-in may finish an update between two polls without an event; the stack's time tells."""
    stack = updatable(cloud, updated=NOW)
    steps = run(cloud, update=True)
    prepared_of(steps)
    cloud.course = []
    ticks = list(itertools.islice(steps, 5))
    assert all(isinstance(one, Tick) for one in ticks), "still the former rest"
    stack.updated = cloud.now
    assert result_of(list(steps)).outcome == "complete"
