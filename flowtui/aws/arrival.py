"""What a source of events hands on to the tail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flowtui.aws.models import LogEvent
from flowtui.aws.tail_news import TailGap


@dataclass(frozen=True, slots=True)
class Arrival:
    """New events, a gap, something to know, or word on why nothing comes.

    Args:
        events: in the order they came.
        trouble: why nothing comes; empty while all is well.
        waiting_s: how long the source now waits, 0 when it goes on at once.
        gap: a stretch in which Live Tail was away.
        note: something to know, said once.
        recovered: how many of the events Live Tail should have handed out and did not.
        pulse: the source is alive, and a status is due.
    """

    events: tuple[LogEvent, ...] = ()
    trouble: str = ""
    waiting_s: float = 0.0
    gap: TailGap | None = None
    note: str = ""
    recovered: int = 0
    pulse: bool = False


class Notes:
    """Says each thing once."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def tell(self, text: str, key: str = "") -> Iterator[Arrival]:
        """The note, unless one of this key (or text) was told."""
        if (key or text) not in self._told:
            self._told.add(key or text)
            yield Arrival(note=text)
