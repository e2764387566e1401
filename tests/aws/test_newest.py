from datetime import UTC, datetime, timedelta
from typing import Any

import obstore
import pytest
from obstore.store import MemoryStore

from flowtui.aws.flow_logs import list_flow_logs
from flowtui.aws.models import FlowLog
from flowtui.aws.newest import newest_record
from flowtui.errors import AccessDenied
from tests.aws.scripted import NOW, Refused, Script, flow_log
from tests.aws.test_objects import HIVE, PLAIN, key


def described(script: Script, **options: Any) -> FlowLog:
    script.answers["DescribeFlowLogs"] = lambda p: {"FlowLogs": [flow_log("fl-1234abcd", "vpc-1", **options)]}
    [found] = list_flow_logs(script.account(), "us-east-1")
    return found


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def group(listed: datetime | None, *events: datetime) -> Script:
    stream = {"logStreamName": "eni-1-all"} | ({"lastEventTimestamp": ms(listed)} if listed else {})
    return Script(
        {
            "DescribeLogStreams": lambda p: {"logStreams": [stream]},
            "FilterLogEvents": lambda p: {
                "events": [
                    {"eventId": str(ms(at)), "timestamp": ms(at), "message": "x"}
                    for at in events
                    if ms(at) >= p["startTime"]
                ]
            },
        }
    )


@pytest.mark.parametrize(
    ("listed", "events", "newest"),
    [
        (NOW - timedelta(hours=5), (), NOW - timedelta(hours=5)),
        (
            NOW - timedelta(minutes=50),
            (NOW - timedelta(minutes=5), NOW - timedelta(minutes=9)),
            NOW - timedelta(minutes=5),
        ),
        (None, (NOW - timedelta(minutes=5),), NOW - timedelta(minutes=5)),
        (None, (), None),
    ],
)
def test_cloudwatch(listed: datetime | None, events: tuple[datetime, ...], newest: datetime | None):
    script = group(listed, *events)
    assert newest_record(script.account(), described(script, group="g")) == newest


def test_cloudwatch_reads_a_few_pages_at_most():
    script = group(NOW - timedelta(hours=1))
    script.answers["FilterLogEvents"] = lambda p: {"events": [], "nextToken": str(int(p.get("nextToken", "0")) + 1)}
    newest_record(script.account(), described(script, group="g"))
    assert script.operations().count("FilterLogEvents") <= 3


def test_cloudwatch_denied():
    def denied(_):
        raise Refused("AccessDeniedException")

    script = Script({"DescribeLogStreams": denied})
    with pytest.raises(AccessDenied) as caught:
        newest_record(script.account(), described(script, group="g"))
    assert caught.value.action == "logs:DescribeLogStreams"


@pytest.mark.parametrize("age", [timedelta(minutes=10), timedelta(hours=5), timedelta(days=2)])
@pytest.mark.parametrize("now", [NOW, NOW.replace(hour=0, minute=20)])
@pytest.mark.parametrize("hourly", [False, True])
@pytest.mark.parametrize("root", [PLAIN, HIVE])
def test_s3(age: timedelta, now: datetime, hourly: bool, root: str):
    script = Script({"HeadBucket": lambda p: {"BucketRegion": "us-east-1"}}, now=now)
    store = script.stores["logs"] = MemoryStore()
    slot = (now - age).replace(minute=(now - age).minute // 5 * 5, tzinfo=UTC)
    for older in (slot, slot - timedelta(minutes=5), slot - timedelta(days=1)):
        obstore.put(store, key(older, root=root, hourly=hourly), b"x")
    obstore.put(store, key(now, root=root, hourly=hourly, flow_log_id="fl-99999999"), b"x")
    options = {"FileFormat": "plain-text", "HiveCompatiblePartitions": root == HIVE, "PerHourPartition": hourly}
    found = described(script, bucket="logs", DestinationOptions=options)
    assert newest_record(script.account(), found) == slot


def test_s3_without_objects():
    script = Script({"HeadBucket": lambda p: {"BucketRegion": "us-east-1"}})
    script.stores["logs"] = MemoryStore()
    assert newest_record(script.account(), described(script, bucket="logs")) is None


def test_firehose_is_not_looked_into():
    script = Script()
    found = described(script, LogDestinationType="kinesis-data-firehose", LogDestination="arn:x")
    assert newest_record(script.account(), found) is None
