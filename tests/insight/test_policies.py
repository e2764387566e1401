"""Policies as the seed document, AWS's pages and careful administrators write them."""

import json
from pathlib import Path

import pytest

from flowtui.insight.policies import Request, allows

SERVICE = "delivery.logs.amazonaws.com"
CONTEXT = {
    "aws:sourceaccount": "123456789010",
    "aws:sourcearn": "arn:aws:logs:us-east-1:123456789010:*",
    "s3:x-amz-acl": "bucket-owner-full-control",
    "aws:securetransport": "true",
}
PUT = Request("s3:PutObject", "arn:aws:s3:::logs/AWSLogs/123456789010/x", SERVICE, CONTEXT)


def statement(**more):
    base = {
        "Sid": "Write",
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::logs/AWSLogs/123456789010/*",
    }
    return {key: value for key, value in (base | more).items() if value is not None}


def verdict(*statements, request=PUT):
    return allows([{"Version": "2012-10-17", "Statement": list(statements)}], request)


def test_nothing_allows_nothing():
    answer = allows([], PUT)
    assert (answer.verdict, answer.reason) == ("no", "no statement allows s3:PutObject")


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"Principal": "*"},
        {"Principal": {"AWS": "*"}},
        {"Principal": {"Service": ["other.amazonaws.com", SERVICE]}},
        {"Action": ["S3:putobject", "s3:GetBucketAcl"]},
        {"Action": "s3:Put*"},
        {"Action": None, "NotAction": "s3:DeleteObject"},
        {"Resource": "arn:aws:s3:::logs/*"},
        {"Resource": ["arn:aws:s3:::other/*", "arn:aws:s3:::l?gs/*"]},
        {"Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": ["999999999999", "123456789010"]}}},
        {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:logs:*:123456789010:*"}}},
        {"Condition": {"StringNotEquals": {"aws:SourceAccount": "999999999999"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": True}}},
    ],
)
def test_what_allows(change):
    assert verdict(statement(**change)).verdict == "yes"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Principal": {"Service": "cloudtrail.amazonaws.com"}}, "no statement"),
        ({"Principal": {"AWS": "arn:aws:iam::1:root"}}, "no statement"),
        ({"Action": "s3:GetObject"}, "no statement"),
        ({"Action": None, "NotAction": "s3:Put*"}, "no statement"),
        ({"Resource": "arn:aws:s3:::logs/AWSLogs/999999999999/*"}, "no statement"),
        ({"Resource": "arn:aws:s3:::logs"}, "no statement"),
        ({"Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}}, "aws:SourceAccount is 999999999999"),
        ({"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:logs:eu-west-1:*"}}}, "aws:SourceArn"),
        ({"Condition": {"StringNotEquals": {"aws:SourceAccount": "123456789010"}}}, "is not 123456789010"),
    ],
)
def test_what_does_not(change, reason):
    answer = verdict(statement(**change))
    assert answer.verdict == "no"
    assert reason in answer.reason


def test_a_deny_wins_and_is_named():
    deny = statement(Sid="Stop", Effect="Deny", Principal="*", Action="s3:*", Resource="*")
    answer = verdict(statement(), deny)
    assert (answer.verdict, answer.reason) == ("no", "statement Stop denies it")


def test_a_tls_only_policy_does_not_stand_in_the_way():
    tls = statement(
        Effect="Deny", Principal="*", Action="s3:*", Resource="*", Condition={"Bool": {"aws:SecureTransport": "false"}}
    )
    assert verdict(statement(), tls).verdict == "yes"


def test_a_condition_that_cannot_be_told_is_a_maybe():
    answer = verdict(statement(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}))
    assert answer.verdict == "maybe"
    assert "aws:SourceIp" in answer.reason
    deny = statement(Effect="Deny", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})
    assert verdict(statement(), deny).verdict == "maybe"


def test_another_statement_may_allow_what_one_does_not():
    narrow = statement(Condition={"StringEquals": {"aws:SourceAccount": "999999999999"}})
    assert verdict(narrow, statement()).verdict == "yes"


def test_an_identitys_policy_names_no_principal():
    document = {"Statement": {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}}
    assert allows([document], Request("logs:PutLogEvents", "arn:aws:logs:us-east-1:1:log-group:g:*")).verdict == "yes"


def test_the_seed_documents_policy_lets_log_delivery_in():
    seed = Path(__file__).parents[2].parent / "shared" / "seed" / "vpc-flow-logs-examples.md"
    if not seed.exists():
        pytest.skip("the seed document is not beside this checkout")
    text = seed.read_text()
    start = text.index('{\n  "Version": "2012-10-17"')
    document = json.loads(text[start : text.index("```", start)].replace("YOUR-BUCKET-NAME", "logs"))
    assert allows([document], PUT).verdict == "yes"
    assert allows([document], Request("s3:GetBucketAcl", "arn:aws:s3:::logs", SERVICE, CONTEXT)).verdict == "yes"
    unowned = Request(PUT.action, PUT.resource, SERVICE, CONTEXT | {"s3:x-amz-acl": "private"})
    assert allows([document], unowned).verdict == "no"
