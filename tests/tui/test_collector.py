"""Long pauses of the garbage collector happen once: what survived them is not looked at again."""

from __future__ import annotations

import gc

import pytest

from flowtui.tui import collector as module
from flowtui.tui.collector import Collector


@pytest.fixture
def collector():
    made = Collector()
    yield made
    made.stop()


def test_what_is_there_at_the_start_is_set_aside_until_the_end(collector):
    before = len(gc.callbacks)
    collector.start()
    assert gc.get_freeze_count() > 1000
    collector.stop()
    assert (gc.get_freeze_count(), len(gc.callbacks)) == (0, before)
    collector.stop()


@pytest.mark.parametrize(("long_s", "aside"), [(-1.0, True), (60.0, False)])
def test_survivors_of_a_long_collection_are_set_aside(collector, monkeypatch, long_s, aside):
    monkeypatch.setattr(module, "LONG_S", long_s)
    collector.start()
    kept = [[number] for number in range(2000)]
    frozen = gc.get_freeze_count()
    gc.collect(1)
    assert gc.get_freeze_count() <= frozen
    gc.collect()
    assert (gc.get_freeze_count() >= frozen + len(kept)) is aside
