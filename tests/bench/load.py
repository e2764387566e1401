"""Loading against DuckDB's own CREATE TABLE AS over the same files, explicit columns, same threads.

Both run in a process of their own into a file, so that peak memory is that of the load alone.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.data import HEADER, write_files
from tests.bench.pairs import side_by_side

_RAW = """
import duckdb, sys
columns = {columns!r}
with duckdb.connect(sys.argv[1]) as con:
    con.execute("CREATE TABLE records AS SELECT * FROM read_csv(?, columns=" + columns + ", auto_detect=false, "
                "delim=' ', quote='', escape='', header=true, nullstr='-')", [sys.argv[2] + "/**/*.log.gz"])
    print(con.execute("SELECT count(*) FROM records").fetchone()[0])
"""
_NUMBERS = {"srcport", "dstport", "protocol", "packets", "bytes", "start", "end", "version"}


def run(rounds: int, records: int) -> None:
    """Print rows per second, the ratio, and peak memory of the larger of the two processes."""
    columns = ", ".join(f"'{name}': '{'BIGINT' if name in _NUMBERS else 'VARCHAR'}'" for name in HEADER.split())
    raw = _RAW.format(columns="{" + columns + "}")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        files = write_files(data, records)
        size = sum(path.stat().st_size for path in files)
        print(f"{records:,} records in {len(files)} files, {size / 1e6:.0f} MB gzip")
        counter = iter(range(1_000_000))

        def ours() -> float:
            workspace = Path(folder) / f"ours{next(counter)}.duckdb"
            seconds = _seconds(sys.executable, "-m", "flowtui", "load", str(data), "--workspace", str(workspace))
            workspace.unlink()
            return seconds

        def duckdb() -> float:
            workspace = Path(folder) / f"raw{next(counter)}.duckdb"
            seconds = _seconds(sys.executable, "-c", raw, str(workspace), str(data))
            workspace.unlink()
            return seconds

        pair = side_by_side(ours, duckdb, rounds)
        print(pair.line("flowtui load", "DuckDB CREATE TABLE AS read_csv"))
        print(f"{records / pair.ours_s:,.0f} rows/s against {records / pair.other_s:,.0f} rows/s")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(f"largest process: {peak / 1024:.0f} MB")


def _seconds(*command: str) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start
