"""Evidence for the doctor: each fact on its own, absent and forbidden kept apart."""

import json
from urllib.parse import quote

import pytest

from flowtui.aws.evidence import gather, read_bucket, read_role
from flowtui.aws.evidence_models import Unread
from flowtui.errors import AwsError, FlowTuiError, UsageError
from tests.aws.scripted import ACCOUNT_ID, Refused, Script, flow_log, interface

ARN = "arn:aws:iam::123456789010:role/service/flow-logs"
SHARED = "arn:aws:iam::123456789010:policy/shared"
DOCUMENT = {"Version": "2012-10-17", "Statement": []}


def refuse(code, status=400, headers=None):
    def answer(_):
        raise Refused(code, status=status, headers=headers)

    return answer


def role_script(**more):
    return Script(
        {
            "GetRole": lambda _: {"Role": {"AssumeRolePolicyDocument": quote(json.dumps(DOCUMENT))}},
            "ListRolePolicies": lambda _: {"PolicyNames": ["inline"]},
            "GetRolePolicy": lambda _: {"PolicyDocument": quote(json.dumps(DOCUMENT))},
            "ListAttachedRolePolicies": lambda _: {"AttachedPolicies": [{"PolicyName": "shared", "PolicyArn": SHARED}]},
            "GetPolicy": lambda _: {"Policy": {"DefaultVersionId": "v7"}},
            "GetPolicyVersion": lambda _: {"PolicyVersion": {"Document": quote(json.dumps(DOCUMENT))}},
        }
        | more
    )


def bucket_script(**more):
    return Script(
        {
            "HeadBucket": lambda _: {"BucketRegion": "eu-west-1"},
            "GetBucketPolicy": lambda _: {"Policy": json.dumps(DOCUMENT)},
            "GetBucketOwnershipControls": lambda _: {
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
            },
            "GetBucketEncryption": lambda _: {
                "ServerSideEncryptionConfiguration": {
                    "Rules": [
                        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"}}
                    ]
                }
            },
        }
        | more
    )


def test_a_role_with_inline_and_attached_policies():
    script = role_script()
    role = read_role(script.account(), ARN)
    assert set(role.policies) == {"inline", "shared"}
    assert role.policies["inline"] == DOCUMENT
    assert role.trust == DOCUMENT
    named = [parameters for operation, _, parameters in script.calls if operation == "GetRole"]
    assert named == [{"RoleName": "flow-logs"}]
    versions = [parameters for operation, _, parameters in script.calls if operation == "GetPolicyVersion"]
    assert versions == [{"PolicyArn": SHARED, "VersionId": "v7"}]


def test_a_role_that_does_not_exist_is_none_a_forbidden_one_unread():
    assert read_role(role_script(GetRole=refuse("NoSuchEntity", 404)).account(), ARN) is None
    assert read_role(role_script().account(), "") is None
    denied = read_role(role_script(GetRole=refuse("AccessDenied", 403)).account(), ARN)
    assert isinstance(denied, Unread)
    assert denied.action == "iam:GetRole"


def test_a_role_whose_policies_may_not_be_read_still_has_its_trust():
    role = read_role(role_script(ListRolePolicies=refuse("AccessDenied", 403)).account(), ARN)
    assert role.trust == DOCUMENT
    assert role.policies.action == "iam:ListRolePolicies"


def test_a_trust_policy_that_is_no_json_is_unread():
    role = read_role(role_script(GetRole=lambda _: {"Role": {"AssumeRolePolicyDocument": "oops"}}).account(), ARN)
    assert isinstance(role, Unread)


def test_a_bucket_is_read_in_its_own_region():
    script = bucket_script()
    bucket = read_bucket(script.account(), "logs")
    assert (bucket.region, bucket.policy, bucket.ownership) == ("eu-west-1", DOCUMENT, "BucketOwnerEnforced")
    assert (bucket.encryption, bucket.kms_key) == ("aws:kms", "k")
    assert {region for operation, region, _ in script.calls if operation == "GetBucketPolicy"} == {"eu-west-1"}


