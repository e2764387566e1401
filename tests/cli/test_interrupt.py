"""Ctrl-C at any moment of what changes the workspace or writes much: status 130 and nothing half-done, or all done."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from flowtui.lake import forget as forget_module
from flowtui.lake.aside import Aside
from flowtui.lake.forget import find_held, remove_held
from flowtui.lake.load import load
from flowtui.lake.sources import local_sources
from flowtui.lake.trouble import explained
from flowtui.lake.workspace import Workspace
from flowtui.records.fields import DEFAULT_FORMAT
from tests.cli.processes import wait_for_workspace

RECORDS = 300_000
LINE = "2 123456789010 eni-0a 10.0.{}.{} 10.20.4.18 {} 22 6 3 180 1705327512 1705327570 REJECT OK"


ENDLESS = "SELECT count(*) FROM range(100000) a, range(100000) b WHERE (a.range * b.range) % 7 = 1"
MOMENTS = [0.0, 0.03, 0.06, 0.1, 0.2, 0.4]
"""Seconds after the workspace was opened; before that it is Python's own start that ends."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with records of several files; copied by each test."""
    folder = tmp_path_factory.mktemp("filled")
    for number in range(4):
        lines = (LINE.format(n % 256, number, n % 60_000) for n in range(RECORDS // 4))
        (folder / f"{number}.log").write_text("\n".join([" ".join(DEFAULT_FORMAT), *lines, ""]))
    with Workspace.open(folder / "w.duckdb") as workspace:
        list(load(workspace, local_sources([folder])))
    return folder / "w.duckdb"


@pytest.fixture
def workspace(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(filled, tmp_path / "w.duckdb"))


def _rows(workspace: Path) -> int:
    with duckdb.connect(str(workspace), read_only=True) as connection:
        found = connection.execute("SELECT count(*) FROM vpc_flow_logs.flow_logs").fetchone()
    assert found is not None
    return int(found[0])


def _interrupted(after_s: float, workspace: Path, *arguments: str) -> tuple[int, str, str]:
    """Run a command and press Ctrl-C; its status, and what it said on stdout and stderr."""
    command = [sys.executable, "-m", "flowtui", *arguments, "--workspace", str(workspace)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_for_workspace(process, workspace)
        time.sleep(after_s)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=20)
    return process.returncode, out, said


@pytest.mark.parametrize("after_s", MOMENTS)
def test_forget(workspace: Path, after_s: float) -> None:
    status, out, said = _interrupted(after_s, workspace, "forget", "--since", "2000-01-01")
    assert "Traceback" not in said
    # Between the end of the statements and that of the process it may still be interrupted, told or not yet.
    done = (0, 0, True), (130, 0, True), (130, 0, False)
    assert (status, _rows(workspace), "Forgot" in out) in ((130, RECORDS, False), *done), said


@pytest.mark.parametrize("after_s", MOMENTS)
def test_export(workspace: Path, tmp_path: Path, after_s: float) -> None:
    place = tmp_path / "out"
    place.mkdir()
    status, _, said = _interrupted(after_s, workspace, "export", str(place / "days"))
    assert "Traceback" not in said
    assert [path.name for path in place.iterdir()] in ([], ["days"])
    assert status in (0, 130) and (status == 130 or (place / "days").exists()), said


@pytest.mark.parametrize("after_s", MOMENTS)
def test_compact(workspace: Path, tmp_path: Path, after_s: float) -> None:
    status, _, said = _interrupted(after_s, workspace, "compact")
    assert (status in (0, 130), "Traceback" not in said) == (True, True), said
    assert _rows(workspace) == RECORDS
    assert [path.name for path in tmp_path.iterdir() if not re.fullmatch(r"w\.duckdb(\.wal)?", path.name)] == []


def test_a_ctrl_c_inside_a_statement_is_one(tmp_path: Path) -> None:
    """So it is told by DuckDB's library for Python, which may hear of it at once, late or never."""
    with pytest.raises(KeyboardInterrupt), explained(tmp_path):
        raise RuntimeError("Query interrupted")
    with pytest.raises(RuntimeError, match="something else"), explained(tmp_path):
        raise RuntimeError("something else")


@pytest.mark.parametrize("late", [False, True])
def test_a_ctrl_c_that_comes_too_late_does_not_say_that_nothing_is_forgotten(
    workspace: Path, late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(connection: DuckDBPyConnection, work: Callable[[], None]) -> Aside:
        def first() -> None:
            os.kill(os.getpid(), signal.SIGINT)
            connection.execute(ENDLESS)
            work()

        def last() -> None:
            work()
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.3)

        return Aside(connection, last if late else first)

    monkeypatch.setattr(forget_module, "Aside", pressed)
    with Workspace.open(workspace) as opened, nullcontext() if late else pytest.raises(KeyboardInterrupt):
        remove_held(opened, find_held(opened, []))
    assert _rows(workspace) == (0 if late else RECORDS)
