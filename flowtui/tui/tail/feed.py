"""From a target to lines for the screen: what the tail's worker yields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Event

from flowtui.aws.session import Account
from flowtui.times import Clock
from flowtui.tui.tail.lines import HeldLine


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
    """New records, in the order they came."""

    lines: tuple[HeldLine, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """How the tail is doing; ``trouble`` is empty while all is well. Times in seconds."""

    mode: str
    lag_s: float | None
    trouble: str
    waiting_s: float


News = Found | Arrived | Said


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
    from flowtui.aws.tail import TailBatch, resolve, tail

    if region:
        account = account.in_regions((region,))
    source = resolve(account, target)
    fields = frozenset(name for layout in source.layouts for name in layout.names)
    yield Found(source.region, source.group, fields, source.notes, account.clock)
    for item in tail(account, source, since=since, stop=stop):
        if isinstance(item, TailBatch):
            yield Arrived(
                tuple(
                    HeldLine(line.event.message, line.record.layout if line.record else None, line.event.stream)
                    for line in item.lines
                )
            )
        else:
            yield Said(item.mode, item.lag_s, item.trouble, item.waiting_s)
