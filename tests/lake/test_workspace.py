from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest

from flowtui.errors import WorkspaceError
from flowtui.lake.schema import VERSION
from flowtui.lake.workspace import Workspace
from tests.lake.conftest import COLUMNS, ask, open_soon

_SEED_TYPES = ["INTEGER", *["VARCHAR"] * 4, "INTEGER", "INTEGER", *["BIGINT"] * 5, *["VARCHAR"] * 3]


def test_before_anything_is_loaded_the_table_is_the_seeds(workspace: Workspace) -> None:
    described = ask(workspace, "SELECT column_name, column_type FROM (DESCRIBE vpc_flow_logs.flow_logs)")
    assert described == list(zip(COLUMNS, _SEED_TYPES, strict=True))
    assert ask(workspace, "SELECT count(*) FROM vpc_flow_logs.flow_logs") == [(0,)]
    assert ask(workspace, "SELECT count(*) FROM vpc_flow_logs.rejected_lines") == [(0,)]
    assert ask(workspace, "SELECT count(*) FROM vpc_flow_logs.transit_gateway_flow_logs") == [(0,)]


def test_an_empty_workspace_sums_up_to_nothing(workspace: Workspace) -> None:
    summary = workspace.summary()
    assert (summary.records, summary.objects, summary.first_dt, summary.layouts) == (0, 0, None, ())


def test_a_cursor_counts_in_utc(workspace: Workspace) -> None:
    assert ask(workspace, "SELECT current_setting('TimeZone')") == [("UTC",)]


def test_folders_are_made_and_a_second_opening_finds_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "some" / "where" / "w.duckdb"
    with Workspace.open(path) as workspace, workspace.cursor() as cursor:
        cursor.execute("INSERT INTO vpc_flow_logs.rejected_lines VALUES ('f', 1, 'x', 'y')")
    with Workspace.open(path) as workspace:
        assert ask(workspace, "SELECT * FROM vpc_flow_logs.rejected_lines") == [("f", 1, "x", "y")]


def test_closing_stops_what_still_runs(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w.duckdb")
    workspace.cursor().close()
    ended: list[BaseException] = []
    begun = threading.Event()

    def count_for_ever() -> None:
        cursor = workspace.cursor()
        begun.set()
        try:
            cursor.execute(
                "SELECT count(*) FROM range(1000000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 1"
            )
        except duckdb.Error as error:
            ended.append(error)

    thread = threading.Thread(target=count_for_ever)
    thread.start()
    begun.wait()
    time.sleep(0.1)
    workspace.close()
    workspace.close()
    thread.join()
    assert len(ended) == 1
    with pytest.raises(WorkspaceError):
        workspace.cursor()
    Workspace.open(tmp_path / "w.duckdb").close()


def test_a_newer_workspace_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    Workspace.open(path).close()
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE flowtui.version SET version = ?", [VERSION + 1])
    with pytest.raises(WorkspaceError, match=rf"w\.duckdb is of version {VERSION + 1}.*up to {VERSION}") as refused:
        Workspace.open(path)
    assert "--workspace" in refused.value.hint
    with duckdb.connect(str(path)) as connection:
        assert connection.execute("SELECT version FROM flowtui.version").fetchall() == [(VERSION + 1,)]


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("remember the milk\n" * 500)
    with pytest.raises(WorkspaceError, match=r"notes\.txt is not a flowtui workspace"):
        Workspace.open(path)
    assert path.read_text() == "remember the milk\n" * 500


def test_a_damaged_file_is_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    Workspace.open(path).close()
    content = bytearray(path.read_bytes())
    for place in range(4096, len(content), 64):
        content[place] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(WorkspaceError, match=r"w\.duckdb is damaged") as refused:
        Workspace.open(path)
    assert refused.value.hint


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="Cannot use the workspace"):
        Workspace.open(tmp_path)


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match=r"Cannot use the workspace .*: (Not a directory|File exists)"):
        Workspace.open(tmp_path / "file" / "w.duckdb")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(WorkspaceError, match="cannot be written") as refused:
            Workspace.open(tmp_path / "w.duckdb")
    finally:
        tmp_path.chmod(0o700)
    assert "--workspace" in refused.value.hint


def test_a_second_process_is_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdin is not None and holder.stdout is not None
    with holder.stdin, holder.stdout:
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(WorkspaceError, match=rf"in use by process {holder.pid} \(.*python.*\)") as refused:
            Workspace.open(path)
        assert "--workspace" in refused.value.hint
        said = subprocess.run(
            [sys.executable, "-m", "flowtui", "load", str(tmp_path), "--workspace", str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 1
        assert f"process {holder.pid}" in said.stderr and "Traceback" not in said.stderr
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    open_soon(path).close()


_HOLD = """
import sys
from pathlib import Path
from flowtui.lake.workspace import Workspace
with Workspace.open(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_question_mark_in_the_path_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="question mark"):
        Workspace.open(tmp_path / "a?b" / "w.duckdb")
    assert list(tmp_path.iterdir()) == []
