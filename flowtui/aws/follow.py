"""Follows log groups without losing or repeating a record.

Two ways stand side by side. Live Tail shows what is ingested within a second, but samples above 500 a second, ends
after three hours, drops what a slow reader does not take, and knows nothing of before. FilterLogEvents reads
everything, as often as it is asked. So Live Tail, where it can be had, is for speed, and readings by FilterLogEvents
vouch: of what was there before, of gaps and sampled stretches, and now and then of the rest. Where Live Tail cannot be
had the same readings, every few seconds, are all there is: polling.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterator
from datetime import datetime

from flowtui.aws.arrival import Arrival, Notes
from flowtui.aws.aws_clock import WORTH_SAYING_S, AwsClock
from flowtui.aws.failures import is_passing, is_throttled, is_unreached
from flowtui.aws.live_line import Inbox
from flowtui.aws.live_lines import Key, LineSpec, Start, plan_lines
from flowtui.aws.live_side import LiveSide
from flowtui.aws.logs import Page, filter_page
from flowtui.aws.seen import SeenIds, SeenLines
from flowtui.aws.session import Account
from flowtui.aws.tail_groups import TailSource
from flowtui.aws.tail_news import LIVE, POLLING
from flowtui.aws.tail_source import current_prefixes
from flowtui.aws.window import SETTLE_MS, Window
from flowtui.errors import AccessDenied, AwsError
from flowtui.times import age_text

POLL_S = 5.0
_REFRESH_S = 60.0
_LONGEST_WAIT_S = 60.0
_LONGEST_UNREACHED_S = 4.0
"""A network that is back is found within seconds: asking it costs nobody anything, while AWS counts its calls."""
_TRIES_WITHOUT_FOLLOW = 8
_TICK_S = 0.2
_OPENING_S = 3.0
_PATIENCE_S = 15.0


class Follower:
    """Events of some log groups.

    Args:
        account: the account.
        source: groups and streams.
        since: time of the first event wanted.
        until: time of the last one wanted; None for no end.
        follow: go on for ever; else end once everything up to now, or ``until``, was read.
        poll_s: pause between readings where Live Tail cannot be had, in seconds.
        start: opens Live Tail lines; None polls.
        inbox: where lines put their words.
        ticks: a steady clock, in seconds.
    """

    def __init__(
        self,
        account: Account,
        source: TailSource,
        since: datetime,
        until: datetime | None = None,
        *,
        follow: bool = True,
        poll_s: float = POLL_S,
        start: Start | None = None,
        inbox: Inbox | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.clock = AwsClock(account.clock)
        self._account = account
        self._source = source
        self._since_ms = int(since.timestamp() * 1000)
        self._until_ms = None if until is None else int(until.timestamp() * 1000)
        self._follow = follow
        self._poll_s = poll_s
        self._start = start if follow else None
        self._inbox = inbox or Inbox()
        self._ticks = ticks
        self._pulse_s = float("-inf")
        self._notes = Notes()
        self._reasons: dict[Key, str] = {}
        self._windows: dict[Key, Window] = {}
        self._live: LiveSide | None = None

    @property
    def mode(self) -> str:
        """How events come: ``Live Tail``, ``polling`` or both."""
        live = [window.live for window in self._windows.values()]
        return LIVE if live and all(live) else f"{LIVE} and {POLLING}" if any(live) else POLLING

    @property
    def reason(self) -> str:
        """Why it polls where it does; empty where it does not, and where nothing else was asked for."""
        polled = [key for key, window in self._windows.items() if not window.live]
        whys = {self._reasons[key]: key[1] for key in reversed(polled) if self._reasons.get(key)}
        if len(whys) == 1 or len(self._windows) == 1:
            return "; ".join(whys)
        return "; ".join(f"{name}: {why}" for why, name in whys.items())

    @property
    def sampled(self) -> bool:
        """Whether Live Tail hands out only a part just now."""
        return self._live is not None and self._live.sampled

    def events(self, stop: threading.Event) -> Iterator[Arrival]:
        """Run until ``stop`` is set, or to the end of the range when not following.

        Raises:
            AwsError: something that waiting will not mend; and, when not following, what waiting did not mend.
        """
        try:
            self._prepare()
            yield from self._run(stop)
        finally:
            if self._live:
                self._live.close()

    def _prepare(self) -> None:
        specs: tuple[LineSpec, ...] = ()
        if self._start is not None:
            specs, self._reasons = plan_lines(self._account, self._source.groups)
        followed = {key for spec in specs for key in spec.keys}
        for group in self._source.groups:
            key = (group.region, group.name)
            seen = SeenLines() if key in followed else SeenIds()
            window = self._windows[key] = Window(group, self._since_ms, seen, self._poll_s)
            window.refreshed_s = self._ticks()
        if self._start is not None and specs:
            self._live = LiveSide(
                self._windows, self._reasons, self._start, self._inbox, self.clock, self._ticks, self._notes
            )
            self._live.dial(specs)

    def _run(self, stop: threading.Event) -> Iterator[Arrival]:
        yield from self._await_lines(stop, _OPENING_S)
        while not stop.is_set():
            yield from self._hear(0.0)
            now_s = self._ticks()
            for window in self._windows.values():
                self._refresh_prefixes(window, now_s)
            window = min(self._windows.values(), key=lambda one: one.due_in(now_s))
            due_s = window.due_in(now_s)
            if due_s > 0:
                yield from self._idle(stop, due_s)
                continue
            yield from self._read(window, stop)
            if not self._follow and all(one.readings for one in self._windows.values()):
                return

    def _hear(self, timeout_s: float) -> Iterator[Arrival]:
        if self._live:
            yield from self._live.hear(timeout_s)

    def _await_lines(self, stop: threading.Event, patience_s: float) -> Iterator[Arrival]:
        """Wait until every session has said whether it opens."""
        until_s = self._ticks() + patience_s
        while self._live and not self._live.decided and not stop.is_set() and self._ticks() < until_s:
            yield from self._hear(_TICK_S)

    def _idle(self, stop: threading.Event, due_s: float) -> Iterator[Arrival]:
        """Wait for the next reading, or for something to be heard; says every second that the tail is alive."""
        if self._live is None or not self._live.open:
            yield Arrival(waiting_s=due_s)
            stop.wait(due_s)
            return
        heard = False
        for arrival in self._hear(min(due_s, _TICK_S)):
            heard = True
            yield arrival
        if not heard and self._ticks() - self._pulse_s < 1.0:
            return
        self._pulse_s = self._ticks()
        if not heard:
            yield Arrival(pulse=True)

    def _back_off(self, stop: threading.Event, seconds: float) -> Iterator[Arrival]:
        """Wait before the same page is tried again; a session that comes back ends it."""
        if self._live is None or not self._live.open:
            stop.wait(seconds)
            return
        until_s = self._ticks() + seconds
        self._live.nudged = False
        while not stop.is_set() and not self._live.nudged and (left_s := until_s - self._ticks()) > 0:
            yield from self._hear(min(left_s, _TICK_S))

    def _read(self, window: Window, stop: threading.Event) -> Iterator[Arrival]:
        """Read a window to its end; survives what passes by itself, on the same page."""
        began, began_s = self._account.clock(), self._ticks()
        start_ms, delivery, token, failures = window.start_ms, window.seen.delivery(), "", 0
        missed_ms = window.begin(began_s, self.clock.at_ms(began))
        while not stop.is_set():
            try:
                page = self._page(window, start_ms, token)
            except AwsError as error:
                failures += 1
                if (yield from self._give_up(window, error, failures, stop)):
                    return
                longest_s = _LONGEST_UNREACHED_S if is_unreached(error) else _LONGEST_WAIT_S
                # The exponent is bounded: an outage of a night has more failures than a float has room for.
                wait_s = min(longest_s, 2.0 ** min(failures - 1, 10))
                yield Arrival(trouble="throttled" if is_throttled(error) else error.message, waiting_s=wait_s)
                yield from self._back_off(stop, wait_s)
                continue
            failures, token = 0, page.token
            self.clock.hear(page.answered)
            yield from self._tell_skew()
            fresh = delivery.fresh(window.wanted(page.events))
            yield Arrival(tuple(fresh), recovered=sum(event.ingested_ms <= missed_ms for event in fresh))
            if self._live:
                self._live.gaps.read(window.key, fresh)
            if not token:
                window.finish(began_s, self._ticks(), self.clock.at_ms(began))
                yield from self._settle()
                return
            yield from self._hear(0.0)

    def _settle(self) -> Iterator[Arrival]:
        """Tell of gaps that readings now vouch for, or never will."""
        if self._live:
            for gap in self._live.gaps.settle():
                yield Arrival(gap=gap)
            # Pauses are not measured by the clock that dates them, so a reading may have begun a moment too early.
            for window in self._live.gaps.unvouched():
                window.ask(self._ticks() + SETTLE_MS / 1000)

    def _page(self, window: Window, start_ms: int, token: str) -> Page:
        return filter_page(
            self._account,
            *window.key,
            start_ms=start_ms,
            end_ms=self._until_ms,
            stream_prefix=window.prefixes[0] if len(window.prefixes) == 1 else "",
            token=token,
        )

    def _give_up(
        self, window: Window, error: AwsError, failures: int, stop: threading.Event
    ) -> Generator[Arrival, None, bool]:
        """Whether to leave a reading that failed; raises what ends the tail."""
        if isinstance(error, AccessDenied):
            yield from self._await_lines(stop, _PATIENCE_S)
            if window.live:
                window.unreadable = True
                text = f"only what arrives from now on is shown: reading what is there needs {error.action}"
                yield from self._notes.tell(text)
                yield from self._settle()
                return True
            raise self._neither(window, error) from error
        if error.code == "ResourceNotFoundException":
            said = _gone(window, error)
            if len(self._windows) == 1:
                raise said from error
            del self._windows[window.key]
            if self._live:
                self._live.drop(window.key)
            yield from self._notes.tell(said.message)
            return True
        patient = self._follow or (is_throttled(error) and failures < _TRIES_WITHOUT_FOLLOW)
        if not (patient and is_passing(error)):
            raise error
        return False

    def _neither(self, window: Window, error: AccessDenied) -> AccessDenied:
        """A denied reading where Live Tail, which would do without it, cannot be had either: both reasons."""
        why = self._reasons.get(window.key, "")
        hint = f"{error.hint} Without it there is only Live Tail, which cannot be had: {why}." if why else error.hint
        return AccessDenied(error.message, hint, code=error.code, action=error.action, region=error.region)

    def _refresh_prefixes(self, window: Window, now_s: float) -> None:
        if not window.group.scopes or now_s - window.refreshed_s < _REFRESH_S:
            return
        window.refreshed_s = now_s
        try:
            window.prefixes = current_prefixes(self._account, window.group)
        except AwsError as error:
            if not is_passing(error):
                raise

    def _tell_skew(self) -> Iterator[Arrival]:
        skew_s = self.clock.skew_s
        if abs(skew_s) >= WORTH_SAYING_S:
            way = "ahead of" if skew_s > 0 else "behind"
            yield from self._notes.tell(f"this machine's clock is {age_text(abs(skew_s))} {way} AWS's", "skew")


def _gone(window: Window, error: AwsError) -> AwsError:
    region, name = window.key
    # A session that opened proves as well as a reading that the group was there.
    if window.readings or window.up_ms:
        said = f"The log group {name} in {region} was deleted while it was tailed."
        return AwsError(said, "What was shown stays; flowtui tail finds the group of a new flow log.", code=error.code)
    return AwsError(
        f"There is no log group {name} in {region}.",
        "A new flow log's group appears with its first records, some ten minutes after it was made.",
        code=error.code,
        region=error.region,
    )
