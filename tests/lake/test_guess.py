"""A dry run's number of records is near the truth where it can look at files; damage is no matter."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flowtui.lake.faults import Unreadable
from flowtui.lake.formats import Formats
from flowtui.lake.guess import by_size
from flowtui.lake.plan import plan
from flowtui.lake.recognise import layout_of
from flowtui.lake.sources import local_sources
from tests.lake.conftest import HEADER, SSH, write

RECORDS = 4000


def _log() -> bytes:
    return "\n".join([HEADER, *[SSH] * RECORDS, ""]).encode()


def _custom() -> bytes:
    return b"srcaddr dstport\n" + b"10.0.0.1 443\n" * RECORDS


def _events(records: int = RECORDS) -> bytes:
    return json.dumps({"events": [{"eventId": f"{one:056}", "message": SSH} for one in range(records)]}).encode()


CONTENTS = {"a.log": _log, "b.log.gz": _log, "c.log.gz": _custom, "d.json": _events, "e.json.gz": _events}


@pytest.mark.parametrize("name", [*CONTENTS, "f.parquet"])
def test_files_that_are_here_are_looked_at(tmp_path: Path, name: str):
    if name in CONTENTS:
        write(tmp_path, name, CONTENTS[name]())
    else:
        pq.write_table(pa.table({"srcaddr": ["10.0.0.1"] * RECORDS}), tmp_path / name)
    planned = plan(None, local_sources([tmp_path]))
    assert RECORDS * 0.95 <= planned.records <= RECORDS * 1.05
    assert planned.seconds == pytest.approx(planned.records / 1e6 + planned.events / 2e5 - planned.events / 1e6)


def test_damaged_files_are_guessed_by_their_size(tmp_path: Path):
    good = gzip.compress(_log(), 1)
    damaged = bytearray(good)
    damaged[30:200] = bytes(170)
    for name, content in {
        "flipped.log.gz": bytes(damaged),
        "cut.log.gz": good[:-200],
        "short.log.gz": good[:5],
        "cut.parquet": b"PAR1 cut",
        "empty.log": b"",
    }.items():
        (tmp_path / name).write_bytes(content)
    sources = local_sources([tmp_path])
    assert plan(None, sources).records > 0
    assert sum(by_size(sources).values()) > 0


def test_a_look_at_a_damaged_file_is_refused_as_loading_it_is(tmp_path: Path):
    """As a dry run takes one, and the Logs screen, where a format was stated since an object was loaded."""
    path = tmp_path / "a.log.gz"
    damaged = bytearray(gzip.compress(_log(), 1))
    damaged[30:200] = bytes(170)
    path.write_bytes(bytes(damaged))
    with pytest.raises(Unreadable, match="damaged"):
        layout_of(path, str(path), Formats())
