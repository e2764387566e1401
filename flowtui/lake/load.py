"""Loads objects into the workspace: fetched and checked ahead, read by DuckDB in few large batches.

A batch commits as a whole, so an interrupted load has whole objects only, and the next run takes up where it ended.
A load is a generator of :class:`LoadProgress`; closing it cancels: the running statement is interrupted, its batch
rolled back, threads end.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Generator, Sequence

from flowtui.errors import FlowTuiError
from flowtui.lake.feeder import Feeder, Setback
from flowtui.lake.formats import Formats
from flowtui.lake.ledger import Entry, Key, loaded_objects, note_failures
from flowtui.lake.prepare import Prepared
from flowtui.lake.progress import LoadProgress, LoadReport, Stage
from flowtui.lake.sources import Source
from flowtui.lake.spool import Spool
from flowtui.lake.totals import Totals
from flowtui.lake.trouble import explained
from flowtui.lake.workspace import Workspace
from flowtui.lake.writer import Writer
from flowtui.times import Clock, system_clock

FETCHERS = 16
"""Objects fetched from S3 at once; the store's own threads do the work, ours mostly wait."""

# Plain bytes: below the first a batch waits for more while more is coming, above the second it is begun anew. One
# statement over many files is a fifth faster than one over sixteen; a batch is also what an interruption loses.
_SMALL_BATCH = 256 << 20
_LARGE_BATCH = 2 << 30
_LARGE_COUNT = 5000
_PATIENCE_S = 0.5
_TICK_S = 0.1


def load(
    workspace: Workspace,
    sources: Sequence[Source],
    *,
    clock: Clock = system_clock,
    threads: int = 0,
    formats: Formats | None = None,
) -> Generator[LoadProgress, None, None]:
    """Load objects; those in the workspace already are passed over, those whose content changed are replaced.

    An object that is damaged, or that cannot be had, is set aside with its reason and the rest is loaded.

    Args:
        workspace: where to.
        sources: the objects; a key that appears twice is taken once.
        clock: what the ledger notes as time of loading.
        threads: objects fetched and checked at once; by default as many as make sense.
        formats: what is known of files without a header; by default nothing.

    Yields:
        Progress about ten times a second; the last value carries the :class:`LoadReport`.

    Raises:
        WorkspaceError: the workspace failed: no room on the disk, not enough memory, damage.
    """
    run = _Load(workspace, clock, formats or Formats())
    try:
        yield from run.steps(list({(one.bucket, one.key): one for one in sources}.values()), threads)
    finally:
        run.cancel()


class _Load:
    """One load at work."""

    def __init__(self, workspace: Workspace, clock: Clock, formats: Formats) -> None:
        self._formats = formats
        self._workspace = workspace
        self._clock = clock
        self._stop = threading.Event()
        self._writer = Writer(workspace, clock, self._stop)
        self._spool = Spool(workspace.path)
        self._totals = Totals()
        self._ready: deque[Prepared] = deque()
        self._began = time.monotonic()

    def steps(self, sources: list[Source], threads: int) -> Generator[LoadProgress, None, None]:
        """The load, step by step."""
        self._totals.expect(sources)
        with explained(self._workspace.path), self._workspace.cursor() as cursor:
            known = loaded_objects(cursor)
        wanted = [source for source in sources if not self._passed_over(source, known)]
        remote = any(source.bucket for source in wanted)
        threads = threads or (FETCHERS if remote else min(4, os.cpu_count() or 1))
        feeder = Feeder(wanted, threads, self._stop, self._formats, self._spool)
        yield self._totals.progress("reading", 0)
        idle_since = shown = time.monotonic()
        while not feeder.done or self._ready or self._writer.busy:
            for answer in feeder.take(_TICK_S if not feeder.done else 0.0):
                self._note(answer)
            if self._writer.busy:
                self._writer.wait(0.0 if not feeder.done else _TICK_S)
            if (done := self._writer.collect()) is not None:
                for loaded in done:
                    if loaded.file.copy is not None:
                        loaded.file.copy.drop()
                    if loaded.reason:
                        loaded.file.source.discard()
                self._totals.add(done)
                idle_since = time.monotonic()
            waited = time.monotonic() - idle_since
            if not self._writer.busy and self._ready and self._is_worth(feeder, waited):
                feeder.hurry = False
                self._writer.begin(self._next_batch())
            if time.monotonic() - shown >= _TICK_S:
                shown = time.monotonic()
                stage: Stage = "loading" if self._writer.busy else "reading"
                yield self._totals.progress(stage, self._writer.bytes_done(), feeder.bytes_read)
        with explained(self._workspace.path), self._workspace.cursor() as cursor, self._workspace.writing:
            note_failures(cursor, self._totals.failures, self._clock())
        yield self._last(self._totals.report(time.monotonic() - self._began))

    def cancel(self) -> None:
        """End whatever is still at work, with nothing half-done; after a finished load there is nothing."""
        self._stop.set()
        self._writer.cancel()
        self._spool.close()

    def _passed_over(self, source: Source, known: dict[Key, Entry]) -> bool:
        entry = known.get((source.bucket, source.key))
        if entry is None or not source.etag or entry.identity != source.etag:
            return False
        if not self._formats.settle(entry.layout):
            return False
        self._totals.skip(source)
        return True

    def _note(self, answer: Prepared | Setback) -> None:
        if isinstance(answer, Prepared):
            self._totals.objects_read += 1
            self._ready.append(answer)
            return
        self._totals.fail(answer.source, answer.error.message, answer.error.hint)
        if answer.untried:
            self._totals.give_up(answer.untried, _sentence(answer.error))

    def _is_worth(self, feeder: Feeder, waited_s: float) -> bool:
        """Whether to begin a batch of what is ready."""
        enough = sum(file.body_bytes for file in self._ready) >= _SMALL_BATCH
        return enough or feeder.done or self._spool.full or waited_s >= _PATIENCE_S

    def _next_batch(self) -> list[Prepared]:
        batch: list[Prepared] = []
        weight = 0
        while self._ready and len(batch) < _LARGE_COUNT and (not batch or weight < _LARGE_BATCH):
            batch.append(self._ready.popleft())
            weight += batch[-1].body_bytes
        return batch

    def _last(self, report: LoadReport) -> LoadProgress:
        return self._totals.progress("done", 0, report=report)


def _sentence(error: FlowTuiError) -> str:
    return f"{error.message} {error.hint}".strip()
