from __future__ import annotations

import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flowtui.errors import WorkspaceError
from flowtui.lake.compact import compact
from flowtui.lake.forget import find_held, local_place, remove_held
from flowtui.lake.workspace import Workspace
from tests.lake.conftest import HEADER, SSH, ask, load_all, open_soon, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A workspace most of which was forgotten."""
    chance = random.Random(3)
    for name, count in (("kept", 5000), ("gone", 60_000)):
        text = "".join(f"{SSH.replace(' 4249 ', f' {chance.randrange(10**12)} ')}\n" for _ in range(count))
        write(tmp_path, f"{name}.log", f"{HEADER}\n{text}bad\n")
    path = tmp_path / "space" / "w.duckdb"
    with Workspace.open(path) as workspace:
        load_all(workspace, tmp_path / "kept.log", tmp_path / "gone.log")
        ask(workspace, "CREATE TABLE vpc_flow_logs.mine AS SELECT 42 AS answer")
        remove_held(workspace, find_held(workspace, [local_place(tmp_path / "gone.log")]))
    return path


def _is_whole(path: Path) -> bool:
    with Workspace.open(path) as workspace:
        facts = ask(
            workspace,
            "SELECT (SELECT count(*) FROM vpc_flow_logs.flow_logs), (SELECT count(*) FROM flowtui.objects), "
            "(SELECT count(*) FROM vpc_flow_logs.rejected_lines), (SELECT answer FROM vpc_flow_logs.mine)",
        )
    return facts == [(5000, 1, 1, 42)]


def _files(path: Path) -> list[str]:
    return sorted(one.name for one in path.parent.iterdir())


def test_the_file_shrinks_and_holds_the_same(path: Path, tmp_path: Path) -> None:
    before = path.stat().st_size
    *_, last = compact(path)
    assert last.done and last.before == before and last.written == path.stat().st_size <= before - 200_000
    assert _files(path) == ["w.duckdb"]
    assert _is_whole(path)
    with Workspace.open(path) as workspace:
        assert load_all(workspace, tmp_path / "kept.log", tmp_path / "gone.log").records == 60_000


def test_the_limit_of_memory_is_duckdbs_to_understand(path: Path) -> None:
    with pytest.raises(WorkspaceError, match="Memory must have a number"):
        list(compact(path, "nonsense"))
    list(compact(path, "1GB"))
    assert _is_whole(path)


def test_who_may_read_it_stays_as_it_was(path: Path) -> None:
    path.chmod(0o600)
    list(compact(path))
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.duckdb"
    link.symlink_to(path)
    assert [step.done for step in compact(link)][-1]
    assert link.is_symlink() and _is_whole(link)


def test_what_another_process_holds_is_left_alone(path: Path) -> None:
    hold = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin is not None and holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(WorkspaceError, match=f"in use by process {holder.pid}"):
            list(compact(path))
        holder.stdin.close()
    assert _is_whole(path)


def test_closing_it_leaves_the_old_file(path: Path) -> None:
    steps = compact(path)
    assert not next(steps).done
    steps.close()
    assert _files(path) == ["w.duckdb"]
    assert _is_whole(path)


def test_without_a_workspace(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="There is no workspace"):
        list(compact(tmp_path / "w.duckdb"))
    assert not (tmp_path / "w.duckdb").exists()


def test_on_a_full_disk_the_old_file_stays(path: Path) -> None:
    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    said = subprocess.run(
        [sys.executable, "-m", "flowtui", "compact", "--workspace", str(path)],
        preexec_fn=little_room,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1 and "No room left to write the workspace" in said.stderr
    assert _files(path) == ["w.duckdb"]
    assert _is_whole(path)


def test_killed_at_any_moment(path: Path) -> None:
    for seed in range(5):
        process = subprocess.Popen([sys.executable, "-m", "flowtui", "compact", "--workspace", str(path)])
        deadline = time.monotonic() + 20
        while process.poll() is None and len(_files(path)) < 2 and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(random.Random(seed).random() * 0.2)
        process.kill()
        process.wait()
        open_soon(path).close()
        assert _is_whole(path)
    assert [step.done for step in compact(path)][-1]
    assert _files(path) == ["w.duckdb"]
