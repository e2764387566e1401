"""The plan: what would be made, kept, acknowledged and paid."""

from dataclasses import replace
from pathlib import Path

import pytest

from flowtui.errors import UsageError
from flowtui.insight.cost import PRICES
from flowtui.stacks import templates as module
from flowtui.stacks.plan import check_region, plan, plan_lines
from flowtui.stacks.templates import load_template, template_from, templates, templates_dir

VPC = {"VpcId": "vpc-0a1b2c3d4e5f60718"}


def test_cloudwatch() -> None:
    planned = plan(load_template("cloudwatch"), VPC)
    assert [(one.type, one.kept) for one in planned.resources] == [
        ("AWS::Logs::LogGroup", False),
        ("AWS::IAM::Role", False),
        ("AWS::EC2::FlowLog", False),
    ]
    assert planned.capabilities == ("CAPABILITY_IAM",)
    assert (planned.destination, planned.stored_days) == ("cloud-watch-logs", 14)
    assert planned.keeping == "records are deleted after 14 days"


def test_s3_with_a_new_bucket() -> None:
    planned = plan(load_template("s3"), VPC)
    assert [(one.type, one.kept) for one in planned.resources] == [
        ("AWS::S3::Bucket", True),
        ("AWS::S3::BucketPolicy", True),
        ("AWS::EC2::FlowLog", False),
    ]
    assert planned.capabilities == ()
    assert (planned.destination, planned.stored_days, planned.parquet) == ("s3", 365, False)


@pytest.mark.parametrize(
    ("answers", "keeping", "days"),
    [
        ({}, "logs move to Glacier after 30 days and are deleted when 365 days old", 365),
        ({"GlacierTransitionDays": "0"}, "logs are deleted after 90 days", 90),
        ({"EnableLifecyclePolicy": "No"}, "logs are kept until somebody deletes them", 0),
        ({"CreateBucket": "No", "BucketName": "b-1"}, "logs are kept as the existing bucket is set up to keep them", 0),
        (
            {"CreateBucket": "No", "BucketName": "b-1", "ObjectLock": "Yes", "RetentionInDays": "60"},
            "logs are kept as the existing bucket is set up to keep them; RetentionInDays, ObjectLock only set up a "
            "new bucket, and none is made",
            0,
        ),
    ],
)
def test_keeping_in_words(answers: dict[str, str], keeping: str, days: int) -> None:
    planned = plan(load_template("s3"), VPC | answers)
    assert (planned.keeping, planned.stored_days) == (keeping, days)


def test_an_existing_bucket_gets_nothing_but_a_flow_log() -> None:
    planned = plan(load_template("s3"), VPC | {"CreateBucket": "No", "BucketName": "b-1", "FileFormat": "parquet"})
    assert [one.type for one in planned.resources] == ["AWS::EC2::FlowLog"]
    assert planned.parquet


def test_combinations_are_refused_with_the_values_that_clash() -> None:
    with pytest.raises(UsageError) as caught:
        plan(load_template("s3"), VPC | {"RetentionInDays": "30"})
    assert "GlacierTransitionDays has to be less than RetentionInDays" in caught.value.message
    assert "RetentionInDays=30" in caught.value.hint and "GlacierTransitionDays=30" in caught.value.hint


def test_cost_names_volume_and_date_of_the_prices() -> None:
    planned = plan(load_template("cloudwatch"), VPC)
    # 100 GB delivered at 0.50, and 14 of 30 days of it stored at 0.03.
    assert planned.cost(100) == "about $51 a month at 100 GB (prices of 2026-06, us-east-1)"
    dear = replace(PRICES, logs_storage_gb_month=30.0)
    assert planned.cost(100, dear).startswith("about $1,450 ")
    unending = plan(load_template("s3"), VPC | {"EnableLifecyclePolicy": "No"})
    assert "storage not counted" in unending.cost(100)


