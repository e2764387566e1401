"""Puts what a tail tells into the workspace, on a thread of its own, so that the tail never waits for the disk.

A workspace that another process holds does not stop the tail: that rows are not kept is said once, and tried again.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from flowtui.aws.models import LogEvent
from flowtui.aws.tail_news import TailBatch, TailLine, TailNews, TailNote
from flowtui.errors import FlowTuiError
from flowtui.lake.live import LiveRow, append, identity_of, prepare
from flowtui.lake.workspace import Workspace
from flowtui.records.layout import Layout
from flowtui.records.parse import LineParser, Record
from flowtui.times import count

OpenWorkspace = Callable[[], AbstractContextManager[Workspace]]

PERIOD_S = 2.0
_BATCH = 20_000
_MOST_WAITING = 100_000
"""Events that may wait for a workspace that cannot be had; the oldest are let go, and counted."""

_CLOSING_S = 5.0
_GENERATION = 200_000


def keeping(
    news: Iterator[TailNews],
    open_workspace: OpenWorkspace,
    layouts: Sequence[Layout],
    wanted: Callable[[], bool] = lambda: True,
) -> Generator[TailNews, None, None]:
    """The same news, and a note where rows could not be kept.

    Args:
        news: what a tail tells.
        open_workspace: gives the workspace for the length of one batch.
        layouts: layouts the records may have.
        wanted: whether records are to be kept; it may change at any time.
    """
    keeper: LiveKeeper | None = None
    try:
        for item in news:
            if wanted():
                keeper = keeper or LiveKeeper(open_workspace, layouts)
                if isinstance(item, TailBatch):
                    keeper.add(item.lines)
            elif keeper:
                keeper.close()
                yield from map(TailNote, keeper.notes())
                keeper = None
            yield item
            if keeper:
                yield from map(TailNote, keeper.notes())
        if keeper:
            keeper.close()
            yield from map(TailNote, keeper.notes())
    finally:
        if keeper:
            keeper.close()


class LiveKeeper:
    """The thread. Rows are added from any one other thread.

    Args:
        open_workspace: as for :func:`keeping`.
        layouts: as for :func:`keeping`.
        period_s: seconds between two batches.
        most_waiting: events that may wait.
    """

    def __init__(
        self,
        open_workspace: OpenWorkspace,
        layouts: Sequence[Layout],
        *,
        period_s: float = PERIOD_S,
        most_waiting: int = _MOST_WAITING,
    ) -> None:
        self._open = open_workspace
        self._layouts = tuple(layouts)
        self._period_s = period_s
        # Events, not records, which would take three times the memory: those are parsed again when it is their turn.
        self._waiting: deque[tuple[LogEvent, Layout, datetime]] = deque()
        self._most_waiting = most_waiting
        self._let_go = 0
        self._queue = threading.Lock()
        self._notes: deque[str] = deque()
        self._told = False
        self._prepared = False
        self._closing = threading.Event()
        self._copies: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self._thread = threading.Thread(target=self._run, name="live rows", daemon=True)
        self._thread.start()

    def add(self, lines: Sequence[TailLine]) -> None:
        """Keep the records among these lines; returns at once."""
        now = datetime.now(UTC)
        with self._queue:
            self._waiting.extend((line.event, line.record.layout, now) for line in lines if line.record is not None)
            while len(self._waiting) > self._most_waiting:
                self._waiting.popleft()
                self._let_go += 1

    def notes(self) -> Iterator[str]:
        """What there is to say, once."""
        while self._notes:
            yield self._notes.popleft()

    def close(self) -> None:
        """Keep what waits, and end; gives up after some seconds."""
        self._closing.set()
        self._thread.join(_CLOSING_S)

    def _run(self) -> None:
        rows: list[LiveRow] = []
        while True:
            last = self._closing.wait(0.0 if len(self._waiting) >= _BATCH and not rows else self._period_s)
            # Rows that could not be put away are tried again before others are taken.
            rows = rows or self._take()
            if rows or not self._prepared:
                rows = rows if not self._put(rows) else []
            if last and (rows or not self._waiting):
                return

    def _take(self) -> list[LiveRow]:
        with self._queue:
            found = [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]
        parsers = {layout: LineParser(layout) for layout in {layout for _, layout, _ in found}}
        return [self._row(event, parsers[layout].parse(event.message), arrived) for event, layout, arrived in found]

    def _row(self, event: LogEvent, record: Record, arrived: datetime) -> LiveRow:
        base = identity_of(
            event.region, event.group, event.stream, event.timestamp_ms, event.ingested_ms, event.message
        )
        recent, older = self._copies
        copy = recent[base] = recent.get(base, older.get(base, 0)) + 1
        if len(recent) > _GENERATION:
            # Copies of one event come close together.
            self._copies = {}, recent
        return LiveRow(record, base if copy == 1 else identity_of(base, copy), arrived)

    def _put(self, rows: Sequence[LiveRow]) -> bool:
        import duckdb

        try:
            with self._open() as workspace:
                if not self._prepared:
                    prepare(workspace, self._layouts)
                    self._prepared = True
                append(workspace, rows)
                self._tell_let_go()
        except duckdb.InterruptException:
            # Somebody closes the workspace, which stops every statement on it; the next one had may be another.
            return False
        except FlowTuiError as error:
            if not self._told:
                self._told = True
                self._notes.append(f"live rows are not kept in the workspace: {error.message}")
            return False
        return True

    def _tell_let_go(self) -> None:
        with self._queue:
            lost, self._let_go = self._let_go, 0
        if lost:
            # Trouble that comes later is news again.
            self._told = False
            self._notes.append(f"{count(lost, 'live record')} let go while the workspace could not be had")
