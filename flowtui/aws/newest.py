"""How fresh a flow log's records are, asked with few calls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flowtui.aws.logs import filter_page, newest_stream_time_ms
from flowtui.aws.models import FlowLog
from flowtui.aws.objects import flow_log_tree, list_after
from flowtui.aws.session import Account
from flowtui.records.paths import ObjectPath

_DAYS_BACK = 3
_PROBED_PAGES = 3


def newest_record(account: Account, flow_log: FlowLog) -> datetime | None:
    """When the newest record known of began (CloudWatch) or its 5-minute slot (S3); None when there is none.

    CloudWatch is asked for the streams' newest event and for what came since, at most three pages; of a group that
    several flow logs share the answer is the group's. In S3 the last three days are looked at.

    Raises:
        AwsError: a call failed; AccessDenied names the action.
    """
    if flow_log.destination_type == "s3":
        return _newest_in_s3(account, flow_log)
    if flow_log.destination_type == "cloud-watch-logs" and flow_log.log_group:
        return _newest_in_group(account, flow_log)
    return None


def _newest_in_group(account: Account, flow_log: FlowLog) -> datetime | None:
    region, group = flow_log.region, flow_log.log_group
    listed_ms = newest_stream_time_ms(account, region, group)
    newest_ms = _lag_ms(account) if listed_ms is None else listed_ms
    found, token = listed_ms is not None, ""
    # The list of streams lags; the events themselves do not.
    for _ in range(_PROBED_PAGES):
        events, token, _ = filter_page(account, region, group, start_ms=newest_ms + 1, token=token)
        newest_ms = max([newest_ms, *(event.timestamp_ms for event in events)])
        found = found or bool(events)
        if not token:
            break
    return datetime.fromtimestamp(newest_ms / 1000, UTC) if found else None


def _lag_ms(account: Account) -> int:
    """How far back events may be that the list of streams does not know yet, Unix milliseconds."""
    return int((account.clock() - timedelta(hours=1)).timestamp() * 1000)


def _newest_in_s3(account: Account, flow_log: FlowLog) -> datetime | None:
    tree = flow_log_tree(flow_log)
    now = account.clock()
    name = f"{flow_log.account_id}_vpcflowlogs_{flow_log.region}_{flow_log.id}_"
    for age in range(_DAYS_BACK + 1):
        day = tree.day((now - timedelta(days=age)).date())
        # Keys sort by time, so most of a day can be skipped; then, should that find nothing, it is read whole.
        recent = now - timedelta(hours=1)
        for after in ((_hourly(day, recent, flow_log) + f"{name}{recent:%Y%m%dT%H%M}Z",) if age == 0 else ()) + ("",):
            slots = [
                path.slot
                for item in list_after(account, flow_log.bucket, day, after)
                if (path := ObjectPath.parse(item.key)) and path.slot and path.flow_log_id == flow_log.id
            ]
            if slots:
                return max(slots)
    return None


def _hourly(day: str, moment: datetime, flow_log: FlowLog) -> str:
    if not flow_log.hourly_partitions:
        return day
    return f"{day}hour={moment:%H}/" if flow_log.hive_partitions else f"{day}{moment:%H}/"
