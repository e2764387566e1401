"""Whether a policy allows a service an action, as far as its text tells.

Only what the policies of flow log delivery use is evaluated: Allow and Deny, Service principals, action and resource
wildcards, and string and ARN conditions on keys whose value is known. Anything else makes the answer ``maybe`` with
the reason, never a guess (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Verdict = Literal["yes", "no", "maybe"]

_LIKE = {
    "StringEquals": False,
    "StringLike": True,
    "ArnEquals": True,
    "ArnLike": True,
    "StringEqualsIfExists": False,
    "ArnLikeIfExists": True,
    "StringLikeIfExists": True,
    "Bool": False,
    "BoolIfExists": False,
}
_NOT = {"StringNotEquals": False, "StringNotLike": True, "ArnNotEquals": True, "ArnNotLike": True}


@dataclass(frozen=True, slots=True)
class Request:
    """What would be asked for.

    ``service`` is the principal (``delivery.logs.amazonaws.com``), empty for an identity's own policy, which names
    none. ``resource`` empty matches any (a trust policy names none). ``context`` holds the condition keys that are
    known, by lower-case name.
    """

    action: str
    resource: str = ""
    service: str = ""
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict, and for anything but a plain yes the reason in words; ``denied`` is a no that a Deny says."""

    verdict: Verdict
    reason: str = ""
    denied: bool = False


def allows(documents: Sequence[Mapping[str, Any]], request: Request) -> Answer:
    """Whether the documents together allow the request: one Allow is needed, a Deny wins."""
    reasons: list[str] = []
    allowed = maybe = False
    for statement in (statement for document in documents for statement in _statements(document)):
        if not _names(statement, request):
            continue
        verdict, reason = _conditions(statement.get("Condition", {}), request.context)
        if statement.get("Effect") == "Deny":
            if verdict == "yes":
                return Answer("no", f"statement {_sid(statement)} denies it", denied=True)
            if verdict == "maybe":
                maybe = True
                reasons.append(f"statement {_sid(statement)} may deny it: {reason}")
        elif verdict == "yes":
            allowed = True
        else:
            maybe = maybe or verdict == "maybe"
            reasons.append(f"statement {_sid(statement)} allows it only where {reason}")
    if allowed and not maybe:
        return Answer("yes")
    if maybe:
        return Answer("maybe", "; ".join(reasons))
    return Answer("no", "; ".join(reasons) or f"no statement allows {request.action}")


def _statements(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    found = document.get("Statement", ())
    yield from (entry for entry in _listed(found) if isinstance(entry, Mapping))


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _sid(statement: Mapping[str, Any]) -> str:
    return str(statement.get("Sid") or "without Sid")


def _names(statement: Mapping[str, Any], request: Request) -> bool:
    """Whether principal, action and resource of a statement take the request in."""
    if request.service and not _names_principal(statement, request.service):
        return False
    if "NotAction" in statement:
        acts = not any(_matches(pattern, request.action, fold=True) for pattern in _listed(statement["NotAction"]))
    else:
        acts = any(_matches(pattern, request.action, fold=True) for pattern in _listed(statement.get("Action", ())))
    if not acts or not request.resource:
        return acts
    if "NotResource" in statement:
        return not any(_matches(pattern, request.resource) for pattern in _listed(statement["NotResource"]))
    return any(_matches(pattern, request.resource) for pattern in _listed(statement.get("Resource", ())))


def _names_principal(statement: Mapping[str, Any], service: str) -> bool:
    if "NotPrincipal" in statement:
        return service not in _services(statement["NotPrincipal"])
    services = _services(statement.get("Principal", {}))
    return service in services or "*" in services


def _services(principal: Any) -> list[Any]:
    if principal == "*":
        return ["*"]
    if not isinstance(principal, Mapping):
        return []
    everyone = ["*"] if "*" in _listed(principal.get("AWS", ())) else []
    return everyone + _listed(principal.get("Service", ()))


def _matches(pattern: Any, text: str, *, fold: bool = False) -> bool:
    """IAM's wildcards: ``*`` any run of characters, ``?`` any one."""
    parts = (
        ".*" if part == "*" else "." if part == "?" else re.escape(part) for part in re.split(r"([*?])", str(pattern))
    )
    return re.fullmatch("".join(parts), text, re.IGNORECASE | re.DOTALL if fold else re.DOTALL) is not None


def _conditions(conditions: Any, context: Mapping[str, str]) -> tuple[Verdict, str]:
    """Whether every condition holds; the reason names the first that does not, or cannot be told."""
    doubt = ""
    for operator, keys in (conditions or {}).items():
        for key, expected in keys.items():
            shown = f"{key} is {' or '.join(map(str, _listed(expected)))}"
            actual = context.get(key.lower())
            if actual is None or operator not in {**_LIKE, **_NOT}:
                doubt = doubt or f"{operator} {shown}"
                continue
            like = {**_LIKE, **_NOT}[operator]
            hit = any(_holds(value, actual, like=like, fold=operator.startswith("Bool")) for value in _listed(expected))
            if hit == (operator in _NOT):
                return "no", f"{key} is not {' or '.join(map(str, _listed(expected)))}" if operator in _NOT else shown
    return ("maybe", doubt) if doubt else ("yes", "")


def _holds(expected: Any, actual: str, *, like: bool, fold: bool) -> bool:
    if like or fold:
        return _matches(expected, actual, fold=fold)
    return str(expected) == actual
