"""Ranges of time for a listing: by preset, or in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from flowtui.errors import UsageError
from flowtui.times import in_letters, parse_time, parse_until
from flowtui.tui.objects.places import Range

EVERYTHING = Range("everything")
PRESETS = {
    "0": ("today", "today"),
    "1": ("1h", "the last hour"),
    "2": ("3h", "the last 3 hours"),
    "3": ("12h", "the last 12 hours"),
    "4": ("24h", "the last 24 hours"),
    "5": ("3d", "the last 3 days"),
    "6": ("7d", "the last 7 days"),
}
DEFAULT_PRESET = "4"
_BETWEEN = {"to", "till", "until", "-", "–", "and"}
HINT = "One time or two: 3h · yesterday · 2024-01-14 · 2024-01-15T13:00 2024-01-15T15:00 · all. Times are UTC."


def preset_range(key: str, now: datetime) -> Range:
    """The range of a preset key."""
    word, label = PRESETS[key]
    return Range(label, parse_time(word, now))


def parse_range(text: str, now: datetime) -> Range:
    """Read a range: a beginning, and an end if it is given; a bare day alone means that day.

    Raises:
        UsageError: no time, too many, or an end before the beginning.
    """
    words = in_letters(text).split()
    if len(words) == 3 and words[1].lower() in _BETWEEN:
        del words[1]
    if not words or len(words) > 2:
        raise UsageError("A range is one time or two.", HINT)
    if words == ["all"]:
        return EVERYTHING
    since = parse_time(words[0], now)
    until = parse_until(words[-1], now) if len(words) == 2 else _end_of_day(words[0], since, now)
    if until is not None and until <= since:
        raise UsageError(f"{words[-1]} is not after {words[0]}.", HINT)
    return Range(text.strip(), since, until)


def _end_of_day(word: str, since: datetime, now: datetime) -> datetime | None:
    until = parse_until(word, now)
    return until if until - since == timedelta(days=1) else None
