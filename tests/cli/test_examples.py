"""``flowtui examples``."""

from __future__ import annotations

import io
import json

import pytest

from flowtui.sql.library import examples
from tests.cli.conftest import Run


def test_the_list_names_every_query(run: Run) -> None:
    outcome = run("examples")
    assert outcome.status == 0
    assert [line.split()[0] for line in outcome.out.splitlines()] == [one.name for one in examples()]


def test_json(run: Run) -> None:
    entries = json.loads(run("examples", "--output", "json").out)
    assert len(entries) == len(examples())
    assert set(entries[0]) == {"name", "title", "question", "fields", "look_for", "sql"}
    assert json.loads(run("examples", "ssh", "--output", "json").out)["name"] == "ssh"


def test_stdout_is_the_query_alone_and_pipes(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    outcome = run("examples", "top-talkers")
    assert outcome.out.startswith("SELECT srcaddr, dstaddr")
    assert "look for" in outcome.err
    monkeypatch.setattr("sys.stdin", io.StringIO(outcome.out))
    answer = run("sql", "--workspace", str(tmp_path / "w.duckdb"), "--output", "csv")
    assert (answer.status, answer.out) == (0, '"srcaddr","dstaddr","total_bytes"\n')


def test_an_unknown_name(run: Run) -> None:
    outcome = run("examples", "top-talker")
    assert outcome.status == 2
    assert "top-talkers" in outcome.err
