"""Cutting a stream of rows at a limit, and knowing whether there was more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


class Limited:
    """Batches up to a number of rows.

    Args:
        batches: the whole stream; one row beyond the limit is read, if there is one.
        limit: rows at most, None for all.

    ``more`` is known once the iterator is spent.
    """

    def __init__(self, batches: Iterator[pa.RecordBatch], limit: int | None) -> None:
        self._batches = batches
        self._limit = limit
        self.more = False

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        left = self._limit
        for batch in self._batches:
            if left is None or batch.num_rows <= left:
                yield batch
                left = None if left is None else left - batch.num_rows
                continue
            self.more = True
            if left:
                yield batch.slice(0, left)
            return
