from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from flowtui.errors import FlowTuiError, UsageError
from flowtui.lake.compact import compact
from flowtui.lake.days import export_days
from flowtui.lake.export import export
from flowtui.lake.forget import local_place
from flowtui.lake.sources import local_sources
from flowtui.lake.workspace import Workspace
from flowtui.places import expanded, is_file, is_folder, is_there
from flowtui.tui.sql.runner import check_target
from flowtui.tui.tail.save import check_path
from tests.locked import lock


def test_what_may_not_be_looked_at_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    lock(tmp_path / "locked", monkeypatch)
    for ask in (is_there, is_folder, is_file):
        with pytest.raises(FlowTuiError, match=r"Cannot read .*locked/x: Permission denied"):
            ask(tmp_path / "locked" / "x")
    assert (is_there(tmp_path), is_folder(tmp_path), is_file(tmp_path)) == (True, True, False)
    assert not is_there(tmp_path / "none")


def test_nothing_has_a_name_that_nothing_can_have(tmp_path: Path):
    for name in ("x" * 1000, "a\0b"):
        assert not is_there(tmp_path / name)


@pytest.mark.parametrize("check", [check_path, check_target])
def test_no_file_can_be_written_in_a_locked_folder(check: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "locked"
    folder.mkdir()
    lock(folder, monkeypatch)
    assert callable(check)
    for name in ("a.csv", "in/a.csv"):
        with pytest.raises(FlowTuiError, match="Permission denied"):
            check(str(folder / name))


def test_the_home_of_nobody(tmp_path: Path):
    assert expanded("~/a") == Path.home() / "a"
    name = "~nobody-of-this-name/a.csv"
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        for use in (
            *(check_path, check_target, expanded, local_place, Workspace.open),
            lambda path: local_sources([path]),
            lambda path: list(compact(Path(path))),
            lambda path: list(export_days(workspace, Path(path))),
            lambda path: export(pa.table({}), Path(path), "csv"),
        ):
            with pytest.raises(UsageError, match="home is ~nobody-of-this-name"):
                use(name)
