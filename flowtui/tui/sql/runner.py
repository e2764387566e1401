"""The workers' side of the SQL screen: running a statement, writing a result, reading what there is to ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from textwrap import wrap
from threading import Event, Lock
from typing import TYPE_CHECKING

from flowtui.errors import QueryCancelled, QueryError, UsageError
from flowtui.places import expanded, is_folder, is_there
from flowtui.sql.dialect.catalog import DEFAULT_DATABASE
from flowtui.sql.statements import Statement
from flowtui.tui.sql.on_athena import ATHENA, OnAthena
from flowtui.tui.sql.outcome import Outcome
from flowtui.tui.sql.placing import placed

if TYPE_CHECKING:
    from flowtui.context import Context
    from flowtui.lake.export import ExportProgress
    from flowtui.lake.workspace import Summary, Workspace
    from flowtui.sql.duckdb_engine import DuckDBEngine
    from flowtui.sql.engine import QueryStream
    from flowtui.sql.library import Example

DUCKDB = "DuckDB"
_COMMENT_WIDTH = 68


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table or view: its columns with Athena's types, and how many rows it has, None when not counted."""

    database: str
    name: str
    columns: tuple[tuple[str, str], ...]
    rows: int | None


@dataclass(frozen=True, slots=True)
class Contents:
    """What there is to ask about; ``live`` is how many rows came from tails."""

    summary: Summary
    tables: tuple[TableInfo, ...]
    live: int = 0


class Runner:
    """Runs statements on the workspace or on Athena.

    Threads: the generators are iterated in a job's thread, a run and an export at once; :meth:`cancel` may be called
    from any.

    Args:
        context: opens the workspace and knows the accounts.
    """

    def __init__(self, context: Context) -> None:
        self._workspace = context.workspace
        self._lock = Lock()
        self._engines: dict[Event, DuckDBEngine] = {}
        self.athena = OnAthena(context)
        self.engine = DUCKDB

    def turn(self) -> None:
        """Go to the other engine."""
        self.engine = ATHENA if self.engine == DUCKDB else DUCKDB

    @contextmanager
    def _engine(self, stop: Event) -> Iterator[DuckDBEngine]:
        """An engine for one statement; it begins nothing once ``stop`` is set, however early that was."""
        from flowtui.sql.duckdb_engine import DuckDBEngine

        engine = DuckDBEngine(lambda: self._unless_stopped(stop).cursor())
        with self._lock:
            self._engines[stop] = engine
        try:
            yield engine
        finally:
            with self._lock:
                del self._engines[stop]

    def _unless_stopped(self, stop: Event) -> Workspace:
        if stop.is_set():
            raise QueryCancelled("The query was cancelled before it began.")
        return self._workspace()

    def run(self, statement: Statement, text: str, limit: int, stop: Event) -> Iterator[Outcome]:
        """Run one statement of a text and fetch up to ``limit`` rows.

        ``stop`` ends a run on Athena and keeps one on DuckDB from beginning; begun, that is ended by :meth:`cancel`.

        Raises:
            WorkspaceError: the workspace cannot be opened.
            QueryError: the statement failed; its place counts in the whole text.
            QueryCancelled: :meth:`cancel` was called.
        """
        # Imported here, in the thread, because the grid brings pyarrow, which would hold the event loop for 150 ms.
        import_module("flowtui.tui.widgets.result_grid")
        if self.engine == ATHENA:
            yield from self.athena.run(statement, text, limit, stop)
            return
        try:
            with self._engine(stop) as engine:
                result = engine.run(statement.text, limit)
        except QueryError as error:
            raise placed(error, statement, text) from error
        kinds = tuple(column.kind for column in result.columns)
        yield Outcome(statement.text, DUCKDB, result.table, kinds, result.more, result.elapsed_s, result.notices)

    def export(self, outcome: Outcome, path: Path, stop: Event) -> Iterator[ExportProgress]:
        """Write a result to a file, in the format of its ending; a result that was cut is asked for again, whole.

        Raises:
            FlowTuiError: the file cannot be written.
            QueryError: the statement now fails.
        """
        from flowtui.lake.export import export_steps, format_of

        if outcome.table is None:
            return
        if not outcome.more:
            yield from export_steps(outcome.table, path, format_of(path))
            return
        if outcome.billed:
            yield from _written(self.athena.stream(outcome), path)
            return
        with self._engine(stop) as engine:
            yield from _written(engine.stream(outcome.statement), path)

    def contents(self) -> Iterator[Contents]:
        """Tables and totals of the workspace.

        Raises:
            WorkspaceError: it cannot be opened or read.
        """
        from flowtui.lake.live import live_rows
        from flowtui.lake.trouble import explained
        from flowtui.sql.duckdb_engine import DuckDBEngine

        workspace = self._workspace()
        summary = workspace.summary()
        with explained(workspace.path):
            with workspace.cursor() as cursor:
                live = live_rows(cursor)
            catalog = DuckDBEngine(workspace.cursor).catalog()
            counts = {
                "flow_logs": summary.records,
                "transit_gateway_flow_logs": summary.transit_gateway_records,
                "rejected_lines": summary.rejected,
                **live,
            }
            found = []
            for database in catalog.databases():
                for name in catalog.tables(database):
                    table = catalog.table(database, name)
                    columns = [(one.name, str(one.type or one.stored)) for one in table.columns] if table else []
                    found.append(TableInfo(database, name, tuple(columns), counts.get(name)))
        # What is asked most comes first; tables without rows last.
        found.sort(key=lambda one: (one.name != "flow_logs", one.database != DEFAULT_DATABASE, one.rows == 0, one.name))
        yield Contents(summary, tuple(found), sum(live.values()))

    def cancel(self) -> None:
        """Interrupt the statements whose job was asked to stop; DuckDB does not look at their stop events."""
        with self._lock:
            stopped = [engine for stop, engine in self._engines.items() if stop.is_set()]
        for engine in stopped:
            engine.cancel()


