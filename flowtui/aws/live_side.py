"""The Live Tail half of a tail: its sessions, what they say, and what that means for the groups they follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flowtui.aws.arrival import Arrival, Notes
from flowtui.aws.aws_clock import AwsClock
from flowtui.aws.gaps import Gaps
from flowtui.aws.live_line import Down, Inbox, Line, Up, Update, Word
from flowtui.aws.live_lines import Key, LineSpec, Start
from flowtui.aws.models import LogEvent
from flowtui.aws.tail_news import LIVE
from flowtui.aws.window import SETTLE_MS, Window

_GRACE_S = 15.0
_SAMPLED_S = 3.0


@dataclass(slots=True)
class _Session:
    """A line and how it is: ``heard`` is when it last said something before it went down, ``why`` why it did."""

    spec: LineSpec
    line: Line | None = None
    up: bool = False
    decided: bool = False
    ever_up: bool = False
    heard: datetime | None = None
    why: str = ""


class LiveSide:
    """Sessions and the windows they feed.

    Args:
        windows: by region and name; one that is taken out is followed no more.
        reasons: why groups are polled, kept up to date.
        start: opens lines.
        inbox: where lines put their words.
        clock: AWS's time.
        ticks: a steady clock, in seconds.
        notes: what was told already.
    """

    def __init__(
        self,
        windows: dict[Key, Window],
        reasons: dict[Key, str],
        start: Start,
        inbox: Inbox,
        clock: AwsClock,
        ticks: Callable[[], float],
        notes: Notes,
    ) -> None:
        self.nudged = False
        self.gaps = Gaps(windows)
        self._windows = windows
        self._reasons = reasons
        self._start = start
        self._inbox = inbox
        self._clock = clock
        self._ticks = ticks
        self._notes = notes
        self._sessions: dict[str, _Session] = {}
        self._sampled_s = float("-inf")

    def dial(self, specs: Sequence[LineSpec]) -> None:
        """Open sessions."""
        for spec in specs:
            name = f"{spec.region} {len(self._sessions)}"
            session = self._sessions[name] = _Session(spec)
            session.line = self._start(spec, self._listener(name))

    def _listener(self, name: str) -> Callable[[Word], None]:
        """What a line says its words to, from its own thread.

        When a word came is noted here, and not when it is dealt with: a reading on a network that hangs may be minutes
        between the two. A gap would seem to begin when it was over, and AWS's clock to be that much behind.
        """
        heard: datetime | None = None

        def say(word: Word) -> None:
            nonlocal heard
            if isinstance(word, Down):
                word = replace(word, heard=heard)
            else:
                heard = self._clock.machine()
            if isinstance(word, Up):
                self._clock.hear(word.answered)
            self._inbox.put(name, word)

        return say

    def close(self) -> None:
        """Close every session."""
        for session in self._sessions.values():
            _hang_up(session)

    @property
    def open(self) -> bool:
        """Whether some session is open, or is tried again."""
        return any(session.line for session in self._sessions.values())

    @property
    def decided(self) -> bool:
        """Whether every session has said that it opens, or that it does not."""
        return all(session.decided for session in self._sessions.values())

    @property
    def sampled(self) -> bool:
        """Whether AWS hands out only a part just now."""
        return self._ticks() - self._sampled_s < _SAMPLED_S

    def drop(self, key: Key) -> None:
        """Follow a group no more: it is gone."""
        for session in list(self._sessions.values()):
            if key not in session.spec.keys or session.line is None:
                continue
            _hang_up(session)
            rest = [(k, arn) for k, arn in zip(session.spec.keys, session.spec.arns, strict=True) if k != key]
            if rest:
                keys, arns = zip(*rest, strict=True)
                self.dial([LineSpec(session.spec.region, keys, arns)])

    def hear(self, timeout_s: float) -> Iterator[Arrival]:
        """What the sessions say; waits for the first word no longer than told."""
        for name, word in self._inbox.take(timeout_s):
            session = self._sessions[name]
            if session.line is None:
                continue
            match word:
                case Up():
                    yield from self._up(session)
                case Update():
                    yield self._update(session, word)
                case Down():
                    yield from self._down(session, word)

    def _up(self, session: _Session) -> Iterator[Arrival]:
        now, now_s = self._clock.now(), self._ticks()
        if session.ever_up:
            for gap in self.gaps.mark(session.spec.keys, session.heard or now, now, session.why):
                yield Arrival(gap=gap)
        session.up = session.decided = session.ever_up = self.nudged = True
        for window in self._of(session):
            window.connected(now_s, self._clock.now_ms())
            if window.unreadable:
                text = "what arrived while Live Tail was away is missing: reading it needs logs:FilterLogEvents"
                yield from self._notes.tell(text)
        yield Arrival(pulse=True)

    def _down(self, session: _Session, word: Down) -> Iterator[Arrival]:
        was_up, session.up = session.up, False
        session.decided, session.why = True, word.why
        if word.heard:
            session.heard = self._clock.at(word.heard)
        for window in self._of(session):
            window.live = False
            self._reasons[window.key] = word.why
            read = window.readings or window.unreadable
            if was_up and read and word.retry_s is not None and word.retry_s < _GRACE_S:
                # It mostly comes back at once, and a reading just now may hang on the same lost network. The first one
                # does not wait for that: until it is made nothing of what is there is shown.
                window.rest(self._ticks() + _GRACE_S)
        if word.retry_s is None:
            _hang_up(session)
        if was_up:
            trouble = word.why if word.why.startswith(LIVE) else f"{LIVE}: {word.why}"
            yield Arrival(trouble=trouble, waiting_s=word.retry_s or 0.0)

    def _update(self, session: _Session, word: Update) -> Arrival:
        now_s = self._ticks()
        fresh: list[LogEvent] = []
        for window in self._of(session):
            if word.partial:
                self._sampled_s = now_s
                window.ask(now_s + SETTLE_MS / 1000)
            fresh += window.take_live(_of_group(window.key[1], word.events, only=len(session.spec.keys) == 1))
            if window.unreadable:
                window.forget(self._clock.now_ms())
        return Arrival(tuple(fresh), pulse=True)

    def _of(self, session: _Session) -> list[Window]:
        return [self._windows[key] for key in session.spec.keys if key in self._windows]


def _of_group(name: str, events: Sequence[LogEvent], *, only: bool) -> Iterator[LogEvent]:
    for event in events:
        if event.group == name:
            yield event
        elif only and not event.group:
            # With one group nobody need say which it was; who says another one means it.
            yield replace(event, group=name)


def _hang_up(session: _Session) -> None:
    if session.line is not None:
        session.line.close()
        session.line = None
