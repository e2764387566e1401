"""Ten million records: peak memory of their load, room on disk, the seed document's queries, and Parquet by day."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from tests.bench.data import write_files
from tests.bench.figures import Figures
from tests.bench.pairs import process

QUERIES = ("recent", "top-talkers", "rejected", "ssh", "by-hour", "one-address")
_ASK = f"""
import json, statistics, sys, time
from pathlib import Path
from flowtui.lake.workspace import Workspace
from flowtui.sql.duckdb_engine import DuckDBEngine
from flowtui.sql.library import example
took = {{}}
with Workspace.open(Path(sys.argv[1])) as workspace:
    engine = DuckDBEngine(workspace.cursor)
    for name in {QUERIES!r}:
        engine.translate(example(name).sql)
        start = time.perf_counter()
        for _ in range(20):
            engine.translate(example(name).sql)
        translated = (time.perf_counter() - start) / 20
        asked = []
        for _ in range(int(sys.argv[2])):
            start = time.perf_counter()
            engine.run(example(name).sql, 500)
            asked.append(time.perf_counter() - start)
        took[name] = statistics.median(asked), translated
print(json.dumps(took))
"""


def run(figures: Figures, folder: Path, rounds: int, records: int) -> None:
    """One load, then what can be done with it."""
    files = write_files(folder, records)
    gzip_mb = sum(path.stat().st_size for path in files) / 1e6
    data = next(parent for parent in files[0].parents if parent.name == "AWSLogs")
    print(f"keeping {records:,} records in {len(files)} files, {gzip_mb:.0f} MB")
    workspace, parquet = folder / "large.duckdb", folder / "parquet"
    workspace.unlink(missing_ok=True)
    shutil.rmtree(parquet, ignore_errors=True)
    command = (sys.executable, "-m", "flowtui")
    loaded = process(*command, "load", str(data), "--workspace", str(workspace))
    millions = f"{records / 1e6:g} M records"
    figures.add(f"peak memory of loading {millions}", f"{loaded.peak_mb:.0f} MB", f"{loaded.seconds:.0f} s", "≤ 700 MB")
    size_mb = workspace.stat().st_size / 1e6
    share = f"{size_mb / gzip_mb:.2f} × the gzip"
    figures.add(f"workspace of {millions} on disk", share, f"{size_mb:.0f} MB; .log.gz {gzip_mb:.0f} MB")
    took = json.loads(process(sys.executable, "-c", _ASK, str(workspace), str(rounds)).out)
    slowest, translated = max(seconds for seconds, _ in took.values()), max(seconds for _, seconds in took.values())
    each = ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, (seconds, _) in took.items())
    figures.add(f"six seed queries on {millions}, the slowest", f"{slowest * 1000:.0f} ms", each, "≤ 1 s")
    figures.add("their translation, the slowest", f"{translated * 1000:.1f} ms", "", "≤ 10 ms")
    written = process(*command, "export", str(parquet), "--workspace", str(workspace), "--output", "json")
    parquet_mb = json.loads(written.out)["bytes"] / 1e6
    figures.add(
        "the same as Parquet by dt (flowtui export)",
        f"{parquet_mb / gzip_mb:.2f} × the gzip",
        f"{parquet_mb:.0f} MB in {written.seconds:.0f} s, {written.peak_mb:.0f} MB of memory",
    )
    workspace.unlink()
    shutil.rmtree(parquet)
