"""CloudWatch: events arrive late and out of order, pages hold every one once, tokens and ends as AWS has them."""

import threading

import pytest

from flowtui.demo import livetail, plans
from flowtui.demo.account import demo_account
from flowtui.demo.world import world
from flowtui.errors import AwsError, FlowTuiError
from flowtui.records.layout import Layout
from flowtui.records.parse import LineParser

US = "us-east-1"
GROUP = "/vpc/flow-logs"
BASTION = world().by_id[plans.PROD_CORE].by_role["bastion"][0].id


def ask(account, **given):
    return account.call("logs", "filter_log_events", US, **({"logGroupName": GROUP} | given))


def all_events(account, **given):
    found, token = [], None
    while True:
        page = ask(account, **given, **({"nextToken": token} if token else {}))
        found += page["events"]
        token = page.get("nextToken")
        if not token:
            return found


def test_records_arrive_late_as_the_clock_moves(account, clock):
    start = clock.ms - 600_000
    seen = {event["eventId"]: event for event in all_events(account, startTime=start)}
    newest = max(event["timestamp"] for event in seen.values())
    assert 120_000 < clock.ms - newest < 600_000
    clock.move(seconds=30)
    later = {event["eventId"]: event for event in all_events(account, startTime=start)}
    assert set(seen) < set(later)
    fresh = [later[one] for one in set(later) - set(seen)]
    assert all(clock.ms - 30_000 < event["ingestionTime"] <= clock.ms for event in fresh)


def test_some_come_after_newer_ones(account, clock):
    events = sorted(all_events(account, startTime=clock.ms - 3_600_000), key=lambda event: event["ingestionTime"])
    stamps = [event["timestamp"] for event in events]
    assert stamps != sorted(stamps)
    delays = [event["ingestionTime"] - event["timestamp"] for event in events]
    assert min(delays) > 60_000
    assert max(delays) > 600_000


def test_events_do_not_change(account, clock):
    end = clock.ms - 1_800_000
    before = all_events(account, startTime=end - 600_000, endTime=end)
    clock.move(hours=2)
    assert all_events(account, startTime=end - 600_000, endTime=end) == before


def test_ends_are_included(account, clock):
    event = all_events(account, startTime=clock.ms - 1_800_000)[40]
    at = event["timestamp"]
    exactly = all_events(account, startTime=at, endTime=at)
    assert event in exactly
    assert {one["timestamp"] for one in exactly} == {at}


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_pages_hold_every_event_once(account, clock, limit):
    start = clock.ms - 480_000
    whole = all_events(account, startTime=start)
    paged = all_events(account, startTime=start, limit=limit)
    assert paged == whole
    assert [event["timestamp"] for event in whole] == sorted(event["timestamp"] for event in whole)


def test_a_page_is_bounded(account, clock):
    page = ask(account, startTime=clock.ms - 7_200_000)
    assert page["nextToken"]
    assert sum(len(event["message"]) + 26 for event in page["events"]) < 1_001_000
    assert len(all_events(account, startTime=clock.ms - 7_200_000)) > len(page["events"])


def test_empty_pages_on_the_way(account, clock):
    page = ask(account, logGroupName="/vpc/staging", startTime=0, filterPattern="nowhere")
    assert page["events"] == []
    assert page["nextToken"]


def test_stream_prefix_and_names(account, clock):
    start = clock.ms - 1_200_000
    by_prefix = all_events(account, startTime=start, logStreamNamePrefix=BASTION)
    assert by_prefix
    assert {event["logStreamName"] for event in by_prefix} == {f"{BASTION}-all"}
    assert all_events(account, startTime=start, logStreamNames=[f"{BASTION}-all"]) == by_prefix
    with pytest.raises(AwsError, match="Both"):
        ask(account, logStreamNames=["a"], logStreamNamePrefix="b")


