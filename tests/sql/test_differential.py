"""Answers of the engine against the same answers worked out in plain Python, on records made at random.

Nothing of DuckDB or of the translation stands behind the expected side: it is loops over the records.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

import duckdb
import pytest

from flowtui.sql.duckdb_engine import DuckDBEngine
from tests.sql.conftest import make_table
from tests.sql.records import Row

Answer = list[tuple[Any, ...]]
Records = list[Row]
SEEDS = (1, 2, 3)
COUNT = 250
_FIRST = int(datetime(2024, 2, 27, tzinfo=UTC).timestamp())


def make_records(seed: int) -> Records:
    """Records with ties, gaps, NULLs and days around a leap day."""
    chance = random.Random(seed)
    hosts = [f"10.0.{a}.{b}" for a in range(2) for b in range(4)] + ["203.0.113.7", "198.51.100.9"]
    result = []
    for _ in range(COUNT):
        start = _FIRST + chance.randrange(4 * 86400)
        quiet = chance.random() < 0.08
        sizes = (None, None) if quiet else (chance.randrange(1, 40), chance.choice([0, 40, 1500, 65535, 10**9]))
        result.append(
            Row(
                *(2, "123456789010", f"eni-{chance.randrange(3):017x}"),
                *(("-", "-") if quiet else (chance.choice(hosts), chance.choice(hosts))),
                *(
                    (None, None, None)
                    if quiet
                    else (chance.randrange(1024, 1030), chance.choice([22, 53, 443]), chance.choice([6, 17]))
                ),
                *sizes,
                *(start, start + chance.randrange(61)),
                *("-" if quiet else chance.choice(["ACCEPT", "REJECT"]), "NODATA" if quiet else "OK"),
                f"{datetime.fromtimestamp(start, UTC):%Y-%m-%d}",
            )
        )
    return result


def known(values: Iterable[int | None]) -> list[int]:
    return [value for value in values if value is not None]


def total(values: Iterable[int | None]) -> int | None:
    there = known(values)
    return sum(there) if there else None


def groups(records: Records, key: Callable[[Row], Any]) -> dict[Any, Records]:
    found: dict[Any, Records] = defaultdict(list)
    for record in records:
        found[key(record)].append(record)
    return found


def toward_zero(a: int, b: int) -> int:
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


def at(record: Row) -> datetime:
    return datetime.fromtimestamp(record.start, UTC)


def by_pair(records: Records) -> Answer:
    return [
        (*pair, len(its), total(r.bytes for r in its), len({r.dstport for r in its} - {None}))
        for pair, its in groups(records, lambda r: (r.srcaddr, r.dstaddr)).items()
    ]


def megabytes(records: Records) -> Answer:
    result = []
    for day, its in groups(records, lambda r: r.dt).items():
        size = total(r.bytes for r in its)
        result.append((day, None if size is None else size // 1024 // 1024))
    return result


def average(records: Records) -> Answer:
    return [
        (action, sum(sizes) / len(sizes) if sizes else None)
        for action, its in groups(records, lambda r: r.action).items()
        for sizes in [known(r.bytes for r in its)]
    ]


def rejected_share(records: Records) -> Answer:
    return [
        (port, 100 * sum(r.action == "REJECT" for r in its) // len(its))
        for port, its in groups(records, lambda r: r.dstport).items()
    ]


def answered(records: Records) -> Answer:
    """Flows whose other direction was seen as well."""
    seen = {(r.srcaddr, r.dstaddr) for r in records}
    return [(r.srcaddr, r.dstaddr, r.start) for r in records if (r.dstaddr, r.srcaddr) in seen]


def left_join(records: Records) -> Answer:
    names = {22: "ssh", 443: "https"}
    return [(r.start, r.dstport, names.get(r.dstport) if r.dstport is not None else None) for r in records]


def full_join(records: Records) -> Answer:
    one, two = Counter(r.srcaddr for r in records), Counter(r.dstaddr for r in records if r.action == "REJECT")
    return [(host, one.get(host), two.get(host)) for host in one.keys() | two.keys()]


def running(records: Records) -> Answer:
    result = []
    for host, its in groups(records, lambda r: r.srcaddr).items():
        ordered = sorted(its, key=lambda r: (r.start, r.end, r.dstaddr, r.srcport or 0, r.bytes or 0))
        so_far: int | None = None
        for number, record in enumerate(ordered, 1):
            so_far = record.bytes if so_far is None else so_far + (record.bytes or 0)
            result.append((host, number, so_far))
    return result


def top_of_each_day(records: Records) -> Answer:
    result = []
    for day, its in groups(records, lambda r: r.dt).items():
        sums = {host: total(r.bytes for r in own) for host, own in groups(its, lambda r: r.srcaddr).items()}
        for host, size in sums.items():
            if size is not None:
                better = sum(other is not None and other > size for other in sums.values())
                if better < 2:
                    result.append((day, host, size, better + 1))
    return result


def gaps(records: Records) -> Answer:
    """Seconds between two records of an interface, where more than an hour lies between."""
    result = []
    for eni, its in groups(records, lambda r: r.interface_id).items():
        starts = sorted(r.start for r in its)
        result += [(eni, later - earlier) for earlier, later in pairwise(starts) if later - earlier > 3600]
    return result


def hours(records: Records) -> Answer:
    found = Counter(at(r).replace(minute=0, second=0) for r in records)
    return [(f"{hour:%Y-%m-%d %H}", count) for hour, count in found.items()]


def months_later(records: Records) -> Answer:
    result = set()
    for record in records:
        day = date.fromisoformat(record.dt)
        last = 29 if day.day > 28 else day.day
        year, month = day.year + (day.month + 11) // 12, (day.month + 11) % 12 + 1
        if month == 2:
            last = min(day.day, 28)
        result.add((record.dt, date(year, month, last if month == 2 else day.day)))
    return list(result)


def whole_days(records: Records) -> Answer:
    end = datetime(2024, 3, 1, 12, tzinfo=UTC)
    result = []
    for record in records:
        seconds = int((end - at(record)) / timedelta(seconds=1))
        result.append((record.start, toward_zero(seconds, 86400), toward_zero(seconds, 3600)))
    return result


def octets(records: Records) -> Answer:
    return [
        (r.start, place, part)
        for r in records
        if r.srcaddr != "-"
        for place, part in enumerate(r.srcaddr.split("."), 1)
    ]


def port_lists(records: Records) -> Answer:
    return [
        (host, sorted({r.dstport for r in its if r.dstport is not None}) or None)
        for host, its in groups(records, lambda r: r.srcaddr).items()
    ]


def rolled_up(records: Records) -> Answer:
    result: Answer = [(None, None, len(records), 3)]
    for action, its in groups(records, lambda r: r.action).items():
        result.append((action, None, len(its), 1))
        result += [(action, protocol, len(own), 0) for protocol, own in groups(its, lambda r: r.protocol).items()]
    return result


def both_ways(records: Records) -> Answer:
    found: dict[str, int] = defaultdict(int)
    for record in records:
        for host in (record.srcaddr, record.dstaddr):
            if host != "-":
                found[host] += record.bytes or 0
    return list(found.items())


def never_rejected(records: Records) -> Answer:
    rejected = {r.srcaddr for r in records if r.action == "REJECT"}
    return [(host,) for host in {r.srcaddr for r in records} - rejected]


def above_own_average(records: Records) -> Answer:
    result = []
    for its in groups(records, lambda r: r.srcaddr).values():
        sizes = known(r.bytes for r in its)
        result += [(r.start, r.bytes) for r in its if r.bytes is not None and r.bytes > sum(sizes) / len(sizes)]
    return result


def sessions(records: Records) -> Answer:
    """Runs of an interface's records that lie at most half an hour apart."""
    result = []
    for eni, its in groups(records, lambda r: r.interface_id).items():
        starts = sorted(r.start for r in its)
        run = 0
        numbered = []
        for place, start in enumerate(starts):
            run += place > 0 and start - starts[place - 1] > 1800
            numbered.append((run, start))
        for _, members in groupby(numbered, key=lambda pair: pair[0]):
            own = [start for _, start in members]
            result.append((eni, min(own), len(own)))
    return result


