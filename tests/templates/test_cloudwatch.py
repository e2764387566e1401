"""The CloudWatch template: what its resources say, for the answers one can give."""

import pytest

from flowtui.records.fields import VPC_FIELDS
from flowtui.stacks.templates import load_template
from tests.templates.evaluated import ACCOUNT, REGION, VPC, evaluate, only

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def test_defaults_make_the_flow_log_of_the_seed() -> None:
    evaluation = evaluate("cloudwatch")
    assert only(evaluation, "AWS::EC2::FlowLog") == {
        "ResourceType": "VPC",
        "ResourceId": VPC,
        "TrafficType": "ALL",
        "LogDestinationType": "cloud-watch-logs",
        "LogGroupName": "<FlowLogGroup>",
        "DeliverLogsPermissionArn": "<FlowLogRole.Arn>",
        "MaxAggregationInterval": "600",
        "Tags": [{"Key": "Name", "Value": "my-stack"}],
    }
    assert only(evaluation, "AWS::Logs::LogGroup") == {"RetentionInDays": "14"}
    assert set(evaluation.outputs()) == {"LogGroupName", "LogGroupArn", "FlowLogId", "RoleArn"}


def test_the_role_is_for_this_account_and_this_group_only() -> None:
    role = only(evaluate("cloudwatch", LogGroupName="/vpc/flow"), "AWS::IAM::Role")
    assert "RoleName" not in role, "a named role would need CAPABILITY_NAMED_IAM"
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc-flow-log/*"},
    }
    write, find = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert write["Resource"] == f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:<FlowLogGroup>:*"
    assert find["Action"] == "logs:DescribeLogGroups"
    assert find["Resource"].endswith(":*")
    assert {*write["Action"], find["Action"]} == {
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
    }


def test_what_goes_beyond_the_seed() -> None:
    evaluation = evaluate(
        "cloudwatch", LogGroupName="/vpc/flow", KmsKeyArn=KEY, RetentionInDays="3653", MaxAggregationInterval="60"
    )
    assert only(evaluation, "AWS::Logs::LogGroup") == {
        "LogGroupName": "/vpc/flow",
        "KmsKeyId": KEY,
        "RetentionInDays": "3653",
    }
    assert only(evaluation, "AWS::EC2::FlowLog")["MaxAggregationInterval"] == "60"


@pytest.mark.parametrize("name", ["cloudwatch", "s3"])
def test_the_full_format_is_every_field_up_to_version_5_in_one_line(name: str) -> None:
    log_format = only(evaluate(name, LogFormat="full"), "AWS::EC2::FlowLog")["LogFormat"]
    assert log_format == " ".join(f"${{{field.name}}}" for field in VPC_FIELDS if field.version <= 5)


@pytest.mark.parametrize("name", ["cloudwatch", "s3"])
def test_the_default_format_is_left_to_aws(name: str) -> None:
    assert "LogFormat" not in only(evaluate(name), "AWS::EC2::FlowLog")


def test_retention_takes_what_cloudwatch_takes() -> None:
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
    days = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
    parameter = load_template("cloudwatch").parameter("RetentionInDays")
    assert parameter is not None and [int(value) for value in parameter.allowed_values] == days


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("/vpc/flow-logs", True),
        ("a", True),
        ("x" * 512, True),
        ("x" * 513, False),
        ("aws/vpc", False),
        ("/aws/vpc", True),
        ("has space", False),
        ("a:b", False),
    ],
)
def test_log_group_names(name: str, good: bool) -> None:
    parameter = load_template("cloudwatch").parameter("LogGroupName")
    assert parameter is not None and (parameter.problem(name) == "") is good


@pytest.mark.parametrize("key", ["1234abcd", "alias/flow", f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/flow"])
@pytest.mark.parametrize("name", ["cloudwatch", "s3"])
def test_a_key_is_given_by_its_full_arn(name: str, key: str) -> None:
    parameter = load_template(name).parameter("KmsKeyArn")
    assert parameter is not None
    assert "full ARN" in parameter.problem(key)
    assert parameter.problem(KEY) == ""
