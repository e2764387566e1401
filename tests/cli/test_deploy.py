"""``flowtui deploy``, against a scripted CloudFormation and against the demo account."""

import json
import signal
from datetime import timedelta

import pytest

from tests.aws.scripted import Refused
from tests.cli.clouds import Cloud
from tests.stacks.cloudformation import STACK, CloudFormation, created

VPC = "VpcId=vpc-0a1b2c3d4e5f60718"
PROD_CORE = VPC
SANDBOX = "VpcId=vpc-0d4e5f60718293a4b"
WRITES = ("CreateChangeSet", "ExecuteChangeSet", "DeleteChangeSet", "DeleteStack")


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cloud:
    return Cloud(monkeypatch, capsys)


@pytest.fixture
def script(cloud: Cloud) -> CloudFormation:
    script = CloudFormation()
    script.course = created("s")
    script.changes = [{"Action": "Add", "LogicalResourceId": "FlowLog", "ResourceType": "AWS::EC2::FlowLog"}]
    # The scripted VPC is in this region.
    cloud.use_script(script, ("eu-west-1",))
    return script


def writes(script: CloudFormation) -> list[str]:
    return [operation for operation in script.operations() if operation in WRITES]


def test_plan_is_local(cloud: Cloud, script: CloudFormation) -> None:
    status, out, err = cloud("deploy", "s3", "--plan", "--param", VPC, "--gb", "151")
    assert status == 0 and script.calls == []
    assert "Makes   AWS::S3::Bucket  FlowLogBucket  kept when the stack is deleted" in out
    assert "Costs   about $" in out
    assert "Nothing has been changed." in err


def test_plan_works_read_only_and_deploying_is_refused(cloud: Cloud, script: CloudFormation) -> None:
    assert cloud("--read-only", "deploy", "s3", "--plan", "--param", VPC)[0] == 0
    status, out, err = cloud("--read-only", "deploy", "s3", "--stack-name", "s", "--param", VPC, "--yes")
    assert status == 1 and "cloudformation:CreateChangeSet was not sent: flowtui is read-only" in err
    assert out == "" and writes(script) == []


def test_yes_deploys_and_prints_the_outputs(cloud: Cloud, script: CloudFormation) -> None:
    script.course[-1] = [("s", STACK, "CREATE_COMPLETE", "")]
    status, out, err = cloud("deploy", "cloudwatch", "--stack-name", "s", "--param", VPC, "--yes")
    assert (status, out) == (0, "")
    for said in ("+ Add     AWS::EC2::FlowLog", "0:00  REVIEW_IN_PROGRESS", "Stack s is complete."):
        assert said in err
    assert writes(script) == ["CreateChangeSet", "ExecuteChangeSet"]


def test_a_plan_without_a_volume_says_what_a_gigabyte_costs(cloud: Cloud, script: CloudFormation) -> None:
    arguments = ("deploy", "s3", "--param", VPC)
    _, out, _ = cloud(*arguments, "--plan")
    assert "a month at 1 GB, Glacier counted as S3 Standard (prices of" in out
    _, out, _ = cloud(*arguments, "--plan", "--gb", "10")
    assert "at 1 GB" not in out
    _, _, err = cloud(*arguments, "--stack-name", "s", "--gb", "10", "--yes")
    assert "a month at 10 GB, Glacier counted as S3 Standard (prices of" in err


def test_off_a_terminal_yes_is_asked_for_before_anything_is_made(cloud: Cloud, script: CloudFormation) -> None:
    status, _, err = cloud("deploy", "cloudwatch", "--stack-name", "s", "--param", VPC)
    assert status == 2 and "--yes" in err
    assert script.calls == []


def test_off_a_terminal_a_wrong_parameter_is_told_before_the_missing_yes(cloud: Cloud, script: CloudFormation) -> None:
    status, _, err = cloud("deploy", "cloudwatch", "--stack-name", "s", "--param", VPC, "--param", "Retention=3")
    assert status == 2 and "RetentionInDays" in err and "--yes" not in err
    assert script.calls == []