def test_no_policy_is_none_a_forbidden_one_unread():
    assert (
        read_bucket(bucket_script(GetBucketPolicy=refuse("NoSuchBucketPolicy", 404)).account(), "logs").policy is None
    )
    denied = read_bucket(bucket_script(GetBucketPolicy=refuse("AccessDenied", 403)).account(), "logs")
    assert denied.policy.action == "s3:GetBucketPolicy"
    bare = bucket_script(
        GetBucketOwnershipControls=refuse("OwnershipControlsNotFoundError", 404),
        GetBucketEncryption=refuse("ServerSideEncryptionConfigurationNotFoundError", 404),
    )
    bucket = read_bucket(bare.account(), "logs")
    assert (bucket.ownership, bucket.encryption) == ("", "")


def test_a_bucket_that_is_gone_is_none():
    assert read_bucket(bucket_script(HeadBucket=refuse("404", 404)).account(), "logs") is None


def test_a_policy_that_is_no_json_is_unread():
    bucket = read_bucket(bucket_script(GetBucketPolicy=lambda _: {"Policy": "<xml>"}).account(), "logs")
    assert isinstance(bucket.policy, Unread)
    assert "could not be read" in bucket.policy.reason


def account_script(**more):
    return Script(
        {
            "DescribeVpcs": lambda p: {
                "Vpcs": [{"VpcId": "vpc-1", "OwnerId": ACCOUNT_ID}] if p["Region"] == "eu-west-1" else []
            },
            "DescribeSubnets": lambda _: {"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1"}]},
            "DescribeNetworkInterfaces": lambda _: {"NetworkInterfaces": [interface("eni-1", "vpc-1", "subnet-1")]},
            "DescribeFlowLogs": lambda p: {
                "FlowLogs": [
                    flow_log("fl-1", "subnet-1", LogDestinationType="kinesis-data-firehose"),
                    flow_log("fl-2", "vpc-2", LogDestinationType="kinesis-data-firehose"),
                    flow_log("fl-3", "vpc-1", LogDestinationType="kinesis-data-firehose"),
                ]
                if p["Region"] == "eu-west-1"
                else []
            },
        }
        | more
    )


def test_a_vpc_is_found_in_whichever_region_with_all_its_flow_logs():
    evidence = gather(account_script().account(("us-east-1", "eu-west-1")), "vpc-1")
    assert (evidence.region, evidence.vpc.id) == ("eu-west-1", "vpc-1")
    assert [log.flow_log.id for log in evidence.logs] == ["fl-1", "fl-3"]


def test_a_flow_log_is_found_with_the_vpc_it_is_in():
    evidence = gather(account_script().account(("us-east-1", "eu-west-1")), "fl-1")
    assert [log.flow_log.id for log in evidence.logs] == ["fl-1"]
    assert evidence.vpc.id == "vpc-1"
    assert gather(account_script().account(("eu-west-1",)), "fl-2").vpc is None


def test_what_is_nowhere_names_the_regions_that_could_not_be_seen():
    with pytest.raises(FlowTuiError, match="vpc-9 was not found"):
        gather(account_script().account(("us-east-1",)), "vpc-9")
    with pytest.raises(FlowTuiError, match="us-east-1 could not be listed") as caught:
        gather(account_script(DescribeVpcs=refuse("UnauthorizedOperation")).account(("us-east-1",)), "vpc-9")
    assert "ec2:DescribeVpcs" in caught.value.hint


def test_without_credentials_that_is_the_error():
    account = account_script().account()
    account.identity = _no_identity
    with pytest.raises(AwsError, match="No AWS credentials"):
        gather(account, "vpc-1")


def _no_identity():
    raise AwsError("No AWS credentials.", code="NoCredentials")


def test_another_kind_of_id_is_refused_before_any_call():
    script = account_script()
    with pytest.raises(UsageError, match="eni-1"):
        gather(script.account(), "eni-1")
    assert script.calls == []
