"""The polling tail against a scripted log group: a list of events, each visible from the moment it is ingested."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from hypothesis import given, settings
from hypothesis import strategies as st

from flowtui.aws.session import Account
from flowtui.aws.tail import TailBatch, TailedGroup, TailNews, TailSource, TailStatus, tail
from flowtui.errors import AwsError
from flowtui.records.layout import DEFAULT_LAYOUT, Layout
from tests.aws.scripted import NOW, Refused, Script

SOURCE = TailSource((TailedGroup("us-east-1", "g", interval_s=60),), "vpc-1")


SHARED = Script()
"""One account for the many examples of the property."""


@cache
def shared_account() -> Account:
    return SHARED.account()


def line(start: int, eni: str = "eni-1") -> str:
    return f"2 123456789010 {eni} 10.0.0.1 10.0.0.2 40000 22 6 1 40 {start} {start + 60} ACCEPT OK"


@dataclass
class Group:
    """A log group in time: ``(visible from, start, stream, message)``, read in pages of a few."""

    script: Script = field(default_factory=Script)
    events: list[tuple[datetime, datetime, str, str]] = field(default_factory=list)
    page_size: int = 3
    fail: list[Exception] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.script.answers["FilterLogEvents"] = self._page

    def add(self, start: datetime, delay: timedelta = timedelta(0), eni: str = "eni-1", message: str = "") -> None:
        self.events.append((start + delay, start, f"{eni}-all", message or line(int(start.timestamp()), eni)))

    def ticks(self) -> float:
        return self.script.now.timestamp()

    def _page(self, params: Any) -> dict[str, Any]:
        if self.fail:
            raise self.fail.pop(0)
        found = [
            {"eventId": str(number), "logStreamName": stream, "timestamp": ms, "ingestionTime": 0, "message": message}
            for number, (visible, start, stream, message) in enumerate(self.events)
            if visible <= self.script.now
            and params["startTime"] <= (ms := int(start.timestamp() * 1000)) <= params.get("endTime", ms)
            and stream.startswith(params.get("logStreamNamePrefix", ""))
        ]
        found.sort(key=lambda event: event["timestamp"])
        at = int(params.get("nextToken", "0"))
        answer: dict[str, Any] = {"events": found[at : at + self.page_size]}
        if at + self.page_size < len(found):
            answer["nextToken"] = str(at + self.page_size)
        return answer


class Waits(threading.Event):
    """A stop event on which waiting takes no time but moves the scripted clock; set after some waits."""

    def __init__(self, group: Group, passes: int, step: timedelta = timedelta(minutes=1)) -> None:
        super().__init__()
        self.group, self.passes, self.step = group, passes, step
        self.waited: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0)
        self.group.script.now += self.step
        if len(self.waited) >= self.passes:
            self.set()
        return self.is_set()


def run(group: Group, source: TailSource = SOURCE, *, passes: int = 5, **options: Any) -> list[TailNews]:
    options.setdefault("since", NOW - timedelta(minutes=30))
    options.setdefault("live", False)
    return list(tail(group.script.account(), source, stop=Waits(group, passes), ticks=group.ticks, **options))


def messages(items: list[TailNews]) -> list[str]:
    return [entry.event.message for item in items if isinstance(item, TailBatch) for entry in item.lines]


def statuses(items: list[TailNews]) -> list[TailStatus]:
    return [item for item in items if isinstance(item, TailStatus)]


def test_a_range_is_read_to_its_end_in_pages_and_then_the_tail_ends():
    group = Group()
    for minute in range(10):
        group.add(NOW - timedelta(minutes=minute))
    items = run(group, follow=False)
    assert len(messages(items)) == 10
    assert group.script.operations() == ["FilterLogEvents"] * 4
    [status] = statuses(items)
    assert (status.mode, status.received, status.unparsed, status.trouble) == ("polling", 10, 0, "")
    assert status.lag_s == 0.0


def test_a_record_from_the_future_does_not_hide_how_late_the_others_are():
    group = Group()
    group.add(NOW - timedelta(minutes=5))
    group.add(NOW - timedelta(minutes=5), message=line(2**62))
    [status] = statuses(run(group, follow=False))
    assert status.lag_s == 240.0


def test_until_bounds_the_range():
    group = Group()
    for minute in range(10):
        group.add(NOW - timedelta(minutes=minute))
    items = run(group, since=NOW - timedelta(minutes=5), until=NOW - timedelta(minutes=3), follow=False)
    assert len(messages(items)) == 3


def test_late_and_out_of_order_records_are_shown_once():
    group = Group()
    group.add(NOW, timedelta(minutes=1))
    group.add(NOW - timedelta(minutes=9), timedelta(minutes=12))
    group.add(NOW + timedelta(minutes=1), timedelta(minutes=1))
    found = messages(run(group, passes=8))
    assert sorted(found) == sorted(event[3] for event in group.events)


@given(
    st.lists(
        st.tuples(st.integers(-1500, 1500), st.integers(0, 660)),
        max_size=40,
    ),
    st.integers(1, 7),
    st.integers(1, 200),
)
@settings(max_examples=60)
def test_nothing_is_lost_and_nothing_repeated(records: list[tuple[int, int]], page_size: int, step_s: int):
    """Whatever is delivered within interval plus ten minutes of its start, in whatever order."""
    group = Group(SHARED, page_size=page_size)
    SHARED.now = NOW
    for number, (start_s, delay_s) in enumerate(records):
        group.add(NOW + timedelta(seconds=start_s), timedelta(seconds=delay_s), message=f"line {number}")
    stop = Waits(group, 3000 // step_s + 2, timedelta(seconds=step_s))
    since = NOW - timedelta(minutes=25)
    items = list(tail(shared_account(), SOURCE, since=since, stop=stop, live=False, ticks=group.ticks))
    assert sorted(messages(items)) == sorted(event[3] for event in group.events)


def test_what_was_seen_is_forgotten_in_time():
    from flowtui.aws.follow import Follower

    group = Group()
    for minute in range(60):
        group.add(NOW + timedelta(minutes=minute))
    follower = Follower(group.script.account(), SOURCE, NOW, ticks=group.ticks)
    for _ in follower.events(Waits(group, 60)):
        assert all(len(window.seen) <= 15 for window in follower._windows.values())


def test_throttling_is_said_and_waited_out_on_the_same_page():
    group = Group()
    for minute in range(7):
        group.add(NOW - timedelta(minutes=minute))
    group.fail = [Refused("ThrottlingException", "Rate exceeded")] * 3
    items = run(group, follow=False, passes=99)
    assert len(messages(items)) == 7
    troubles = [status for status in statuses(items) if status.trouble]
    assert [(status.trouble, status.waiting_s) for status in troubles] == [
        ("throttled", 1.0),
        ("throttled", 2.0),
        ("throttled", 4.0),
    ]
    assert statuses(items)[-1].trouble == ""


def test_throttling_without_end_is_an_error_when_not_following():
    group = Group(fail=[Refused("ThrottlingException")] * 99)
    with pytest.raises(AwsError, match="throttled"):
        run(group, follow=False, passes=99)


def test_following_outlives_throttling_and_a_lost_network_and_catches_up():
    group = Group()
    for minute in range(20):
        group.add(NOW + timedelta(minutes=minute))
    group.fail = [Refused("ThrottlingException"), *[Refused("ServiceUnavailable")] * 15]
    items = run(group, passes=40)
    assert sorted(messages(items)) == sorted(event[3] for event in group.events)
    assert max(status.waiting_s for status in statuses(items)) == 60.0


def unreached() -> Exception:
    return EndpointConnectionError(endpoint_url="https://logs.us-east-1.amazonaws.com")


def test_a_network_that_is_back_is_found_within_seconds_however_long_it_was_gone():
    group = Group(fail=[unreached() for _ in range(1100)])
    group.add(NOW)
    items = run(group, passes=1110)
    assert len(messages(items)) == 1
    waits = [status.waiting_s for status in statuses(items) if status.trouble]
    assert waits[:4] == [1.0, 2.0, 4.0, 4.0]
    assert max(waits) <= 5.0


def test_trouble_of_a_night_is_outlived():
    group = Group(fail=[Refused("ServiceUnavailable") for _ in range(1100)])
    group.add(NOW)
    assert len(messages(run(group, passes=1110))) == 1


@pytest.mark.parametrize("code", ["AccessDeniedException", "ExpiredTokenException", "InvalidParameterException"])
def test_what_waiting_does_not_mend_is_raised(code: str):
    with pytest.raises(AwsError) as caught:
        run(Group(fail=[Refused(code)]))
    assert caught.value.code == code


def test_a_group_that_is_not_there_is_explained():
    with pytest.raises(AwsError) as caught:
        run(Group(fail=[Refused("ResourceNotFoundException")]))
    assert caught.value.message == "There is no log group g in us-east-1."
    assert "first records" in caught.value.hint


def test_stop_ends_a_tail_before_the_next_page():
    group = Group(page_size=1)
    for minute in range(9):
        group.add(NOW - timedelta(minutes=minute))
    stop = threading.Event()
    seen = 0
    for item in tail(group.script.account(), SOURCE, since=NOW - timedelta(minutes=30), stop=stop, live=False):
        if isinstance(item, TailBatch):
            seen += 1
            stop.set()
    assert seen == 1


def test_stop_ends_a_waiting_tail():
    stop = threading.Event()
    items: Iterator[TailNews] = tail(Group().script.account(), SOURCE, since=NOW, stop=stop, live=False, poll_s=3600.0)
    assert isinstance(next(items), TailStatus)
    threading.Timer(0.05, stop.set).start()
    assert [item.received for item in items if isinstance(item, TailStatus)] == [0]


def test_one_prefix_is_asked_for_several_are_picked():
    group = Group(page_size=99)
    for eni in ("eni-1", "eni-2", "eni-3"):
        group.add(NOW, eni=eni)
    one = TailSource((TailedGroup("us-east-1", "g", ("eni-2",)),), "eni-2")
    assert [message.split()[2] for message in messages(run(group, one, follow=False))] == ["eni-2"]
    assert group.script.calls[-1][2]["logStreamNamePrefix"] == "eni-2"
    two = TailSource((TailedGroup("us-east-1", "g", ("eni-2", "eni-3")),), "subnet")
    assert [message.split()[2] for message in messages(run(group, two, follow=False))] == ["eni-2", "eni-3"]
    assert "logStreamNamePrefix" not in group.script.calls[-1][2]


def test_layouts_are_told_apart_and_strange_lines_are_kept_and_counted():
    group = Group(page_size=99)
    group.add(NOW)
    group.add(NOW, message="10.0.0.1 10.0.0.2")
    group.add(NOW, message="\x1b[2Jgarbage from elsewhere")
    layouts = (DEFAULT_LAYOUT, Layout.from_header("srcaddr dstaddr"))
    source = TailSource((TailedGroup("us-east-1", "g", (), layouts),), "g")
    items = run(group, source, follow=False)
    [batch] = [item for item in items if isinstance(item, TailBatch)]
    records = [entry.record for entry in batch.lines]
    assert [record.layout if record else None for record in records] == [*layouts, None]
    assert batch.lines[2].event.message == "\x1b[2Jgarbage from elsewhere"
    assert "3 columns" in batch.lines[2].reason
    assert statuses(items)[-1].unparsed == 1
