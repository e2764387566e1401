"""Records as they arrive: a source of events, parsed with the layouts of its log group.

Which source there is, :class:`EventSource` says; polling is :class:`flowtui.aws.polling.Poller`. Sources own their
paging, their patience and their memory of what was seen, so a tail neither loses nor repeats a record.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from flowtui.aws.models import LogEvent
from flowtui.aws.polling import POLL_S, Arrival, Poller
from flowtui.aws.session import Account
from flowtui.aws.tail_news import TailBatch, TailGap, TailLine, TailNews, TailNote, TailStatus
from flowtui.aws.tail_source import TailSource, resolve
from flowtui.records.parse import RejectedLine
from flowtui.records.shape import ShapeParser

__all__ = [
    "EventSource",
    "TailBatch",
    "TailGap",
    "TailLine",
    "TailNews",
    "TailNote",
    "TailSource",
    "TailStatus",
    "resolve",
    "tail",
]


class EventSource(Protocol):
    """Where events come from. ``mode`` is what a status line calls it."""

    mode: str

    def events(self, stop: threading.Event) -> Iterator[Arrival]:
        """New events until ``stop`` is set; returns soon after it is."""


def tail(
    account: Account,
    source: TailSource,
    *,
    since: datetime,
    until: datetime | None = None,
    follow: bool = True,
    stop: threading.Event | None = None,
    poll_s: float = POLL_S,
) -> Iterator[TailNews]:
    """Records from ``since`` on, then as they arrive.

    Batches come page by page; a status follows every pass and every trouble. Set ``stop`` from another thread to end
    a tail that waits; closing the generator ends it too.

    Args:
        account: the account.
        source: what :func:`resolve` found.
        since: start time of the first record wanted.
        until: start time of the last record wanted; None for no end.
        follow: go on after everything there is was read.
        stop: ends the tail, also while it waits.
        poll_s: pause between polls in seconds.

    Raises:
        AwsError: something that waiting will not mend.
    """
    events = Poller(account, source, since, until, follow=follow, poll_s=poll_s)
    yield from _records(account, source, events, stop or threading.Event())


def _records(account: Account, source: TailSource, events: EventSource, stop: threading.Event) -> Iterator[TailNews]:
    parser = ShapeParser(source.layouts)
    received = unparsed = newest = 0
    trouble, waiting_s = "", 0.0

    def status() -> TailStatus:
        lag_s = max(0.0, account.clock().timestamp() - newest) if newest else None
        return TailStatus(events.mode, received, unparsed, lag_s, trouble, waiting_s)

    for arrival in events.events(stop):
        if arrival.events:
            lines = tuple(_line(parser, event) for event in arrival.events)
            received += len(lines)
            unparsed += sum(line.record is None for line in lines)
            newest = max(newest, *(_end(line) for line in lines))
            yield TailBatch(lines)
        trouble, waiting_s = arrival.trouble, arrival.waiting_s
        if trouble or waiting_s:
            yield status()
    trouble, waiting_s = "", 0.0
    yield status()


def _line(parser: ShapeParser, event: LogEvent) -> TailLine:
    try:
        return TailLine(event, parser.parse(event.message))
    except RejectedLine as error:
        return TailLine(event, None, error.reason)


def _end(line: TailLine) -> int:
    """When a record ended, Unix seconds; its event's time where it does not say."""
    end = line.record.end if line.record else None
    return line.event.timestamp_ms // 1000 if end is None else end
