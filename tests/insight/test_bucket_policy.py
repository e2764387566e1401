"""What a bucket's policy lacks for delivery, and the policy with just that added."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.insight.bucket_policy import advise, same, statements
from tests.insight.facts import s3_flow_log

ACCOUNT = "123456789010"
DENY_HTTP = {
    "Sid": "Tls",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def log(prefix="", **more):
    return s3_flow_log("vpc-1", f"arn:aws:s3:::logs{prefix}", **more)


def document(*present):
    return {"Version": "2012-10-17", "Statement": list(present)}


def test_a_bucket_without_a_policy_gets_both_statements():
    advice = advise(log(), None)
    write, acl = advice.missing
    assert write["Resource"] == f"arn:aws:s3:::logs/AWSLogs/{ACCOUNT}/*"
    assert write["Condition"]["StringEquals"] == {
        "aws:SourceAccount": ACCOUNT,
        "s3:x-amz-acl": "bucket-owner-full-control",
    }
    assert acl["Resource"] == "arn:aws:s3:::logs"
    assert advice.after == document(write, acl)
    assert advise(log(), advice.after).missing == ()


@pytest.mark.parametrize(
    ("prefix", "hive", "folder"),
    [
        ("", False, f"AWSLogs/{ACCOUNT}/*"),
        ("/team/flow/", False, f"team/flow/AWSLogs/{ACCOUNT}/*"),
        ("", True, f"AWSLogs/aws-account-id={ACCOUNT}/*"),
        ("/team/", True, f"team/AWSLogs/aws-account-id={ACCOUNT}/*"),
    ],
)
def test_the_folder_is_that_of_the_flow_log(prefix, hive, folder):
    assert statements(log(prefix, hive_partitions=hive))[0]["Resource"] == f"arn:aws:s3:::logs/{folder}"


def test_a_policy_for_plain_folders_does_not_do_for_hive_folders():
    plain = advise(log(), None).after
    (missing,) = advise(log(hive_partitions=True), plain).missing
    assert missing["Action"] == "s3:PutObject" and "aws-account-id=" in missing["Resource"]


def test_the_older_form_of_the_seed_without_source_conditions_suffices():
    allow = {"Effect": "Allow", "Principal": {"Service": "delivery.logs.amazonaws.com"}}
    old = document(
        {**allow, "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::logs"},
        {
            **allow,
            "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::logs/*",
            "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
        },
    )
    assert advise(log(), old).missing == ()


def test_all_else_stays_and_a_taken_sid_is_not_used_twice():
    other = copy.deepcopy(statements(log())[0])
    other["Condition"]["StringEquals"]["aws:SourceAccount"] = "999999999999"
    before = {"Version": "2008-10-17", "Id": "theirs", "Statement": [DENY_HTTP, other]}
    kept = copy.deepcopy(before)
    advice = advise(log(), before)
    assert before == kept, "the policy given is not touched"
    assert advice.after["Version"] == "2008-10-17" and advice.after["Id"] == "theirs"
    assert advice.after["Statement"][:2] == kept["Statement"]
    assert [one["Sid"] for one in advice.after["Statement"][2:]] == ["AWSLogDeliveryWrite2", "AWSLogDeliveryAclCheck"]


def test_a_single_statement_that_is_no_list_is_kept():
    advice = advise(log(), {"Version": "2012-10-17", "Statement": DENY_HTTP})
    assert advice.after["Statement"][0] == DENY_HTTP and len(advice.after["Statement"]) == 3


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            {"Sid": "Lock", "Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::1:root"}, "Action": "s3:*"},
            "Lock uses NotPrincipal",
        ),
        (
            {"Effect": "Deny", "Principal": "*", "NotAction": ["s3:PutObject", "s3:GetBucketAcl"]},
            "statement 1 uses NotAction",
        ),
        ({"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject"}, "statement No denies it"),
        (
            {
                "Sid": "Vpce",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
            },
            "statement Vpce may deny it",
        ),
    ],
)
def test_what_cannot_be_judged_or_would_not_help_is_refused(statement, says):
    advice = advise(log(), document({**statement, "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]}))
    assert advice.missing and advice.after is None
    assert says in advice.refusal
    assert advice.difference() == []


def test_a_policy_is_not_made_larger_than_s3_takes():
    large = document({**DENY_HTTP, "Resource": [f"arn:aws:s3:::logs/{'x' * 500}{n}" for n in range(40)]})
    assert "20 KB" in advise(log(), large).refusal


def test_the_difference_shows_only_additions():
    lines = advise(log(), document(DENY_HTTP)).difference()
    assert [line for line in lines[2:] if line.startswith("-")] in ([], ["-    }"])
    assert any("AWSLogDeliveryAclCheck" in line and line.startswith("+") for line in lines)
    assert all(line.startswith("+") for line in advise(log(), None).difference()[3:])


@given(
    st.lists(st.sampled_from(["a", "b", "AWSLogDeliveryWrite", "AWSLogDeliveryAclCheck"]), max_size=6), st.booleans()
)
def test_adding_keeps_every_statement_and_then_suffices(sids, hive):
    before = document(*({**DENY_HTTP, "Sid": sid} for sid in sids))
    advice = advise(log(hive_partitions=hive), before)
    assert advice.after["Statement"][: len(sids)] == before["Statement"]
    added = [one["Sid"] for one in advice.after["Statement"][len(sids) :]]
    assert not set(added) & set(sids)
    assert advise(log(hive_partitions=hive), json.loads(json.dumps(advice.after))).missing == ()


def test_the_same_policy_in_another_order_of_keys():
    assert same({"Version": "1", "Statement": []}, {"Statement": [], "Version": "1"})
    assert not same({"Version": "1"}, None)


def test_a_denial_of_everybody_but_aws_services_does_not_stand_in_the_way():
    outside = {
        "Sid": "OnlyOurs",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
        "Condition": {
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    }
    advice = advise(s3_flow_log("vpc-1", "arn:aws:s3:::logs"), {"Version": "2012-10-17", "Statement": [outside]})
    assert advice.refusal == "" and advice.after is not None
    assert advice.after["Statement"][0] == outside and len(advice.after["Statement"]) == 3
    # Without the exception the denial may be meant for log delivery too, and nothing is added.
    del outside["Condition"]["BoolIfExists"]
    assert "OnlyOurs" in advise(s3_flow_log("vpc-1", "arn:aws:s3:::logs"), {"Statement": [outside]}).refusal
