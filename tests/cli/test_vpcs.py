import csv
import io
import json

import pytest

from flowtui.cli import tables, vpcs_output
from flowtui.cli.tables import Column, Row, cells, fit, lay_out
from flowtui.insight.coverage import State

DENY_FLOW_LOGS = ("ec2", "DescribeFlowLogs", "ap-southeast-2")
KINDS = ("DescribeVpcs", "DescribeSubnets", "DescribeNetworkInterfaces", "DescribeFlowLogs")


def listed(demo, *arguments, **more):
    outcome = demo("vpcs", "--output", "json", *arguments, **more)
    return outcome, json.loads(outcome.out)


def test_the_demo_account_has_every_coverage_state(demo):
    outcome, found = listed(demo, "--no-newest")
    assert (outcome.status, outcome.err) == (0, "")
    assert len(found["vpcs"]) == 12
    states = {vpc["coverage"] for vpc in found["vpcs"]}
    assert states == {state.value for state in State} - {"unknown"}
    assert found["refused"] == []
    failing = [vpc for vpc in found["vpcs"] if vpc["coverage"] == "failing"]
    assert "Access error" in failing[0]["reason"]


def test_newest_records_are_asked_for_unless_told_otherwise(demo):
    _, found = listed(demo)
    newest = {vpc["name"]: vpc["newest_age_s"] for vpc in found["vpcs"]}
    assert 0 < newest["prod-core"] < 3600
    assert newest["staging"] > 24 * 3600
    assert newest["sandbox"] is None
    _, without = listed(demo, "--no-newest")
    assert {vpc["newest_age_s"] for vpc in without["vpcs"]} == {None}


def test_the_table_has_a_row_a_vpc_and_says_what_is_wrong(demo):
    outcome = demo("vpcs")
    assert outcome.status == 0
    lines = outcome.out.splitlines()
    assert lines[0].split() == [column.title for column in vpcs_output.COLUMNS]
    assert sum("vpc-" in line for line in lines) == 12
    assert any(line.startswith("12 VPCs   ● 5 active   ◐ 2 partial") for line in lines)
    assert "data · 3 of 7 subnets have flow logs; 4 subnets with 22 interfaces are dark." in outcome.out
    assert "◐ partial 3/7 sub" in outcome.out
    assert "\x1b" not in outcome.out


def test_ascii_only(demo, monkeypatch):
    monkeypatch.setenv("FLOWTUI_ASCII", "1")
    outcome = demo("vpcs", "--no-newest")
    assert outcome.out.isascii()
    assert "% partial 3/7 sub" in outcome.out


@pytest.mark.parametrize("width", [80, 140])
def test_a_terminal_is_never_overrun_and_hidden_columns_are_named(demo, monkeypatch, width):
    monkeypatch.setattr(vpcs_output, "terminal_width", lambda: width)
    monkeypatch.setenv("NO_COLOR", "1")
    outcome = demo("vpcs")
    lines = outcome.out.splitlines()
    assert all(cells(line) <= width for line in lines[: lines.index("")])
    assert "Newest" in lines[0]
    assert "not shown at this width: " in outcome.err
    assert ("CIDR" in outcome.err) == (width == 80)


def test_csv_has_a_line_a_vpc(demo):
    outcome = demo("vpcs", "--output", "csv")
    rows = list(csv.DictReader(io.StringIO(outcome.out)))
    assert len(rows) == 12
    core = next(row for row in rows if row["name"] == "prod-core")
    assert core["destinations"] == "CW S3"
    assert len(core["flow_logs"].split()) == 2
    assert core["newest_record"].endswith("+00:00")


def test_regions_can_be_chosen(demo):
    _, found = listed(demo, "--region", "eu-west-1", "--no-newest")
    assert {vpc["region"] for vpc in found["vpcs"]} == {"eu-west-1"}


def test_flow_logs_that_may_not_be_listed_leave_vpcs_unknown(demo):
    outcome, found = listed(demo, "--no-newest", deny=(DENY_FLOW_LOGS,))
    assert outcome.status == 3
    there = {vpc["coverage"] for vpc in found["vpcs"] if vpc["region"] == "ap-southeast-2"}
    assert there == {"unknown"}
    assert [(refused["region"], refused["action"]) for refused in found["refused"]] == [
        ("ap-southeast-2", "ec2:DescribeFlowLogs")
    ]
    assert "ec2:DescribeFlowLogs" in outcome.err
    table = demo("vpcs", "--no-newest", deny=(DENY_FLOW_LOGS,))
    assert "⚠ ap-southeast-2  cannot list: needs ec2:DescribeFlowLogs" in table.out
    assert table.status == 3


def test_when_no_region_answers_that_is_a_failure(demo):
    deny = tuple(("ec2", kind, "eu-west-1") for kind in KINDS)
    outcome = demo("vpcs", "--region", "eu-west-1", deny=deny)
    assert outcome.status == 1
    assert "0 VPCs" in outcome.out
    assert all(f"ec2:{kind}" in outcome.err for kind in KINDS)


def test_a_destination_that_may_not_be_read_shows_a_question_mark(demo):
    deny = (("logs", "FilterLogEvents", "us-east-1"), ("logs", "DescribeLogStreams", "us-east-1"))
    outcome = demo("vpcs", "--region", "us-east-1", deny=deny)
    assert outcome.status == 0
    shared = next(line for line in outcome.out.splitlines() if "shared-services" in line)
    assert shared.endswith("?")
    assert "newest record of" in outcome.err


def test_no_credentials_is_one_message(run):
    outcome = run("vpcs", "--region", "us-east-1")
    assert outcome.status == 1
    assert outcome.err.count("No AWS credentials") == 1
    assert "aws sso login" in outcome.err
    assert "Traceback" not in outcome.err


def test_an_unknown_profile_is_named(run):
    outcome = run("vpcs", "--profile", "nobody")
    assert outcome.status == 1
    assert "There is no AWS profile named nobody." in outcome.err


def test_hostile_names_do_not_reach_the_terminal():
    table = lay_out((Column("Name"), Column("Id")), [Row(("evil\x1b[31m\rname", "1")), Row(note="bad\x07note")], None)
    assert not any(character in line for line in table.lines for character in "\x1b\r\x07")


COLUMNS = (Column("A", least=3), Column("B", rank=1), Column("C", rank=2))


def test_a_column_is_shortened_before_another_goes():
    rows = [Row(("abcdefgh", "bb", "cc"))]
    assert lay_out(COLUMNS, rows, None).lines[1] == "abcdefgh  bb  cc"
    tight = lay_out(COLUMNS, rows, 12)
    assert (tight.lines[1], tight.left_out) == ("abc…  bb  cc", ())
    narrow = lay_out(COLUMNS, rows, 8)
    assert (narrow.lines[1], narrow.left_out) == ("abc…  bb", ("C",))
    least = lay_out(COLUMNS, rows, 3)
    assert (least.lines[1], least.left_out) == ("ab…", ("B", "C"))


def test_wide_characters_take_two_cells():
    assert cells("東京é") == 5
    assert fit("東京都", 5) == "東京…"
    assert fit("ab", 4, right=True) == "  ab"


def test_an_output_that_cannot_show_symbols_gets_others(monkeypatch):
    class Latin:
        encoding = "iso-8859-1"

        def isatty(self):
            return False

    shown = []
    monkeypatch.setattr(tables.sys, "stdout", Latin())
    monkeypatch.setattr(tables.click, "echo", shown.append)
    tables.write(["– ✓ 東"])
    assert shown == ["- + ?"]
