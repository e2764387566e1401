"""Writing what is loaded as Parquet from the Logs screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from flowtui.times import bytes_text
from flowtui.tui.base import FlowScreen
from flowtui.tui.widgets.ask import AskModal

if TYPE_CHECKING:
    from flowtui.lake.days import DaysProgress

EXPORT_JOB = "export"
_HINT = "A folder that is not there yet; one file a day in dt=YYYY-MM-DD/, for Athena, Spark, pandas or DuckDB."


def export_loaded(screen: FlowScreen) -> None:
    """Ask for a folder and write all loaded records there, in the background.

    Args:
        screen: shows how far it is, and at the end what was written.
    """

    def moved(progress: DaysProgress) -> None:
        screen.set_busy(EXPORT_JOB, f"{progress.rows:,} of {progress.rows_total:,} records written")
        if progress.folder is not None:
            said = f"Wrote {progress.rows:,} records of {progress.days:,} days, {bytes_text(progress.size)}, "
            screen.notify(f"{said}to {progress.folder}.", markup=False)

    def write(text: str | None) -> None:
        if text is None:
            return
        folder, workspace = Path(text), screen.flow.context.workspace

        def run(_: Event) -> Iterator[DaysProgress]:
            from flowtui.lake.days import export_days

            yield from export_days(workspace(), folder)

        screen.run_job(EXPORT_JOB, run, moved, busy="writing Parquet")

    screen.app.push_screen(AskModal("Write all loaded records as Parquet to", "flow-logs", _HINT), write)
