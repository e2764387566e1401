"""What the rows of an object come to, to be held against the file they were read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowtui.lake.insert import numeric
from flowtui.lake.schema import OBJECT, RECORDS, quoted
from flowtui.records.layout import Layout

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Weight:
    """What one object's rows come to.

    Args:
        rows: how many.
        text_bytes: length of their lines written out again, line ends included.
        ok: rows whose ``log-status`` is OK.
        nodata: rows of intervals without traffic.
        skipdata: rows of intervals in which AWS lost records.
        doubtful: some value is one that no flow log holds: an empty text, a number below zero.
    """

    rows: int
    text_bytes: int
    doubtful: bool
    first_dt: str | None
    last_dt: str | None
    first_start: int | None
    last_end: int | None
    ok: int
    nodata: int
    skipdata: int


def weigh(
    cursor: DuckDBPyConnection,
    layout: Layout,
    first_id: int,
    last_id: int,
    *,
    days: bool = True,
    time_bytes: int = 0,
) -> dict[int, Weight]:
    """Weigh the rows of a range of objects, all of one layout, by object number.

    DuckDB's reader takes ``1.5``, ``1e3``, ``0x1F`` and ``1_000`` for whole numbers, an empty column for an empty
    text, and skips empty lines. Written out again, such rows are shorter than the file was: every writing that DuckDB
    takes is longer than the plain one, but for those that :mod:`flowtui.lake.writings` finds. So nothing makes up for
    another.

    Args:
        cursor: in the transaction that read them.
        layout: of all of them.
        first_id: first object.
        last_id: last object.
        days: also find each object's first and last partition.
        time_bytes: length of the time before each record, which no column keeps; 0 where there is none.
    """
    source = f"FROM {RECORDS[layout.kind]} WHERE {quoted(OBJECT)} BETWEEN {first_id} AND {last_id}"
    pairs = list(zip(layout.columns, layout.fields, strict=True))
    numbers = [quoted(column) for column, field in pairs if numeric(field)]
    texts = [quoted(column) for column, field in pairs if not numeric(field)]
    doubts = [f"{column} = ''" for column in texts] + [f"{column} < 0" for column in numbers]
    doubtful = {
        int(row[0])
        for doubt in doubts
        # Asked one at a time, each is answered from the minimum that DuckDB keeps of every row group.
        for row in cursor.execute(f"SELECT DISTINCT {quoted(OBJECT)} {source} AND {doubt}").fetchall()
    }
    # A sum for each column is quicker than one of them all: their lengths need not be added row by row.
    text_lengths = [f"coalesce(sum(strlen({column})), 0)" for column in texts]
    # A column takes its text or digits, or one for -, and one for the space or line end behind it.
    always = len(pairs) + len(numbers) + (time_bytes + 1 if time_bytes else 0)
    length = f"({' + '.join([*text_lengths, f'{always} * count(*)'])})"
    start = "min(start)" if layout.index("start") is not None else "NULL"
    end = 'max("end")' if layout.index("end") is not None else "NULL"
    has_status = layout.index("log-status") is not None
    statuses = ", ".join(
        f"coalesce(count_if(log_status = '{status}'), 0)" if has_status else "0"
        for status in ("OK", "NODATA", "SKIPDATA")
    )
    rows = cursor.execute(
        f"SELECT {quoted(OBJECT)}, count(*), {length} + {_further_digits(cursor, source, numbers)}, "
        f"{'min(dt), max(dt)' if days else 'NULL, NULL'}, {start}, {end}, {statuses} {source} GROUP BY 1"
    ).fetchall()
    return {int(row[0]): Weight(int(row[1]), int(row[2]), int(row[0]) in doubtful, *row[3:]) for row in rows}


def _further_digits(cursor: DuckDBPyConnection, source: str, numbers: list[str]) -> str:
    """An aggregate: digits of all number columns beyond the first of each value.

    It compares only with those powers of ten that lie within a column's range. Each is counted by itself, which takes
    DuckDB a third of the time that adding them up row by row does.
    """
    if not numbers:
        return "0"
    ends = ", ".join(f"min({column}), max({column})" for column in numbers)
    row = cursor.execute(f"SELECT {ends} {source}").fetchone()
    assert row is not None  # an aggregate without GROUP BY gives one row
    parts = ["0"]
    for column, low, high in zip(numbers, row[::2], row[1::2], strict=True):
        shortest, longest = (len(str(max(value or 0, 0))) for value in (low, high))
        if shortest > 1:
            parts.append(f"{shortest - 1} * count({column})")
        parts += (f"coalesce(count_if({column} >= {10**digits}), 0)" for digits in range(shortest, longest))
    return f"({' + '.join(parts)})::BIGINT"
