"""Stretches without Live Tail, from the moment it is back until readings by FilterLogEvents vouch for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flowtui.aws.models import LogEvent
from flowtui.aws.tail_news import TailGap
from flowtui.aws.window import Window

Key = tuple[str, str]


@dataclass(slots=True)
class _Pending:
    gap: TailGap
    keys: tuple[Key, ...]
    found: int = 0


class Gaps:
    """The gaps of one tail that are not filled yet.

    Args:
        windows: by region and name; one that is taken out is waited for no more.
    """

    def __init__(self, windows: Mapping[Key, Window]) -> None:
        self._windows = windows
        self._pending: list[_Pending] = []
        self._count = 0

    def mark(self, keys: tuple[Key, ...], begin: datetime, end: datetime, why: str) -> Iterator[TailGap]:
        """Live Tail of these groups is back.

        Nothing is marked where readings have meanwhile vouched for everything up to the loss: then they took its place,
        and the next one goes on from there. A gap of the same groups that is not filled yet grows instead.
        """
        windows = self._of(keys)
        if all(window.vouches_for(begin) for window in windows):
            return
        found = next((one for one in self._pending if one.keys == keys), None)
        if found is None:
            self._count += 1
            groups = tuple(dict.fromkeys(name for _, name in keys))
            found = _Pending(TailGap(self._count, begin, end, why, groups), keys)
            self._pending.append(found)
        else:
            found.gap = replace(found.gap, end=end, why=why)
        yield found.gap
        yield from self.settle()

    def read(self, key: Key, fresh: Iterable[LogEvent]) -> None:
        """Count what a reading found that arrived in a gap."""
        mine = [one for one in self._pending if key in one.keys]
        for one in mine:
            begin_ms, end_ms = one.gap.begin.timestamp() * 1000, one.gap.end.timestamp() * 1000
            one.found += sum(begin_ms <= event.ingested_ms <= end_ms for event in fresh)

    def settle(self) -> Iterator[TailGap]:
        """The gaps that are filled now, and those that never will be."""
        for one in list(self._pending):
            windows = self._of(one.keys)
            missing = any(window.unreadable for window in windows)
            if missing or all(window.vouches_for(one.gap.end) for window in windows):
                self._pending.remove(one)
                yield replace(one.gap, found=one.found, missing=missing)

    def unvouched(self) -> list[Window]:
        """The groups in which some gap still waits for a reading."""
        return self._of(dict.fromkeys(key for one in self._pending for key in one.keys))

    def _of(self, keys: Collection[Key]) -> list[Window]:
        return [self._windows[key] for key in keys if key in self._windows]
