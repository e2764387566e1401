"""Runs one batch at a time in a thread of its own, so that the load can go on telling how far it is.

A batch that a statement refuses is split until the file at fault is alone; that is read once more by our own parser,
and set aside when that fails too.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from flowtui.lake.aside import Aside
from flowtui.lake.batch import Loaded, load_batch
from flowtui.lake.faults import Stopped
from flowtui.lake.ledger import Tally
from flowtui.lake.meter import Meter
from flowtui.lake.prepare import Prepared
from flowtui.lake.trouble import explained, out_of_room
from flowtui.lake.workspace import Workspace
from flowtui.times import Clock

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_INTERRUPT_S = 0.05
_OURS = "Invalid Input Error: "
"""What DuckDB puts before a refusal of our own statements."""


class Writer:
    """Writes batches into a workspace; belongs to one thread.

    Args:
        workspace: where to.
        clock: what the ledger notes as time of loading.
        stop: set to give up.
    """

    def __init__(self, workspace: Workspace, clock: Clock, stop: threading.Event) -> None:
        self._workspace = workspace
        self._clock = clock
        self._stop = stop
        self._aside: Aside | None = None
        self._cursor: DuckDBPyConnection | None = None
        self._meter = Meter(0)
        self._result: list[Loaded] = []

    @property
    def busy(self) -> bool:
        """Whether a batch was begun and not yet collected."""
        return self._aside is not None

    def begin(self, files: Sequence[Prepared]) -> None:
        """Begin a batch; the one before must have been collected."""
        self._result = []
        self._meter = Meter(sum(file.source.size for file in files))
        self._cursor = self._workspace.cursor()
        self._cursor.execute("SET enable_progress_bar = true")
        self._cursor.execute("SET enable_progress_bar_print = false")
        self._aside = Aside(self._cursor, partial(self._write, self._cursor, files))
        self._aside.begin()

    def wait(self, timeout_s: float) -> None:
        """Until the batch is done, or for so long."""
        if self._aside is not None:
            self._aside.at_rest.wait(timeout_s)

    def collect(self) -> list[Loaded] | None:
        """What a finished batch gave; None while there is none.

        Raises:
            WorkspaceError: the workspace failed.
        """
        if self._aside is None or not self._aside.at_rest.is_set():
            return None
        error = self._aside.error
        self._end()
        if error is not None:
            with explained(self._workspace.path):
                raise error
        return self._result

    def bytes_done(self) -> int:
        """Bytes as stored that the batch at work has read, about."""
        return 0 if self._cursor is None else self._meter.bytes_done(self._cursor.query_progress())

    def cancel(self) -> None:
        """Stop the batch at work, which is rolled back, and wait for that."""
        if self._aside is not None:
            self._aside.end()
        self._end()

    def _end(self) -> None:
        if self._cursor is not None:
            self._cursor.close()
        self._aside = self._cursor = None

    def _write(self, cursor: DuckDBPyConnection, files: Sequence[Prepared], *, slowly: bool = False) -> None:
        import duckdb

        try:
            self._result += self._locked(cursor, files, slowly)
        except duckdb.InterruptException:
            raise
        except (duckdb.Error, OSError) as error:
            if out_of_room(str(error)) or (isinstance(error, OSError) and error.errno in _NO_ROOM):
                raise
            if len(files) > 1:
                middle = len(files) // 2
                self._write(cursor, files[:middle])
                self._write(cursor, files[middle:])
            elif not slowly:
                self._write(cursor, files, slowly=True)
            else:
                reason = (str(error).strip().splitlines() or ["no reason given"])[0].removeprefix(_OURS)
                self._result.append(Loaded(files[0], Tally(0, 0), f"it cannot be read: {reason}"))

    def _locked(self, cursor: DuckDBPyConnection, files: Sequence[Prepared], slowly: bool) -> list[Loaded]:
        while not self._workspace.writing.acquire(timeout=_INTERRUPT_S):
            if self._stop.is_set():
                raise Stopped
        try:
            now = self._clock()
            return load_batch(cursor, self._workspace.path, files, now, self._stop, self._meter, slowly=slowly)
        finally:
            self._workspace.writing.release()
