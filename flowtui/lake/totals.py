"""Counts of a load under way, and the report made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from flowtui.lake.batch import Loaded
from flowtui.lake.progress import Failure, LayoutTotal, LoadProgress, LoadReport, Stage
from flowtui.lake.sources import Source
from flowtui.records.layout import Layout
from flowtui.records.slots import slot_gaps


class Totals:
    """Counts of one load."""

    def __init__(self) -> None:
        self.objects_read = 0
        self._taken = 0
        self._ok = self._nodata = self._skipdata = self._repeated = 0
        self._by_shape: list[str] = []
        self._keys: list[str] = []
        self.skipped = 0
        self.failures: list[tuple[Source, str]] = []
        self._hints: list[str] = []
        self._expected = self._expected_bytes = 0
        self._done = self._done_bytes = 0
        self._loaded = self._loaded_bytes = 0
        self._rejected: list[Failure] = []
        self._rejected_lines = 0
        self._objects_of: Counter[Layout] = Counter()
        self._records_of: Counter[Layout] = Counter()
        self._times: list[int] = []
        self._untried = 0
        self._stopped_by = ""

    def expect(self, sources: Iterable[Source]) -> None:
        """All objects asked for."""
        for source in sources:
            self._expected += 1
            self._expected_bytes += source.size

    def skip(self, source: Source) -> None:
        """An object is in the workspace already."""
        self.skipped += 1
        self._keys.append(source.key)
        self._finish(source)

    def fail(self, source: Source, reason: str, hint: str = "") -> None:
        """An object is set aside; ``hint`` is what to do about it."""
        self.failures.append((source, _brief(reason, source.name)))
        self._hints.append(hint)
        self._keys.append(source.key)
        self._finish(source)

    def give_up(self, untried: int, reason: str) -> None:
        """Further objects will not be tried; the first reason counts."""
        self._untried += untried
        self._stopped_by = self._stopped_by or reason

    def add(self, batch: Iterable[Loaded]) -> None:
        """A batch is committed."""
        for loaded in batch:
            self._taken += 1
            source, tally = loaded.file.source, loaded.tally
            if tally is None:
                self.skip(source)
            elif loaded.reason:
                self.fail(source, loaded.reason)
            else:
                self._finish(source)
                self._loaded += 1
                self._keys.append(source.key)
                self._ok += tally.ok
                self._nodata += tally.nodata
                self._skipdata += tally.skipdata
                self._repeated += tally.repeated
                if loaded.file.reading is not None and loaded.file.reading.by_shape:
                    self._by_shape.append(source.name)
                self._loaded_bytes += source.size
                self._objects_of[loaded.file.layout] += 1
                self._records_of[loaded.file.layout] += tally.rows
                self._times += [time for time in (tally.first_start, tally.last_end) if time is not None]
                if tally.rejected:
                    self._rejected_lines += tally.rejected
                    self._rejected.append(Failure(source.name, _lines(tally.rejected)))

    def _finish(self, source: Source) -> None:
        self._done += 1
        self._done_bytes += source.size

    def progress(
        self, stage: Stage, bytes_at_work: int, bytes_read: int = 0, report: LoadReport | None = None
    ) -> LoadProgress:
        """How far the load is, with what the batch at work has read so far, and the bytes checked ahead of it."""
        return LoadProgress(
            stage=stage,
            objects_done=self._done,
            objects_total=self._expected,
            bytes_done=self._done_bytes + bytes_at_work,
            bytes_total=self._expected_bytes,
            objects_read=self.objects_read,
            records=self._records_of.total(),
            rejected=self._rejected_lines,
            skipped=self.skipped,
            failed=len(self.failures),
            last_failure=self._last_failure(),
            objects_ready=self.objects_read - self._taken,
            bytes_read=min(bytes_read, self._expected_bytes),
            report=report,
        )

    def report(self, elapsed_s: float) -> LoadReport:
        """The end of it."""
        layouts = (LayoutTotal(layout, count, self._records_of[layout]) for layout, count in self._objects_of.items())
        return LoadReport(
            objects=self._loaded,
            size=self._loaded_bytes,
            records=self._records_of.total(),
            rejected=self._rejected_lines,
            skipped=self.skipped,
            failed=self._failed(),
            rejected_in=tuple(self._rejected),
            layouts=tuple(sorted(layouts, key=lambda total: -total.records)),
            ok=self._ok,
            nodata=self._nodata,
            skipdata=self._skipdata,
            repeated=self._repeated,
            by_shape=tuple(self._by_shape),
            slot_gaps=() if self._untried else slot_gaps(self._keys),
            first_start=min(self._times, default=None),
            last_end=max(self._times, default=None),
            untried=self._untried,
            stopped_by=self._stopped_by,
            elapsed_s=elapsed_s,
        )

    def _last_failure(self) -> Failure | None:
        if not self.failures:
            return None
        source, reason = self.failures[-1]
        return Failure(source.name, reason, self._hints[-1])

    def _failed(self) -> tuple[Failure, ...]:
        return tuple(
            Failure(source.name, reason, hint)
            for (source, reason), hint in zip(self.failures, self._hints, strict=True)
        )


def _brief(reason: str, name: str) -> str:
    """A reason without the object's name, which stands before it wherever it is told, and is long."""
    return reason.replace(f" of {name}", "").replace(name, "it")


def _lines(count: int) -> str:
    return "1 line refused" if count == 1 else f"{count:,} lines refused"
