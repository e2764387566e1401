"""How the tail keeps records: the line as it came, parsed again when someone looks at it.

A parsed record takes about a kilobyte, its line a sixth of that; of 100,000 held only a screenful is looked at.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from flowtui.records.layout import Layout
from flowtui.records.parse import LineParser, Record, RejectedLine


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

    def parse(self) -> Record | str:
        """The parsed line, or its text: what a filter looks at."""
        return (None if self.layout is None else _parse(self.raw, self.layout)) or self.raw

    @property
    def interface_id(self) -> str:
        """The interface, from the record or from the stream's name (``eni-…-all``)."""
        record = self.record
        named = record.interface_id if record else ""
        if named not in ("", "-"):
            return named
        return "-".join(self.stream.split("-")[:2]) if self.stream.startswith("eni-") else named


@lru_cache(maxsize=64)
def _parser(layout: Layout) -> LineParser:
    return LineParser(layout)


def _parse(raw: str, layout: Layout) -> Record | None:
    try:
        return _parser(layout).parse(raw)
    except RejectedLine:
        return None


_remembered = lru_cache(maxsize=4096)(_parse)
