"""Every query of the library: it answers something on the demo data, and is Trino to a parser that is not ours."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from flowtui.demo import delivery
from flowtui.demo.athena_runs import Lake
from flowtui.demo.state import State
from flowtui.sql.duckdb_engine import DuckDBEngine
from flowtui.sql.library import days_of, example, examples, on_day
from tests.sql.judge_examples import VERDICTS, fingerprint, texts

NOW = datetime(2026, 6, 1, 14, 5, 30, tzinfo=UTC)
DAY = "2026-06-01"
HOURS = 30

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    """The last thirty hours of the demo account's VPC prod-core."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "KEPT_S", HOURS * 3600)
        workspace = Lake.of(State(lambda: NOW)).workspace(threading.Event())
    yield DuckDBEngine(workspace.cursor)
    workspace.close()


def answer(engine: DuckDBEngine, name: str) -> Rows:
    sql = example(name).sql
    for day in days_of(sql):
        sql = on_day(sql, day, DAY)
    rows: Rows = engine.run(sql).table.to_pylist()
    return rows


@pytest.mark.parametrize("name", [one.name for one in examples()])
def test_it_answers_something_on_the_demo_data(engine: DuckDBEngine, name: str) -> None:
    rows = answer(engine, name)
    assert rows
    # No column is without a value, but for those that only some records have.
    empty = [column for column in rows[0] if all(row[column] is None for row in rows)]
    assert set(empty) <= {"traffic_path"}


CHECKS: dict[str, Callable[[Rows], bool]] = {
    "rejected": lambda rows: rows[0]["reject_count"] > 1,
    "one-address": lambda rows: {row["srcaddr"] for row in rows} == {"192.168.1.100"},
    "by-hour": lambda rows: [row["hour"][11:13] for row in rows] == [f"{hour:02}" for hour in range(len(rows))],
    "port-scan": lambda rows: all(row["ports"] >= 10 for row in rows) and rows[0]["minutes"] >= 0,
    "rejected-replies": lambda rows: rows[0]["rejected_replies"] >= 1 and rows[0]["lowest_reply_port"] > 1023,
    "nat-talkers": lambda rows: all(
        row["bytes_sent"] + row["bytes_received"] >= row["total_bytes"] > 0 for row in rows
    ),
    "cross-az": lambda rows: all(row["from_zone"] != row["to_zone"] for row in rows),
    "new-destinations": lambda rows: all(row["first_seen"].date() >= datetime(2026, 6, 1).date() for row in rows),
    "skipped": lambda rows: {row["log_status"] for row in rows} == {"SKIPDATA", "NODATA"},
    "ssh-brute-force": lambda rows: rows[0]["attempts"] > 20 and rows[0]["accepted"] == 0,
    "rejects-by-port": lambda rows: rows[0]["rejects"] >= rows[-1]["rejects"],
    "internet-bytes": lambda rows: all(row["traffic_path"] > 1 for row in rows),
    "silent-interfaces": lambda rows: rows[0]["minutes_behind"] > 60 and rows[-1]["minutes_behind"] < 10,
    "rejected-by-weekday": lambda rows: {row["weekday"] for row in rows} <= {7, 1},
    "https-servers": lambda rows: rows[0]["packet_count"] >= rows[-1]["packet_count"],
    "projected-day": lambda rows: {row["action"] for row in rows} >= {"ACCEPT", "REJECT"},
    "hive-hours": lambda rows: [row["hour"] for row in rows] == [f"{hour:02}" for hour in range(len(rows))],
    "one-hour": lambda rows: len(rows) == 20,
}


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_the_answer_means_what_the_example_says(engine: DuckDBEngine, name: str) -> None:
    assert CHECKS[name](answer(engine, name))


def test_the_fields_an_example_names_are_those_it_reads(engine: DuckDBEngine) -> None:
    catalog = engine.catalog()
    known = {
        column.name
        for name in catalog.tables("vpc_flow_logs")
        if (table := catalog.table("vpc_flow_logs", name))
        for column in table.columns
    }
    for one in examples():
        assert set(one.fields) <= known, one.name
        if "SELECT *" not in one.sql:
            assert [field for field in one.fields if field not in one.sql] == [], one.name


def test_the_independent_parser_judged_these_very_texts() -> None:
    """A changed or new example has to be judged anew: see tests/sql/judge_examples.py."""
    verdicts = json.loads(VERDICTS.read_text())["verdicts"]
    assert {name: one["sha256"] for name, one in verdicts.items()} == {
        name: fingerprint(text) for name, text in texts().items()
    }


def test_the_independent_parser_takes_every_text_but_the_seeds_bare_end() -> None:
    verdicts = json.loads(VERDICTS.read_text())["verdicts"]
    refused = {name for name, one in verdicts.items() if one["errors"]}
    # It refuses the bare end of the seed's fourth query, as Athena does; what is sent has it in quotes.
    assert refused == {"ssh"}


def test_days_in_both_forms() -> None:
    sql = "WHERE a = '2024-01-15' AND b = '2024/01/15' AND c = '2024-01-16' AND d = '2024-01/15'"
    assert days_of(sql) == ["2024-01-15", "2024-01-16"]
    moved = on_day(sql, "2024-01-15", "2026-06-01")
    assert moved == "WHERE a = '2026-06-01' AND b = '2026/06/01' AND c = '2024-01-16' AND d = '2024-01/15'"
