"""The workers' side of Athena on the SQL screen: what a statement would cost, and its run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from flowtui.errors import QueryError, ReadOnlyError
from flowtui.sql.statements import Statement
from flowtui.tui.sql.outcome import Outcome
from flowtui.tui.sql.placing import placed

if TYPE_CHECKING:
    from flowtui.context import Context
    from flowtui.sql.athena_engine import AthenaEngine
    from flowtui.sql.engine import QueryResult, QueryStream
    from flowtui.sql.estimate import Counting

ATHENA = "Athena"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a statement would do on Athena.

    Args:
        told: partitions, bytes and price.
        place: workgroup and place of results.
        remarks: what makes the figure less than exact.
        concern: why it should be asked about before it runs; empty when it need not.
    """

    told: str
    place: str
    remarks: tuple[str, ...]
    concern: str


class OnAthena:
    """Runs statements on Athena; threads as :class:`flowtui.tui.sql.runner.Runner`."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def _engine(self, stop: Event | None = None) -> AthenaEngine:
        from flowtui.sql.athena_engine import AthenaEngine, place_of

        account = self._context.account
        return AthenaEngine(account, place_of(account, self._context.settings), stop=stop)

    def forecast(self, statement: Statement, text: str) -> Iterator[Counting | Forecast]:
        """Work out what a statement would scan; the last value is the :class:`Forecast`.

        Raises:
            QueryError: it calls what only the workspace has; its place counts in the whole text.
            UsageError: several profiles are chosen, or nobody says where results go.
            AwsError: the workgroup does not exist, or AWS cannot be reached.
        """
        from flowtui.sql.athena_text import submission
        from flowtui.sql.estimate import Estimate, concern, estimate

        place = self._engine().place
        for value in estimate(self._context.account, place, text, statement):
            if isinstance(value, Estimate):
                reason = concern(submission(text, statement), value, self._context.settings.athena_ask_usd)
                yield Forecast(value.text(), place.told, value.remarks, reason)
            else:
                yield value

    def run(self, statement: Statement, text: str, limit: int, stop: Event) -> Iterator[Outcome]:
        """Run one statement of a text and fetch up to ``limit`` rows; setting ``stop`` ends it on Athena too.

        Raises:
            QueryError: the statement failed; its place counts in the whole text.
            QueryCancelled: ``stop`` was set.
            ReadOnlyError: flowtui is read-only.
        """
        if self._context.settings.read_only:
            said = "Nothing was sent to Athena: flowtui is read-only, and every result is written to S3."
            raise ReadOnlyError(said, "F9 goes back to DuckDB; start flowtui without --read-only to run it.")
        try:
            result = self._engine(stop).run(statement.text, limit)
        except QueryError as error:
            raise placed(error, statement, text) from error
        yield _outcome(statement.text, result)

    def more(self, outcome: Outcome, limit: int) -> Iterator[Outcome]:
        """More rows of a statement that was run, without running it again."""
        import time

        from flowtui.sql.engine import collected

        started = time.perf_counter()
        yield _outcome(outcome.statement, collected(self.stream(outcome), limit, started))

    def stream(self, outcome: Outcome) -> QueryStream:
        """All rows of a statement that was run, without running it again."""
        assert outcome.billed is not None, "only what ran on Athena has a run to read again"
        return self._engine().again(outcome.billed.query_id, outcome.statement)


def _outcome(statement: str, result: QueryResult) -> Outcome:
    kinds = tuple(column.kind for column in result.columns)
    table = result.table if result.columns else None
    return Outcome(statement, ATHENA, table, kinds, result.more, result.elapsed_s, result.notices, billed=result.billed)
