"""The rule behind weighing: what DuckDB takes for a number is longer than its digits, or is told by sight."""

from __future__ import annotations

import itertools
import random
import threading
from pathlib import Path

import duckdb
import pytest

from flowtui.lake import spool as spool_module
from flowtui.lake.formats import Formats
from flowtui.lake.prepare import prepare
from flowtui.lake.sources import local_sources
from flowtui.lake.spool import Spool
from flowtui.lake.workspace import Workspace
from flowtui.lake.writings import may_shrink
from tests.lake.conftest import HEADER, SSH, ask, load_all, write

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


SHORT = SSH.replace(" 20641 ", " 2e2 ")


@pytest.mark.parametrize("name", ["a.log", "a.log.gz"])
def test_looking_may_be_left_for_later_where_it_costs_little_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (source,) = local_sources([write(tmp_path, name, f"{HEADER}\n{SHORT}\n")])
    for largest, room, look in itertools.product((1000, 10), (1000, 0), (True, False)):
        monkeypatch.setattr(spool_module, "_LARGEST", largest)
        spool = Spool(tmp_path / "w.duckdb", room=room)
        found = prepare(source, threading.Event(), Formats(), spool, look=look)
        # A compressed file of which no copy can be kept would have to be inflated once more.
        later = not look and (name == "a.log" or room == largest == 1000)
        assert (found.odd, found.unseen) == (not later, later)
        spool.close()


@pytest.mark.parametrize("name", ["a.log", "a.log.gz"])
@pytest.mark.parametrize("lines", [1, 40_000])
def test_what_was_left_for_later_is_looked_at_before_anything_is_kept(
    workspace: Workspace, tmp_path: Path, name: str, lines: int
) -> None:
    whole = write(tmp_path, f"b{name}", f"{HEADER}\n{SSH}\n")
    file = write(tmp_path, name, "\n".join([HEADER, *[SSH] * lines, SHORT, ""]))
    report = load_all(workspace, file, whole)
    assert (report.records, report.rejected) == (lines + 1, 1)
    assert ask(workspace, "SELECT DISTINCT srcport FROM vpc_flow_logs.flow_logs") == [(20641,)]
    assert ask(workspace, "SELECT line FROM vpc_flow_logs.rejected_lines") == [(SHORT,)]
