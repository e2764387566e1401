"""Live Tail on a scripted clock: nothing is lost and nothing repeated, whatever happens to the session."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowtui.aws.live_line import Down
from flowtui.aws.models import LogEvent
from flowtui.aws.tail import TailedGroup, TailGap, TailNews, TailNote, TailStatus
from flowtui.errors import AccessDenied, AwsError
from tests.aws.live import SECOND, Cloud, Stored, shown
from tests.aws.scripted import NOW, Refused

MINUTE = timedelta(minutes=1)


def record(number: int, ingested_s: float, delay_s: int = 300, **more: object) -> Stored:
    ingested = NOW + ingested_s * SECOND
    return Stored(ingested, ingested - delay_s * SECOND, f"line {number}", **more)  # type: ignore[arg-type]  # facts are given by name


def statuses(items: list[TailNews]) -> list[TailStatus]:
    return [item for item in items if isinstance(item, TailStatus)]


def gaps(items: list[TailNews]) -> list[TailGap]:
    """What is known of each gap at the end."""
    return list({item.number: item for item in items if isinstance(item, TailGap)}.values())


def notes(items: list[TailNews]) -> list[str]:
    return [item.text for item in items if isinstance(item, TailNote)]


def test_what_was_there_comes_first_and_then_what_arrives():
    cloud = Cloud([record(number, number * 10 - 100) for number in range(15)])
    items = cloud.run()
    assert sorted(shown(items)) == sorted(one.message for one in cloud.events)
    assert (statuses(items)[-1].mode, statuses(items)[-1].reason, gaps(items)) == ("Live Tail", "", [])
    assert not statuses(items)[-1].sampled


def test_a_record_shows_in_the_second_it_is_ingested():
    cloud = Cloud([record(1, 20)], ends=NOW + 21 * SECOND)
    assert shown(cloud.run()) == ["line 1"]


def test_a_lost_session_leaves_a_marker_and_what_it_missed_follows():
    cloud = Cloud(
        [record(number, number) for number in range(1, 100)],
        ends=NOW + 2 * MINUTE,
        drops=[(NOW + 30 * SECOND, 4 * SECOND, "the session's three hours are over")],
    )
    items = cloud.run()
    [gap] = gaps(items)
    assert gap.why == "the session's three hours are over"
    assert (gap.begin - NOW, gap.end - NOW) == (29 * SECOND, 34 * SECOND)
    assert sorted(shown(items)) == sorted(one.message for one in cloud.events)
    place = items.index(replace(gap, found=None))
    assert "line 31" in shown(items[place : place + 6])
    # Told to be filled when a reading vouches for it, which is when what it missed is there.
    assert (gap.found, gap.missing, gap.groups) == (5, False, ("g",))
    assert {f"line {number}" for number in range(30, 35)} <= set(shown(items[: items.index(gap)]))
    assert statuses(items)[-1].recovered == 5
    assert any("three hours" in status.trouble for status in statuses(items))


def test_a_gap_begins_when_the_session_was_last_heard_though_a_reading_hung_meanwhile():
    cloud = Cloud(
        [record(number, number) for number in range(1, 200)],
        ends=NOW + 5 * MINUTE,
        drops=[(NOW + 30 * SECOND, 10 * SECOND, "lost")],
    )
    answer = cloud.script.answers["FilterLogEvents"]

    def page(params: object) -> object:
        found = answer(params)  # type: ignore[arg-type]  # passed on as it came
        if NOW + 10 * SECOND <= cloud.script.now < NOW + 20 * SECOND:
            while cloud.script.now < NOW + 80 * SECOND:
                cloud._second()
        return found

    cloud.script.answers["FilterLogEvents"] = page  # type: ignore[assignment]  # as above
    items = cloud.run()
    [gap] = gaps(items)
    assert (gap.begin - NOW, gap.end - NOW) == (29 * SECOND, 80 * SECOND)
    assert {status.skew_s for status in statuses(items)} == {0.0}
    assert sorted(shown(items)) == sorted(one.message for one in cloud.events)


def test_what_filter_log_events_finds_only_later_is_not_lost_in_a_gap():
    cloud = Cloud(
        [record(number, number, hidden=8 * SECOND) for number in range(1, 60)],
        ends=NOW + 2 * MINUTE,
        drops=[(NOW + 30 * SECOND, 3 * SECOND, "no word")],
    )
    assert sorted(shown(cloud.run())) == sorted(one.message for one in cloud.events)


def test_sampled_stretches_are_said_and_filled():
    events = [record(number, 20 + number // 800) for number in range(4000)]
    cloud = Cloud(events, ends=NOW + MINUTE)
    items = cloud.run()
    assert sorted(shown(items)) == sorted(one.message for one in events)
    assert any(status.sampled for status in statuses(items))
    assert not statuses(items)[-1].sampled
    assert statuses(items)[-1].recovered == 1500


def test_a_session_that_sends_its_last_update_again_repeats_nothing():
    cloud = Cloud(
        [record(number, number) for number in range(1, 50)],
        drops=[(NOW + at * SECOND, 2 * SECOND, "lost") for at in (10, 20, 30)],
        repeats=True,
    )
    assert sorted(shown(cloud.run())) == sorted(one.message for one in cloud.events)


def test_records_that_are_twice_the_same_are_shown_twice():
    twins = [record(1, -60), record(1, -60), record(2, 20), record(2, 20), record(3, 40), record(3, 41)]
    assert sorted(shown(Cloud(twins).run())) == ["line 1", "line 1", "line 2", "line 2", "line 3", "line 3"]


def test_records_from_before_the_range_are_not_shown():
    cloud = Cloud([record(1, 10, delay_s=3000), record(2, 11)])
    assert shown(cloud.run(since=NOW - 30 * MINUTE)) == ["line 2"]


def test_gaps_that_follow_each_other_before_they_are_filled_are_one():
    cloud = Cloud(
        [record(number, number) for number in range(1, 60)],
        drops=[(NOW + at * SECOND, 2 * SECOND, f"lost at {at}") for at in (20, 24, 28)],
        ends=NOW + 2 * MINUTE,
    )
    items = cloud.run()
    [gap] = gaps(items)
    assert (gap.begin - NOW, gap.end - NOW, gap.why) == (19 * SECOND, 30 * SECOND, "lost at 28")
    assert gap.found is not None
    assert sorted(shown(items)) == sorted(one.message for one in cloud.events)


class Hasty(Cloud):
    """The steady clock runs ahead of the one that tells the time."""

    def ticks(self) -> float:
        return super().ticks() * 1.2


@pytest.mark.parametrize("kind", [Cloud, Hasty])
def test_a_gap_is_told_filled_within_seconds_whatever_the_clocks_fractions(kind: type[Cloud]):
    cloud = kind(
        [record(number, number) for number in range(1, 90)],
        ends=NOW + 80 * SECOND,
        drops=[(NOW + 30 * SECOND, 3 * SECOND, "lost")],
    )
    cloud.script.now += timedelta(microseconds=400)
    [gap] = gaps(cloud.run())
    assert (gap.found, gap.missing) == (4, False)


class Flapping(Cloud):
    """Every session ends as soon as it is open."""

    def _open(self) -> None:
        super()._open()
        assert self._say is not None
        self._up = False
        self._say(Down("AWS ended the session", 1.0))


def test_what_was_there_does_not_wait_for_sessions_that_end_at_once():
    cloud = Flapping([record(number, number - 10) for number in range(5)], ends=NOW + 4 * SECOND)
    assert sorted(shown(cloud.run())) == [f"line {number}" for number in range(5)]


def test_where_polling_took_over_no_gap_is_marked():
    cloud = Cloud(
        [record(number, number) for number in range(1, 200)],
        ends=NOW + 5 * MINUTE,
        drops=[(NOW + 30 * SECOND, 2 * MINUTE, "the account's 15 Live Tail sessions are all in use")],
    )
    items = cloud.run()
    assert gaps(items) == []
    assert sorted(shown(items)) == sorted(one.message for one in cloud.events)


def test_where_nothing_could_be_read_meanwhile_the_gap_is_as_long_as_live_tail_was_away():
    cloud = Cloud(
        [record(number, number) for number in range(1, 200)],
        ends=NOW + 6 * MINUTE,
        drops=[(NOW + 30 * SECOND, 2 * MINUTE, "no network")],
    )

    def network(now: datetime) -> None:
        away = NOW + 30 * SECOND <= now < NOW + 150 * SECOND
        cloud.fail = [Refused("ServiceUnavailable")] if away else []

    cloud.hook = network
    items = cloud.run()
    [gap] = gaps(items)
    assert (gap.begin - NOW, gap.end - NOW) == (29 * SECOND, 150 * SECOND)
    assert sorted(shown(items)) == sorted(one.message for one in cloud.events)


def test_a_session_that_sends_again_what_is_stored_repeats_nothing_however_old():
    """Some endpoints begin each session with everything the group holds."""
    events = [record(number, number * 30 - 1500) for number in range(50)]
    events += [record(1000 + number, 200 + number * 300) for number in range(20)]
    cloud = Cloud(
        events,
        ends=NOW + 130 * MINUTE,
        drops=[(NOW + at * MINUTE, 2 * SECOND, "lost") for at in (1, 50, 60, 120)],
        stored=True,
    )
    wanted = [one.message for one in events if one.start >= NOW - 30 * MINUTE]
    assert sorted(shown(cloud.run())) == sorted(wanted)


def test_a_record_later_than_readings_go_back_is_shown_once():
    """Live Tail shows it, though no reading would find it."""
    events = [record(1, 30 * 60, delay_s=2500)]
    cloud = Cloud(events, ends=NOW + 70 * MINUTE, drops=[(NOW + 60 * MINUTE, 2 * SECOND, "lost")], stored=True)
    assert shown(cloud.run(since=NOW - 60 * MINUTE)) == ["line 1"]


def test_stored_events_are_no_news_where_nothing_may_be_read():
    denied = Refused("AccessDeniedException", "User: x is not authorized to perform: logs:FilterLogEvents on y")
    cloud = Cloud(
        [record(number, number * 60) for number in range(1, 60)],
        ends=NOW + 65 * MINUTE,
        drops=[(NOW + 62 * MINUTE, 2 * SECOND, "lost")],
        fail=[denied] * 999,
        stored=True,
    )
    found = shown(cloud.run())
    assert len(found) == len(set(found)) == 59


@given(st.randoms(use_true_random=False), st.integers(1, 40))
@settings(max_examples=25, deadline=None)
def test_nothing_is_lost_and_nothing_repeated(random: Random, page_size: int):
    """Delays, disorder, lost sessions, repeated updates and a slow FilterLogEvents, all at once."""
    events = [
        record(number, random.uniform(-600, 240), random.randint(0, 660), hidden=random.randint(0, 8) * SECOND)
        for number in range(random.randint(0, 120))
    ]
    drops = [
        (NOW + random.randint(1, 230) * SECOND, random.randint(1, 30) * SECOND, "lost")
        for _ in range(random.randint(0, 5))
    ]
    cloud = Cloud(events, ends=NOW + 700 * SECOND, drops=drops, repeats=True, page_size=page_size)
    wanted = [one.message for one in events if one.start >= NOW - 10 * MINUTE]
    assert sorted(shown(cloud.run(since=NOW - 10 * MINUTE))) == sorted(wanted)


def test_five_hundred_a_second_with_sessions_lost_on_the_way():
    """Two minutes of the figure asked for; the bench runs the half hour."""
    events = [record(number, number / 500, 60 + number % 97) for number in range(60_000)]
    cloud = Cloud(events, ends=NOW + 150 * SECOND, drops=[(NOW + at * SECOND, 3 * SECOND, "lost") for at in (30, 75)])
    items = cloud.run(since=NOW - 10 * MINUTE)
    found = shown(items)
    assert len(found) == len(set(found)) == len(events)
    assert len(gaps(items)) == 2


def test_where_neither_way_is_allowed_both_permissions_are_named():
    read = Refused("AccessDeniedException", "User: x is not authorized to perform: logs:FilterLogEvents on y")
    cloud = Cloud([record(1, 20)], fail=[read] * 99, refuse=Down("Live Tail needs logs:StartLiveTail", None))
    with pytest.raises(AccessDenied) as caught:
        cloud.run()
    assert caught.value.action == "logs:FilterLogEvents"
    assert "Ask for the IAM action logs:FilterLogEvents." in caught.value.hint
    assert "logs:StartLiveTail" in caught.value.hint


def test_nobody_may_read_the_past_but_live_tail_goes_on():
    denied = Refused("AccessDeniedException", "User: x is not authorized to perform: logs:FilterLogEvents on y")
    cloud = Cloud(
        [record(1, -60), record(2, 20), record(3, 31), record(4, 50)],
        drops=[(NOW + 30 * SECOND, 2 * SECOND, "lost")],
        fail=[denied] * 99,
    )
    items = cloud.run()
    assert shown(items) == ["line 2", "line 4"]
    assert notes(items) == [
        "only what arrives from now on is shown: reading what is there needs logs:FilterLogEvents",
        "what arrived while Live Tail was away is missing: reading it needs logs:FilterLogEvents",
    ]
    assert [gap.missing for gap in gaps(items)] == [True]


@pytest.mark.parametrize(
    ("group", "log_class", "why"),
    [
        (TailedGroup("us-east-1", "g", interval_s=60), "INFREQUENT_ACCESS", "class INFREQUENT_ACCESS has no Live Tail"),
        (TailedGroup("cn-north-1", "g", interval_s=60), "STANDARD", "Live Tail is not offered in cn-north-1"),
    ],
)
def test_where_there_is_no_live_tail_it_polls_and_says_why(group: TailedGroup, log_class: str, why: str):
    cloud = Cloud([record(1, -60)], classes={"g": log_class})
    cloud.stop.wait = lambda timeout=None: cloud.take(1.0) and False  # type: ignore[method-assign, assignment]  # waiting moves the scripted clock
    items = cloud.run(group)
    assert shown(items) == ["line 1"]
    assert cloud.specs == []
    assert statuses(items)[-1].mode == "polling"
    assert why in statuses(items)[-1].reason


def test_without_the_permission_for_live_tail_it_polls_and_names_it():
    cloud = Cloud([record(1, -60)], refuse=Down("Live Tail needs logs:StartLiveTail", None))
    cloud.stop.wait = lambda timeout=None: cloud.take(1.0) and False  # type: ignore[method-assign, assignment]  # waiting moves the scripted clock
    items = cloud.run()
    assert shown(items) == ["line 1"]
    assert (statuses(items)[-1].mode, statuses(items)[-1].reason) == ("polling", "Live Tail needs logs:StartLiveTail")


def test_while_no_session_is_free_it_polls_and_goes_live_when_one_is():
    cloud = Cloud(
        [record(number, number) for number in range(1, 200)],
        ends=NOW + 4 * MINUTE,
        drops=[(NOW + 10 * SECOND, 2 * MINUTE, "the account's 15 Live Tail sessions are all in use")],
    )
    items = cloud.run()
    assert sorted(shown(items)) == sorted(one.message for one in cloud.events)
    away = [status for status in statuses(items) if status.mode == "polling"]
    assert away[-1].reason == "the account's 15 Live Tail sessions are all in use"
    assert away[-1].received > 60
    assert (statuses(items)[-1].mode, statuses(items)[-1].reason) == ("Live Tail", "")


def test_several_groups_share_a_session_and_keep_their_layouts():
    cloud = Cloud([record(1, 20, group="a"), record(2, 20, group="b"), record(3, 20, group="c")])
    groups = [TailedGroup("us-east-1", name, interval_s=60) for name in "ab"]
    items = cloud.run(*groups)
    assert sorted(shown(items)) == ["line 1", "line 2"]
    [spec] = cloud.specs
    assert (spec.arns, spec.prefixes) == (tuple(f"arn:aws:logs:us-east-1:123456789010:log-group:{n}" for n in "ab"), ())


def test_more_than_ten_groups_are_polled():
    cloud = Cloud([record(n, -60, group=f"g{n}") for n in range(11)])
    cloud.stop.wait = lambda timeout=None: cloud.take(1.0) and False  # type: ignore[method-assign, assignment]  # waiting moves the scripted clock
    items = cloud.run(*(TailedGroup("us-east-1", f"g{n}", interval_s=60) for n in range(11)))
    assert len(shown(items)) == 11
    assert cloud.specs == []
    assert statuses(items)[-1].reason == "Live Tail follows 10 log groups at most"


def test_a_group_of_another_class_is_polled_beside_the_session():
    cloud = Cloud([record(1, 20, group="a"), record(2, 20, group="b")], classes={"b": "INFREQUENT_ACCESS"})
    items = cloud.run(*(TailedGroup("us-east-1", name, interval_s=60) for name in "ab"))
    assert sorted(shown(items)) == ["line 1", "line 2"]
    assert statuses(items)[-1].mode == "Live Tail and polling"
    assert "INFREQUENT_ACCESS" in statuses(items)[-1].reason


def test_streams_are_chosen_by_aws_with_one_group_and_here_with_several():
    events = [record(n, 20, stream=f"eni-{n}-all", group=g) for n, g in ((1, "a"), (2, "a"), (3, "b"))]
    only = Cloud(events)
    assert shown(only.run(TailedGroup("us-east-1", "a", ("eni-2",), interval_s=60))) == ["line 2"]
    assert only.specs[0].prefixes == ("eni-2",)
    both = Cloud(events)
    groups = TailedGroup("us-east-1", "a", ("eni-2",), interval_s=60), TailedGroup("us-east-1", "b", interval_s=60)
    assert sorted(shown(both.run(*groups))) == ["line 2", "line 3"]
    assert both.specs[0].prefixes == ()


def test_a_group_deleted_while_tailing_is_said_and_the_others_go_on():
    cloud = Cloud([record(1, 20, group="a"), record(2, 500, group="b")], ends=NOW + 10 * MINUTE)
    answer = cloud.script.answers["FilterLogEvents"]

    def page(params):
        if params["logGroupName"] == "a" and cloud.script.now > NOW + 2 * MINUTE:
            raise Refused("ResourceNotFoundException", "The specified log group does not exist.")
        return answer(params)

    cloud.script.answers["FilterLogEvents"] = page
    items = cloud.run(*(TailedGroup("us-east-1", name, interval_s=60) for name in "ab"))
    assert shown(items) == ["line 1", "line 2"]
    assert notes(items) == ["The log group a in us-east-1 was deleted while it was tailed."]
    assert [spec.keys for spec in cloud.specs] == [
        (("us-east-1", "a"), ("us-east-1", "b")),
        (("us-east-1", "b"),),
    ]


def test_the_only_group_deleted_while_tailing_ends_it_with_a_reason():
    cloud = Cloud([record(1, 20)], ends=NOW + 10 * MINUTE)
    answer = cloud.script.answers["FilterLogEvents"]

    def page(params):
        if cloud.script.now > NOW + MINUTE:
            raise Refused("ResourceNotFoundException")
        return answer(params)

    cloud.script.answers["FilterLogEvents"] = page
    with pytest.raises(AwsError, match="was deleted while it was tailed"):
        cloud.run()


def test_a_group_deleted_before_its_first_reading_was_there_where_live_tail_had_opened():
    cloud = Cloud([record(1, 10)], ends=NOW + 10 * MINUTE)

    def page(_: object) -> dict[str, object]:
        raise Refused("ResourceNotFoundException")

    cloud.script.answers["FilterLogEvents"] = page
    with pytest.raises(AwsError, match="was deleted while it was tailed"):
        cloud.run()


def test_the_reader_of_an_inbox_that_is_too_slow_is_told_that_something_is_missing():
    from flowtui.aws.live_line import Inbox, Update

    inbox = Inbox()
    event = LogEvent("", "s", 0, 0, "m")
    for _ in range(500):
        inbox.put("line", Update((event,) * 500))
    words = [word for _, word in inbox.take(0)]
    assert sum(len(word.events) for word in words if isinstance(word, Update)) == 200_000
    assert sum(word.partial for word in words if isinstance(word, Update)) == 100
    inbox.put("line", Update((event,)))
    assert inbox.take(0) == [("line", Update((event,)))]
