"""What a tail has handed out, so that reading again repeats nothing. Memory is bounded by time, not by luck.

FilterLogEvents gives every event an id, so where nothing else is asked the id is the identity (:class:`SeenIds`).
Live Tail gives none: there an event is its stream, timestamp, ingestion time and message, and as AWS may truly hold
two such (two flow logs of one format on one interface), they are counted (:class:`SeenLines`). Copies count within
one delivery, which is one update of Live Tail or one whole reading by FilterLogEvents; of a copy met in another
delivery nobody can tell whether it is the same, so it passes for it, and a whole reading settles the number.

Hashes are kept, not texts: 64 bits, in one set or table for each minute of the events' time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from flowtui.aws.models import LogEvent

_MINUTE_MS = 60_000


class Delivery(Protocol):
    """Events that belong together: see the module."""

    def fresh(self, events: Iterable[LogEvent]) -> list[LogEvent]:
        """Those not handed out before, which they now are."""


class Seen(Protocol):
    """A memory of events."""

    def delivery(self) -> Delivery:
        """Begin a delivery."""

    def forget_before(self, moment_ms: int) -> None:
        """Forget events with timestamps before a moment; no reading goes back there again."""

    def __len__(self) -> int: ...


class SeenIds:
    """A memory by event id."""

    def __init__(self) -> None:
        self._minutes: dict[int, set[int]] = defaultdict(set)

    def delivery(self) -> SeenIds:
        """Ids are the same in every delivery."""
        return self

    def fresh(self, events: Iterable[LogEvent]) -> list[LogEvent]:
        """See :class:`Delivery`."""
        return list(self._fresh(events))

    def _fresh(self, events: Iterable[LogEvent]) -> Iterator[LogEvent]:
        for event in events:
            known = self._minutes[event.timestamp_ms // _MINUTE_MS]
            # A stand-in may give no id; all of those must not be one event.
            identity = hash(event.event_id) if event.event_id else _identity(event)
            if identity not in known:
                known.add(identity)
                yield event

    def forget_before(self, moment_ms: int) -> None:
        """See :class:`Seen`."""
        _forget(self._minutes, moment_ms)

    def __len__(self) -> int:
        return sum(len(known) for known in self._minutes.values())


class SeenLines:
    """A memory by what an event is, with the number of its copies."""

    def __init__(self) -> None:
        self._minutes: dict[int, dict[int, int]] = defaultdict(dict)

    def delivery(self) -> Delivery:
        """Begin to count copies anew."""
        return _Counted(self._minutes)

    def forget_before(self, moment_ms: int) -> None:
        """See :class:`Seen`."""
        _forget(self._minutes, moment_ms)

    def __len__(self) -> int:
        return sum(len(known) for known in self._minutes.values())


class _Counted:
    def __init__(self, minutes: dict[int, dict[int, int]]) -> None:
        self._minutes = minutes
        self._copies: dict[int, int] = {}
        self._ids: set[int] = set()

    def fresh(self, events: Iterable[LogEvent]) -> list[LogEvent]:
        return list(self._fresh(events))

    def _fresh(self, events: Iterable[LogEvent]) -> Iterator[LogEvent]:
        copies, ids = self._copies, self._ids
        for event in events:
            if event.event_id:
                id = hash(event.event_id)
                if id in ids:
                    continue
                ids.add(id)
            identity = _identity(event)
            copy = copies[identity] = copies.get(identity, 0) + 1
            known = self._minutes[event.timestamp_ms // _MINUTE_MS]
            if copy > known.get(identity, 0):
                known[identity] = copy
                yield event


def _identity(event: LogEvent) -> int:
    return hash((event.stream, event.timestamp_ms, event.ingested_ms, event.message))


_Known = TypeVar("_Known")


def _forget(minutes: dict[int, _Known], moment_ms: int) -> None:
    for minute in [minute for minute in minutes if (minute + 1) * _MINUTE_MS <= moment_ms]:
        del minutes[minute]
