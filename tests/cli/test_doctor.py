import json

STAGING = "vpc-0c3d4e5f60718293a"
CORE = "vpc-0a1b2c3d4e5f60718"


def test_a_failing_vpc_is_told_with_reason_and_advice(demo):
    outcome = demo("doctor", STAGING)
    assert outcome.status == 0
    assert outcome.out.startswith(f"{STAGING} staging in us-east-1")
    assert "deliveries fail: Access error" in outcome.out
    assert "→ " in outcome.out
    assert outcome.err == ""


def test_json_has_every_finding_with_its_subject(demo):
    outcome = demo("doctor", CORE, "--output", "json")
    found = json.loads(outcome.out)
    assert (found["target"], found["region"]) == (CORE, "us-east-1")
    assert {finding["status"] for finding in found["findings"]} <= {"ok", "warn", "bad", "unknown"}
    assert len({finding["subject"] for finding in found["findings"]}) == 3
    assert {"coverage", "delivery", "log group", "write policy", "never recorded"} <= {
        finding["check"] for finding in found["findings"]
    }


def test_one_flow_log(demo):
    log = next(
        finding["subject"]
        for finding in json.loads(demo("doctor", STAGING, "--output", "json").out)["findings"]
        if finding["subject"].startswith("fl-")
    )
    outcome = demo("doctor", log, "--output", "json")
    assert {finding["subject"] for finding in json.loads(outcome.out)["findings"]} == {log}


def test_a_missing_permission_leaves_one_check_unmade(demo):
    outcome = demo("doctor", STAGING, deny=(("iam", "GetRole", "us-east-1"), ("iam", "GetRole", "aws-global")))
    assert outcome.status == 3
    assert "cannot check: needs iam:GetRole" in outcome.out
    assert "deliveries fail: Access error" in outcome.out


def test_lines_fit_the_terminal(demo, monkeypatch):
    from flowtui.cli import doctor

    monkeypatch.setattr(doctor, "terminal_width", lambda: 80)
    monkeypatch.setenv("NO_COLOR", "1")
    outcome = demo("doctor", STAGING)
    assert max(len(line) for line in outcome.out.splitlines() if "https://" not in line and "arn:" not in line) <= 80


def test_an_id_that_is_nowhere(demo):
    outcome = demo("doctor", "vpc-0123456789abcdef0")
    assert outcome.status == 1
    assert "vpc-0123456789abcdef0 was not found" in outcome.err
    assert outcome.out == ""


def test_an_id_of_another_kind_is_a_usage_error(demo):
    assert demo("doctor", "sg-1").status == 2
    assert demo("doctor").status == 2
