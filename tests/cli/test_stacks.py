"""``flowtui stacks``."""

import json

import pytest

from flowtui.stacks.made import TAG
from flowtui.stacks.templates import load_template
from tests.aws.scripted import Refused
from tests.cli.clouds import Cloud
from tests.stacks.cloudformation import STACK, CloudFormation

VPC = "vpc-0a1b2c3d4e5f60718"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cloud:
    return Cloud(monkeypatch, capsys)


@pytest.fixture
def script(cloud: Cloud) -> CloudFormation:
    script = CloudFormation()
    cloud.use_script(script)
    return script


def ours(script: CloudFormation, name: str = "logs", **more):
    resources = [
        ("FlowLogBucket", "my-bucket", "AWS::S3::Bucket"),
        ("NewBucketFlowLog", "fl-1", "AWS::EC2::FlowLog"),
    ]
    return script.make(name, tags={TAG: "s3"}, body=load_template("s3").body, resources=resources, **more)


def denied() -> Refused:
    return Refused("AccessDenied", "User: me is not authorized to perform: cloudformation:DescribeStacks", 403)


@pytest.mark.parametrize("arguments", [["stacks"], ["stacks", "list"]])
def test_list_shows_ours_and_explains_the_stuck(cloud: Cloud, script: CloudFormation, arguments: list[str]) -> None:
    ours(script, parameters={"VpcId": VPC})
    ours(script, "stuck", status="ROLLBACK_COMPLETE")
    script.make("theirs")
    status, out, err = cloud(*arguments)
    assert status == 0
    header, first, second = out.splitlines()
    assert header.split() == ["Stack", "Status", "Template", "Region", "VPC", "Created"]
    assert first.split()[:5] == ["logs", "CREATE_COMPLETE", "s3", "us-east-1", VPC]
    assert second.startswith("stuck")
    assert "stuck: Its creation failed" in err and "flowtui stacks delete stuck" in err


def test_list_as_json(cloud: Cloud, script: CloudFormation) -> None:
    ours(script, outputs={"BucketName": "my-bucket"})
    status, out, _ = cloud("stacks", "list", "--output", "json")
    (entry,) = json.loads(out)
    assert status == 0 and entry["name"] == "logs" and entry["outputs"] == {"BucketName": "my-bucket"}


def test_no_stacks(cloud: Cloud, script: CloudFormation) -> None:
    status, out, err = cloud("stacks")
    assert (status, out) == (0, "") and "No stacks made here" in err


@pytest.mark.parametrize(("refusals", "expected"), [(1, 3), (2, 1)])
def test_a_region_that_refuses(cloud: Cloud, script: CloudFormation, refusals: int, expected: int) -> None:
    script.refuse["DescribeStacks"] = [denied()] * refusals
    ours(script)
    status, out, err = cloud("--region", "eu-west-1", "--region", "us-east-1", "stacks")
    assert status == expected
    assert "cloudformation:DescribeStacks" in err and "eu-west-1" in err
    assert ("logs" in out) is (refusals == 1)


@pytest.mark.parametrize(("refusals", "said"), [(0, "flowtui deploy makes one"), (1, "that answered"), (2, "")])
def test_no_stacks_are_told_only_of_regions_that_answered(
    cloud: Cloud, script: CloudFormation, refusals: int, said: str
) -> None:
    script.refuse["DescribeStacks"] = [denied()] * refusals
    _, out, err = cloud("--region", "eu-west-1", "--region", "us-east-1", "stacks")
    assert out == "" and ("No stacks made here" in err) is bool(said) and said in err


def test_watch(cloud: Cloud, script: CloudFormation) -> None:
    stack = ours(script, status="CREATE_IN_PROGRESS", outputs={"BucketName": "my-bucket"})
    script.happen(stack, "logs", STACK, "CREATE_IN_PROGRESS", "User Initiated")
    script.running = iter([[], [], [], [("logs", STACK, "CREATE_COMPLETE", "")]])
    status, out, err = cloud("stacks", "watch", "logs")
    assert (status, out) == (0, "BucketName  my-bucket\n")
    assert "CREATE_IN_PROGRESS" in err and "Stack logs is complete." in err


