"""Numbers in a writing no longer than their digits, which a file's length does not tell from plain ones.

DuckDB's reader takes ``1e2`` for 100. Every other writing that it takes is longer than the digits, so that the weight
of a file's rows shows it; these are looked for in the file's text.
"""

from __future__ import annotations

import re
import threading
from pathlib import Path

from flowtui.lake.faults import Stopped

_SEAM = 64
"""Bytes that are seen again with the next part of a file, more than any number has that may shrink."""
_PART = 1 << 20

_CAPITAL = re.compile(rb"E(?<=[0-9._]E)[0-9+]")
# Interface ids are full of a small e between digits, so the whole word is looked at. What stands before the e is as
# short as here, for else the word is longer than the longest number.
_OF_NUMBERS = rb"[0-9._+\t\v\f]"
_BEFORE = rb"|".join(rb"(?<=[ \n]%s{%d}e.)" % (_OF_NUMBERS, length) for length in range(1, 18))
_SMALL = re.compile(rb"e[0-9+](?<=[0-9._]e.)(?=%s*[ \n])(?:%s)" % (_OF_NUMBERS, _BEFORE))
_HEXADECIMAL = re.compile(rb"(?<![0-9A-Za-z])0[xX]")


def may_shrink(text: bytes) -> bool:
    """Whether a word may be a number in a writing no longer than its digits, which length does not tell from them.

    DuckDB's reader takes two such, ``1e2`` and, of eleven digits on, ``0xFFFFFFFFFF``. Some other word may look so too;
    a file with one is read by our own parser for nothing.

    Args:
        text: any part of a file with the words in question whole.
    """
    return (
        _CAPITAL.search(text) is not None
        or _SMALL.search(text) is not None
        or ((b"x" in text or b"X" in text) and _HEXADECIMAL.search(text) is not None)
    )


class Writings:
    """Looks through a text part by part; ``found`` tells whether there is such a word."""

    def __init__(self) -> None:
        self.found = False
        self._seam = b"\n"

    def see(self, part: bytes) -> None:
        """The next part."""
        self.found = self.found or may_shrink(part) or may_shrink(self._seam + part[:_SEAM])
        self._seam = (self._seam + part[-_SEAM:])[-_SEAM:]

    def end(self) -> None:
        """There is no further part."""
        self.found = self.found or may_shrink(self._seam + b"\n")


def look_through(path: Path, stop: threading.Event) -> bool:
    """Whether a plain file has such a word.

    Args:
        path: the file.
        stop: set to give up.

    Raises:
        OSError: it cannot be read.
        Stopped: ``stop`` was set meanwhile.
    """
    writings = Writings()
    with path.open("rb") as file:
        while part := file.read(_PART):
            if stop.is_set():
                raise Stopped
            writings.see(part)
    writings.end()
    return writings.found
