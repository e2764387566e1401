"""Makes a workspace file so that there is either a whole one under its name or none.

It is made under a temporary name beside its place and renamed into it, under a lock on the folder: two processes that
find no workspace at the same moment take turns, and the second finds the first one's. A process that is killed gives
the lock back, and what it left behind is removed by the next that makes a workspace there.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

WAL = ".wal"
"""Ending of the log that belongs to a database file."""

_KIND = "creating"


def is_absent(path: Path) -> bool:
    """Whether there is no workspace to open: no file, or an empty one. Raises OSError."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return True
    return stat.S_ISREG(status.st_mode) and status.st_size == 0


def create(path: Path, make: Callable[[Path], None]) -> None:
    """Put a new workspace at ``path``, unless one appears there meanwhile.

    Args:
        path: where it shall be; a symbolic link is followed.
        make: writes a whole, closed workspace to the path it is given.

    Raises:
        OSError: the folder cannot be written.
    """
    place = Path(os.path.realpath(path))
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = beside(place, _KIND)
    with turn(place.parent) as alone:
        if not is_absent(place):
            return
        if alone:
            remove_leftovers(place, _KIND)
        try:
            make(temporary)
            # The log of a workspace that is gone would be replayed into the new one.
            Path(f"{place}{WAL}").unlink(missing_ok=True)
            temporary.replace(place)
        finally:
            temporary.unlink(missing_ok=True)
            Path(f"{temporary}{WAL}").unlink(missing_ok=True)


def beside(place: Path, kind: str) -> Path:
    """A temporary file's path beside a workspace, this process's own."""
    return place.with_name(f".{place.name}.{kind}-{os.getpid()}")


def remove_leftovers(place: Path, kind: str) -> None:
    """Remove temporary files of processes that were killed; raises OSError. Only for who has the folder's turn."""
    for path in list(place.parent.iterdir()):
        if path.name.startswith(f".{place.name}.{kind}-"):
            path.unlink(missing_ok=True)


@contextmanager
def turn(folder: Path) -> Iterator[bool]:
    """Wait until no other process makes or compacts a workspace in a folder; False where there is no such lock."""
    try:
        import fcntl
    except ImportError:
        yield False
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            alone = True
        except OSError:
            # Some network file systems lock no folders.
            alone = False
        yield alone
    finally:
        os.close(handle)
