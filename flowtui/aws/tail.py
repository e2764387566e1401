"""Records as they arrive: a source of events, parsed with the layouts of its log groups.

Which source there is, :class:`EventSource` says; :class:`flowtui.aws.follow.Follower` is the one there is. Sources own
their paging, their patience and their memory of what was seen, so a tail neither loses nor repeats a record.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from typing import Protocol

from flowtui.aws.arrival import Arrival
from flowtui.aws.aws_clock import AwsClock
from flowtui.aws.follow import POLL_S, Follower
from flowtui.aws.live_line import Inbox
from flowtui.aws.live_lines import Start, starter
from flowtui.aws.models import LogEvent
from flowtui.aws.session import Account
from flowtui.aws.tail_groups import TailedGroup, TailSource
from flowtui.aws.tail_news import TailBatch, TailGap, TailLine, TailNews, TailNote, TailStatus
from flowtui.aws.tail_source import resolve
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
    "TailedGroup",
    "resolve",
    "tail",
]


class EventSource(Protocol):
    """Where events come from, and what a status line says of it; see :class:`TailStatus`."""

    clock: AwsClock

    @property
    def mode(self) -> str:
        """How events come."""

    @property
    def reason(self) -> str:
        """Why they do not come by Live Tail."""

    @property
    def sampled(self) -> bool:
        """Whether they are a part just now."""

    def events(self, stop: threading.Event) -> Iterator[Arrival]:
        """New events until ``stop`` is set; returns soon after it is."""


def tail(
    account: Account,
    source: TailSource,
    *,
    since: datetime,
    until: datetime | None = None,
    follow: bool = True,
    live: bool = True,
    stop: threading.Event | None = None,
    poll_s: float = POLL_S,
    start: Start | None = None,
    inbox: Inbox | None = None,
    ticks: Callable[[], float] = time.monotonic,
) -> Generator[TailNews, None, None]:
    """Records from ``since`` on, then as they arrive.

    A status follows every reading and every trouble, and comes every second in Live Tail. Set ``stop`` from another
    thread to end a tail that waits; closing the generator ends it too.

    Args:
        account: the account.
        source: what :func:`resolve` found.
        since: start time of the first record wanted.
        until: start time of the last record wanted; None for no end.
        follow: go on after everything there is was read.
        live: use Live Tail where it can be had, which AWS bills by the minute; else poll.
        stop: ends the tail, also while it waits.
        poll_s: pause between polls in seconds.
        start: opens Live Tail lines; None opens them to AWS.
        inbox: where lines put their words; a test's own may move its clock.
        ticks: a steady clock in seconds.

    Raises:
        AwsError: something that waiting will not mend.
    """
    dial = (start or starter(account)) if live and follow and until is None else None
    events = Follower(account, source, since, until, follow=follow, poll_s=poll_s, start=dial, inbox=inbox, ticks=ticks)
    yield from _records(source, events, stop or threading.Event())


def _records(source: TailSource, events: EventSource, stop: threading.Event) -> Iterator[TailNews]:
    parsers = {(group.region, group.name): ShapeParser(group.layouts) for group in source.groups}
    received = unparsed = recovered = newest = 0

    def status(trouble: str = "", waiting_s: float = 0.0) -> TailStatus:
        lag_s = max(0.0, events.clock.now().timestamp() - newest) if newest else None
        return TailStatus(
            events.mode,
            received,
            unparsed,
            lag_s,
            trouble,
            waiting_s,
            events.reason,
            events.sampled,
            recovered,
            events.clock.skew_s,
        )

    for arrival in events.events(stop):
        if arrival.gap:
            yield arrival.gap
        if arrival.note:
            yield TailNote(arrival.note)
        if arrival.events:
            lines = tuple(_line(parsers[event.region, event.group], event) for event in arrival.events)
            received += len(lines)
            unparsed += sum(line.record is None for line in lines)
            recovered += arrival.recovered
            now_s = events.clock.now().timestamp()
            # A record may say anything; one that ends in the future says nothing of how late the others are.
            newest = max(newest, *(end for end in map(_end, lines) if end <= now_s), 0)
            yield TailBatch(lines)
        if arrival.trouble or arrival.waiting_s or arrival.pulse:
            yield status(arrival.trouble, arrival.waiting_s)
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
