"""Realistic flow log files, seeded, written with the standard library only."""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
)
FIRST_SLOT = datetime(2024, 1, 15, tzinfo=UTC)
TREE = "AWSLogs/123456789010/vpcflowlogs/us-east-1"
_TALKERS = 200_000
"""Pairs of addresses that talk, a third of them inside the network; few talk much and most of them little."""
_SLOT = timedelta(minutes=5)
_DONE = "done"


def write_files(folder: Path, records: int, per_file: int = 25_000, seed: int = 1) -> list[Path]:
    """Default-format .log.gz files in the plain layout of S3, one a 5-minute slot; those written before are kept.

    Args:
        folder: where to.
        records: in all files together.
        per_file: in each; 25,000 make about 640 kB, 2,000 about 50 kB.
        seed: every file depends on it and on its number only.
    """
    place = folder / f"{records}-{per_file}-{seed}"
    counts = [min(per_file, records - first) for first in range(0, records, per_file)]
    if not (place / _DONE).exists():
        with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
            numbers = range(len(counts))
            list(pool.map(_write_file, [place] * len(counts), [seed] * len(counts), numbers, counts, chunksize=16))
        (place / _DONE).touch()
    return sorted(place.rglob("*.log.gz"))


def _write_file(place: Path, seed: int, number: int, count: int) -> None:
    rng = random.Random(f"{seed}-{number}")
    interfaces = [f"eni-{random.Random(f'{seed}-eni-{one}').getrandbits(68):017x}" for one in range(200)]
    slot = FIRST_SLOT + number * _SLOT
    day = place / f"{TREE}/{slot:%Y/%m/%d}"
    day.mkdir(parents=True, exist_ok=True)
    name = f"123456789010_vpcflowlogs_us-east-1_fl-0a1b2c3d_{slot:%Y%m%dT%H%MZ}_{rng.getrandbits(32):08x}.log.gz"
    lines = _lines(rng, interfaces, int(slot.timestamp()), count)
    with gzip.open(day / name, "wt", compresslevel=6) as file:
        file.write("\n".join([HEADER, *lines]) + "\n")


@cache
def _pairs() -> list[tuple[str, str]]:
    rng = random.Random("pairs")

    def inside() -> str:
        return f"10.20.{rng.randrange(16)}.{rng.randrange(1, 255)}"

    def anywhere() -> str:
        return inside() if rng.random() < 1 / 3 else f"203.0.{rng.randrange(256)}.{rng.randrange(256)}"

    return [(inside(), anywhere()) for _ in range(_TALKERS)]


def _lines(rng: random.Random, interfaces: list[str], slot: int, count: int) -> Iterator[str]:
    """Records of one slot, made column by column, which is several times faster than one by one."""
    pairs = _pairs()

    def pick(pool: Sequence[T]) -> list[T]:
        return rng.choices(pool, k=count)

    columns = zip(
        pick(interfaces),
        (pairs[int(len(pairs) * rng.random() ** 3)] for _ in range(count)),
        pick(range(1024, 65536)),
        pick((22, 53, 80, 443, 443, 443, 3306, 5432)),
        pick((6, 6, 6, 17)),
        pick(range(40, 1500)),
        pick(range(240)),
        pick(range(1, 60)),
        (rng.random() for _ in range(count)),
        strict=True,
    )
    for interface, (inside, outside), port, service, protocol, size, after, length, chance in columns:
        start = slot + after
        if chance < 0.01:
            yield f"2 123456789010 {interface} - - - - - - - {start} {start + 59} - NODATA"
            continue
        packets = int(rng.paretovariate(1.2)) + 1
        source, target = (inside, outside) if chance < 0.5 else (outside, inside)
        action = "REJECT" if 0.48 < chance < 0.53 else "ACCEPT"
        yield (
            f"2 123456789010 {interface} {source} {target} {port} {service} {protocol} {packets} {packets * size} "
            f"{start} {start + length} {action} OK"
        )
