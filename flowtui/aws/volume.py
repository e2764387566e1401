"""How much a VPC's flow logs write, from what its present ones have delivered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flowtui.aws.flow_logs import list_flow_logs
from flowtui.aws.logs import find_log_group
from flowtui.aws.models import FlowLog
from flowtui.aws.objects import flow_log_tree, list_after
from flowtui.aws.session import Account
from flowtui.records.paths import ObjectPath

GZIP_RATIO = 4.4
"""Uncompressed bytes of text for one of gzip; AWS charges for the former (measured on flow logs of busy VPCs)."""

_MONTH_DAYS = 30


@dataclass(frozen=True, slots=True)
class Volume:
    """Gigabytes (10^9 bytes, uncompressed) a month, and what they were worked out from, as a clause."""

    gb: float
    source: str


def observed_volume(account: Account, region: str, vpc_id: str) -> Volume | None:
    """What a VPC's own flow logs write a month; None when it has none that delivered anything to measure.

    Objects of S3 are measured on the last whole day (UTC), log groups by what they hold.

    Raises:
        AwsError: flow logs, objects or the log group may not be listed; AccessDenied names the action.
    """
    own = [log for log in list_flow_logs(account, region) if log.resource_id == vpc_id]
    # A log of all traffic measures best.
    for log in sorted(own, key=lambda log: (log.traffic_type != "ALL", log.destination_type != "s3")):
        volume = _of_objects(account, log) if log.destination_type == "s3" else _of_group(account, log)
        if volume is not None:
            return volume
    return None


def _of_objects(account: Account, log: FlowLog) -> Volume | None:
    day = (account.clock() - timedelta(days=1)).date()
    if log.file_format != "plain-text" or log.created.date() >= day:
        return None
    size = 0
    for item in list_after(account, log.bucket, flow_log_tree(log).day(day), ""):
        path = ObjectPath.parse(item.key)
        if path is not None and path.flow_log_id in ("", log.id):
            size += item.size
    if not size:
        return None
    return Volume(size * GZIP_RATIO * _MONTH_DAYS / 1e9, f"{log.id} delivered on {day}, {log.traffic_type} traffic")


def _of_group(account: Account, log: FlowLog) -> Volume | None:
    group = find_log_group(account, log.region, log.log_group) if log.log_group else None
    if group is None or not group.stored_bytes:
        return None
    # The group may hold what flow logs wrote that are gone: one is not edited but made anew on the same group.
    age_days = (account.clock() - (group.created or log.created)).total_seconds() / 86400
    days = min(age_days, group.retention_days) if group.retention_days else age_days
    if days < 1:
        return None
    return Volume(
        group.stored_bytes / days * _MONTH_DAYS / 1e9, f"log group {group.name} holds of the last {days:,.0f} days"
    )
