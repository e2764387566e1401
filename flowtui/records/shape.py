"""Tells by their shape which of several layouts a line has: flow logs of different formats may share a log group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from flowtui.records.layout import Layout, split_line
from flowtui.records.parse import LineParser, Record, RejectedLine

# How the values of a field begin; ``-`` and fields that are not listed fit anything.
_BEGINS = {
    "interface-id": ("eni-",),
    "vpc-id": ("vpc-",),
    "subnet-id": ("subnet-",),
    "instance-id": ("i-",),
    "action": ("ACCEPT", "REJECT"),
    "log-status": ("OK", "NODATA", "SKIPDATA"),
    "type": ("IPv4", "IPv6", "EFA"),
    "flow-direction": ("ingress", "egress"),
    "resource-type": ("TransitGateway",),
    "tgw-id": ("tgw-",),
    "tgw-attachment-id": ("tgw-attach-",),
    "next-hop-interface-id": ("eni-",),
    "next-hop-subnet-id": ("subnet-",),
    "next-hop-vpc-id": ("vpc-",),
}
_ADDRESSES = ("srcaddr", "dstaddr", "pkt-srcaddr", "pkt-dstaddr")


def fits(record: Record) -> bool:
    """Whether a record's texts look like what their fields hold; numbers were checked by the parser."""
    for name, value in zip(record.layout.names, record.values, strict=True):
        if not isinstance(value, str) or value == "-":
            continue
        if name in _BEGINS and not value.startswith(_BEGINS[name]):
            return False
        if name in _ADDRESSES and "." not in value and ":" not in value:
            return False
        if name == "account-id" and not (value.isdecimal() and value.isascii()) and value != "unknown":
            return False
    start, end = record.start, record.end
    return start is None or end is None or start <= end


class ShapeParser:
    """Parses lines that may have any of some layouts.

    Args:
        layouts: the layouts, the likelier first; of two that both fit a line the earlier is taken.
    """

    def __init__(self, layouts: Iterable[Layout]) -> None:
        self.layouts = tuple(dict.fromkeys(layouts))
        self._by_width: dict[int, list[LineParser]] = defaultdict(list)
        for layout in self.layouts:
            self._by_width[len(layout.names)].append(LineParser(layout))

    def parse(self, line: str) -> Record:
        """One line.

        Raises:
            RejectedLine: no layout fits it.
        """
        width = len(split_line(line)) if len(self._by_width) > 1 else next(iter(self._by_width), 0)
        parsers = self._by_width.get(width, [])
        if len(self.layouts) == 1:
            return parsers[0].parse(line)
        reason = f"{width} columns, which no format of this log group has"
        for parser in parsers:
            try:
                record = parser.parse(line)
            except RejectedLine as error:
                reason = error.reason
                continue
            if fits(record):
                return record
            reason = "values that fit no format of this log group"
        raise RejectedLine(reason)
