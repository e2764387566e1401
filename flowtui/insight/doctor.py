"""What is right and wrong with a VPC's flow logs: each check says what was looked at, what was found, what to do.

Pure: :func:`examine` judges :class:`flowtui.aws.evidence_models.Evidence` and asks nobody anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from flowtui.aws.evidence_models import Evidence, FlowLogEvidence, Unread
from flowtui.aws.models import FlowLog
from flowtui.insight.coverage import (
    DELIVERY_S,
    OTHER_DELIVERY_S,
    State,
    VpcCoverage,
    coverage,
    first_record_due,
    is_failing,
    is_starting,
)
from flowtui.insight.coverage_text import sentence
from flowtui.insight.destinations import bucket_findings, log_group_findings, role_findings
from flowtui.insight.findings import Finding, Status, unread
from flowtui.records.layout import DEFAULT_LAYOUT, Layout, LayoutError
from flowtui.times import age_text

__all__ = ["Finding", "examine"]

NEVER_RECORDED = (
    "queries to the Amazon DNS server, Windows activation, instance metadata (169.254.169.254), time sync "
    "(169.254.169.123), DHCP, ARP, mirrored source traffic, the router's reserved address, and traffic between "
    "an endpoint interface and a Network Load Balancer interface"
)

# The question that needs it, and the fields it takes.
QUESTIONS = (
    ("who is behind a NAT or transit gateway", ("pkt-srcaddr", "pkt-dstaddr")),
    ("which side opened a connection", ("tcp-flags", "flow-direction")),
    ("which way traffic left the VPC", ("traffic-path",)),
    ("which AWS service was called", ("pkt-src-aws-service", "pkt-dst-aws-service")),
    ("which subnet or instance it was", ("subnet-id", "instance-id")),
)

_COVERAGE_STATUS: dict[State, Status] = {
    State.ACTIVE: "ok",
    State.STARTING: "ok",
    State.PARTIAL: "warn",
    State.NONE: "bad",
    State.FAILING: "bad",
    State.UNKNOWN: "unknown",
}
_COVERAGE_ADVICE = {
    State.PARTIAL: "Turn flow logs on for the VPC: flowtui deploy s3 --stack-name flow-logs --param VpcId={id}",
    State.NONE: "Turn flow logs on: flowtui deploy s3 --stack-name flow-logs --param VpcId={id}",
    State.FAILING: "See the findings of the failing flow log below.",
    State.STARTING: "Wait for the first record.",
}

# https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-troubleshooting.html
_ERROR_ADVICE = {
    "Access error": "Look at the permissions below: the role for CloudWatch, the bucket's and the key's policy for S3.",
    "Rate limited": "CloudWatch Logs throttles the deliveries: ask for a higher PutLogEvents quota, or deliver to S3.",
    "Unknown error": "AWS does not know either; if it lasts, ask AWS Support.",
}


def examine(evidence: Evidence) -> list[Finding]:
    """Every finding on a VPC or a flow log: coverage first, then each flow log, then what none ever records."""
    found: list[Finding] = []
    items = coverage(evidence, evidence.now)
    if evidence.vpc is not None and evidence.target == evidence.vpc.id:
        found += [finding for item in items if item.vpc.id == evidence.target for finding in _vpc(item)]
    for log in evidence.logs:
        found += [replace(finding, subject=log.flow_log.id) for finding in _flow_log(log, evidence.now)]
    if evidence.logs:
        looked_at = "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html"
        found.append(Finding("never recorded", "ok", NEVER_RECORDED, "", looked_at, evidence.target))
    return found


def _vpc(item: VpcCoverage) -> Iterator[Finding]:
    vpc = item.vpc.id
    looked_at = "ec2:DescribeFlowLogs for the VPC, its subnets and its interfaces"
    advice = _COVERAGE_ADVICE.get(item.state, "").format(id=vpc)
    yield Finding("coverage", _COVERAGE_STATUS[item.state], sentence(item), advice, looked_at, vpc)
    looked_at = "ec2:DescribeNetworkInterfaces"
    if item.interface_count is None:
        yield Finding(
            "interfaces", "unknown", "interfaces could not be listed", f"Ask for {looked_at}.", looked_at, vpc
        )
    elif not item.interface_count:
        yield Finding("interfaces", "warn", "no interfaces, so there is nothing to record", "", looked_at, vpc)


def _flow_log(evidence: FlowLogEvidence, now: datetime) -> Iterator[Finding]:
    log = evidence.flow_log
    yield _exists(log, now)
    yield _delivery(log, now)
    yield _traffic_type(log)
    yield _newest(evidence, now)
    if log.destination_type == "cloud-watch-logs":
        yield from log_group_findings(evidence)
        yield from role_findings(evidence)
    elif log.destination_type == "s3":
        yield from bucket_findings(evidence)
    yield _format(log)


def _exists(log: FlowLog, now: datetime) -> Finding:
    looked_at = "ec2:DescribeFlowLogs"
    age = age_text((now - log.created).total_seconds())
    target = log.destination or log.log_group
    found = f"{log.status or 'no status'}, made {age} ago on {log.resource_id}, delivers to {target}"
    return Finding("exists and active", "ok" if log.status == "ACTIVE" else "bad", found, "", looked_at)


def _delivery(log: FlowLog, now: datetime) -> Finding:
    looked_at = "DeliverLogsStatus and DeliverLogsErrorMessage"
    if is_failing(log):
        words = log.deliver_error or "no reason given"
        advice = _ERROR_ADVICE.get(log.deliver_error, "")
        return Finding("delivery", "bad", f"deliveries fail: {words}", advice, looked_at)
    due = first_record_due(log)
    if is_starting(log, now):
        found = f"too young to have delivered: first record expected {due:%H:%M} UTC"
        return Finding("delivery", "ok", found, "Wait until then.", looked_at)
    if not log.deliver_status:
        found = f"no delivery reported, though the first was due {due:%Y-%m-%d %H:%M} UTC"
        return Finding("delivery", "warn", found, "Check that something it watches has traffic.", looked_at)
    return Finding("delivery", "ok", f"AWS reports {log.deliver_status}", "", looked_at)


def _traffic_type(log: FlowLog) -> Finding:
    looked_at = "TrafficType"
    if log.traffic_type in ("ACCEPT", "REJECT"):
        other = "rejected" if log.traffic_type == "ACCEPT" else "accepted"
        advice = "A flow log cannot be edited: create one with ALL, then delete this one."
        return Finding(
            "traffic type", "warn", f"{log.traffic_type} only: {other} traffic is not there", advice, looked_at
        )
    return Finding("traffic type", "ok", log.traffic_type or "all (a transit gateway has no other)", "", looked_at)


def _newest(evidence: FlowLogEvidence, now: datetime) -> Finding:
    log, newest = evidence.flow_log, evidence.newest
    if log.destination_type not in ("s3", "cloud-watch-logs"):
        advice = "Look at the metrics of the delivery stream."
        return Finding("newest record", "unknown", "not looked at: records pass on to Firehose", advice, "nothing")
    looked_at = "the newest object under the expected prefix" if log.bucket else "the newest event of the log group"
    if isinstance(newest, Unread):
        return unread("newest record", newest, looked_at)
    if newest is None:
        if is_starting(log, now):
            return Finding("newest record", "ok", f"none yet; due {first_record_due(log):%H:%M} UTC", "", looked_at)
        advice = (
            "Either nothing it watches has an interface in use, or the destination was emptied or is not written to."
        )
        found = "none in the last three days" if log.bucket else "no record found"
        return Finding("newest record", "warn", found, advice, looked_at)
    age_s = (now - newest).total_seconds()
    # One interval to collect, the delivery, and one interval more before worrying.
    late_s = 2 * log.interval_s + DELIVERY_S.get(log.destination_type, OTHER_DELIVERY_S)
    found = f"{age_text(age_s)} old"
    if age_s > late_s:
        advice = f"Records should be at most about {age_text(late_s)} old; look at delivery and permissions."
        return Finding("newest record", "warn", found, advice, looked_at)
    return Finding("newest record", "ok", found, "", looked_at)


def _format(log: FlowLog) -> Finding:
    looked_at = "LogFormat"
    try:
        layout = Layout.from_log_format(log.log_format) if log.log_format else DEFAULT_LAYOUT
    except LayoutError as error:
        return Finding("format", "unknown", f"cannot read the format: {error}", "", looked_at)
    fields = f"version {layout.version}, {len(layout.names)} fields"
    lacking = [
        f"{question} ({', '.join(missing)})"
        for question, names in QUESTIONS
        if (missing := [name for name in names if layout.index(name) is None])
    ]
    if layout.kind == "tgw" or not lacking:
        return Finding("format", "ok", f"{fields}, nothing usual missing", "", looked_at)
    advice = "A format cannot be edited: create a flow log with these fields, then delete this one."
    return Finding("format", "warn", f"{fields}; cannot tell {'; '.join(lacking)}", advice, looked_at)
