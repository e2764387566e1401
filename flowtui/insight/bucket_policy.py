"""What a bucket's policy lacks for a flow log to be delivered, and the policy with just that added.

The statements are those of https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html.
"""

from __future__ import annotations

import copy
import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flowtui.aws.evidence_models import PolicyDocument
from flowtui.aws.models import FlowLog
from flowtui.insight.destinations import DELIVERY_SERVICE, bucket_arn, delivery_key, delivery_request
from flowtui.insight.policies import allows

MOST_BYTES = 20 * 1024
"""Size of a bucket policy (https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html)."""

_EMPTY: PolicyDocument = {"Version": "2012-10-17", "Statement": []}


@dataclass(frozen=True, slots=True)
class PolicyAdvice:
    """What to add to a bucket's policy.

    Args:
        before: the policy as it is; None where the bucket has none.
        missing: the statements that delivery needs and the policy does not have; empty when it suffices.
        after: the policy with them at its end, all else as it was; None when nothing is to be added or may be.
        refusal: why nothing may be added although something is missing; empty otherwise.
    """

    before: PolicyDocument | None
    missing: tuple[Mapping[str, Any], ...]
    after: PolicyDocument | None = None
    refusal: str = ""

    def difference(self) -> list[str]:
        """The change as lines of a unified diff; empty when there is none."""
        if self.after is None:
            return []
        before = pretty(self.before).splitlines() if self.before else []
        lines = difflib.unified_diff(before, pretty(self.after).splitlines(), "policy now", "policy then", lineterm="")
        return list(lines)


def pretty(document: PolicyDocument) -> str:
    """A policy as people read it."""
    return json.dumps(document, indent=2, ensure_ascii=False)


def same(one: PolicyDocument | None, other: PolicyDocument | None) -> bool:
    """Whether two policies say the same, whatever the order of their keys."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def statements(log: FlowLog) -> tuple[dict[str, Any], ...]:
    """The two statements delivery of a flow log needs, limited to its account, region and folder."""
    arn = bucket_arn(log)
    context = delivery_request(log, "s3:PutObject", arn).context
    equal = {"aws:SourceAccount": context["aws:sourceaccount"]}
    like = {"aws:SourceArn": context["aws:sourcearn"]}
    principal = {"Service": DELIVERY_SERVICE}
    return (
        {
            "Sid": "AWSLogDeliveryWrite",
            "Effect": "Allow",
            "Principal": principal,
            "Action": "s3:PutObject",
            "Resource": f"{arn}/{delivery_key(log).removesuffix('x')}*",
            "Condition": {
                "StringEquals": equal | {"s3:x-amz-acl": context["s3:x-amz-acl"]},
                "ArnLike": like,
            },
        },
        {
            "Sid": "AWSLogDeliveryAclCheck",
            "Effect": "Allow",
            "Principal": principal,
            "Action": "s3:GetBucketAcl",
            "Resource": arn,
            "Condition": {"StringEquals": equal, "ArnLike": like},
        },
    )


def advise(log: FlowLog, policy: PolicyDocument | None) -> PolicyAdvice:
    """What the policy of a flow log's bucket lacks, and the policy with it.

    Nothing is added where that would not help or could not be judged: a statement denies delivery, may deny it, or
    says NotPrincipal or NotAction, which take in principals and actions nobody named.
    """
    documents = (policy,) if policy else ()
    wanted = statements(log)
    resources = (f"{bucket_arn(log)}/{delivery_key(log)}", bucket_arn(log))
    missing: list[dict[str, Any]] = []
    doubts: list[str] = []
    for statement, resource in zip(wanted, resources, strict=True):
        request = delivery_request(log, str(statement["Action"]), resource)
        if allows(documents, request).verdict == "yes":
            continue
        missing.append(statement)
        # With the statement in place whatever else is still in the way is a denial.
        then = allows((*documents, {"Statement": [statement]}), request)
        if then.verdict != "yes":
            doubts.append(f"{statement['Action']}: {then.reason}")
    if not missing:
        return PolicyAdvice(policy, ())
    if refusal := _unsafe(policy) or (f"adding would not help; {'; '.join(doubts)}" if doubts else ""):
        return PolicyAdvice(policy, tuple(missing), refusal=refusal)
    after = _with(policy, missing)
    if len(json.dumps(after, separators=(",", ":"), ensure_ascii=False).encode()) > MOST_BYTES:
        return PolicyAdvice(policy, tuple(missing), refusal="the policy would be larger than the 20 KB S3 takes")
    return PolicyAdvice(policy, tuple(missing), after)


def _statement_list(policy: PolicyDocument | None) -> list[Any]:
    found = (policy or _EMPTY).get("Statement", [])
    return list(found) if isinstance(found, (list, tuple)) else [found]


def _unsafe(policy: PolicyDocument | None) -> str:
    for number, statement in enumerate(_statement_list(policy), 1):
        if not isinstance(statement, Mapping):
            return f"statement {number} of the policy is not one"
        for word in ("NotPrincipal", "NotAction"):
            if word in statement:
                return f"statement {statement.get('Sid') or number} uses {word}, so what it takes in cannot be judged"
    return ""


def _with(policy: PolicyDocument | None, missing: Sequence[Mapping[str, Any]]) -> PolicyDocument:
    """The policy with statements added at its end, under Sids it does not have yet."""
    document = copy.deepcopy(dict(policy or _EMPTY))
    present = _statement_list(document)
    taken = {statement.get("Sid") for statement in present}
    added = []
    for statement in missing:
        sid, number = str(statement["Sid"]), 2
        while sid in taken:
            sid, number = f"{statement['Sid']}{number}", number + 1
        taken.add(sid)
        added.append({**statement, "Sid": sid})
    document["Statement"] = [*present, *added]
    return document
