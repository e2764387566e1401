"""Realistic flow log files, seeded, written with the standard library only."""

from __future__ import annotations

import gzip
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
)
RECORDS_PER_FILE = 25_000
FIRST_SLOT = datetime(2024, 1, 15, tzinfo=UTC)


def write_files(folder: Path, records: int, seed: int = 1) -> list[Path]:
    """Write default-format .log.gz files in the plain layout of S3; returns their paths."""
    rng = random.Random(seed)
    interfaces = [f"eni-{rng.getrandbits(68):017x}" for _ in range(200)]
    files = []
    for number in range(-(-records // RECORDS_PER_FILE)):
        slot = FIRST_SLOT + timedelta(minutes=5 * number)
        day = folder / f"AWSLogs/123456789010/vpcflowlogs/us-east-1/{slot:%Y/%m/%d}"
        day.mkdir(parents=True, exist_ok=True)
        path = (
            day / f"123456789010_vpcflowlogs_us-east-1_fl-0a1b2c3d_{slot:%Y%m%dT%H%MZ}_{rng.getrandbits(32):08x}.log.gz"
        )
        count = min(RECORDS_PER_FILE, records - number * RECORDS_PER_FILE)
        lines = [_line(rng, rng.choice(interfaces), int(slot.timestamp())) for _ in range(count)]
        with gzip.open(path, "wt", compresslevel=6) as file:
            file.write("\n".join([HEADER, *lines]) + "\n")
        files.append(path)
    return files


def _line(rng: random.Random, interface: str, slot: int) -> str:
    start = slot + rng.randrange(240)
    if rng.random() < 0.01:
        return f"2 123456789010 {interface} - - - - - - - {start} {start + 59} - NODATA"
    packets = int(rng.paretovariate(1.2)) + 1
    inside, outside = (
        f"10.20.{rng.randrange(16)}.{rng.randrange(1, 255)}",
        f"203.0.{rng.randrange(256)}.{rng.randrange(256)}",
    )
    source, target = (inside, outside) if rng.random() < 0.5 else (outside, inside)
    action = "REJECT" if rng.random() < 0.05 else "ACCEPT"
    return (
        f"2 123456789010 {interface} {source} {target} {rng.randrange(1024, 65536)} "
        f"{rng.choice((22, 53, 80, 443, 443, 443, 3306, 5432))} {rng.choice((6, 6, 6, 17))} "
        f"{packets} {packets * rng.randrange(40, 1500)} {start} {start + rng.randrange(1, 60)} {action} OK"
    )
