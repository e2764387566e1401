"""The statements that read flow logs into a record table.

Everything is explicit, because a guessed dialect loses rows in silence: columns and types, no quoting, ``-`` as NULL,
refused lines kept. Numbers are read in the width AWS documents; a text column's ``-`` is put back, as Athena has it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from flowtui.lake.lines import NOT_UTF8, Line
from flowtui.lake.schema import OBJECT, RECORDS, quoted
from flowtui.records.fields import Field
from flowtui.records.headerless import TIME
from flowtui.records.layout import PARTITION_COLUMN, Layout

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_READ_TYPES = {"INT_32": "INTEGER", "INT_64": "BIGINT", "STRING": "VARCHAR"}
_DIALECT = "auto_detect=false, delim=' ', quote='', escape='', nullstr='-', hive_partitioning=false, store_rejects=true"
FILE = "file name"
"""Column that names the file; no field's column can have a space in it."""

_TIME = "time before"
_NUMBER = "record number"
_FILES = "flowtui_files"
_LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z, beyond which a date has no four-digit year


Files = Mapping[str, tuple[int, str | None]]
"""Object number, and partition (None: from each record's time), by path."""


_GLOB = re.compile(r"[*?[]")


def pattern(path: str) -> str:
    """A path as DuckDB's readers take it, to read that file and no other: they read ``a[1].log`` as ``a1.log``.

    In a path with backslashes nothing can be escaped, for they part folders in a pattern on every system. What such a
    one matches instead of its file the rows' weight, or their number, shows.
    """
    return path if "\\" in path else _GLOB.sub(r"[\g<0>]", path)


def literal(text: str) -> str:
    """A text as a DuckDB literal."""
    return "'" + text.replace("'", "''") + "'"


def numeric(field: Field | None) -> bool:
    """Whether a column of this field holds numbers; unknown names are text."""
    return field is not None and field.numeric


def insert_text(
    cursor: DuckDBPyConnection, layout: Layout, files: Files, *, gzip: bool, header: bool, time_bytes: int = 0
) -> None:
    """Read whole text files of one layout and form in one statement; refused lines are kept.

    Args:
        cursor: in a transaction.
        layout: of every one of them.
        files: what to read.
        gzip: whether they are compressed.
        header: whether their first line is a header.
        time_bytes: length of the ISO time before every line, 0 where there is none; a line with anything else there is
            left out, which its file's weight shows.
    """
    time = [(_TIME, "VARCHAR")] if time_bytes else []
    columns = ", ".join(f"'{name}': '{type}'" for name, type in (*time, *_read_columns(layout)))
    reader = (
        f"read_csv(?, columns={{{columns}}}, {_DIALECT}, header=false, skip={int(header)}, filename='{FILE}', "
        f"compression='{'gzip' if gzip else 'none'}')"
    )
    conditions = _no_headers(layout)
    if time_bytes:
        column = f"r.{quoted(_TIME)}"
        conditions += [f"strlen({column}) = {time_bytes}", f"regexp_full_match({column}, {literal(TIME)})"]
    _insert(cursor, layout, files, reader, conditions)


def insert_parquet(cursor: DuckDBPyConnection, layout: Layout, stored: Sequence[tuple[str, str]], files: Files) -> None:
    """Read whole Parquet files of one schema, in one statement.

    Args:
        cursor: in a transaction.
        layout: of every one of them.
        stored: names and types of their columns, as the files have them, in the layout's order.
        files: what to read.

    Raises:
        duckdb.Error: a value is none of its column's, such as a part of a number.
    """
    source = f"read_parquet(?, filename='{FILE}', hive_partitioning=false, binary_as_string=true)"
    _insert(cursor, layout, files, f"(SELECT {quoted(FILE)}, {_parquet_columns(layout, stored)} FROM {source})")


def take_negative(
    cursor: DuckDBPyConnection, layout: Layout, stored: Sequence[tuple[str, str]], path: str, id: int
) -> list[Line]:
    """Take the records of a Parquet file that have a number below zero, as no flow log has, out of the table again.

    Args:
        cursor: in the transaction that read them.
        layout: of the file.
        stored: as :func:`insert_parquet` has it.
        path: the file.
        id: its object number.
    """
    numbers = [quoted(column) for column, field in zip(layout.columns, layout.fields, strict=True) if numeric(field)]
    below = " OR ".join(f"{number} < 0" for number in numbers) or "false"
    cursor.execute(f"DELETE FROM {RECORDS[layout.kind]} WHERE {quoted(OBJECT)} = {id} AND ({below})")
    faults = " ".join(f"WHEN {number} < 0 THEN {literal(number[1:-1])} || ' is below zero'" for number in numbers)
    texts = ", ".join(f"coalesce({quoted(column)}::VARCHAR, '-')" for column in layout.columns)
    source = "read_parquet(?, file_row_number=true, hive_partitioning=false, binary_as_string=true)"
    rows = cursor.execute(
        f"SELECT {quoted(_NUMBER)} + 1, concat_ws(' ', {texts}), CASE {faults or 'WHEN true THEN NULL'} END "
        f"FROM (SELECT file_row_number AS {quoted(_NUMBER)}, {_parquet_columns(layout, stored)} FROM {source}) "
        f"WHERE {below} ORDER BY 1",
        [pattern(path)],
    ).fetchall()
    return [Line(int(number), str(text), str(fault)) for number, text, fault in rows]


