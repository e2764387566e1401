"""IP addresses and networks as the 128-bit numbers they travel as: IPv4 lies in ``::ffff:0:0/96``, as in Trino."""

from __future__ import annotations

import ipaddress

MAPPED = 0xFFFF << 32
"""The number of 0.0.0.0."""


def address_number(text: str) -> int:
    """The number of an address.

    Raises:
        ValueError: it is no address.
    """
    address = ipaddress.ip_address(text)
    return int(address) + (MAPPED if address.version == 4 else 0)


def network_range(text: str) -> tuple[int, int]:
    """The numbers of the first and the last address of a CIDR block.

    Raises:
        ValueError: it is no block.
    """
    if "/" not in text:
        raise ValueError(text)
    network = ipaddress.ip_network(text, strict=":" not in text)  # Trino refuses bits beyond the prefix of IPv4 only
    base = MAPPED if network.version == 4 else 0
    return base + int(network.network_address), base + int(network.broadcast_address)
