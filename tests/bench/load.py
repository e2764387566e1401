"""Loading: ours against DuckDB's own CREATE TABLE AS on the same files, flowlogs-reader, and a plain Python reader.

Each runs in a process of its own. The two databases write a file, with explicit columns and the same threads; the two
readers read a few of the files, for they only pass over records and are slower still, and are compared by records a
second.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.bench.data import HEADER, write_files
from tests.bench.figures import Figures
from tests.bench.pairs import Measure, Race, Run, process
from tests.bench.peers import peer

_NUMBERS = {"srcport", "dstport", "protocol", "packets", "bytes", "start", "end", "version"}
_COLUMNS = ", ".join(f"'{name}': '{'BIGINT' if name in _NUMBERS else 'VARCHAR'}'" for name in HEADER.split())
_RAW = f"""
import duckdb, sys
with duckdb.connect(sys.argv[1]) as con:
    con.execute("CREATE TABLE records AS SELECT * FROM read_csv(?, columns={{{_COLUMNS}}}, auto_detect=false, "
                "delim=' ', quote='', escape='', header=true, nullstr='-')", [sys.argv[2] + "/**/*.log.gz"])
"""
# As its S3 reader goes through an object, without S3.
_FLOWLOGS_READER = """
import csv, gzip, sys
from flowlogs_reader import FlowRecord
for path in sys.argv[1:]:
    with gzip.open(path, "rt") as file:
        reader = csv.DictReader(file, delimiter=" ")
        reader.fieldnames = [name.replace("-", "_") for name in reader.fieldnames]
        for row in reader:
            FlowRecord(row)
"""
# What one writes oneself: typed values, missing ones None, nothing checked or kept.
_PLAIN_PYTHON = f"""
import gzip, sys
numbers = {_NUMBERS!r}
for path in sys.argv[1:]:
    with gzip.open(path, "rt") as file:
        names = next(file).split()
        types = [int if name in numbers else str for name in names]
        for line in file:
            record = {{name: None if text == "-" else kind(text)
                      for name, kind, text in zip(names, types, line.split())}}
"""
_READERS_FILES = 8


def run(figures: Figures, folder: Path, rounds: int, records: int) -> None:
    """Rates, ratios and memory."""
    files = write_files(folder, records)
    data = next(parent for parent in files[0].parents if parent.name == "AWSLogs")
    print(
        f"loading {records:,} records in {len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.0f} MB"
    )
    few = [str(path) for path in files[:_READERS_FILES]]
    share = len(few) / len(files)
    database = folder / "load.duckdb"

    def ours() -> Run:
        return _fresh(database, sys.executable, "-m", "flowtui", "load", str(data), "--workspace", str(database))

    measures: dict[str, Measure] = {
        "ours": ours,
        "raw": lambda: _fresh(database, sys.executable, "-c", _RAW, str(database), str(data)),
        "python": lambda: process(sys.executable, "-c", _PLAIN_PYTHON, *few),
    }
    if (there := peer(folder, "flowlogs-reader")) is not None:
        measures["flowlogs-reader"] = lambda: process(str(there / "python"), "-c", _FLOWLOGS_READER, *few)
    race = Race(measures, rounds, warm=False)
    rate = records / race.seconds("ours")
    figures.add(
        "loading .log.gz files",
        f"{race.ratio('ours', 'raw'):.2f} × DuckDB's rate ({race.cpu_ratio('ours', 'raw'):.2f} by processor time)",
        f"{rate / 1e6:.2f} M records/s; CREATE TABLE AS over read_csv {records / race.seconds('raw') / 1e6:.2f} M",
        "≥ 0.9 ×",
    )
    for name, asked in (("flowlogs-reader", "≥ 10 ×"), ("python", "")):
        if name in measures:
            figures.add(
                f"loading, against {'a plain Python reader' if name == 'python' else name}",
                f"{race.ratio('ours', name, 1 / share):.0f} ×",
                f"{share * records / race.seconds(name) / 1e3:.0f} k records/s",
                asked,
            )
    figures.add(
        f"peak memory of loading {records / 1e6:g} M records",
        f"{race.peak_mb('ours'):.0f} MB",
        f"DuckDB alone {race.peak_mb('raw'):.0f} MB",
        "≤ 700 MB",
    )
    database.unlink()


def _fresh(database: Path, *command: str) -> Run:
    database.unlink(missing_ok=True)
    shutil.rmtree(f"{database}.tmp", ignore_errors=True)
    return process(*command)
