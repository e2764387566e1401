"""What a tail tells, one small value at a time: records, how it is doing, and what went missing for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flowtui.aws.models import LogEvent
from flowtui.records.parse import Record

LIVE = "Live Tail"
POLLING = "polling"


@dataclass(frozen=True, slots=True)
class TailLine:
    """One event; ``record`` is None for a line that fits no layout, and ``reason`` says why."""

    event: LogEvent
    record: Record | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TailBatch:
    """Lines that have just arrived, in the order they came."""

    lines: tuple[TailLine, ...]


@dataclass(frozen=True, slots=True)
class TailGap:
    """A stretch in which Live Tail was away, told when it is back; told again, by the same number, when more is known.

    Args:
        number: tells it from the others of this tail.
        begin: when Live Tail was last heard of.
        end: when it was back.
        why: AWS's or the network's words.
        groups: names of the log groups concerned.
        found: records that arrived in it and were read again, once readings vouch for all of it; None until then.
        missing: it cannot be read, so what arrived in it is missing.
    """

    number: int
    begin: datetime
    end: datetime
    why: str
    groups: tuple[str, ...] = ()
    found: int | None = None
    missing: bool = False


@dataclass(frozen=True, slots=True)
class TailNote:
    """Something the user should know, said once: a group that is gone, gaps that cannot be filled, a clock that is
    wrong."""

    text: str


@dataclass(frozen=True, slots=True)
class TailStatus:
    """How the tail is doing.

    Args:
        mode: ``Live Tail`` or ``polling``; ``Live Tail and polling`` when groups differ.
        received: lines so far.
        unparsed: those among them that fit no layout.
        lag_s: age of the newest record's end by AWS's clock, or None before the first.
        trouble: why nothing comes just now (``throttled``, AWS's or the network's words); empty while all is well.
        waiting_s: seconds until the next try; 0 while reading.
        reason: why it polls where it does; empty in Live Tail.
        sampled: whether Live Tail now hands out no more than a sample, so that the rest comes by FilterLogEvents later.
        recovered: lines that Live Tail did not hand out and FilterLogEvents did, after gaps and sampling.
        skew_s: seconds by which this machine's clock is ahead of AWS's; negative when it is behind, 0 when it is right.
    """

    mode: str
    received: int
    unparsed: int
    lag_s: float | None
    trouble: str = ""
    waiting_s: float = 0.0
    reason: str = ""
    sampled: bool = False
    recovered: int = 0
    skew_s: float = 0.0


TailNews = TailBatch | TailStatus | TailGap | TailNote
"""What :func:`flowtui.aws.tail.tail` yields."""
