"""Tells which events of a dump are repeated, as where its pages overlap, in bounded memory.

A dump may have tens of millions of events, and a set of their ids takes 150 bytes each. Of an id its 64 bit hash is
kept; that two ids out of ten million have the same has a chance of three in a million.
"""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Iterable, Sequence
from itertools import count


def id_of(event: object) -> str:
    """The id of an event as JSON has it; empty where it has none."""
    id = event.get("eventId", event.get("id")) if isinstance(event, dict) else None
    return id if isinstance(id, str) else ""


class Repeats:
    """The ids of all events of a dump, eight bytes each, to be asked when all are known."""

    def __init__(self) -> None:
        self._hashes = array("q")
        self._unique = count(secrets.randbits(62))

    def add(self, events: Iterable[object]) -> None:
        """Note the next events; one without an id is like no other."""
        self._hashes.extend([hash(id) if (id := id_of(event)) else next(self._unique) for event in events])

    def positions(self) -> Sequence[int]:
        """Positions of events whose id one before them has, ascending from 0."""
        import pyarrow as pa
        import pyarrow.compute as pc

        hashes = pa.Array.from_buffers(pa.int64(), len(self._hashes), [None, pa.py_buffer(self._hashes)])
        # Sorting keeps the order of equals, so that the first of them stays the first.
        order = pc.array_sort_indices(hashes)
        in_order = hashes.take(order)
        repeated = order[1:].filter(pc.equal(in_order[1:], in_order[:-1]))
        found = array("Q")
        found.frombytes(repeated.sort().cast(pa.uint64()).buffers()[1].to_pybytes()[: 8 * len(repeated)])
        return found
