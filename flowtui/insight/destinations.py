"""Checks of where a flow log delivers to: log group and role, or bucket and its policy.

What each must allow: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html and
https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flowtui.aws.evidence_models import Bucket, FlowLogEvidence, Role, Unread
from flowtui.aws.models import FlowLog, LogGroup
from flowtui.insight.findings import Finding, unread
from flowtui.insight.policies import Answer, Request, allows

DELIVERY_SERVICE = "delivery.logs.amazonaws.com"
FLOW_LOG_SERVICE = "vpc-flow-logs.amazonaws.com"
OWNERSHIP = "object ownership"
"""The check of what a bucket does with ACLs."""

_ROLE_ACTIONS = (
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
)


def log_group_findings(evidence: FlowLogEvidence) -> Iterator[Finding]:
    """Existence and retention of a CloudWatch destination."""
    log, group = evidence.flow_log, evidence.log_group
    looked_at = "logs:DescribeLogGroups"
    if isinstance(group, Unread):
        yield unread("log group", group, looked_at)
        return
    if group is None:
        yield Finding(
            "log group",
            "warn",
            f"log group {log.log_group or '(none named)'} does not exist",
            "It is made with the first record if the role may call logs:CreateLogGroup; it then never expires.",
            looked_at,
        )
        return
    key = f"encrypted with {group.kms_key}" if group.kms_key else "encrypted by CloudWatch's own key"
    yield Finding(
        "log group", "ok", f"{group.name} exists, class {group.log_class or 'STANDARD'}, {key}", "", looked_at
    )
    if group.retention_days:
        yield Finding("retention", "ok", f"records are kept {group.retention_days} days", "", looked_at)
    else:
        advice = f"aws logs put-retention-policy --log-group-name {group.name} --retention-in-days 14"
        yield Finding("retention", "warn", "records never expire and are charged every month", advice, looked_at)


def role_findings(evidence: FlowLogEvidence) -> Iterator[Finding]:
    """Trust and permissions of the delivery role."""
    log, role = evidence.flow_log, evidence.role
    if isinstance(role, Unread):
        yield unread("role trust", role, "iam:GetRole")
        return
    if role is None:
        named = f"role {log.role_arn} does not exist" if log.role_arn else "the flow log names no delivery role"
        advice = "Delete the flow log and create it again with a role that exists; a flow log cannot be edited."
        yield Finding("role trust", "bad", named, advice, "iam:GetRole")
        return
    trust = allows((role.trust,), Request("sts:AssumeRole", service=FLOW_LOG_SERVICE, context=_flow_log_context(log)))
    yield _judged(
        "role trust",
        trust,
        f"{role.arn} trusts {FLOW_LOG_SERVICE}",
        f"{role.arn} does not trust {FLOW_LOG_SERVICE} for this flow log: {trust.reason}",
        f"Let {FLOW_LOG_SERVICE} call sts:AssumeRole in the role's trust policy.",
        "iam:GetRole",
    )
    yield _role_permissions(evidence, role)


def _role_permissions(evidence: FlowLogEvidence, role: Role) -> Finding:
    log, looked_at = evidence.flow_log, "the role's inline and attached policies"
    if isinstance(role.policies, Unread):
        return unread("role permissions", role.policies, looked_at)
    group = f"arn:{_partition(log)}:logs:{log.region}:{log.account_id}:log-group:{log.log_group}"
    # A policy on the group without :* at its end does not reach the group's streams.
    stream = f"{group}:log-stream:eni-0"
    wanted = _ROLE_ACTIONS if isinstance(evidence.log_group, LogGroup) else ("logs:CreateLogGroup", *_ROLE_ACTIONS)
    documents = tuple(role.policies.values())
    answers = {action: allows(documents, Request(action, stream)) for action in wanted}
    missing = [action for action, answer in answers.items() if answer.verdict == "no"]
    if missing:
        return Finding(
            "role permissions",
            "bad",
            f"the role's policies do not allow {', '.join(missing)} on {log.log_group}",
            f"Allow them on {group}:* (the :* at its end is needed).",
            looked_at,
        )
    doubts = [answer.reason for answer in answers.values() if answer.verdict == "maybe"]
    if doubts:
        return Finding("role permissions", "unknown", doubts[0], "Check this condition by hand.", looked_at)
    return Finding("role permissions", "ok", f"the role may write to {log.log_group}", "", looked_at)


def bucket_findings(evidence: FlowLogEvidence) -> Iterator[Finding]:
    """Existence, policy, ownership and encryption of an S3 destination."""
    log, bucket = evidence.flow_log, evidence.bucket
    if isinstance(bucket, Unread):
        yield unread("bucket", bucket, "s3:GetBucketPolicy")
        return
    if bucket is None:
        advice = "Make a bucket of that name with log delivery's policy, or create the flow log again for another one."
        yield Finding("bucket", "bad", f"bucket {log.bucket} does not exist", advice, "s3:GetBucketPolicy")
        return
    where = f" in {bucket.region}" if bucket.region else ""
    yield Finding("bucket", "ok", f"{bucket.name} exists{where}", "", "s3:GetBucketLocation")
    yield from _bucket_policy(log, bucket)
    yield _ownership(bucket, delivers=log.deliver_status == "SUCCESS" and isinstance(evidence.newest, datetime))
    yield _encryption(bucket)


def _bucket_policy(log: FlowLog, bucket: Bucket) -> Iterator[Finding]:
    looked_at = "s3:GetBucketPolicy"
    if isinstance(bucket.policy, Unread):
        yield unread("bucket policy", bucket.policy, looked_at)
        return
    arn = bucket_arn(log)
    wanted = (("write policy", "s3:PutObject", f"{arn}/{delivery_key(log)}"), ("ACL policy", "s3:GetBucketAcl", arn))
    for check, action, resource in wanted:
        where = resource.removesuffix("x") + "*" if resource != arn else arn
        answer = allows((bucket.policy,) if bucket.policy else (), delivery_request(log, action, resource))
        advice = (
            f"Add a statement to the policy of {bucket.name} that lets {DELIVERY_SERVICE} call {action} on {where}."
        )
        if answer.denied:
            advice = (
                f"Except {DELIVERY_SERVICE} from that statement of {bucket.name}'s policy; no other can undo a Deny."
            )
        yield _judged(
            check,
            answer,
            f"{DELIVERY_SERVICE} may call {action} on {where}",
            f"{DELIVERY_SERVICE} may not call {action} on {where}: {answer.reason}",
            advice,
            looked_at,
        )


def bucket_arn(log: FlowLog) -> str:
    """The ARN of an S3 destination's bucket."""
    return f"arn:{_partition(log)}:s3:::{log.bucket}"


