"""The S3 template: every combination of its conditions, and the rules that refuse senseless ones."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.strategies import sampled_from

from flowtui.stacks.evaluate import Evaluation
from flowtui.stacks.templates import load_template
from tests.templates.days import written
from tests.templates.evaluated import ACCOUNT, REGION, VPC, arns, evaluate, of_type, only

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
YES_NO = ("Yes", "No")
CHOICES: dict[str, tuple[str, ...]] = {
    "CreateBucket": YES_NO,
    "BucketName": ("", "my-bucket"),
    "Prefix": ("", "team/flow"),
    "KmsKeyArn": ("", KEY),
    "EnableLifecyclePolicy": YES_NO,
    "GlacierTransitionDays": ("0", "30"),
    "EnableVersioning": YES_NO,
    "ObjectLock": YES_NO,
    "HiveCompatiblePartitions": YES_NO,
    "PerHourPartition": YES_NO,
    "LogFormat": ("default", "full"),
}


def answers_of(values: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(CHOICES, values, strict=True))


def senseless(answers: dict[str, str]) -> bool:
    """Said once more in plain words, apart from the template's rules."""
    if answers["CreateBucket"] == "No":
        return answers["BucketName"] == "" or answers["KmsKeyArn"] != ""
    return answers["ObjectLock"] == "Yes" and answers["EnableVersioning"] == "No"


def check_destination(evaluation: Evaluation, answers: dict[str, str]) -> None:
    flow_log = only(evaluation, "AWS::EC2::FlowLog")
    new = answers["CreateBucket"] == "Yes"
    arn = "<FlowLogBucket.Arn>" if new else "arn:aws:s3:::my-bucket"
    assert flow_log["LogDestination"] == arn + (f"/{answers['Prefix']}/" if answers["Prefix"] else "")
    assert flow_log["LogDestinationType"] == "s3"
    assert "DeliverLogsPermissionArn" not in flow_log
    assert flow_log["DestinationOptions"] == {
        "FileFormat": "plain-text",
        "HiveCompatiblePartitions": answers["HiveCompatiblePartitions"] == "Yes",
        "PerHourPartition": answers["PerHourPartition"] == "Yes",
    }
    assert ("LogFormat" in flow_log) is (answers["LogFormat"] == "full")


def below(answers: dict[str, str]) -> str:
    tree = (
        f"AWSLogs/aws-account-id={ACCOUNT}/aws-service=vpcflowlogs/aws-region={REGION}/"
        if answers["HiveCompatiblePartitions"] == "Yes"
        else f"AWSLogs/{ACCOUNT}/vpcflowlogs/{REGION}/"
    )
    return (f"{answers['Prefix']}/" if answers["Prefix"] else "") + tree


def check_outputs(evaluation: Evaluation, answers: dict[str, str]) -> None:
    new = answers["CreateBucket"] == "Yes"
    bucket = "<FlowLogBucket>" if new else "my-bucket"
    assert evaluation.outputs() == {
        "BucketName": bucket,
        "Prefix": below(answers),
        "FlowLogId": "<NewBucketFlowLog>" if new else "<ExistingBucketFlowLog>",
        "AthenaLocation": f"s3://{bucket}/{below(answers)}",
    }


