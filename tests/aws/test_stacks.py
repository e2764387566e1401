"""The CloudFormation gateway: what is asked, and how answers are read."""

import pytest

from flowtui.aws import stacks
from flowtui.errors import AwsError
from tests.aws.scripted import NOW, Refused, Script

REGION = "us-east-1"


@pytest.fixture
def script() -> Script:
    return Script()


def described(name: str, **more) -> dict:
    return {"StackName": name, "StackId": f"arn:{name}", "StackStatus": "CREATE_COMPLETE", "CreationTime": NOW, **more}


def test_stacks_come_with_tags_parameters_and_outputs_from_every_page(script: Script) -> None:
    first = described(
        "a",
        LastUpdatedTime=NOW,
        Description="d",
        StackStatusReason="r",
        Tags=[{"Key": "k", "Value": "v"}],
        Parameters=[{"ParameterKey": "VpcId", "ParameterValue": "vpc-1"}],
        Outputs=[{"OutputKey": "O", "OutputValue": "o"}],
    )
    pages = {None: {"Stacks": [first], "NextToken": "t"}, "t": {"Stacks": [described("b")]}}
    script.answers["DescribeStacks"] = lambda params: pages[params.get("NextToken")]
    one, two = stacks.list_stacks(script.account(), REGION)
    assert (one.name, one.id, one.region, one.status, one.reason) == ("a", "arn:a", REGION, "CREATE_COMPLETE", "r")
    assert (one.tags, one.parameters, one.outputs) == ({"k": "v"}, {"VpcId": "vpc-1"}, {"O": "o"})
    assert one.updated == NOW and two.updated is None and two.outputs == {}


def test_a_stack_that_is_not_there_is_none_and_other_errors_are_errors(script: Script) -> None:
    refusals = [Refused("ValidationError", "Stack with id s does not exist"), Refused("ValidationError", "bad name")]

    def answer(_):
        raise refusals.pop(0)

    script.answers["DescribeStacks"] = answer
    assert stacks.find_stack(script.account(), REGION, "s") is None
    with pytest.raises(AwsError, match="bad name"):
        stacks.find_stack(script.account(), REGION, "s")


def event(number: int) -> dict:
    return {
        "StackId": "arn:s",
        "StackName": "s",
        "EventId": f"e{number}",
        "Timestamp": NOW,
        "LogicalResourceId": "L",
        "ResourceType": "T",
        "ResourceStatus": "CREATE_IN_PROGRESS",
    }


def test_events_are_oldest_first_and_reading_stops_at_the_known_one(script: Script) -> None:
    pages = {
        None: {"StackEvents": [event(4), event(3)], "NextToken": "t"},
        "t": {"StackEvents": [event(2), event(1)]},
    }
    script.answers["DescribeStackEvents"] = lambda params: pages[params.get("NextToken")]
    account = script.account()
    assert [one.id for one in stacks.stack_events(account, REGION, "s")] == ["e1", "e2", "e3", "e4"]
    script.calls.clear()
    assert [one.id for one in stacks.stack_events(account, REGION, "s", after="e3")] == ["e4"]
    assert len(script.calls) == 1, "the second page was not needed"
    assert stacks.newest_event(account, REGION, "s") == "e4"
    assert stacks.stack_events(account, REGION, "s")[0].reason == ""


def test_a_change_set_is_asked_for_with_everything_by_name(script: Script) -> None:
    script.answers["CreateChangeSet"] = lambda params: {"Id": "arn:cs", "StackId": "arn:s"}
    made = stacks.create_change_set(
        script.account(),
        REGION,
        "s",
        "flowtui-1",
        kind="CREATE",
        body="Resources: {}",
        parameters={"A": "1"},
        capabilities=("CAPABILITY_IAM",),
        tags={"flowtui:template": "s3"},
    )
    assert made == ("arn:cs", "arn:s")
    (_, region, asked), *_ = script.calls
    assert region == REGION
    assert asked["ChangeSetName"] == asked["ClientToken"] == "flowtui-1"
    assert asked["Parameters"] == [{"ParameterKey": "A", "ParameterValue": "1"}]
    assert asked["Tags"] == [{"Key": "flowtui:template", "Value": "s3"}]


def test_changes_of_all_pages(script: Script) -> None:
    def change(name: str, **more) -> dict:
        return {"Type": "Resource", "ResourceChange": {"Action": "Add", "LogicalResourceId": name, **more}}

    head = {"ChangeSetId": "arn:cs", "StackId": "arn:s", "Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE"}
    pages = {
        None: {**head, "Changes": [change("A", ResourceType="T")], "NextToken": "t"},
        "t": {**head, "Changes": [change("B", Replacement="True", PhysicalResourceId="p"), {"Type": "Hook"}]},
    }
    script.answers["DescribeChangeSet"] = lambda params: pages[params.get("NextToken")]
    found = stacks.describe_change_set(script.account(), REGION, "arn:cs")
    assert (found.id, found.stack_id, found.status, found.execution) == (
        "arn:cs",
        "arn:s",
        "CREATE_COMPLETE",
        "AVAILABLE",
    )
    assert [(one.logical_id, one.type, one.replacement, one.physical_id) for one in found.changes] == [
        ("A", "T", "", ""),
        ("B", "", "True", "p"),
    ]


def test_a_json_template_comes_back_as_text(script: Script) -> None:
    script.answers["GetTemplate"] = lambda params: {"TemplateBody": {"Resources": {}}}
    assert stacks.template_body(script.account(), REGION, "s") == '{"Resources": {}}'


def test_validation_tells_the_capabilities(script: Script) -> None:
    script.answers["ValidateTemplate"] = lambda params: {"Capabilities": ["CAPABILITY_IAM"]}
    assert stacks.validate_template(script.account(), REGION, "Resources: {}") == ("CAPABILITY_IAM",)
