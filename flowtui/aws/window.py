"""One log group as a tail reads it by FilterLogEvents: from when on, what was seen, and when it is due again.

An event's time is its record's start, and records arrive minutes later, out of order. So every reading goes back behind
the moment up to which an earlier one vouches for everything ingested, by an overlap of the aggregation interval and ten
minutes, reads page by page to the end, and drops what has been handed out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

from flowtui.aws.models import LogEvent
from flowtui.aws.seen import Seen
from flowtui.aws.tail_groups import TailedGroup

DELIVERY = timedelta(minutes=10)
"""How long after its interval a record may arrive and must still be shown."""

SETTLE_MS = 10_000
"""FilterLogEvents may find an event only some seconds after it was ingested."""

AUDIT_S = 300.0
"""While Live Tail is up it is checked this often against a reading; of what it drops it says nothing."""

_JUST_NOW_MS = 2000
"""What was ingested this recently Live Tail may yet hand out."""

_LEAST_PAUSE_S = 5.0
_LONGEST_PAUSE_S = 60.0


class Window:
    """What a tail knows of one group. Times ending in ``_s`` are ticks of a steady clock, in seconds.

    Args:
        group: the group.
        since_ms: timestamp of the first event wanted, Unix milliseconds.
        seen: memory of what was handed out.
        poll_s: pause between readings while Live Tail is not up.
    """

    def __init__(self, group: TailedGroup, since_ms: int, seen: Seen, poll_s: float) -> None:
        self.group = group
        self.key = (group.region, group.name)
        self.prefixes = group.stream_prefixes
        self.refreshed_s = -math.inf
        self.since_ms = since_ms
        self.seen = seen
        self.live = False
        self.up_ms = 0
        self.unreadable = False
        self.readings = 0
        self._poll_s = poll_s
        self._overlap_ms = (group.interval_s + int(DELIVERY.total_seconds())) * 1000
        self._vouched_ms: int | None = None
        self._forgotten_ms = since_ms
        self._covered_ms = 0
        self._asked_s: list[float] = [-math.inf]
        self._ended_s = -math.inf
        self._took_s = 0.0

    @property
    def start_ms(self) -> int:
        """Timestamp from which the next reading starts."""
        if self._vouched_ms is None:
            return self.since_ms
        return max(self.since_ms, self._vouched_ms - self._overlap_ms)

    def vouches_for(self, moment: datetime) -> bool:
        """Whether readings have found everything that was ingested up to a moment."""
        return self._vouched_ms is not None and self._vouched_ms >= int(moment.timestamp() * 1000)

    @property
    def pause_s(self) -> float:
        """Seconds from one regular reading's end to the next; a long one is followed by as long a pause, in reason."""
        return AUDIT_S if self.live else max(self._poll_s, self._took_s)

    def due_in(self, now_s: float) -> float:
        """Seconds until the next reading; 0 or less when it is due."""
        if self.unreadable and self.live:
            return math.inf
        regular = self._ended_s + self.pause_s
        if not self._asked_s:
            return regular - now_s
        # What was asked for does not come faster than readings can be made.
        asked = max(min(self._asked_s), self._ended_s + max(_LEAST_PAUSE_S, self._took_s))
        return min(regular, asked) - now_s

    def ask(self, at_s: float) -> None:
        """Ask for a reading that begins no earlier than a moment; nothing changes when one is asked for by then."""
        if not any(one <= at_s for one in self._asked_s):
            self._asked_s.append(at_s)

    def connected(self, now_s: float, now_ms: int) -> None:
        """Live Tail is up. Asks for a reading at once, and for another when FilterLogEvents has everything."""
        self.live, self.up_ms = True, now_ms
        self._ended_s = -math.inf
        self._asked_s += [now_s, now_s + SETTLE_MS / 1000]

    def rest(self, until_s: float) -> None:
        """Read nothing before a moment."""
        self._asked_s.clear()
        self._ended_s = until_s - self.pause_s

    def begin(self, now_s: float, now_ms: int) -> int:
        """A reading begins; returns the moment until which Live Tail should have handed out what it finds new."""
        self._asked_s = [one for one in self._asked_s if one > now_s]
        return max(self.up_ms, now_ms - _JUST_NOW_MS) if self.live and self.readings else 0

    def finish(self, began_s: float, now_s: float, began_ms: int) -> None:
        """A reading that began at ``began_ms`` by AWS's clock got to the end."""
        self.readings += 1
        self._vouched_ms = max(self._vouched_ms or 0, began_ms - SETTLE_MS)
        self._took_s, self._ended_s = min(_LONGEST_PAUSE_S, now_s - began_s), now_s
        self._forget(self.start_ms, self._vouched_ms)

    def forget(self, now_ms: int) -> None:
        """Keep the memory bounded where nothing can be read, so that nothing is compared with it either."""
        self._forget(now_ms - self._overlap_ms, now_ms - SETTLE_MS)

    def _forget(self, before_ms: int, covered_ms: int) -> None:
        self._forgotten_ms, self._covered_ms = before_ms, covered_ms
        self.seen.forget_before(before_ms)

    def take_live(self, events: Iterable[LogEvent]) -> list[LogEvent]:
        """What is new and wanted of one update of Live Tail.

        A session may send again what is stored. What the memory no longer knows and was ingested before the moment up
        to which everything was handed out is such a repeat.
        """
        return self.seen.delivery().fresh(self.wanted(one for one in events if self._may_be_new(one)))

    def _may_be_new(self, event: LogEvent) -> bool:
        if event.timestamp_ms < self.since_ms:
            return False
        return event.timestamp_ms >= self._forgotten_ms or event.ingested_ms > self._covered_ms

    def wanted(self, events: Iterable[LogEvent]) -> Iterable[LogEvent]:
        """The events whose streams belong to what is tailed."""
        prefixes = self.prefixes
        return (event for event in events if event.stream.startswith(prefixes)) if prefixes else events