def check_bucket(evaluation: Evaluation, answers: dict[str, str]) -> None:
    bucket = only(evaluation, "AWS::S3::Bucket")
    assert bucket.get("BucketName", "") == answers["BucketName"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"] == (
        {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY} if answers["KmsKeyArn"] else {"SSEAlgorithm": "AES256"}
    )
    assert bucket["VersioningConfiguration"]["Status"] == (
        "Enabled" if answers["EnableVersioning"] == "Yes" else "Suspended"
    )
    locked = answers["ObjectLock"] == "Yes"
    assert bucket.get("ObjectLockEnabled", False) is locked
    assert bucket.get("ObjectLockConfiguration") == (
        {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": "90"}}}
        if locked
        else None
    )
    if answers["EnableLifecyclePolicy"] == "No":
        assert "LifecycleConfiguration" not in bucket
        return
    rule = bucket["LifecycleConfiguration"]["Rules"][0]
    glacier = answers["GlacierTransitionDays"] != "0"
    assert rule.get("Transitions") == ([{"StorageClass": "GLACIER", "TransitionInDays": "30"}] if glacier else None)
    assert rule["ExpirationInDays"] == ("365" if glacier else "90")


def check_policy(evaluation: Evaluation, answers: dict[str, str]) -> None:
    write, acl, tls = only(evaluation, "AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    tree = below(answers).removesuffix(f"/vpcflowlogs/{REGION}/")
    tree = tree.removesuffix(f"/aws-service=vpcflowlogs/aws-region={REGION}/")
    assert write["Resource"] == f"<FlowLogBucket.Arn>/{tree}/*"
    source = {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:*"},
    }
    assert acl["Condition"] == source and acl["Action"] == "s3:GetBucketAcl"
    assert write["Condition"]["StringEquals"].pop("s3:x-amz-acl") == "bucket-owner-full-control"
    assert write["Condition"] == source and write["Action"] == "s3:PutObject"
    assert write["Principal"] == acl["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    assert (tls["Effect"], tls["Principal"], tls["Action"]) == ("Deny", "*", "s3:*")
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_every_combination_of_the_conditions() -> None:
    seen = {True: 0, False: 0}
    for values in itertools.product(*CHOICES.values()):
        answers = answers_of(values)
        evaluation = evaluate("s3", **answers)
        refused = bool(evaluation.broken_rules())
        assert refused is senseless(answers), answers
        seen[refused] += 1
        if refused:
            continue
        check_destination(evaluation, answers)
        check_outputs(evaluation, answers)
        if answers["CreateBucket"] == "Yes":
            check_bucket(evaluation, answers)
            check_policy(evaluation, answers)
        else:
            assert list(evaluation.active()) == ["ExistingBucketFlowLog"]
    assert sum(seen.values()) == 2 ** len(CHOICES) and min(seen.values()) > 0


DAYS = ("RetentionInDays", "GlacierTransitionDays", "GlacierRetentionDays")


def days(name: str) -> list[int]:
    parameter = load_template("s3").parameter(name)
    assert parameter is not None
    return [int(value) for value in parameter.allowed_values]


def test_the_generated_parts_are_up_to_date() -> None:
    template = load_template("s3")
    assert written(template.body) == template.body, "run python -m tests.templates.days"


def test_the_days_people_type_are_taken() -> None:
    for name in ("RetentionInDays", "GlacierRetentionDays"):
        typed = {90, 100, 180, 365, 400, 730, 731, 1095, 1096, 1825, 1827, 2555, 2557, 3650, 3653}
        assert typed <= set(days(name))
    assert {1, 7, 14, 30, 45, 60, 75, 180, 200} <= set(days("RetentionInDays"))
    assert {0, 1, 7, 30, 45, 75, 90, 100, 120, 180, 200, 365, 500} <= set(days("GlacierTransitionDays"))
    assert {7, 14, 30, 45, 60, 90, 120, 130, 200, 250, 300, 390} <= set(days("GlacierRetentionDays"))


def lookups(rule: str) -> list[tuple[set[int], set[int]]]:
    """The pairs of lists a rule refuses together, read from the template's text as it is deployed."""
    pairs = []
    for assertion in load_template("s3").document["Rules"][rule]["Assertions"]:
        for both in assertion["Assert"]["Fn::Not"][0]["Fn::Or"]:
            first, second = (one["Fn::Contains"][0] for one in both["Fn::And"])
            pairs.append(({int(value) for value in first}, {int(value) for value in second}))
    return pairs


@pytest.mark.parametrize(
    ("rule", "first", "second", "bad"),
    [
        ("GlacierBeforeDeletion", "GlacierTransitionDays", "RetentionInDays", lambda t, r: t > 0 and t >= r),
        ("NothingDeletedFromGlacierTooEarly", "RetentionInDays", "GlacierRetentionDays", lambda r, g: r > g),
    ],
)
def test_the_lists_compare_every_two_days(rule: str, first: str, second: str, bad: Any) -> None:
    pairs = lookups(rule)
    for one, other in itertools.product(days(first), days(second)):
        assert any(one in firsts and other in seconds for firsts, seconds in pairs) is bad(one, other), (one, other)


def check_days(retention: int, transition: int, glacier: int) -> None:
    answers = {key: str(value) for key, value in zip(DAYS, (retention, transition, glacier), strict=True)}
    evaluation = evaluate("s3", **answers)
    good = transition == 0 or transition < retention <= glacier
    assert (evaluation.broken_rules() == ()) is good, answers
    if not good:
        return
    rule: dict[str, Any] = only(evaluation, "AWS::S3::Bucket")["LifecycleConfiguration"]["Rules"][0]
    expiry = int(rule["ExpirationInDays"])
    assert expiry >= retention, "no log goes before its retention has passed"
    for move in rule.get("Transitions", []):
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html
        assert 0 < int(move["TransitionInDays"]) < expiry


@settings(max_examples=300, deadline=None)
@given(*(sampled_from(days(name)) for name in DAYS))
def test_what_the_days_mean_together(retention: int, transition: int, glacier: int) -> None:
    """Rules cannot compare numbers; here they are compared, for triples of those the template takes."""
    check_days(retention, transition, glacier)


@pytest.mark.parametrize(
    "triple",
    [(90, 30, 365), (30, 30, 365), (31, 30, 90), (365, 30, 365), (366, 30, 365), (2555, 90, 3650), (45, 0, 90)],
)
def test_days_at_the_edges(triple: tuple[int, int, int]) -> None:
    check_days(*triple)


@pytest.mark.parametrize(
    ("answers", "names"),
    [
        ({"CreateBucket": "No"}, "BucketName"),
        ({"CreateBucket": "No", "BucketName": "my-bucket", "KmsKeyArn": KEY}, "KmsKeyArn"),
        ({"ObjectLock": "Yes", "EnableVersioning": "No"}, "EnableVersioning"),
        ({"GlacierTransitionDays": "90"}, "RetentionInDays"),
        ({"RetentionInDays": "1827"}, "GlacierRetentionDays"),
    ],
)
def test_rules_name_what_is_wrong(answers: dict[str, str], names: str) -> None:
    (said,) = evaluate("s3", **answers).broken_rules()
    assert names in said


@pytest.mark.parametrize(
    "answers",
    [
        {"CreateBucket": "No", "BucketName": "my-bucket", "GlacierTransitionDays": "365"},
        {"CreateBucket": "No", "BucketName": "my-bucket", "ObjectLock": "Yes", "EnableVersioning": "No"},
        {"EnableLifecyclePolicy": "No", "GlacierTransitionDays": "365"},
    ],
)
def test_settings_that_do_not_apply_are_not_judged(answers: dict[str, str]) -> None:
    assert evaluate("s3", **answers).broken_rules() == ()


def test_nothing_of_iam_is_made_so_the_seed_command_needs_no_capability() -> None:
    assert not [kind for _, kind in load_template("s3").resources if kind.startswith("AWS::IAM::")]
    assert load_template("s3").capabilities == ()


def test_the_flow_log_waits_for_the_policy_and_bucket_and_policy_outlive_the_stack() -> None:
    active = evaluate("s3").active()
    assert active["NewBucketFlowLog"]["DependsOn"] == "FlowLogBucketPolicy"
    for name in ("FlowLogBucket", "FlowLogBucketPolicy"):
        # An empty bucket of a creation that failed would only be in the way of the next try.
        assert active[name]["DeletionPolicy"] == "RetainExceptOnCreate"
        assert active[name]["UpdateReplacePolicy"] == "Retain"


def test_the_two_flow_logs_differ_only_in_their_bucket() -> None:
    (new,) = of_type(evaluate("s3", LogFormat="full"), "AWS::EC2::FlowLog")
    (existing,) = of_type(
        evaluate("s3", LogFormat="full", CreateBucket="No", BucketName="my-bucket"), "AWS::EC2::FlowLog"
    )
    assert new.pop("LogDestination") != existing.pop("LogDestination")
    assert new == existing


def test_compliance_mode_is_only_by_choice() -> None:
    bucket = only(evaluate("s3", ObjectLock="Yes", ObjectLockMode="COMPLIANCE"), "AWS::S3::Bucket")
    assert bucket["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]["Mode"] == "COMPLIANCE"


def test_parquet() -> None:
    flow_log = only(evaluate("s3", FileFormat="parquet"), "AWS::EC2::FlowLog")
    assert flow_log["DestinationOptions"]["FileFormat"] == "parquet"


def test_versions_do_not_live_for_ever() -> None:
    rules = only(evaluate("s3"), "AWS::S3::Bucket")["LifecycleConfiguration"]["Rules"]
    assert rules[0]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}
    assert rules[1]["ExpiredObjectDeleteMarker"] is True


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("", True),
        ("my-bucket", True),
        ("my.bucket.1", True),
        ("ab", False),
        ("a" * 63, True),
        ("a" * 64, False),
        ("My-Bucket", False),
        ("-bucket", False),
        ("bucket-", False),
        ("a..b", False),
        ("192.168.5.4", False),
        ("under_score", False),
        ("20240115", True),
        ("1.2.3", True),
        ("xn--bucket", False),
        ("sthree-bucket", False),
        ("bucket-s3alias", False),
        ("bucket--ol-s3", False),
        ("bucket--x-s3", False),
        ("bucket--table-s3", False),
        ("bucket.mrap", False),
        ("amzn-s3-demo-bucket", False),
        ("arn:aws:s3:::my-bucket", False),
        ("s3://my-bucket", False),
        ("my-bucket/prefix", False),
        ("my bucket", False),
        ("my-bucket\n", False),
        ("s3alias", True),
    ],
)
def test_bucket_names(name: str, good: bool) -> None:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    parameter = load_template("s3").parameter("BucketName")
    assert parameter is not None and (parameter.problem(name) == "") is good


@pytest.mark.parametrize(
    ("prefix", "good"),
    [
        ("", True),
        ("flow", True),
        ("team/flow", True),
        ("/flow", False),
        ("flow/", False),
        ("a//b", False),
        ("AWSLogs", False),
        ("AWSLogs/x", False),
        ("x/AWSLogs", False),
        ("MyAWSLogs", True),
        ("has space", False),
        ("a/b/", False),
        ("/x", False),
        ("/", False),
        ("x/AWSLogs/y", False),
        ("awslogs", True),
        ("AWSLogsOld", True),
        ("env=prod/net", True),
        ("2024/01", True),
        # A star would open the bucket's policy wider than it reads, a quote would end Athena's LOCATION.
        ("a*", False),
        ("a?", False),
        ("it's", False),
        ("${aws:username}", False),
        ("..", False),
        ("a/../b", False),
        ("a/./b", False),
        ("v1.2", True),
        (".hidden", True),
        ("grün", False),
        ("flow\n", False),
        ("a" * 512, True),
        ("a" * 513, False),
    ],
)
def test_prefixes(prefix: str, good: bool) -> None:
    parameter = load_template("s3").parameter("Prefix")
    assert parameter is not None and (parameter.problem(prefix) == "") is good


@pytest.mark.parametrize(
    ("key", "good"),
    [
        ("", True),
        (KEY, True),
        (f"arn:aws:kms:{REGION}:{ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab", True),
        (f"arn:aws-cn:kms:cn-north-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab", True),
        (f"arn:aws-us-gov:kms:us-gov-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab", True),
        ("1234abcd-12ab-34cd-56ef-1234567890ab", False),
        ("alias/flow-logs", False),
        (f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/flow-logs", False),
        (f"arn:aws:kms:{REGION}:{ACCOUNT}:key/", False),
        (f"arn:aws:kms::{ACCOUNT}:key/1234", False),
        (f"arn:aws:kms:{REGION}:12345:key/1234", False),
        (f"{KEY} ", False),
    ],
)
@pytest.mark.parametrize("template", ["s3", "cloudwatch"])
def test_a_key_is_named_by_its_arn(template: str, key: str, good: bool) -> None:
    # https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-cmk-policy.html
    parameter = load_template(template).parameter("KmsKeyArn")
    assert parameter is not None and (parameter.problem(key) == "") is good


@pytest.mark.parametrize(
    ("region", "partition"),
    [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn"), ("us-isob-east-1", "aws-iso-b"), (REGION, "aws")],
)
@pytest.mark.parametrize(
    ("template", "answers"),
    [
        ("s3", {}),
        ("s3", {"Prefix": "a/b", "HiveCompatiblePartitions": "Yes"}),
        ("s3", {"CreateBucket": "No", "BucketName": "my-bucket", "Prefix": "a/b"}),
        ("cloudwatch", {"LogGroupName": "/vpc/flow"}),
    ],
)
def test_every_arn_is_of_the_region_s_partition(
    region: str, partition: str, template: str, answers: dict[str, str]
) -> None:
    evaluation = evaluate(template, region, **answers)
    found = [arn for name in evaluation.active() for arn in arns(evaluation.properties(name))]
    assert found
    for arn in found:
        assert arn.split(":")[1] == partition, arn
        assert arn.split(":")[3] in ("", region), arn


@pytest.mark.parametrize("bucket", [{}, {"CreateBucket": "No", "BucketName": "my-bucket"}])
@pytest.mark.parametrize("traffic", ["ALL", "ACCEPT", "REJECT"])
@pytest.mark.parametrize("interval", ["60", "600"])
@pytest.mark.parametrize("file_format", ["plain-text", "parquet"])
def test_what_only_passes_through_to_the_flow_log(
    bucket: dict[str, str], traffic: str, interval: str, file_format: str
) -> None:
    evaluation = evaluate("s3", TrafficType=traffic, MaxAggregationInterval=interval, FileFormat=file_format, **bucket)
    assert evaluation.broken_rules() == ()
    flow_log = only(evaluation, "AWS::EC2::FlowLog")
    assert (flow_log["TrafficType"], flow_log["MaxAggregationInterval"]) == (traffic, interval)
    options = {"FileFormat": file_format, "HiveCompatiblePartitions": False, "PerHourPartition": False}
    assert flow_log["DestinationOptions"] == options
    assert (flow_log["ResourceType"], flow_log["ResourceId"]) == ("VPC", VPC)
