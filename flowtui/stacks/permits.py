"""Which permissions a plan needs, and whether the caller has them."""

from __future__ import annotations

from collections.abc import Sequence

from flowtui.aws.permissions import PASSED_TO, RESOURCE_ACTIONS, STACK_ACTIONS
from flowtui.aws.session import Account
from flowtui.aws.simulate import Asked, Permit, simulate
from flowtui.stacks.plan import Plan

# The actions whose lack people meet; of the others only the count is shown.
KEY_ACTIONS = (
    "cloudformation:CreateChangeSet",
    "ec2:CreateFlowLogs",
    "logs:CreateLogDelivery",
    "s3:CreateBucket",
    "s3:PutBucketPolicy",
    "logs:CreateLogGroup",
    "iam:CreateRole",
    "iam:PassRole",
)


def needed(planned: Plan, account_id: str, region: str, stack_name: str, partition: str = "aws") -> tuple[Asked, ...]:
    """The actions a plan needs, each on the resource it would be used on, as far as its name is known."""
    arn = f"arn:{partition}"
    name = planned.bucket or "*"
    places = {
        "AWS::EC2::FlowLog": "*",
        "AWS::Logs::LogGroup": f"{arn}:logs:{region}:{account_id}:log-group:"
        f"{planned.parameters.get('LogGroupName') or stack_name + '-*'}:*",
        "AWS::IAM::Role": f"{arn}:iam::{account_id}:role/{stack_name}-*",
        "AWS::S3::Bucket": f"{arn}:s3:::{name}",
        "AWS::S3::BucketPolicy": f"{arn}:s3:::{name}",
    }
    asked = [Asked(STACK_ACTIONS, f"{arn}:cloudformation:{region}:{account_id}:stack/{stack_name}/*")]
    types = dict.fromkeys(resource.type for resource in planned.resources)
    for kind in types:
        asked.append(Asked(RESOURCE_ACTIONS.get(kind, ()), places.get(kind, "*")))
    if "AWS::IAM::Role" in types:
        asked.append(Asked(("iam:PassRole",), places["AWS::IAM::Role"], PASSED_TO))
    return tuple(one for one in asked if one.actions)


def check_permits(account: Account, region: str, planned: Plan, stack_name: str) -> tuple[Permit, ...]:
    """What IAM says about a plan's permissions; changes nothing.

    Raises:
        AwsError: AWS does not say who the caller is.
    """
    identity = account.identity()
    partition = identity.arn.split(":")[1] if identity.arn.startswith("arn:") else "aws"
    return simulate(account, needed(planned, identity.account_id, region, stack_name, partition))


def shown(permits: Sequence[Permit]) -> tuple[tuple[str, str, str], ...]:
    """Permits as ``(verdict, text, reason)``, the refused first, the usual ones only counted."""
    refused = [("no", permit.action, permit.reason) for permit in permits if permit.verdict == "no"]
    reasons: dict[str, list[str]] = {}
    for permit in permits:
        if permit.verdict == "unknown":
            reasons.setdefault(permit.reason, []).append(permit.action)
    doubtful = [
        ("unknown", actions[0] if len(actions) == 1 else f"{len(actions)} actions", f"cannot check: {reason}")
        for reason, actions in reasons.items()
    ]
    allowed = [permit.action for permit in permits if permit.verdict == "yes"]
    named = [action for action in KEY_ACTIONS if action in allowed]
    good = [("yes", action, "") for action in named]
    if len(allowed) > len(named):
        good.append(("yes", f"{len(allowed) - len(named)} more", ""))
    return (*refused, *doubtful, *good)
