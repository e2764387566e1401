"""The rule behind weighing: what DuckDB takes for a number is longer than its digits, or is told by sight."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import duckdb
import pytest

from flowtui.lake.weigh import may_shrink

_ALPHABET = "019eExXbB_.+-\t\v"


def _writings() -> list[str]:
    """Every short word of what numbers are written with, and many long ones that look like numbers."""
    found = {"".join(word) for length in range(1, 5) for word in itertools.product(_ALPHABET, repeat=length)}
    chance = random.Random(7)
    for _ in range(30_000):
        digits = "".join(chance.choice("0123456789") for _ in range(chance.randint(1, 12)))
        tail = chance.choice(["e", "E", "e+", "E+", ".E", "_0E", "E-", "Ee", "eE+"]) + str(chance.randint(0, 18))
        base = chance.choice(["0x", "0X", "+0x", "0b", "0x0_", "0ex", "e0X"])
        hexadecimal = "".join(chance.choice("0123456789abcdefABCDEF") for _ in range(chance.randint(1, 15)))
        mark = chance.randrange(len(digits) + 1)
        found |= {digits, digits + tail, base + hexadecimal, digits[:mark] + chance.choice("._") + digits[mark:]}
    return sorted(found)


@pytest.mark.parametrize("type", ["INTEGER", "BIGINT"])
def test_no_writing_is_as_short_as_the_plain_one_unseen(tmp_path: Path, type: str) -> None:
    writings = _writings()
    path = tmp_path / "words.csv"
    path.write_text("".join(f"{word} {number}\n" for number, word in enumerate(writings)))
    taken = duckdb.execute(
        f"SELECT a, id FROM read_csv(?, columns={{'a': '{type}', 'id': 'INTEGER'}}, auto_detect=false, delim=' ', "
        "quote='', escape='', nullstr='-', header=false, store_rejects=true)",
        [str(path)],
    ).fetchall()
    read = [(writings[id], value) for value, id in taken if value is not None]
    assert len(read) > 10_000
    unseen = [
        (word, value)
        for word, value in read
        if word != str(value) and len(word) <= len(str(value)) and value >= 0 and not may_shrink(f" {word} ".encode())
    ]
    assert unseen == []
    assert any(may_shrink(f" {word} ".encode()) for word, _ in read)


@pytest.mark.parametrize(
    "line",
    [
        b"2 123456789010 eni-0e1e2e3e4e5e6e7e8 10.0.0.1 2001:db8::e 443 0 6 1000 100000 1705327500 ACCEPT OK",
        b"1e2x REJECT EFA E-1 NODE1 use1-az1 10x 0 - subnet-10x1 vpc-1e2\n",
    ],
)
def test_ordinary_lines_are_not_held_up(line: bytes) -> None:
    assert not may_shrink(line)


@pytest.mark.parametrize(
    "word",
    [
        b"1E2",
        b"1e2",
        b"10e1",
        b"1.5e9",
        b"+1e+12",
        b"1234567890123456e1",
        b"1E+2",
        b"+1_0.5E7",
        b"0xFFFFFFFFFF",
        b"\t1E9\v",
        b"+0X_1",
    ],
)
@pytest.mark.parametrize("around", [b" %b ", b"%b 1", b"\n%b ", b" %b\n"])
def test_numbers_that_may_shrink_are_seen(word: bytes, around: bytes) -> None:
    assert may_shrink(b" " + around.replace(b"%b", word) + b" ")
