from __future__ import annotations

import errno
import os
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from flowtui.errors import FlowTuiError
from flowtui.lake import export
from flowtui.lake.days import export_days
from flowtui.lake.workspace import Workspace
from tests.lake.conftest import COLUMNS, HEADER, NODATA, RDP, SSH, load_all, rows, write
from tests.locked import lock

TIMELESS = "2 123456789010 eni-1235b8ca123456789 - - - - - - - - - - SKIPDATA"


@pytest.fixture
def loaded(workspace: Workspace, tmp_path: Path) -> Workspace:
    text = "\n".join([HEADER, SSH, RDP, NODATA, TIMELESS, ""])
    load_all(workspace, write(tmp_path / "in", "a.log.gz", text))
    return workspace


def read(folder: Path) -> list[tuple[object, ...]]:
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    query = f"SELECT {names} FROM read_parquet(?, hive_partitioning=true, hive_types={{'dt': VARCHAR}})"
    return duckdb.execute(f"{query} ORDER BY start, srcaddr", [f"{folder}/**/*.parquet"]).fetchall()


def test_what_is_written_reads_as_the_table(loaded: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    *_, last = export_days(loaded, folder)
    assert last.folder == folder
    assert (last.days, last.rows) == (3, 4)
    assert {path.name for path in folder.iterdir()} == {
        *("dt=2014-12-14", "dt=2015-05-10", "dt=__HIVE_DEFAULT_PARTITION__"),
    }
    assert last.size == sum(path.stat().st_size for path in folder.rglob("*.parquet"))
    assert read(folder) == rows(loaded)


def test_a_range_of_days(loaded: Workspace, tmp_path: Path) -> None:
    *_, last = export_days(loaded, tmp_path / "out", since=date(2015, 1, 1))
    assert last.rows == 1
    *_, last = export_days(loaded, tmp_path / "earlier", until=date(2014, 12, 14))
    assert last.rows == 2
    with pytest.raises(FlowTuiError, match="no records"):
        list(export_days(loaded, tmp_path / "none", since=date(2020, 1, 1)))
    assert not (tmp_path / "none").exists()


def test_closing_leaves_nothing_behind(loaded: Workspace, tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    steps = export_days(loaded, tmp_path / "place" / "out")
    next(steps)
    steps.close()
    assert list((tmp_path / "place").iterdir()) == []
    assert len(rows(loaded)) == 4


def test_a_folder_that_is_there_is_left_alone(loaded: Workspace, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    list(export_days(loaded, tmp_path / "empty"))
    with pytest.raises(FlowTuiError, match="not an empty folder"):
        list(export_days(loaded, tmp_path / "empty"))
    with pytest.raises(FlowTuiError, match="Cannot write"):
        list(export_days(loaded, tmp_path / "none" / "below"))


def test_a_load_meanwhile_changes_nothing(loaded: Workspace, tmp_path: Path) -> None:
    steps = export_days(loaded, tmp_path / "out")
    next(steps)
    load_all(loaded, write(tmp_path / "in", "b.log.gz", f"{HEADER}\n{NODATA}\n"))
    *_, last = steps
    assert last.rows == 4


def test_a_full_disk_names_the_folder_that_was_asked_for_and_leaves_none(
    loaded: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(export._Parquet):
        def write(self, batch: pa.RecordBatch) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setitem(export._WRITERS, "parquet", Full)
    (tmp_path / "place").mkdir()
    folder = tmp_path / "place" / "out"
    with pytest.raises(FlowTuiError, match=f"Cannot write {folder}: No space left"):
        list(export_days(loaded, folder))
    assert list(folder.parent.iterdir()) == []


def test_a_folder_that_may_not_be_entered(loaded: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        lock(tmp_path / "place", patch)
        with pytest.raises(FlowTuiError, match=r"Cannot read .*place/out: Permission denied"):
            list(export_days(loaded, tmp_path / "place" / "out"))
    assert not (tmp_path / "place").exists()
