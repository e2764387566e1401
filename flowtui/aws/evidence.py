"""Gathers what the doctor judges: the flow logs of a VPC, or one flow log, each with its destination.

Every fact is read on its own, so that one missing permission leaves one check unmade, not the diagnosis.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from flowtui.aws.evidence_models import Bucket, Evidence, FlowLogEvidence, PolicyDocument, Role, Unread
from flowtui.aws.inventory import RegionInventory, scan
from flowtui.aws.logs import find_log_group
from flowtui.aws.models import FlowLog, LogGroup, RegionRefusal, Vpc
from flowtui.aws.newest import newest_record
from flowtui.aws.objects import bucket_region
from flowtui.aws.parallel import Pool
from flowtui.aws.session import Account
from flowtui.errors import AccessDenied, AwsError, FlowTuiError, UsageError

THREADS = 8

# The destination itself is missing, which a finding of its own says.
_GONE = ("ResourceNotFoundException", "NoSuchBucket")

T = TypeVar("T")


def gather(account: Account, target: str) -> Evidence:
    """Everything the doctor needs about a VPC (``vpc-…``) or a flow log (``fl-…``), wherever the account has it.

    Blocks for some seconds: every region of the account is listed, then each flow log's destination is read.

    Raises:
        UsageError: the id is neither a VPC's nor a flow log's.
        FlowTuiError: it is in none of the regions, naming those that could not be listed.
    """
    if not target.startswith(("vpc-", "fl-")):
        raise UsageError(f"{target!r} is neither a VPC nor a flow log.", "Give an id like vpc-0a1b… or fl-0a1b….")
    refusals: list[RegionRefusal] = []
    regions = scan([account])
    try:
        for answer in regions:
            if isinstance(answer, RegionRefusal):
                refusals.append(answer)
            elif _has(answer, target):
                return _evidence(account, answer, target)
    finally:
        # The generator's own close: stop waiting for regions that no longer matter.
        regions.close()
    raise _not_found(target, account, refusals)


def _has(inventory: RegionInventory, target: str) -> bool:
    return target in {vpc.id for vpc in inventory.vpcs} | {log.id for log in inventory.flow_logs}


def _not_found(target: str, account: Account, refusals: list[RegionRefusal]) -> FlowTuiError:
    if refusals and not refusals[0].region:
        return refusals[0].error
    if refusals:
        where = ", ".join(sorted({refusal.region for refusal in refusals}))
        return FlowTuiError(
            f"{target} was not found; {where} could not be listed: {refusals[0].error.message}", refusals[0].error.hint
        )
    places = ", ".join(account.regions())
    return FlowTuiError(f"{target} was not found in {places}.", "Check the id; name its region, or --region all.")


def _evidence(account: Account, inventory: RegionInventory, target: str) -> Evidence:
    places = {subnet.id: subnet.vpc_id for subnet in inventory.subnets}
    places |= {interface.id: interface.vpc_id for interface in inventory.interfaces}
    if target.startswith("vpc-"):
        vpc_id = target
        logs = [log for log in inventory.flow_logs if places.get(log.resource_id, log.resource_id) == target]
    else:
        logs = [log for log in inventory.flow_logs if log.id == target]
        vpc_id = places.get(logs[0].resource_id, logs[0].resource_id)
    return Evidence(
        target,
        inventory.account_id,
        inventory.region,
        account.clock(),
        _vpc(inventory, vpc_id),
        inventory.vpcs,
        inventory.subnets,
        inventory.interfaces,
        inventory.flow_logs,
        _destinations(account, logs),
        inventory.refused,
    )


def _vpc(inventory: RegionInventory, vpc_id: str) -> Vpc | None:
    return next((vpc for vpc in inventory.vpcs if vpc.id == vpc_id), None)


def _destinations(account: Account, logs: list[FlowLog]) -> tuple[FlowLogEvidence, ...]:
    with Pool[FlowLogEvidence](THREADS) as pool:
        for log in logs:
            pool.submit(partial(flow_log_evidence, account, log))
        found = {evidence.flow_log.id: evidence for evidence in pool}
    return tuple(found[log.id] for log in logs)


def flow_log_evidence(account: Account, log: FlowLog) -> FlowLogEvidence:
    """Read one flow log's destination: log group and role, or bucket, and its newest record."""
    newest: datetime | Unread | None = _read(lambda: newest_record(account, log), absent=_GONE)
    if log.destination_type == "cloud-watch-logs":
        group: LogGroup | Unread | None = None
        if log.log_group:
            group = _read(lambda: find_log_group(account, log.region, log.log_group))
        return FlowLogEvidence(log, log_group=group, role=read_role(account, log.role_arn), newest=newest)
    if log.destination_type == "s3":
        return FlowLogEvidence(log, bucket=read_bucket(account, log.bucket), newest=newest)
    return FlowLogEvidence(log, newest=newest)


