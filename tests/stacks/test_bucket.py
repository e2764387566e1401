"""The existing bucket of a plan, against answers written from S3's documentation."""

import json

import pytest

from flowtui.errors import AccessDenied, AwsError, FlowTuiError, ReadOnlyError
from flowtui.stacks.bucket import add_statements, bucket_name_taken, check_bucket, check_lines
from flowtui.stacks.plan import plan
from flowtui.stacks.templates import load_template
from tests.aws.scripted import ACCOUNT_ID, Refused, Script

VPC = "vpc-0a1b2c3d4e5f60718"
OWN = {
    "Sid": "Own",
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::logs/*",
}


class Bucket(Script):
    """One bucket whose policy can be read and written."""

    def __init__(self, policy=None):
        super().__init__()
        self.policy = json.dumps(policy) if policy else ""
        self.answers = {
            "HeadBucket": lambda _: {"BucketRegion": "eu-west-1"},
            "GetBucketPolicy": self.get,
            "PutBucketPolicy": self.put,
            "GetBucketOwnershipControls": self.none("OwnershipControlsNotFoundError"),
            "GetBucketEncryption": self.none("ServerSideEncryptionConfigurationNotFoundError"),
        }

    def none(self, code, status=404):
        def answer(_):
            raise Refused(code, status=status)

        return answer

    def get(self, _):
        if not self.policy:
            raise Refused("NoSuchBucketPolicy", status=404)
        return {"Policy": self.policy}

    def put(self, params):
        self.policy = params["Policy"]
        return {}

    def check(self, account=None, **answers):
        given = {"VpcId": VPC, "CreateBucket": "No", "BucketName": "logs", **answers}
        return check_bucket(account or self.account(), "us-east-1", plan(load_template("s3"), given))


def test_a_plan_that_makes_its_bucket_asks_nothing():
    script = Bucket()
    assert check_bucket(script.account(), "us-east-1", plan(load_template("s3"), {"VpcId": VPC})) is None
    assert check_bucket(script.account(), "us-east-1", plan(load_template("cloudwatch"), {"VpcId": VPC})) is None
    assert script.calls == []


def test_what_is_missing_is_told_and_added_to_the_rest():
    script = Bucket({"Version": "2012-10-17", "Statement": [OWN]})
    account = script.account()
    check = script.check(account, Prefix="team", HiveCompatiblePartitions="Yes")
    assert check.can_add and [finding.check for finding in check.problems] == ["write policy", "ACL policy"]
    assert script.operations().count("PutBucketPolicy") == 0
    add_statements(account, check)
    own, write, _ = json.loads(script.policy)["Statement"]
    assert own == OWN
    assert write["Resource"] == f"arn:aws:s3:::logs/team/AWSLogs/aws-account-id={ACCOUNT_ID}/*"
    assert write["Condition"]["ArnLike"]["aws:SourceArn"] == f"arn:aws:logs:us-east-1:{ACCOUNT_ID}:*"
    region, params = next((region, params) for name, region, params in script.calls if name == "PutBucketPolicy")
    assert region == "eu-west-1" and params["ExpectedBucketOwner"] == ACCOUNT_ID
    after = script.check(account, Prefix="team", HiveCompatiblePartitions="Yes")
    assert after.problems == () and not after.can_add


def test_ownership_that_does_not_go_with_what_would_be_added_is_told_before():
    script = Bucket()
    script.answers["GetBucketOwnershipControls"] = lambda _: {
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    }
    check = script.check()
    assert check.can_add
    assert [one.check for one in check.problems] == ["write policy", "ACL policy", "object ownership"]
    add_statements(script.account(), check)
    assert [one.check for one in script.check().problems] == ["object ownership"]


def test_a_policy_changed_meanwhile_is_not_written_over():
    script = Bucket()
    account = script.account()
    check = script.check(account)
    script.policy = json.dumps({"Version": "2012-10-17", "Statement": [OWN]})
    with pytest.raises(FlowTuiError, match="changed by somebody meanwhile"):
        add_statements(account, check)
    assert json.loads(script.policy)["Statement"] == [OWN]


def test_an_unsafe_policy_is_left_alone_with_the_reason():
    lock = {"Sid": "Lock", "Effect": "Deny", "NotPrincipal": {"AWS": "*"}, "Action": "s3:*", "Resource": "*"}
    script = Bucket({"Version": "2012-10-17", "Statement": [lock]})
    check = script.check()
    assert not check.can_add
    assert "Lock uses NotPrincipal" in "\n".join(check_lines(check))
    with pytest.raises(FlowTuiError, match="NotPrincipal"):
        add_statements(script.account(), check)
    assert "PutBucketPolicy" not in script.operations()


def test_a_bucket_that_does_not_exist():
    script = Bucket()
    script.answers["HeadBucket"] = script.none("404")
    check = script.check()
    assert "bucket logs does not exist" in "\n".join(check_lines(check))
    assert check.advice is None


def test_a_policy_that_may_not_be_read_cannot_be_checked():
    script = Bucket()
    script.answers["GetBucketPolicy"] = script.none("AccessDenied", 403)
    check = script.check()
    assert check.advice is None
    assert "s3:GetBucketPolicy" in "\n".join(check_lines(check))


def test_a_denied_write_names_the_action():
    script = Bucket()
    account = script.account()
    check = script.check(account)
    script.answers["PutBucketPolicy"] = script.none("AccessDenied", 403)
    with pytest.raises(AccessDenied) as caught:
        add_statements(account, check)
    assert caught.value.action == "s3:PutBucketPolicy"


def test_a_refused_write_says_that_the_policy_is_as_it_was():
    script = Bucket()
    account = script.account()
    check = script.check(account)
    script.answers["PutBucketPolicy"] = script.none("MalformedPolicy")
    with pytest.raises(AwsError, match="policy of bucket logs was not changed"):
        add_statements(account, check)


def test_read_only_checks_and_refuses_to_write():
    script = Bucket()
    account = script.account(read_only=True)
    check = script.check(account)
    with pytest.raises(ReadOnlyError, match="s3:PutBucketPolicy"):
        add_statements(account, check)
    assert script.policy == ""


@pytest.mark.parametrize(
    ("status", "taken"),
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html: 403 is another account's bucket.
    [(200, True), (403, True), (404, False), (500, False)],
)
def test_a_name_that_is_taken_is_found_before_anything_is_made(status, taken):
    script = Bucket()
    if status != 200:
        script.answers["HeadBucket"] = script.none(str(status), status=status)
    planned = plan(load_template("s3"), {"VpcId": VPC, "BucketName": "logs"})
    assert bucket_name_taken(script.account(), planned) is taken


def test_a_name_that_is_generated_or_of_an_existing_bucket_is_not_asked_for():
    for answers in ({}, {"CreateBucket": "No", "BucketName": "logs"}):
        script = Bucket()
        assert not bucket_name_taken(script.account(), plan(load_template("s3"), {"VpcId": VPC, **answers}))
        assert script.calls == []
