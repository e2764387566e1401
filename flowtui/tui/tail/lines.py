"""How the tail keeps records: the line as it came, parsed again when someone looks at it.

A parsed record takes about a kilobyte, its line a sixth of that; of 100,000 held only a screenful is looked at. Who
looks at a field or two of many takes a :class:`Glance`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from flowtui.records.layout import Layout, split_line
from flowtui.records.parse import LineParser, Record, RejectedLine, Value


class Glance(Record):
    """A record whose values are read when they are asked for; of a line that is known to fit its layout."""

    __slots__ = ()

    def __init__(self, layout: Layout, raw: str) -> None:
        super().__init__(layout, [], raw)

    def get(self, name: str) -> Value:
        """The value of a field by name or column."""
        position = self.layout.positions.get(name)
        if position is None:
            return None
        if not self.values:
            self.values += split_line(self.raw)
        text = self.values[position]
        field = self.layout.fields[position]
        if field is None or not field.numeric or not isinstance(text, str):
            return text
        return None if text == "-" else int(text)


class HeldLine(NamedTuple):
    """One record of the tail.

    ``layout`` is None for a line that fits no layout of its log group, which is shown as it came. ``stream`` is the
    log stream it came from; it names the interface where the format does not.
    """

    raw: str
    layout: Layout | None
    stream: str = ""

    @property
    def record(self) -> Record | None:
        """The parsed line, remembered while it is on screen; None when it fits no layout."""
        return None if self.layout is None else _remembered(self.raw, self.layout)

    def glance(self) -> Record | str:
        """The record for a look at a few fields, or the text of a line that fits no layout."""
        return self.raw if self.layout is None else Glance(self.layout, self.raw)

    @property
    def interface_id(self) -> str:
        """The interface, from the record or from the stream's name (``eni-…-all``)."""
        record = self.record
        named = record.interface_id if record else ""
        if named not in ("", "-"):
            return named
        return "-".join(self.stream.split("-")[:2]) if self.stream.startswith("eni-") else named


@dataclass(eq=False, slots=True)
class GapRow:
    """A row that marks a stretch without Live Tail; it changes when more is known. Times in Unix seconds.

    ``number`` tells it from others, ``found`` and ``missing`` are as in :class:`flowtui.aws.tail_news.TailGap`.
    """

    why: str
    began_s: float
    ended_s: float
    number: int = 0
    groups: tuple[str, ...] = ()
    found: int | None = None
    missing: bool = False

    def learn(self, later: GapRow) -> None:
        """Take over what is known now."""
        self.why, self.ended_s = later.why, later.ended_s
        self.found, self.missing = later.found, later.missing


TailRow = HeldLine | GapRow
"""What a row of the list is."""


@lru_cache(maxsize=64)
def _parser(layout: Layout) -> LineParser:
    return LineParser(layout)


def _parse(raw: str, layout: Layout) -> Record | None:
    try:
        return _parser(layout).parse(raw)
    except RejectedLine:
        return None


_remembered = lru_cache(maxsize=4096)(_parse)
