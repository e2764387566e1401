"""What a load says of itself while one large object is checked, unwrapped and read."""

import gzip
import json
import threading
from pathlib import Path

import pytest

from flowtui.lake import prepare as prepare_module
from flowtui.lake.formats import Formats
from flowtui.lake.meter import Meter
from flowtui.lake.prepare import Prepared, prepare
from flowtui.lake.progress import LoadProgress
from flowtui.lake.sources import local_sources
from flowtui.lake.spool import Spool
from flowtui.lake.unwrap import unwrap
from tests.lake.conftest import HEADER, SSH, write

RECORDS = 2000


def _prepared(path: Path, told: list[int]) -> Prepared:
    (source,) = local_sources([path])
    return prepare(source, threading.Event(), Formats(), Spool(path, room=0), told.append)


@pytest.mark.parametrize("name", ["a.log", "a.log.gz", "a.json"])
def test_checking_tells_every_byte_as_it_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setattr(prepare_module, "_READ", 512)
    monkeypatch.setattr(prepare_module, "_PLAIN", 4096)
    lines = [SSH.replace(" 20641 ", f" {port} ") for port in range(RECORDS)]
    text = "\n".join([HEADER, *lines, ""])
    content = json.dumps({"events": [{"message": line} for line in lines]}) if name.endswith("json") else text
    path = write(tmp_path, name, content)
    told: list[int] = []
    _prepared(path, told)
    assert sum(told) == path.stat().st_size and len(told) > 10


@pytest.mark.parametrize("packed", [False, True])
def test_a_dump_moves_while_its_messages_are_taken_out(tmp_path: Path, packed: bool):
    content = json.dumps({"events": [{"message": SSH}] * RECORDS}).encode()
    path = tmp_path / "a.json"
    path.write_bytes(gzip.compress(content) if packed else content)
    size = path.stat().st_size
    meter = Meter(size)
    unwrap(_prepared(path, []), tmp_path / "bare", threading.Event(), meter)
    assert 0.7 * size < meter.bytes_done(100.0) <= 0.8 * size + 1
    with meter.statement():
        assert 0.9 * size <= meter.bytes_done(60.0) < size


def test_only_the_statement_that_reads_the_objects_counts():
    """One that ended says 100 until the next begins; the bar stood full while a dump was unwrapped."""
    meter = Meter(1000)
    assert meter.bytes_done(100.0) == 0
    assert meter.bytes_done(50.0) == 0
    with meter.statement():
        assert [meter.bytes_done(percent) for percent in (100.0, -1.0, 30.0, 10.0)] == [0, 0, 300, 300]
    assert meter.bytes_done(80.0) == 300


def test_as_long_as_nothing_is_loaded_what_was_checked_is_told():
    one = LoadProgress("reading", 0, 1, 0, 5000, 0, 0, 0, 0, 0, bytes_read=2000)
    assert one.amount == "2.0 kB of 5.0 kB checked"
    later = LoadProgress("loading", 0, 1, 100, 5000, 1, 0, 0, 0, 0, bytes_read=5000)
    assert later.amount == "100 B of 5.0 kB"
