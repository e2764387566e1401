"""Plain copies of compressed files, for the database to read in their place.

A file is inflated once to be checked anyway. What comes out is kept for a moment, because the database inflates
several times slower and reads plain text with all its threads. Copies lie beside the workspace, take up bounded room,
and are only ever a shortcut: where there is no room for one, the file itself is read.

Threads: a spool is shared by those that prepare files and the one that loads them; a copy belongs to one at a time.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from flowtui.lake.faults import Stopped

_ROOM = 1 << 30
"""Bytes of copies at most, but for those that are being written."""
_LARGEST = 256 << 20
_SHARE_OF_DISK = 8
_WAIT_S = 0.05
_alive: set[Path] = set()
_alive_change = threading.Lock()
"""Folders of this process's loads. A process's id would not tell them, for a later one may have the same."""


class Spool:
    """Copies of one load.

    Args:
        workspace: the file beside which they lie; their folder is made when the first one is.
        room: bytes of copies at most; by default a share of what the disk has left.
    """

    def __init__(self, workspace: Path, room: int | None = None) -> None:
        self._parent = _folder(workspace)
        self._folder: Path | None = None
        self._room = room
        self._used = 0
        self._change = threading.Condition()

    def close(self) -> None:
        """Remove all copies, and keep no more."""
        with self._change:
            self._room = 0
            if self._folder is not None:
                # A thread that was told to stop may still write; what it leaves goes when the workspace is opened.
                _remove_folder(self._folder)

    @property
    def full(self) -> bool:
        """Whether the next copy has to wait until others are dropped."""
        return self._room is not None and 0 < self._room <= self._used

    def begin(self, stop: threading.Event) -> Copy | None:
        """Begin a copy as soon as there is room; None when no copies can be kept.

        Raises:
            Stopped: ``stop`` was set meanwhile.
        """
        with self._change:
            while self.full:
                if stop.is_set():
                    raise Stopped
                self._change.wait(_WAIT_S)
            try:
                if self._room is None:
                    self._room = min(_ROOM, shutil.disk_usage(self._parent.parent).free // _SHARE_OF_DISK)
                if not self._room:
                    return None
                if self._folder is None:
                    self._folder = _make_folder(self._parent)
                handle, name = tempfile.mkstemp(dir=self._folder)
            except OSError:
                self.give_up()
                return None
            return Copy(self, Path(name), handle)

    def add(self, size: int) -> None:
        """Count bytes written, or with a minus sign dropped."""
        with self._change:
            self._used += size
            self._change.notify_all()

    def give_up(self) -> None:
        """Begin no further copies: the disk does not take them."""
        with self._change:
            self._room = 0
            self._change.notify_all()


class Copy:
    """One copy in the making, then whole until it is dropped. As a context manager it is dropped by any failure.

    Args:
        spool: counts its bytes.
        path: the file.
        handle: open for writing.
    """

    def __init__(self, spool: Spool, path: Path, handle: int) -> None:
        self.path = path
        self._spool = spool
        self._handle = handle
        self._size = 0
        self._kept = True

    def __enter__(self) -> Copy:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:
            self.drop()

    def write(self, plain: bytes) -> None:
        """Add to it; from the first byte on that finds no room it is dropped, and writing does nothing."""
        if not self._kept:
            return
        if self._size + len(plain) > _LARGEST:
            self.drop()
            return
        try:
            left = memoryview(plain)
            while left:
                left = left[os.write(self._handle, left) :]
        except OSError:
            self._spool.give_up()
            self.drop()
            return
        self._size += len(plain)
        self._spool.add(len(plain))

    def finish(self) -> bool:
        """Close it; whether it is whole."""
        self._close()
        return self._kept

    def drop(self) -> None:
        """Remove it. Dropping twice does nothing."""
        self._close()
        if self._kept:
            self._kept = False
            self._spool.add(-self._size)
            with suppress(OSError):
                self.path.unlink()

    def _close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


@contextmanager
def scratch(workspace: Path) -> Iterator[Path]:
    """A folder for what a load writes down for itself, which may be as much as it loads.

    It lies beside the workspace, where what a killed load leaves is swept; among the system's temporary files where
    nothing can be made there.
    """
    try:
        folder = _make_folder(_folder(workspace))
    except OSError:
        with tempfile.TemporaryDirectory(prefix="flowtui-") as elsewhere:
            yield Path(elsewhere)
        return
    try:
        yield folder
    finally:
        _remove_folder(folder)


def _make_folder(parent: Path) -> Path:
    with _alive_change:
        parent.mkdir(exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=parent))
        _alive.add(folder)
    return folder


def _remove_folder(folder: Path) -> None:
    with _alive_change:
        shutil.rmtree(folder, ignore_errors=True)
        _alive.discard(folder)
        with suppress(OSError):
            # The last one goes with the place of them all.
            folder.parent.rmdir()


def sweep(workspace: Path) -> None:
    """Remove what killed loads left beside a workspace; only for a process that holds it."""
    # What cannot be removed, or named, takes up room and harms nothing.
    with suppress(OSError), _alive_change:
        for folder in set(_folder(workspace).iterdir()) - _alive:
            shutil.rmtree(folder, ignore_errors=True)
        _folder(workspace).rmdir()


def _folder(workspace: Path) -> Path:
    place = Path(os.path.realpath(workspace))
    return place.with_name(f".{place.name}.plain")
