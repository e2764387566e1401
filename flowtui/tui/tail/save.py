"""Saves records of the tail to a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path

from flowtui.errors import FlowTuiError, UsageError
from flowtui.tui.tail.lines import HeldLine

ENDINGS = (".log", ".ndjson", ".json", ".csv")


def suggested_name(label: str, now: datetime) -> str:
    """A file name for what is tailed at this moment."""
    word = "".join(character if character.isalnum() or character in "-." else "-" for character in label).strip("-")
    return f"tail-{word or 'records'}-{now:%Y%m%dT%H%M%SZ}.log"


def check_path(text: str) -> Path:
    """The file a user named.

    Raises:
        UsageError: the ending is unknown, the folder does not exist, or the file is there already.
    """
    path = Path(text).expanduser()
    if path.suffix not in ENDINGS:
        raise UsageError(
            f"{path.name or 'The name'} does not end in {', '.join(ENDINGS)}.", "The ending is the format."
        )
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent}.", "Make it first, or save elsewhere.")
    if path.exists():
        raise UsageError(f"{path} is there already.", "Choose another name.")
    return path


def save(lines: Iterable[HeldLine], path: Path) -> Iterator[int]:
    """Write the records; yields how many are written, now and then, and at the end.

    ``.log`` is the text format of S3, header line first, and loads as such; ``.ndjson`` (and ``.json``) has an object
    a line; ``.csv`` has the columns of the first record's layout.

    Raises:
        FlowTuiError: the file cannot be written.
    """
    writer = {".log": _text, ".csv": _csv}.get(path.suffix, _ndjson)
    count = 0
    try:
        # Mode x: what appeared under this name since it was checked is not overwritten.
        with path.open("x", encoding="utf-8", newline="") as file:
            for text, records in writer(lines):
                file.write(text)
                count += records
                if count % 5000 == 0 and records:
                    yield count
    except OSError as error:
        raise FlowTuiError(f"Cannot write {path}: {error.strerror or error}.", "Save elsewhere.") from error
    yield count


def _text(lines: Iterable[HeldLine]) -> Iterator[tuple[str, int]]:
    for layout, group in groupby((line for line in lines if line.layout), key=lambda line: line.layout):
        if layout is not None:
            yield layout.header + "\n", 0
        for line in group:
            yield line.raw.rstrip() + "\n", 1


def _ndjson(lines: Iterable[HeldLine]) -> Iterator[tuple[str, int]]:
    for line in lines:
        record = line.record
        if record is None:
            yield json.dumps({"message": line.raw}) + "\n", 1
        else:
            yield json.dumps(dict(zip(record.layout.columns, record.values, strict=True))) + "\n", 1


def _csv(lines: Iterable[HeldLine]) -> Iterator[tuple[str, int]]:
    import csv
    import io

    columns: tuple[str, ...] = ()
    for line in lines:
        record = line.record
        if record is None:
            continue
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        if not columns:
            columns = record.layout.columns
            writer.writerow(columns)
        values = [record.get(column) for column in columns]
        writer.writerow(["" if value is None else value for value in values])
        yield buffer.getvalue(), 1
