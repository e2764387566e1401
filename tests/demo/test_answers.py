"""Every implemented operation answers in the shape botocore knows."""

import pytest

from flowtui.aws.failures import operation_name
from flowtui.demo import hooks
from flowtui.demo.plans import PROD_CORE
from flowtui.demo.world import world
from tests.demo.answers import assert_fits
from tests.demo.templates import TO_GROUP

REGION = "us-east-1"
GROUP = "/vpc/flow-logs"
BUCKET = "demo-flow-logs"
STREAM = f"{world().by_id[PROD_CORE].by_role['bastion'][0].id}-all"


def values(**given):
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]


NEW_STACK = {
    "TemplateBody": TO_GROUP,
    "Parameters": values(VpcId=PROD_CORE, TrafficType="REJECT"),
    "Capabilities": ["CAPABILITY_IAM"],
}
CHANGED = NEW_STACK | {"Parameters": values(VpcId=PROD_CORE, Retention="7")}

FLOW_LOG = {
    "ResourceIds": [PROD_CORE, "vpc-0000000000000dead"],
    "ResourceType": "VPC",
    "TrafficType": "REJECT",
    "LogDestinationType": "s3",
    "LogDestination": f"arn:aws:s3:::{BUCKET}",
}

CALLS = [
    ("ec2", "describe_vpcs", {}),
    ("ec2", "describe_subnets", {}),
    ("ec2", "describe_network_interfaces", {}),
    ("ec2", "describe_instances", {}),
    ("ec2", "describe_nat_gateways", {}),
    ("ec2", "describe_vpc_endpoints", {}),
    ("ec2", "describe_security_groups", {}),
    ("ec2", "describe_network_acls", {}),
    ("ec2", "describe_route_tables", {}),
    ("ec2", "describe_regions", {}),
    ("ec2", "create_flow_logs", FLOW_LOG),
    ("ec2", "describe_flow_logs", {}),
    ("ec2", "delete_flow_logs", {"FlowLogIds": ["fl-0a22c0de0a22c0de2", "fl-0000dead"]}),
    ("elbv2", "describe_load_balancers", {}),
    ("sts", "get_caller_identity", {}),
    ("iam", "list_roles", {}),
    ("iam", "get_role", {"RoleName": "vpc-flow-logs"}),
    ("iam", "list_role_policies", {"RoleName": "vpc-flow-logs"}),
    ("iam", "list_attached_role_policies", {"RoleName": "vpc-flow-logs"}),
    ("iam", "get_role_policy", {"RoleName": "vpc-flow-logs", "PolicyName": "write-flow-logs"}),
    (
        "iam",
        "simulate_principal_policy",
        {"PolicySourceArn": "arn:aws:iam::123456789010:role/prod-admin", "ActionNames": ["ec2:CreateFlowLogs"]},
    ),
    ("logs", "describe_log_groups", {}),
    ("logs", "describe_log_streams", {"logGroupName": GROUP}),
    ("logs", "filter_log_events", {"logGroupName": GROUP, "startTime": 1780313600000}),
    ("logs", "get_log_events", {"logGroupName": GROUP, "logStreamName": STREAM, "limit": 5}),
    ("s3", "list_buckets", {}),
    ("s3", "head_bucket", {"Bucket": BUCKET}),
    ("s3", "get_bucket_location", {"Bucket": "demo-flow-logs-eu"}),
    ("s3", "get_bucket_policy", {"Bucket": BUCKET}),
    ("s3", "put_bucket_policy", {"Bucket": BUCKET, "Policy": "{}"}),
    ("s3", "get_bucket_acl", {"Bucket": BUCKET}),
    ("s3", "get_bucket_ownership_controls", {"Bucket": BUCKET}),
    ("s3", "get_bucket_encryption", {"Bucket": BUCKET}),
    ("s3", "get_bucket_versioning", {"Bucket": BUCKET}),
    ("s3", "get_public_access_block", {"Bucket": BUCKET}),
    ("s3", "list_objects_v2", {"Bucket": BUCKET, "Prefix": "AWSLogs/123456789010/vpcflowlogs/us-east-1/2024/"}),
]
OF_STACKS = [
    ("validate_template", {"TemplateBody": TO_GROUP}),
    ("get_template_summary", {"TemplateBody": TO_GROUP}),
    ("create_stack", {"StackName": "made"} | NEW_STACK),
    ("describe_stacks", {}),
    ("describe_stacks", {"StackName": "made"}),
    ("list_stacks", {}),
    ("get_template", {"StackName": "made"}),
    ("describe_stack_events", {"StackName": "made"}),
    ("describe_stack_resources", {"StackName": "made"}),
    ("list_stack_resources", {"StackName": "made"}),
    ("update_stack", {"StackName": "made"} | CHANGED),
    ("create_change_set", {"StackName": "made", "ChangeSetName": "one"} | NEW_STACK),
    ("list_change_sets", {"StackName": "made"}),
    ("describe_change_set", {"StackName": "made", "ChangeSetName": "one"}),
    ("execute_change_set", {"StackName": "made", "ChangeSetName": "one"}),
    ("create_change_set", {"StackName": "made", "ChangeSetName": "two"} | CHANGED),
    ("delete_change_set", {"StackName": "made", "ChangeSetName": "two"}),
    ("delete_stack", {"StackName": "made"}),
]
# These answer with a stream and have tests of their own.
STREAMS = {("logs", "StartLiveTail"), ("s3", "GetObject"), ("s3", "HeadObject")}
# Those of a query's life are called in tests/demo/test_athena.py.
OF_QUERIES = {
    ("athena", "GetWorkGroup"),
    ("athena", "ListWorkGroups"),
    ("athena", "StartQueryExecution"),
    ("athena", "GetQueryExecution"),
    ("athena", "GetQueryResults"),
    ("athena", "StopQueryExecution"),
    ("glue", "GetTable"),
    ("glue", "GetPartitions"),
}


def output_shape(account, service, operation):
    return account.client(service, REGION).meta.service_model.operation_model(operation_name(operation)).output_shape


def without_documents(value):
    """botocore hands policy documents out parsed, where the shape says text."""
    if isinstance(value, dict):
        return {
            name: "{}" if name.endswith("PolicyDocument") and isinstance(item, dict) else without_documents(item)
            for name, item in value.items()
        }
    return [without_documents(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("service", "operation", "parameters"), CALLS)
def test_answer_fits_its_shape(account, service, operation, parameters):
    answer = without_documents(account.call(service, operation, REGION, **parameters))
    shape = output_shape(account, service, operation)
    if operation == "get_bucket_location":
        assert answer["LocationConstraint"] == "eu-west-1"
    elif shape is not None:
        assert_fits(answer, shape)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_answers_of_cloudformation_fit_their_shapes(account, clock):
    for operation, parameters in OF_STACKS:
        answer = account.call("cloudformation", operation, REGION, **parameters)
        shape = output_shape(account, "cloudformation", operation)
        if shape is not None:
            assert_fits(answer, shape)
        clock.move(minutes=2)


def test_every_operation_is_called_here():
    called = {(service, operation_name(operation)) for service, operation, _ in CALLS}
    called |= {("cloudformation", operation_name(operation)) for operation, _ in OF_STACKS}
    called |= STREAMS | OF_QUERIES
    known = {(service, operation) for service in hooks._MODULES for operation in hooks.handlers(service)}
    assert {(service, name.replace("Iam", "IAM")) for service, name in called} == known
