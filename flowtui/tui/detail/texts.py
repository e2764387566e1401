"""The whole of a row, for under the panes."""

from __future__ import annotations

from textual.content import Content

from flowtui.aws.models import FlowLog, Interface
from flowtui.insight.doctor import Finding
from flowtui.records.labels import clean
from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.states import FINDING_STYLES, VARIABLES, finding_symbol


def finding_text(finding: Finding, glyphs: Glyphs) -> Content:
    """What was found, what to do, and what was looked at."""
    style = VARIABLES[FINDING_STYLES[finding.status]]
    symbol = finding_symbol(finding.status, glyphs)
    parts: list[tuple[str, str]] = [(f"{symbol} {finding.check}: ", style), (clean(finding.found), "")]
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