@pytest.mark.parametrize(("typed", "executed"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_on_a_terminal_it_asks_after_showing_the_change_set(
    cloud: Cloud, script: CloudFormation, typed: str, executed: bool
) -> None:
    status, _, err = cloud("deploy", "cloudwatch", "--stack-name", "s", "--param", VPC, typed=typed)
    assert "Change set for new stack s" in err
    assert status == (0 if executed else 1)
    assert ("ExecuteChangeSet" in writes(script)) is executed
    assert script.change_sets == {}
    assert (script.stacks[0].status == "DELETE_COMPLETE") is not executed


def test_an_end_of_input_cleans_up(cloud: Cloud, script: CloudFormation) -> None:
    status, _, _ = cloud("deploy", "cloudwatch", "--stack-name", "s", "--param", VPC, typed="")
    assert status == 130
    assert script.change_sets == {} and script.stacks[0].status == "DELETE_COMPLETE"


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_a_terminal_closed_before_the_execution_leaves_nothing(
    cloud: Cloud, script: CloudFormation, number: signal.Signals
) -> None:
    answer = script.answers["DescribeChangeSet"]

    def closed(params):
        signal.raise_signal(number)
        return answer(params)

    script.answers["DescribeChangeSet"] = closed
    before = signal.getsignal(number)
    status, _, err = cloud("deploy", "cloudwatch", "--stack-name", "s", "--param", VPC, "--yes")
    assert status == 130 and "interrupted" in err
    assert script.change_sets == {} and script.stacks[0].status == "DELETE_COMPLETE"
    assert signal.getsignal(number) is before


def test_interrupted_while_it_runs_the_stack_goes_on_and_the_way_back_is_told(
    cloud: Cloud, script: CloudFormation
) -> None:
    answer = script.answers["DescribeStackEvents"]

    def interrupted(params):
        signal.raise_signal(signal.SIGINT)
        return answer(params)

    script.answers["DescribeStackEvents"] = interrupted
    status, _, err = cloud("deploy", "cloudwatch", "--stack-name", "s", "--param", VPC, "--yes")
    assert status == 130
    assert "flowtui stacks watch s --region eu-west-1" in err
    assert writes(script) == ["CreateChangeSet", "ExecuteChangeSet"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["deploy", "firehose", "--stack-name", "s"], "Templates: cloudwatch, s3"),
        (["deploy", "cloudwatch", "--param", VPC, "--yes"], "--stack-name"),
        (["deploy", "cloudwatch", "--stack-name", "s", "--yes"], "VpcId is missing"),
        (["deploy", "cloudwatch", "--stack-name", "s", "--yes", "--param", "VpcId"], "is not KEY=VALUE"),
        (["deploy", "cloudwatch", "--stack-name", "s", "--yes", "--param", "Vpc=vpc-1"], "Did you mean VpcId"),
        (["deploy", "s3", "--stack-name", "s", "--yes", "--param", VPC, "--param", "CreateBucket=No"], "BucketName"),
        (["deploy", "cloudwatch", "--stack-name", "1s", "--yes", "--param", VPC], "not a stack name"),
        (["deploy", "s3", "--plan", "--update", "--param", VPC], "--stack-name"),
        (["deploy", "s3", "--plan", "--param", VPC, "--gb", "nan"], "not a volume"),
        (["deploy", "s3", "--plan", "--param", VPC, "--gb", "inf"], "not a volume"),
        (["deploy", "s3", "--check", "--stack-name", "s", "--yes", "--param", VPC], "goes with --plan"),
        (["deploy", "s3", "--plan", "--add-bucket-policy", "--param", VPC], "--plan --check"),
    ],
)
def test_usage(cloud: Cloud, script: CloudFormation, arguments: list[str], says: str) -> None:
    status, _, err = cloud(*arguments)
    assert status == 2 and says in err
    assert writes(script) == []


def test_a_vpc_that_does_not_exist_is_said_before_anything_is_made(cloud: Cloud, script: CloudFormation) -> None:
    status, _, err = cloud("deploy", "cloudwatch", "--stack-name", "s", "--param", "VpcId=vpc-0f", "--yes")
    assert status == 1 and "There is no VPC vpc-0f in eu-west-1" in err
    assert writes(script) == []


