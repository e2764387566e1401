import pytest
from obstore.store import MemoryStore

from flowtui.aws.readonly import is_allowed
from flowtui.errors import EXIT_FAILED, ReadOnlyError
from tests.aws.scripted import Script


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "name"),
    [
        ("ec2", "delete_vpc", {"VpcId": "vpc-1"}, "ec2:DeleteVpc"),
        ("ec2", "create_flow_logs", {}, "ec2:CreateFlowLogs"),
        (
            "cloudformation",
            "create_change_set",
            {"StackName": "s", "ChangeSetName": "c"},
            "cloudformation:CreateChangeSet",
        ),
        ("cloudformation", "delete_stack", {"StackName": "s"}, "cloudformation:DeleteStack"),
        ("s3", "put_bucket_policy", {"Bucket": "b", "Policy": "{}"}, "s3:PutBucketPolicy"),
        ("logs", "delete_log_group", {"logGroupName": "g"}, "logs:DeleteLogGroup"),
    ],
)
def test_changes_are_refused_before_anything_leaves(service: str, operation: str, parameters: dict, name: str):
    script = Script()
    with pytest.raises(ReadOnlyError) as caught:
        script.account(read_only=True).call(service, operation, **parameters)
    assert name in caught.value.message
    assert "--read-only" in caught.value.hint
    assert caught.value.exit_status == EXIT_FAILED
    assert script.calls == []


def test_a_client_taken_directly_is_bound_too():
    script = Script()
    client = script.account(read_only=True).client("ec2", "eu-west-1")
    with pytest.raises(ReadOnlyError):
        client.delete_vpc(VpcId="vpc-1")
    assert script.calls == []


def test_an_account_in_other_regions_is_bound_too():
    script = Script()
    with pytest.raises(ReadOnlyError):
        script.account(read_only=True).in_regions(("eu-west-1",)).call("ec2", "delete_vpc", VpcId="vpc-1")
    assert script.calls == []


def test_reading_is_allowed():
    script = Script({"DescribeVpcs": lambda p: {"Vpcs": []}, "FilterLogEvents": lambda p: {"events": []}})
    account = script.account(read_only=True)
    account.call("ec2", "describe_vpcs")
    list(account.pages("ec2", "describe_vpcs"))
    account.call("logs", "filter_log_events", logGroupName="g")
    assert script.operations() == ["DescribeVpcs", "DescribeVpcs", "FilterLogEvents"]


def test_without_read_only_changes_are_sent():
    script = Script({"DeleteVpc": lambda p: {}})
    script.account().call("ec2", "delete_vpc", VpcId="vpc-1")
    assert script.operations() == ["DeleteVpc"]


@pytest.mark.parametrize(
    ("service", "operation", "allowed"),
    [
        ("ec2", "DescribeFlowLogs", True),
        ("s3", "GetObject", True),
        ("s3", "HeadBucket", True),
        ("logs", "StartLiveTail", True),
        ("iam", "SimulatePrincipalPolicy", True),
        ("cloudformation", "ValidateTemplate", True),
        ("sts", "AssumeRole", True),
        ("signin", "CreateOAuth2Token", True),  # what aws login's credentials are refreshed with
        ("signin", "CreateBearerToken", False),
        ("athena", "StartQueryExecution", False),
        ("logs", "StartQuery", False),
        ("sts", "GetSessionToken", False),
        ("ec2", "RunInstances", False),
        ("s3", "PutObject", False),
        ("iam", "PassRole", False),
    ],
)
def test_the_list(service: str, operation: str, allowed: bool):
    assert is_allowed(service, operation) is allowed


def test_no_operation_that_writes_slips_through_by_its_name():
    """Of every service flowtui calls, nothing whose HTTP method changes things is allowed, a few readings apart."""
    import botocore.session

    session = botocore.session.Session()
    reading_by_put = set()
    for service in ("s3", "iam", "sts", "logs", "ec2", "cloudformation", "athena", "glue"):
        model = session.get_service_model(service)
        for name in model.operation_names:
            method = model.operation_model(name).http.get("method", "POST")
            if is_allowed(service, name) and method in ("PUT", "DELETE", "PATCH"):
                reading_by_put.add((service, name))
    assert reading_by_put == set()


def test_a_store_can_be_read_but_not_written():
    store = MemoryStore()
    store.put("a.log.gz", b"x")
    script = Script(stores={"logs": store})
    reading = script.account(read_only=True).store("logs")
    assert bytes(reading.get("a.log.gz").bytes()) == b"x"
    assert [item["path"] for page in reading.list() for item in page] == ["a.log.gz"]
    for refused in ("put", "delete", "copy", "rename", "put_async", "sign"):
        with pytest.raises(ReadOnlyError):
            getattr(reading, refused)
    script.account().store("logs").put("b.log.gz", b"y")
