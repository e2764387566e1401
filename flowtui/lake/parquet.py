"""Flow logs in Parquet: what a file's footer says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from flowtui.lake.faults import Unreadable
from flowtui.records.labels import clean
from flowtui.records.layout import Layout

PARQUET_MAGIC = b"PAR1"

_PLAIN = r"u?int\d+|(large_)?(string|binary)|(string|binary)_view|fixed_size_binary.*|null"
_TEXT = re.compile(rf"({_PLAIN})|dictionary<values=({_PLAIN}), .*")
_NUMBER = re.compile(rf"{_TEXT.pattern}|float|double|halffloat|decimal.*")


@dataclass(frozen=True, slots=True)
class ParquetContent:
    """What a footer says: columns with their types, as the file has them, and how many records."""

    columns: tuple[tuple[str, str], ...]
    records: int


def mistyped(content: ParquetContent, layout: Layout) -> str:
    """What is wrong with a column's type, empty when nothing is; those of unknown names may have any.

    A truth value would become the number 1, a list or a time some text, and nobody would be told.
    """
    for (name, kind), field in zip(content.columns, layout.fields, strict=True):
        if field is not None and not (_NUMBER if field.numeric else _TEXT).fullmatch(kind):
            return f"its column {clean(name)} holds {clean(kind)}, not {'numbers' if field.numeric else 'text'}"
    return ""


def read_parquet_content(path: Path) -> ParquetContent:
    """Read a footer.

    Raises:
        Unreadable: the file is damaged.
    """
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            schema = file.schema_arrow
            columns = tuple((str(field.name), str(field.type)) for field in schema)
            return ParquetContent(columns, int(file.metadata.num_rows))
    except (ArrowException, OSError) as error:
        reason = (str(error).strip().splitlines() or ["no reason given"])[0]
        raise Unreadable(f"its Parquet data is damaged: {reason}") from error
