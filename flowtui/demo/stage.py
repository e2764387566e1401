"""One aggregation window of one VPC, on which the stories play."""

from __future__ import annotations

import math
import random
from typing import NamedTuple

from flowtui.demo.network import Interface, Vpc

TCP, UDP, ICMP = 6, 17, 1
SYN, SYN_ACK, SYN_FIN, SYN_ACK_FIN, RST = 2, 18, 3, 19, 4


class Flow(NamedTuple):
    """One flow as one interface saw it in one window; ``status`` other than OK leaves the rest empty.

    Times are Unix seconds. ``egress`` and ``path`` are AWS's flow direction and traffic path (0 for none), the
    ``pkt_`` addresses differ from the others at a NAT gateway.
    """

    interface: Interface
    src: str
    dst: str
    src_port: int
    dst_port: int
    protocol: int
    packets: int
    bytes: int
    start: int
    end: int
    action: str
    flags: int
    egress: bool
    path: int
    pkt_src: str
    pkt_dst: str
    src_service: str = "-"
    dst_service: str = "-"
    status: str = "OK"


class Stage:
    """Collects the flows of a window.

    Args:
        vpc: whose traffic it is.
        start: first second of the window, Unix time.
        length: aggregation interval in seconds, 60 or 600.
        seed: what the chances of this window hang on.
    """

    def __init__(self, vpc: Vpc, start: int, length: int, seed: str) -> None:
        self.vpc = vpc
        self.start = start
        self.length = length
        self.random = random.Random(seed)
        self.flows: list[Flow] = []
        # Ten minutes merge what single minutes would show apart, so they hold more flows, but not ten times more.
        hour = (start % 86400) / 3600
        self.volume = (1.0 if length <= 60 else 1.3) * (0.75 + 0.35 * math.sin((hour - 9) / 24 * math.tau))

    def some(self, mean: float) -> int:
        """About this many, scaled by the time of day."""
        value = mean * self.volume * self.random.uniform(0.7, 1.3)
        return int(value) + (self.random.random() < value % 1)

    def chance(self, probability: float) -> bool:
        """True this often."""
        return self.random.random() < probability

    def port(self) -> int:
        """A client's port."""
        return self.random.randrange(32768, 60999)

    def moment(self) -> tuple[int, int]:
        """First and last second of a flow; flows of ten minutes end in the second half of their window."""
        half = self.length // 2
        first = self.start + int(self.random.random() * half)
        if self.length <= 60:
            return first, min(first + 1 + int(self.random.random() * half), self.start + self.length - 1)
        return first, self.start + half + int(self.random.random() * half)

    def see(
        self,
        interface: Interface,
        source: tuple[str, int],
        target: tuple[str, int],
        protocol: int,
        size: tuple[int, int],
        when: tuple[int, int],
        *,
        action: str = "ACCEPT",
        flags: int = 0,
        egress: bool = False,
        path: int = 0,
        packet: tuple[str, str] | None = None,
        services: tuple[str, str] = ("-", "-"),
    ) -> None:
        """An interface sees a flow; ``size`` is packets and bytes, ``packet`` the packet's own addresses."""
        pkt_src, pkt_dst = packet or (source[0], target[0])
        self.flows.append(
            Flow(
                interface,
                source[0],
                target[0],
                source[1],
                target[1],
                protocol,
                size[0],
                size[1],
                when[0],
                when[1],
                action,
                flags,
                egress,
                path,
                pkt_src,
                pkt_dst,
                services[0],
                services[1],
            )
        )

    def talk(
        self,
        client: Interface | str,
        server: Interface | str,
        port: int,
        sent: int,
        received: int,
        *,
        protocol: int = TCP,
        client_port: int | None = None,
        services: tuple[str, str] = ("-", "-"),
        path: int = 8,
    ) -> None:
        """A conversation that was accepted, as every interface of ours in it saw it, both ways.

        Args:
            client: an interface, or an address outside.
            server: likewise.
            port: the server's port.
            sent: bytes from client to server.
            received: bytes back.
            protocol: IANA number.
            client_port: the client's port; by chance when None.
            services: AWS services of the client's and the server's address.
            path: traffic path of what leaves the VPC.
        """
        ipv6 = ":" in (client if isinstance(client, str) else "") or ":" in (server if isinstance(server, str) else "")
        here = (_address(client, ipv6), client_port if client_port is not None else self.port())
        there = (_address(server, ipv6), port)
        when = self.moment()
        inside = not isinstance(client, str) and not isinstance(server, str)
        path = 1 if inside else path
        out, back = (max(1, sent // 900), sent), (max(1, received // 1200), received)
        opened, answered = (SYN_FIN, SYN_ACK_FIN) if protocol == TCP else (0, 0)
        turned = services[::-1]
        if isinstance(client, Interface):
            self.see(client, here, there, protocol, out, when, flags=opened, egress=True, path=path, services=services)
            self.see(client, there, here, protocol, back, when, flags=answered, services=turned)
        if isinstance(server, Interface):
            self.see(server, here, there, protocol, out, when, flags=opened, services=services)
            self.see(server, there, here, protocol, back, when, flags=answered, egress=True, path=path, services=turned)


def _address(who: Interface | str, ipv6: bool) -> str:
    if isinstance(who, str):
        return who
    return who.ipv6 if ipv6 and who.ipv6 else who.ip