def test_watch_of_a_failure_is_a_failure(cloud: Cloud, script: CloudFormation) -> None:
    stack = ours(script)
    script.happen(stack, "logs", STACK, "CREATE_IN_PROGRESS")
    script.happen(stack, "FlowLogBucket", "AWS::S3::Bucket", "CREATE_FAILED", "my-bucket already exists")
    script.happen(stack, "logs", STACK, "ROLLBACK_COMPLETE")
    status, out, err = cloud("stacks", "watch", "logs")
    assert status == 1 and out == ""
    assert "AWS::S3::Bucket FlowLogBucket: my-bucket already exists" in err and "another BucketName" in err


def test_watch_of_nothing(cloud: Cloud, script: CloudFormation) -> None:
    status, _, err = cloud("stacks", "watch", "nope")
    assert status == 1 and "There is no stack nope in us-east-1" in err


@pytest.fixture
def going(script: CloudFormation) -> CloudFormation:
    script.course = [
        [("logs", STACK, "DELETE_IN_PROGRESS", "User Initiated")],
        [("logs", STACK, "DELETE_COMPLETE", "")],
    ]
    return script


def test_delete_says_what_goes_and_what_stays(cloud: Cloud, going: CloudFormation) -> None:
    ours(going)
    status, _, err = cloud("stacks", "delete", "logs", "--yes", "logs")
    assert status == 0 and "Stack logs is deleted." in err
    assert "removes  AWS::EC2::FlowLog  fl-1" in err
    assert "keeps    AWS::S3::Bucket  my-bucket" in err


@pytest.mark.parametrize(("typed", "deleted"), [("logs\n", True), ("y\n", False), ("\n", False), ("Logs\n", False)])
def test_delete_wants_the_name_typed(cloud: Cloud, going: CloudFormation, typed: str, deleted: bool) -> None:
    stack = ours(going)
    status, _, err = cloud("stacks", "delete", "logs", typed=typed)
    assert status == (0 if deleted else 2)
    assert (stack.status == "DELETE_COMPLETE") is deleted
    assert deleted or "nothing was deleted" in err


@pytest.mark.parametrize("arguments", [[], ["--yes", "other"]])
def test_delete_without_the_name_deletes_nothing(cloud: Cloud, going: CloudFormation, arguments: list[str]) -> None:
    ours(going)
    status, _, err = cloud("stacks", "delete", "logs", *arguments)
    assert status == 2 and "nothing was deleted" in err
    assert "DeleteStack" not in going.operations()


def test_a_stack_of_others_is_left_alone(cloud: Cloud, script: CloudFormation) -> None:
    script.make("theirs")
    status, _, err = cloud("stacks", "delete", "theirs", "--yes", "theirs")
    assert status == 1 and "left alone" in err
    assert "DeleteStack" not in script.operations()


def test_read_only_deletes_nothing(cloud: Cloud, going: CloudFormation) -> None:
    ours(going)
    status, _, err = cloud("--read-only", "stacks", "delete", "logs", "--yes", "logs")
    assert status == 1 and "cloudformation:DeleteStack was not sent" in err


def test_demo_from_deploying_to_deleting(cloud: Cloud) -> None:
    cloud.use_demo()
    assert cloud("--demo", "deploy", "s3", "--stack-name", "logs", "--param", f"VpcId={VPC}", "--yes")[0] == 0
    status, out, _ = cloud("--demo", "stacks")
    assert status == 0 and out.splitlines()[1].split()[:4] == ["logs", "CREATE_COMPLETE", "s3", "us-east-1"]
    status, _, err = cloud("--demo", "stacks", "watch", "logs")
    assert status == 0 and "NewBucketFlowLog" in err
    status, _, err = cloud("--demo", "stacks", "delete", "logs", "--yes", "logs")
    assert status == 0, err
    assert "keeps    AWS::S3::Bucket" in err and "removes  AWS::EC2::FlowLog" in err
    assert cloud("--demo", "stacks")[1] == ""