def delivery_key(log: FlowLog) -> str:
    """A key as this flow log's objects have it, ``AWSLogs/123456789010/x`` after its prefix."""
    account = f"aws-account-id={log.account_id}" if log.hive_partitions else log.account_id
    return f"{log.prefix}/AWSLogs/{account}/x".lstrip("/")


def delivery_request(log: FlowLog, action: str, resource: str) -> Request:
    """What log delivery asks of a bucket on behalf of a flow log."""
    context = {
        "aws:sourceaccount": log.account_id,
        "aws:sourcearn": f"arn:{_partition(log)}:logs:{log.region}:{log.account_id}:*",
        "aws:securetransport": "true",
        # The service calls itself, so that usual denials of everybody outside an organisation let it pass:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        "aws:principalisawsservice": "true",
        "aws:principalservicename": DELIVERY_SERVICE,
    }
    if action == "s3:PutObject":
        context["s3:x-amz-acl"] = "bucket-owner-full-control"
    return Request(action, resource, DELIVERY_SERVICE, context)


def _ownership(bucket: Bucket, *, delivers: bool) -> Finding:
    looked_at = "s3:GetBucketOwnershipControls"
    if isinstance(bucket.ownership, Unread):
        return unread(OWNERSHIP, bucket.ownership, looked_at)
    if bucket.ownership == "BucketOwnerEnforced" and _wants_acl(bucket) and not delivers:
        return Finding(
            OWNERSHIP,
            "warn",
            "BucketOwnerEnforced, while the policy asks for s3:x-amz-acl = bucket-owner-full-control",
            "AWS documents this pair, but it was reported to deny deliveries silently; BucketOwnerPreferred avoids it.",
            looked_at,
        )
    return Finding(OWNERSHIP, "ok", bucket.ownership or "none set (ObjectWriter)", "", looked_at)


def _wants_acl(bucket: Bucket) -> bool:
    return not isinstance(bucket.policy, Unread) and "s3:x-amz-acl" in str(bucket.policy)


def _encryption(bucket: Bucket) -> Finding:
    looked_at = "s3:GetEncryptionConfiguration"
    if isinstance(bucket.encryption, Unread):
        return unread("encryption", bucket.encryption, looked_at)
    if not bucket.encryption.startswith("aws:kms"):
        return Finding("encryption", "ok", bucket.encryption or "none set", "", looked_at)
    if bucket.kms_key:
        found = f"{bucket.encryption} with {bucket.kms_key}; the key's own policy was not read"
        advice = f"The key's policy must let {DELIVERY_SERVICE} encrypt, decrypt and generate data keys."
        return Finding("encryption", "unknown", found, advice, looked_at)
    advice = "Log delivery cannot use the AWS managed key aws/s3: name a customer managed key by its ARN, or SSE-S3."
    return Finding("encryption", "bad", f"{bucket.encryption} with the AWS managed key", advice, looked_at)


def _judged(check: str, answer: Answer, good: str, bad: str, advice: str, looked_at: str) -> Finding:
    if answer.verdict == "yes":
        return Finding(check, "ok", good, "", looked_at)
    if answer.verdict == "no":
        return Finding(check, "bad", bad, advice, looked_at)
    return Finding(check, "unknown", f"cannot tell from the policy: {answer.reason}", "Check it by hand.", looked_at)


def _flow_log_context(log: FlowLog) -> dict[str, str]:
    arn = f"arn:{_partition(log)}:ec2:{log.region}:{log.account_id}:vpc-flow-log/{log.id}"
    return {"aws:sourceaccount": log.account_id, "aws:sourcearn": arn}


def _partition(log: FlowLog) -> str:
    """``aws``, ``aws-cn`` or ``aws-us-gov``, from whichever ARN the flow log carries."""
    for arn in (log.role_arn, log.destination):
        if arn.startswith("arn:"):
            return arn.split(":")[1]
    return "aws"
