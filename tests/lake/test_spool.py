"""Plain copies for the database: bounded, gone afterwards, and never needed."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from flowtui.lake import batch, spool
from flowtui.lake.faults import Stopped
from flowtui.lake.insert import insert_text
from flowtui.lake.load import load
from flowtui.lake.sources import local_sources
from flowtui.lake.spool import Copy, Spool, scratch, sweep
from flowtui.lake.workspace import Workspace
from tests.lake.conftest import HEADER, NODATA, SSH, ask, load_all, write


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


def begun(spool: Spool, stop: threading.Event) -> Copy:
    copy = spool.begin(stop)
    assert copy is not None
    return copy


def folder_of(workspace: Path) -> Path:
    return workspace.with_name(f".{workspace.name}.plain")


def test_a_load_reads_plain_copies_and_leaves_none(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[str, bool, bytes]] = []

    def watched(cursor, layout, files, *, gzip, **rest):  # type: ignore[no-untyped-def]  # passes on what it is given
        read.extend((path, gzip, Path(path).read_bytes()) for path in files)
        insert_text(cursor, layout, files, gzip=gzip, **rest)

    monkeypatch.setattr(batch, "insert_text", watched)
    file = write(tmp_path, "a.log.gz", f"{HEADER}\n{SSH}\n")
    load_all(workspace, file)
    ((path, gzip, content),) = read
    assert (gzip, content) == (False, f"{HEADER}\n{SSH}\n".encode())
    assert Path(path) != file and not Path(path).exists()
    assert not folder_of(workspace.path).exists()


def test_a_copy_waits_until_another_is_dropped(tmp_path: Path, stop: threading.Event) -> None:
    full = Spool(tmp_path / "w.duckdb", room=10)
    first = begun(full, stop)
    first.write(b"0123456789")
    assert first.finish() and full.full
    got: list[Copy | None] = []
    waiting = threading.Thread(target=lambda: got.append(full.begin(stop)))
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    first.drop()
    waiting.join()
    assert got[0] is not None and not full.full
    full.close()


def test_who_waits_can_be_stopped(tmp_path: Path, stop: threading.Event) -> None:
    full = Spool(tmp_path / "w.duckdb", room=1)
    begun(full, stop).write(b"0")
    stop.set()
    with pytest.raises(Stopped):
        full.begin(stop)
    full.close()


@pytest.mark.parametrize("room", [1, 1 << 30])
def test_more_than_there_is_room_for(
    workspace: Workspace, tmp_path: Path, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files many times the room, each by itself, and a disk that takes no more: all are loaded."""
    monkeypatch.setattr(spool, "_ROOM", room)
    monkeypatch.setattr(spool, "_LARGEST", 500)
    for number in range(30):
        write(tmp_path, f"in/{number}.log.gz", f"{HEADER}\n" + f"{SSH}\n" * (number + 1))
    load_all(workspace, tmp_path / "in")
    assert ask(workspace, "SELECT count(*) FROM vpc_flow_logs.flow_logs") == [(30 * 31 // 2,)]


def test_a_full_disk_costs_the_shortcut_only(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(handle: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("flowtui.lake.spool.os.write", no_room)
    report = load_all(workspace, write(tmp_path, "a.log.gz", f"{HEADER}\n{SSH}\n"))
    assert report.records == 1 and not report.failed
    assert not folder_of(workspace.path).exists()


def test_a_copy_too_large_is_dropped(tmp_path: Path, stop: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "_LARGEST", 10)
    some = Spool(tmp_path / "w.duckdb")
    copy = begun(some, stop)
    copy.write(b"0123456789")
    copy.write(b"0")
    copy.write(b"1")
    assert not copy.finish() and not copy.path.exists()
    some.close()


def test_a_cancelled_load_leaves_none(workspace: Workspace, tmp_path: Path) -> None:
    for number in range(20):
        write(tmp_path, f"in/{number}.log.gz", f"{HEADER}\n" + f"{SSH}\n" * 2000)
    steps = load(workspace, local_sources([tmp_path / "in"]))
    next(steps)
    steps.close()
    Workspace.open(workspace.path).close()
    assert not folder_of(workspace.path).exists()


def test_what_a_killed_load_left_goes_and_what_a_running_one_has_stays(tmp_path: Path, stop: threading.Event) -> None:
    place = tmp_path / "w.duckdb"
    # In a container every run has the same id.
    left = folder_of(place) / f"{os.getpid()}-killed"
    left.mkdir(parents=True)
    (left / "copy").write_bytes(b"plain")
    running = Spool(place)
    copy = begun(running, stop)
    sweep(place)
    assert not left.exists() and copy.path.exists()
    running.close()
    assert not folder_of(place).exists()


@pytest.mark.parametrize("name", ["a.log.gz", "a.log"])
def test_ordinary_files_are_not_read_by_our_own_parser(
    workspace: Workspace, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would give the same rows, at a tenth of the speed."""
    monkeypatch.delattr(batch, "Repair")
    odd_id = SSH.replace("eni-1235b8ca123456789", "eni-0e1e2e3e4e5e6e7e8")
    report = load_all(workspace, write(tmp_path, name, f"{HEADER}\n{SSH}\n{NODATA}\n{odd_id}\n"))
    assert report.records == 3 and not report.failed


def test_something_else_in_the_place_of_copies_stops_nothing(tmp_path: Path) -> None:
    place = tmp_path / "w.duckdb"
    folder_of(place).write_text("mine")
    with Workspace.open(place) as workspace:
        report = load_all(workspace, write(tmp_path, "a.log.gz", f"{HEADER}\n{SSH}\n"))
    assert report.records == 1 and not report.failed
    assert folder_of(place).read_text() == "mine"


def test_what_a_load_writes_for_itself_lies_beside_the_workspace(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scratch(workspace.path) as first, scratch(workspace.path) as second:
        assert first != second and {first.parent, second.parent} == {folder_of(workspace.path)}
        (first / "half").write_text("x")
        # It is at work, so that opening the workspace once more leaves it.
        sweep(workspace.path)
        assert (first / "half").exists()
    assert not folder_of(workspace.path).exists()

    def refused(_: Path) -> Path:
        raise OSError(errno.EACCES, "no")

    monkeypatch.setattr(spool, "_make_folder", refused)
    with scratch(workspace.path) as elsewhere:
        assert elsewhere.is_dir() and tmp_path not in elsewhere.parents
    assert not elsewhere.exists()
    monkeypatch.undo()
    # An odd line goes by a file of our own making.
    assert load_all(workspace, write(tmp_path, "a.log", f"{HEADER}\n{SSH.replace(' ', '  ')}\n")).records == 1
    assert not folder_of(workspace.path).exists()
