"""``flowtui deploy``: what is asked before anything is made, on the demo account."""

import json

import pytest

from flowtui.demo import account as demo
from tests.cli.clouds import Cloud

PROD_CORE = "VpcId=vpc-0a1b2c3d4e5f60718"
EXISTING = ("--param", PROD_CORE, "--param", "CreateBucket=No", "--param", "BucketName=demo-flow-logs")
DEPLOY = ("--demo", "deploy", "s3", "--stack-name", "logs", *EXISTING, "--param", "Prefix=new/place")


class Demo(Cloud):
    """Runs command lines on one demo account, of which the test can see the buckets."""

    def __init__(self, monkeypatch, capsys, deny=()):
        super().__init__(monkeypatch, capsys)
        made = demo.demo_account

        def remembered(*arguments, **more):
            self.account = made(*arguments, **more, deny=deny)
            return self.account

        monkeypatch.setattr(demo, "demo_account", remembered)
        self.use_demo()

    def sids(self):
        answer = self.account.call("s3", "get_bucket_policy", Bucket="demo-flow-logs")
        return [statement["Sid"] for statement in json.loads(answer["Policy"])["Statement"]]

    def stacks(self):
        return [stack["name"] for stack in json.loads(self("--demo", "stacks", "list", "--output", "json")[1])]


@pytest.fixture
def cloud(monkeypatch, capsys):
    return Demo(monkeypatch, capsys)


def test_a_plan_can_be_checked_and_changes_nothing(cloud):
    status, out, err = cloud(*DEPLOY, "--plan", "--check")
    assert status == 0, err
    assert "ok      ec2:CreateFlowLogs" in out
    assert "Costs   about $" in out and "by what fl-" in out and "prices of 2026" in out
    assert "BAD   write policy" in err
    assert '+      "Sid": "AWSLogDeliveryWrite2"' in err
    assert cloud.sids() == ["AWSLogDeliveryWrite", "AWSLogDeliveryAclCheck"] and cloud.stacks() == []


def test_denied_permissions_are_named_in_the_plan(monkeypatch, capsys):
    cloud = Demo(monkeypatch, capsys, deny=(("iam", "PassRole", "us-east-1"),))
    status, out, _ = cloud("--demo", "deploy", "cloudwatch", "--plan", "--check", "--param", PROD_CORE)
    assert status == 0
    assert "DENIED  iam:PassRole  no policy allows it" in out


def test_permissions_that_cannot_be_checked_are_said_so(monkeypatch, capsys):
    cloud = Demo(monkeypatch, capsys, deny=(("iam", "SimulatePrincipalPolicy", "aws-global"),))
    _, out, _ = cloud("--demo", "deploy", "s3", "--plan", "--check", "--param", PROD_CORE)
    assert "cannot check: needs iam:SimulatePrincipalPolicy" in out


def test_the_missing_statement_is_added_after_a_yes_and_the_rest_is_deployed(cloud):
    status, _, err = cloud(*DEPLOY, "--add-bucket-policy", typed="y\ny\n")
    assert status == 0, err
    assert "lets log delivery write now" in err
    assert cloud.sids() == ["AWSLogDeliveryWrite", "AWSLogDeliveryAclCheck", "AWSLogDeliveryWrite2"]
    status, _, err = cloud(*DEPLOY[:4], "other", *DEPLOY[5:], "--param", "TrafficType=REJECT", "--yes")
    assert status == 0 and "ok    write policy" in err


def test_a_no_leaves_the_policy_and_deploys_nothing(cloud):
    status, _, err = cloud(*DEPLOY, "--add-bucket-policy", typed="n\n")
    assert status == 1 and "as it was, and nothing was deployed" in err
    assert len(cloud.sids()) == 2 and cloud.stacks() == []


def test_without_the_option_the_policy_is_never_touched(cloud):
    cloud(*DEPLOY, "--yes")
    assert len(cloud.sids()) == 2


def test_read_only_checks_but_adds_nothing(cloud):
    status, _, err = cloud("--read-only", *DEPLOY, "--add-bucket-policy", "--yes")
    assert status == 1 and "s3:PutBucketPolicy was not sent: flowtui is read-only" in err


def test_a_plan_with_a_bucket_of_its_own_has_nothing_to_add_to(cloud):
    arguments = ("--demo", "deploy", "s3", "--stack-name", "logs", "--param", PROD_CORE, "--yes")
    status, _, err = cloud(*arguments, "--add-bucket-policy")
    assert status == 0 and "makes its own bucket" in err


@pytest.mark.parametrize("arguments", [("--yes",), ("--plan", "--check")])
def test_an_existing_bucket_that_does_not_exist_stops_it_before_anything_is_made(cloud, arguments):
    named = [word.replace("demo-flow-logs", "demo-no-such-bucket") for word in DEPLOY]
    status, _, err = cloud(*named, *arguments)
    assert status == 1 and "no bucket demo-no-such-bucket" in err and "CreateBucket=Yes" in err
    assert cloud.stacks() == []
