"""A workspace file is whole or not there, whatever happens while it is made."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flowtui.errors import WorkspaceError
from flowtui.lake.create import create
from flowtui.lake.workspace import Workspace
from tests.lake.conftest import open_soon

_OPEN = """
import sys
from pathlib import Path
from flowtui.errors import FlowTuiError
from flowtui.lake.workspace import Workspace
{before}
try:
    with Workspace.open(Path(sys.argv[1])) as workspace:
        print("open", flush=True)
        with workspace.cursor() as cursor:
            cursor.execute("INSERT INTO vpc_flow_logs.rejected_lines VALUES (?, 1, 'x', 'y')", [sys.argv[2]])
except FlowTuiError as error:
    print(error)
"""
_NO_ROOM = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))"


def _process(path: Path, name: str = "a", before: str = "") -> subprocess.Popen[str]:
    code = _OPEN.format(before=before)
    return subprocess.Popen([sys.executable, "-c", code, str(path), name], stdout=subprocess.PIPE, text=True)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_while_making_it_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    said, _ = _process(path, before=_NO_ROOM).communicate()
    assert f"No room left to write the workspace {path}" in said
    assert _names(tmp_path) == []
    with Workspace.open(path) as workspace:
        assert workspace.summary().objects == 0


def test_an_empty_file_counts_as_none(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    path.touch()
    assert not Workspace.exists(path)
    with Workspace.open(path) as workspace:
        assert workspace.summary().objects == 0
    assert Workspace.exists(path)


def test_killed_while_making_it(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    seed = random.Random(7)
    for _ in range(6):
        with _process(path) as process:
            while not any(tmp_path.iterdir()) and process.poll() is None:
                time.sleep(0.001)
            time.sleep(seed.random() * 0.05)
            process.kill()
        with open_soon(path) as workspace:
            assert workspace.summary().objects == 0
        assert _names(tmp_path) == ["w.duckdb"]
        path.unlink()


def test_what_a_killed_maker_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".w.duckdb.creating-1").write_bytes(b"half")
    (tmp_path / ".w.duckdb.creating-1.wal").write_bytes(b"half")
    (tmp_path / ".other.duckdb.creating-1").write_bytes(b"another's")
    Workspace.open(tmp_path / "w.duckdb").close()
    assert _names(tmp_path) == [".other.duckdb.creating-1", "w.duckdb"]


@pytest.mark.parametrize("empty", [True, False])
def test_several_processes_at_once_share_one_file(tmp_path: Path, empty: bool) -> None:
    path = tmp_path / "w.duckdb"
    if empty:
        path.touch()
    processes = [_process(path, str(number)) for number in range(4)]
    said = [process.communicate()[0] for process in processes]
    opened = [str(number) for number, text in enumerate(said) if text == "open\n"]
    assert opened
    assert all("is in use by" in text for text in said if text != "open\n")
    with Workspace.open(path) as workspace, workspace.cursor() as cursor:
        kept = cursor.execute("SELECT file FROM vpc_flow_logs.rejected_lines ORDER BY 1").fetchall()
    assert [row[0] for row in kept] == opened


def test_one_that_appears_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    path.write_bytes(b"another's")
    create(path, _write_ours)
    assert path.read_bytes() == b"another's"


def _write_ours(path: Path) -> None:
    path.write_bytes(b"ours")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    link = tmp_path / "w.duckdb"
    link.symlink_to(tmp_path / "far" / "w.duckdb")
    Workspace.open(link).close()
    assert link.is_symlink() and (tmp_path / "far" / "w.duckdb").stat().st_size > 0


def test_the_log_of_a_workspace_that_is_gone_is_not_replayed(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    Path(f"{path}.wal").write_bytes(b"of another database")
    with Workspace.open(path) as workspace:
        assert workspace.summary().objects == 0


def test_a_failure_names_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WorkspaceError, match="Cannot use the workspace"):
        Workspace.exists(tmp_path / "file" / "w.duckdb")
