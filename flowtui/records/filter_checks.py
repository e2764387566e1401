"""What the filter language asks of one field's value: of one value, or of a column's texts many at a time.

A full ring of lines waits for each keystroke, so no function is called for each of its values.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address

from flowtui.records.parse import Value

_NOTHING = "-"
_MAPPED = 0xFFFF << 32
_OCTETS = {str(number): number for number in range(256)}


class Check:
    """A test of a field's value; this one passes nothing.

    ``near`` holds some texts of which a line has one at least if a value in it passes; empty where nothing is known.
    Looking for them spares the cutting of most lines.
    """

    near: tuple[str, ...] = ()

    def __call__(self, found: Value) -> bool:
        """Whether a value passes; None is the value of a number that a record lacks."""
        return False

    def among(self, texts: set[str], numeric: bool) -> set[str]:
        """Those of a column's texts whose values pass.

        Args:
            texts: as they stand in lines that are known to fit their layout.
            numeric: whether the column holds numbers, for which ``-`` is None.
        """
        return set()


class Numbers(Check):
    """A number in one of some ranges.

    Args:
        spans: lowest and highest of each, in any order; infinities for no bound.
        nothing: whether a missing number passes.
    """

    def __init__(self, spans: Iterable[tuple[float, float]], nothing: bool = False) -> None:
        self._edges = _edges(spans)
        self._nothing = nothing

    def __call__(self, found: Value) -> bool:
        """Whether it is a number that lies in a range."""
        if isinstance(found, int):
            return bool(bisect_right(self._edges, found) & 1)
        return self._nothing and found is None

    def among(self, texts: set[str], numeric: bool) -> set[str]:
        """Those of a column's texts whose numbers lie in a range."""
        if not numeric:
            return set()
        edges = self._edges
        passing = {text for text in texts - {_NOTHING} if bisect_right(edges, int(text)) & 1}
        return passing | (texts & {_NOTHING}) if self._nothing else passing


class Addresses(Check):
    """An address in one of some blocks.

    Args:
        blocks: of both versions; an IPv4 address and the same one mapped into ``::ffff:0:0/96`` are one.
    """

    def __init__(self, blocks: Iterable[IPv4Network | IPv6Network]) -> None:
        spans: list[tuple[int, int]] = []
        begins: list[str] = []
        for block in blocks:
            offset = _MAPPED if block.version == 4 else 0
            spans.append((int(block.network_address) + offset, int(block.broadcast_address) + offset))
            begins += _begins(block)
        self._edges = _edges(spans)
        self._begins = tuple(begins)
        common = _common_beginning(begins)
        if common or not begins:
            self.near = (common, ":") if common else (":",)

    def __call__(self, found: Value) -> bool:
        """Whether it is an address that lies in a block."""
        return isinstance(found, str) and bool(self.among({found}, numeric=False))

    def among(self, texts: set[str], numeric: bool) -> set[str]:
        """Those of a column's texts that are addresses in a block."""
        if numeric:
            return set()
        begins = self._begins
        near = {text for text in texts if text.startswith(begins) or ":" in text}
        return {text for text in near if self._holds(_address(text))}

    def _holds(self, number: int | None) -> bool:
        return number is not None and bool(bisect_right(self._edges, number) & 1)


class Texts(Check):
    """One of some texts, whatever the case.

    Args:
        wanted: the texts; ``*`` stands for anything.
    """

    def __init__(self, wanted: Iterable[str]) -> None:
        texts = list(wanted)
        patterns = "|".join(f"(?:{_pattern(text)})" for text in texts if "*" in text)
        self._pattern = re.compile(patterns, re.IGNORECASE) if patterns else None
        self._wanted = frozenset(text.casefold() for text in texts if "*" not in text)

    def __call__(self, found: Value) -> bool:
        """Whether it is one of them."""
        return isinstance(found, str) and bool(self.among({found}, numeric=False))

    def among(self, texts: set[str], numeric: bool) -> set[str]:
        """Those of a column's texts that are one of them."""
        if numeric:
            return set()
        found = {text for text in texts if text.casefold() in self._wanted}
        if self._pattern:
            fullmatch = self._pattern.fullmatch
            found.update(text for text in texts if fullmatch(text))
        return found


def _edges(spans: Iterable[tuple[float, float]]) -> list[float]:
    """Where a range begins and where it is over, in turn: what lies in one has an odd number of them at or below it."""
    edges: list[float] = []
    for low, high in sorted(spans):
        if edges and low <= edges[-1]:
            edges[-1] = max(edges[-1], high + 1)
        else:
            edges += (low, high + 1)
    return edges


def _begins(block: IPv4Network | IPv6Network) -> tuple[str, ...]:
    """How every IPv4 address of a block begins when it is written with dots, which spares the reading of most."""
    if block.version == 4:
        octets = str(block.network_address).split(".")[: block.prefixlen // 8]
        return (".".join(octets) + ("." if 0 < len(octets) < 4 else ""),)
    mapped = int(block.network_address) <= _MAPPED + 0xFFFFFFFF and int(block.broadcast_address) >= _MAPPED
    return ("",) if mapped else ()


def _common_beginning(texts: list[str]) -> str:
    if not texts:
        return ""
    # What the first and the last in order begin with, all between them begin with.
    first, last = min(texts), max(texts)
    same = next((place for place, letters in enumerate(zip(first, last, strict=False)) if len(set(letters)) > 1), None)
    return first[:same]


def _pattern(text: str) -> str:
    return ".*".join(re.escape(piece) for piece in text.split("*"))


def _address(text: str) -> int | None:
    """An address as a 128-bit number, IPv4 mapped into ::ffff:0:0/96; None for what is no address."""
    try:
        a, b, c, d = text.split(".")
        # The library takes four times as long, and a full ring of addresses waits for it.
        return _OCTETS[a] << 24 | _OCTETS[b] << 16 | _OCTETS[c] << 8 | _OCTETS[d] | _MAPPED
    except (ValueError, KeyError):
        return _other_address(text)


@lru_cache(maxsize=65536)
def _other_address(text: str) -> int | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return int(address) + (_MAPPED if address.version == 4 else 0)
