"""From a target to lines for the screen: what the tail's worker yields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import TYPE_CHECKING

from flowtui.aws.session import Account
from flowtui.times import Clock
from flowtui.tui.tail.lines import HeldLine

if TYPE_CHECKING:
    from flowtui.aws.tail import TailLine


@dataclass(frozen=True, slots=True)
class Found:
    """The log group was found. ``fields`` are the names its layouts have; ``notes`` what the user should
    know, ``clock`` the account's idea of now."""

    region: str
    group: str
    fields: frozenset[str]
    notes: tuple[str, ...]
    clock: Clock


@dataclass(frozen=True, slots=True)
class Arrived:
    """New records, in the order they came, and what they add to the histogram: accepted and rejected by second."""

    lines: tuple[HeldLine, ...]
    outcomes: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """How the tail is doing; ``trouble`` is empty while all is well. Times in seconds."""

    mode: str
    lag_s: float | None
    trouble: str
    waiting_s: float


News = Found | Arrived | Said

_PORTION = 1000


def follow(account: Account, target: str, region: str, since: datetime, stop: Event) -> Iterator[News]:
    """Find a target and follow it.

    Args:
        account: the account.
        target: as :func:`flowtui.aws.tail_source.resolve` takes it.
        region: where to look for it; empty for all regions of the account.
        since: start of the first record wanted.
        stop: ends it.

    Raises:
        FlowTuiError: nothing to tail there.
        AwsError: a call failed in a way that waiting will not mend.
    """
    from flowtui.aws.tail import TailBatch, TailStatus, resolve, tail

    if region:
        account = account.in_regions((region,))
    source = resolve(account, target)
    fields = frozenset(name for layout in source.layouts for name in layout.names)
    yield Found(source.region, source.group, fields, source.notes, account.clock)
    for item in tail(account, source, since=since, stop=stop):
        if isinstance(item, TailBatch):
            # In portions, so that the event loop never has more than some milliseconds of them at once.
            for start in range(0, len(item.lines), _PORTION):
                yield _arrived(item.lines[start : start + _PORTION])
        elif isinstance(item, TailStatus):
            yield Said(item.mode, item.lag_s, item.trouble, item.waiting_s)


def _arrived(lines: Sequence[TailLine]) -> Arrived:
    counts: dict[int, list[int]] = {}
    for line in lines:
        record = line.record
        if record is not None and record.start is not None:
            entry = counts.setdefault(record.start, [0, 0])
            entry[0] += record.action == "ACCEPT"
            entry[1] += record.action == "REJECT"
    held = (HeldLine(one.event.message, one.record.layout if one.record else None, one.event.stream) for one in lines)
    return Arrived(tuple(held), tuple((second, good, bad) for second, (good, bad) in counts.items()))
