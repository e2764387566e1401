"""Lines of a list as they were painted last, and what a list without lines shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import wrap

from textual.strip import Strip

_MOST = 500
"""Lines kept; more than any terminal shows."""


class PaintedLines:
    """Keeps lines by the numbers of their items, all of one width."""

    def __init__(self) -> None:
        self._strips: dict[int, Strip] = {}
        self._width = -1

    def clear(self) -> None:
        """Forget all: lines may look different from now on."""
        self._strips.clear()

    def line(self, number: int, width: int, paint: Callable[[], Strip]) -> Strip:
        """The line of an item, painted now when it is not known at this width."""
        if width != self._width or len(self._strips) >= _MOST:
            self._strips.clear()
            self._width = width
        strip = self._strips.get(number)
        if strip is None:
            strip = self._strips[number] = paint().adjust_cell_length(width)
        return strip


def empty_text(texts: Sequence[str], y: int, width: int, height: int) -> str | None:
    """What line ``y`` of an empty list says, a third down and centred; None where it is blank."""
    lines = [part for text in texts for part in wrap(text, max(20, width - 4)) or [""]]
    at = y - max(0, (height - len(lines)) // 3)
    return lines[at][:width].center(width) if 0 <= at < len(lines) else None
