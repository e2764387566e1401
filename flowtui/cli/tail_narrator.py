"""What ``flowtui tail`` says on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from flowtui.records.labels import clean
from flowtui.times import age_text, count

if TYPE_CHECKING:
    from flowtui.aws.tail import TailGap, TailNews, TailSource, TailStatus

_WORSE = 7
"""Trouble is told again when the wait is so many times what was told: mostly at 1, 8 and 60 seconds."""


class Narrator:
    """Tells how the tail is doing: on a terminal always, else only trouble and its end.

    Args:
        source: what is tailed.
    """

    def __init__(self, source: TailSource) -> None:
        self._terminal = sys.stderr.isatty()
        self._trouble = ""
        self._told_s = 0.0
        self._mode = ""
        self._sampled = False
        self._last: TailStatus | None = None
        if self._terminal:
            many = "log groups" if len(source.groups) > 1 else "log group"
            _say(f"tailing {source.label}: {many} {source.group} in {source.region}")
        for note in source.notes:
            _say(f"note: {note}")

    def tell(self, news: TailNews) -> None:
        """Say what is worth it; records are none of it."""
        from flowtui.aws.tail import TailGap, TailNote, TailStatus

        match news:
            case TailNote():
                _say(f"note: {news.text}")
            case TailGap():
                _say(_gap_text(news))
            case TailStatus():
                self._status(news)

    def _status(self, status: TailStatus) -> None:
        self._last = status
        # Trouble that lasts waits longer and longer; it is told again now and then, else its end seems near for ever.
        lasts = status.trouble == self._trouble and status.waiting_s >= _WORSE * self._told_s > 0
        if status.trouble and (status.trouble != self._trouble or lasts):
            waiting = f"; trying again in {status.waiting_s:.0f} s" if status.waiting_s else ""
            lag = f"; newest record {age_text(status.lag_s)} old" if status.lag_s is not None and lasts else ""
            _say(f"{status.trouble}{waiting}{lag}")
            self._told_s = status.waiting_s
        elif self._trouble and not status.trouble:
            _say("going on")
        self._trouble = status.trouble
        if status.sampled and not self._sampled:
            _say("Live Tail hands out a sample only, above 500 records a second; the rest follows some seconds later")
        self._sampled = status.sampled
        mode = f"{status.mode} ({status.reason})" if status.reason else status.mode
        if mode != self._mode and (self._terminal or status.reason):
            _say(" · ".join(self._parts(status, mode)))
        self._mode = mode

    def close(self) -> None:
        """Say what came."""
        status = self._last
        if status is not None and (self._terminal or status.unparsed):
            _say(" · ".join(self._parts(status, status.mode)))

    def _parts(self, status: TailStatus, mode: str) -> Iterator[str]:
        yield mode
        yield f"{status.received} records"
        if status.unparsed:
            yield f"{status.unparsed} of them fit no known format"
        if status.recovered:
            yield f"{status.recovered} of them read again after Live Tail had left them out"
        if status.lag_s is not None:
            yield f"newest {age_text(status.lag_s)} old"


def _gap_text(gap: TailGap) -> str:
    where = f"gap {gap.begin:%H:%M:%S} to {gap.end:%H:%M:%S} UTC"
    if gap.missing:
        return f"{where}: {gap.why}; what arrived meanwhile is missing, reading it needs logs:FilterLogEvents"
    if gap.found is None:
        return f"{where}: {gap.why}; what arrived meanwhile follows"
    return f"{where}: filled, {count(gap.found, 'record')} read again, none is missing"


def _say(text: str) -> None:
    click.echo(clean(text), err=True)
