"""What can be wrong with a deployment: each has its own message with the resource, the reason and the next step.

Where AWS's own words matter they are written from its documentation, or said by the demo account, which takes them
from there.
"""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from tests.aws.scripted import Refused
from tests.cli.clouds import Cloud
from tests.cli.test_deploy_checks import Demo
from tests.stacks.cloudformation import STACK, CloudFormation

PROD_CORE = "vpc-0a1b2c3d4e5f60718"


@pytest.fixture
def cloud(monkeypatch, capsys):
    return Demo(monkeypatch, capsys)


def deploy(cloud, name, *assignments, stack="logs"):
    answers = {"VpcId": PROD_CORE} | dict(text.split("=", 1) for text in assignments)
    given = [part for key, value in answers.items() for part in ("--param", f"{key}={value}")]
    return cloud("--demo", "deploy", name, "--stack-name", stack, *given, "--yes")


def refused(outcome, status=1):
    """The message at the end, after checking how the command ended."""
    found, out, err = outcome
    assert (found, out) == (status, ""), err
    assert "Traceback" not in err
    return err[err.index("flowtui: ") :]


@pytest.mark.parametrize(
    ("name", "assignment", "says"),
    [
        ("s3", "Retention=90", ["no parameter 'Retention'", "Did you mean RetentionInDays"]),
        ("s3", "RetentionInDays=47", ["RetentionInDays: '47'", "the nearest are 45 and 50"]),
        ("s3", "GlacierTransitionDays=-1", ["GlacierTransitionDays: '-1'"]),
        ("cloudwatch", "RetentionInDays=45", ["RetentionInDays: '45'", "30, 60"]),
        ("s3", "TrafficType=SOME", ["TrafficType: 'SOME'", "ALL, ACCEPT, REJECT"]),
        ("s3", "BucketName=My_Bucket", ["BucketName: 'My_Bucket'", "3 to 63 lower-case letters"]),
        ("s3", "BucketName=192.168.5.4", ["BucketName", "not an IP address"]),
        ("s3", "Prefix=AWSLogs/x", ["Prefix: 'AWSLogs/x'", "AWSLogs is reserved"]),
        ("s3", "VpcId=prod-core", ["VpcId: 'prod-core'", "not a VPC id"]),
        ("s3", "CreateBucket=No", ["do not go together", "BucketName has to name the existing bucket"]),
        ("s3", "GlacierTransitionDays=90", ["GlacierTransitionDays has to be less than RetentionInDays", "=90"]),
        ("s3", "KmsKeyArn=alias/logs", ["KmsKeyArn", "full ARN"]),
    ],
)
def test_wrong_parameters_are_told_before_anything_is_called(cloud, name, assignment, says):
    said = refused(deploy(cloud, name, assignment), 2)
    for text in says:
        assert text in said
    assert not hasattr(cloud, "account"), "no account was even made"


def test_a_vpc_that_does_not_exist(cloud):
    said = refused(deploy(cloud, "s3", "VpcId=vpc-0000000000000dead"))
    assert "There is no VPC vpc-0000000000000dead in us-east-1, eu-west-1, ap-southeast-2" in said
    assert cloud.stacks() == []


def test_a_vpc_that_only_cloudformation_may_look_up(monkeypatch, capsys):
    cloud = Demo(monkeypatch, capsys, deny=(("ec2", "DescribeVpcs", "eu-west-1"),))
    given = ("--param", f"VpcId={PROD_CORE}", "--yes")
    outcome = cloud("--demo", "--region", "eu-west-1", "deploy", "cloudwatch", "--stack-name", "logs", *given)
    said = refused(outcome)
    assert f"VpcId: there is no {PROD_CORE} in eu-west-1." in said and "flowtui vpcs --region eu-west-1" in said


@pytest.mark.parametrize("name", ["demo-taken-bucket", "demo-flow-logs"])
def test_a_bucket_name_that_is_taken(cloud, name):
    outcome = deploy(cloud, "s3", f"BucketName={name}")
    assert f"Bucket {name} exists already, so making it will fail" in outcome[2]
    said = refused(outcome)
    assert f"AWS::S3::Bucket FlowLogBucket: {name} already exists" in said
    assert "Choose another BucketName" in said and "flowtui stacks delete logs --region us-east-1" in said
    assert "\n  Its creation failed" in outcome[2]


