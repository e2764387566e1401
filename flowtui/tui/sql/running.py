"""Running statements from the SQL screen: on the workspace at once, on Athena after a look at the price."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from flowtui.errors import FlowTuiError, QueryCancelled, QueryError
from flowtui.sql.statements import Statement, statement_at
from flowtui.times import system_clock
from flowtui.tui.base import FlowScreen
from flowtui.tui.modals import ConfirmModal
from flowtui.tui.sql.editor import SqlEditor
from flowtui.tui.sql.history import History
from flowtui.tui.sql.on_athena import ATHENA, Forecast
from flowtui.tui.sql.outcome import Outcome, duration_text
from flowtui.tui.sql.results import ResultsPane
from flowtui.tui.sql.runner import Runner
from flowtui.tui.sql.tabs import Tab, Tabs

if TYPE_CHECKING:
    from flowtui.sql.estimate import Counting

LIMITS = (500, 10_000, 1_000_000)
_TICK_S = 0.2


@dataclass(frozen=True, slots=True)
class _Running:
    """The statement at work: its tab, which need not be in front, and since when, by the monotonic clock."""

    tab: Tab
    statement: str
    engine: str
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


class RunningScreen(FlowScreen):
    """The part of the SQL screen that runs statements. The screen itself shows tabs and outcomes."""

    def __init__(self) -> None:
        super().__init__()
        self._tabs = Tabs()
        self._limit = LIMITS[0]
        self._at_work: _Running | None = None
        self._forecast = ""

    def on_mount(self) -> None:
        """Make the engines and the clock of the result bar. Textual calls every class's own on_mount by itself."""
        self._runner = Runner(self.flow.context)
        self._history = History()
        self.set_interval(_TICK_S, self._tick)

    @property
    def _editor(self) -> SqlEditor:
        return self.query_one(SqlEditor)

    @property
    def _results(self) -> ResultsPane:
        return self.query_one(ResultsPane)

    def _keep(self) -> None:
        """Note the editor's state in the tab in front."""
        raise NotImplementedError

    def _paint_title(self) -> None:
        raise NotImplementedError

    async def _show(self, tab: Tab) -> None:
        raise NotImplementedError

    async def _show_hint(self) -> None:
        raise NotImplementedError

    def action_run(self) -> None:
        """Run the statement at the cursor; on Athena look first at what it costs."""
        # The key for this is looked at before letters that wait for the editor; they were typed earlier.
        self._editor.call_later(self._run_at_cursor)

    def _run_at_cursor(self) -> None:
        editor, tab = self._editor, self._tabs.front
        editor.close_menu()
        text = editor.text
        statement = statement_at(text, editor.cursor_offset)
        if statement is None:
            self.flow.warn("There is no statement here. ^o shows the examples.")
            return
        self._stop()
        self._keep()
        if self._runner.engine == ATHENA and not self.flow.context.settings.read_only:
            self._look(tab, statement, text, run=True)
        else:
            self._start(tab, statement, text)

    def _start(self, tab: Tab, statement: Statement, text: str) -> None:
        self._at_work = _Running(tab, statement.text, self._runner.engine)

        def run(stop: Event) -> Iterator[Outcome]:
            yield from self._runner.run(statement, text, self._limit, stop)
            self._history.add(statement.text, system_clock())

        def failed(error: FlowTuiError) -> None:
            if tab.outcome.statement == statement.text and tab.outcome.error is None and tab.outcome.known:
                self.flow.show_error(error)
                return
            self._failed(tab, statement, text, error)

        tab.outcome = Outcome()
        self.run_job(
            "run",
            run,
            lambda outcome: self._finished(tab, outcome),
            failed=failed,
            busy="query",
            interrupt=self._runner.cancel,
        )
        self._tick()

    def _failed(self, tab: Tab, statement: Statement, text: str, error: FlowTuiError) -> None:
        self._finished(tab, Outcome(statement.text, self._runner.engine, error=error))
        if isinstance(error, QueryError) and error.line and tab is self._tabs.front and self._editor.text == text:
            self._editor.go_to(error.line, error.column)

    def _finished(self, tab: Tab, outcome: Outcome) -> None:
        self._at_work, tab.outcome = None, outcome
        if tab is not self._tabs.front:
            self._results.at_rest()
        self.call_later(self._show_end, tab, outcome)
        if outcome.table is not None and not outcome.kinds:
            self.reload()  # a statement without columns may have made or dropped a table

    async def _show_end(self, tab: Tab, outcome: Outcome) -> None:
        # Another statement may have been begun there since.
        if tab.outcome is outcome:
            await self._show(tab)

    def _stop(self) -> bool:
        """Stop what runs and say so in its tab; a result that was being read on stays. True when anything ran."""
        self.cancel_job("look")
        if not self.cancel_job("run"):
            return False
        ended = self._at_work
        if ended is not None:
            said = QueryCancelled(f"Stopped after {duration_text(ended.seconds)}.")
            stopped = Outcome(ended.statement, ended.engine, error=said)
            self._finished(ended.tab, ended.tab.outcome if ended.tab.outcome.known else stopped)
        return True

    def _tick(self) -> None:
        if self._at_work is not None:
            self._results.running(self._at_work.seconds)

    def go_back(self) -> bool:
        """Stop what runs, else go to the editor; esc never leaves this screen."""
        if not self._stop() and self.cancel_job("export"):
            self.notify("The export was stopped; no file is left.", markup=False)
        self._editor.focus()
        return True

    # Athena

    def action_engine(self) -> None:
        """Switch between DuckDB and Athena; on Athena say what the statement at the cursor would cost."""
        self._stop()
        self._runner.turn()
        self._forecast = ""
        self._paint_title()
        self.call_later(self._show_hint)
        editor = self._editor
        statement = statement_at(editor.text, editor.cursor_offset)
        if self._runner.engine == ATHENA and statement is not None:
            self._look(self._tabs.front, statement, editor.text, run=False)

    def _look(self, tab: Tab, statement: Statement, text: str, *, run: bool) -> None:
        """Work out what a statement costs on Athena, tell it, and run the statement unless it has to be asked about."""
        self._tell_forecast(f"looking at what it would scan{self.glyphs.ellipsis}")

        def look(_: Event) -> Iterator[Counting | Forecast]:
            yield from self._runner.athena.forecast(statement, text)

        def received(value: Counting | Forecast) -> None:
            if not isinstance(value, Forecast):
                self.set_busy("look", f"{value.objects:,} objects listed")
                return
            self._tell_forecast(f"{value.told} · {value.place}")
            for remark in value.remarks:
                self.notify(remark, markup=False)
            if run:
                self._agree(tab, statement, text, value)

        def failed(error: FlowTuiError) -> None:
            self._tell_forecast(error.message)
            if run:
                self._failed(tab, statement, text, error)

        self.run_job("look", look, received, failed=failed, busy="estimate")

    def _tell_forecast(self, text: str) -> None:
        self._forecast = text
        self._paint_title()

    def _agree(self, tab: Tab, statement: Statement, text: str, forecast: Forecast) -> None:
        if not forecast.concern:
            self._start(tab, statement, text)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._start(tab, statement, text)

        said = f"{forecast.concern}\n{forecast.told}\n{forecast.place}"
        self.app.push_screen(ConfirmModal("Run this on Athena?", said, "run"), answered)

    # Rows

    def action_limit(self) -> None:
        """Fetch more rows, or fewer; a result that was cut is fetched again."""
        self._limit = LIMITS[(LIMITS.index(self._limit) + 1) % len(LIMITS)]
        self.notify(f"Up to {self._limit:,} rows are fetched.", markup=False, timeout=2)
        self._paint_title()
        outcome = self._tabs.front.outcome
        if outcome.more and outcome.billed is not None:
            self._fetch_more(self._tabs.front, outcome)
        elif outcome.more:
            self.action_run()

    def _fetch_more(self, tab: Tab, outcome: Outcome) -> None:
        """Athena keeps what a run gave: its rows are read again, and nothing is billed twice."""
        self._stop()
        self._at_work = _Running(tab, outcome.statement, outcome.engine)

        def read(_: Event) -> Iterator[Outcome]:
            yield from self._runner.athena.more(outcome, self._limit)

        def failed(error: FlowTuiError) -> None:
            self._finished(tab, Outcome(outcome.statement, outcome.engine, error=error))

        self.run_job("run", read, lambda found: self._finished(tab, found), failed=failed, busy="rows")
