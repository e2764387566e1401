"""A log group in time that is followed by Live Tail and read by FilterLogEvents, all on one scripted clock.

Words of the session stand in for the thread that reads it, so that nothing here depends on how fast the machine is.
Updates are written from AWS's documentation of StartLiveTail: one a second, at most 500 events, ``sampled`` beyond it.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from flowtui.aws.live_line import Down, Inbox, Line, Up, Update, Word
from flowtui.aws.live_lines import LineSpec
from flowtui.aws.models import LogEvent
from flowtui.aws.tail import TailBatch, TailedGroup, TailNews, TailSource, tail
from tests.aws.scripted import NOW, Refused, Script

ARN = "arn:aws:logs:us-east-1:123456789010:log-group:"
MOST = 500
SECOND = timedelta(seconds=1)


@dataclass
class Stored:
    """An event, the moment at which it is ingested, and how much later FilterLogEvents finds it."""

    ingested: datetime
    start: datetime
    message: str
    stream: str = "eni-1-all"
    group: str = "g"
    hidden: timedelta = timedelta(0)

    @property
    def start_ms(self) -> int:
        return int(self.start.timestamp() * 1000)

    @property
    def ingested_ms(self) -> int:
        return int(self.ingested.timestamp() * 1000)


class Ended(Event):
    """A stop that is set at a scripted moment."""


@dataclass
class Cloud(Inbox):
    """The clock, the groups and the session. ``drops`` are when sessions end, and for how long none opens;
    with ``stored`` each begins with all that the group holds."""

    events: list[Stored] = field(default_factory=list)
    ends: datetime = NOW + timedelta(minutes=1)
    drops: list[tuple[datetime, timedelta, str]] = field(default_factory=list)
    refuse: Down | None = None
    repeats: bool = False
    stored: bool = False
    script: Script = field(default_factory=Script)
    page_size: int = 10_000
    classes: dict[str, str] = field(default_factory=dict)
    fail: list[Refused] = field(default_factory=list)
    hook: Callable[[datetime], None] = lambda now: None

    def __post_init__(self) -> None:
        super().__init__()
        self.stop = Ended()
        self.script.answers["FilterLogEvents"] = self._page
        self.script.answers["DescribeLogGroups"] = lambda p: {
            "logGroups": [
                {"logGroupName": name, "logGroupArn": ARN + name, "logGroupClass": self.classes.get(name, "STANDARD")}
                for name in [p["logGroupNamePrefix"]]
            ]
        }
        self.specs: list[LineSpec] = []
        self._say: Callable[[Word], None] | None = None
        self._up = False
        self._sent = NOW
        self._last: Update | None = None
        self._by_second: dict[int, list[Stored]] = defaultdict(list)
        self._known = 0
        self._order = random.Random(7)

    # The clock

    def ticks(self) -> float:
        return self.script.now.timestamp()

    def take(self, timeout_s: float) -> list[tuple[str, Word]]:
        if timeout_s:
            self._second()
        return super().take(0.0)

    def _second(self) -> None:
        self.script.now += SECOND
        now = self.script.now
        self.hook(now)
        if now >= self.ends:
            self.stop.set()
        if self._say is None:
            return
        down = next((drop for drop in self.drops if drop[0] <= now < drop[0] + drop[1]), None)
        if down is not None:
            if self._up:
                self._up = False
                self._say(Down(down[2], 1.0))
        elif not self._up:
            self._open()
        else:
            self._update()

    # The session

    def start(self, spec: LineSpec, say: Callable[[Word], None]) -> Line:
        self.specs.append(spec)
        if self.refuse:
            say(self.refuse)
        else:
            self._say = say
            self._open()
        return self

    def close(self) -> None:
        self._say = None

    def _open(self) -> None:
        assert self._say is not None
        self._up, self._sent = True, self.script.now
        self._say(Up(self.script.now))
        if self.repeats and self._last:
            self._say(self._last)
        if self.stored:
            there = [one for one in self.events if one.ingested <= self.script.now]
            self._say(Update(tuple(map(_live, there))))

    def _update(self) -> None:
        assert self._say is not None
        groups = {name for spec in self.specs for _, name in spec.keys}
        prefixes = self.specs[-1].prefixes
        new = [
            one for one in self._ingested() if one.group in groups and (not prefixes or one.stream.startswith(prefixes))
        ]
        self._sent = self.script.now
        self._order.shuffle(new)
        word = Update(tuple(_live(one) for one in new[:MOST]), partial=len(new) > MOST)
        self._last = word
        self._say(word)

    def _ingested(self) -> list[Stored]:
        """What was ingested since the last update."""
        if self._known != len(self.events):
            self._known = len(self.events)
            self._by_second.clear()
            for one in self.events:
                self._by_second[math.ceil(one.ingested.timestamp())].append(one)
        seconds = range(math.floor(self._sent.timestamp()) + 1, math.floor(self.script.now.timestamp()) + 1)
        return [one for second in seconds for one in self._by_second[second]]

    # FilterLogEvents

    def _page(self, params: Any) -> dict[str, Any]:
        if self.fail:
            raise self.fail.pop(0)
        found = [
            {
                "eventId": f"{number:056d}",
                "logStreamName": one.stream,
                "timestamp": one.start_ms,
                "ingestionTime": one.ingested_ms,
                "message": one.message,
            }
            for number, one in enumerate(self.events)
            if one.group == params["logGroupName"]
            and one.ingested + one.hidden <= self.script.now
            and params["startTime"] <= one.start_ms
        ]
        found.sort(key=lambda event: event["timestamp"])
        at = int(params.get("nextToken", "0"))
        page: dict[str, Any] = {"events": found[at : at + self.page_size]}
        if at + self.page_size < len(found):
            page["nextToken"] = str(at + self.page_size)
        return page

    # The tail

    def run(self, *groups: TailedGroup, since: datetime = NOW - timedelta(minutes=30), **more: Any) -> list[TailNews]:
        source = TailSource(groups or (TailedGroup("us-east-1", "g", interval_s=60),), "g")
        account = self.script.account()
        more.setdefault("start", self.start)
        return list(tail(account, source, since=since, stop=self.stop, inbox=self, ticks=self.ticks, **more))


def _live(one: Stored) -> LogEvent:
    return LogEvent("", one.stream, one.start_ms, one.ingested_ms, one.message, "us-east-1", one.group)


def shown(items: list[TailNews]) -> list[str]:
    return [line.event.message for item in items if isinstance(item, TailBatch) for line in item.lines]
