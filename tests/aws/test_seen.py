from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from flowtui.aws.models import LogEvent
from flowtui.aws.seen import SeenIds, SeenLines

MINUTE_MS = 60_000


def event(id: str = "", message: str = "m", at: int = 0, ingested: int = 0, stream: str = "s") -> LogEvent:
    return LogEvent(id, stream, at, ingested, message)


def test_ids_pass_once():
    seen = SeenIds()
    assert [one.event_id for one in seen.delivery().fresh([event("a"), event("b"), event("a")])] == ["a", "b"]
    assert seen.delivery().fresh([event("b")]) == []


def test_events_without_an_id_are_told_apart_by_what_they_are():
    seen = SeenIds()
    assert len(seen.delivery().fresh([event(message="m"), event(message="n")])) == 2
    assert seen.delivery().fresh([event(message="n")]) == []


def test_copies_in_one_delivery_are_records_of_their_own_and_in_another_the_same():
    seen = SeenLines()
    assert len(seen.delivery().fresh([event(), event()])) == 2
    assert seen.delivery().fresh([event(), event()]) == []
    assert len(seen.delivery().fresh([event(), event(), event()])) == 1


def test_a_reading_that_returns_an_event_twice_is_not_believed():
    assert len(SeenLines().delivery().fresh([event("a"), event("a"), event("b")])) == 2


def test_a_delivery_may_come_in_parts():
    seen = SeenLines()
    update, reading = seen.delivery(), seen.delivery()
    assert len(reading.fresh([event("a")])) == 1
    assert update.fresh([event()]) == []
    assert len(reading.fresh([event("b")])) == 1


def test_everything_an_event_is_tells_it_from_others():
    others = [event(message="n"), event(at=1), event(ingested=1), event(stream="t")]
    seen = SeenLines()
    seen.delivery().fresh([event()])
    assert seen.delivery().fresh(others) == others


def test_what_is_old_is_forgotten_by_the_minute():
    for seen in (SeenIds(), SeenLines()):
        seen.delivery().fresh([event("a", at=0), event("b", at=MINUTE_MS), event("c", at=3 * MINUTE_MS)])
        seen.forget_before(2 * MINUTE_MS)
        assert len(seen) == 1
        assert len(seen.delivery().fresh([event("c", at=3 * MINUTE_MS), event("a", at=0)])) == 1


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=12), st.integers(1, 3))
def test_updates_and_a_whole_reading_together_show_each_event_once(held: list[tuple[str, bool]], size: int):
    """Whatever part Live Tail hands out, and however it is cut into updates, the reading brings the rest."""
    stored = [event(str(number), message) for number, (message, _) in enumerate(held)]
    live = [event(message=message) for message, sent in held if sent]
    seen = SeenLines()
    shown = list(chain.from_iterable(seen.delivery().fresh(live[n : n + size]) for n in range(0, len(live), size)))
    shown += seen.delivery().fresh(stored)
    assert sorted(one.message for one in shown) == sorted(one.message for one in stored)