def test_filter_patterns(account, clock):
    start = clock.ms - 1_200_000
    rejected = all_events(account, startTime=start, filterPattern="REJECT -NODATA")
    assert rejected
    assert all("REJECT" in event["message"] for event in rejected)
    assert all_events(account, startTime=start, filterPattern='"REJECT" ?SKIPDATA') == []
    with pytest.raises(FlowTuiError, match="not in the demo account: the filter pattern"):
        ask(account, filterPattern="[version, account]")


@pytest.mark.parametrize(
    ("region", "group"),
    [
        (US, GROUP),
        (US, "/vpc/shared-services"),
        (US, "/vpc/legacy-gateway"),
        ("eu-west-1", "/vpc/staging-eu"),
        ("ap-southeast-2", "/vpc/prod-apac"),
    ],
)
def test_messages_parse_with_the_flow_logs_format(account, clock, region, group):
    (flow_log,) = account.call(
        "ec2", "describe_flow_logs", region, Filter=[{"Name": "log-group-name", "Values": [group]}]
    )["FlowLogs"]
    parser = LineParser(Layout.from_log_format(flow_log["LogFormat"]))
    page = account.call("logs", "filter_log_events", region, logGroupName=group, startTime=clock.ms - 3_600_000)
    assert page["events"]
    for event in page["events"]:
        record = parser.parse(event["message"])
        assert record.start * 1000 == event["timestamp"]
        assert event["logStreamName"] == f"{record.interface_id}-all"
        assert flow_log["TrafficType"] == "ALL" or record.action in ("-", flow_log["TrafficType"])


def test_failing_flow_log_stopped(account, clock):
    assert all_events(account, logGroupName="/vpc/staging", startTime=clock.ms - 25 * 3_600_000) == []
    assert all_events(
        account, logGroupName="/vpc/staging", startTime=clock.ms - 27 * 3_600_000, endTime=clock.ms - 26 * 3_600_000
    )


def test_new_flow_log_begins_after_its_creation(account, clock):
    def edge():
        return account.call(
            "logs", "filter_log_events", "ap-southeast-2", logGroupName="/vpc/edge", startTime=clock.ms - 3_600_000
        )["events"]

    created = clock.ms - 240_000
    assert edge() == []
    clock.move(minutes=40)
    assert edge()
    assert min(event["timestamp"] for event in edge()) >= created


def test_retention(account, clock):
    oldest = ask(account, startTime=0, limit=1)["events"][0]["timestamp"]
    assert clock.ms - 14 * 86_400_000 <= oldest < clock.ms - 13 * 86_400_000


def test_get_log_events_forward_to_the_end(account, clock):
    given = {"logGroupName": GROUP, "logStreamName": f"{BASTION}-all", "startTime": clock.ms - 1_800_000, "limit": 4}
    page = account.call("logs", "get_log_events", US, startFromHead=True, **given)
    found = page["events"]
    while True:
        following = account.call("logs", "get_log_events", US, nextToken=page["nextForwardToken"], **given)
        if following["nextForwardToken"] == page["nextForwardToken"]:
            assert following["events"] == []
            break
        found += following["events"]
        page = following
    whole = all_events(account, startTime=clock.ms - 1_800_000, logStreamNamePrefix=BASTION)
    assert [event["message"] for event in found] == [event["message"] for event in whole]
    assert (
        account.call("logs", "get_log_events", US, logGroupName=GROUP, logStreamName=f"{BASTION}-all", limit=4)[
            "events"
        ]
        == found[-4:]
    )


def test_get_log_events_leaves_the_end_out(account, clock):
    event = all_events(account, startTime=clock.ms - 1_800_000, logStreamNamePrefix=BASTION)[-1]
    given = {"logGroupName": GROUP, "logStreamName": f"{BASTION}-all", "startTime": event["timestamp"]}
    page = account.call("logs", "get_log_events", US, endTime=event["timestamp"], startFromHead=True, **given)
    assert page["events"] == []
    page = account.call("logs", "get_log_events", US, endTime=event["timestamp"] + 1, startFromHead=True, **given)
    assert event["message"] in [one["message"] for one in page["events"]]


