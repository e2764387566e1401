"""The engine that asks Athena: start, poll, page, stop.

Threads: one statement at a time runs on the thread that called :meth:`AthenaEngine.run`; ``cancel`` may come from any
other and only sets a flag, so it never waits for the network. The running thread sees it within its pause, asks Athena
to stop, and raises.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowtui.aws import athena
from flowtui.aws.athena import Execution, Job, ResultPage, WorkGroup
from flowtui.aws.failures import is_passing
from flowtui.aws.session import Account
from flowtui.config import Settings
from flowtui.errors import AwsError, QueryCancelled, UsageError
from flowtui.insight.cost import athena_cost
from flowtui.sql.athena_text import Submission, athena_error, submission
from flowtui.sql.athena_values import batch_of, columns_of, schema_of
from flowtui.sql.duckdb_engine import one_statement
from flowtui.sql.engine import Billed, Column, QueryResult, QueryStream, collected
from flowtui.sql.statements import Statement

if TYPE_CHECKING:
    import pyarrow as pa

_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 3.0
_TRIES = 6
"""Polls that may fail one after the other, for a passing reason, before the query is left to itself."""

Watcher = Callable[[Execution], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where statements run. ``told`` says what was chosen, for the user."""

    workgroup: str
    catalog: str
    database: str
    output_location: str = ""
    reuse_minutes: int = 0
    told: str = ""


def place_of(account: Account, settings: Settings) -> Place:
    """The workgroup and the place for results: those of the settings, checked against the account.

    Raises:
        UsageError: the workgroup is disabled, or nobody says where results go.
        AwsError: the workgroup does not exist.
    """
    name = settings.athena_workgroup
    wanted = Place(
        name,
        settings.athena_catalog,
        settings.athena_database,
        settings.athena_output,
        settings.athena_reuse_min,
        f"workgroup {name}",
    )
    try:
        group = athena.work_group(account, name)
    except AwsError as error:
        if error.action:
            # The workgroup may not be read, which says nothing about whether it may be used.
            return wanted
        raise _unknown_workgroup(account, name, error) from error
    return _checked(wanted, group)


def _checked(wanted: Place, group: WorkGroup) -> Place:
    if not group.enabled:
        raise UsageError(f"The workgroup {group.name} is disabled.", "Choose another with athena_workgroup.")
    if group.enforced or group.managed_results:
        # Athena ignores, or refuses, a place that the client names beside the workgroup's own.
        kept = group.output_location or ("kept by Athena" if group.managed_results else "")
        output, told = "", f"workgroup {group.name}, results {kept}".rstrip()
    else:
        output = wanted.output_location
        kept = output or group.output_location
        told = f"workgroup {group.name}, results {kept}"
    if not kept:
        hint = 'Set athena_output = "s3://bucket/folder/" in config.toml, or give the workgroup a result location.'
        raise UsageError(f"Nobody says where results go: the workgroup {group.name} has no result location.", hint)
    return Place(wanted.workgroup, wanted.catalog, wanted.database, output, wanted.reuse_minutes, told)


def _unknown_workgroup(account: Account, name: str, error: AwsError) -> AwsError:
    if error.code != "InvalidRequestException":
        return error
    try:
        there = ", ".join(athena.work_group_names(account))
    except AwsError:
        return error
    return AwsError(error.message, f"Workgroups there are: {there}. Choose with athena_workgroup.", code=error.code)


