from dataclasses import replace
from datetime import timedelta

import pytest

from flowtui.aws.evidence_models import Bucket, Evidence, FlowLogEvidence, Role, Unread
from flowtui.aws.models import LogGroup
from flowtui.errors import AccessDenied
from flowtui.insight.doctor import examine
from tests.insight.facts import ACCOUNT_ID, NOW, ROLE, flow_log, interface, s3_flow_log, subnet, vpc

GROUP = LogGroup("/vpc/flow-logs", "arn", "us-east-1", 14, "STANDARD", "", 0)
GROUP_ARN = f"arn:aws:logs:us-east-1:{ACCOUNT_ID}:log-group:/vpc/flow-logs"
TRUST = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": ACCOUNT_ID},
                "ArnLike": {"aws:SourceArn": f"arn:aws:ec2:us-east-1:{ACCOUNT_ID}:vpc-flow-log/*"},
            },
        }
    ]
}


def writes(resource=f"{GROUP_ARN}:*", action="logs:*"):
    return {"Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]}


def delivery_policy(bucket="logs-bucket", account=ACCOUNT_ID):
    service = {"Service": "delivery.logs.amazonaws.com"}
    condition = {"StringEquals": {"aws:SourceAccount": account}}
    arn = f"arn:aws:s3:::{bucket}"
    return {
        "Statement": [
            {
                "Sid": "Write",
                "Effect": "Allow",
                "Principal": service,
                "Action": "s3:PutObject",
                "Resource": f"{arn}/AWSLogs/{ACCOUNT_ID}/*",
                "Condition": condition,
            },
            {
                "Sid": "Acl",
                "Effect": "Allow",
                "Principal": service,
                "Action": "s3:GetBucketAcl",
                "Resource": arn,
                "Condition": condition,
            },
        ]
    }


def by_check(log):
    return {finding.check: finding for finding in examine(evidence(log)) if finding.subject == log.flow_log.id}


def evidence(*logs, target="vpc-1", **more):
    facts = {
        "vpc": vpc(),
        "vpcs": (vpc(),),
        "subnets": (subnet("subnet-1"),),
        "interfaces": (interface("eni-1"),),
        "flow_logs": tuple(log.flow_log for log in logs),
        "logs": logs,
    }
    return Evidence(target, ACCOUNT_ID, "us-east-1", NOW, **(facts | more))


def to_group(log=None, **more):
    facts = {"log_group": GROUP, "role": Role(ROLE, TRUST, {"write": writes()}), "newest": NOW - timedelta(minutes=8)}
    return FlowLogEvidence(log or flow_log(), **(facts | more))


def to_bucket(log=None, **more):
    bucket = Bucket("logs-bucket", "us-east-1", delivery_policy(), "BucketOwnerPreferred", "AES256")
    return FlowLogEvidence(log or s3_flow_log(), **({"bucket": bucket, "newest": NOW} | more))


@pytest.mark.parametrize("log", [to_group(), to_bucket()])
def test_a_healthy_flow_log_has_nothing_bad(log):
    findings = examine(evidence(log))
    assert {finding.status for finding in findings if finding.check != "format"} == {"ok"}
    assert all(finding.found and finding.looked_at for finding in findings)
    assert findings[0].check == "coverage"
    assert findings[-1].check == "never recorded"
    assert "169.254.169.254" in findings[-1].found


def test_everything_not_ok_has_advice_or_is_unknown():
    broken = to_group(
        flow_log(deliver_status="FAILED", deliver_error="Access error", traffic_type="ACCEPT", status=""),
        log_group=None,
        role=None,
        newest=NOW - timedelta(hours=26),
    )
    findings = examine(evidence(broken))
    assert {finding.check for finding in findings if finding.status == "bad"} >= {"coverage", "delivery", "role trust"}
    told = [
        finding for finding in findings if finding.status in ("warn", "bad") and finding.check != "exists and active"
    ]
    assert all(finding.advice for finding in told)


def test_a_vpc_in_the_dark():
    (coverage,) = examine(evidence())
    assert (coverage.check, coverage.status) == ("coverage", "bad")
    assert "flowtui deploy" in coverage.advice
    assert "vpc-1" in coverage.advice


def test_a_vpc_without_interfaces_has_nothing_to_record():
    findings = {finding.check: finding for finding in examine(evidence(interfaces=()))}
    assert findings["interfaces"].status == "warn"


def test_what_could_not_be_listed_is_unknown():
    denied = AccessDenied("denied", action="ec2:DescribeFlowLogs")
    (coverage,) = examine(evidence(refused={"flow_logs": denied}))
    assert coverage.status == "unknown"
    assert "ec2:DescribeFlowLogs" in coverage.found


def test_the_target_may_be_one_flow_log():
    log = to_group()
    findings = examine(evidence(log, target=log.flow_log.id))
    assert "coverage" not in {finding.check for finding in findings}
    assert findings[0].subject == log.flow_log.id


def test_too_young_says_when_the_first_record_is_due():
    log = to_group(flow_log(deliver_status="", created=NOW - timedelta(minutes=2)), newest=None)
    found = by_check(log)
    assert found["delivery"].status == "ok"
    assert "14:18" in found["delivery"].found
    assert found["newest record"].status == "ok"
    late = by_check(to_group(flow_log(deliver_status=""), newest=None))
    assert late["delivery"].status == "warn"
    assert late["newest record"].status == "warn"


def test_a_failure_has_awss_words_and_a_next_step():
    found = by_check(to_group(flow_log(deliver_status="FAILED", deliver_error="Rate limited")))
    assert found["delivery"].status == "bad"
    assert "Rate limited" in found["delivery"].found
    assert "quota" in found["delivery"].advice


def test_of_firehose_nothing_is_claimed_and_of_s3_the_days_looked_at():
    log = flow_log(
        destination_type="kinesis-data-firehose", destination="arn:aws:firehose:us-east-1:1:deliverystream/d"
    )
    found = by_check(FlowLogEvidence(log, newest=None))["newest record"]
    assert (found.status, found.looked_at) == ("unknown", "nothing")
    assert by_check(to_bucket(newest=None))["newest record"].found == "none in the last three days"


@pytest.mark.parametrize(("age", "status"), [(24, "ok"), (26, "warn")])
def test_the_newest_record_may_be_two_intervals_and_the_delivery_old(age, status):
    assert by_check(to_group(newest=NOW - timedelta(minutes=age)))["newest record"].status == status


def test_half_of_the_traffic_is_half_of_the_truth():
    found = by_check(to_group(flow_log(traffic_type="REJECT")))["traffic type"]
    assert found.status == "warn"
    assert "accepted traffic is not there" in found.found


def test_a_format_says_which_questions_it_cannot_answer():
    found = by_check(to_group())["format"]
    assert found.status == "warn"
    assert "pkt-srcaddr" in found.found
    assert "cannot be edited" in found.advice
    full = "${version} ${pkt-srcaddr} ${pkt-dstaddr} ${tcp-flags} ${flow-direction} ${traffic-path}"
    full += " ${pkt-src-aws-service} ${pkt-dst-aws-service} ${subnet-id} ${instance-id}"
    assert by_check(to_group(flow_log(log_format=full)))["format"].status == "ok"
    assert by_check(to_group(flow_log(log_format="nonsense")))["format"].status == "unknown"


def test_each_missing_permission_is_named():
    log = to_group(
        log_group=Unread("logs:DescribeLogGroups", "denied"),
        role=Unread("iam:GetRole", "denied"),
        newest=Unread("logs:FilterLogEvents", "denied"),
    )
    found = by_check(log)
    assert found["role trust"].found == "cannot check: needs iam:GetRole"
    assert found["log group"].found == "cannot check: needs logs:DescribeLogGroups"
    assert found["newest record"].status == "unknown"
    policies = by_check(to_group(role=Role(ROLE, TRUST, Unread("iam:ListRolePolicies", "denied"))))
    assert policies["role permissions"].found == "cannot check: needs iam:ListRolePolicies"
    bucket = by_check(to_bucket(bucket=Unread("", "Cannot reach s3")))["bucket"]
    assert bucket.found == "cannot check: Cannot reach s3"


def test_a_role_that_trusts_someone_else():
    trust = {
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]
    }
    found = by_check(to_group(role=Role(ROLE, trust, {"write": writes()})))["role trust"]
    assert found.status == "bad"
    assert "vpc-flow-logs.amazonaws.com" in found.advice