def test_lines() -> None:
    text = "\n".join(plan_lines(plan(load_template("cloudwatch"), VPC | {"TrafficType": "REJECT"}), gb=10))
    assert "Makes   AWS::Logs::LogGroup" in text
    assert "TrafficType = REJECT\n" in text and "RetentionInDays = 14  (default)" in text
    assert "Needs   CAPABILITY_IAM" in text and "Costs   about $5.14 a month" in text
    without = "\n".join(plan_lines(plan(load_template("s3"), VPC)))
    assert "Costs" not in without and "Needs" not in without
    assert "AWS::S3::Bucket  FlowLogBucket  kept when the stack is deleted" in without


def test_templates_are_found_by_either_name() -> None:
    assert [template.name for template in templates()] == ["cloudwatch", "s3"]
    assert load_template("vpc-flow-logs-to-s3") == load_template("s3")
    with pytest.raises(UsageError) as caught:
        load_template("firehose")
    assert "cloudwatch, s3" in caught.value.hint


def test_installed_templates_come_before_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "flowtui"
    (package / "stacks").mkdir(parents=True)
    monkeypatch.setattr(module, "__file__", str(package / "stacks" / "templates.py"))
    assert templates_dir() == tmp_path / "site" / "templates"
    (package / "templates").mkdir()
    assert templates_dir() == package / "templates"


def test_parameters_come_in_the_order_of_the_form_and_none_is_lost() -> None:
    body = """
Metadata:
  AWS::CloudFormation::Interface:
    ParameterGroups:
      - Label: {default: First}
        Parameters: [B, Ghost]
    ParameterLabels: {B: {default: Bee}}
Parameters: {A: {Type: String}, B: {Type: String}}
Resources:
  User: {Type: AWS::IAM::User, Properties: {UserName: u}}
  Role: {Type: AWS::IAM::Role}
"""
    template = template_from("t", Path("t.yml"), body)
    assert [(one.name, one.label, one.group) for one in template.parameters] == [("B", "Bee", "First"), ("A", "A", "")]
    assert template.capabilities == ("CAPABILITY_NAMED_IAM",)


@pytest.mark.parametrize("template", ["s3", "cloudwatch"])
@pytest.mark.parametrize(
    ("key", "good"),
    [
        ("", True),
        ("arn:aws:kms:us-east-1:123456789010:key/1234", True),
        ("arn:aws:kms:eu-west-1:123456789010:key/1234", False),
        ("arn:aws-us-gov:kms:us-east-1:123456789010:key/1234", False),
    ],
)
def test_a_key_of_another_region_is_refused(template: str, key: str, good: bool) -> None:
    planned = plan(load_template(template), {**VPC, "KmsKeyArn": key})
    if good:
        check_region(planned, "us-east-1")
    else:
        with pytest.raises(UsageError, match=r"KmsKeyArn: arn:.* to be made in us-east-1"):
            check_region(planned, "us-east-1")


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("GOVERNANCE", "nobody without a bypass can delete one before 45 days"),
        ("COMPLIANCE", "nobody, not even the root user, can delete one before 45 days"),
    ],
)
def test_a_lock_is_told(mode: str, said: str) -> None:
    answers = {**VPC, "ObjectLock": "Yes", "ObjectLockMode": mode, "RetentionInDays": "45"}
    assert plan(load_template("s3"), answers).keeping.endswith(f"; {said}")
    answers["EnableLifecyclePolicy"] = "No"
    assert plan(load_template("s3"), answers).keeping == f"logs are kept until somebody deletes them; {said}"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, ", Glacier counted as S3 Standard ("),
        ({"GlacierTransitionDays": "0"}, " GB (prices"),
        ({"EnableLifecyclePolicy": "No"}, ", storage not counted ("),
        ({"CreateBucket": "No", "BucketName": "b-1"}, ", storage not counted ("),
    ],
)
def test_the_cost_says_what_is_left_out_or_counted_too_dear(answers: dict[str, str], said: str) -> None:
    assert said in plan(load_template("s3"), VPC | answers).cost(25)
