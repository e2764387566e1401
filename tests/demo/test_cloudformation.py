"""Stacks: made step by step as the clock moves, failing, rolled back, changed, deleted, and refused as AWS refuses."""

import pytest
from botocore.exceptions import WaiterError

from flowtui.demo import plans
from flowtui.errors import AwsError
from flowtui.stacks.templates import load_template
from tests.demo.templates import POLICY_TOO_LATE, TO_BUCKET, TO_GROUP

US = "us-east-1"
NAME = "mine"
STACK = "AWS::CloudFormation::Stack"
IAM = {"Capabilities": ["CAPABILITY_IAM"]}


def values(**given):
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]


def call(account, operation, **given):
    return account.call("cloudformation", operation, US, **given)


def create(account, body=TO_GROUP, name=NAME, **given):
    parameters = given or {"VpcId": plans.STAGING}
    return call(account, "create_stack", StackName=name, TemplateBody=body, Parameters=values(**parameters), **IAM)


def stack(account, name=NAME):
    return call(account, "describe_stacks", StackName=name)["Stacks"][0]


def events(account, name=NAME):
    pages = account.pages("cloudformation", "describe_stack_events", US, StackName=name)
    return [event for page in pages for event in page["StackEvents"]][::-1]


def said(account, name=NAME):
    return [(event["LogicalResourceId"], event["ResourceStatus"]) for event in events(account, name)]


def flow_logs(account):
    return {item["FlowLogId"]: item for item in account.call("ec2", "describe_flow_logs", US)["FlowLogs"]}


def test_made_step_by_step(account, clock):
    before = set(flow_logs(account))
    create(account)
    seen = []
    for _ in range(40):
        seen.append(stack(account)["StackStatus"])
        clock.move(seconds=1)
    assert seen[0] == "CREATE_IN_PROGRESS"
    assert seen[-1] == "CREATE_COMPLETE"
    order = said(account)
    assert order[0] == (NAME, "CREATE_IN_PROGRESS")
    assert order[-1] == (NAME, "CREATE_COMPLETE")
    # The log waits for group and role, which are made at once.
    assert order.index(("Log", "CREATE_IN_PROGRESS")) > order.index(("Group", "CREATE_COMPLETE"))
    assert order.index(("Log", "CREATE_IN_PROGRESS")) > order.index(("Writer", "CREATE_COMPLETE"))
    assert order.index(("Writer", "CREATE_IN_PROGRESS")) < order.index(("Group", "CREATE_COMPLETE"))
    outputs = {item["OutputKey"]: item["OutputValue"] for item in stack(account)["Outputs"]}
    (made,) = set(flow_logs(account)) - before
    assert outputs["Log"] == made
    flow_log = flow_logs(account)[made]
    assert flow_log["LogGroupName"] == outputs["Group"]
    assert flow_log["Tags"] == [{"Key": "Name", "Value": "mine-log"}]
    assert flow_log["CreationTime"] < clock.now
    (group,) = account.call("logs", "describe_log_groups", US, logGroupNamePrefix=outputs["Group"])["logGroups"]
    assert group["retentionInDays"] == 14
    clock.move(minutes=15)
    assert account.call("logs", "filter_log_events", US, logGroupName=outputs["Group"])["events"]


def test_a_jump_of_the_clock_sees_the_same_events(account, clock):
    from flowtui.demo.account import demo_account
    from tests.demo.conftest import HandClock

    other_clock = HandClock()
    other = demo_account(clock=other_clock)
    create(account)
    create(other)
    for _ in range(60):
        clock.move(seconds=1)
        stack(account)
    other_clock.move(seconds=60)
    assert events(account) == events(other)


def test_held_still_nothing_happens(account):
    create(account)
    assert [stack(account)["StackStatus"] for _ in range(3)] == ["CREATE_IN_PROGRESS"] * 3


def test_waiters(account, clock):
    client = account.client("cloudformation", US)
    quick = {"Delay": 0, "MaxAttempts": 3}
    create(account)
    with pytest.raises(WaiterError):
        client.get_waiter("stack_create_complete").wait(StackName=NAME, WaiterConfig=quick)
    clock.move(minutes=1)
    client.get_waiter("stack_create_complete").wait(StackName=NAME, WaiterConfig=quick)
    call(account, "delete_stack", StackName=NAME)
    clock.move(minutes=1)
    client.get_waiter("stack_delete_complete").wait(StackName=NAME, WaiterConfig=quick)


def log_groups(account):
    return [group["logGroupName"] for group in account.call("logs", "describe_log_groups", US)["logGroups"]]


