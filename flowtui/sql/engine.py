"""What answers a query: one protocol, so that the same text runs on DuckDB and on Athena."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from flowtui.insight.cost import money
from flowtui.sql.dialect.types import Type
from flowtui.times import bytes_text

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result. ``kind`` is its Athena type, with the zone a timestamp is shown in."""

    name: str
    kind: Type

    @property
    def type(self) -> str:
        """The type as Athena writes it."""
        return str(self.kind)


@dataclass(frozen=True, slots=True)
class Billed:
    """What a query on Athena cost.

    Args:
        bytes_scanned: bytes it read.
        usd: its price, an estimate from the price table.
        reused: the result of an earlier run was taken, which scans nothing.
        query_id: Athena's name of the run, by which its rows can be had again.
    """

    bytes_scanned: int
    usd: float
    reused: bool = False
    query_id: str = ""

    def text(self) -> str:
        """``187 MB scanned · $0.0009``."""
        if self.reused:
            return "an earlier result, nothing scanned"
        return f"{bytes_text(self.bytes_scanned)} scanned · {money(self.usd)}"


@dataclass(frozen=True, slots=True)
class QueryResult:
    """A finished query.

    Args:
        columns: names and Athena types.
        table: the rows; timestamps with zone are UTC instants, intervals are milliseconds or months.
        more: there are further rows beyond the limit.
        elapsed_s: seconds from the start to the last row.
        notices: what the user should know beside the rows.
        billed: bytes and price; None for an engine that costs nothing.
    """

    columns: tuple[Column, ...]
    table: pa.Table
    more: bool = False
    elapsed_s: float = 0.0
    notices: tuple[str, ...] = ()
    billed: Billed | None = None

    @property
    def rows(self) -> int:
        """Number of rows fetched."""
        return int(self.table.num_rows)


@dataclass(slots=True)
class QueryStream:
    """A running query. ``batches`` yields Arrow record batches; closing it ends the query.

    ``notices`` and ``billed`` may be read at once; ``columns`` names and types the columns of every batch.
    """

    columns: tuple[Column, ...]
    batches: Iterator[pa.RecordBatch]
    schema: pa.Schema
    notices: tuple[str, ...] = ()
    billed: Billed | None = None
    closed: bool = field(default=False)

    def close(self) -> None:
        """End the query; nothing happens when it has ended."""
        self.closed = True
        closing = getattr(self.batches, "close", None)
        if closing is not None:
            closing()


class QueryEngine(Protocol):
    """Runs statements of Athena's SQL. One statement at a time; :meth:`cancel` may come from any thread."""

    name: str

    def run(self, text: str, limit: int | None = None) -> QueryResult:
        """Run one statement and fetch at most ``limit`` rows.

        Raises:
            QueryError: it was refused or failed, with a place in ``text``.
            QueryCancelled: :meth:`cancel` was called.
        """
        ...

    def stream(self, text: str, limit: int | None = None) -> QueryStream:
        """Start one statement and hand out its rows as they come; ``limit`` is how many will be read at most.

        Raises:
            QueryError: it was refused or failed; batches may raise it as well.
            QueryCancelled: :meth:`cancel` was called; batches may raise it as well.
        """
        ...

    def cancel(self) -> None:
        """Stop what runs now; returns at once, and nothing happens when nothing runs."""
        ...


def collected(stream: QueryStream, limit: int | None, started: float) -> QueryResult:
    """The rows of a stream up to a limit, as a finished result; the stream is closed.

    Args:
        stream: what an engine started.
        limit: rows at most; one more is read, to know whether there is one.
        started: ``time.perf_counter()`` of the beginning.
    """
    import pyarrow as pa

    batches: list[pa.RecordBatch] = []
    fetched = 0
    try:
        for batch in stream.batches:
            batches.append(batch)
            fetched += batch.num_rows
            if limit is not None and fetched > limit:
                break
    finally:
        stream.close()
    table = pa.Table.from_batches(batches, schema=stream.schema)
    more = limit is not None and fetched > limit
    table = table.slice(0, limit) if more else table
    elapsed = time.perf_counter() - started
    return QueryResult(stream.columns, table, more, elapsed, stream.notices, stream.billed)
