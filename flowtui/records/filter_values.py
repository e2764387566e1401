"""Values of the filter language: numbers with names and ranges, addresses and blocks, texts with ``*``."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from flowtui.records.labels import PORTS, PROTOCOLS
from flowtui.records.parse import Value

Check = Callable[[Value], bool]

_PORT_NUMBERS: dict[str, tuple[int, ...]] = {}
for _port, _name in PORTS.items():
    _PORT_NUMBERS[_name] = (*_PORT_NUMBERS.get(_name, ()), _port)
_PROTOCOL_NUMBERS: dict[str, tuple[int, ...]] = {name.lower(): (number,) for number, name in PROTOCOLS.items()}
_NAMES: dict[str, dict[str, tuple[int, ...]]] = {
    "srcport": _PORT_NUMBERS,
    "dstport": _PORT_NUMBERS,
    "protocol": _PROTOCOL_NUMBERS,
}
_RANGE = re.compile(r"([0-9]{1,19})-([0-9]{1,19})")
_LARGEST = {"srcport": 65535, "dstport": 65535, "protocol": 255}
_MAPPED = 0xFFFF << 32


class BadValue(ValueError):
    """A value that does not suit its field."""


def number_check(name: str, text: str) -> Check:
    """A check for ``22``, ``22,80``, ``1024-65535``, ``ssh`` or ``tcp``, and ``-`` for no number.

    Raises:
        BadValue: a part is none of these, a range runs backwards, or a number is beyond what the field can hold.
    """
    wanted: set[int] = set()
    spans: list[tuple[int, int]] = []
    nothing = False
    for part in text.split(","):
        span = _RANGE.fullmatch(part)
        if span:
            low, high = int(span[1]), int(span[2])
            if low > high:
                raise BadValue(f"{part} runs backwards; {high}-{low}?")
            spans.append((low, _possible(name, high)))
        elif part.isdecimal() and part.isascii():
            wanted.add(_possible(name, int(part)))
        elif part == "-":
            nothing = True
        elif part.lower() in _NAMES.get(name, {}):
            wanted.update(_NAMES[name][part.lower()])
        else:
            raise BadValue(f"{part or 'nothing'} is not a number" + (" or a known name" if name in _NAMES else ""))

    if not spans and not nothing:
        return wanted.__contains__

    def check(found: Value) -> bool:
        if not isinstance(found, int):
            return nothing and found is None
        return found in wanted or any(low <= found <= high for low, high in spans)

    return check


def _possible(name: str, number: int) -> int:
    largest = _LARGEST.get(name)
    if largest is not None and number > largest:
        raise BadValue(f"{number} is beyond {largest}, the highest {name}")
    return number


def address_check(text: str) -> Check:
    """A check for addresses and blocks, ``10.0.0.0/16,2001:db8::/32``; ``10.0.*`` works as text does.

    Raises:
        BadValue: a part is no address and no block.
    """
    if "*" in text or text == "-":
        return text_check(text)
    spans: list[tuple[int, int]] = []
    begins: list[str] = []
    for part in text.split(","):
        try:
            block = ip_network(part, strict=False)
        except ValueError:
            raise BadValue(f"{part or 'nothing'} is not an address or a block like 10.0.0.0/16") from None
        offset = _MAPPED if block.version == 4 else 0
        spans.append((int(block.network_address) + offset, int(block.broadcast_address) + offset))
        begins += _begins(block)
    beginnings = tuple(begins)

    def check(found: Value) -> bool:
        if not isinstance(found, str) or not (":" in found or found.startswith(beginnings)):
            return False
        number = _address(found)
        return number is not None and any(low <= number <= high for low, high in spans)

    return check


def _begins(block: IPv4Network | IPv6Network) -> tuple[str, ...]:
    """How every IPv4 address of a block begins when it is written with dots, which spares the reading of most."""
    if block.version == 4:
        octets = str(block.network_address).split(".")[: block.prefixlen // 8]
        return (".".join(octets) + ("." if 0 < len(octets) < 4 else ""),)
    mapped = int(block.network_address) <= _MAPPED + 0xFFFFFFFF and int(block.broadcast_address) >= _MAPPED
    return ("",) if mapped else ()


def text_check(text: str) -> Check:
    """A check for texts separated by commas, whatever the case, in which ``*`` stands for anything."""
    if "*" not in text:
        wanted = frozenset(text.casefold().split(","))
        return lambda found: isinstance(found, str) and found.casefold() in wanted
    pattern = re.compile("|".join(f"(?:{_pattern(part)})" for part in text.split(",")), re.IGNORECASE)
    return lambda found: isinstance(found, str) and pattern.fullmatch(found) is not None


def _pattern(part: str) -> str:
    return ".*".join(re.escape(piece) for piece in part.split("*"))


_OCTETS = {str(number): number for number in range(256)}


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
