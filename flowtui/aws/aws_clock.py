"""AWS's idea of now: this machine's clock, corrected by the Date header of AWS's answers.

What a tail has read is reckoned in AWS's time, for a clock that is ahead would otherwise skip what arrives late.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from flowtui.times import Clock

WORTH_SAYING_S = 30.0
"""A clock this wrong makes times on screen puzzling."""

_PRECISION_S = 5.0
"""Date headers have whole seconds, and answers take a moment."""


def answered_at(answer: Mapping[str, Any]) -> datetime | None:
    """The time at which AWS answered a call, by the answer's Date header; None without one that can be read."""
    text = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    # A zone that is not told makes a naive time, which says nothing.
    return moment if moment.tzinfo else None


class AwsClock:
    """Tells AWS's time. ``skew_s`` is by how much the machine is ahead, in seconds; 0 while it is about right.

    Args:
        clock: the machine's, or the account's, idea of now.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.skew_s = 0.0

    def hear(self, answered: datetime | None) -> None:
        """Take note of an answer that has just come."""
        if answered is None:
            return
        ahead_s = (self._clock() - answered).total_seconds()
        self.skew_s = ahead_s if abs(ahead_s) > _PRECISION_S else 0.0

    def machine(self) -> datetime:
        """Now, as this machine has it."""
        return self._clock()

    def now(self) -> datetime:
        """Now, as AWS has it."""
        return self.at(self._clock())

    def now_ms(self) -> int:
        """Now in Unix milliseconds, as AWS has it."""
        return self.at_ms(self._clock())

    def at(self, moment: datetime) -> datetime:
        """A moment that this machine's clock told, as AWS has it."""
        return moment - timedelta(seconds=self.skew_s)

    def at_ms(self, moment: datetime) -> int:
        """A moment that this machine's clock told, in Unix milliseconds as AWS has it."""
        return int((moment.timestamp() - self.skew_s) * 1000)
