"""``flowtui ddl`` on the demo account's flow logs."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Run

TEXT = "fl-0a22c0de0a22c0de2"


def test_of_a_flow_log_and_of_what_it_watches(demo: Run) -> None:
    by_id = demo("ddl", TEXT, "--since", "2024-01-14")
    assert by_id.status == 0, by_id.err
    assert by_id.out.count("ADD IF NOT EXISTS PARTITION") == 2
    assert by_id.out.startswith("CREATE DATABASE IF NOT EXISTS vpc_flow_logs;\n\nCREATE EXTERNAL TABLE")
    by_vpc = demo("ddl", "vpc-0a1b2c3d4e5f60718", "--since", "2024-01-14")
    assert by_vpc.out == by_id.out


def test_json_projection_and_names(demo: Run) -> None:
    outcome = demo("ddl", TEXT, "--projection", "--database", "logs", "--table", "mine", "--output", "json")
    shown = json.loads(outcome.out)
    assert (shown["database"], shown["table"], len(shown["statements"])) == ("logs", "mine", 2)
    assert "logs.mine" in shown["statements"][1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("fl-nosuch",), "Flow logs that do: fl-"),
        ((TEXT, "--until", "2024-01-14"), "--until needs --since"),
        ((TEXT, "--since", "2024-01-14", "--projection"), "no day has to be added"),
        ((TEXT, "--since", "2024-01-14", "--until", "2024-01-10"), "are 0 days"),
        ((TEXT, "--since", "2001-01-01"), "days"),
        ((TEXT, "--table", "my-table"), "no name for"),
    ],
)
def test_usage_errors(demo: Run, arguments: tuple[str, ...], message: str) -> None:
    outcome = demo("ddl", *arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert message in outcome.err


def test_read_only_prints_but_makes_nothing(demo: Run) -> None:
    assert demo("ddl", TEXT, "--read-only").status == 0
    outcome = demo("ddl", TEXT, "--read-only", "--run", "--yes")
    assert outcome.status == 1
    assert "read-only" in outcome.err
