"""Whose an event is that a Live Tail session hands out."""

from flowtui.aws.live_side import _of_group
from flowtui.aws.models import LogEvent


def test_an_event_that_names_another_group_is_not_taken_for_the_sessions_only_one():
    """A stand-in answers a session on one group with the events of another; they showed as that group's own."""
    named, unnamed, other = (LogEvent("", "s", 1, 1, group or "none", group=group) for group in ("g", "", "h"))
    assert [(event.message, event.group) for event in _of_group("g", (named, unnamed, other), only=True)] == [
        ("g", "g"),
        ("none", "g"),
    ]
    assert [event.message for event in _of_group("g", (named, unnamed, other), only=False)] == ["g"]
