"""``flowtui sql``: ask the workspace in Athena's SQL."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flowtui.cli.athena import athena_options, settings_of
from flowtui.cli.options import with_context
from flowtui.context import Context
from flowtui.errors import EXIT_DONE, EXIT_FAILED, EXIT_INTERRUPTED, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from flowtui.config import Settings
    from flowtui.sql.duckdb_engine import DuckDBEngine
    from flowtui.sql.engine import QueryEngine, QueryStream
    from flowtui.sql.statements import Statement

_PATIENCE_S = {"DuckDB": 0.25, "Athena": 2.0}
"""How long a cancelled query may take to stop before it is left behind; Athena has to be told over the network."""
_TABLE_ROWS = 1000
"""Rows a table on the terminal shows unless --limit says otherwise."""


@click.command("sql")
@with_context
@click.argument("text", required=False)
@click.option(
    "-f", "--file", "file", metavar="FILE", type=click.Path(dir_okay=False), help="Read the text from a file."
)
@click.option("--engine", type=click.Choice(["duckdb", "athena"]), default="duckdb", show_default=True)
@click.option("--output", type=click.Choice(["table", "csv", "json", "parquet"]), default="table", show_default=True)
@click.option("--out", "target", metavar="FILE", type=click.Path(dir_okay=False), help="Write there instead of stdout.")
@click.option(
    "--limit", type=click.IntRange(min=0), metavar="N", help=f"Rows at most; a table shows {_TABLE_ROWS} by default."
)
@click.option("--translate", "only_translate", is_flag=True, help="Print the DuckDB text, run nothing.")
@athena_options
@click.option("--estimate", "only_estimate", is_flag=True, help="Athena: tell bytes and price, run nothing.")
@click.option("--yes", is_flag=True, help="Athena: run without asking, whatever it costs or changes.")
def command(
    context: Context,
    text: str | None,
    file: str | None,
    engine: str,
    output: str,
    target: str | None,
    limit: int | None,
    only_translate: bool,
    only_estimate: bool,
    yes: bool,
    **options: Any,
) -> int:
    """Ask the workspace in Athena SQL, or with --engine athena Athena itself.

    TEXT is one statement or several with semicolons between them; without TEXT and -f it is read from stdin. On Athena
    the bytes a statement will scan and their price are told first; above the setting athena_ask_usd, and for
    statements that change something, it asks.
    """
    athena_only = [f"--{name.replace('_', '-')}" for name, value in options.items() if value is not None]
    athena_only += ["--estimate"] * only_estimate + ["--yes"] * yes
    if engine != "athena" and athena_only:
        raise UsageError(f"{athena_only[0]} is for Athena.", "Add --engine athena.")
    if engine == "athena" and only_translate:
        raise UsageError("--translate prints what DuckDB runs; Athena gets your own text.", "Leave one of them out.")
    if output == "parquet" and target is None and sys.stdout.isatty():
        raise UsageError(
            "Parquet is no text for a terminal: it needs a file.", "Add --out result.parquet, or > result.parquet."
        )
    source = _source(text, file)

    from flowtui.sql.duckdb_engine import DuckDBEngine
    from flowtui.sql.statements import split

    statements = split(source)
    if not statements:
        raise UsageError("There is no statement to run.", "flowtui examples lists some.")
    if (target is not None or (output == "parquet" and not only_translate)) and len(statements) > 1:
        asked = "--out" if target is not None else "Parquet"
        raise UsageError(f"{asked} takes one statement, there are {len(statements)}.", "Run them one by one.")
    shown = [_in_place(source, statement) for statement in statements]
    writer = _Writer(output, target, limit)
    if engine == "athena":
        return _on_athena(context, shown, writer, settings_of(context, **options), estimate=only_estimate, yes=yes)
    duckdb = DuckDBEngine(context.workspace().cursor)
    for number, one in enumerate(shown):
        if number:
            click.echo()
        if only_translate:
            _translated(duckdb, one)
        else:
            _interruptible(duckdb, partial(writer.run, duckdb, one), writer.unfinished)
    return EXIT_DONE


def _in_place(source: str, statement: Statement) -> str:
    """A statement behind spaces for what stands before it, so that lines and columns are as the user sees them."""
    return _blanked(source[: statement.start]) + statement.text


def _on_athena(
    context: Context, texts: list[str], writer: _Writer, settings: Settings, *, estimate: bool, yes: bool
) -> int:
    from flowtui.cli.athena import Asker
    from flowtui.sql.statements import split

    asker = Asker(context, settings, yes=yes)
    for number, text in enumerate(texts):
        statement = split(text)[0]
        if estimate:
            asker.estimate(text, statement)
            continue
        if not asker.agreed(text, statement):
            click.echo("Not run.", err=True)
            return EXIT_FAILED
        if number:
            click.echo()
        _interruptible(asker.engine, partial(writer.run, asker.engine, text), writer.unfinished)
    return EXIT_DONE


def _interruptible(engine: QueryEngine, work: Callable[[], None], leftover: Path | None) -> None:
    """Do the work in a thread, because an engine may not see an interrupt while it waits; this thread does.

    A thread that does not end is left behind, and the program ends under it: nobody reads what it writes, or a single
    call of a function takes long, which DuckDB does not interrupt and whose workspace cannot be closed.
    """
    failures: list[BaseException] = []
    # Not Thread.join: Python 3.11 takes a thread for ended whose join was interrupted.
    ended = threading.Event()

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - not swallowed: raised again in the main thread
            failures.append(error)
        finally:
            ended.set()

    threading.Thread(target=run, name="flowtui-sql", daemon=True).start()
    try:
        ended.wait()
    except KeyboardInterrupt:
        engine.cancel()
        if not ended.wait(_PATIENCE_S[engine.name]):
            click.echo("interrupted", err=True)
            if leftover is not None:
                with suppress(OSError):
                    leftover.unlink(missing_ok=True)
            os._exit(EXIT_INTERRUPTED)
        raise
    if failures:
        raise failures[0]


def _source(text: str | None, file: str | None) -> str:
    if text is not None and file is not None:
        raise UsageError("Give TEXT or -f FILE, not both.")
    if text is not None and text != "-":
        return text
    if file is not None:
        try:
            return Path(file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise UsageError(f"Cannot read {file}: {reason}.", "Check what -f names.") from error
    if sys.stdin.isatty() and text is None:
        raise UsageError("There is no statement to run.", "Give TEXT, -f FILE, or pipe one in.")
    return sys.stdin.read()


def _blanked(text: str) -> str:
    return "".join(letter if letter == "\n" else " " for letter in text)


def _translated(engine: DuckDBEngine, text: str) -> None:
    translation = engine.translate(text)
    click.echo(translation.sql + ";")
    _tell(translation.notices)


@dataclass(frozen=True)
class _Writer:
    """How results are written: as what, where to (None for stdout), and how many rows at most."""

    output: str
    target: str | None
    limit: int | None

    @property
    def unfinished(self) -> Path | None:
        """The file that holds the rows until all are written."""
        from flowtui.sql.writers import unfinished

        return unfinished(Path(self.target)) if self.target is not None else None

    def run(self, engine: QueryEngine, text: str) -> None:
        """Run a statement and write its rows; tell on stderr how many, how long it took and what it cost."""
        import time

        from flowtui.sql.limits import Limited

        started = time.perf_counter()
        wanted = _TABLE_ROWS if self.limit is None and self.output == "table" else self.limit
        stream = engine.stream(text, wanted)
        try:
            _tell(stream.notices)
            if not stream.columns:
                if engine.name == "Athena":
                    click.echo(f"done · {_seconds(time.perf_counter() - started)} · Athena", err=True)
                return
            limited = Limited(stream.batches, wanted)
            count = self._written(stream, iter(limited))
        finally:
            stream.close()
        rows = f"{count:,} of more than {count:,} rows" if limited.more else f"{count:,} row{'' if count == 1 else 's'}"
        parts = [rows, _seconds(time.perf_counter() - started), engine.name]
        parts += [stream.billed.text()] if stream.billed else []
        click.echo(" · ".join(parts), err=True)

    def _written(self, stream: QueryStream, batches: Iterator[pa.RecordBatch]) -> int:
        from flowtui.sql import writers

        if self.output == "parquet" and self.target is not None:
            return writers.write_parquet(Path(self.target), stream.columns, batches, stream.schema)
        if self.output == "parquet":
            return writers.stream_parquet(sys.stdout.buffer, stream.columns, batches, stream.schema)
        write = {"table": writers.write_table, "csv": writers.write_csv, "json": writers.write_json}[self.output]
        if self.target is None:
            return write(sys.stdout, stream.columns, batches)
        with writers.whole_file(Path(self.target)) as file:
            return write(file, stream.columns, batches)


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _tell(notices: tuple[str, ...]) -> None:
    for notice in notices:
        click.secho(f"note: {notice}", err=True, fg="yellow")
