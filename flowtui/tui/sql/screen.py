"""The SQL screen: write a statement, run it, look at what comes."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from flowtui.aws.models import FlowLog
from flowtui.errors import FlowTuiError
from flowtui.lake.export import ExportProgress
from flowtui.times import system_clock
from flowtui.tui.commands import bindings
from flowtui.tui.requests import Request, SqlRequest
from flowtui.tui.sql.commands import SQL_COMMANDS
from flowtui.tui.sql.completion import Offers, complete
from flowtui.tui.sql.completion_menu import CompletionMenu
from flowtui.tui.sql.ddl_choice import ddl_choices, ddl_text
from flowtui.tui.sql.editor import SqlEditor
from flowtui.tui.sql.history import Past
from flowtui.tui.sql.inventory import take_inventory
from flowtui.tui.sql.on_athena import ATHENA
from flowtui.tui.sql.results import ResultsPane
from flowtui.tui.sql.runner import Contents, check_target, example_text, read_examples
from flowtui.tui.sql.running import RunningScreen
from flowtui.tui.sql.side import SqlSide
from flowtui.tui.sql.tabs import STARTER, Tab
from flowtui.tui.sql.title import title_line
from flowtui.tui.widgets.ask import AskModal
from flowtui.tui.widgets.pick import PickModal

NARROW = 110
"""Below this width the side pane is out of sight at first."""


class SqlScreen(RunningScreen):
    """Editor, tables, examples and results; how statements run is in :mod:`flowtui.tui.sql.running`."""

    NAME = "sql"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*SQL_COMMANDS)]
    AUTO_FOCUS = "SqlEditor"

    def __init__(self) -> None:
        super().__init__()
        self._contents: Contents | None = None
        self._workspace_error: FlowTuiError | None = None

    def compose_body(self) -> ComposeResult:
        """Tables and examples on the left; title, editor and results on the right."""
        results = ResultsPane(id="sql-results")
        results.glyphs = self.glyphs
        menu = CompletionMenu(id="sql-completions")
        menu.glyphs = self.glyphs
        editor = SqlEditor(STARTER, menu, self._complete, id="sql-editor")
        editor.add_class("body-focus")
        with Horizontal(id="sql-split"):
            yield SqlSide(id="sql-side")
            with Vertical():
                yield Static("", id="sql-title", markup=False)
                yield editor
                yield results
        yield menu

    def on_mount(self) -> None:
        """Read the examples."""
        self.query_one(SqlSide).set_class(self.app.size.width < NARROW, "-hidden")
        self.run_job("examples", lambda _: read_examples(), self.query_one(SqlSide).show_examples)

    # What there is

    def shown(self) -> None:
        """Look again what the workspace has: another screen may have loaded something."""
        self.reload()

    def reload(self) -> None:
        """Read tables and totals."""
        self._paint_title()
        self.run_job("contents", lambda _: self._runner.contents(), self._know, failed=self._no_workspace)

    async def _show_hint(self) -> None:
        results = self._results
        if self._runner.engine == ATHENA:
            results.hint = ("F5 runs the statement at the cursor on Athena.", "F10 writes the tables of a flow log.")
        elif self._workspace_error is not None:
            results.hint = (str(self._workspace_error.args[0]), self._workspace_error.hint)
        elif self._contents is not None and not (self._contents.summary.objects or self._contents.live):
            results.hint = ("The workspace has no records yet.", "", "F6 loads them from S3 or from a folder.")
        else:
            results.hint = ("F5 or ^j runs the statement at the cursor.", "^o shows tables and examples, F8 history.")
        await results.show_hint()

    def _know(self, contents: Contents) -> None:
        self._contents, self._workspace_error = contents, None
        self.query_one(SqlSide).show_tables(contents.tables)
        self._paint_title()
        self.call_later(self._show_hint)

    def _no_workspace(self, error: FlowTuiError) -> None:
        self._workspace_error = error
        self._paint_title()
        self.call_later(self._show_hint)

    def _paint_title(self) -> None:
        title = self.query_one("#sql-title", Static)
        problem = str(self._workspace_error.args[0]) if self._workspace_error else ""
        line = title_line(
            title.size.width,
            self.glyphs,
            self._contents,
            problem,
            self._tabs,
            self._limit,
            self._runner.engine,
            self._forecast,
        )
        title.update(line)

    def on_resize(self) -> None:
        """Fit the title."""
        self.call_after_refresh(self._paint_title)

    # Tabs

    def accept(self, request: Request) -> None:
        """Put a statement into a new tab; run it when asked to."""
        if isinstance(request, SqlRequest) and request.text:
            self._open(request.title, request.text)
            if request.run:
                self.action_run()

    def _open(self, title: str, text: str) -> None:
        self._keep()
        self._bring(self._tabs.open(title, text))

    def _keep(self) -> None:
        """Note the editor's state in the tab in front."""
        tab, editor = self._tabs.front, self._editor
        tab.text, tab.cursor = editor.text, editor.cursor_location

    def _bring(self, tab: Tab) -> None:
        editor = self._editor
        editor.load_text(tab.text)
        editor.move_cursor(tab.cursor)
        editor.focus()
        self._paint_title()
        self.call_later(self._show, tab)

    async def _show(self, tab: Tab) -> None:
        if tab is self._tabs.front:
            await self._results.show(tab.outcome)
            if not tab.outcome.known:
                await self._show_hint()
            self.refresh_bindings()

    def action_new_tab(self) -> None:
        """Open an empty tab."""
        self._keep()
        self._bring(self._tabs.add())

    def action_turn_tab(self, by: int) -> None:
        """Go to another tab."""
        self._keep()
        self._bring(self._tabs.turn(by))

    def action_close_tab(self) -> None:
        """Close the tab in front."""
        self._bring(self._tabs.close())

    @on(SqlSide.Open)
    def _example_taken(self, message: SqlSide.Open) -> None:
        if self.app.size.width < NARROW:
            self.query_one(SqlSide).add_class("-hidden")
        self._open(message.example.title, example_text(message.example, self._contents))

    @on(SqlSide.Insert)
    def _name_taken(self, message: SqlSide.Insert) -> None:
        self._editor.insert(message.text)
        self._editor.focus()

    # Commands

    def _complete(self, text: str, offset: int, asked: bool) -> Offers | None:
        tables = self._contents.tables if self._contents else ()
        return complete(text, offset, tables, local=self._runner.engine != ATHENA, asked=asked)

    def action_complete(self) -> None:
        """Offer what the word at the cursor may become."""
        self._editor.focus()
        self._editor.offer(asked=True)

    def action_tables(self) -> None:
        """Show or hide tables and examples."""
        side = self.query_one(SqlSide)
        side.toggle_class("-hidden")
        (self._editor if side.has_class("-hidden") else side).focus()

    def action_history(self) -> None:
        """Take a statement that was run before."""

        def read(_: Event) -> Iterator[list[Past]]:
            yield self._history.recent()

        def offer(past: list[Past]) -> None:
            lines = [Content.assemble((f"{one.at[:10]} {one.at[11:16]}  ", "$muted"), one.first_line) for one in past]

            def take(number: int | None) -> None:
                if number is not None:
                    self._open("", past[number].text)

            empty = "No statement was run yet; F5 runs the one at the cursor."
            self.app.push_screen(PickModal("Statements run before", lines, empty=empty), take)

        self.run_job("history", read, offer)

    def action_export(self) -> None:
        """Write the result to a file."""
        outcome = self._tabs.front.outcome
        if outcome.table is None:
            self.flow.warn("There is no result to write; F5 runs the statement at the cursor.")
            return
        rows = "all rows" if outcome.more else f"{outcome.table.num_rows:,} rows"
        name = f"flowtui-{system_clock():%Y%m%dT%H%M%SZ}.csv"

        def write(text: str | None) -> None:
            if text is None:
                return

            def moved(progress: ExportProgress) -> None:
                self.set_busy("export", f"{progress.rows:,} rows written")
                if progress.path is not None:
                    self.notify(f"Wrote {progress.rows:,} rows to {progress.path}.", markup=False)

            path = check_target(text)

            def run(stop: Event) -> Iterator[ExportProgress]:
                yield from self._runner.export(outcome, path, stop)

            self.run_job("export", run, moved, busy="writing", interrupt=self._runner.cancel)

        hint = "The ending is the format: .csv, .json, .ndjson or .parquet."
        self.app.push_screen(AskModal(f"Write {rows} to", name, hint, check=check_target), write)

    def action_ddl(self) -> None:
        """Write the Athena tables for a flow log into a new tab."""

        def read(_: Event) -> Iterator[tuple[FlowLog, ...]]:
            from flowtui.aws.flow_logs import s3_flow_logs

            yield s3_flow_logs(self.flow.context.account)

        def offer(known: tuple[FlowLog, ...]) -> None:
            choices = ddl_choices(known)

            def take(number: int | None) -> None:
                if number is not None:
                    self._open("ddl", ddl_text(choices[number], known, self.flow.context.settings.athena_database))

            empty = "No flow log of the chosen regions writes to S3."
            lines = [Content(choice.line) for choice in choices]
            self.app.push_screen(PickModal("Athena tables for a flow log; partitions are", lines, empty=empty), take)

        self.run_job("ddl", read, offer, busy="flow logs", reads=True)

    def action_inventory(self) -> None:
        """Keep what the accounts have as the tables of ``aws``."""
        take_inventory(self, self.reload)

    def copy_text(self) -> str:
        """The cell under the cursor."""
        return self._results.copy_text()

    def copy_line(self) -> str:
        """The row under the cursor."""
        return self._results.copy_line()