class AthenaEngine:
    """Answers from Athena.

    Args:
        account: the account; its home region is asked.
        place: workgroup, catalog, database and place of results.
        watch: told how the statement stands, at every poll, on the running thread.
        stop: cancels when set, also before a statement is started; without one :meth:`cancel` does, once it runs.
    """

    name = "Athena"

    def __init__(
        self, account: Account, place: Place, watch: Watcher | None = None, *, stop: threading.Event | None = None
    ) -> None:
        self._account = account
        self.place = place
        self._watch = watch
        self._one_time = stop is not None
        self._cancelled = stop or threading.Event()

    def run(self, text: str, limit: int | None = None) -> QueryResult:
        """Run one statement and fetch at most ``limit`` rows; Athena makes them all, whatever the limit.

        Raises:
            QueryError: it was refused here, or failed there, with Athena's own text.
            QueryCancelled: :meth:`cancel` was called.
            AwsError: a call was denied, or AWS cannot be reached.
            ReadOnlyError: the account is read-only.
        """
        started = time.perf_counter()
        return collected(self.stream(text, limit), limit, started)

    def stream(self, text: str, limit: int | None = None) -> QueryStream:
        """Run one statement to its end and hand out its rows page by page; errors as :meth:`run`."""
        self._begin()
        statement = one_statement(text)
        sent = submission(text, statement)
        place = self.place
        job = Job(sent.text, place.workgroup, place.catalog, place.database, place.output_location, place.reuse_minutes)
        id = athena.start(self._account, job)
        done = self._wait(id)
        if done.state == "FAILED":
            raise athena_error(text, statement, sent, done.reason)
        if done.state == "CANCELLED":
            raise QueryCancelled(f"Athena stopped the query: {done.reason or 'it was cancelled elsewhere'}")
        return self._rows(done, sent, statement)

    def again(self, id: str, text: str) -> QueryStream:
        """The rows of a statement that was run before, from where Athena keeps them: nothing is run or billed.

        Raises:
            AwsError: the results are gone, or may not be read.
        """
        self._begin()
        statement = one_statement(text)
        return self._rows(athena.execution(self._account, id), submission(text, statement), statement)

    def cancel(self) -> None:
        """Stop the running statement; returns at once, the runner raises :class:`QueryCancelled`."""
        self._cancelled.set()

    def _begin(self) -> None:
        if not self._one_time:
            self._cancelled.clear()
        elif self._cancelled.is_set():
            raise QueryCancelled("The query was cancelled before it began.")

    def _wait(self, id: str) -> Execution:
        """Poll until the end, less and less often; what is started is stopped when this is left early."""
        pause, failures = _FIRST_PAUSE_S, 0
        try:
            while True:
                try:
                    now, failures = athena.execution(self._account, id), 0
                except AwsError as error:
                    failures += 1
                    if not is_passing(error) or failures >= _TRIES:
                        raise
                else:
                    if self._watch is not None:
                        self._watch(now)
                    if now.done:
                        return now
                if self._cancelled.wait(pause):
                    raise QueryCancelled("The query was cancelled.")
                pause = min(pause * 1.5, _LONGEST_PAUSE_S)
        except BaseException as error:
            self._stop(id, error)
            raise

    def _stop(self, id: str, why: BaseException) -> None:
        told, failure = f"The query {id} was asked to stop.", None
        try:
            athena.stop(self._account, id)
        except AwsError as error:
            told, failure = f"The query {id} may go on: it could not be stopped.", error
        if isinstance(why, QueryCancelled) and failure is not None:
            raise QueryCancelled(told, failure.message) from failure
        if isinstance(why, AwsError):
            hint = f"{told} {why.hint}".rstrip()
            raise type(why)(why.message, hint, code=why.code, action=why.action, region=why.region) from why

    def _rows(self, done: Execution, sent: Submission, statement: Statement) -> QueryStream:
        header = done.kind == "DML" or statement.text[:7].upper() == "EXPLAIN"
        pages = athena.pages(self._account, done.id, header=header)
        first = next(pages)
        columns = columns_of(first)
        schema = schema_of(columns)
        billed = _billed(done, sent)
        notices = sent.notices
        return QueryStream(columns, self._batches(first, pages, columns, schema), schema, notices, billed)

    def _batches(
        self, first: ResultPage, pages: Iterator[ResultPage], columns: tuple[Column, ...], schema: pa.Schema
    ) -> Iterator[pa.RecordBatch]:
        page: ResultPage | None = first
        while page is not None:
            if self._cancelled.is_set():
                raise QueryCancelled("The query was cancelled while its rows were fetched.")
            if columns and page.rows:
                yield batch_of(page.rows, columns, schema)
            page = next(pages, None)


def _billed(done: Execution, sent: Submission) -> Billed:
    """Statements without scanned bytes to bill, and results taken again, cost nothing."""
    free = done.reused or sent.free
    usd = 0.0 if free else athena_cost(done.bytes_scanned)
    return Billed(done.bytes_scanned, usd, done.reused, done.id)
