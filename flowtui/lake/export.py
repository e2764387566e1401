"""Results written to files: CSV, JSON, NDJSON or Parquet, a batch at a time, so that any size fits in memory.

A file appears under its name when it is whole; until then, and after a failure, there is only what was there before.
"""

from __future__ import annotations

import csv
import json
import math
import os
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, Protocol, get_args

from flowtui.errors import FlowTuiError, UsageError
from flowtui.places import expanded, is_there

if TYPE_CHECKING:
    from pyarrow import RecordBatch, RecordBatchReader, Schema, Table

Format = Literal["csv", "json", "ndjson", "parquet"]
"""``json`` is one array, ``ndjson`` an object a line."""

_ENDINGS: dict[str, Format] = {".csv": "csv", ".json": "json", ".ndjson": "ndjson", ".jsonl": "ndjson"}
_ENDINGS |= {".parquet": "parquet", ".pq": "parquet"}


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """How far an export is: rows written, and the file once it is there."""

    rows: int
    path: Path | None = None


def format_of(path: Path) -> Format:
    """The format that a file's ending names.

    Raises:
        UsageError: it names none.
    """
    found = _ENDINGS.get(path.suffix.lower())
    if found is None:
        raise UsageError(f"{path.name} names no format.", f"End it in {', '.join(_ENDINGS)}.")
    return found


def export(result: Table | RecordBatchReader, path: Path, format: Format, *, overwrite: bool = False) -> int:
    """Write a result; returns its rows. Raises as :func:`export_steps`."""
    rows = 0
    for progress in export_steps(result, path, format, overwrite=overwrite):
        rows = progress.rows
    return rows


def export_steps(
    result: Table | RecordBatchReader,
    path: Path,
    format: Format,
    *,
    overwrite: bool = False,
    shown: Path | None = None,
) -> Generator[ExportProgress, None, None]:
    """Write a result batch by batch; closing the generator leaves no file behind.

    Args:
        result: an Arrow table, or a reader that is consumed.
        path: the file to write.
        format: how.
        overwrite: replace a file that is there.
        shown: what an error calls the file; by default its path.

    Yields:
        Rows written so far; the last value names the file.

    Raises:
        FlowTuiError: a file of that name exists, or it cannot be written.
        UsageError: an unknown format.
    """
    if format not in get_args(Format):
        raise UsageError(f"{format!r} is no export format.", f"Choose one of {', '.join(get_args(Format))}.")
    path = expanded(path)
    if not overwrite and is_there(path):
        raise FlowTuiError(f"{path} exists.", "Choose another name.")
    temporary = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:50]}-", dir=path.parent)
        temporary = Path(name)
        rows = 0
        with os.fdopen(handle, "wb") as file:
            writer = _WRITERS[format](file, result.schema)
            try:
                for batch in _batches(result):
                    writer.write(batch)
                    rows += batch.num_rows
                    yield ExportProgress(rows)
            finally:
                # Also when given up: a Parquet writer that is left open would end itself later, on a closed file.
                writer.finish()
        temporary.chmod(0o666 & ~umask())
        temporary.replace(path)
        temporary = None
    except OSError as error:
        raise FlowTuiError(
            f"Cannot write {shown or path}: {error.strerror or error}.", "Choose another place."
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    yield ExportProgress(rows, path)


def umask() -> int:
    """What new files are denied; temporary ones are made with less than a user's own."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _batches(result: Table | RecordBatchReader) -> Iterator[RecordBatch]:
    return iter(result.to_batches(max_chunksize=65_536) if hasattr(result, "to_batches") else result)


class _Writer(Protocol):
    def __init__(self, file: IO[bytes], schema: Schema) -> None: ...

    def write(self, batch: RecordBatch) -> None: ...

    def finish(self) -> None: ...


class _Csv:
    """RFC 4180 with a header line; NULL is empty, arrays and maps are JSON."""

    def __init__(self, file: IO[bytes], schema: Schema) -> None:
        self._file = file
        self._lines = _Lines()
        self._writer = csv.writer(self._lines)
        self._writer.writerow(schema.names)

    def write(self, batch: RecordBatch) -> None:
        self._writer.writerows(zip(*([_cell(value) for value in column.to_pylist()] for column in batch), strict=True))
        self._file.write(self._lines.take())

    def finish(self) -> None:
        self._file.write(self._lines.take())


class _Lines:
    """Where csv.writer writes to: text collected until it is taken as bytes."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def write(self, text: str) -> int:
        self._parts.append(text)
        return len(text)

    def take(self) -> bytes:
        found = "".join(self._parts).encode("utf-8", "replace")
        self._parts.clear()
        return found


class _Ndjson:
    """An object a line, keys in the order of the columns."""

    before, between, after = "", "\n", "\n"

    def __init__(self, file: IO[bytes], schema: Schema) -> None:
        self._file = file
        self._names = list(schema.names)
        self._begun = False
        file.write(self.before.encode())

    def write(self, batch: RecordBatch) -> None:
        columns = [column.to_pylist() for column in batch]
        lines = [_json(dict(zip(self._names, row, strict=True))) for row in zip(*columns, strict=True)]
        if lines:
            self._file.write(((self.between if self._begun else "") + self.between.join(lines)).encode())
            self._begun = True

    def finish(self) -> None:
        self._file.write((self.after if self._begun or self.before else "").encode())


class _Json(_Ndjson):
    """One array, an object a line."""

    before, between, after = "[\n", ",\n", "\n]\n"


class _Parquet:
    """Zstandard-compressed Parquet with the result's own types."""

    def __init__(self, file: IO[bytes], schema: Schema) -> None:
        from pyarrow.parquet import ParquetWriter

        self._writer = ParquetWriter(file, schema, compression="zstd")

    def write(self, batch: RecordBatch) -> None:
        self._writer.write_batch(batch)

    def finish(self) -> None:
        self._writer.close()


_WRITERS: dict[Format, type[_Writer]] = {"csv": _Csv, "json": _Json, "ndjson": _Ndjson, "parquet": _Parquet}


def _cell(value: object) -> object:
    if isinstance(value, (list, dict, tuple)):
        return _json(value)
    if isinstance(value, float):
        return _finite(value)
    if value is True or value is False:
        return str(value).lower()
    return _plain(value) if isinstance(value, (datetime, date, time, timedelta, bytes, Decimal)) else value


def _json(value: object) -> str:
    try:
        return json.dumps(value, default=_plain, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), default=_plain, allow_nan=False)


def _finite(value: object) -> object:
    """A value with Athena's texts in place of the numbers that JSON lacks."""
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def _plain(value: object) -> object:
    """A value JSON has no form for, as text that keeps it exact."""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return str(value)
