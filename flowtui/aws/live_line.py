"""One Live Tail line: a StartLiveTail session that is opened again whenever it ends.

A thread of its own reads the session as fast as AWS sends, because AWS keeps no more than ten updates for a slow reader
and then drops the oldest without a word. What it hears goes into an :class:`Inbox` as small words: up, update, down.
AWS sends an update every second, an empty one when nothing was ingested, so some seconds of silence mean that the
connection is dead though nobody has said so
(https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from flowtui.aws.aws_clock import answered_at
from flowtui.aws.failures import is_passing, is_unreached, translated
from flowtui.aws.models import LogEvent
from flowtui.aws.session import Account
from flowtui.errors import AccessDenied, AwsError, FlowTuiError

SILENCE_S = 5.0
"""Silence after which a session is given up."""

LONGEST_RETRY_S = 5.0
_CROWDED_RETRY_S = 60.0

STEADY_S = 60.0
"""A session that lasts this long works."""

_SHORT_SESSIONS = 4
"""So many in a row that did not, and Live Tail is given up for a while, which grows; the next has to prove itself."""

_RAREST_RETRY_S = 960.0

_PENDING_EVENTS = 200_000
"""Events that may wait for a slow consumer; beyond it they are let go and read again by FilterLogEvents."""

_LIMIT = "LimitExceededException"
_ENDS = {"SessionTimeoutException", "SessionStreamingException"}
_SPOKEN = {
    "SessionTimeoutException": "the session's three hours are over",
    "ReadTimeoutError": f"no word from AWS for {SILENCE_S:.0f} s",
    _LIMIT: "the account's 15 Live Tail sessions are all in use",
}


@dataclass(frozen=True, slots=True)
class Up:
    """The session is open. ``answered`` is AWS's time, where it tells it."""

    answered: datetime | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """What was ingested in the last second; ``partial`` when AWS sampled, or when too much was waiting here."""

    events: tuple[LogEvent, ...]
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Down:
    """The session is over, or did not open. It is tried again in ``retry_s`` seconds; None: for good.

    ``unreached`` when it did not open because the network failed. ``heard`` is when the line last said something else,
    by this machine's clock; who passes the word on adds it.
    """

    why: str
    retry_s: float | None
    unreached: bool = False
    heard: datetime | None = None


Word = Up | Update | Down


class Line(Protocol):
    """Something that puts words into an inbox until it is closed."""

    def close(self) -> None:
        """Say no more."""


class Inbox:
    """Words of lines, in the order they came. Any thread may put; one takes."""

    def __init__(self) -> None:
        self._words: deque[tuple[str, Word]] = deque()
        self._some = threading.Condition()
        self._pending = 0

    def put(self, name: str, word: Word) -> None:
        """Add a word of the line of this name."""
        with self._some:
            if isinstance(word, Update) and word.events:
                if self._pending + len(word.events) > _PENDING_EVENTS:
                    word = Update((), partial=True)
                self._pending += len(word.events)
            self._words.append((name, word))
            self._some.notify()

    def take(self, timeout_s: float) -> list[tuple[str, Word]]:
        """Everything there is; waits for the first word, but no longer than told."""
        with self._some:
            if not self._words:
                self._some.wait(timeout_s)
            found = list(self._words)
            self._words.clear()
            self._pending = 0
            return found


Open = Callable[[], tuple[datetime | None, Iterator[Mapping[str, Any]]]]
"""Opens a session: AWS's time, and the events of its stream."""


