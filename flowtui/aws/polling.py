"""Follows a log group by asking again and again, without losing what arrives late.

An event's time is its record's start, and records arrive minutes later, out of order. So every pass reads again from
the last complete pass's beginning less an overlap, page by page to the end, and drops what it has seen by event id.
Ids are remembered just as long as a pass can still meet them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flowtui.aws.failures import is_passing, is_throttled
from flowtui.aws.logs import filter_page
from flowtui.aws.models import LogEvent
from flowtui.aws.session import Account
from flowtui.aws.tail_source import TailSource, current_prefixes
from flowtui.errors import AwsError

DELIVERY = timedelta(minutes=10)
"""How long after its interval a record may arrive and must still be shown."""

POLL_S = 5.0
_REFRESH_S = 60.0
_LONGEST_WAIT_S = 60.0
_TRIES_WITHOUT_FOLLOW = 8


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a source of events hands on: new events, or word on why there are none.

    ``trouble`` is empty while all is well; ``waiting_s`` is how long the source now waits, 0 when it goes on at once.
    """

    events: tuple[LogEvent, ...] = ()
    trouble: str = ""
    waiting_s: float = 0.0


class Poller:
    """Events by FilterLogEvents.

    Args:
        account: the account.
        source: group and streams.
        since: time of the first event wanted.
        until: time of the last one wanted; None for no end.
        follow: go on for ever; else end once everything up to now, or ``until``, was read.
        poll_s: pause between passes, in seconds; a pass that took longer is followed by as long a pause.
    """

    mode = "polling"

    def __init__(
        self,
        account: Account,
        source: TailSource,
        since: datetime,
        until: datetime | None = None,
        *,
        follow: bool = True,
        poll_s: float = POLL_S,
    ) -> None:
        self._account = account
        self._source = source
        self._since_ms = _ms(since)
        self._until_ms = None if until is None else _ms(until)
        self._follow = follow
        self._poll_s = poll_s
        self._overlap = timedelta(seconds=source.interval_s) + DELIVERY
        self._prefixes = source.stream_prefixes
        self._refreshed = time.monotonic()
        self._seen: dict[str, int] = {}

    def events(self, stop: threading.Event) -> Iterator[Arrival]:
        """Run until ``stop`` is set, or to the end of the range when not following.

        Raises:
            AwsError: something that waiting will not mend; and, when not following, what waiting did not mend.
        """
        start_ms = self._since_ms
        while not stop.is_set():
            covered, began = self._account.clock(), time.monotonic()
            yield from self._pass(start_ms, stop)
            if not self._follow:
                return
            start_ms = max(start_ms, _ms(covered - self._overlap), self._since_ms)
            self._seen = {event_id: at for event_id, at in self._seen.items() if at >= start_ms}
            pause = max(self._poll_s, time.monotonic() - began)
            yield Arrival(waiting_s=pause)
            stop.wait(pause)

    def _pass(self, start_ms: int, stop: threading.Event) -> Iterator[Arrival]:
        """One reading of everything from ``start_ms`` on; survives what passes by itself, on the same page."""
        token, failures = "", 0
        self._refresh_prefixes()
        while not stop.is_set():
            try:
                events, token = filter_page(
                    self._account,
                    self._source.region,
                    self._source.group,
                    start_ms=start_ms,
                    end_ms=self._until_ms,
                    stream_prefix=self._prefixes[0] if len(self._prefixes) == 1 else "",
                    token=token,
                )
            except AwsError as error:
                failures += 1
                self._judge(error, failures)
                wait_s = min(_LONGEST_WAIT_S, 2.0 ** (failures - 1))
                yield Arrival(trouble="throttled" if is_throttled(error) else error.message, waiting_s=wait_s)
                stop.wait(wait_s)
                continue
            failures = 0
            yield Arrival(tuple(self._new(events)))
            if not token:
                return

    def _judge(self, error: AwsError, failures: int) -> None:
        """Raise what there is no point in waiting for."""
        if error.code == "ResourceNotFoundException":
            raise AwsError(
                f"There is no log group {self._source.group} in {self._source.region}.",
                "A new flow log's group appears with its first records, some ten minutes after it was made.",
                code=error.code,
                region=error.region,
            ) from error
        patient = self._follow or (is_throttled(error) and failures < _TRIES_WITHOUT_FOLLOW)
        if not (patient and is_passing(error)):
            raise error

    def _new(self, events: tuple[LogEvent, ...]) -> Iterator[LogEvent]:
        for event in events:
            if event.event_id in self._seen:
                continue
            self._seen[event.event_id] = event.timestamp_ms
            if not self._prefixes or event.stream.startswith(self._prefixes):
                yield event

    def _refresh_prefixes(self) -> None:
        if self._source.scope and time.monotonic() - self._refreshed > _REFRESH_S:
            self._refreshed = time.monotonic()
            try:
                self._prefixes = current_prefixes(self._account, self._source)
            except AwsError as error:
                if not is_passing(error):
                    raise


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
