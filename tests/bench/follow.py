"""Half an hour of 500 records a second through a tail, on a clock that does not wait: is one lost, is one repeated?

Sessions of Live Tail are lost every few minutes, a burst is sampled, FilterLogEvents finds events up to eight seconds
late; in the second run there is no Live Tail and the same is polled. What AWS would answer is made up second by second,
so that the half hour needs no memory of its own.
"""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from flowtui.aws.live_line import Down, Inbox, Line, Up, Update, Word
from flowtui.aws.live_lines import LineSpec
from flowtui.aws.models import LogEvent
from flowtui.aws.tail import TailBatch, TailedGroup, TailGap, TailSource, TailStatus, tail
from tests.aws.scripted import NOW, Script

RATE = 500
SECONDS = 1800
_BEGIN = int(NOW.timestamp())
_PAGE_S = 15
_LOST_EVERY_S, _LOST_S = 420, 4
_BURST = range(900, 905)


def _delay(second: int, number: int) -> int:
    """How long after its start a record is ingested: between one and eleven minutes."""
    return 60 + (second * 7919 + number * 104_729) % 600


def _rate(second: int) -> int:
    return 2 * RATE if second in _BURST else RATE


class Half(Inbox, Event):
    """The half hour: its clock, its session, its group, and the stop at its end."""

    def __init__(self) -> None:
        Inbox.__init__(self)
        Event.__init__(self)
        self.second = 0
        self.say: Callable[[Word], None] | None = None
        self.up = False
        self.by_start: dict[int, list[tuple[int, int]]] = {}
        self.script = Script({"FilterLogEvents": self.page, "DescribeLogGroups": lambda _: {"logGroups": []}})

    def ticks(self) -> float:
        return float(self.second)

    def take(self, timeout_s: float) -> list[tuple[str, Word]]:
        if timeout_s:
            self.advance()
        return super().take(0.0)

    def wait(self, timeout: float | None = None) -> bool:
        for _ in range(max(1, round(timeout or 1))):
            self.advance()
        return self.is_set()

    def advance(self) -> None:
        self.second += 1
        self.script.now = NOW + timedelta(seconds=self.second)
        if self.second >= SECONDS + 700:
            self.set()
        count = _rate(self.second) if self.second <= SECONDS else 0
        for number in range(count):
            start = self.second - _delay(self.second, number)
            self.by_start.setdefault(start, []).append((self.second, number))
        if self.say is None:
            return
        lost = self.second % _LOST_EVERY_S < _LOST_S and self.second > _LOST_EVERY_S
        if lost and self.up:
            self.say(Down("the connection was lost", 1.0))
        elif not lost and not self.up:
            self.say(Up(None))
        elif not lost:
            events = [self.event(self.second, number) for number in range(min(count, 500))]
            self.say(Update(tuple(events), partial=count > 500))
        self.up = not lost

    def event(self, second: int, number: int) -> LogEvent:
        start = _BEGIN + second - _delay(second, number)
        stream, text = f"eni-{number % 50}-all", _text(second, number, start)
        return LogEvent("", stream, start * 1000, (_BEGIN + second) * 1000, text, "us-east-1", "g")

    def start(self, spec: LineSpec, say: Callable[[Word], None]) -> Line:
        self.say, self.up = say, True
        say(Up(None))
        return self

    def close(self) -> None:
        self.say = None

    def page(self, params: Any) -> dict[str, Any]:
        """One page: some seconds of starts."""
        first = int(params.get("nextToken") or params["startTime"] // 1000 - _BEGIN)
        events = [
            {
                "eventId": f"{second}/{number}",
                "logStreamName": f"eni-{number % 50}-all",
                "timestamp": (_BEGIN + start) * 1000,
                "ingestionTime": (_BEGIN + second) * 1000,
                "message": _text(second, number, _BEGIN + start),
            }
            for start in range(first, first + _PAGE_S)
            for second, number in self.by_start.get(start, ())
            if second + number % 9 <= self.second
        ]
        last = first + _PAGE_S
        return {"events": events, "nextToken": str(last)} if last < self.second else {"events": events}


def _text(second: int, number: int, start: int) -> str:
    return (
        f"2 123456789010 eni-0{number % 50:016x} 10.{number % 9}.{second % 250}.7 10.1.2.3 {1024 + number} 443 6 "
        f"{second} {number} {start} {start + 60} ACCEPT OK"
    )


def run(live: bool) -> dict[str, object]:
    """One run and its figures."""
    half = Half()
    source = TailSource((TailedGroup("us-east-1", "g", interval_s=60),), "g")
    shown: Counter[int] = Counter()
    gaps, last = 0, None
    begun = time.perf_counter()
    since: datetime = NOW - timedelta(minutes=15)
    # The clock stands still while a pass is read, which in truth takes half a minute, with as long a pause after it.
    items: Iterator[object] = tail(
        half.script.account(),
        source,
        since=since,
        stop=half,
        live=live,
        poll_s=90.0,
        start=half.start,
        inbox=half,
        ticks=half.ticks,
    )
    for item in items:
        match item:
            case TailBatch():
                for line in item.lines:
                    assert line.record is not None
                    shown[(line.record.packets or 0) * 10_000 + (line.record.bytes or 0)] += 1
            case TailGap():
                gaps = max(gaps, item.number)
            case TailStatus():
                last = item
    took = time.perf_counter() - begun
    made = sum(_rate(second) for second in range(1, SECONDS + 1))
    return {
        "mode": last.mode if last else "",
        "records": made,
        "lost": made - len(shown),
        "repeated": shown.total() - len(shown),
        "gaps": gaps,
        "recovered": last.recovered if last else 0,
        "seconds": round(took),
        "times real time": round((SECONDS + 700) / took),
        "peak MB of the process": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    for live in (True, False):
        print(run(live))
