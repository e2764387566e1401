"""A VPC's flow logs, findings and interfaces as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flowtui.aws.models import FlowLog, Interface, Subnet
from flowtui.insight.coverage import format_version, is_failing, is_starting
from flowtui.insight.doctor import Finding
from flowtui.times import age_text
from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.states import FINDING_STYLES, finding_symbol
from flowtui.tui.widgets.table import Cell, Column, Row

FLOW_LOG_COLUMNS = (
    Column("level", "  Level"),
    Column("resource", "Of", least=9, most=36, drop=5),
    Column("id", "Flow log", least=12, drop=2, middle=True),
    Column("to", "To", least=14, most=60, first=True),
    Column("traffic", "Traffic", drop=3),
    Column("version", "Ver", drop=6),
    Column("interval", "Intv", right=True, drop=7),
    Column("age", "Made", right=True, drop=8),
    Column("status", "Delivery", most=24),
)
FINDING_COLUMNS = (
    Column("check", "Check", most=24),
    Column("subject", "Of", least=9, drop=2, middle=True),
    Column("found", "Found", least=40, first=True),
)
INTERFACE_COLUMNS = (
    Column("owner", "Interface of", least=14, most=44),
    Column("ip", "Address", drop=1),
    Column("public", "Public", drop=4),
    Column("id", "Id", least=12, drop=2, middle=True),
    Column("kind", "Kind", most=22, drop=5),
    Column("subnet", "Subnet", least=10, most=30, drop=3),
    Column("logged", "Logged"),
    Column("status", "Status", drop=6),
)
_SEVERITY = {"bad": 0, "warn": 1, "unknown": 2, "ok": 3}


def level(resource_id: str) -> str:
    """What a flow log watches, by its resource's prefix."""
    return {"vpc": "VPC", "subnet": "subnet", "eni": "interface"}.get(resource_id.partition("-")[0], "other")


def flow_log_row(log: FlowLog, names: Mapping[str, str], now: datetime, glyphs: Glyphs) -> Row:
    """One flow log; ``names`` are readable names of resources by id."""
    if is_failing(log):
        status = Cell(f"{glyphs.failing} {log.deliver_error or 'failed'}", "bad")
    elif is_starting(log, now):
        status = Cell(f"{glyphs.starting} starting", "accent")
    elif log.status != "ACTIVE":
        status = Cell(f"{glyphs.none} {log.status or 'no status'}", "muted")
    else:
        status = Cell(f"{glyphs.active} {log.deliver_status.lower() or 'no delivery yet'}", "ok")
    short = {"cloud-watch-logs": "CW", "s3": "S3", "kinesis-data-firehose": "FH"}.get(log.destination_type, "")
    target = log.log_group or log.destination.rpartition(":::")[2] or log.destination
    age_s = (now - log.created).total_seconds()
    version = format_version(log.log_format)
    whole = "whole VPC" if log.resource_id.startswith("vpc-") else log.resource_id
    cells = {
        "level": Cell(level(log.resource_id), "strong"),
        "resource": Cell(names.get(log.resource_id) or whole),
        "id": Cell(log.id),
        "to": Cell(f"{short} {target}".strip()),
        "traffic": Cell(log.traffic_type or "ALL"),
        "version": Cell(f"v{version}" if version else glyphs.unknown, "", version),
        "interval": Cell(f"{log.interval_s}s", "", log.interval_s),
        "age": Cell(age_text(age_s), "", age_s),
        "status": status,
    }
    return Row(log.id, cells)


def by_severity(findings: Sequence[Finding]) -> list[Finding]:
    """What needs a look first, otherwise in the order the checks were made."""
    return sorted(findings, key=lambda finding: _SEVERITY[finding.status])


def finding_row(index: int, finding: Finding, glyphs: Glyphs) -> Row:
    """One finding."""
    style = FINDING_STYLES[finding.status]
    cells = {
        "check": Cell(f"{finding_symbol(finding.status, glyphs)} {finding.check}", style),
        "subject": Cell(finding.subject, "muted"),
        "found": Cell(finding.found.replace("·", glyphs.dot)),
    }
    return Row(f"{finding.subject}/{finding.check}/{index}", cells)


def interface_row(
    interface: Interface, subnets: Mapping[str, Subnet], logged: Mapping[str, str], glyphs: Glyphs
) -> Row:
    """One interface; ``logged`` says by which level it is, by interface id."""
    none = Cell(glyphs.dash, "muted", "")
    subnet = subnets.get(interface.subnet_id)
    addresses = interface.private_ips or interface.ipv6s
    more = len(interface.private_ips) + len(interface.ipv6s) - 1
    by = logged.get(interface.id, "")
    owner = interface.owner or interface.description or interface.id
    cells = {
        "owner": Cell(owner, "strong"),
        "ip": Cell(addresses[0] + (f" +{more}" if more > 0 else "")) if addresses else none,
        "public": Cell(interface.public_ip) if interface.public_ip else none,
        "id": Cell(interface.id),
        "kind": Cell(interface.kind.replace("_", " ")),
        "subnet": Cell(subnet.name or subnet.id) if subnet else none,
        "logged": Cell(f"{glyphs.active} by {by}", "ok") if by else Cell(f"{glyphs.none} dark", "warn"),
        "status": Cell(interface.status, "" if interface.status == "in-use" else "muted"),
    }
    return Row(interface.id, cells)


def logged_by(interfaces: Sequence[Interface], logs: Sequence[FlowLog]) -> dict[str, str]:
    """At which level each covered interface is logged; interfaces left out are dark."""
    watched = {log.resource_id for log in logs}
    found: dict[str, str] = {}
    for interface in interfaces:
        for resource in (interface.vpc_id, interface.subnet_id, interface.id):
            if resource in watched:
                found[interface.id] = level(resource)
                break
    return found


def with_words(rows: Sequence[Row], text: str) -> list[Row]:
    """The rows that have every word of a text somewhere."""
    words = text.casefold().split()

    def said(row: Row) -> str:
        return " ".join(cell.text for cell in row.cells.values()).casefold()

    return [row for row in rows if all(word in said(row) for word in words)]
