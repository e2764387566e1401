"""From a target to lines for the screen: what the tail's worker yields."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING

from flowtui.aws.session import Account
from flowtui.times import Clock
from flowtui.tui.tail.held_rows import HeldRows
from flowtui.tui.tail.lines import GapRow, HeldLine

if TYPE_CHECKING:
    from flowtui.aws.tail_groups import TailSource
    from flowtui.aws.tail_news import TailLine, TailNews
    from flowtui.records.layout import Layout


@dataclass(frozen=True, slots=True)
class Found:
    """The log group was found. ``fields`` are what filters may call its fields; ``clock`` is the account's idea of now,
    ``since`` the start of the first record wanted.

    A tail of ``arriving`` records wants those that reach CloudWatch after ``since``, whenever they started.
    """

    source: TailSource
    fields: frozenset[str]
    clock: Clock
    since: datetime
    arriving: bool = False

    def wants(self, line: TailLine) -> bool:
        """Whether the tail shows it, and :func:`older` therefore does not. Of a line that does not say when it
        arrived nothing is known against it."""
        return not self.arriving or not 0 < line.event.ingested_ms <= self.since.timestamp() * 1000


@dataclass(frozen=True, slots=True)
class Arrived:
    """New records, in the order they came, and what they add to the histogram: accepted and rejected by second.

    ``fresh`` counts all, accepted and rejected ones among them that reached CloudWatch since the tail began: what lay
    there before says nothing about how fast records come. ``unreadable`` counts lines that fit no layout.
    """

    lines: HeldRows
    outcomes: tuple[tuple[int, int, int], ...] = ()
    fresh: tuple[int, int, int] = (0, 0, 0)
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Older:
    """Records from before the tail began, oldest first; ``left`` older ones were read and not kept."""

    arrived: Arrived
    left: int


@dataclass(frozen=True, slots=True)
class Said:
    """How the tail is doing; ``trouble`` is empty while all is well, ``reason`` says why it is this mode, ``sampled``
    is None where nothing samples. Times in seconds."""

    mode: str
    lag_s: float | None
    trouble: str = ""
    waiting_s: float = 0.0
    reason: str = ""
    sampled: bool | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Live Tail was away for a while, or more is known of such a gap."""

    row: GapRow


@dataclass(frozen=True, slots=True)
class Noted:
    """Something the user should know, said once."""

    text: str


News = Found | Arrived | Said | Gap | Noted

_PORTION = 1000


Keep = Callable[[Generator["TailNews", None, None], Iterable["Layout"]], Iterator["TailNews"]]
"""Puts the records of a tail elsewhere too, and hands on what it tells."""


def follow(
    account: Account, targets: Sequence[str], regions: tuple[str, ...], since: datetime | None, stop: Event, keep: Keep
) -> Iterator[News]:
    """Find targets and follow them as one.

    Args:
        account: the account.
        targets: as :func:`flowtui.aws.tail_source.resolve` takes them.
        regions: where to look for them; empty for all regions of the account.
        since: start of the first record wanted; None for what arrives from now on. A record starts minutes before
            it arrives, so the former from now on would show none of those that are on their way.
        stop: ends it.
        keep: puts the records into the workspace.

    Raises:
        FlowTuiError: nothing to tail there.
        AwsError: a call failed in a way that waiting will not mend.
    """
    from flowtui.aws.tail import resolve, tail
    from flowtui.aws.window import DELIVERY

    if regions:
        account = account.in_regions(regions)
    source = resolve(account, *targets)
    began = account.clock()
    found = Found(source, source.fields, account.clock, since or began, since is None)
    yield found
    longest = timedelta(seconds=max(group.interval_s for group in source.groups))
    for item in keep(tail(account, source, since=since or began - longest - DELIVERY, stop=stop), source.layouts):
        yield from _news(item, found, began.timestamp() * 1000)


def _news(item: TailNews, found: Found, began_ms: float) -> Iterator[News]:
    from flowtui.aws.tail_news import LIVE, TailBatch, TailGap, TailNote

    match item:
        case TailBatch():
            # In portions, so that the event loop never has more than some milliseconds of them at once.
            lines = [line for line in item.lines if found.wants(line)] if found.arriving else item.lines
            for start in range(0, len(lines), _PORTION):
                yield _arrived(lines[start : start + _PORTION], began_ms)
        case TailGap():
            begin_s, end_s = item.begin.timestamp(), item.end.timestamp()
            yield Gap(GapRow(item.why, begin_s, end_s, item.number, item.groups, item.found, item.missing))
        case TailNote():
            yield Noted(item.text)
        case _:
            sampled = item.sampled if LIVE in item.mode else None
            yield Said(item.mode, item.lag_s, item.trouble, item.waiting_s, item.reason, sampled)


def older(
    account: Account, found: Found, before: datetime, reach: timedelta, most: int, stop: Event, keep: Keep
) -> Iterator[Older]:
    """The newest records, ``most`` at most, that began in the stretch ``reach`` long that ends at ``before``.

    Raises:
        AwsError: a call failed.
    """
    from flowtui.aws.tail import tail
    from flowtui.aws.tail_news import TailBatch

    until = before - timedelta(milliseconds=1)
    # Bounded, for an hour may hold millions. They come in the order of their times.
    lines: deque[TailLine] = deque(maxlen=most)
    read = 0
    reading = tail(account, found.source, since=before - reach, until=until, follow=False, stop=stop)
    for item in keep(reading, found.source.layouts):
        if isinstance(item, TailBatch):
            # What a tail of arriving records shows began before, too.
            wanted = [line for line in item.lines if not (found.arriving and found.wants(line))]
            lines += wanted
            read += len(wanted)
    # Half a reading has holes that nobody would see.
    if not stop.is_set():
        oldest_first = sorted(lines, key=lambda line: line.event.timestamp_ms)
        yield Older(_arrived(oldest_first, float("inf")), read - len(oldest_first))


def _arrived(lines: Sequence[TailLine], began_ms: float) -> Arrived:
    counts: dict[int, list[int]] = {}
    fresh = [0, 0, 0]
    for line in lines:
        record = line.record
        if line.event.ingested_ms > began_ms:
            fresh[0] += 1
            fresh[1] += record is not None and record.action == "ACCEPT"
            fresh[2] += record is not None and record.action == "REJECT"
        if record is not None:
            # The event's time, which CloudWatch keeps within bounds; a record may say anything.
            entry = counts.setdefault(line.event.timestamp_ms // 1000, [0, 0])
            entry[0] += record.action == "ACCEPT"
            entry[1] += record.action == "REJECT"
    outcomes = tuple((second, good, bad) for second, (good, bad) in counts.items())
    unreadable = sum(line.record is None for line in lines)
    return Arrived(held(lines), outcomes, (fresh[0], fresh[1], fresh[2]), unreadable)


def held(lines: Iterable[TailLine]) -> HeldRows:
    """Lines as the screen keeps them."""
    return HeldRows(
        HeldLine(one.event.message, one.record.layout if one.record else None, one.event.stream) for one in lines
    )
