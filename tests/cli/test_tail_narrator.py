"""What ``flowtui tail`` says of a tail in trouble."""

import pytest

from flowtui.aws.tail import TailedGroup, TailSource, TailStatus
from flowtui.cli.tail_narrator import Narrator


def test_trouble_that_lasts_is_told_again_with_how_far_behind_the_tail_is(capsys: pytest.CaptureFixture[str]):
    narrator = Narrator(TailSource((TailedGroup("us-east-1", "g"),), "g"))
    for waiting_s in (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0):
        narrator.tell(TailStatus("polling", 5, 0, 90.0 + waiting_s, "throttled", waiting_s))
    narrator.tell(TailStatus("polling", 9, 0, 60.0))
    narrator.tell(TailStatus("polling", 9, 0, 60.0, "throttled", 1.0))
    assert capsys.readouterr().err.splitlines() == [
        "throttled; trying again in 1 s",
        "throttled; trying again in 8 s; newest record 1m old",
        "throttled; trying again in 60 s; newest record 2m old",
        "going on",
        "throttled; trying again in 1 s",
    ]


def test_another_trouble_is_not_taken_for_one_that_lasts(capsys: pytest.CaptureFixture[str]):
    narrator = Narrator(TailSource((TailedGroup("us-east-1", "g"),), "g"))
    narrator.tell(TailStatus("polling", 5, 0, 90.0, "one", 1.0))
    narrator.tell(TailStatus("polling", 5, 0, 90.0, "other", 60.0))
    assert capsys.readouterr().err.splitlines()[-1] == "other; trying again in 60 s"
