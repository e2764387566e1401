"""Writes flows as record lines of any LogFormat."""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter

from flowtui.demo.network import ACCOUNT_ID, Interface
from flowtui.demo.stage import Flow
from flowtui.records.fields import DEFAULT_FORMAT, VPC_BY_NAME

DEFAULT_LOG_FORMAT = " ".join(f"${{{name}}}" for name in DEFAULT_FORMAT)
_NAME = re.compile(r"\$\{([a-z0-9-]+)\}")
# The interface types that the record's own field knows; everything else is "-".
_TYPES = {"nat_gateway", "network_load_balancer", "vpc_endpoint"}


class Renderer:
    """Turns flows into lines of one format.

    Args:
        log_format: ``${version} ${account-id} …``.
    """

    def __init__(self, log_format: str) -> None:
        self.names = tuple(_NAME.findall(log_format))
        known = [VPC_BY_NAME[name].version for name in self.names if name in VPC_BY_NAME]
        empty = dict.fromkeys(self.names, "-")
        self._common = empty | {"version": str(max(known, default=2)), "account-id": ACCOUNT_ID}
        pick = itemgetter(*self.names)
        self._pick = pick if len(self.names) > 1 else lambda values: (pick(values),)
        self._fixed: dict[str, dict[str, str]] = {}

    @property
    def header(self) -> str:
        """The first line of a text file."""
        return " ".join(self.names)

    def line(self, flow: Flow) -> str:
        """One record."""
        interface = flow.interface
        fixed = self._fixed.get(interface.id)
        if fixed is None:
            fixed = self._fixed[interface.id] = self._common | _of_interface(interface)
        if flow.status != "OK":
            values = fixed | {"start": str(flow.start), "end": str(flow.end), "log-status": flow.status}
            return " ".join(self._pick(values))
        values = fixed | {
            "srcaddr": flow.src,
            "dstaddr": flow.dst,
            "srcport": str(flow.src_port),
            "dstport": str(flow.dst_port),
            "protocol": str(flow.protocol),
            "packets": str(flow.packets),
            "bytes": str(flow.bytes),
            "start": str(flow.start),
            "end": str(flow.end),
            "action": flow.action,
            "log-status": "OK",
            "tcp-flags": str(flow.flags),
            "type": "IPv6" if ":" in flow.src else "IPv4",
            "pkt-srcaddr": flow.pkt_src,
            "pkt-dstaddr": flow.pkt_dst,
            "pkt-src-aws-service": flow.src_service,
            "pkt-dst-aws-service": flow.dst_service,
            "flow-direction": "egress" if flow.egress else "ingress",
            "traffic-path": str(flow.path) if flow.path else "-",
        }
        return " ".join(self._pick(values))


def _of_interface(interface: Interface) -> dict[str, str]:
    return {
        "interface-id": interface.id,
        "vpc-id": interface.vpc_id,
        "subnet-id": interface.subnet_id,
        "instance-id": interface.instance_id or "-",
        "region": interface.region,
        "az-id": interface.zone_id,
        "interface-type": interface.kind if interface.kind in _TYPES else "-",
    }


@lru_cache(maxsize=64)
def renderer(log_format: str) -> Renderer:
    """The renderer of a format, made once."""
    return Renderer(log_format)
