"""CloudWatch Logs of the demo account: groups, streams and events that keep arriving."""

from __future__ import annotations

import base64
import heapq
from collections.abc import Callable, Iterator
from itertools import islice

from flowtui.demo.delivery import Event, arrived
from flowtui.demo.flowlogs import DAY
from flowtui.demo.hooks import ApiError, Call, Handler
from flowtui.demo.livetail import LiveTail
from flowtui.demo.logpatterns import matcher
from flowtui.demo.paging import page
from flowtui.demo.state import Json, LogGroup, State
from flowtui.demo.world import world

_PAGE = 10_000
_PAGE_BYTES = 1_000_000
_EVENT_BYTES = 26
"""What CloudWatch adds to every event's size."""

_SCANNED_MS = 6 * 3600 * 1000
_STREAMS_LAG_MS = 20 * 60 * 1000
_FOREVER_MS = 2**53


def _group(call: Call) -> LogGroup:
    return _named(call, call.get("logGroupName") or call.get("logGroupIdentifier", ""))


def _named(call: Call, identifier: str) -> LogGroup:
    # An identifier is a name or an ARN; no name contains a colon.
    name = identifier.removesuffix(":*").rpartition(":")[2]
    found = call.state.groups.get((call.region, name))
    if found is None:
        raise ApiError("ResourceNotFoundException", "The specified log group does not exist.")
    return found


def describe_log_groups(call: Call) -> Json:
    """DescribeLogGroups."""
    prefix, pattern = call.get("logGroupNamePrefix", ""), call.get("logGroupNamePattern", "").lower()
    groups = sorted(
        (
            group
            for (region, name), group in call.state.groups.items()
            if region == call.region and name.startswith(prefix) and pattern in name.lower()
        ),
        key=lambda group: group.name,
    )
    shown, token = page(groups, call.get("nextToken"), call.get("limit", 50), code="InvalidParameterException")
    return {
        "logGroups": [_group_shape(group, call.state) for group in shown],
        **({"nextToken": token} if token else {}),
    }


def _group_shape(group: LogGroup, state: State) -> Json:
    age = max(0, state.now - group.created)
    kept = min(age, group.retention_days * DAY) if group.retention_days else age
    writers = state.writers(group.region, group.name)
    shape: Json = {
        "logGroupName": group.name,
        "creationTime": group.created * 1000,
        "metricFilterCount": 0,
        "arn": group.arn,
        "logGroupArn": group.arn.removesuffix(":*"),
        "logGroupClass": group.log_class,
        # Roughly what this traffic weighs: a few hundred bytes a second for each flow log.
        "storedBytes": kept * 300 * len(writers),
    }
    if group.retention_days:
        shape["retentionInDays"] = group.retention_days
    if group.kms_key:
        shape["kmsKeyId"] = group.kms_key
    return shape


def _streams(group: LogGroup, state: State) -> dict[str, tuple[int, int]]:
    """First and last event of every stream, as the list of streams knows them: late, and roughly."""
    found: dict[str, tuple[int, int]] = {}
    for writer in state.writers(group.region, group.name):
        vpc = world().vpc_of(writer.content.resource_id)
        begun = max(writer.created, group.created) * 1000
        last = min(state.now_ms, (writer.stopped or state.now) * 1000) - _STREAMS_LAG_MS
        if vpc is None or state.now_ms < begun + (writer.content.interval_s + 300) * 1000:
            continue
        for interface in vpc.interfaces_under(writer.content.resource_id):
            if interface.attached:
                name = f"{interface.id}-all"
                first, newest = found.get(name, (begun, 0))
                found[name] = min(first, begun), max(newest, last, begun)
    return found


