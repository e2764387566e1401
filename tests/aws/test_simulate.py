"""Permissions asked of IAM's simulation, against answers written from its documentation."""

from __future__ import annotations

import pytest

from flowtui.aws.simulate import Asked, simulate
from flowtui.demo.account import demo_account
from tests.aws.scripted import ACCOUNT_ID, NOW, Refused, Script

USER = f"arn:aws:iam::{ACCOUNT_ID}:user/tester"


class Iam(Script):
    """Decides by action; ``arn`` is who the caller is."""

    def __init__(self, decisions: dict[str, str] | None = None, absent: dict[str, list[str]] | None = None) -> None:
        super().__init__()
        self.decisions, self.absent = decisions or {}, absent or {}
        self.answers = {"SimulatePrincipalPolicy": self.simulate}

    def simulate(self, params):
        results = [
            {
                "EvalActionName": action,
                "EvalResourceName": params["ResourceArns"][0],
                "EvalDecision": self.decisions.get(action, "allowed"),
                "MissingContextValues": self.absent.get(action, []),
            }
            for action in params["ActionNames"]
        ]
        return {"EvaluationResults": results, "IsTruncated": False}


def test_every_decision_has_its_verdict_and_reason() -> None:
    script = Iam(
        {"s3:B": "implicitDeny", "s3:C": "explicitDeny", "s3:D": "implicitDeny"}, {"s3:D": ["aws:RequestedRegion"]}
    )
    permits = simulate(script.account(), [Asked(("s3:A", "s3:B", "s3:C", "s3:D"), "arn:aws:s3:::b")])
    assert [(one.action, one.verdict) for one in permits] == [
        ("s3:A", "yes"),
        ("s3:B", "no"),
        ("s3:C", "no"),
        ("s3:D", "unknown"),
    ]
    assert [one.reason for one in permits[1:]] == [
        "no policy allows it",
        "a policy denies it",
        "it depends on aws:RequestedRegion",
    ]
    ((_, _, params),) = [call for call in script.calls if call[0] == "SimulatePrincipalPolicy"]
    assert params["PolicySourceArn"] == USER and params["ResourceArns"] == ["arn:aws:s3:::b"]


def test_a_condition_key_is_handed_on() -> None:
    script = Iam()
    simulate(script.account(), [Asked(("iam:PassRole",), "*", {"iam:PassedToService": "x.amazonaws.com"})])
    (entry,) = script.calls[-1][2]["ContextEntries"]
    assert (entry["ContextKeyName"], entry["ContextKeyValues"]) == ("iam:PassedToService", ["x.amazonaws.com"])


def test_where_iam_may_not_be_asked_nothing_is_known_and_the_action_is_named() -> None:
    script = Iam()

    def refuse(_):
        raise Refused("AccessDenied", status=403)

    script.answers["SimulatePrincipalPolicy"] = refuse
    permits = simulate(script.account(), [Asked(("s3:A",)), Asked(("s3:B",))])
    assert {(one.verdict, one.reason) for one in permits} == {("unknown", "needs iam:SimulatePrincipalPolicy")}
    assert len([call for call in script.calls if call[0] == "SimulatePrincipalPolicy"]) == 1


@pytest.mark.parametrize(
    ("arn", "reason"),
    [
        (f"arn:aws:iam::{ACCOUNT_ID}:root", "the account's root user"),
        (f"arn:aws:sts::{ACCOUNT_ID}:federated-user/x", "federated-user/x"),
    ],
)
def test_who_cannot_be_simulated_is_said(monkeypatch, arn: str, reason: str) -> None:
    account = Iam().account()
    identity = type(account.identity())(ACCOUNT_ID, arn)
    monkeypatch.setattr(account, "_identity", identity)
    (permit,) = simulate(account, [Asked(("s3:A",))])
    assert permit.verdict == "unknown" and reason in permit.reason


@pytest.mark.parametrize("readable", [True, False])
def test_an_assumed_role_is_simulated_by_its_role(monkeypatch, readable: bool) -> None:
    script = Iam()

    def role(_):
        if not readable:
            raise Refused("AccessDenied", status=403)
        return {"Role": {"Arn": f"arn:aws:iam::{ACCOUNT_ID}:role/teams/net/admin"}}

    script.answers["GetRole"] = role
    account = script.account()
    session = f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/admin/me"
    monkeypatch.setattr(account, "_identity", type(account.identity())(ACCOUNT_ID, session))
    simulate(account, [Asked(("s3:A",))])
    path = "teams/net/" if readable else ""
    assert script.calls[-1][2]["PolicySourceArn"] == f"arn:aws:iam::{ACCOUNT_ID}:role/{path}admin"


def test_the_demo_account_denies_what_it_is_told_to() -> None:
    account = demo_account((), clock=lambda: NOW, deny=(("iam", "PassRole", "us-east-1"),))
    permits = simulate(account, [Asked(("iam:PassRole", "iam:CreateRole"))])
    assert [one.verdict for one in permits] == ["no", "yes"]
