"""Queries on the demo account's Athena: answered by the local engine, on the objects of the demo account's own bucket.

A run has a thread of its own, as a query on Athena goes on while one asks how it stands. The records are loaded into a
workspace in a temporary folder at the first query, and whatever was delivered since at every later one.

So it speaks the dialect that flowtui knows, and its failures are flowtui's in Athena's form: it is no test of Athena.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flowtui.demo.delivery import KEPT_S, Delivery
from flowtui.demo.flowlogs import US_BUCKET
from flowtui.demo.network import ACCOUNT_ID
from flowtui.demo.state import State
from flowtui.demo.store import deliveries_in
from flowtui.errors import FlowTuiError, QueryCancelled, QueryError

if TYPE_CHECKING:
    from flowtui.lake.workspace import Workspace
    from flowtui.sql.duckdb_engine import DuckDBEngine
    from flowtui.sql.engine import Column

REGION = "us-east-1"
DATABASE = "vpc_flow_logs"
TABLE = "flow_logs"
PREFIX = f"AWSLogs/aws-account-id={ACCOUNT_ID}/aws-service=vpcflowlogs/aws-region={REGION}/"
"""Where the records of the VPC prod-core lie, whose flow log has the fields that the examples ask for."""
_PART = "athena lake"
_LONGEST_LEAVE_S = 5.0


def day_folder(day: date) -> str:
    """The folder of one day's objects."""
    return f"{PREFIX}year={day:%Y}/month={day:%m}/day={day:%d}/"


def days(state: State) -> list[date]:
    """The days that the table has partitions for: those whose objects have not expired."""
    now = datetime.fromtimestamp(state.now, UTC)
    first = (now - timedelta(seconds=KEPT_S)).date()
    return [first + timedelta(days=number) for number in range((now.date() - first).days + 1)]


@dataclass(frozen=True, slots=True)
class _Object:
    """A delivered object as the lake loads it."""

    item: Delivery
    folder: Path

    bucket = US_BUCKET
    here = True
    refused = ()

    @property
    def key(self) -> str:
        """Its key."""
        return self.item.key

    @property
    def etag(self) -> str:
        """Its entity tag."""
        return self.item.etag

    @property
    def size(self) -> int:
        """Its bytes."""
        return len(self.item.body)

    @property
    def name(self) -> str:
        """``s3://bucket/key``."""
        return f"s3://{self.bucket}/{self.key}"

    def fetch(self) -> Path:
        """A file with its content."""
        path = self.folder / self.key.rpartition("/")[2]
        path.write_bytes(self.item.body)
        return path

    def discard(self) -> None:
        """Nothing: its content is right."""


class Lake:
    """The records that queries are answered from; one a demo account."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._lock = threading.Lock()
        self._workspace: Workspace | None = None

    @classmethod
    def of(cls, state: State) -> Lake:
        """The lake of an account; made at the first call."""
        with state.lock:
            if _PART not in state.parts:
                state.parts[_PART] = cls(state)
            lake: Lake = state.parts[_PART]
            return lake

    def workspace(self, stop: threading.Event) -> Workspace:
        """The workspace, with everything in it that is delivered by now; cut short when ``stop`` is set."""
        from flowtui.lake.load import load
        from flowtui.lake.workspace import Workspace

        with self._lock:
            if self._workspace is None:
                folder = Path(tempfile.mkdtemp(prefix="flowtui-demo-"))
                weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
                self._workspace = Workspace.open(folder / "athena.duckdb")
            folder = self._workspace.path.parent
            found = [_Object(item, folder) for item in deliveries_in(self._state, US_BUCKET, PREFIX)]
            for _ in load(self._workspace, found, clock=self._state.clock):
                if stop.is_set():
                    break
            return self._workspace


class Run:
    """One query.

    Args:
        state: of the account.
        id: of the query.
        text: its statement.
        database: database of tables named without one.
    """

    def __init__(self, state: State, id: str, text: str, database: str) -> None:
        self.id = id
        self.text = text
        self.database = database
        self.submitted = state.now
        self.status = "RUNNING"
        self.reason = ""
        self.bytes_scanned = 0
        self.columns: tuple[Column, ...] = ()
        self.rows: Sequence[tuple[str | None, ...]] = ()
        self._state = state
        self._stop = threading.Event()
        self._engine: DuckDBEngine | None = None
        self._thread = threading.Thread(target=self._work, name=f"demo-athena-{id[:8]}", daemon=True)
        self._thread.start()
        # A daemon thread that is inside DuckDB when the interpreter goes takes the process down with it.
        atexit.register(self._leave)

    @property
    def kind(self) -> str:
        """DML, DDL or UTILITY."""
        word = self.text.split(None, 1)[0].upper().strip("(") if self.text.strip() else ""
        if word in ("SHOW", "DESCRIBE", "DESC", "EXPLAIN"):
            return "UTILITY"
        return "DML" if word in ("SELECT", "WITH", "VALUES", "INSERT", "") else "DDL"

    def stop(self) -> None:
        """End it if it still runs."""
        self._stop.set()
        if self._engine is not None:
            self._engine.cancel()

    def _leave(self) -> None:
        self.stop()
        self._thread.join(_LONGEST_LEAVE_S)

    def _work(self) -> None:
        from flowtui.sql.duckdb_engine import DuckDBEngine
        from flowtui.sql.writers import rows

        try:
            workspace = Lake.of(self._state).workspace(self._stop)
            self._engine = DuckDBEngine(workspace.cursor, database=self.database)
            if self._stop.is_set():
                raise QueryCancelled("")
            result = self._engine.run(self.text)
            self.columns = result.columns
            self.rows = tuple(rows(iter(result.table.to_batches()), result.columns))
            self.bytes_scanned = self._scanned() if self.kind == "DML" else 0
            self.status = "SUCCEEDED"
        except QueryCancelled:
            self.reason, self.status = "Query cancelled by user", "CANCELLED"
        except QueryError as error:
            self.reason, self.status = _in_athenas_form(error), "FAILED"
        except FlowTuiError as error:
            self.reason, self.status = f"GENERIC_INTERNAL_ERROR: {error.message}", "FAILED"
        finally:
            atexit.unregister(self._leave)

    def _scanned(self) -> int:
        """Bytes under the partitions that the query's conditions select, every mention of the table for itself."""
        from flowtui.sql.partition_filter import selected
        from flowtui.sql.reads import reads
        from flowtui.sql.statements import split

        known = days(self._state)
        values = [(day.isoformat(),) for day in known]
        total = 0
        for read in reads(self.text, split(self.text)[0], self.database):
            if (read.database, read.name) == (DATABASE, TABLE):
                places, _ = selected(read, [("dt", "string")], values)
                for place in places:
                    found = deliveries_in(self._state, US_BUCKET, day_folder(known[place]))
                    total += sum(len(item.body) for item in found)
        return total


def _in_athenas_form(error: QueryError) -> str:
    bare = error.message.removeprefix(f"line {error.line}, column {error.column}: ")
    place = f"line {error.line}:{error.column}: " if error.line else ""
    return f"SYNTAX_ERROR: {place}{bare}"
