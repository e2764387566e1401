"""A record told in words: what the details modal shows, and what `w` says about a REJECT."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from flowtui.records.labels import (
    clean,
    encryption_status_name,
    port_name,
    protocol_name,
    tcp_flag_names,
    traffic_path_name,
)
from flowtui.records.parse import Record, Value
from flowtui.times import bytes_text
from flowtui.tui.tail.columns import outcome
from flowtui.tui.tail.lines import HeldLine
from flowtui.tui.tail.names import Names, place_of
from flowtui.tui.theme import Glyphs

Facts = list[tuple[str, str]]

REJECT_NOTE = (
    "REJECT: a security group or a network ACL did not allow the traffic, or its packets came after the connection "
    "was closed. A security group knows connections and lets their replies pass; a network ACL does not, and rejects "
    "a reply whose port it does not allow."
)
_REASONS = {"BPA": "VPC Block Public Access", "EC": "encryption control of the VPC"}


def direction_of(line: HeldLine, record: Record, names: Names) -> str:
    """``ingress`` or ``egress`` as the interface sees it; empty when the record does not tell.

    The record's own field is believed first. Without it, the side on which the interface's address stands tells.
    """
    said = record.get("flow-direction")
    if said in ("ingress", "egress"):
        return str(said)
    interface = names.facts(line.interface_id)
    if interface is None:
        return ""
    own = {*interface.private_ips, interface.public_ip, *interface.ipv6s} - {""}
    if record.dstaddr in own:
        return "ingress"
    return "egress" if record.srcaddr in own else ""


def headline(record: Record, names: Names, glyphs: Glyphs) -> str:
    """The record in one line: ``203.0.113.77 → web-3:22 TCP REJECT 14:05:12``."""
    target = names.address(record.dstaddr, record.interface_id) or clean(record.dstaddr)
    port = f":{record.dstport}" if record.dstport else ""
    words = [f"{clean(record.srcaddr)} {glyphs.arrow} {target}{port}", protocol_name(record.protocol), outcome(record)]
    return " ".join(word for word in words if word)


def why(line: HeldLine, record: Record, names: Names) -> Facts:
    """What is known about why a record's traffic was handled as it was."""
    result = outcome(record)
    facts: Facts = [("Outcome", result or "not in the record"), ("Direction", direction_of(line, record, names) or "?")]
    reason = record.get("reject-reason")
    if isinstance(reason, str) and reason != "-":
        facts.append(("Reason given", _REASONS.get(reason, clean(reason))))
    facts += _interface_facts(line, names)
    facts += [("", ""), ("From", _end(record.srcaddr, record.srcport, names, line))]
    facts += [("To", _end(record.dstaddr, record.dstport, names, line)), ("Protocol", protocol_name(record.protocol))]
    flags = record.get("tcp-flags")
    if isinstance(flags, int):
        facts.append(("TCP flags", tcp_flag_names(flags) or "none of SYN, FIN, RST"))
    packets = "packet" if record.packets == 1 else "packets"
    facts.append(("Volume", f"{number(record.packets)} {packets}, {size(record.bytes)}"))
    facts.append(("Seen", f"{moment(record.start)} to {moment(record.end)} UTC"))
    return facts


def _interface_facts(line: HeldLine, names: Names) -> Facts:
    known = names.facts(line.interface_id)
    if known is None:
        return [("Interface", clean(line.interface_id) or "-")]
    facts = [("Interface", f"{known.id}  {clean(known.owner)}".rstrip()), ("Kind", clean(known.kind))]
    facts.append(("Subnet", f"{known.subnet_id} in {known.vpc_id}"))
    if known.security_groups:
        facts.append(("Security groups", " ".join(known.security_groups)))
    return facts


def relatives(record: Record, lines: Iterable[HeldLine]) -> str:
    """What became of the same conversation among the records held: both ends and the service's port, either way."""
    if {record.srcaddr, record.dstaddr} & {"", "-"}:
        return "no addresses to look for"
    there, back = Counter[str](), Counter[str]()
    ends = record.srcaddr, record.dstaddr
    port = record.dstport
    for line in lines:
        # Looking for the addresses in the text spares the parsing of nearly all lines.
        if ends[0] not in line.raw or ends[1] not in line.raw:
            continue
        other = line.glance()
        if isinstance(other, str):
            continue
        if (other.srcaddr, other.dstaddr, other.dstport) == (*ends, port):
            there[outcome(other)] += 1
        elif (other.dstaddr, other.srcaddr, other.srcport) == (*ends, port):
            back[outcome(other)] += 1
    return f"to port {port or '-'} {_told(there)}; replies {_told(back)}"


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {result or 'without outcome'}" for result, count in sorted(counts.items())) or "none"


def _end(address: str, port: int | None, names: Names, line: HeldLine) -> str:
    service = port_name(port)
    port_text = "" if not port else f" port {port}" + (f" ({service})" if service else "")
    words = [clean(address) + port_text, names.address(address, line.interface_id) or place_of(address)]
    return "  ".join(word for word in words if word)


def details(record: Record) -> Facts:
    """Every field of the record, with the meaning of its value where it has one."""
    facts: Facts = []
    for name, value in zip(record.layout.names, record.values, strict=True):
        meaning = _meaning(name, value)
        facts.append((name, f"{_shown(value)}  {meaning}".rstrip()))
    return facts


def _meaning(name: str, value: Value) -> str:
    if not isinstance(value, int):
        return ""
    match name:
        case "protocol":
            return protocol_name(value)
        case "srcport" | "dstport":
            return port_name(value)
        case "tcp-flags":
            return tcp_flag_names(value)
        case "traffic-path":
            return traffic_path_name(value)
        case "encryption-status":
            return encryption_status_name(value)
        case "start" | "end":
            return f"{moment(value)} UTC"
        case "bytes":
            return bytes_text(value) if value >= 1000 else ""
    return ""


def _shown(value: Value) -> str:
    return "-" if value is None else clean(str(value))


def number(value: int | None) -> str:
    """A count with thousands separated, ``-`` when there is none."""
    return "-" if value is None else f"{value:,}"


def size(value: int | None) -> str:
    """Bytes in words, ``-`` when there are none told."""
    return "- bytes" if value is None else bytes_text(value)


def moment(seconds: int | None) -> str:
    """Unix seconds as date and time in UTC."""
    if seconds is None:
        return "-"
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return str(seconds)