class LiveLine:
    """The thread. It begins at once, and ends soon after :meth:`close`.

    Args:
        open_session: what :func:`session_of` makes.
        say: where words go.
        region: region of the groups, for their events.
    """

    def __init__(self, open_session: Open, say: Callable[[Word], None], region: str) -> None:
        self._open = open_session
        self._say = say
        self._region = region
        self._closed = threading.Event()
        self._short = self._lost = 0
        threading.Thread(target=self._run, name=f"live tail {region}", daemon=True).start()

    def close(self) -> None:
        """Say no more. The thread ends with the next update, at the latest after the silence that ends a session."""
        self._closed.set()

    def _run(self) -> None:
        while not self._closed.is_set():
            begun = time.monotonic()
            down = self._session()
            if self._closed.is_set():
                return
            if down.retry_s == 0.0:
                down = self._paced(down, time.monotonic() - begun)
            self._say(down)
            if down.retry_s is None:
                return
            self._closed.wait(down.retry_s)

    def _paced(self, down: Down, lasted_s: float) -> Down:
        """A session that worked is opened again at once, one that did not ever more slowly.

        While the network is lost trying costs nothing, and Live Tail is wanted as soon as it is back.
        """
        if lasted_s > STEADY_S:
            self._short = self._lost = 0
            return down
        if down.unreached:
            self._lost += 1
            return replace(down, retry_s=_soon(self._lost))
        self._short += 1
        if self._short < _SHORT_SESSIONS:
            return replace(down, retry_s=_soon(self._short))
        wait_s = min(_RAREST_RETRY_S, STEADY_S * 2.0 ** (self._short - _SHORT_SESSIONS))
        why = f"Live Tail keeps ending: {down.why}; it is tried again every {round(wait_s / 60)} min"
        return Down(why, wait_s)

    def _session(self) -> Down:
        """Open one and read it to its end.

        After several that ended soon it is not said to be up, and what it sends is left to FilterLogEvents, until it
        has lasted: else each try would pass for a gap.
        """
        opened, begun, trusted = False, time.monotonic(), self._short < _SHORT_SESSIONS
        try:
            answered, events = self._open()
            with _closing(events), translated("logs", "start_live_tail", self._region):
                for item in events:
                    if self._closed.is_set():
                        break
                    if not trusted and time.monotonic() - begun > STEADY_S:
                        trusted = True
                        self._say(Up())
                    if "sessionStart" in item:
                        opened = True
                        if trusted:
                            self._say(Up(answered))
                    elif "sessionUpdate" in item and trusted:
                        self._say(_update(item["sessionUpdate"], self._region))
        except FlowTuiError as error:
            return _down(error, opened=opened)
        return Down("AWS ended the session", 0.0)


def _soon(tries: int) -> float:
    return min(LONGEST_RETRY_S, 2.0 ** (tries - 1))


def session_of(account: Account, region: str, arns: Sequence[str], prefixes: Sequence[str]) -> Open:
    """What opens a session on these groups; ``prefixes`` choose streams, and may be given with one group only."""

    def start() -> tuple[datetime | None, Iterator[Mapping[str, Any]]]:
        parameters: dict[str, Any] = {"logGroupIdentifiers": list(arns)}
        if prefixes:
            parameters["logStreamNamePrefixes"] = list(prefixes)
        answer = account.open("logs", "start_live_tail", region, silence_s=SILENCE_S, **parameters)
        return answered_at(answer), answer["responseStream"]

    return start


@contextmanager
def _closing(events: object) -> Iterator[None]:
    """Closes a session's connection, which stays open where AWS ends the session by an exception."""
    try:
        yield
    finally:
        close = getattr(events, "close", None)
        if close is not None:
            close()


def _update(item: Mapping[str, Any], region: str) -> Update:
    events = tuple(
        LogEvent(
            event_id="",
            stream=found.get("logStreamName", ""),
            timestamp_ms=found.get("timestamp", 0),
            ingested_ms=found.get("ingestionTime", 0),
            message=found.get("message", ""),
            region=region,
            # Name, ARN or account:name; no name has a colon.
            group=found.get("logGroupIdentifier", "").removesuffix(":*").rpartition(":")[2],
        )
        for found in item.get("sessionResults", ())
    )
    return Update(events, bool(item.get("sessionMetadata", {}).get("sampled")))


def _down(error: FlowTuiError, *, opened: bool) -> Down:
    if isinstance(error, AccessDenied):
        return Down(f"Live Tail needs {error.action}", None)
    if not isinstance(error, AwsError):
        return Down(error.message, None)
    why = _SPOKEN.get(error.code) or error.message
    if error.code == _LIMIT:
        return Down(why, _CROWDED_RETRY_S)
    again = error.code in _ENDS or is_passing(error)
    return Down(why, 0.0 if again else None, unreached=is_unreached(error) and not opened)