@pytest.mark.parametrize("missing", ["vpc-0000000000000dead", plans.PROD_EU])
@pytest.mark.parametrize("operation", ["create_stack", "create_change_set"])
def test_a_typed_parameter_has_to_name_what_is_there(account, missing, operation):
    typed = TO_GROUP.replace("VpcId: {Type: String", "VpcId: {Type: 'AWS::EC2::VPC::Id'")
    more = {"ChangeSetName": "first", "ChangeSetType": "CREATE"} if operation == "create_change_set" else {}
    said = f"parameter value {missing} for parameter name VpcId does not exist"
    with pytest.raises(AwsError, match=said) as caught:
        call(account, operation, StackName=NAME, TemplateBody=typed, Parameters=values(VpcId=missing), **IAM, **more)
    assert caught.value.code == "ValidationError"
    with pytest.raises(AwsError, match="does not exist"):
        stack(account)


@pytest.mark.parametrize("missing", ["vpc-0000000000000dead", plans.PROD_EU])
def test_vpc_that_is_not_there_rolls_back(account, clock, missing):
    groups = log_groups(account)
    create(account, VpcId=missing)
    clock.move(minutes=2)
    assert stack(account)["StackStatus"] == "ROLLBACK_COMPLETE"
    reasons = {
        event["LogicalResourceId"]: event.get("ResourceStatusReason", "")
        for event in events(account)
        if event["ResourceStatus"] in ("CREATE_FAILED", "ROLLBACK_IN_PROGRESS")
    }
    assert f"The vpc ID '{missing}' does not exist" in reasons["Log"]
    assert reasons[NAME].startswith("The following resource(s) failed to create: [Log].")
    assert ("Writer", "DELETE_COMPLETE") in said(account)
    assert log_groups(account) == groups
    with pytest.raises(AwsError, match="ROLLBACK_COMPLETE state and can not be updated"):
        call(account, "update_stack", StackName=NAME, TemplateBody=TO_GROUP, Parameters=values(VpcId=plans.DATA), **IAM)


def test_others_in_progress_are_cancelled(account, clock):
    create(account, GroupName="/vpc/flow-logs", VpcId=plans.STAGING)
    clock.move(minutes=1)
    failed = {
        event["LogicalResourceId"]: event["ResourceStatusReason"]
        for event in events(account)
        if event["ResourceStatus"] == "CREATE_FAILED"
    }
    assert "already exists" in failed["Group"]
    assert failed["Writer"] == "Resource creation cancelled"
    assert stack(account)["StackStatus"] == "ROLLBACK_COMPLETE"
    # A group that was there before is not the stack's to remove.
    assert account.call("logs", "describe_log_groups", US, logGroupNamePrefix="/vpc/flow-logs")["logGroups"]


@pytest.mark.parametrize("taken", ["demo-taken-bucket", "demo-flow-logs"])
def test_bucket_name_that_is_taken(account, clock, taken):
    create(account, TO_BUCKET, VpcId=plans.STAGING, Name=taken)
    clock.move(minutes=1)
    (reason,) = [
        event["ResourceStatusReason"] for event in events(account) if event["ResourceStatus"] == "CREATE_FAILED"
    ]
    assert f"{taken} already exists" in reason


def test_bucket_is_really_there_and_kept(account, clock):
    create(account, TO_BUCKET, VpcId=plans.STAGING, Name="of-my-own")
    clock.move(minutes=40)
    assert account.call("s3", "head_bucket", Bucket="of-my-own")
    keys = [meta["path"] for chunk in account.store("of-my-own").list() for meta in chunk]
    assert keys
    assert all("/hour=" in key for key in keys)
    call(account, "delete_stack", StackName=NAME)
    stack_id = call(account, "list_stacks")["StackSummaries"][0]["StackId"]
    clock.move(minutes=1)
    assert stack(account, stack_id)["StackStatus"] == "DELETE_COMPLETE"
    assert ("Bucket", "DELETE_SKIPPED") in said(account, stack_id)
    assert account.call("s3", "head_bucket", Bucket="of-my-own")


def test_policy_that_comes_after_awss_own(account, clock):
    call(account, "create_stack", StackName=NAME, TemplateBody=POLICY_TOO_LATE)
    clock.move(minutes=1)
    (failed,) = [event for event in events(account) if event["ResourceStatus"] == "CREATE_FAILED"]
    assert failed["LogicalResourceId"] == "Policy"
    assert "The bucket policy already exists on bucket" in failed["ResourceStatusReason"]


