"""The seed document's six queries, verbatim, on records written by hand; the numbers come from plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from flowtui.sql.duckdb_engine import DuckDBEngine
from flowtui.sql.library import example, examples
from tests.sql.conftest import COLUMNS, make_table
from tests.sql.records import ROWS, tuples

SEED = Path(__file__).parents[2].parent / "shared" / "seed" / "vpc-flow-logs-examples.md"
NAMES = ("recent", "top-talkers", "rejected", "ssh", "by-hour", "one-address")
DAY = [row for row in ROWS if row.dt == "2024-01-15"]


@pytest.fixture(scope="module")
def loaded() -> Iterator[DuckDBEngine]:
    connection = duckdb.connect()
    make_table(connection, tuples())
    yield DuckDBEngine(connection.cursor)
    connection.close()


def _records(engine: DuckDBEngine, name: str) -> list[tuple[object, ...]]:
    table = engine.run(example(name).sql).table
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


@pytest.mark.skipif(not SEED.exists(), reason="the seed document lies beside the repository, not in it")
def test_the_library_holds_the_seed_verbatim() -> None:
    text = SEED.read_text(encoding="utf-8")
    blocks = [part.split("```")[0].strip() for part in text.split("```sql\n")[1:]]
    queries = [block for block in blocks if block.startswith("SELECT")]
    assert [example(name).sql for name in NAMES] == queries


def test_recent(loaded: DuckDBEngine) -> None:
    result = loaded.run(example("recent").sql)
    assert [column.name for column in result.columns] == list(COLUMNS)
    assert result.rows == len(ROWS)
    assert sorted(result.table.column("start").to_pylist()) == sorted(row.start for row in ROWS)


def test_top_talkers(loaded: DuckDBEngine) -> None:
    totals: defaultdict[tuple[str, str], int] = defaultdict(int)
    missing = {("-", "-")}
    for row in DAY:
        totals[row.srcaddr, row.dstaddr] += row.bytes or 0
    given = _records(loaded, "top-talkers")
    assert {(src, dst): total or 0 for src, dst, total in given} == dict(totals)
    known = [total for src, dst, total in given if (src, dst) not in missing]
    assert known == sorted(known, reverse=True)
    assert given[-1] == ("-", "-", None), "NULL is last when ordering downwards too"


def test_rejected(loaded: DuckDBEngine) -> None:
    wanted = Counter(
        (row.srcaddr, row.dstaddr, row.srcport, row.dstport, row.protocol) for row in DAY if row.action == "REJECT"
    )
    given = _records(loaded, "rejected")
    assert {record[:5]: record[5] for record in given} == dict(wanted)
    assert [record[5] for record in given] == sorted(wanted.values(), reverse=True)


def test_ssh_with_its_bare_end(loaded: DuckDBEngine) -> None:
    wanted = sorted(
        (row.srcaddr, row.dstaddr, row.start, row.end, row.bytes, row.packets)
        for row in DAY
        if row.dstport == 22 and row.protocol == 6 and row.action == "ACCEPT"
    )
    result = loaded.run(example("ssh").sql)
    assert [column.name for column in result.columns] == ["srcaddr", "dstaddr", "start", "end", "bytes", "packets"]
    assert sorted(_records(loaded, "ssh")) == wanted
    assert any('"end"' in notice and "Athena refuses" in notice for notice in result.notices)


def test_by_hour(loaded: DuckDBEngine) -> None:
    hours: dict[str, list[int]] = {}
    for row in DAY:
        hour = datetime.fromtimestamp(row.start, UTC).strftime("%Y-%m-%d %H:00")
        sums = hours.setdefault(hour, [0, 0, 0])
        sums[0] += row.bytes or 0
        sums[1] += row.packets or 0
        sums[2] += 1
    assert _records(loaded, "by-hour") == [(hour, *hours[hour]) for hour in sorted(hours)]


def test_one_address(loaded: DuckDBEngine) -> None:
    wanted = sorted((row.start for row in DAY if row.srcaddr == "192.168.1.100"), reverse=True)
    result = loaded.run(example("one-address").sql)
    assert result.table.column("start").to_pylist() == wanted
    assert [column.name for column in result.columns] == list(COLUMNS)


def test_ssh_brute_force_and_skipped(loaded: DuckDBEngine) -> None:
    assert _records(loaded, "ssh-brute-force") == []
    skipped = _records(loaded, "skipped")
    assert [record[:3] for record in skipped] == [
        ("eni-11111111aaaaaaaaa", "SKIPDATA", 1),
        ("eni-1235b8ca123456789", "NODATA", 1),
    ]


def test_new_destinations(loaded: DuckDBEngine) -> None:
    first: dict[tuple[str, int | None, int | None], str] = {}
    for row in ROWS:
        if row.action == "ACCEPT" and row.dstport is not None and row.srcport is not None and row.dstport < row.srcport:
            key = (row.dstaddr, row.dstport, row.protocol)
            first[key] = min(first.get(key, row.dt), row.dt)
    wanted = {key for key, day in first.items() if day > "2024-01-15"}
    assert {record[:3] for record in _records(loaded, "new-destinations")} == wanted != set()


def test_rejected_replies(loaded: DuckDBEngine) -> None:
    replies = _records(loaded, "rejected-replies")
    assert [record[1:6] for record in replies] == [("203.0.113.12", "172.31.16.139", 0, 1, 1)]


def test_every_example_translates_with_all_fields() -> None:
    from flowtui.records.fields import VPC_FIELDS

    connection = duckdb.connect()
    kinds = {"int": "INTEGER", "bigint": "BIGINT", "string": "VARCHAR"}
    columns = ", ".join(f'"{field.column}" {kinds[field.athena_type]}' for field in VPC_FIELDS)
    connection.execute(f"CREATE SCHEMA vpc_flow_logs; CREATE TABLE vpc_flow_logs.flow_logs ({columns}, dt VARCHAR)")
    engine = DuckDBEngine(connection.cursor)
    fields = {field.column for field in VPC_FIELDS} | {"dt"}
    for one in examples():
        if "flow_logs.flow_logs" not in one.sql:
            continue  # asks a table of AWS's pages: tests/sql/test_examples.py
        assert one.title and one.question.endswith("?") and one.look_for, one.name
        assert set(one.fields) <= fields, one.name
        assert engine.run(one.sql).rows == 0, one.name
    connection.close()
