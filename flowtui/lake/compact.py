"""Gives back the space that forgotten and replaced records leave in a workspace file.

A database file does not shrink by itself. What is in it is copied to a new file beside it, which then takes its name in
one step: whenever it is killed, or the disk is full, the file under that name is a whole one, the old or the new.
Meanwhile the old one is open for reading, so that no other process writes to it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from flowtui.errors import WorkspaceError
from flowtui.lake.aside import Aside
from flowtui.lake.create import WAL, beside, is_absent, remove_leftovers, turn
from flowtui.lake.trouble import explained
from flowtui.lake.workspace import Workspace
from flowtui.places import expanded

_TICK_S = 0.1
_KIND = "compacting"


@dataclass(frozen=True, slots=True)
class CompactProgress:
    """How far it is.

    Args:
        before: bytes of the file as it was.
        written: bytes of the new one so far.
        done: whether that has taken its place.
    """

    before: int
    written: int
    done: bool = False


def compact(path: Path, memory_limit: str = "") -> Generator[CompactProgress, None, None]:
    """Write a workspace anew without the space that nothing uses; closing the generator leaves the old one.

    Args:
        path: the workspace, which this process must not have open.
        memory_limit: a size such as ``4GB`` that is not exceeded; DuckDB's own for an empty one.

    Yields:
        Progress about ten times a second; the last value is ``done``.

    Raises:
        WorkspaceError: another process holds it, there is no room for the copy, or it is damaged.
    """
    place = Path(os.path.realpath(expanded(path)))
    temporary = beside(place, _KIND)
    with explained(path), turn(place.parent) as alone:
        if is_absent(place):
            raise WorkspaceError(f"There is no workspace {path}.", "flowtui load makes one.")
        # Brought to this version, and its log written into it.
        Workspace.open(place).close()
        if alone:
            remove_leftovers(place, _KIND)
        try:
            yield from _copy(place, temporary, memory_limit)
        finally:
            temporary.unlink(missing_ok=True)
            Path(f"{temporary}{WAL}").unlink(missing_ok=True)


def _copy(place: Path, temporary: Path, memory_limit: str) -> Generator[CompactProgress, None, None]:
    import duckdb

    before = place.stat().st_size
    with duckdb.connect(config={"memory_limit": memory_limit} if memory_limit else {}) as connection:
        connection.execute("ATTACH ? AS old (READ_ONLY)", [str(place)])
        if Path(f"{place}{WAL}").exists():
            # It would be taken for the new file's.
            raise WorkspaceError(f"The workspace {place} is in use.", "Close what works on it, then repeat.")
        connection.execute("ATTACH ? AS new", [str(temporary)])

        def copy() -> None:
            for statement in ("COPY FROM DATABASE old TO new", "CHECKPOINT new", "DETACH new"):
                connection.execute(statement)

        work = Aside(connection, copy)
        try:
            work.begin()
            yield CompactProgress(before, 0)
            while not work.at_rest.wait(_TICK_S):
                yield CompactProgress(before, _size(temporary))
        finally:
            work.end()
        if work.error is not None:
            raise work.error
        _flush(temporary)
        # Who may read it stays as it was.
        shutil.copymode(place, temporary)
        temporary.replace(place)
    yield CompactProgress(before, place.stat().st_size, done=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _flush(path: Path) -> None:
    """Have a file on the disk before its name says so."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