def describe_log_streams(call: Call) -> Json:
    """DescribeLogStreams; the last event's time lags, as AWS warns."""
    group = _group(call)
    by_time = call.get("orderBy") == "LastEventTime"
    prefix = call.get("logStreamNamePrefix", "")
    if by_time and prefix:
        message = "Cannot order by LastEventTime with a logStreamNamePrefix."
        raise ApiError("InvalidParameterException", message)
    streams = sorted(
        ((name, times) for name, times in _streams(group, call.state).items() if name.startswith(prefix)),
        key=lambda entry: (entry[1][1], entry[0]) if by_time else (0, entry[0]),
        reverse=bool(call.get("descending")),
    )
    shown, token = page(streams, call.get("nextToken"), call.get("limit", 50), code="InvalidParameterException")
    shapes = [
        {
            "logStreamName": name,
            "creationTime": first,
            "firstEventTimestamp": first,
            "lastEventTimestamp": last,
            "lastIngestionTime": last + 300_000,
            "uploadSequenceToken": "49039859549134934634034342",
            "arn": f"{group.arn.removesuffix('*')}log-stream:{name}",
            "storedBytes": 0,
        }
        for name, (first, last) in shown
    ]
    return {"logStreams": shapes, **({"nextToken": token} if token else {})}


def _oldest_ms(group: LogGroup, state: State) -> int:
    """Before this the group holds nothing: it was made then, or retention took it."""
    born = group.created * 1000
    return max(born, state.now_ms - group.retention_days * DAY * 1000) if group.retention_days else born


def _events(state: State, group: LogGroup, first_ms: int, last_ms: int) -> Iterator[Event]:
    """A group's events with timestamps in ``[first_ms, last_ms]`` that have arrived, oldest first."""
    first_ms = max(first_ms, _oldest_ms(group, state))
    writers = state.writers(group.region, group.name)
    flows = [
        (event for found in arrived(writer, first_ms, last_ms, state.now_ms) for event in found) for writer in writers
    ]
    return heapq.merge(*flows)


def filter_log_events(call: Call) -> Json:
    """FilterLogEvents: ends included, at most 10,000 events or 1 MB a page, and empty pages on the way."""
    group = _group(call)
    first, last = call.get("startTime", 0), call.get("endTime", _FOREVER_MS)
    wanted = _stream_test(call)
    matches = matcher(call.get("filterPattern", ""))
    token = call.get("nextToken")
    after: tuple[int, int, str] | None = None
    if token:
        scan_from, *seen = _decoded(token, 4)
        first = max(first, int(scan_from))
        after = (int(seen[0]), int(seen[1]), seen[2]) if seen[2] else None
    now = call.state.now_ms
    first = max(first, _oldest_ms(group, call.state))
    scan_until = min(last, first + _SCANNED_MS, now)
    shown: list[Json] = []
    size = 0
    for event in _events(call.state, group, first, scan_until):
        if after is not None and event[:3] <= after:
            continue
        if not wanted(event.stream) or not matches(event.message):
            continue
        shown.append(_event_shape(event) | {"logStreamName": event.stream, "eventId": event.id})
        size += len(event.message) + _EVENT_BYTES
        if len(shown) >= call.get("limit", _PAGE) or size >= _PAGE_BYTES:
            following = _encoded(event.timestamp_ms, event.timestamp_ms, event.ingested_ms, event.id)
            return {"events": shown, "searchedLogStreams": [], "nextToken": following}
    if scan_until < min(last, now):
        return {"events": shown, "searchedLogStreams": [], "nextToken": _encoded(scan_until + 1, 0, 0, "")}
    return {"events": shown, "searchedLogStreams": []}


def _stream_test(call: Call) -> Callable[[str], bool]:
    names, prefix = call.get("logStreamNames"), call.get("logStreamNamePrefix")
    if names and prefix:
        message = "Both logStreamNames and logStreamNamePrefix are specified."
        raise ApiError("InvalidParameterException", message)
    if names:
        chosen = set(names)
        return lambda stream: stream in chosen
    return lambda stream: stream.startswith(prefix or "")


def _event_shape(event: Event) -> Json:
    return {"timestamp": event.timestamp_ms, "ingestionTime": event.ingested_ms, "message": event.message}


