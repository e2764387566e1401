"""Values of the filter language: numbers with names and ranges, addresses and blocks, texts with ``*``."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from math import inf

from flowtui.records.filter_checks import Addresses, Check, Numbers, Texts
from flowtui.records.labels import PORTS, PROTOCOLS

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


class BadValue(ValueError):
    """A value that does not suit its field."""


def number_check(name: str, text: str) -> Check:
    """A check for ``22``, ``22,80``, ``1024-65535``, ``ssh`` or ``tcp``, and ``-`` for no number.

    Raises:
        BadValue: a part is none of these, a range runs backwards, or a number is beyond what the field can hold.
    """
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
            number = _possible(name, int(part))
            spans.append((number, number))
        elif part == "-":
            nothing = True
        elif part.lower() in _NAMES.get(name, {}):
            spans += ((number, number) for number in _NAMES[name][part.lower()])
        else:
            raise BadValue(f"{part or 'nothing'} is not a number" + (" or a known name" if name in _NAMES else ""))
    return Numbers(spans, nothing)


def order_check(sign: str, text: str) -> Check:
    """A check for numbers above or below one; ``sign`` is ``>``, ``<``, ``>=`` or ``<=``.

    Raises:
        BadValue: the text is no number.
    """
    if not (text.isdecimal() and text.isascii()):
        raise BadValue(f"{text} is not a number")
    bound = int(text)
    match sign:
        case ">":
            return Numbers([(bound + 1, inf)])
        case ">=":
            return Numbers([(bound, inf)])
        case "<":
            return Numbers([(-inf, bound - 1)])
        case _:
            return Numbers([(-inf, bound)])


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
    return Addresses([_block(part) for part in text.split(",")])


def _block(part: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(part, strict=False)
    except ValueError:
        raise BadValue(f"{part or 'nothing'} is not an address or a block like 10.0.0.0/16") from None


def text_check(text: str) -> Check:
    """A check for texts separated by commas, whatever the case, in which ``*`` stands for anything."""
    return Texts(text.split(","))