def test_a_group_arn_without_star_at_its_end_is_not_enough():
    found = by_check(to_group(role=Role(ROLE, TRUST, {"write": writes(GROUP_ARN)})))["role permissions"]
    assert found.status == "bad"
    assert "logs:PutLogEvents" in found.found
    assert ":*" in found.advice


def test_creating_the_group_matters_only_where_there_is_none():
    narrow = writes(action=["logs:CreateLogStream", "logs:PutLogEvents", "logs:Describe*"])
    role = Role(ROLE, TRUST, {"write": narrow})
    assert by_check(to_group(role=role))["role permissions"].status == "ok"
    without = by_check(to_group(role=role, log_group=None))
    assert without["log group"].status == "warn"
    assert "logs:CreateLogGroup" in without["role permissions"].found


def test_records_that_never_expire():
    found = by_check(to_group(log_group=replace(GROUP, retention_days=0)))["retention"]
    assert (found.status, "put-retention-policy" in found.advice) == ("warn", True)


def test_a_bucket_that_is_gone_or_without_policy():
    assert by_check(to_bucket(bucket=None))["bucket"].status == "bad"
    bare = Bucket("logs-bucket", "us-east-1", None, "", "")
    found = by_check(to_bucket(bucket=bare))
    assert (found["write policy"].status, found["ACL policy"].status) == ("bad", "bad")
    assert found["bucket"].status == "ok"


