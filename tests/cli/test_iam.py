import json


def test_the_whole_policy(run):
    outcome = run("iam")
    document = json.loads(outcome.out)
    assert outcome.status == 0
    actions = {action for statement in document["Statement"] for action in statement["Action"]}
    assert {"ec2:DescribeFlowLogs", "iam:PassRole", "logs:FilterLogEvents", "s3:GetObject"} <= actions


def test_only_what_the_named_commands_need(run):
    document = json.loads(run("iam", "vpcs", "load").out)
    actions = {action for statement in document["Statement"] for action in statement["Action"]}
    assert "ec2:DescribeVpcs" in actions
    assert "ec2:CreateFlowLogs" not in actions


def test_a_command_that_needs_nothing_says_so(run):
    outcome = run("iam", "examples")
    assert json.loads(outcome.out)["Statement"] == []
    assert "no AWS permission" in outcome.err


def test_an_unknown_command(run):
    outcome = run("iam", "frobnicate")
    assert (outcome.status, outcome.out) == (2, "")
    assert "frobnicate" in outcome.err