@pytest.mark.parametrize("operation", ["CreateChangeSet", "ExecuteChangeSet", "DescribeChangeSet"])
def test_a_cloudformation_permission_that_is_missing(monkeypatch, capsys, operation):
    cloud = Demo(monkeypatch, capsys, deny=(("cloudformation", operation, "us-east-1"),))
    said = refused(deploy(cloud, "cloudwatch"))
    assert f"Ask for the IAM action cloudformation:{operation}." in said
    cloud.now += timedelta(minutes=1)
    assert cloud.stacks() == []


@pytest.fixture
def script(monkeypatch, capsys):
    cloud = Cloud(monkeypatch, capsys)
    made = CloudFormation()
    made.changes = [{"Action": "Add", "LogicalResourceId": "FlowLog", "ResourceType": "AWS::EC2::FlowLog"}]
    cloud.use_script(made, ("eu-west-1",))
    made.run = lambda: cloud("deploy", "cloudwatch", "--stack-name", "s", "--param", f"VpcId={PROD_CORE}", "--yes")
    return made


def test_passrole_missing_while_the_stack_is_made(script):
    # As CloudFormation's handlers pass IAM's words on:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    said = (
        'Resource handler returned message: "User: arn:aws:iam::123456789010:user/me is not authorized to perform: '
        "iam:PassRole on resource: arn:aws:iam::123456789010:role/s-FlowLogRole-1 because no identity-based policy "
        'allows the iam:PassRole action" (RequestToken: 1, HandlerErrorCode: AccessDenied)'
    )
    script.course = [
        [("FlowLog", "AWS::EC2::FlowLog", "CREATE_FAILED", said)],
        [("FlowLogGroup", "AWS::Logs::LogGroup", "CREATE_FAILED", "Resource creation cancelled")],
        [("s", STACK, "ROLLBACK_COMPLETE", "")],
    ]
    told = refused(script.run())
    assert "AWS::EC2::FlowLog FlowLog" in told and "role/s-FlowLogRole-1" in told
    assert "Ask for the IAM action iam:PassRole on the stack's role" in told


def test_passrole_missing_when_cloudformation_is_asked(script):
    said = "User: me is not authorized to perform: iam:PassRole on resource: arn:aws:iam::1:role/r"
    script.refuse["CreateChangeSet"] = [Refused("AccessDenied", said, 403)]
    told = refused(script.run())
    assert "iam:PassRole" in told and "hands it the role it writes with" in told


def test_a_flow_log_that_exists_already_with_the_same_destination(cloud):
    existing = ("CreateBucket=No", "BucketName=demo-flow-logs", "Prefix=again")
    assert deploy(cloud, "s3", *existing)[0] == 0
    said = refused(deploy(cloud, "s3", *existing, stack="second"))
    assert "AWS::EC2::FlowLog ExistingBucketFlowLog" in said and ": fl-" in said
    assert "already has such a flow log with the same destination" in said
    assert "flowtui stacks delete second" in said


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no SIGHUP")
def test_a_terminal_closed_in_mid_deploy_ends_the_program_and_says_where_to_look(tmp_path):
    """A process of its own, as the signal of a closed terminal reaches it; the demo account takes some seconds."""
    command = (sys.executable, "-m", "flowtui", "--demo", "deploy", "cloudwatch", "--stack-name", "logs")
    environment = {**os.environ, "HOME": str(tmp_path)}
    with subprocess.Popen(
        [*command, "--param", f"VpcId={PROD_CORE}", "--yes"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        lines = []
        for line in process.stderr:
            lines.append(line)
            if "CREATE_IN_PROGRESS" in line:
                process.send_signal(signal.SIGHUP)
                break
        out, rest = process.communicate(timeout=60)
    said = "".join(lines) + rest
    assert process.returncode == 130 and out == ""
    assert "flowtui stacks watch logs --region us-east-1 follows it" in said
    assert "Traceback" not in said
