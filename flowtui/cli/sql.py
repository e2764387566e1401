"""``flowtui sql``: ask the workspace in Athena's SQL."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flowtui.cli.options import with_context
from flowtui.context import Context
from flowtui.errors import UsageError

if TYPE_CHECKING:
    from flowtui.sql.duckdb_engine import DuckDBEngine

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
@click.option("--limit", type=click.IntRange(min=0), help=f"Rows at most; a table shows {_TABLE_ROWS} by default.")
@click.option("--translate", "only_translate", is_flag=True, help="Print the DuckDB text, run nothing.")
def command(
    context: Context,
    text: str | None,
    file: str | None,
    engine: str,
    output: str,
    target: str | None,
    limit: int | None,
    only_translate: bool,
) -> None:
    """Ask the workspace in Athena SQL.

    TEXT is one statement or several with semicolons between them; without TEXT and -f it is read from stdin.
    """
    if engine == "athena":
        raise UsageError("Queries do not run on Athena yet: that is part of a later release.", "Use --engine duckdb.")
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
    duckdb = DuckDBEngine(context.workspace().cursor)
    for number, statement in enumerate(statements):
        # Spaces for what stands before keep lines and columns as the user sees them.
        shown = _blanked(source[: statement.start]) + statement.text
        if number:
            click.echo()
        if only_translate:
            _translated(duckdb, shown)
        else:
            _interruptible(duckdb, partial(_run, duckdb, shown, output, target, limit))


def _interruptible(engine: DuckDBEngine, work: Callable[[], None]) -> None:
    """Do the work in a thread, because DuckDB does not see an interrupt while it computes; this thread does."""
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(work)
        try:
            done.result()
        except KeyboardInterrupt:
            engine.cancel()
            wait([done])
            raise


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
            raise UsageError(f"Cannot read {file}: {reason}.") from error
    if sys.stdin.isatty() and text is None:
        raise UsageError("There is no statement to run.", "Give TEXT, -f FILE, or pipe one in.")
    return sys.stdin.read()


def _blanked(text: str) -> str:
    return "".join(letter if letter == "\n" else " " for letter in text)


def _translated(engine: DuckDBEngine, text: str) -> None:
    translation = engine.translate(text)
    click.echo(translation.sql + ";")
    _tell(translation.notices)


def _run(engine: DuckDBEngine, text: str, output: str, target: str | None, limit: int | None) -> None:
    import time

    from flowtui.sql import writers
    from flowtui.sql.limits import Limited

    started = time.perf_counter()
    wanted = _TABLE_ROWS if limit is None and output == "table" else limit
    stream = engine.stream(text, wanted)
    try:
        _tell(stream.notices)
        if not stream.columns:
            return
        limited = Limited(stream.batches, wanted)
        if output == "parquet" and target is not None:
            count = writers.write_parquet(Path(target), stream.columns, iter(limited), stream.schema)
        elif output == "parquet":
            count = writers.stream_parquet(sys.stdout.buffer, stream.columns, iter(limited), stream.schema)
        else:
            write = {"table": writers.write_table, "csv": writers.write_csv, "json": writers.write_json}[output]
            if target is None:
                count = write(sys.stdout, stream.columns, iter(limited))
            else:
                with Path(target).open("w", encoding="utf-8") as file:
                    count = write(file, stream.columns, iter(limited))
    finally:
        stream.close()
    rows = f"{count:,} of more than {count:,} rows" if limited.more else f"{count:,} row{'' if count == 1 else 's'}"
    click.echo(f"{rows} · {_seconds(time.perf_counter() - started)} · {engine.name}", err=True)


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _tell(notices: tuple[str, ...]) -> None:
    for notice in notices:
        click.secho(f"note: {notice}", err=True, fg="yellow")
