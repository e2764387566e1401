"""Records as Arrow batches, for files of any kind that :mod:`flowtui.lake.export` writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from flowtui.records.layout import Layout
from flowtui.records.parse import Record, Value

if TYPE_CHECKING:
    from pyarrow import DataType, RecordBatch, RecordBatchReader

MESSAGE = "message"
"""Column of a line that fits no layout, there when some line does not."""

_BATCH = 10_000


def record_reader(layouts: Sequence[Layout], lines: Iterable[Record | str], messages: bool) -> RecordBatchReader:
    """Records of some layouts as one table: a column for each field that any of them has.

    Args:
        layouts: every layout among the records.
        lines: the records, and the texts of lines that fit no layout; read once, as the reader is.
        messages: whether there are such texts.
    """
    import pyarrow as pa

    types = _columns(layouts)
    if messages:
        types[MESSAGE] = pa.string()
    schema = pa.schema(list(types.items()))

    def batches() -> Iterator[RecordBatch]:
        rows = iter(lines)
        while portion := list(islice(rows, _BATCH)):
            arrays = [pa.array(_values(name, type, portion), type) for name, type in types.items()]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _columns(layouts: Sequence[Layout]) -> dict[str, DataType]:
    """The columns' types; text where layouts disagree."""
    import pyarrow as pa

    found: dict[str, DataType] = {}
    for layout in layouts:
        for column, field in zip(layout.columns, layout.fields, strict=True):
            type = pa.int64() if field is not None and field.numeric else pa.string()
            found[column] = type if found.get(column, type) == type else pa.string()
    return found


def _values(name: str, type: DataType, lines: Sequence[Record | str]) -> list[Value]:
    if name == MESSAGE:
        return [line if isinstance(line, str) else line.get(name) for line in lines]
    values = [None if isinstance(line, str) else line.get(name) for line in lines]
    return values if type == "int64" else [None if value is None else str(value) for value in values]