@pytest.mark.parametrize(
    ("operation", "given"),
    [
        ("filter_log_events", {"logGroupName": "/absent"}),
        ("describe_log_streams", {"logGroupName": "/absent"}),
        ("get_log_events", {"logGroupName": GROUP, "logStreamName": "absent"}),
    ],
)
def test_absent(account, operation, given):
    with pytest.raises(AwsError) as caught:
        account.call("logs", operation, US, **given)
    assert caught.value.code == "ResourceNotFoundException"


def test_token_nobody_gave(account):
    with pytest.raises(AwsError) as caught:
        ask(account, nextToken="nonsense")
    assert caught.value.code == "InvalidParameterException"


def test_streams(account, clock):
    pages = list(
        account.pages("logs", "describe_log_streams", US, logGroupName=GROUP, PaginationConfig={"PageSize": 9})
    )
    names = [stream["logStreamName"] for page in pages for stream in page["logStreams"]]
    assert len(pages) > 2
    assert names == sorted(names)
    assert all(name.startswith("eni-") and name.endswith("-all") for name in names)
    newest = account.call("logs", "describe_log_streams", US, logGroupName=GROUP, orderBy="LastEventTime", limit=1)
    assert clock.ms - newest["logStreams"][0]["lastEventTimestamp"] > 600_000


def test_groups_by_prefix(account):
    found = account.call("logs", "describe_log_groups", US, logGroupNamePrefix="/vpc/")["logGroups"]
    assert [group["logGroupName"] for group in found] == sorted(group["logGroupName"] for group in found)
    assert {group["logGroupName"]: group.get("retentionInDays") for group in found}[GROUP] == 14
    assert found[0]["arn"].endswith(":*")


def test_live_tail(account, clock, monkeypatch):
    monkeypatch.setattr(livetail, "PACE_S", 0.001)
    arn = account.call("logs", "describe_log_groups", US, logGroupNamePrefix=GROUP)["logGroups"][0]["logGroupArn"]
    stream = account.call("logs", "start_live_tail", US, logGroupIdentifiers=[arn])["responseStream"]
    messages = iter(stream)
    assert next(messages)["sessionStart"]["logGroupIdentifiers"] == [arn]
    assert next(messages)["sessionUpdate"]["sessionResults"] == []
    clock.move(seconds=20)
    results = []
    # An update of before may be on its way.
    for _ in range(2):
        results += next(messages)["sessionUpdate"]["sessionResults"]
    assert results
    assert all(clock.ms - 20_000 < event["ingestionTime"] <= clock.ms for event in results)
    stream.close()
    assert list(messages) == []


def test_live_tail_closes_while_it_waits(account):
    arn = account.call("logs", "describe_log_groups", US, logGroupNamePrefix=GROUP)["logGroups"][0]["logGroupArn"]
    stream = account.call("logs", "start_live_tail", US, logGroupIdentifiers=[arn])["responseStream"]
    reader = threading.Thread(target=lambda: list(stream))
    reader.start()
    stream.close()
    reader.join(timeout=30)
    assert not reader.is_alive()


def test_live_tail_samples_above_five_hundred(clock, monkeypatch):
    monkeypatch.setattr(livetail, "PACE_S", 0.001)
    account = demo_account(clock=clock)
    arn = account.call("logs", "describe_log_groups", US, logGroupNamePrefix=GROUP)["logGroups"][0]["logGroupArn"]
    stream = account.call("logs", "start_live_tail", US, logGroupIdentifiers=[arn])["responseStream"]
    messages = iter(stream)
    next(messages)
    clock.move(minutes=10)
    update = next(messages)["sessionUpdate"]
    assert update["sessionMetadata"]["sampled"]
    assert len(update["sessionResults"]) == 500


@pytest.mark.parametrize("identifier", [GROUP, "arn:aws:logs:us-east-1:123456789010:log-group:/vpc/flow-logs:*"])
def test_live_tail_wants_bare_arns(account, identifier):
    with pytest.raises(AwsError) as caught:
        account.call("logs", "start_live_tail", US, logGroupIdentifiers=[identifier])
    assert caught.value.code == "InvalidParameterException"
