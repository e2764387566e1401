"""What is known of a row: in short for under the panes, and all of it."""

from __future__ import annotations

from textual.content import Content

from flowtui.aws.models import FlowLog, Interface, Vpc
from flowtui.insight.doctor import Finding
from flowtui.records.labels import clean
from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.states import FINDING_STYLES, VARIABLES, finding_symbol


def vpc_text(vpc: Vpc, filter_text: str, glyphs: Glyphs) -> Content:
    """Which VPC it is, where, and the filter in force."""
    dot = f" {glyphs.dot} "
    more = f" +{len(vpc.cidrs) - 1}" if len(vpc.cidrs) > 1 else ""
    rest = dot.join([vpc.cidr + more, vpc.region, vpc.account_id])
    parts: list[tuple[str, str]] = [
        (clean(vpc.name) or vpc.id, "bold"),
        (f"  {vpc.id}  " if vpc.name else "  ", "$accent"),
    ]
    if filter_text:
        parts += [(" / ", "$accent"), (f"{filter_text}  ", "bold")]
    parts.append((rest, "$muted"))
    if vpc.is_default:
        parts.append((f"{dot}default VPC", "$muted"))
    return Content.assemble(*parts)


def finding_text(finding: Finding, glyphs: Glyphs) -> Content:
    """What was found, what to do, and what was looked at."""
    style = VARIABLES[FINDING_STYLES[finding.status]]
    symbol = finding_symbol(finding.status, glyphs)
    parts: list[tuple[str, str]] = [
        (f"{symbol} {finding.check}: ", style),
        (clean(finding.found).replace("·", glyphs.dot), ""),
    ]
    if finding.subject and finding.subject not in finding.found:
        parts.append((f"  ({finding.subject})", "$muted"))
    if finding.advice:
        parts.append((f"\n{clean(finding.advice)}", "bold"))
    if finding.looked_at:
        parts.append((f"\nLooked at: {finding.looked_at}", "$muted"))
    return Content.assemble(*parts)


def flow_log_text(log: FlowLog) -> Content:
    """Where it delivers, with which role, and its format."""
    role = f"\nRole: {log.role_arn}" if log.role_arn else ""
    text = f"{log.id} of {log.resource_id} to {clean(log.destination or log.log_group)}{role}"
    return Content.assemble(text, (f"\n{log.log_format or 'default format'}", "$muted"))


def interface_text(interface: Interface) -> Content:
    """All addresses, description and security groups."""
    addresses = ", ".join(filter(None, (*interface.private_ips, *interface.ipv6s, interface.public_ip)))
    groups = ", ".join(interface.security_groups) or "none"
    rest = f"\n{clean(interface.description) or 'no description'}\nSecurity groups: {groups}"
    return Content.assemble(f"{interface.id}  {addresses}", (rest, "$muted"))


def whole(shown: Finding | FlowLog | Interface) -> tuple[str, list[tuple[str, str]]]:
    """All that is known of a row: what it is, and names with values."""
    if isinstance(shown, Finding):
        title, facts = shown.check, _finding_facts(shown)
    elif isinstance(shown, FlowLog):
        title, facts = shown.id, _flow_log_facts(shown)
    else:
        title, facts = shown.id, _interface_facts(shown)
    return title, [(name, clean(value)) for name, value in facts if value]


def _finding_facts(finding: Finding) -> list[tuple[str, str]]:
    status = {"bad": "bad", "warn": "to look at", "unknown": "not checked", "ok": "fine"}[finding.status]
    return [
        ("State", status),
        ("Of", finding.subject),
        ("Found", finding.found),
        ("To do", finding.advice),
        ("Looked at", finding.looked_at),
    ]


def _flow_log_facts(log: FlowLog) -> list[tuple[str, str]]:
    folders = [word for word, used in (("Hive", log.hive_partitions), ("hourly", log.hourly_partitions)) if used]
    to_s3 = log.destination_type == "s3"
    return [
        ("Of", log.resource_id),
        ("Region", log.region),
        ("To", log.destination or log.log_group),
        ("Traffic", log.traffic_type),
        ("Interval", f"{log.interval_s} s"),
        ("Status", log.status.lower()),
        ("Delivery", log.deliver_status.lower() or "nothing delivered yet"),
        ("Error", log.deliver_error),
        ("Made", f"{log.created:%Y-%m-%d %H:%M} UTC"),
        ("File format", log.file_format if to_s3 else ""),
        ("Folders", (" ".join(folders) or "by day") if to_s3 else ""),
        ("Role", log.role_arn),
        ("Record format", log.log_format or "default format"),
    ]


def _interface_facts(interface: Interface) -> list[tuple[str, str]]:
    return [
        ("Of", interface.owner),
        ("Kind", interface.kind),
        ("Status", interface.status),
        ("Subnet", f"{interface.subnet_id} in {interface.vpc_id}"),
        ("Addresses", ", ".join(interface.private_ips)),
        ("Public", interface.public_ip),
        ("IPv6", ", ".join(interface.ipv6s)),
        ("Instance", interface.instance_id),
        ("Security groups", ", ".join(interface.security_groups) or "none"),
        ("Description", interface.description),
    ]


def conversations(interface: Interface | None, vpc: Vpc) -> str:
    """A query over one interface's loaded records, else over all of the VPC's account."""
    where = f"interface_id = '{interface.id}'" if interface else f"account_id = '{vpc.account_id}'"
    return (
        "SELECT srcaddr, dstaddr, dstport, action, SUM(packets) AS packets, SUM(bytes) AS total_bytes\n"
        "FROM vpc_flow_logs.flow_logs\n"
        f"WHERE {where} AND log_status = 'OK'\n"
        "GROUP BY srcaddr, dstaddr, dstport, action\n"
        "ORDER BY total_bytes DESC\n"
        "LIMIT 50;\n"
    )
