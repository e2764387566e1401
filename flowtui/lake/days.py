"""The workspace's records as Parquet, a folder a day (``dt=2024-01-15/``), as Athena, Spark and DuckDB read them.

The folder appears under its name when it is whole; until then, and after a failure, there is nothing.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from flowtui.errors import FlowTuiError
from flowtui.lake.export import export_steps, umask
from flowtui.lake.schema import VIEWS
from flowtui.lake.trouble import explained
from flowtui.lake.workspace import Workspace
from flowtui.places import expanded, is_folder, is_there
from flowtui.records.layout import PARTITION_COLUMN, Kind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ROW_GROUP = 250_000
_NO_DAY = "__HIVE_DEFAULT_PARTITION__"
"""What Hive, and all that read its folders, call the partition of NULL."""


@dataclass(frozen=True, slots=True)
class DaysProgress:
    """How far it is.

    Args:
        days: days written.
        days_total: days there are.
        rows: records written.
        rows_total: records there are.
        size: bytes of the finished files.
        folder: where they are, once all is there.
    """

    days: int
    days_total: int
    rows: int
    rows_total: int
    size: int = 0
    folder: Path | None = None


def export_days(
    workspace: Workspace, folder: Path, kind: Kind = "vpc", since: date | None = None, until: date | None = None
) -> Generator[DaysProgress, None, None]:
    """Write records as one Parquet file a day, Zstandard-compressed; closing the generator leaves nothing behind.

    Args:
        workspace: holds the records, as they are at the beginning: a load meanwhile changes nothing here.
        folder: made here; one that is there must be empty.
        kind: of VPCs or of transit gateways.
        since: first day; without a range records that have no day are written too.
        until: last day.

    Yields:
        Progress every 250,000 records; the last value names the folder.

    Raises:
        FlowTuiError: the folder is there and not empty, cannot be written, or there are no records.
        WorkspaceError: the workspace failed.
    """
    folder = expanded(folder).absolute()
    where = " AND ".join(
        f"{PARTITION_COLUMN} {sign} '{day.isoformat()}'" for sign, day in ((">=", since), ("<=", until)) if day
    )
    temporary = None
    try:
        if is_there(folder) and (not is_folder(folder) or any(folder.iterdir())):
            raise FlowTuiError(f"{folder} exists and is not an empty folder.", "Choose another name.")
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name[:50]}-", dir=folder.parent))
        with explained(workspace.path), workspace.cursor() as cursor:
            last = yield from _write(cursor, temporary, folder, VIEWS[kind], where or "true")
        temporary.chmod(0o777 & ~umask())
        temporary.replace(folder)
        temporary = None
    except OSError as error:
        raise FlowTuiError(f"Cannot write {folder}: {error.strerror or error}.", "Choose another place.") from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
    yield DaysProgress(last.days, last.days_total, last.rows, last.rows_total, last.size, folder)


def _write(
    cursor: DuckDBPyConnection, folder: Path, shown: Path, view: str, where: str
) -> Generator[DaysProgress, None, DaysProgress]:
    # In one transaction, so that all days are of one moment.
    cursor.execute("BEGIN")
    days = cursor.execute(
        f"SELECT {PARTITION_COLUMN}, count(*) FROM {view} WHERE {where} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    total = sum(int(count) for _, count in days)
    if not total:
        raise FlowTuiError("There are no records to write.", "flowtui load brings some; a range may leave all out.")
    rows = size = 0
    for number, (day, count) in enumerate(days):
        path = folder / f"{PARTITION_COLUMN}={quote(day, safe=' ') if day is not None else _NO_DAY}" / "records.parquet"
        path.parent.mkdir()
        query = f"SELECT * EXCLUDE ({PARTITION_COLUMN}) FROM {view} WHERE {PARTITION_COLUMN} IS NOT DISTINCT FROM ?"
        reader = cursor.sql(query, params=[day]).to_arrow_reader(_ROW_GROUP)
        for progress in export_steps(reader, path, "parquet", shown=shown):
            yield DaysProgress(number, len(days), rows + progress.rows, total, size)
        rows += int(count)
        size += path.stat().st_size
    cursor.execute("ROLLBACK")
    return DaysProgress(len(days), len(days), rows, total, size)
