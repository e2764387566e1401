"""``flowtui deploy --output json``: the plan and the outcome, for programs."""

import json

import pytest

from tests.cli.clouds import Cloud

PROD_CORE = "VpcId=vpc-0a1b2c3d4e5f60718"
EXISTING = ("CreateBucket=No", "BucketName=demo-flow-logs", "Prefix=new/place")


@pytest.fixture
def cloud(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    cloud = Cloud(monkeypatch, capsys)
    cloud.use_demo()
    return cloud


def ask(cloud, name, *arguments, answers=()):
    given = [word for answer in (PROD_CORE, *answers) for word in ("--param", answer)]
    status, out, err = cloud("--demo", "deploy", name, *arguments, *given, "--output", "json")
    return status, json.loads(out), err


def test_a_plan_is_one_object(cloud):
    status, plan, err = ask(cloud, "cloudwatch", "--plan", "--gb", "100", answers=("RetentionInDays=30",))
    assert status == 0 and "Nothing has been changed." in err
    assert plan["template"] == "cloudwatch" and plan["parameters"]["RetentionInDays"] == "30"
    assert {"logical_id": "FlowLog", "type": "AWS::EC2::FlowLog", "kept": False} in plan["resources"]
    assert plan["capabilities"] == ["CAPABILITY_IAM"] and plan["stored_days"] == 30
    assert plan["cost"]["usd_a_month"] == pytest.approx(100 * 0.5 + 100 * 0.03)
    assert plan["cost"]["prices"] == "prices of 2026-06, us-east-1"


def test_without_a_volume_there_is_no_cost(cloud):
    assert ask(cloud, "s3", "--plan")[1]["cost"] is None


def test_a_checked_plan_has_permissions_bucket_and_measured_cost(cloud):
    status, plan, _ = ask(cloud, "s3", "--plan", "--check", answers=EXISTING)
    assert status == 0 and plan["region"] == "us-east-1"
    assert {"action": "ec2:CreateFlowLogs", "verdict": "yes", "reason": ""} in plan["permissions"]
    assert plan["cost"]["gb_a_month"] > 0 and plan["cost"]["volume"].startswith("fl-")
    bucket = plan["bucket"]
    assert bucket["name"] == plan["existing_bucket"] == "demo-flow-logs"
    assert bucket["exists"] and bucket["can_add"] and bucket["refusal"] == ""
    assert [one["Action"] for one in bucket["missing_statements"]] == ["s3:PutObject"]
    assert any(one["status"] == "bad" for one in bucket["findings"])


def test_a_plan_for_a_bucket_that_does_not_exist_is_printed_and_fails(cloud):
    missing = ("CreateBucket=No", "BucketName=no-such-bucket-anywhere")
    status, plan, err = ask(cloud, "s3", "--plan", "--check", answers=missing)
    assert status == 1 and not plan["bucket"]["exists"] and not plan["bucket"]["can_add"]
    assert "There is no bucket no-such-bucket-anywhere" in err


def test_no_changes_and_a_failure_are_outcomes_too(cloud):
    deploy = ("--stack-name", "logs", "--yes")
    status, made, _ = ask(cloud, "s3", *deploy, answers=EXISTING)
    assert (status, made["outcome"]) == (0, "complete")
    status, same, _ = ask(cloud, "s3", *deploy, "--update")
    assert (status, same["outcome"], same["outputs"]) == (0, "no changes", made["outputs"])
    status, failed, err = ask(cloud, "s3", "--stack-name", "second", "--yes", answers=EXISTING)
    assert (status, failed["outcome"], failed["status"]) == (1, "failed", "ROLLBACK_COMPLETE")
    assert failed["outputs"] == {} and failed["failure"]["type"] == "AWS::EC2::FlowLog"
    assert "fl-" in failed["failure"]["reason"] and "same destination" in failed["failure"]["next_step"]
    assert "flowtui stacks delete second" in err


@pytest.mark.parametrize("more", [("--plan",), ("--plan", "--check"), ("--yes",)])
def test_a_bad_stack_name_is_told_before_anything_else(cloud, more):
    status, out, err = cloud("--demo", "deploy", "s3", "--stack-name", "1_x", "--param", PROD_CORE, *more)
    assert (status, out) == (2, "") and "'1_x' is not a stack name" in err and "Plan" not in err


@pytest.mark.parametrize("more", [("--plan", "--check"), ("--yes",)])
def test_a_stack_name_that_is_taken_is_told_before_the_plan(cloud, more):
    assert ask(cloud, "s3", "--stack-name", "logs", "--yes", answers=EXISTING)[0] == 0
    status, out, err = cloud("--demo", "deploy", "s3", "--stack-name", "logs", "--param", PROD_CORE, *more)
    assert (status, out) == (1, "") and "There is a stack logs in us-east-1 already" in err
    assert "Plan" not in err and "Makes" not in err


@pytest.mark.parametrize("more", [("--plan", "--check"), ("--yes",)])
def test_a_key_of_another_region_is_told_before_anything_is_made(cloud, more):
    key = "KmsKeyArn=arn:aws:kms:eu-west-1:123456789010:key/1234"
    given = ("--stack-name", "logs", "--param", PROD_CORE, "--param", key)
    status, out, err = cloud("--demo", "deploy", "s3", *given, *more)
    assert (status, out) == (2, "") and "is in eu-west-1 (aws)" in err
    assert json.loads(cloud("--demo", "stacks", "list", "--output", "json")[1]) == []


def test_own_prices_are_reckoned_with_and_said_to_be_ones_own(cloud):
    assert cloud("prices", "set", "s3_delivery=1")[0] == 0
    status, out, _ = cloud("deploy", "s3", "--plan", "--param", PROD_CORE, "--gb", "1000")
    assert status == 0 and "about $1,280 a month" in out
    assert "(your prices of " in out and "and prices of 2026-06, us-east-1)" in out
    assert cloud("prices", "reset")[0] == 0
    assert "your prices" not in cloud("deploy", "s3", "--plan", "--param", PROD_CORE, "--gb", "1000")[1]


def test_the_price_table_says_which_are_ones_own(cloud):
    status, out, err = cloud("prices")
    assert status == 0 and "AWS's list prices of 2026-06, us-east-1:" in err
    assert "logs_delivery          0.5 0.25 0.1 0.05" in out and "yours" not in out
    cloud("prices", "set", "logs_storage_gb_month=0.04", "s3_delivery=0.3 0.2 0.1 0.05")
    prices = json.loads(cloud("prices", "list", "--output", "json")[1])
    assert prices["s3_delivery"]["yours"] and prices["s3_delivery"]["usd"] == "0.3 0.2 0.1 0.05"
    assert not prices["logs_delivery"]["yours"]
    status, _, err = cloud("prices", "set", "lambda=1")
    assert status == 2 and "There is no price 'lambda'" in err
