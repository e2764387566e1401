"""CloudWatch log groups and their events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple

from flowtui.aws.aws_clock import answered_at
from flowtui.aws.models import LogEvent, LogGroup
from flowtui.aws.session import Account


def find_log_group(account: Account, region: str, name: str) -> LogGroup | None:
    """The log group of exactly this name.

    Raises:
        AwsError: the call failed; AccessDenied names ``logs:DescribeLogGroups``.
    """
    for page in account.pages("logs", "describe_log_groups", region, logGroupNamePrefix=name):
        for item in page["logGroups"]:
            if item["logGroupName"] == name:
                return _log_group(item, region)
    return None


_MOST_NAMES = 200


def some_group_names(account: Account, region: str) -> Iterator[str]:
    """Names of log groups to guess from when one is not found: the first 200 only, as every 50 are a call.

    Raises:
        AwsError: the call failed; AccessDenied names ``logs:DescribeLogGroups``.
    """
    pages = account.pages("logs", "describe_log_groups", region)
    return islice((item["logGroupName"] for page in pages for item in page["logGroups"]), _MOST_NAMES)


def stream_names(account: Account, region: str, group: str, prefix: str = "") -> Iterator[str]:
    """Names of a group's streams that begin with a prefix: the first 200 only, as every 50 are a call.

    Raises:
        AwsError: the call failed; AccessDenied names ``logs:DescribeLogStreams``.
    """
    wanted = {"logStreamNamePrefix": prefix} if prefix else {}
    pages = account.pages("logs", "describe_log_streams", region, logGroupName=group, **wanted)
    return islice((item["logStreamName"] for page in pages for item in page["logStreams"]), _MOST_NAMES)


class Page(NamedTuple):
    """One page of events.

    ``token`` is the next page's, empty at the end; ``answered`` is AWS's time of the answer, None where it tells none.
    """

    events: tuple[LogEvent, ...]
    token: str
    answered: datetime | None


def filter_page(
    account: Account,
    region: str,
    group: str,
    *,
    start_ms: int,
    end_ms: int | None = None,
    stream_prefix: str = "",
    token: str = "",
) -> Page:
    """One page of FilterLogEvents.

    A page may be empty and have a next one
    (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html). Both ends are
    included.

    Raises:
        AwsError: the call failed; AccessDenied names ``logs:FilterLogEvents``.
    """
    parameters: dict[str, Any] = {"logGroupName": group, "startTime": max(0, start_ms)}
    if end_ms is not None:
        parameters["endTime"] = max(0, end_ms)
    if stream_prefix:
        parameters["logStreamNamePrefix"] = stream_prefix
    if token:
        parameters["nextToken"] = token
    answer = account.call("logs", "filter_log_events", region, **parameters)
    events = tuple(_event(item, region, group) for item in answer.get("events", ()))
    return Page(events, answer.get("nextToken", ""), answered_at(answer))


def filter_events(
    account: Account, region: str, group: str, *, start_ms: int, end_ms: int | None = None, stream_prefix: str = ""
) -> Iterator[LogEvent]:
    """The events of a range of time, page after page to the end.

    Args:
        account: the account.
        region: region of the group.
        group: name of the log group.
        start_ms: first moment, Unix milliseconds.
        end_ms: last moment, included; None for everything there is.
        stream_prefix: beginning of stream names; an interface's id for its records.

    Raises:
        AwsError: as :func:`filter_page`.
    """
    token = ""
    while True:
        events, token, _ = filter_page(
            account, region, group, start_ms=start_ms, end_ms=end_ms, stream_prefix=stream_prefix, token=token
        )
        yield from events
        if not token:
            return


def newest_stream_time_ms(account: Account, region: str, group: str) -> int | None:
    """Time of the newest event that the group's list of streams knows of, Unix milliseconds; may lag by an hour.

    Raises:
        AwsError: the call failed; AccessDenied names ``logs:DescribeLogStreams``.
    """
    answer = account.call(
        "logs", "describe_log_streams", region, logGroupName=group, orderBy="LastEventTime", descending=True, limit=1
    )
    return next((item.get("lastEventTimestamp") for item in answer["logStreams"]), None)


def _event(item: Mapping[str, Any], region: str, group: str) -> LogEvent:
    return LogEvent(
        event_id=item.get("eventId", ""),
        stream=item.get("logStreamName", ""),
        timestamp_ms=item.get("timestamp", 0),
        ingested_ms=item.get("ingestionTime", 0),
        message=item.get("message", ""),
        region=region,
        group=group,
    )


def _log_group(item: Mapping[str, Any], region: str) -> LogGroup:
    return LogGroup(
        name=item["logGroupName"],
        arn=(item.get("logGroupArn") or item.get("arn", "")).removesuffix(":*"),
        region=region,
        retention_days=item.get("retentionInDays", 0),
        log_class=item.get("logGroupClass", "STANDARD"),
        kms_key=item.get("kmsKeyId", ""),
        stored_bytes=item.get("storedBytes", 0),
        created=datetime.fromtimestamp(item["creationTime"] / 1000, UTC) if "creationTime" in item else None,
    )
