"""Every call a command makes, noted while it runs, held against the policy that ``flowtui iam COMMAND`` prints."""

import pytest

from flowtui.aws.failures import iam_action
from flowtui.aws.permissions import actions
from tests.cli.clouds import Cloud

BUCKET = "s3://demo-flow-logs/AWSLogs/123456789010/vpcflowlogs/us-east-1/2024/01/15/"
VPC = "vpc-0a1b2c3d4e5f60718"
TEXT_LOG, GROUP_LOG = "fl-0a22c0de0a22c0de2", "/vpc/flow-logs"
STREAM_LOG = f"arn:aws:logs:us-east-1:123456789010:log-group:{GROUP_LOG}:log-stream:eni-0"
NEW_STACK = ("--stack-name", "try-it", "--param", "VpcId=vpc-0d4e5f60718293a4b", "--yes")

# Granted, and not noted in these runs.
NOT_NOTED = {
    "doctor": {
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
    },  # of attached policies; the demo has none
    "load": {"s3:GetObject"},  # objects are fetched on another way than the noted one
    "stacks": {"cloudformation:ListStacks"},  # what DescribeStacks without a name needs
    "tail": {"logs:StartLiveTail"},  # only when following
}

# sts:GetCallerIdentity needs no permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
FREE = {"sts:GetCallerIdentity"}


@pytest.fixture
def noted(monkeypatch):
    """The IAM actions of the calls that reach the demo account, in the order they come."""
    from flowtui.demo import hooks

    answered, seen = hooks._answered, []

    def note(call):
        seen.append(iam_action(call.service, call.operation))
        return answered(call)

    monkeypatch.setattr(hooks, "_answered", note)
    return seen


@pytest.mark.parametrize(
    "line",
    [
        ("vpcs", "--region", "all"),
        ("doctor", VPC, "--region", "all"),
        ("doctor", TEXT_LOG),
        ("deploy", "cloudwatch", "--plan", "--check", *NEW_STACK),
        ("stacks", "list", "--region", "all"),
        ("tail", VPC, "--no-follow", "--region", "all"),
        ("tail", GROUP_LOG, "--no-follow"),
        ("tail", STREAM_LOG, "--no-follow"),
        ("load", BUCKET, "--region", "all"),
        ("load", BUCKET, "--flow-log", TEXT_LOG),
        ("load", BUCKET, "--dry-run"),
        ("load", GROUP_LOG, "--since", "1h"),
        ("load", STREAM_LOG, "--since", "1h"),
        ("load", VPC, "--since", "1h", "--region", "all"),
        ("ddl", VPC, "--region", "all"),
        ("sql", "--engine", "athena", "--yes", "--region", "all", "SELECT 1"),
        ("sql", "--engine", "athena", "--estimate", "SELECT * FROM vpc_flow_logs.vpc_flow_logs"),
        ("inventory", "--region", "all"),
        ("info",),
        ("templates", "show", "s3"),
    ],
    ids=lambda line: " ".join(line[:2]),
)  # fmt: skip
def test_a_command_calls_only_what_its_policy_allows(demo, noted, line):
    outcome = demo(*line)
    assert outcome.status == 0, outcome.err
    assert sorted(set(noted) - set(actions([line[0]])) - FREE) == []


@pytest.mark.parametrize(
    "line",
    [
        ("deploy", "cloudwatch", *NEW_STACK),
        ("deploy", "s3", *NEW_STACK),
        ("deploy", "s3", *NEW_STACK, "--param", "CreateBucket=No", "--param", "BucketName=demo-flow-logs",
         "--add-bucket-policy"),
    ],
    ids=("new log group", "new bucket", "bucket that exists"),
)  # fmt: skip
def test_deploying_changing_and_deleting_a_stack_too(monkeypatch, capsys, noted, line):
    # CloudFormation makes the resources in the caller's name, which test_permits holds against the templates.
    cloud = Cloud(monkeypatch, capsys)
    cloud.use_demo()
    made = cloud("--demo", *line, "--region", "all")
    changed = cloud("--demo", "deploy", *line[1:4], "--update", "--yes", "--param", "TrafficType=REJECT")
    assert [made[0], changed[0]] == [0, 0], made[2] + changed[2]
    assert sorted(set(noted) - set(actions(["deploy"])) - FREE) == []
    noted.clear()
    gone = cloud("--demo", "stacks", "delete", "try-it", "--region", "all", typed="try-it\n")
    assert gone[0] == 0, gone[2]
    assert sorted(set(noted) - set(actions(["stacks"])) - FREE) == []


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        ("vpcs", [["--region", "all"]]),
        ("doctor", [[VPC, "--region", "all"], ["fl-0a11c0de0a11c0de1"]]),
        ("tail", [[VPC, "--no-follow", "--region", "all"], [STREAM_LOG, "--no-follow"]]),
        ("load", [[BUCKET], [STREAM_LOG, "--since", "1h"], [VPC, "--since", "1h", "--region", "all"]]),
        ("inventory", [["--region", "all"]]),
    ],
)  # fmt: skip
def test_a_policy_grants_nothing_that_its_command_does_not_call(demo, noted, command, lines):
    for line in lines:
        assert demo(command, *line).status == 0
    assert sorted(set(actions([command])) - set(noted) - NOT_NOTED.get(command, set())) == []


def test_the_policy_for_stacks_grants_nothing_else(monkeypatch, capsys, noted):
    cloud = Cloud(monkeypatch, capsys)
    cloud.use_demo()
    assert cloud("--demo", "deploy", "cloudwatch", *NEW_STACK)[0] == 0
    noted.clear()
    for line in (("list", "--region", "all"), ("watch", "try-it"), ("delete", "try-it", "--yes", "try-it")):
        assert cloud("--demo", "stacks", *line)[0] == 0
    assert sorted(set(actions(["stacks"])) - set(noted) - NOT_NOTED["stacks"]) == []
