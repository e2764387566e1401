"""Saves records of the tail to a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TextIO

from flowtui.errors import FlowTuiError, UsageError
from flowtui.places import expanded, is_folder, is_there
from flowtui.records.layout import Layout
from flowtui.tui.tail.lines import HeldLine

ENDINGS = (".log", ".ndjson", ".json", ".csv", ".parquet")
WHOLE = ".ndjson, .json, .csv and .parquet"
"""What keeps every line, also those that fit no format."""
HINT = f".log loads again with F6 or flowtui load; {WHOLE} are for other tools."


def suggested_name(label: str, now: datetime) -> str:
    """A file name for what is tailed at this moment."""
    word = "".join(character if character.isalnum() or character in "-." else "-" for character in label).strip("-")
    return f"tail-{word[:60] or 'records'}-{now:%Y%m%dT%H%M%SZ}.log"


def check_path(text: str) -> Path:
    """The file a user named.

    Raises:
        UsageError: the ending is unknown, the folder does not exist, or the file is there already.
        FlowTuiError: the folder may not be entered.
    """
    path = expanded(text)
    if path.suffix not in ENDINGS:
        raise UsageError(
            f"{path.name or 'The name'} does not end in {', '.join(ENDINGS)}.", "The ending is the format."
        )
    if not is_folder(path.parent):
        raise UsageError(f"There is no folder {path.parent}.", "Make it first, or save elsewhere.")
    if is_there(path):
        raise UsageError(f"{path} is there already.", "Choose another name.")
    return path


def left_out(lines: Iterable[HeldLine], path: Path) -> int:
    """How many of the lines a file of that ending has no place for: ``.log`` takes none that fit no format."""
    return sum(line.layout is None for line in lines) if path.suffix == ".log" else 0


def files_of(lines: Iterable[HeldLine], path: Path) -> list[Path]:
    """The files that :func:`save` makes: a ``.log`` that loads has one format, so others go beside it as ``-2.log``."""
    return list(_by_layout(lines, path).values()) if path.suffix == ".log" else [path]


def save(lines: Sequence[HeldLine], path: Path) -> Iterator[int]:
    """Write records; yields how many are written, now and then, and at the end. A file is there whole or not at all.

    ``.log`` is the text format of S3, header line first, and loads as such; :func:`left_out` counts what it cannot
    take, and :func:`files_of` names the files, for there is one a format. ``.ndjson`` has an object a line and
    ``.json`` one list of them; they, ``.csv`` and ``.parquet`` have a column for each field, and ``message`` for lines
    that fit no format.

    Raises:
        FlowTuiError: the file cannot be written, or is there already.
    """
    if path.suffix == ".log":
        yield from _save_text(lines, path)
        return
    from flowtui.lake.export import export_steps, format_of
    from flowtui.lake.record_table import record_reader

    layouts = [layout for layout in dict.fromkeys(line.layout for line in lines) if layout is not None]
    table = record_reader(layouts, (line.record or line.raw for line in lines), any(not line.layout for line in lines))
    for progress in export_steps(table, path, format_of(path)):
        yield progress.rows


def _save_text(lines: Sequence[HeldLine], path: Path) -> Iterator[int]:
    count, done = 0, False
    made: list[Path] = []
    try:
        with ExitStack() as stack:
            files: dict[Layout, TextIO] = {}
            for layout, one in _by_layout(lines, path).items():
                # Mode x: what appeared under this name since it was checked is not overwritten.
                files[layout] = stack.enter_context(one.open("x", encoding="utf-8", newline=""))
                made.append(one)
                files[layout].write(layout.header + "\n")
            for line in lines:
                if line.layout:
                    files[line.layout].write(line.raw.rstrip() + "\n")
                    count += 1
                    if count % 5000 == 0:
                        yield count
        done = True
    except OSError as error:
        where = error.filename or path
        raise FlowTuiError(f"Cannot write {where}: {error.strerror or error}.", "Save elsewhere.") from error
    finally:
        if not done:
            for one in made:
                one.unlink(missing_ok=True)
    yield count


def _by_layout(lines: Iterable[HeldLine], path: Path) -> dict[Layout, Path]:
    layouts = dict.fromkeys(line.layout for line in lines if line.layout)
    return {
        layout: path.with_stem(f"{path.stem}-{number}") if number > 1 else path
        for number, layout in enumerate(layouts, 1)
    }