def _written(stream: QueryStream, path: Path) -> Iterator[ExportProgress]:
    import pyarrow as pa

    from flowtui.lake.export import export_steps, format_of

    try:
        reader = pa.RecordBatchReader.from_batches(stream.schema, stream.batches)
        yield from export_steps(reader, path, format_of(path))
    finally:
        stream.close()


def read_examples() -> Iterator[tuple[Example, ...]]:
    """The examples library."""
    from flowtui.sql.library import examples

    yield examples()


def check_target(text: str) -> Path:
    """The file a user named for a result.

    Raises:
        UsageError: its ending names no format, its folder does not exist, or it is there already.
        FlowTuiError: its folder may not be entered.
    """
    from flowtui.lake.export import format_of

    path = expanded(text)
    format_of(path)
    if not is_folder(path.parent):
        raise UsageError(f"There is no folder {path.parent}.", "Make it first, or write elsewhere.")
    if is_there(path):
        raise UsageError(f"{path} is there already.", "Choose another name.")
    return path


def example_text(example: Example, contents: Contents | None) -> str:
    """An example as the editor shows it: what it answers and what to look for, above its text.

    A day of the example that the workspace has no records of becomes the newest day it has; the comment says so.
    """
    from flowtui.sql.library import days_of, on_day

    sql = example.sql
    remarks = [example.question, f"Look for: {example.look_for}"]
    summary = contents.summary if contents else None
    if summary and summary.first_dt and summary.last_dt:
        for day in days_of(sql):
            if not summary.first_dt <= day <= summary.last_dt:
                sql = on_day(sql, day, summary.last_dt)
                remarks.append(f"The day was {day}; {summary.last_dt} is the newest one loaded.")
    lines = [line for remark in remarks for line in wrap(remark, _COMMENT_WIDTH)]
    return "".join(f"-- {line}\n" for line in lines) + sql + "\n"
