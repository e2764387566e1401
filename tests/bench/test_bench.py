"""The benchmarks' own parts, for figures are worth what these are: data, server, arithmetic."""

from __future__ import annotations

import gzip
import re

from flowtui.records.layout import DEFAULT_LAYOUT
from flowtui.records.parse import LineParser
from tests.bench.data import HEADER, write_files
from tests.bench.pairs import Race, Run
from tests.bench.server import BUCKET, Objects


def test_data_is_seeded_and_every_line_is_a_record(tmp_path):
    first, again = (write_files(tmp_path / name, 250, 100) for name in ("a", "b"))
    assert [path.name for path in first] == [path.name for path in again]
    texts = [gzip.decompress(path.read_bytes()).decode() for path in first]
    assert texts == [gzip.decompress(path.read_bytes()).decode() for path in again]
    lines = [line for text in texts for line in text.splitlines()]
    assert lines.count(HEADER) == 3
    parser = LineParser(DEFAULT_LAYOUT)
    assert len([parser.parse(line) for line in lines if line != HEADER]) == 250
    assert texts != [gzip.decompress(path.read_bytes()).decode() for path in write_files(tmp_path, 250, 100, seed=2)]


def test_the_server_pages_through_every_key_once(tmp_path):
    for number in range(2500):
        path = tmp_path / f"{number % 3}" / f"{number:04}.gz"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x" * number)
    objects = Objects(tmp_path)
    keys, token = [], ""
    while True:
        status, _, body = objects.answer("GET", f"/{BUCKET}?list-type=2&prefix=1/{token}")
        assert status == 200
        keys += re.findall("<Key>(.*?)</Key>", body.decode())
        found = re.search("<NextContinuationToken>(.*?)<", body.decode())
        if found is None:
            break
        token = f"&continuation-token={found[1]}"
    assert keys == [f"1/{number:04}.gz" for number in range(1, 2500, 3)]
    assert objects.answer("GET", f"/{BUCKET}/1/0004.gz")[2] == b"xxxx"
    assert objects.answer("GET", f"/{BUCKET}/1/9999.gz")[0] == 404
    folders = objects.answer("GET", f"/{BUCKET}?list-type=2&delimiter=/")[2].decode()
    assert re.findall("<CommonPrefixes><Prefix>(.*?)</Prefix>", folders) == ["0/", "1/", "2/"]
    assert (len(objects.listings), objects.gets) == (2, 1)


def test_ratios_are_taken_round_by_round():
    ours, theirs = iter((1.0, 10.0, 2.0)), iter((2.0, 30.0, 2.0))
    race = Race(
        {"ours": lambda: Run(next(ours), 1, 5, ""), "theirs": lambda: Run(next(theirs), 2, 5, "")}, 3, warm=False
    )
    assert race.ratio("ours", "theirs") == 2.0
    assert race.ratio("ours", "theirs", 10) == 20.0
    assert race.cpu_ratio("ours", "theirs") == 2.0
    assert race.seconds("ours") == 2.0