def negative_division(records: Records) -> Answer:
    return [
        (r.start, toward_zero(-r.bytes, 1024), -(abs(-r.bytes) % 1024), -r.bytes / 1024)
        for r in records
        if r.bytes is not None
    ]


def quartiles(records: Records) -> Answer:
    ordered = sorted((r.start, r.srcport or 0, r.end) for r in records)
    size, extra = divmod(len(ordered), 4)
    result: list[int] = []
    for number in range(4):
        result += [number + 1] * (size + (number < extra))
    return [(start, tile) for (start, *_), tile in zip(ordered, result, strict=True)]


CASES: list[tuple[str, Callable[[Records], Answer]]] = [
    ("SELECT srcaddr, dstaddr, count(*), sum(bytes), count(DISTINCT dstport) FROM flow_logs GROUP BY 1, 2", by_pair),
    ("SELECT dt, SUM(bytes)/1024/1024 FROM flow_logs GROUP BY dt", megabytes),
    ("SELECT action, avg(bytes) FROM flow_logs GROUP BY action", average),
    ("SELECT dstport, 100 * count_if(action = 'REJECT') / count(*) FROM flow_logs GROUP BY dstport", rejected_share),
    (
        "SELECT f.srcaddr, f.dstaddr, f.start FROM flow_logs f WHERE EXISTS "
        "(SELECT 1 FROM flow_logs g WHERE g.srcaddr = f.dstaddr AND g.dstaddr = f.srcaddr)",
        answered,
    ),
    (
        "SELECT f.start, f.dstport, n.name FROM flow_logs f "
        "LEFT JOIN (VALUES (22, 'ssh'), (443, 'https')) AS n(port, name) ON n.port = f.dstport",
        left_join,
    ),
    (
        "SELECT host, s.n, d.n FROM (SELECT srcaddr AS host, count(*) AS n FROM flow_logs GROUP BY 1) s FULL JOIN "
        "(SELECT dstaddr AS host, count(*) AS n FROM flow_logs WHERE action = 'REJECT' GROUP BY 1) d USING (host)",
        full_join,
    ),
    (
        "SELECT srcaddr, row_number() OVER w, sum(bytes) OVER (w ROWS UNBOUNDED PRECEDING) FROM flow_logs WINDOW w AS "
        '(PARTITION BY srcaddr ORDER BY start, "end", dstaddr, coalesce(srcport, 0), coalesce(bytes, 0))',
        running,
    ),
    (
        "WITH sums AS (SELECT dt, srcaddr, sum(bytes) AS size FROM flow_logs GROUP BY dt, srcaddr) "
        "SELECT dt, srcaddr, size, place FROM (SELECT *, rank() OVER (PARTITION BY dt ORDER BY size DESC) AS place "
        "FROM sums) WHERE place <= 2 AND size IS NOT NULL",
        top_of_each_day,
    ),
    (
        "SELECT interface_id, gap FROM (SELECT interface_id, start - lag(start) OVER "
        "(PARTITION BY interface_id ORDER BY start) AS gap FROM flow_logs) WHERE gap > 3600",
        gaps,
    ),
    (
        "SELECT date_format(date_trunc('hour', from_unixtime(start)), '%Y-%m-%d %H'), count(*) "
        "FROM flow_logs GROUP BY 1",
        hours,
    ),
    ("SELECT DISTINCT dt, CAST(dt AS date) + INTERVAL '12' MONTH FROM flow_logs", months_later),
    (
        "SELECT start, date_diff('day', from_unixtime(start), TIMESTAMP '2024-03-01 12:00:00 UTC'), "
        "date_diff('hour', from_unixtime(start), TIMESTAMP '2024-03-01 12:00:00 UTC') FROM flow_logs",
        whole_days,
    ),
    (
        "SELECT start, place, part FROM flow_logs CROSS JOIN UNNEST(split(srcaddr, '.')) WITH ORDINALITY "
        "AS t(part, place) WHERE srcaddr <> '-'",
        octets,
    ),
    (
        "SELECT srcaddr, array_sort(array_agg(DISTINCT dstport) FILTER (WHERE dstport IS NOT NULL)) "
        "FROM flow_logs GROUP BY srcaddr",
        port_lists,
    ),
    (
        "SELECT action, protocol, count(*), grouping(action, protocol) FROM flow_logs "
        "GROUP BY ROLLUP (action, protocol)",
        rolled_up,
    ),
    (
        "SELECT host, sum(coalesce(bytes, 0)) FROM (SELECT srcaddr AS host, bytes FROM flow_logs UNION ALL "
        "SELECT dstaddr, bytes FROM flow_logs) WHERE host <> '-' GROUP BY host",
        both_ways,
    ),
    ("SELECT srcaddr FROM flow_logs EXCEPT SELECT srcaddr FROM flow_logs WHERE action = 'REJECT'", never_rejected),
    (
        "SELECT start, bytes FROM flow_logs f WHERE bytes > (SELECT avg(bytes) FROM flow_logs g "
        "WHERE g.srcaddr = f.srcaddr)",
        above_own_average,
    ),
    (
        "WITH marked AS (SELECT interface_id, start, "
        "CASE WHEN start - lag(start) OVER w > 1800 THEN 1 ELSE 0 END AS new FROM flow_logs "
        "WINDOW w AS (PARTITION BY interface_id ORDER BY start)), numbered AS (SELECT interface_id, "
        "start, sum(new) OVER (PARTITION BY interface_id ORDER BY start) AS run FROM marked) "
        "SELECT interface_id, min(start), count(*) FROM numbered GROUP BY interface_id, run",
        sessions,
    ),
    (
        "SELECT start, -bytes / 1024, -bytes % 1024, -bytes / 1024e0 FROM flow_logs WHERE bytes IS NOT NULL",
        negative_division,
    ),
    (
        'SELECT start, ntile(4) OVER (ORDER BY start, coalesce(srcport, 0), "end") FROM flow_logs',
        quartiles,
    ),
]


@pytest.fixture(scope="module", params=SEEDS)
def made(request: pytest.FixtureRequest) -> Iterator[tuple[DuckDBEngine, Records]]:
    records = make_records(request.param)
    connection = duckdb.connect()
    make_table(connection, [tuple(getattr(record, name) for name in Row.__dataclass_fields__) for record in records])
    yield DuckDBEngine(connection.cursor), records
    connection.close()


@pytest.mark.parametrize(("query", "expected"), CASES, ids=[function.__name__ for _, function in CASES])
def test_the_engine_agrees_with_plain_python(
    made: tuple[DuckDBEngine, Records], query: str, expected: Callable[[Records], Answer]
) -> None:
    engine, records = made
    table = engine.run(query).table
    answer = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    assert sorted(answer, key=repr) == sorted(expected(records), key=repr)
