"""The ledger: which objects the workspace has taken in, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flowtui.lake.schema import OBJECT as OBJECT_COLUMN
from flowtui.lake.schema import PATH_COLUMNS, RECORDS, path_values, quoted
from flowtui.lake.sources import Source
from flowtui.records.layout import Layout

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Key = tuple[str, str]
"""Bucket and key of an object; bucket is empty for files."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger says of one object that is loaded.

    Args:
        id: number that its rows carry.
        identity: S3's etag, or the content's hash for a file.
        size: bytes as stored.
        layout: header line of the layout it was read under.
    """

    id: int
    identity: str
    size: int
    layout: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What loading one object gave.

    Args:
        rows: records now in the workspace.
        rejected: lines refused.
        first_dt: earliest partition, None without records.
        last_dt: latest partition.
        first_start: earliest ``start``, Unix seconds, None when no record tells.
        last_end: latest ``end``, Unix seconds.
        ok: records whose ``log-status`` is OK; this and the next two are not kept in the ledger.
        nodata: records of intervals without traffic.
        skipdata: records of intervals in which AWS lost some.
        repeated: events left out because the same dump has them before; not kept either.
    """

    rows: int
    rejected: int
    first_dt: str | None = None
    last_dt: str | None = None
    first_start: int | None = None
    last_end: int | None = None
    ok: int = 0
    nodata: int = 0
    skipdata: int = 0
    repeated: int = 0


def loaded_objects(cursor: DuckDBPyConnection) -> dict[Key, Entry]:
    """Every object whose rows are in the workspace."""
    rows = cursor.execute(
        "SELECT bucket, key, id, CASE WHEN etag = '' THEN content_hash ELSE etag END, size, layout "
        "FROM flowtui.objects WHERE status = 'loaded'"
    ).fetchall()
    return {(str(row[0]), str(row[1])): Entry(int(row[2]), str(row[3]), int(row[4]), str(row[5])) for row in rows}


def failed_objects(cursor: DuckDBPyConnection) -> dict[Key, str]:
    """Objects that could not be loaded when last tried, and why."""
    rows = cursor.execute("SELECT bucket, key, reason FROM flowtui.objects WHERE status = 'failed'").fetchall()
    return {(str(row[0]), str(row[1])): str(row[2]) for row in rows}


def next_id(cursor: DuckDBPyConnection) -> int:
    """The first number no object has had while its rows were here."""
    row = cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM flowtui.objects").fetchone()
    assert row is not None  # an aggregate without GROUP BY gives one row
    return int(row[0])


def forget(cursor: DuckDBPyConnection, keys: Iterable[Key]) -> None:
    """Remove the rows, refused lines and entries of objects, so that they can be taken in anew."""
    wanted = [(bucket, key, name_of(bucket, key)) for bucket, key in keys]
    if not wanted:
        return
    found = cursor.execute(
        "SELECT o.id, w.name FROM flowtui.objects o JOIN "
        "(SELECT unnest(?) AS bucket, unnest(?) AS key, unnest(?) AS name) w USING (bucket, key)",
        [list(column) for column in zip(*wanted, strict=True)],
    ).fetchall()
    if not found:
        return
    ids, names = [int(row[0]) for row in found], [str(row[1]) for row in found]
    for table in RECORDS.values():
        cursor.execute(f"DELETE FROM {table} WHERE {quoted(OBJECT_COLUMN)} IN (SELECT unnest(?))", [ids])
    cursor.execute("DELETE FROM vpc_flow_logs.rejected_lines WHERE file IN (SELECT unnest(?))", [names])
    cursor.execute("DELETE FROM flowtui.objects WHERE id IN (SELECT unnest(?))", [ids])


def name_of(bucket: str, key: str) -> str:
    """What a person calls an object, as :attr:`flowtui.lake.sources.Source.name` does.

    Args:
        bucket: an S3 bucket, a log group as ``logs://region/group``, or empty for a file.
        key: object key, or absolute path.
    """
    if not bucket:
        return key
    return f"{bucket}/{key}" if "://" in bucket else f"s3://{bucket}/{key}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the ledger to be: what became of an object.

    Args:
        id: its number; from :func:`next_id` on.
        source: the object.
        content_hash: of the bytes as stored, empty when they could not be had.
        layout: as read from it, None when it failed.
        tally: what was counted.
        reason: why it could not be loaded, empty when it was.
    """

    id: int
    source: Source
    content_hash: str
    layout: Layout | None
    tally: Tally
    reason: str = ""


def enter(cursor: DuckDBPyConnection, outcomes: Iterable[Outcome], now: datetime) -> None:
    """Write outcomes, in the transaction that holds their rows."""
    rows = [_row(outcome, now) for outcome in outcomes]
    if rows:
        # One statement over lists: thousands of objects in a batch would take seconds one at a time.
        values = ", ".join(f"unnest(?::{type}[])" for type in _COLUMNS.values())
        cursor.execute(
            f"INSERT INTO flowtui.objects ({', '.join(_COLUMNS)}) SELECT {values}",
            [list(column) for column in zip(*rows, strict=True)],
        )


def note_failures(cursor: DuckDBPyConnection, failures: Iterable[tuple[Source, str]], now: datetime) -> None:
    """Note objects that could not be loaded, in a transaction of its own; they are tried again next time.

    An object of which an earlier content is loaded keeps that: its rows were right when they were taken in.
    """
    failed = list(failures)
    if not failed:
        return
    cursor.execute("BEGIN")
    loaded = loaded_objects(cursor)
    fresh = [(source, reason) for source, reason in failed if (source.bucket, source.key) not in loaded]
    forget(cursor, [(source.bucket, source.key) for source, _ in fresh])
    first = next_id(cursor)
    enter(
        cursor, [Outcome(first + n, source, "", None, Tally(0, 0), why) for n, (source, why) in enumerate(fresh)], now
    )
    cursor.execute("COMMIT")


_COLUMNS = {
    **{"id": "INTEGER", "bucket": "VARCHAR", "key": "VARCHAR", "etag": "VARCHAR", "size": "BIGINT"},
    **{"content_hash": "VARCHAR", "kind": "VARCHAR", "layout": "VARCHAR", "rows": "BIGINT", "rejected": "BIGINT"},
    **{"first_dt": "VARCHAR", "last_dt": "VARCHAR", "first_start": "BIGINT", "last_end": "BIGINT"},
    **{"status": "VARCHAR", "reason": "VARCHAR", "loaded_at": "TIMESTAMP"},
    **dict.fromkeys(PATH_COLUMNS, "VARCHAR"),
}


def _row(outcome: Outcome, now: datetime) -> tuple[object, ...]:
    source, layout, tally = outcome.source, outcome.layout, outcome.tally
    return (
        *(outcome.id, source.bucket, source.key, source.etag, source.size, outcome.content_hash),
        *((layout.kind, layout.header) if layout else ("", "")),
        *(tally.rows, tally.rejected, tally.first_dt, tally.last_dt, tally.first_start, tally.last_end),
        *("loaded" if layout else "failed", outcome.reason, now.replace(tzinfo=None)),
        *path_values(source.key),
    )
