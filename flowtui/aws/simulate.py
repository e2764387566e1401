"""Whether the caller may do something, asked of IAM without doing it.

IAM's simulation knows identity policies, boundaries and service control policies, but neither the resource's own
policy nor a session policy (https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html): a
yes is good news, not a promise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from flowtui.aws.session import Account
from flowtui.errors import AwsError


@dataclass(frozen=True, slots=True)
class Asked:
    """Actions on one resource; ``context`` holds condition keys that are known."""

    actions: tuple[str, ...]
    resource: str = "*"
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Permit:
    """Whether one action is allowed; ``reason`` is why not, or why it cannot be told."""

    action: str
    verdict: Literal["yes", "no", "unknown"]
    reason: str = ""


def simulate(account: Account, asked: Sequence[Asked]) -> tuple[Permit, ...]:
    """The caller's permits, in the order asked; all of them unknown where IAM may not be asked.

    Raises:
        AwsError: AWS does not even say who the caller is.
    """
    arn = account.identity().arn
    principal = _principal(account, arn)
    if not principal:
        who = "the account's root user" if arn.endswith(":root") else arn
        return _unknown(asked, f"IAM does not simulate {who}")
    permits: list[Permit] = []
    for one in asked:
        try:
            permits += _ask(account, principal, one)
        except AwsError as error:
            return (*permits, *_unknown(asked[asked.index(one) :], _why(error)))
    return tuple(permits)


def _ask(account: Account, principal: str, asked: Asked) -> list[Permit]:
    context = [
        {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
        for key, value in asked.context.items()
    ]
    pages = account.pages(
        "iam",
        "simulate_principal_policy",
        PolicySourceArn=principal,
        ActionNames=list(asked.actions),
        ResourceArns=[asked.resource],
        ContextEntries=context,
    )
    found: dict[str, Permit] = {}
    for page in pages:
        for result in page.get("EvaluationResults", ()):
            action, decision = result["EvalActionName"], result["EvalDecision"]
            absent = result.get("MissingContextValues", ())
            if decision == "allowed":
                found[action] = Permit(action, "yes")
            elif decision == "implicitDeny" and absent:
                found[action] = Permit(action, "unknown", f"it depends on {', '.join(absent)}")
            else:
                said = "a policy denies it" if decision == "explicitDeny" else "no policy allows it"
                found[action] = Permit(action, "no", said)
    return [found.get(action, Permit(action, "unknown", "IAM did not say")) for action in asked.actions]


def _principal(account: Account, arn: str) -> str:
    """The user or role to simulate; empty for callers IAM cannot simulate."""
    kind = arn.rpartition(":")[2].partition("/")[0]
    if kind == "user":
        return arn
    if kind != "assumed-role":
        return ""
    _, partition, _, _, account_id, rest = arn.split(":", 5)
    name = rest.split("/")[1]
    try:
        # A role's path is not part of the session's ARN.
        return str(account.call("iam", "get_role", RoleName=name)["Role"]["Arn"])
    except AwsError:
        return f"arn:{partition}:iam::{account_id}:role/{name}"


def _unknown(asked: Sequence[Asked], reason: str) -> tuple[Permit, ...]:
    return tuple(Permit(action, "unknown", reason) for one in asked for action in one.actions)


def _why(error: AwsError) -> str:
    return f"needs {error.action}" if error.action else error.message
