"""The local engine: Athena's SQL translated, run by DuckDB on the workspace.

Threads: one statement at a time runs on the thread that called :meth:`DuckDBEngine.run`; ``cancel`` may come from any
other. Every statement has a cursor of its own, closed when its rows are fetched or given up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from flowtui.errors import QueryCancelled, QueryError
from flowtui.sql.calendar import check_years
from flowtui.sql.dialect.catalog import DEFAULT_DATABASE
from flowtui.sql.dialect.positions import error_at
from flowtui.sql.dialect.translate import Translation, translate
from flowtui.sql.engine import Column, QueryResult, QueryStream, collected
from flowtui.sql.faults import explained
from flowtui.sql.local_catalog import LocalCatalog
from flowtui.sql.macros import prepare
from flowtui.sql.prepared import executed
from flowtui.sql.statements import Statement, split

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

_BATCH_ROWS = 10_000
_AGAIN_S = 0.02
"""Between two attempts to interrupt."""
_CANCELLED = "The query was cancelled."


class DuckDBEngine:
    """Answers from the workspace.

    Args:
        new_cursor: makes a connection of its own to the workspace; called once per statement.
        database: the database of tables named without one.
    """

    name = "DuckDB"

    def __init__(self, new_cursor: Callable[[], DuckDBPyConnection], *, database: str = DEFAULT_DATABASE) -> None:
        self._new_cursor = new_cursor
        self.database = database
        self._lock = threading.Lock()
        self._running: DuckDBPyConnection | None = None
        self._open: list[DuckDBPyConnection] = []
        self._halted: list[DuckDBPyConnection] = []
        self._cancelled = False

    def translate(self, text: str) -> Translation:
        """The DuckDB text of a query, not run.

        Raises:
            QueryError: it is refused.
        """
        statement = one_statement(text)
        cursor = self._new_cursor()
        try:
            prepared = executed(cursor, text, statement)
            if prepared is None:
                return self._translated(cursor, text, statement)
            with prepared.placed():
                return self._translated(cursor, prepared.text, one_statement(prepared.text))
        finally:
            cursor.close()

    def catalog(self) -> LocalCatalog:
        """The databases, tables and columns there are now."""
        cursor = self._new_cursor()
        try:
            catalog = LocalCatalog(cursor)
            catalog.databases()
            return catalog
        finally:
            cursor.close()

    def run(self, text: str, limit: int | None = None) -> QueryResult:
        """Run one statement and fetch at most ``limit`` rows.

        Raises:
            QueryError: it was refused or failed.
            QueryCancelled: :meth:`cancel` was called.
        """
        started = time.perf_counter()
        return collected(self.stream(text, limit), limit, started)

    def stream(self, text: str, limit: int | None = None) -> QueryStream:
        """Start one statement and hand out its rows as they come.

        Args:
            text: the statement.
            limit: rows that will be read at most; only sets the size of the batches.

        Raises:
            QueryError: it was refused.
            QueryCancelled: :meth:`cancel` was called; batches may raise both as well.
        """
        statement = one_statement(text)
        cursor = self._begin()
        try:
            return self._started(cursor, text, statement, limit)
        except BaseException:
            self._end(cursor)
            raise

    def cancel(self) -> None:
        """Stop the running statement; returns at once, the runner raises :class:`QueryCancelled`."""
        with self._lock:
            self._cancelled = True
            running = self._running
            self._halted += [running] if running is not None else []
        if running is not None:
            threading.Thread(target=self._interrupt, args=(running,), name="flowtui-cancel", daemon=True).start()

    def _interrupt(self, cursor: DuckDBPyConnection) -> None:
        """Again until the statement has ended: what comes while DuckDB prepares one, it forgets."""
        while True:
            with self._lock:
                if not any(other is cursor for other in self._open):
                    return
                cursor.interrupt()
            time.sleep(_AGAIN_S)

    def _started(self, cursor: DuckDBPyConnection, text: str, statement: Statement, limit: int | None) -> QueryStream:
        from flowtui.sql.utility import run_utility

        prepared = executed(cursor, text, statement)
        if prepared is not None:
            with prepared.placed():
                stream = self._started(cursor, prepared.text, one_statement(prepared.text), limit)
            return replace(stream, batches=prepared.each_placed(stream.batches))
        with explained(text, statement, None):
            done = run_utility(cursor, text, statement, self.database, self._again)
        if done is not None:
            self._end(cursor)
            return QueryStream(done.columns, iter(done.table.to_batches()), done.table.schema, done.notices)
        translation = self._translated(cursor, text, statement)
        self._check_cancelled(cursor)
        columns = tuple(Column(column.name, column.type) for column in translation.columns)
        size = _BATCH_ROWS if limit is None else max(1, min(_BATCH_ROWS, limit + 1))
        with explained(text, statement, translation, self._again):
            reader = cursor.sql(translation.sql).to_arrow_reader(size)
        schema = _named(reader.schema, columns)
        batches = self._batches(cursor, reader, schema, (text, statement, translation))
        return QueryStream(columns, batches, schema, translation.notices)

    def _batches(
        self,
        cursor: DuckDBPyConnection,
        reader: pa.RecordBatchReader,
        schema: pa.Schema,
        source: tuple[str, Statement, Translation],
    ) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        try:
            while True:
                with explained(*source, self._again):
                    try:
                        batch = reader.read_next_batch()
                    except StopIteration:
                        return
                self._check_cancelled(cursor)
                batch = pa.RecordBatch.from_arrays(batch.columns, schema=schema)
                check_years(batch)
                yield batch
        finally:
            self._end(cursor)

    def _translated(self, cursor: DuckDBPyConnection, text: str, statement: Statement) -> Translation:
        catalog = LocalCatalog(cursor)
        return translate(text, catalog, database=self.database, start=statement.start, end=statement.end)

    def _again(self, sql: str, seconds: float) -> Exception | None:
        """Run DuckDB text to its end, to see how it fails.

        Raises:
            QueryCancelled: :meth:`cancel` was called.
            TimeoutError: the time was up.
        """
        import duckdb

        cursor = self._new_cursor()
        timer = threading.Timer(seconds, self._interrupt, (cursor,))
        with self._lock:
            outer, self._running = self._running, cursor
            self._open.append(cursor)
        try:
            prepare(cursor)
            self._check_cancelled(cursor)
            timer.start()
            for _ in cursor.sql(sql).to_arrow_reader(_BATCH_ROWS):
                pass
        except (duckdb.Error, OSError) as error:
            self._check_cancelled(cursor)
            if "interrupted" in str(error).lower():
                raise TimeoutError from error
            return error
        finally:
            timer.cancel()
            with self._lock:
                self._running = outer
            self._end(cursor)
        return None

    def _begin(self) -> DuckDBPyConnection:
        with self._lock:
            self._cancelled = False
        cursor = self._new_cursor()
        with self._lock:
            self._open.append(cursor)
        try:
            # Not yet to be interrupted: macros half loaded would be missed by every later statement.
            prepare(cursor)
            with self._lock:
                self._running = cursor
            self._check_cancelled(cursor)
        except BaseException:
            self._end(cursor)
            raise
        return cursor

    def _end(self, cursor: DuckDBPyConnection) -> None:
        with self._lock:
            if self._running is cursor:
                self._running = None
            self._open = [other for other in self._open if other is not cursor]
            self._halted = [other for other in self._halted if other is not cursor]
        cursor.close()

    def _check_cancelled(self, cursor: DuckDBPyConnection) -> None:
        # Those that were cancelled before the statement that runs now began.
        if self._cancelled or any(other is cursor for other in self._halted):
            raise QueryCancelled(_CANCELLED)


def one_statement(text: str) -> Statement:
    """The only statement of a text.

    Raises:
        QueryError: there is none, or more than one.
    """
    statements = split(text)
    if not statements:
        raise QueryError("There is no statement here.", "Write one, or take one from the examples.")
    if len(statements) > 1:
        raise error_at(text, statements[1].start, "One statement is run at a time; a second one starts here.")
    return statements[0]


def _named(schema: pa.Schema, columns: tuple[Column, ...]) -> pa.Schema:
    """DuckDB's schema with the names Athena gives; names may repeat."""
    import pyarrow as pa

    fields = [pa.field(column.name, schema.field(place).type) for place, column in enumerate(columns)]
    return pa.schema(fields)
