"""Results as text and files: CSV, JSON and a table as Athena prints values, and Parquet."""

from __future__ import annotations

import csv
import json
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from flowtui.errors import FlowTuiError
from flowtui.places import is_file, is_there
from flowtui.sql.engine import Column
from flowtui.sql.output import to_athena_text

if TYPE_CHECKING:
    import pyarrow as pa

_MAX_CELL = 80
"""Letters a table cell shows; the rest is cut and marked."""
_PLAIN = ("varchar", "tinyint", "smallint", "integer", "bigint", "boolean")
_NUMBERS = ("tinyint", "smallint", "integer", "bigint", "decimal", "real", "double")


def rows(batches: Iterator[pa.RecordBatch], columns: Sequence[Column]) -> Iterator[tuple[str | None, ...]]:
    """Rows as Athena's text; None for NULL."""
    for batch in batches:
        yield from zip(*(_texts(batch.column(place), column) for place, column in enumerate(columns)), strict=True)


def _texts(values: pa.Array, column: Column) -> list[str | None]:
    """A column's values as text; Arrow itself writes whole numbers, booleans and texts as Athena does."""
    import pyarrow as pa

    if column.kind.name in _PLAIN and not pa.types.is_nested(values.type):
        texts: list[str | None] = values.cast(pa.string()).to_pylist()
        return texts
    return [None if value is None else to_athena_text(value, column.kind) for value in values.to_pylist()]


def unfinished(path: Path) -> Path:
    """The name a file has until all of it is written; of a link it is the file meant."""
    place = Path(os.path.realpath(path))
    return place.with_name(place.name + ".part")


def _is_special(path: Path) -> bool:
    """Whether what is there is to be written into and not replaced: a pipe with a name, a device."""
    return is_there(path) and not is_file(path)


def _remove(leftover: Path) -> None:
    """Remove an unfinished file; where that fails, what failed before is what a user has to know."""
    with suppress(OSError):
        leftover.unlink(missing_ok=True)


@contextmanager
def whole_file(path: Path) -> Iterator[IO[str]]:
    """A text file that gets its name when all of it is written: a failing query leaves what was there.

    Raises:
        FlowTuiError: the file cannot be written.
    """
    special = _is_special(path)
    temporary = path if special else unfinished(path)
    try:
        with temporary.open("w", encoding="utf-8") as file:
            yield file
        if not special:
            temporary.replace(os.path.realpath(path))
    except OSError as error:
        raise FlowTuiError(f"Cannot write {path}: {error.strerror or error}.") from error
    finally:
        if not special:
            _remove(temporary)


def write_csv(file: IO[str], columns: Sequence[Column], batches: Iterator[pa.RecordBatch]) -> int:
    """CSV with a header as Athena writes it: every value quoted, NULL as an empty unquoted field; gives the rows."""
    plain = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
    plain.writerow([column.name for column in columns])
    count = 0
    for row in rows(batches, columns):
        file.write(",".join(["" if cell is None else f'"{_doubled(cell)}"' for cell in row]) + "\n")
        count += 1
    return count


def _doubled(text: str) -> str:
    return text.replace('"', '""') if '"' in text else text


def write_json(file: IO[str], columns: Sequence[Column], batches: Iterator[pa.RecordBatch]) -> int:
    """A JSON array of objects; numbers, booleans, arrays and maps keep their kind. Gives the rows.

    Raises:
        FlowTuiError: two columns have one name, and an object would keep only one of them.
    """
    names = [column.name for column in columns]
    _check_names(names, "JSON")
    count = 0
    file.write("[")
    for batch in batches:
        for values in zip(*(batch.column(place).to_pylist() for place in range(len(columns))), strict=True):
            record = {
                name: json_value(value, column) for name, value, column in zip(names, values, columns, strict=True)
            }
            file.write(",\n" if count else "\n")
            file.write(json.dumps(record, ensure_ascii=False))
            count += 1
    file.write("\n]\n" if count else "]\n")
    return count


def _check_names(names: Sequence[str], what: str) -> None:
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise FlowTuiError(
            f"Two columns are named {twice}; {what} needs different names.", "Give one an alias with AS."
        )