def test_stack_without_rollback(account, clock):
    call(
        account,
        "create_stack",
        StackName=NAME,
        TemplateBody=TO_GROUP,
        Parameters=values(VpcId="vpc-0000000000000dead"),
        OnFailure="DO_NOTHING",
        **IAM,
    )
    clock.move(minutes=1)
    assert stack(account)["StackStatus"] == "CREATE_FAILED"
    assert account.call("iam", "list_roles")["Roles"][0]["RoleName"].startswith(NAME)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, r"Parameters: \[VpcId\] must have values"),
        ({"VpcId": "v", "Colour": "red"}, r"Parameters: \[Colour\] do not exist in the template"),
        ({"VpcId": "v", "TrafficType": "SOME"}, "Parameter 'TrafficType' must be one of AllowedValues"),
        ({"VpcId": "v", "Retention": "many"}, "Parameter 'Retention' must be a number"),
        ({"VpcId": "v", "Retention": "0"}, "not less than 1"),
        ({"VpcId": "v", "Retention": "9999"}, "not greater than 3653"),
        ({"VpcId": "v", "GroupName": "LOUD"}, "failed to satisfy constraint: small letters only"),
    ],
)
def test_parameters_are_checked(account, parameters, message):
    with pytest.raises(AwsError, match=message) as caught:
        call(account, "create_stack", StackName=NAME, TemplateBody=TO_GROUP, Parameters=values(**parameters), **IAM)
    assert caught.value.code == "ValidationError"
    with pytest.raises(AwsError, match="does not exist"):
        stack(account)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{", "not valid YAML"),
        ("Parameters: {}", "no Resources"),
        ("Resources: {A: {Properties: {}}}", "must contain a Type"),
        ("Resources: {A: {Type: 'AWS::S3::Bucket', DependsOn: B}}", r"Unresolved resource dependencies \[B\]"),
        (
            "Resources: {A: {Type: X, DependsOn: B}, B: {Type: X, Properties: {P: !Sub '${A}'}}}",
            r"Circular dependency between resources: \[A, B\]",
        ),
        ("Resources: {A: {Type: X, Properties: {P: {'Fn::Cidr': []}}}}", "Fn::Cidr"),
    ],
)
def test_templates_are_checked(account, body, message):
    with pytest.raises(AwsError, match=message):
        call(account, "create_stack", StackName=NAME, TemplateBody=body)


def test_capabilities(account):
    with pytest.raises(AwsError) as caught:
        call(account, "create_stack", StackName=NAME, TemplateBody=TO_GROUP, Parameters=values(VpcId="v"))
    assert caught.value.code == "InsufficientCapabilitiesException"
    assert call(account, "validate_template", TemplateBody=TO_GROUP)["Capabilities"] == ["CAPABILITY_IAM"]
    assert "Capabilities" not in call(account, "validate_template", TemplateBody=TO_BUCKET)


def test_name_is_taken_until_deleted(account, clock):
    create(account)
    with pytest.raises(AwsError) as caught:
        create(account)
    assert caught.value.code == "AlreadyExistsException"
    clock.move(minutes=1)
    call(account, "delete_stack", StackName=NAME)
    clock.move(minutes=1)
    create(account)
    assert [item["StackStatus"] for item in call(account, "list_stacks")["StackSummaries"]] == [
        "CREATE_IN_PROGRESS",
        "DELETE_COMPLETE",
    ]
    assert len(call(account, "describe_stacks")["Stacks"]) == 1


def test_update_in_place_and_by_replacement(account, clock):
    create(account)
    clock.move(minutes=1)
    before = {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in resources(account)}
    with pytest.raises(AwsError, match="No updates are to be performed"):
        update(account)
    update(account, Retention="30")
    clock.move(minutes=1)
    assert stack(account)["StackStatus"] == "UPDATE_COMPLETE"
    assert {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in resources(account)} == before
    update(account, Retention="30", TrafficType="REJECT")
    clock.move(minutes=1)
    after = {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in resources(account)}
    assert after["Log"] != before["Log"]
    assert after["Group"] == before["Group"]
    assert before["Log"] not in flow_logs(account)
    assert flow_logs(account)[after["Log"]]["TrafficType"] == "REJECT"


def resources(account):
    return call(account, "list_stack_resources", StackName=NAME)["StackResourceSummaries"]


def update(account, **given):
    parameters = [{"ParameterKey": "VpcId", "UsePreviousValue": True}, *values(**given)]
    return call(account, "update_stack", StackName=NAME, UsePreviousTemplate=True, Parameters=parameters, **IAM)


