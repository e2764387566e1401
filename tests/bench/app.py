"""Inside the app: the result grid, cancelling a query, and the event loop while tail, load and query run at once."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

from tests.bench.data import write_files
from tests.bench.figures import Figures
from tests.bench.pairs import process

_INSIDE = (sys.executable, "-m", "tests.bench.inside")
_STALL_S = "10"


def run(figures: Figures, folder: Path, rounds: int, rows: int, records: int) -> None:
    """Each in a process of its own, median of the rounds."""
    print("inside the app")
    files = write_files(folder, records)
    data = str(next(parent for parent in files[0].parents if parent.name == "AWSLogs"))
    grids = [_found("grid", str(rows)) for _ in range(rounds)]
    paint, page = (statistics.median(one[name] for one in grids) for name in ("paint", "page"))
    figures.add(f"result grid of {rows:,} rows, painted", f"{paint * 1000:.0f} ms", "", "≤ 1 s")
    figures.add("page down in it", f"{page * 1000:.0f} ms", "", "≤ 200 ms")
    cancelled = statistics.median(_found("cancel", data)["seconds"] for _ in range(rounds))
    figures.add("query cancelled", f"{cancelled * 1000:.0f} ms", "", "≤ 500 ms")
    # On a machine that is busy a process waits for its turn; an idle event loop beside it tells how long.
    with subprocess.Popen([*_INSIDE, "beats", _STALL_S], stdout=subprocess.PIPE, text=True) as beside:
        late = _found("stall", data, _STALL_S)
        alone = json.loads(beside.communicate()[0])
    figures.add(
        "event loop late, during tail, load and query at once",
        f"p99 {late['p99'] * 1000:.0f} ms, at most {late['max'] * 1000:.0f} ms",
        f"an event loop with nothing to do p99 {alone['p99'] * 1000:.0f} ms, at most {alone['max'] * 1000:.0f} ms",
        "p99 < 50 ms, at most 100 ms",
    )


def _found(*arguments: str) -> dict[str, float]:
    found: dict[str, float] = json.loads(process(*_INSIDE, *arguments).out)
    return found