def json_value(value: Any, column: Column) -> Any:
    """A value as JSON has it; what JSON has no kind for is Athena's text."""
    kind = column.kind
    if value is None or (isinstance(value, (bool, int)) and not kind.is_interval):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else to_athena_text(value, kind)
    if kind.name == "array":
        return [json_value(item, Column("", kind.element)) for item in value]
    if kind.name == "map":
        pairs = value.items() if isinstance(value, dict) else value
        return {to_athena_text(k, kind.of[0]): json_value(v, Column("", kind.of[1])) for k, v in pairs}
    if kind.name == "row":
        parts = list(value.values())
        names = [name or f"field{place}" for place, name in enumerate(kind.fields)]
        return {n: json_value(v, Column("", t)) for n, v, t in zip(names, parts, kind.of, strict=True)}
    return to_athena_text(value, kind)


def write_table(file: IO[str], columns: Sequence[Column], batches: Iterator[pa.RecordBatch]) -> int:
    """Aligned columns, numbers to the right; gives the rows."""
    # A single column is read as text, a plan or a statement perhaps: nothing stands beside it that must stay in sight.
    longest = _MAX_CELL if len(columns) > 1 else sys.maxsize
    cells = [[_cell(cell, longest) for cell in row] for row in rows(batches, columns)]
    widths = [max([len(column.name), *(len(row[place]) for row in cells)]) for place, column in enumerate(columns)]
    right = [column.kind.name in _NUMBERS for column in columns]
    file.write(_line([column.name for column in columns], widths, right))
    file.write(_line(["─" * width for width in widths], widths, right))
    for row in cells:
        file.write(_line(row, widths, right))
    return len(cells)


def _cell(text: str | None, longest: int) -> str:
    if text is None:
        return "NULL"
    # Text from logs is data: nothing in it may steer the terminal.
    shown = "".join(letter if letter.isprintable() else "·" for letter in text)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    parts = (
        cell.rjust(width) if to_right else cell.ljust(width)
        for cell, width, to_right in zip(row, widths, right, strict=True)
    )
    return "  ".join(parts).rstrip() + "\n"


def write_parquet(path: Path, columns: Sequence[Column], batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> int:
    """A Parquet file, written under a temporary name and renamed when whole; gives the rows.

    Raises:
        FlowTuiError: the file cannot be written, or two columns have one name.
    """
    temporary = unfinished(path)
    try:
        if _is_special(path):
            with path.open("wb") as file:
                return stream_parquet(file, columns, batches, schema)
        count = _parquet(temporary, columns, batches, schema)
        temporary.replace(os.path.realpath(path))
    except OSError as error:
        raise FlowTuiError(f"Cannot write {path}: {error.strerror or error}.") from error
    finally:
        _remove(temporary)
    return count


def stream_parquet(
    file: IO[bytes], columns: Sequence[Column], batches: Iterator[pa.RecordBatch], schema: pa.Schema
) -> int:
    """Parquet to a pipe: made whole in a temporary file first, so that a failing query sends nothing; gives the rows.

    Raises:
        FlowTuiError: two columns have one name.
    """
    with tempfile.TemporaryFile() as whole:
        count = _parquet(whole, columns, batches, schema)
        whole.seek(0)
        shutil.copyfileobj(whole, file)
    file.flush()
    return count


def _parquet(
    target: Path | IO[bytes], columns: Sequence[Column], batches: Iterator[pa.RecordBatch], schema: pa.Schema
) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    _check_names([column.name.lower() for column in columns], "Parquet")
    fields = [_parquet_field(schema.field(place), column) for place, column in enumerate(columns)]
    wanted = pa.schema(fields)
    count = 0
    with pq.ParquetWriter(target, wanted, compression="zstd") as writer:
        for batch in batches:
            writer.write_table(pa.Table.from_batches([batch]).cast(wanted))
            count += batch.num_rows
    return count


def _parquet_field(field: pa.Field, column: Column) -> pa.Field:
    import pyarrow as pa

    if column.kind.name == "timestamp with time zone":
        return pa.field(column.name, pa.timestamp("us", tz="UTC"))
    return pa.field(column.name, field.type)