def _parquet_columns(layout: Layout, stored: Sequence[tuple[str, str]]) -> str:
    return ", ".join(
        f"{_whole(name, kind, type) if type != 'VARCHAR' else _text(name, kind, column)} AS {quoted(column)}"
        for (name, kind), (column, type) in zip(stored, _read_columns(layout), strict=True)
    )


def _text(name: str, kind: str, column: str) -> str:
    """A text column of a Parquet file. An account's id that was stored as a number has lost its leading zeros."""
    is_account = column.endswith("account_id") and kind.startswith(("int", "uint"))
    return f"printf('%012d', {quoted(name)})" if is_account else f"{quoted(name)}::VARCHAR"


def _whole(name: str, kind: str, type: str) -> str:
    """A number column of a Parquet file. Casts alone would round, and read ``1e2`` in a text as a number."""
    value, refuse = quoted(name), f"error({literal(name + ' is not a whole number: ')} || {quoted(name)})"
    if "string" in kind or "binary" in kind:
        whole, none = f"regexp_full_match({value}, '-?[0-9]+')", f"{value} = '-'"
    elif kind.startswith(("float", "double", "halffloat", "decimal")):
        whole, none = f"{value} = trunc({value})", f"isnan({value}::DOUBLE)"
    else:
        return f"{value}::{type}"
    return f"CASE WHEN {value} IS NULL OR {none} THEN NULL WHEN {whole} THEN {value}::{type} ELSE {refuse} END"


def _insert(
    cursor: DuckDBPyConnection, layout: Layout, files: Files, reader: str, conditions: Sequence[str] = ()
) -> None:
    days = [day for _, day in files.values()]
    partition = f"coalesce(w.day, {_day(layout)})" if None in days else "w.day"
    # A table, for of lists joined in place the database does not know how long they are, and tells no progress.
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE {_FILES} AS "
        "SELECT unnest(?::VARCHAR[]) AS path, unnest(?::INTEGER[]) AS id, unnest(?::VARCHAR[]) AS day",
        [list(files), [id for id, _ in files.values()], days],
    )
    cursor.execute(
        f"INSERT INTO {RECORDS[layout.kind]} ({_targets(layout)}) "
        f"SELECT w.id, {_values(layout)}, {partition} FROM {reader} r JOIN {_FILES} w "
        f"ON w.path = r.{quoted(FILE)}{''.join(f' AND {condition}' for condition in conditions)}",
        [list(map(pattern, files))],
    )


def insert_repaired(cursor: DuckDBPyConnection, layout: Layout, path: str) -> None:
    """Read a file of our own making: object number, partition or ``-``, then the columns, single spaces between.

    A text column that is empty there is one that the record's own layout lacks.
    """
    columns = ", ".join(
        f"'{name}': '{type}'" for name, type in ((OBJECT, "INTEGER"), (FILE, "VARCHAR"), *_read_columns(layout))
    )
    cursor.execute(
        f"INSERT INTO {RECORDS[layout.kind]} ({_targets(layout)}) "
        f"SELECT {quoted(OBJECT)}, {_values(layout, absent=True)}, coalesce({quoted(FILE)}, {_day(layout)}) "
        f"FROM read_csv(?, columns={{{columns}}}, {_DIALECT}, header=false) r",
        [[pattern(path)]],
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
        fault = NOT_UTF8 if not_utf8 else "longer than 2000000 bytes" if too_long else ""
        found.setdefault(str(file), []).append(Line(int(number), str(text or ""), fault))
    return found


def _read_columns(layout: Layout) -> list[tuple[str, str]]:
    return [
        (column, _READ_TYPES[field.parquet_type] if field else "VARCHAR")
        for column, field in zip(layout.columns, layout.fields, strict=True)
    ]


def _targets(layout: Layout) -> str:
    return ", ".join(quoted(column) for column in (OBJECT, *layout.columns, PARTITION_COLUMN))


def _values(layout: Layout, *, absent: bool = False) -> str:
    text = "nullif(coalesce(r.{}, '-'), '')" if absent else "coalesce(r.{}, '-')"
    return ", ".join(
        f"r.{quoted(column)}" if numeric(field) else text.format(quoted(column))
        for column, field in zip(layout.columns, layout.fields, strict=True)
    )


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


def _no_headers(layout: Layout) -> list[str]:
    """Keep a repeated header line from passing for a record, where no number column refuses it."""
    if any(numeric(field) for field in layout.fields):
        return []
    same = " AND ".join(
        f"r.{quoted(column)} = {literal(name)}" for column, name in zip(layout.columns, layout.names, strict=True)
    )
    return [f"NOT coalesce({same}, false)"]