def read_role(account: Account, arn: str) -> Role | Unread | None:
    """A role with its trust and all its policies; None when it does not exist or ``arn`` is empty."""
    if not arn:
        return None
    # A role's path is part of its ARN, but not of the name the API takes.
    name = arn.rpartition("/")[2]
    trust = _read(
        lambda: _document(account.call("iam", "get_role", RoleName=name)["Role"].get("AssumeRolePolicyDocument", {})),
        absent=("NoSuchEntity",),
    )
    if trust is None or isinstance(trust, Unread):
        return trust
    policies = _read(lambda: _policies(account, name))
    return Role(arn, trust, {} if policies is None else policies)


def _policies(account: Account, role: str) -> dict[str, PolicyDocument]:
    found: dict[str, PolicyDocument] = {}
    for page in account.pages("iam", "list_role_policies", RoleName=role):
        for name in page["PolicyNames"]:
            answer = account.call("iam", "get_role_policy", RoleName=role, PolicyName=name)
            found[name] = _document(answer["PolicyDocument"])
    for page in account.pages("iam", "list_attached_role_policies", RoleName=role):
        for policy in page["AttachedPolicies"]:
            arn = policy["PolicyArn"]
            version = account.call("iam", "get_policy", PolicyArn=arn)["Policy"]["DefaultVersionId"]
            answer = account.call("iam", "get_policy_version", PolicyArn=arn, VersionId=version)
            found[policy["PolicyName"]] = _document(answer["PolicyVersion"]["Document"])
    return found


def read_bucket(account: Account, name: str) -> Bucket | Unread | None:
    """A bucket with its policy, ownership and encryption; None when it does not exist."""
    region = _read(lambda: bucket_region(account, name), absent=("NoSuchBucket",))
    if region is None:
        return None
    where = None if isinstance(region, Unread) else region
    policy = _read(
        lambda: _document(account.call("s3", "get_bucket_policy", where, Bucket=name)["Policy"]),
        absent=("NoSuchBucketPolicy",),
    )
    ownership = _read(
        lambda: _ownership(account.call("s3", "get_bucket_ownership_controls", where, Bucket=name)),
        absent=("OwnershipControlsNotFoundError",),
    )
    encryption = _read(
        lambda: _encryption(account.call("s3", "get_bucket_encryption", where, Bucket=name)),
        absent=("ServerSideEncryptionConfigurationNotFoundError",),
    )
    kind, key = encryption if isinstance(encryption, tuple) else (encryption or "", "")
    return Bucket(name, where or "", policy, ownership or "", kind, key)


def _ownership(answer: Mapping[str, Any]) -> str:
    return str(answer["OwnershipControls"]["Rules"][0]["ObjectOwnership"])


def _encryption(answer: Mapping[str, Any]) -> tuple[str, str]:
    rule = answer["ServerSideEncryptionConfiguration"]["Rules"][0].get("ApplyServerSideEncryptionByDefault", {})
    return rule.get("SSEAlgorithm", ""), rule.get("KMSMasterKeyID", "")


def _document(text: Any) -> PolicyDocument:
    """A policy as S3 (JSON text) and botocore (parsed, for IAM) answer with it."""
    if isinstance(text, Mapping):
        return text
    try:
        document = json.loads(text)
    except ValueError as error:
        raise AwsError(f"A policy could not be read: {error}") from error
    if not isinstance(document, dict):
        raise AwsError("A policy could not be read: it is not a JSON object.")
    return document


def _read(ask: Callable[[], T], *, absent: tuple[str, ...] = ()) -> T | Unread | None:
    """The fact, None when AWS answers with a code of ``absent``, or why it could not be read."""
    try:
        return ask()
    except AccessDenied as error:
        return Unread(error.action, error.message)
    except FlowTuiError as error:
        gone = isinstance(error, AwsError) and error.code in absent
        return None if gone else Unread("", error.message)
