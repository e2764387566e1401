"""Names for what a record has only ids and addresses of."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from flowtui.aws.models import Interface
from flowtui.records.labels import clean

# The blocks a VPC's own addresses come from, and shared address space; documentation blocks are not private here.
_PRIVATE = tuple(
    ip_network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)


class Names:
    """Looks names up by interface id and by address; knows nothing at first.

    VPCs may use the same addresses. So an address is looked up in a VPC where one is known, and has no name where
    several answer to it.
    """

    def __init__(self, interfaces: Iterable[Interface] = ()) -> None:
        self._interfaces: dict[str, Interface] = {}
        self._by_address: dict[tuple[str, str], str] = {}
        for interface in interfaces:
            self._interfaces[interface.id] = interface
            name = clean(interface.owner)
            if name:
                for address in (*interface.private_ips, interface.public_ip, *interface.ipv6s):
                    for place in (interface.vpc_id, "") if address else ():
                        known = self._by_address.setdefault((place, address), name)
                        if known != name:
                            self._by_address[place, address] = ""

    def __len__(self) -> int:
        return len(self._interfaces)

    def facts(self, interface_id: str) -> Interface | None:
        """Everything known about an interface."""
        return self._interfaces.get(interface_id)

    def interface(self, interface_id: str) -> str:
        """What the interface belongs to; its id when that is not known."""
        found = self._interfaces.get(interface_id)
        return clean(found.owner) if found and found.owner else interface_id

    def address(self, address: str, beside: str = "") -> str:
        """Whose address it is, as seen in the VPC of the interface ``beside``; empty when not known."""
        interface = self._interfaces.get(beside)
        name = self._by_address.get((interface.vpc_id, address)) if interface else None
        return self._by_address.get(("", address), "") if name is None else name


def place_of(address: str) -> str:
    """``internet``, ``private``, ``link-local`` or empty for what is no address."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if found.is_link_local:
        return "link-local"
    return "private" if any(found in block for block in _PRIVATE if block.version == found.version) else "internet"