def _encoded(*parts: object) -> str:
    return base64.urlsafe_b64encode("/".join(map(str, parts)).encode()).decode()


def _decoded(token: str, count: int) -> list[str]:
    try:
        parts = base64.urlsafe_b64decode(token).decode().split("/")
    except ValueError:
        parts = []
    if len(parts) != count:
        raise ApiError("InvalidParameterException", "The specified nextToken is invalid.")
    return parts


def get_log_events(call: Call) -> Json:
    """GetLogEvents: one stream, end excluded; at the end the token repeats."""
    group, stream = _group(call), call.parameters["logStreamName"]
    if stream not in _streams(group, call.state):
        raise ApiError("ResourceNotFoundException", "The specified log stream does not exist.")
    first, end = call.get("startTime", 0), call.get("endTime", _FOREVER_MS)
    limit = call.get("limit", _PAGE)
    token = call.get("nextToken")
    if token:
        direction, stamp, ingested, event_id = _decoded(token, 4)
        place = (int(stamp), int(ingested), event_id)
        forward = direction == "f"
    else:
        forward = bool(call.get("startFromHead"))
        place = (first, 0, "") if forward else (end, 0, "")
    if forward:
        later = (event for event in _events(call.state, group, max(first, place[0]), end - 1) if event.stream == stream)
        shown = list(islice((event for event in later if event[:3] > place), limit))
    else:
        shown = _before(call.state, group, stream, first, place, limit)
    back = shown[0][:3] if shown else place
    onward = shown[-1][:3] if shown else place
    return {
        "events": [_event_shape(event) for event in shown],
        "nextForwardToken": _encoded("f", *onward),
        "nextBackwardToken": _encoded("b", *back),
    }


def _before(
    state: State, group: LogGroup, stream: str, first: int, place: tuple[int, int, str], limit: int
) -> list[Event]:
    """The last ``limit`` events of a stream before a place, looked for hour by hour."""
    hour = 3600 * 1000
    found: list[Event] = []
    until = min(place[0], state.now_ms)
    oldest = max(first, _oldest_ms(group, state))
    while until >= oldest and len(found) < limit:
        begin = max(oldest, until - hour + 1)
        part = [e for e in _events(state, group, begin, until) if e.stream == stream and e[:3] < place]
        found = part + found
        until = begin - 1
    return found[-limit:]


def start_live_tail(call: Call) -> Json:
    """StartLiveTail."""
    groups = []
    for identifier in call.parameters["logGroupIdentifiers"]:
        if not identifier.startswith("arn:") or identifier.endswith("*"):
            message = f"{identifier} is not the ARN of a log group; it may not end in an asterisk."
            raise ApiError("InvalidParameterException", message)
        groups.append(_named(call, identifier))
    names, prefixes = call.get("logStreamNames", ()), call.get("logStreamNamePrefixes", ())
    if (names or prefixes) and len(groups) > 1:
        message = "Log streams can be chosen in one log group only."
        raise ApiError("InvalidParameterException", message)
    pattern = call.get("logEventFilterPattern", "")
    matches = matcher(pattern)

    def wanted(event: Event) -> bool:
        chosen = event.stream in names or event.stream.startswith(tuple(prefixes)) if names or prefixes else True
        return chosen and matches(event.message)

    start = {
        "requestId": call.state.request_id(),
        "sessionId": call.state.request_id(),
        "logGroupIdentifiers": list(call.parameters["logGroupIdentifiers"]),
        "logStreamNames": list(names),
        "logStreamNamePrefixes": list(prefixes),
        "logEventFilterPattern": pattern,
    }
    return {"responseStream": LiveTail(call.state, groups, wanted, _events, start)}


HANDLERS: dict[str, Handler] = {
    "DescribeLogGroups": describe_log_groups,
    "DescribeLogStreams": describe_log_streams,
    "FilterLogEvents": filter_log_events,
    "GetLogEvents": get_log_events,
    "StartLiveTail": start_live_tail,
}
