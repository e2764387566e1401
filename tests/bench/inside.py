"""Measures inside the app, one in a process of its own: ``python -m tests.bench.inside NAME [ARGUMENTS]``; prints JSON.

The app runs headless at 160×45 on the demo account, with all of its threads, and nothing but the terminal left out.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowtui.context import Context

_SIZE = (160, 45)
_BEAT_S = 0.005
_ENDLESS = (
    "SELECT count(*) FROM vpc_flow_logs.flow_logs a CROSS JOIN vpc_flow_logs.flow_logs b "
    "CROSS JOIN vpc_flow_logs.flow_logs c WHERE a.bytes + b.bytes < c.packets"
)
"""Runs until it is cancelled."""


async def grid(rows: int) -> dict[str, float]:
    """A result of some rows: seconds to its first paint, and to a page further down."""
    import pyarrow as pa
    from textual.app import App

    from flowtui.tui.theme import DARK
    from flowtui.tui.widgets.result_grid import ResultGrid

    numbers = pa.array(range(rows))
    names = pa.array([f"10.20.{number % 251}.{number % 241}" for number in range(rows)])
    table = pa.table({"srcaddr": names, "dstaddr": names, "bytes": numbers, "start": numbers, "action": names})

    class GridApp(App[None]):
        def get_theme_variable_defaults(self) -> dict[str, str]:
            return dict(DARK.variables)

    app = GridApp()
    async with app.run_test(size=_SIZE) as pilot:
        start = time.perf_counter()
        shown = ResultGrid(table)
        await app.mount(shown)
        shown.focus()
        await pilot.pause()
        painted = time.perf_counter() - start
        start = time.perf_counter()
        await pilot.press("pagedown")
        return {"paint": painted, "page": time.perf_counter() - start}


async def cancel(data: Path) -> dict[str, float]:
    """Seconds from asking a running query to stop until it has."""
    from flowtui.errors import QueryCancelled
    from flowtui.sql.duckdb_engine import DuckDBEngine

    with tempfile.TemporaryDirectory() as folder, _with_one_file(Path(folder), data).workspace() as opened:
        engine = DuckDBEngine(opened.cursor)
        ended: list[float] = []

        def ask() -> None:
            try:
                engine.run(_ENDLESS)
            except QueryCancelled:
                ended.append(time.perf_counter())

        thread = threading.Thread(target=ask)
        thread.start()
        await asyncio.sleep(2)
        start = time.perf_counter()
        engine.cancel()
        thread.join()
    return {"seconds": ended[0] - start}


async def stall(data: Path, seconds: float) -> dict[str, float]:
    """How late the event loop was while it tailed, loaded files and ran a query, all at once."""
    from flowtui.tui.app import FlowTuiApp
    from flowtui.tui.requests import LogsRequest, SqlRequest, TailRequest
    from flowtui.tui.tail.view import TailView
    from tests.tui.waiting import idle, until

    with tempfile.TemporaryDirectory() as folder:
        app = FlowTuiApp(_with_one_file(Path(folder), data))
        async with app.run_test(size=_SIZE) as pilot:
            app.open_logs(LogsRequest(location=str(data)))
            await until(pilot, lambda: app.screen.query("ObjectsView"))
            await idle(pilot)
            app.open_sql(SqlRequest(_ENDLESS, run=True))
            await until(pilot, lambda: "run" in app.screen._jobs)
            app.open_tail(TailRequest("vpc-0a1b2c3d4e5f60718", region="us-east-1"))
            await until(pilot, lambda: app.screen.query(TailView) and app.screen.query_one(TailView).shown_count)
            await pilot.press("f6", "enter", "f5")
            late = await late_beats(seconds)
            print(json.dumps(late), flush=True)
            # The query would be waited for, and has no end.
            os._exit(0)


def _with_one_file(folder: Path, data: Path) -> Context:
    """The demo account with a workspace that holds the first file."""
    from flowtui.config import Settings
    from flowtui.context import Context
    from flowtui.lake.load import load
    from flowtui.lake.sources import local_sources

    context = Context(Settings(workspace=folder / "inside.duckdb", demo=True))
    list(load(context.workspace(), local_sources([min(data.rglob("*.log.gz"))])))
    return context


async def late_beats(seconds: float) -> dict[str, float]:
    """Lateness of a task that wants to run every 5 ms: 99th percentile and the most, in seconds."""
    late = []
    end = time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        await asyncio.sleep(_BEAT_S)
        late.append(time.perf_counter() - start - _BEAT_S)
    return {"p99": quantiles(late, n=100)[-1], "max": max(late)}


async def main() -> None:
    """Run one."""
    name, *given = sys.argv[1:]
    if name == "grid":
        found = await grid(int(given[0]))
    elif name == "cancel":
        found = await cancel(Path(given[0]))
    elif name == "stall":
        found = await stall(Path(given[0]), float(given[1]))
    else:
        found = await late_beats(float(given[0]))
    print(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main())
