"""The statements that read flow log text into a record table, and that weigh what arrived.

Everything is explicit, because a guessed dialect loses rows in silence: columns and types, no quoting, ``-`` as NULL,
refused lines kept. Numbers are read in the width AWS documents; a text column's ``-`` is put back, as Athena has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowtui.lake.lines import Line
from flowtui.lake.schema import OBJECT, RECORDS, quoted
from flowtui.records.fields import Field
from flowtui.records.layout import PARTITION_COLUMN, Layout

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_READ_TYPES = {"INT_32": "INTEGER", "INT_64": "BIGINT", "STRING": "VARCHAR"}
_DIALECT = "auto_detect=false, delim=' ', quote='', escape='', nullstr='-', hive_partitioning=false, store_rejects=true"
_FILE = "file name"
_LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z, beyond which a date has no four-digit year


def literal(text: str) -> str:
    """A text as a DuckDB literal."""
    return "'" + text.replace("'", "''") + "'"


def numeric(field: Field | None) -> bool:
    """Whether a column of this field holds numbers; unknown names are text."""
    return field is not None and field.numeric


def insert_files(
    cursor: DuckDBPyConnection, layout: Layout, files: dict[str, tuple[int, str | None]], gzip: bool
) -> None:
    """Read whole files of one layout, all gzip or all plain, in one statement.

    Args:
        cursor: in a transaction.
        layout: of every one of them.
        files: object number and partition (None: from each record's time) by path.
        gzip: whether they are compressed.
    """
    columns = ", ".join(f"'{name}': '{type}'" for name, type in _read_columns(layout))
    reader = (
        f"read_csv(?, columns={{{columns}}}, {_DIALECT}, header=false, skip=1, filename='{_FILE}', "
        f"compression='{'gzip' if gzip else 'none'}')"
    )
    values = _values(layout, "r")
    partition = f"coalesce(w.{PARTITION_COLUMN}, {_day(layout)})" if None in _partitions(files) else "w.dt"
    cursor.execute(
        f"INSERT INTO {RECORDS[layout.kind]} ({_targets(layout)}) "
        f"SELECT w.id, {values}, {partition} FROM {reader} r "
        f"JOIN (SELECT unnest(?::VARCHAR[]) AS path, unnest(?::INTEGER[]) AS id, unnest(?::VARCHAR[]) AS dt) w "
        f"ON w.path = r.{quoted(_FILE)}{_no_headers(layout)}",
        [list(files), list(files), [id for id, _ in files.values()], _partitions(files)],
    )


def insert_repaired(cursor: DuckDBPyConnection, layout: Layout, path: str) -> None:
    """Read a file of our own making: object number, partition or ``-``, then the columns, single spaces between."""
    columns = ", ".join(
        f"'{name}': '{type}'" for name, type in ((OBJECT, "INTEGER"), (_FILE, "VARCHAR"), *_read_columns(layout))
    )
    cursor.execute(
        f"INSERT INTO {RECORDS[layout.kind]} ({_targets(layout)}) "
        f"SELECT {quoted(OBJECT)}, {_values(layout, 'r')}, coalesce({quoted(_FILE)}, {_day(layout)}) "
        f"FROM read_csv(?, columns={{{columns}}}, {_DIALECT}, header=false) r",
        [[path]],
    )


def take_refused(cursor: DuckDBPyConnection) -> dict[str, list[Line]]:
    """The lines refused since the last call on this cursor, by file; one each, however many faults it has.

    A line whose text DuckDB could not keep as it was has a fault; any other may yet be a record or a header.
    """
    tables = "FROM information_schema.tables WHERE table_name = 'reject_errors'"
    if not cursor.execute(f"SELECT 1 {tables}").fetchall():
        return {}
    rows = cursor.execute(
        "SELECT s.file_path, e.line, any_value(e.csv_line), "
        "bool_or(e.error_type = 'INVALID ENCODING'), bool_or(e.error_type = 'LINE SIZE OVER MAXIMUM') "
        "FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id) GROUP BY ALL ORDER BY 1, 2"
    ).fetchall()
    cursor.execute("DELETE FROM reject_errors")
    cursor.execute("DELETE FROM reject_scans")
    found: dict[str, list[Line]] = {}
    for file, number, text, not_utf8, too_long in rows:
        fault = "not UTF-8" if not_utf8 else "longer than 2000000 bytes" if too_long else ""
        found.setdefault(str(file), []).append(Line(int(number), str(text or ""), fault))
    return found


@dataclass(frozen=True, slots=True)
class Weight:
    """What one object's rows come to.

    Args:
        rows: how many.
        text_bytes: length of their lines written out again, line ends included.
        doubtful: some value is one that no flow log holds: an empty text, a number below zero.
    """

    rows: int
    text_bytes: int
    doubtful: bool
    first_dt: str | None
    last_dt: str | None
    first_start: int | None
    last_end: int | None


def weigh(cursor: DuckDBPyConnection, layout: Layout, first_id: int, last_id: int) -> dict[int, Weight]:
    """Weigh the rows of a range of objects, all of one layout, by object number.

    DuckDB's reader takes ``1.5``, ``1e3``, ``0x1F`` and ``1_000`` for whole numbers, an empty column for an empty
    text, and skips empty lines. Written out again, such rows are longer or shorter than the file was.
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
    text_lengths = [f"strlen({column})" for column in texts]
    # A column takes its text or digits, or one for -, and one for the space or line end behind it.
    length = f"(sum({' + '.join(['0', *text_lengths])}) + {len(pairs)} * count(*) + {len(numbers)} * count(*))"
    start = "min(start)" if layout.index("start") is not None else "NULL"
    end = 'max("end")' if layout.index("end") is not None else "NULL"
    rows = cursor.execute(
        f"SELECT {quoted(OBJECT)}, count(*), {length} + {_further_digits(cursor, source, numbers)}, "
        f"min(dt), max(dt), {start}, {end} {source} GROUP BY 1"
    ).fetchall()
    return {int(row[0]): Weight(int(row[1]), int(row[2]), int(row[0]) in doubtful, *row[3:]) for row in rows}


def _further_digits(cursor: DuckDBPyConnection, source: str, numbers: list[str]) -> str:
    """An aggregate: digits of all number columns beyond the first of each value.

    It compares only with those powers of ten that lie within a column's range, and adds as FLOAT, which DuckDB does
    several at once because it need not look for overflow; the sums of a row are far below where FLOAT turns inexact.
    """
    if not numbers:
        return "0"
    ends = ", ".join(f"min({column}), max({column})" for column in numbers)
    row = cursor.execute(f"SELECT {ends} {source}").fetchone()
    assert row is not None  # an aggregate without GROUP BY gives one row
    always, steps = ["0"], ["0::FLOAT"]
    for column, low, high in zip(numbers, row[::2], row[1::2], strict=True):
        shortest, longest = (len(str(max(value or 0, 0))) for value in (low, high))
        if shortest > 1:
            always.append(f"{shortest - 1} * count({column})")
        further = [f"({column} >= {10**digits})::FLOAT" for digits in range(shortest, longest)]
        if further:
            steps.append(f"coalesce({' + '.join(further)}, 0::FLOAT)")
    return f"{' + '.join(always)} + sum({' + '.join(steps)})::BIGINT"


def _read_columns(layout: Layout) -> list[tuple[str, str]]:
    return [
        (column, _READ_TYPES[field.parquet_type] if field else "VARCHAR")
        for column, field in zip(layout.columns, layout.fields, strict=True)
    ]


def _targets(layout: Layout) -> str:
    return ", ".join(quoted(column) for column in (OBJECT, *layout.columns, PARTITION_COLUMN))


def _values(layout: Layout, table: str) -> str:
    return ", ".join(
        f"{table}.{quoted(column)}" if numeric(field) else f"coalesce({table}.{quoted(column)}, '-')"
        for column, field in zip(layout.columns, layout.fields, strict=True)
    )


def _partitions(files: dict[str, tuple[int, str | None]]) -> list[str | None]:
    return [dt for _, dt in files.values()]


def _day(layout: Layout) -> str:
    """The day of a record's end, as AWS files it, else of its start; NULL when it has neither."""
    times = [f"r.{quoted(name)}" for name in ("end", "start") if layout.index(name) is not None]
    if not times:
        return "NULL"
    seconds = f"coalesce({', '.join(times)})"
    return (
        f"CASE WHEN {seconds} BETWEEN 0 AND {_LAST_SECOND} "
        f"THEN strftime(make_timestamp({seconds} * 1000000), '%Y-%m-%d') END"
    )


def _no_headers(layout: Layout) -> str:
    """Keep a repeated header line from passing for a record, where no number column refuses it."""
    if any(numeric(field) for field in layout.fields):
        return ""
    same = " AND ".join(
        f"r.{quoted(column)} = {literal(name)}" for column, name in zip(layout.columns, layout.names, strict=True)
    )
    return f" WHERE NOT coalesce({same}, false)"