def test_a_bucket_policy_for_another_account_says_so():
    bucket = Bucket("logs-bucket", "us-east-1", delivery_policy(account="999999999999"), "", "AES256")
    found = by_check(to_bucket(bucket=bucket))["write policy"]
    assert found.status == "bad"
    assert "aws:SourceAccount is 999999999999" in found.found


def test_a_denial_is_not_answered_with_another_statement():
    policy = delivery_policy()
    policy["Statement"].append(
        {"Sid": "Stop", "Effect": "Deny", "Principal": "*", "Action": "s3:Put*", "Resource": "*"}
    )
    found = by_check(to_bucket(bucket=Bucket("logs-bucket", "us-east-1", policy, "", "AES256")))["write policy"]
    assert found.status == "bad" and "statement Stop denies it" in found.found
    assert "Add a statement" not in found.advice and "undo a Deny" in found.advice


def test_the_policy_must_reach_the_prefix_and_the_hive_tree():
    assert by_check(to_bucket(s3_flow_log(destination="arn:aws:s3:::logs-bucket/net")))["write policy"].status == "bad"
    hive = by_check(to_bucket(s3_flow_log(hive_partitions=True)))["write policy"]
    assert hive.status == "bad"
    assert f"aws-account-id={ACCOUNT_ID}" in hive.advice


def test_ownership_is_a_warning_only_while_nothing_arrives():
    policy = delivery_policy()
    policy["Statement"][0]["Condition"]["StringEquals"]["s3:x-amz-acl"] = "bucket-owner-full-control"
    bucket = Bucket("logs-bucket", "us-east-1", policy, "BucketOwnerEnforced", "AES256")
    assert by_check(to_bucket(bucket=bucket))["object ownership"].status == "ok"
    assert by_check(to_bucket(bucket=bucket, newest=None))["object ownership"].status == "warn"


def test_kms():
    bucket = Bucket("logs-bucket", "us-east-1", delivery_policy(), "", "aws:kms")
    assert by_check(to_bucket(bucket=bucket))["encryption"].status == "bad"
    keyed = replace(bucket, kms_key="arn:aws:kms:us-east-1:123456789010:key/1")
    assert by_check(to_bucket(bucket=keyed))["encryption"].status == "unknown"
