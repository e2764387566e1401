from datetime import UTC, datetime, timedelta

import pytest

from flowtui.records.slots import SlotGap, slot_gaps

NOON = datetime(2024, 1, 15, 12, tzinfo=UTC)


def key(minutes: int, flow_log_id: str = "fl-1234abcd") -> str:
    slot = NOON + timedelta(minutes=minutes)
    return f"x/123456789010_vpcflowlogs_us-east-1_{flow_log_id}_{slot:%Y%m%dT%H%M}Z_hash.log.gz"


def gap(missing: int, first: int, last: int) -> SlotGap:
    return SlotGap("fl-1234abcd", missing, NOON + timedelta(minutes=first), NOON + timedelta(minutes=last))


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ([], ()),
        ([0], ()),
        ([0, 5, 10, 10, 5], ()),
        ([15, 0, 5, 25, 30], (gap(1, 10, 10), gap(1, 20, 20))),
        ([0, 5, 10, 40, 45], (gap(5, 15, 35),)),
        ([0, 10, 20, 30, 60], (gap(2, 40, 50),)),
        ([0, 20], (gap(3, 5, 15),)),
    ],
)
def test_gaps(minutes: list[int], expected: tuple[SlotGap, ...]):
    assert slot_gaps(map(key, minutes)) == expected


def test_each_flow_log_by_itself_and_other_names_left_out():
    keys = [key(0), key(5, "fl-0000ffff"), key(10), key(10, "fl-0000ffff"), key(15, "fl-0000ffff"), "mine/a.log"]
    assert slot_gaps(keys) == ()
    assert [one.flow_log_id for one in slot_gaps([*keys, key(30, "fl-0000ffff")])] == ["fl-0000ffff"]
