"""Gaps in what a flow log delivered: its objects' names tell the 5-minute slots they are of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from flowtui.records.paths import SLOT, ObjectPath


@dataclass(frozen=True, slots=True)
class SlotGap:
    """Slots of a flow log without an object: how many, the first and the last of them."""

    flow_log_id: str
    missing: int
    first: datetime
    last: datetime


def slot_gaps(keys: Iterable[str]) -> tuple[SlotGap, ...]:
    """Gaps between the first and the last object of each flow log, in order; keys AWS did not name are left out.

    A flow log whose objects mostly come every ten minutes has a gap where more than ten pass without one.
    """
    slots: dict[tuple[str, str, str], set[datetime]] = defaultdict(set)
    for key in keys:
        path = ObjectPath.parse(key)
        if path is not None and path.slot is not None:
            slots[path.account_id, path.region, path.flow_log_id].add(path.slot)
    found = []
    for (_, _, flow_log_id), moments in sorted(slots.items()):
        steps = [(before, after) for before, after in pairwise(sorted(moments))]
        usual = Counter(after - before for before, after in steps).most_common(1)
        # Two objects tell no rhythm; nor does one that is slower than the longest aggregation interval.
        step = usual[0][0] if usual and SLOT <= usual[0][0] <= 2 * SLOT else SLOT
        found += [
            SlotGap(flow_log_id, (after - before) // step - 1, before + step, after - step)
            for before, after in steps
            if after - before > step
        ]
    return tuple(gap for gap in found if gap.missing > 0)
