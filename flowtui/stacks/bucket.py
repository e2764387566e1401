"""The existing bucket of a plan: what delivery to it lacks, and adding that to its policy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flowtui.aws.evidence import read_bucket
from flowtui.aws.evidence_models import Bucket, FlowLogEvidence, PolicyDocument, Unread
from flowtui.aws.models import FlowLog
from flowtui.aws.objects import bucket_region
from flowtui.aws.session import Account
from flowtui.errors import AccessDenied, AwsError, FlowTuiError
from flowtui.insight.bucket_policy import PolicyAdvice, advise, same
from flowtui.insight.destinations import OWNERSHIP, bucket_findings
from flowtui.insight.findings import Finding
from flowtui.stacks.plan import Plan


@dataclass(frozen=True, slots=True)
class BucketCheck:
    """What was found of the bucket a plan delivers to.

    Args:
        flow_log: the flow log as it will be.
        region: the bucket's region; empty when it could not be asked.
        findings: the doctor's findings about it.
        advice: what its policy lacks; None when the bucket or its policy could not be read.
        missing: S3 says that there is no such bucket.
    """

    flow_log: FlowLog
    region: str
    findings: tuple[Finding, ...]
    advice: PolicyAdvice | None
    missing: bool = False

    @property
    def name(self) -> str:
        """The bucket."""
        return self.flow_log.bucket

    @property
    def can_add(self) -> bool:
        """Whether statements are missing and may be added."""
        return self.advice is not None and self.advice.after is not None

    @property
    def problems(self) -> tuple[Finding, ...]:
        """The findings that are not good."""
        return tuple(finding for finding in self.findings if finding.status != "ok")


def planned_flow_log(account: Account, region: str, planned: Plan) -> FlowLog:
    """The flow log a plan would make, as far as its existing bucket is concerned.

    Raises:
        AwsError: AWS does not say who we are.
    """
    identity = account.identity()
    partition = identity.arn.split(":")[1] if identity.arn.startswith("arn:") else "aws"
    options = planned.flow_log.get("DestinationOptions")
    hive = isinstance(options, Mapping) and str(options.get("HiveCompatiblePartitions")).lower() == "true"
    prefix = planned.parameters.get("Prefix", "")
    return FlowLog(
        id="(planned)",
        resource_id=planned.parameters.get("VpcId", ""),
        region=region,
        account_id=identity.account_id,
        destination_type="s3",
        destination=f"arn:{partition}:s3:::{planned.existing_bucket}" + (f"/{prefix}/" if prefix else ""),
        log_group="",
        log_format="",
        traffic_type=planned.parameters.get("TrafficType", ""),
        interval_s=600,
        status="",
        deliver_status="",
        deliver_error="",
        created=account.clock(),
        hive_partitions=hive,
    )


def check_bucket(account: Account, region: str, planned: Plan) -> BucketCheck | None:
    """Look at the bucket a plan delivers to, changing nothing; None when the plan makes its own or needs none.

    Raises:
        AwsError: AWS does not say who we are.
    """
    if not planned.existing_bucket:
        return None
    log = planned_flow_log(account, region, planned)
    bucket = read_bucket(account, log.bucket)
    findings = tuple(bucket_findings(FlowLogEvidence(log, bucket=bucket)))
    readable = isinstance(bucket, Bucket) and not isinstance(bucket.policy, Unread)
    advice = advise(log, _policy(bucket)) if readable else None
    if isinstance(bucket, Bucket) and advice is not None and advice.after is not None:
        # What would be added asks for an ACL, so that the bucket's ownership is judged together with that.
        then = FlowLogEvidence(log, bucket=replace(bucket, policy=advice.after))
        ownership = {one.check: one for one in bucket_findings(then) if one.check == OWNERSHIP}
        findings = tuple(ownership.get(one.check, one) for one in findings)
    place = bucket.region if isinstance(bucket, Bucket) else ""
    return BucketCheck(log, place, findings, advice, missing=bucket is None)


def bucket_name_taken(account: Account, planned: Plan) -> bool:
    """Whether the name of the bucket a plan would make is in use already, by this account or another.

    Changes nothing. An answer S3 does not give is taken for a no: CloudFormation finds out.
    """
    if planned.existing_bucket or not planned.bucket:
        return False
    try:
        # Of another account's bucket S3 tells the region as well, of a name that is free that there is none.
        bucket_region(account, planned.bucket)
    except AwsError:
        return False
    return True


def taken_text(name: str) -> str:
    """What a name that is taken leads to, and what to do."""
    return f"{name} exists already, so making it will fail: choose another BucketName, or CreateBucket=No to use it."


def add_statements(account: Account, check: BucketCheck) -> None:
    """Add to the bucket's policy what the check found missing; all else in it stays as it is.

    Raises:
        FlowTuiError: nothing may be added, or the policy is not the one that was checked any more.
        AwsError: S3 refused; AccessDenied names ``s3:PutBucketPolicy``.
    """
    advice = check.advice
    if advice is None or advice.after is None:
        reason = advice.refusal if advice and advice.refusal else "nothing is missing, or it could not be read"
        raise FlowTuiError(f"The policy of bucket {check.name} is left as it is: {reason}.", "Change it by hand.")
    bucket = read_bucket(account, check.name)
    if not isinstance(bucket, Bucket) or isinstance(bucket.policy, Unread) or not same(bucket.policy, advice.before):
        raise FlowTuiError(
            f"The policy of bucket {check.name} was changed by somebody meanwhile, so nothing was written.",
            "Check again and look at the difference anew.",
        )
    try:
        account.call(
            "s3",
            "put_bucket_policy",
            check.region or None,
            Bucket=check.name,
            Policy=json.dumps(advice.after, ensure_ascii=False),
            ExpectedBucketOwner=check.flow_log.account_id,
        )
    except AccessDenied:
        raise
    except AwsError as error:
        raise AwsError(
            f"The policy of bucket {check.name} was not changed. {error.message}",
            error.hint or "S3 says why; the policy is as it was.",
            code=error.code,
            region=error.region,
        ) from error


def _policy(bucket: Bucket | Unread | None) -> PolicyDocument | None:
    if isinstance(bucket, Bucket) and not isinstance(bucket.policy, Unread):
        return bucket.policy
    return None


def check_lines(check: BucketCheck) -> list[str]:
    """What was found, as lines of plain text."""
    lines = [f"Bucket {check.name}"]
    signs = {"ok": "ok", "warn": "warn", "bad": "BAD", "unknown": "?"}
    for finding in check.findings:
        lines.append(f"  {signs[finding.status]:<5} {finding.check}: {finding.found}")
        if finding.status != "ok" and finding.advice:
            lines.append(f"        {finding.advice}")
    if check.advice and check.advice.refusal:
        lines.append(f"  Nothing can be added to its policy safely: {check.advice.refusal}.")
    return lines
