"""Which permissions a plan needs, and how they are shown."""

from flowtui.aws.simulate import Permit
from flowtui.demo.account import demo_account
from flowtui.stacks.permits import check_permits, needed, shown
from flowtui.stacks.plan import plan
from flowtui.stacks.templates import load_template
from tests.aws.scripted import ACCOUNT_ID, NOW

VPC = "vpc-0d4e5f60718293a4b"


def asked(name, **answers):
    found = needed(plan(load_template(name), {"VpcId": VPC, **answers}), ACCOUNT_ID, "eu-west-1", "logs")
    return {action: one for one in found for action in one.actions}


def test_only_what_is_used_is_asked_for():
    assert "iam:PassRole" in asked("cloudwatch") and "s3:CreateBucket" not in asked("cloudwatch")
    new = asked("s3")
    assert "s3:CreateBucket" in new and "iam:PassRole" not in new and "iam:CreateRole" not in new
    existing = asked("s3", CreateBucket="No", BucketName="mine")
    assert "ec2:CreateFlowLogs" in existing
    assert not {"s3:CreateBucket", "s3:PutBucketPolicy"} & set(existing)


def test_each_is_asked_on_its_own_resource():
    new = asked("s3", BucketName="my-logs")
    assert new["s3:CreateBucket"].resource == "arn:aws:s3:::my-logs"
    assert new["cloudformation:CreateChangeSet"].resource == (
        f"arn:aws:cloudformation:eu-west-1:{ACCOUNT_ID}:stack/logs/*"
    )
    passing = asked("cloudwatch")["iam:PassRole"]
    assert passing.resource == f"arn:aws:iam::{ACCOUNT_ID}:role/logs-*"
    assert passing.context == {"iam:PassedToService": "vpc-flow-logs.amazonaws.com"}
    assert asked("cloudwatch", LogGroupName="/vpc/x")["logs:CreateLogGroup"].resource.endswith(":log-group:/vpc/x:*")


def test_what_is_refused_comes_first_and_the_usual_is_counted():
    permits = (
        Permit("s3:CreateBucket", "yes"),
        Permit("s3:PutBucketTagging", "yes"),
        Permit("iam:PassRole", "no", "no policy allows it"),
        Permit("logs:CreateLogDelivery", "unknown", "needs iam:SimulatePrincipalPolicy"),
    )
    assert shown(permits) == (
        ("no", "iam:PassRole", "no policy allows it"),
        ("unknown", "logs:CreateLogDelivery", "cannot check: needs iam:SimulatePrincipalPolicy"),
        ("yes", "s3:CreateBucket", ""),
        ("yes", "1 more", ""),
    )


def test_the_demo_account_tells_what_it_would_refuse():
    account = demo_account((), clock=lambda: NOW, deny=(("cloudformation", "CreateChangeSet", "eu-west-1"),))
    planned = plan(load_template("cloudwatch"), {"VpcId": VPC})
    refused = [one.action for one in check_permits(account, "eu-west-1", planned, "logs") if one.verdict != "yes"]
    assert refused == ["cloudformation:CreateChangeSet"]
