"""StartLiveTail of the demo account: what arrives, once a second, as botocore's event streams give it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

from flowtui.demo.delivery import Event
from flowtui.demo.state import Json, LogGroup, State

PACE_S = 1.0
"""Seconds between two updates, on the machine's clock; how much each holds is decided by the account's."""

_MOST = 500
_LOOK_BACK_MS = (600 + 900) * 1000
"""No record arrives later than this after its start: the longest interval and the latest delivery."""

Reader = Callable[[State, LogGroup, int, int], Iterator[Event]]


class LiveTail:
    """A session: iterating blocks until the next update; ``close`` may be called from another thread.

    Args:
        state: the demo account's state.
        groups: the groups to follow.
        wanted: tells whether an event belongs to the session.
        read: a group's events in a range of time.
        start: the session's first message.
    """

    def __init__(
        self,
        state: State,
        groups: Sequence[LogGroup],
        wanted: Callable[[Event], bool],
        read: Reader,
        start: Json,
    ) -> None:
        self._state = state
        self._groups = groups
        self._wanted = wanted
        self._read = read
        self._start = start
        self._seen_ms = state.now_ms
        self._closed = threading.Event()

    def __iter__(self) -> Iterator[Json]:
        yield {"sessionStart": self._start}
        while not self._closed.wait(PACE_S):
            yield {"sessionUpdate": self._update()}

    def close(self) -> None:
        """End the session; a waiting reader wakes up."""
        self._closed.set()

    def _update(self) -> Json:
        with self._state.lock:
            self._state.advance()
            now = self._state.now_ms
            # A clock that a test holds still brings nothing new, and looking for it would cost a second's work.
            groups = self._groups if now > self._seen_ms else ()
            fresh = [
                (event, group)
                for group in groups
                for event in self._read(self._state, group, now - _LOOK_BACK_MS, now)
                if self._seen_ms < event.ingested_ms <= now and self._wanted(event)
            ]
        self._seen_ms = now
        results = [
            {
                "logGroupIdentifier": group.arn.removesuffix(":*"),
                "logStreamName": event.stream,
                "timestamp": event.timestamp_ms,
                "ingestionTime": event.ingested_ms,
                "message": event.message,
            }
            for event, group in fresh[:_MOST]
        ]
        return {"sessionMetadata": {"sampled": len(fresh) > _MOST}, "sessionResults": results}