def test_a_denied_action_is_named(cloud: Cloud, script: CloudFormation) -> None:
    said = "User: me is not authorized to perform: cloudformation:CreateChangeSet on resource: s"
    script.refuse["CreateChangeSet"] = [Refused("AccessDenied", said, 403)]
    status, _, err = cloud("deploy", "cloudwatch", "--stack-name", "s", "--param", VPC, "--yes")
    assert status == 1 and "Ask for the IAM action cloudformation:CreateChangeSet." in err


def test_control_characters_of_a_reason_are_not_obeyed(cloud: Cloud, script: CloudFormation) -> None:
    script.course = [
        [("FlowLog", "AWS::EC2::FlowLog", "CREATE_FAILED", "bad \x1b[2J[red]thing")],
        [("s", STACK, "ROLLBACK_COMPLETE", "")],
    ]
    status, _, err = cloud("deploy", "cloudwatch", "--stack-name", "s", "--param", VPC, "--yes")
    assert status == 1 and "bad ·[2J[red]thing" in err and "\x1b[2J" not in err


# From here on the demo account, which works through the template's resources as its clock moves.


def test_demo_cloudwatch_in_the_region_of_its_vpc(cloud: Cloud) -> None:
    cloud.use_demo()
    arguments = ("--demo", "deploy", "cloudwatch", "--stack-name", "logs", "--param", SANDBOX, "--yes")
    status, out, err = cloud(*arguments, "--output", "json")
    assert status == 0, err
    ended = json.loads(out)
    assert (ended["stack"], ended["region"], ended["outcome"]) == ("logs", "eu-west-1", "complete")
    assert ":stack/logs/" in ended["id"] and ended["status"] == "CREATE_COMPLETE" and ended["failure"] is None
    outputs = ended["outputs"]
    assert set(outputs) == {"LogGroupName", "LogGroupArn", "FlowLogId", "RoleArn"}
    assert ":eu-west-1:" in outputs["LogGroupArn"] and outputs["FlowLogId"].startswith("fl-")
    assert "CREATE_COMPLETE" in err and "AWS::IAM::Role" in err


def test_demo_s3_and_the_update_that_follows(cloud: Cloud) -> None:
    cloud.use_demo()
    deploy = ("--demo", "deploy", "s3", "--stack-name", "logs", "--yes")
    status, out, err = cloud(*deploy, "--param", PROD_CORE)
    assert status == 0, err
    assert "AthenaLocation  s3://" in out
    status, _, err = cloud(*deploy, "--update")
    assert status == 0 and "No changes: stack logs is already as asked." in err
    status, _, err = cloud(*deploy, "--update", "--param", "TrafficType=REJECT")
    assert status == 0, err
    assert "A flow log cannot be changed: it is made anew" in err
    status, _, err = cloud(*deploy, "--param", PROD_CORE)
    assert status == 1 and "There is a stack logs in us-east-1 already" in err


def test_demo_failure_tells_its_cause_and_the_way_out(cloud: Cloud) -> None:
    cloud.use_demo()
    answers = ("--param", PROD_CORE, "--param", "BucketName=demo-flow-logs")
    status, out, err = cloud("--demo", "deploy", "s3", "--stack-name", "logs", *answers, "--yes")
    assert status == 1 and out == ""
    last = err[err.index("flowtui: ") :]
    assert "demo-flow-logs already exists" in last and "RequestToken" not in last
    assert "Choose another BucketName" in last
    assert "flowtui stacks delete logs --region us-east-1" in last


def test_demo_declined_leaves_no_stack(cloud: Cloud) -> None:
    cloud.use_demo()
    cloud("--demo", "deploy", "s3", "--stack-name", "logs", "--param", PROD_CORE, typed="n\n")
    cloud.now += timedelta(minutes=1)
    status, out, _ = cloud("--demo", "stacks", "list", "--output", "json")
    assert (status, json.loads(out)) == (0, [])
