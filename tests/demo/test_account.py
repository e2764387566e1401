"""The seam: botocore's own machinery around the demo account's answers."""

import socket

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from flowtui.demo.account import demo_account
from flowtui.demo.network import REGIONS
from flowtui.errors import AccessDenied, AwsError, FlowTuiError, ReadOnlyError
from tests.demo.conftest import HandClock


def test_identity_and_regions(account):
    assert account.identity().account_id == "123456789010"
    assert ":assumed-role/" in account.identity().arn
    assert account.regions() == REGIONS
    assert account.demo


def test_region_asked_for(clock):
    assert demo_account(("eu-west-1",), clock=clock).regions() == ("eu-west-1",)
    assert demo_account(("all",), clock=clock).regions() == tuple(sorted(REGIONS))


def test_region_that_is_not_enabled(clock):
    account = demo_account(("af-south-1",), clock=clock)
    with pytest.raises(AwsError) as caught:
        account.call("ec2", "describe_vpcs", "af-south-1")
    assert caught.value.code == "OptInRequired"


def test_no_socket_is_opened(account, monkeypatch):
    def refuse(*_):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    account.call("ec2", "describe_vpcs", "eu-west-1")
    account.call("s3", "head_bucket", Bucket="demo-flow-logs")
    assert next(account.store("demo-flow-logs").list("AWSLogs/"))


def test_the_users_environment_does_not_matter(monkeypatch, clock, tmp_path):
    broken = tmp_path / "config"
    broken.write_text("[profile mine]\nregion = mars-1\n")
    monkeypatch.setenv("AWS_PROFILE", "absent")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(broken))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "mars-1")
    account = demo_account(clock=clock)
    assert len(account.call("ec2", "describe_vpcs", "us-east-1")["Vpcs"]) == 5
    assert account.session().region_name == "us-east-1"


def test_unknown_operations_say_so(account):
    with pytest.raises(FlowTuiError, match="not in the demo account: ec2:DescribeImages"):
        account.call("ec2", "describe_images", "us-east-1")
    with pytest.raises(FlowTuiError, match="not in the demo account: sqs:ListQueues"):
        account.call("sqs", "list_queues", "us-east-1")


def test_parameters_are_validated_by_botocore(account):
    client = account.client("ec2", "us-east-1")
    with pytest.raises(ParamValidationError):
        client.describe_vpcs(VpcIds="vpc-1")
    with pytest.raises(ParamValidationError):
        account.client("logs", "us-east-1").get_log_events(logGroupName="/vpc/flow-logs")


def test_errors_are_botocores_modelled_exceptions(account):
    logs = account.client("logs", "us-east-1")
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.filter_log_events(logGroupName="/absent")
    s3 = account.client("s3", "us-east-1")
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket="demo-flow-logs", Key="absent")
    with pytest.raises(ClientError) as caught:
        s3.head_bucket(Bucket="demo-taken-bucket")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_read_only_acts_first(clock):
    account = demo_account(read_only=True, clock=clock)
    with pytest.raises(ReadOnlyError, match="ec2:CreateFlowLogs"):
        account.call("ec2", "create_flow_logs", "us-east-1", ResourceIds=["vpc-1"], ResourceType="VPC")
    with pytest.raises(ReadOnlyError, match="sqs:SendMessage"):
        account.call("sqs", "send_message", "us-east-1", QueueUrl="u", MessageBody="m")
    before = account.call("ec2", "describe_flow_logs", "us-east-1")["FlowLogs"]
    with pytest.raises(ReadOnlyError):
        account.call("ec2", "delete_flow_logs", "us-east-1", FlowLogIds=[before[0]["FlowLogId"]])
    assert account.call("ec2", "describe_flow_logs", "us-east-1")["FlowLogs"] == before


@pytest.mark.parametrize(
    ("service", "operation", "method", "parameters"),
    [
        ("ec2", "DescribeFlowLogs", "describe_flow_logs", {}),
        ("logs", "FilterLogEvents", "filter_log_events", {"logGroupName": "/vpc/prod-apac"}),
        ("cloudformation", "DescribeStacks", "describe_stacks", {}),
    ],
)
def test_denied_as_aws_denies(clock, service, operation, method, parameters):
    account = demo_account(clock=clock, deny={(service, operation, "ap-southeast-2")})
    with pytest.raises(AccessDenied) as caught:
        account.call(service, method, "ap-southeast-2", **parameters)
    assert caught.value.action == f"{service}:{operation}"
    if service == "ec2":
        assert account.call(service, method, "eu-west-1")["FlowLogs"]


def test_every_account_has_a_state_of_its_own(clock):
    one, other = demo_account(clock=clock), demo_account(clock=clock)
    flow_log = one.call("ec2", "describe_flow_logs", "eu-west-1")["FlowLogs"][0]["FlowLogId"]
    one.call("ec2", "delete_flow_logs", "eu-west-1", FlowLogIds=[flow_log])
    kept = [item["FlowLogId"] for item in other.call("ec2", "describe_flow_logs", "eu-west-1")["FlowLogs"]]
    assert flow_log in kept


def test_two_accounts_answer_alike():
    def told(account):
        start = account.clock().timestamp() * 1000 - 1_200_000
        calls = (
            ("ec2", "describe_network_interfaces", {}),
            ("ec2", "describe_flow_logs", {}),
            ("logs", "filter_log_events", {"logGroupName": "/vpc/flow-logs", "startTime": int(start)}),
            ("s3", "list_objects_v2", {"Bucket": "demo-flow-logs", "Prefix": "AWSLogs/123456789010/"}),
        )
        return [account.call(service, name, "us-east-1", **given) for service, name, given in calls]

    assert told(demo_account(clock=HandClock())) == told(demo_account(clock=HandClock()))
