"""The workspace: one DuckDB file that holds loaded records, opened by one process at a time.

Threads: :meth:`Workspace.cursor` may be called from any thread; a cursor belongs to the thread that asked for it,
except that ``interrupt()`` may come from another. Whoever writes holds :attr:`Workspace.writing` for the length of
its transaction, so that two loads at once take turns.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakSet

from flowtui.errors import WorkspaceError
from flowtui.lake.create import create, is_absent
from flowtui.lake.spool import sweep
from flowtui.lake.trouble import explained
from flowtui.places import expanded
from flowtui.records.layout import Layout

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Extensions would be fetched over the network at the first function that needs one; nothing here does.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}

_CLOSING_S = 5.0


@dataclass(frozen=True, slots=True)
class Summary:
    """What a workspace holds.

    Args:
        records: rows of VPC flow logs.
        transit_gateway_records: rows of transit gateway flow logs.
        first_dt: earliest day, ``YYYY-MM-DD``, None when empty.
        last_dt: latest day.
        layouts: every layout that some loaded object has.
        objects: objects loaded.
        rejected: lines refused.
        failed: objects that could not be loaded when last tried.
    """

    records: int
    transit_gateway_records: int
    first_dt: str | None
    last_dt: str | None
    layouts: tuple[Layout, ...]
    objects: int
    rejected: int
    failed: int


def _connect(path: Path, shown: Path) -> DuckDBPyConnection:
    """A connection to a file, brought to this version; ``shown`` is what errors call it."""
    import duckdb

    from flowtui.lake.schema import migrate

    connection = duckdb.connect(str(path), config=_CONFIG)
    try:
        # A cursor does not inherit its parent's zone, only the global one.
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        migrate(connection, shown)
    except BaseException:
        connection.close()
        raise
    return connection


class Workspace:
    """An open workspace. Make one with :meth:`open`; close it, or use it as a context manager."""

    def __init__(self, path: Path, connection: DuckDBPyConnection) -> None:
        self.path = path
        self.writing = threading.Lock()
        self._connection = connection
        self._cursors: WeakSet[DuckDBPyConnection] = WeakSet()
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path) -> Workspace:
        """Open a workspace, made when it does not exist, brought to this version when it is older.

        Raises:
            WorkspaceError: another process holds it, it is of a newer version, damaged, or cannot be written.
        """
        path = expanded(path).absolute()
        if "?" in str(path):
            # It would put the log of the file elsewhere.
            hint = "The database takes what follows a question mark for options; choose another folder or name."
            raise WorkspaceError(f"No workspace can be at {path}.", hint)
        with explained(path):
            if is_absent(path):
                create(path, lambda temporary: _connect(temporary, path).close())
            connection = _connect(path, path)
        sweep(path)
        return cls(path, connection)

    @staticmethod
    def exists(path: Path) -> bool:
        """Whether there is something to open, so that opening makes no new file.

        Raises:
            WorkspaceError: the path cannot be looked at.
        """
        path = expanded(path).absolute()
        with explained(path):
            return not is_absent(path)

    def cursor(self) -> DuckDBPyConnection:
        """A connection of its own for one piece of work; close it afterwards.

        Raises:
            WorkspaceError: the workspace is closed, or the database failed.
        """
        with explained(self.path), self._lock:
            cursor = self._connection.cursor()
            self._cursors.add(cursor)
            return cursor

    def limit_memory(self, size: str) -> None:
        """Let loading and queries use no more memory than a size such as ``4GB``; nothing changes for an empty one.

        What does not fit is put on the disk beside the workspace where DuckDB can do so.

        Raises:
            WorkspaceError: DuckDB does not take the size.
        """
        if size:
            with explained(self.path), self.cursor() as cursor:
                cursor.execute(f"SET GLOBAL memory_limit = '{size}'")

    def summary(self) -> Summary:
        """What is loaded, from the ledger; cheap at any size.

        Raises:
            WorkspaceError: the database failed.
        """
        with explained(self.path), self.cursor() as cursor:
            totals = cursor.execute(
                "SELECT coalesce(sum(rows) FILTER (kind = 'vpc'), 0), coalesce(sum(rows) FILTER (kind = 'tgw'), 0), "
                "count(*) FILTER (status = 'loaded'), coalesce(sum(rejected), 0), count(*) FILTER (status = 'failed'), "
                "min(first_dt), max(last_dt) "
                "FROM flowtui.objects"
            ).fetchone()
            layouts = cursor.execute(
                "SELECT layout FROM flowtui.objects WHERE status = 'loaded' GROUP BY layout ORDER BY sum(rows) DESC, 1"
            ).fetchall()
        assert totals is not None  # aggregates without GROUP BY give one row
        vpc, tgw, objects, rejected, failed = (int(number) for number in totals[:5])
        found = tuple(Layout.of(str(row[0]).split()) for row in layouts)
        return Summary(vpc, tgw, totals[5], totals[6], found, objects, rejected, failed)

    def close(self) -> None:
        """Interrupt what still runs and close the file; cursors fail from now on. Closing twice does nothing.

        Raises:
            WorkspaceError: some statement did not stop.
        """
        import duckdb

        deadline = time.monotonic() + _CLOSING_S
        with explained(self.path), self._lock:
            while True:
                try:
                    self._connection.close()
                    return
                except duckdb.OperationalError as error:
                    # DuckDB refuses to close under a running statement.
                    if "connection is busy" not in str(error):
                        raise
                    if time.monotonic() > deadline:
                        message = f"A statement on the workspace {self.path} did not stop."
                        raise WorkspaceError(message, "What it was to write is not written; the rest is.") from error
                for cursor in list(self._cursors):
                    cursor.interrupt()
                time.sleep(0.01)

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