def test_update_that_fails_goes_back(account, clock):
    create(account)
    clock.move(minutes=1)
    before = resources(account)
    parameters = values(VpcId="vpc-0000000000000dead", Retention="30")
    call(account, "update_stack", StackName=NAME, UsePreviousTemplate=True, Parameters=parameters, **IAM)
    clock.move(minutes=1)
    assert stack(account)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert {item["PhysicalResourceId"] for item in resources(account)} == {
        item["PhysicalResourceId"] for item in before
    }
    group = next(item for item in resources(account) if item["LogicalResourceId"] == "Group")["PhysicalResourceId"]
    (told,) = account.call("logs", "describe_log_groups", US, logGroupNamePrefix=group)["logGroups"]
    assert told["retentionInDays"] == 14
    shown = {item["ParameterKey"]: item["ParameterValue"] for item in stack(account)["Parameters"]}
    assert shown["VpcId"] == plans.STAGING


def change_set(account, kind="CREATE", name="first", **given):
    answer = call(
        account,
        "create_change_set",
        StackName=NAME,
        ChangeSetName=name,
        ChangeSetType=kind,
        TemplateBody=TO_GROUP,
        Parameters=values(**({"VpcId": plans.STAGING} | given)),
        **IAM,
    )
    return answer["Id"]


def described(account, identity):
    return call(account, "describe_change_set", ChangeSetName=identity)


def test_change_set_of_a_new_stack(account, clock):
    identity = change_set(account)
    assert described(account, identity)["Status"] == "CREATE_IN_PROGRESS"
    with pytest.raises(AwsError) as caught:
        call(account, "execute_change_set", ChangeSetName=identity)
    assert caught.value.code == "InvalidChangeSetStatus"
    clock.move(seconds=2)
    told = described(account, identity)
    assert (told["Status"], told["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    changes = [item["ResourceChange"] for item in told["Changes"]]
    assert {(item["Action"], item["LogicalResourceId"]) for item in changes} == {
        ("Add", "Group"),
        ("Add", "Writer"),
        ("Add", "Log"),
    }
    assert stack(account)["StackStatus"] == "REVIEW_IN_PROGRESS"
    call(account, "execute_change_set", ChangeSetName=identity)
    clock.move(minutes=1)
    assert stack(account)["StackStatus"] == "CREATE_COMPLETE"
    assert call(account, "list_change_sets", StackName=NAME)["Summaries"] == []


def test_deleting_a_change_set_leaves_the_empty_stack(account, clock):
    identity = change_set(account)
    call(account, "delete_change_set", ChangeSetName=identity)
    assert stack(account)["StackStatus"] == "REVIEW_IN_PROGRESS"
    with pytest.raises(AwsError) as caught:
        described(account, identity)
    assert caught.value.code == "ChangeSetNotFound"
    call(account, "delete_stack", StackName=NAME)
    clock.move(minutes=1)
    assert call(account, "describe_stacks")["Stacks"] == []


def test_change_set_of_an_update_says_what_is_replaced(account, clock):
    create(account)
    clock.move(minutes=1)
    identity = change_set(account, "UPDATE", TrafficType="REJECT", Retention="30")
    clock.move(seconds=2)
    told = {
        item["ResourceChange"]["LogicalResourceId"]: item["ResourceChange"]
        for item in described(account, identity)["Changes"]
    }
    assert {name: change["Replacement"] for name, change in told.items()} == {"Group": "False", "Log": "True"}
    identity = change_set(account, "UPDATE", "second")
    clock.move(seconds=2)
    told = described(account, identity)
    assert told["Status"] == "FAILED"
    assert "didn't contain changes" in told["StatusReason"]


@pytest.mark.parametrize(("kind", "message"), [("UPDATE", "does not exist"), ("CREATE", "already exists")])
def test_change_set_of_the_wrong_kind(account, clock, kind, message):
    if kind == "CREATE":
        create(account)
        clock.move(minutes=1)
    with pytest.raises(AwsError, match=message):
        change_set(account, kind)


def test_bucket_that_is_not_empty_is_not_deleted(account, clock):
    body = TO_BUCKET.replace("    DeletionPolicy: Retain\n", "")
    create(account, body, VpcId=plans.STAGING)
    clock.move(minutes=40)
    call(account, "delete_stack", StackName=NAME)
    clock.move(minutes=1)
    assert stack(account)["StackStatus"] == "DELETE_FAILED"
    assert "[Bucket]" in stack(account)["StackStatusReason"]


@pytest.mark.parametrize("name", ["cloudwatch", "s3"])
def test_bundled_templates_deploy(account, clock, name):
    create(account, load_template(name).body, VpcId=plans.STAGING)
    clock.move(minutes=2)
    assert stack(account)["StackStatus"] == "CREATE_COMPLETE"
    assert all(item["ResourceStatus"] == "CREATE_COMPLETE" for item in resources(account))


def test_rules_of_the_bundled_template(account):
    with pytest.raises(AwsError, match="BucketName has to name the existing bucket"):
        create(account, load_template("s3").body, VpcId=plans.STAGING, CreateBucket="No")
