"""Athena's results, which are text, as typed columns.

What has one exact carrier becomes it: numbers, booleans, dates, timestamps. Arrays, maps, rows, JSON, intervals, times
and timestamps with time zone (whose zone may differ from row to row) stay the text that Athena wrote; the result's
metadata does not say of what an array is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flowtui.aws.athena import ResultColumn, ResultPage
from flowtui.errors import FlowTuiError
from flowtui.sql.dialect import types
from flowtui.sql.dialect.types import Type
from flowtui.sql.engine import Column

if TYPE_CHECKING:
    import pyarrow as pa

_KINDS = {
    "tinyint": Type("tinyint"),
    "smallint": Type("smallint"),
    "integer": types.INTEGER,
    "int": types.INTEGER,
    "bigint": types.BIGINT,
    "double": types.DOUBLE,
    "float": types.REAL,
    "real": types.REAL,
    "boolean": types.BOOLEAN,
    "date": types.DATE,
}
_MICROSECONDS = 6


def column_of(one: ResultColumn) -> Column:
    """A result's column with the type that its values are handed on in."""
    if one.type == "decimal":
        return Column(one.name, types.decimal(one.precision or types.MAX_PRECISION, one.scale))
    if one.type == "timestamp":
        # Metadata gives 3 for every timestamp; the values have the digits.
        return Column(one.name, types.timestamp(3))
    return Column(one.name, _KINDS.get(one.type, types.VARCHAR))


def columns_of(page: ResultPage) -> tuple[Column, ...]:
    """The columns of a page; those whose timestamps have more digits than a carrier holds stay text."""
    columns = [column_of(one) for one in page.columns]
    for place, column in enumerate(columns):
        if column.kind.name == "timestamp":
            digits = max((_digits(row[place]) for row in page.rows), default=0)
            kind = types.VARCHAR if digits > _MICROSECONDS else types.timestamp(max(3, digits))
            columns[place] = Column(column.name, kind)
    return tuple(columns)


def _digits(text: str | None) -> int:
    return len((text or "").partition(".")[2])


def schema_of(columns: Sequence[Column]) -> pa.Schema:
    """The Arrow schema of these columns."""
    import pyarrow as pa

    return pa.schema([pa.field(column.name, _arrow(column.kind)) for column in columns])


def batch_of(rows: Sequence[Sequence[str | None]], columns: Sequence[Column], schema: pa.Schema) -> pa.RecordBatch:
    """Rows of text as a typed batch.

    Raises:
        FlowTuiError: a value is none of its type's: a year beyond 9999, say.
    """
    import pyarrow as pa

    arrays = []
    for place, column in enumerate(columns):
        convert = _CONVERT.get(column.kind.name, str)
        try:
            arrays.append(pa.array(_converted((row[place] for row in rows), convert), schema.field(place).type))
        except (ValueError, ArithmeticError) as error:
            message = f"A value of the column {column.name} cannot be held as {column.type}: {error}."
            raise FlowTuiError(message, f"Write CAST({column.name} AS varchar) to have it as text.") from error
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _converted(values: Iterable[str | None], convert: Callable[[str], Any]) -> list[Any]:
    return [None if value is None else convert(value) for value in values]


def _arrow(kind: Type) -> pa.DataType:
    import pyarrow as pa

    match kind.name:
        case "decimal":
            return pa.decimal128(*kind.args)
        case "timestamp":
            return pa.timestamp("us")
        case "date":
            return pa.date32()
        case "boolean":
            return pa.bool_()
        case "tinyint":
            return pa.int8()
        case "smallint":
            return pa.int16()
        case "integer":
            return pa.int32()
        case "bigint":
            return pa.int64()
        case "real":
            return pa.float32()
        case "double":
            return pa.float64()
        case _:
            return pa.string()


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(f"{text!r} is no boolean")
    return text.lower() == "true"


def _timestamp(text: str) -> datetime:
    if _digits(text) > _MICROSECONDS:
        raise ValueError(f"{text!r} has more digits than the rows before it")
    return datetime.fromisoformat(text)


_CONVERT: dict[str, Callable[[str], Any]] = {
    "tinyint": int,
    "smallint": int,
    "integer": int,
    "bigint": int,
    "double": float,
    "real": float,
    "decimal": Decimal,
    "boolean": _boolean,
    "date": date.fromisoformat,
    "timestamp": _timestamp,
}
