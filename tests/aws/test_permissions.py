"""The table of IAM actions, held against AWS's own operation names and against the calls the code makes."""

import ast
import json
import re
from pathlib import Path

import botocore.session
import pytest

import flowtui
from flowtui.aws.failures import iam_action, operation_name
from flowtui.aws.permissions import APP, GRANTS, LOCAL, actions, policy
from flowtui.aws.readonly import is_allowed
from flowtui.cli.root import COMMANDS
from flowtui.errors import UsageError

SOURCES = Path(flowtui.__file__).parent
SERVICES = ("ec2", "logs", "s3", "iam", "cloudformation", "athena", "glue")

# Actions of IAM that are no operation of the API (https://docs.aws.amazon.com/service-authorization/latest/reference/).
NOT_OPERATIONS = {
    "iam:PassRole",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutEncryptionConfiguration",
    "s3:GetEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:ListAllMyBuckets",
    "s3:ListBucket",
    "cloudformation:TagResource",
}

# Called with no permission of their own, or only where AWS itself was asked to.
UNLISTED = {"sts:GetCallerIdentity"}


def calls():
    """Every ``account.call/pages("service", "operation", …)`` below flowtui/, but for the demo account's."""
    for path in sorted(SOURCES.rglob("*.py")):
        if "demo" in path.relative_to(SOURCES).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("call", "pages")
            ):
                words = [part.value for part in node.args[:2] if isinstance(part, ast.Constant)]
                if len(words) == 2:
                    yield path.relative_to(SOURCES).as_posix(), words[0], operation_name(words[1])


def test_every_action_is_well_formed():
    assert all(re.fullmatch(r"[a-z0-9]+:[A-Z][A-Za-z]+", action) for action in actions())


def test_every_action_is_an_operation_of_aws():
    session = botocore.session.get_session()
    known = {
        iam_action(service, operation)
        for service in SERVICES
        for operation in session.get_service_model(service).operation_names
    }
    assert set(actions()) - known <= NOT_OPERATIONS


def test_every_call_the_code_makes_is_in_the_table():
    made = {(place, iam_action(service, operation)) for place, service, operation in calls()}
    assert len(made) > 10
    granted = set(actions()) | UNLISTED
    assert sorted((place, action) for place, action in made if action not in granted) == []


def test_commands_that_only_look_change_nothing():
    for command in ("vpcs", "doctor", "tail", "load", APP):
        for action in actions([command]):
            service, _, operation = action.partition(":")
            assert is_allowed(service, operation), f"{command}: {action}"


def test_the_table_speaks_of_commands_that_exist():
    assert set(GRANTS) | set(LOCAL) == set(COMMANDS) | {APP}
    assert not set(GRANTS) & set(LOCAL)


def test_a_policy_is_what_iam_takes():
    document = json.loads(json.dumps(policy()))
    assert document["Version"] == "2012-10-17"
    sids = [statement["Sid"] for statement in document["Statement"]]
    assert len(sids) == len(set(sids))
    assert all(re.fullmatch(r"[A-Za-z0-9]+", sid) for sid in sids)
    for statement in document["Statement"]:
        assert statement["Effect"] == "Allow"
        assert statement["Action"] == sorted(set(statement["Action"]))
        assert not any("*" in action for action in statement["Action"])
        assert statement["Resource"] == "*" or statement["Resource"].startswith("arn:aws:")
    # A managed policy holds 6,144 characters (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
    assert len(re.sub(r"\s", "", json.dumps(document))) < 6144


def test_a_role_is_passed_to_flow_logs_only():
    (statement,) = [entry for entry in policy(["deploy"])["Statement"] if "iam:PassRole" in entry["Action"]]
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "vpc-flow-logs.amazonaws.com"}}


def test_commands_add_up():
    assert set(actions(["vpcs", "stacks"])) == set(actions(["vpcs"])) | set(actions(["stacks"]))
    assert set(actions()) == {action for command in GRANTS for action in actions([command])}
    assert actions(["examples"]) == ()


def test_an_unknown_command_is_a_usage_error():
    with pytest.raises(UsageError, match="frobnicate"):
        policy(["vpcs", "frobnicate"])
