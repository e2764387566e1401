"""What a load says while it runs, and at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flowtui.records.layout import Layout
from flowtui.records.slots import SlotGap
from flowtui.times import bytes_text

Stage = Literal["reading", "loading", "done"]


@dataclass(frozen=True, slots=True)
class Failure:
    """An object that could not be loaded, or lines of one that were refused: its name, why, and the next step."""

    name: str
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class LayoutTotal:
    """Objects and records of one layout."""

    layout: Layout
    objects: int
    records: int


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did.

    Args:
        objects: objects loaded now.
        size: their bytes as stored.
        records: records added, transit gateway records included.
        rejected: lines refused, all kept in ``vpc_flow_logs.rejected_lines``.
        skipped: objects that were in the workspace already.
        failed: objects set aside, each with its reason.
        rejected_in: objects with refused lines, and how many.
        layouts: of the loaded objects, most records first.
        ok: records added whose ``log-status`` is OK.
        nodata: records added of intervals without traffic.
        skipdata: records added of intervals in which AWS lost some; one may stand for many flows.
        repeated: events left out because the same dump has them before.
        by_shape: objects without a header that were read as the default format because their records have its shape.
        slot_gaps: 5-minute slots in which a flow log has no object, between its first and its last here;
            none are told when objects were left untried.
        first_start: earliest ``start`` of the loaded records, Unix seconds, None when no record tells.
        last_end: latest ``end``, Unix seconds.
        untried: objects that were not tried because ``stopped_by`` would have failed them all.
        stopped_by: the reason with the next step, empty when every object was tried.
        elapsed_s: seconds it took.
    """

    objects: int = 0
    size: int = 0
    records: int = 0
    rejected: int = 0
    skipped: int = 0
    failed: tuple[Failure, ...] = ()
    rejected_in: tuple[Failure, ...] = ()
    layouts: tuple[LayoutTotal, ...] = ()
    ok: int = 0
    nodata: int = 0
    skipdata: int = 0
    repeated: int = 0
    by_shape: tuple[str, ...] = ()
    slot_gaps: tuple[SlotGap, ...] = ()
    first_start: int | None = None
    last_end: int | None = None
    untried: int = 0
    stopped_by: str = ""
    elapsed_s: float = 0.0

    @property
    def hints(self) -> tuple[str, ...]:
        """What to do about the objects set aside, each step once."""
        return tuple(dict.fromkeys(failure.hint for failure in self.failed if failure.hint))

    @property
    def partial(self) -> bool:
        """Whether something was refused: objects or lines."""
        return bool(self.failed or self.rejected or self.untried)


@dataclass(frozen=True, slots=True)
class LoadProgress:
    """How far a load is.

    Args:
        stage: ``reading`` while objects are fetched and checked, ``loading`` while rows are written too, ``done``.
        objects_done: objects loaded, skipped or failed.
        objects_total: objects asked for.
        bytes_done: bytes of those, and of the batch at work as far as it is.
        bytes_total: bytes of all objects as stored.
        objects_read: objects fetched and checked, loaded or not.
        records: records added so far.
        rejected: lines refused so far.
        skipped: objects that were in the workspace already.
        failed: objects set aside so far.
        last_failure: the latest of them.
        objects_ready: objects checked that wait to be written, or are being written.
        bytes_read: bytes of text checked so far, which moves within an object too; of Parquet none.
        report: with the last value only.
    """

    stage: Stage
    objects_done: int
    objects_total: int
    bytes_done: int
    bytes_total: int
    objects_read: int
    records: int
    rejected: int
    skipped: int
    failed: int
    last_failure: Failure | None = None
    objects_ready: int = 0
    bytes_read: int = 0
    report: LoadReport | None = None

    @property
    def amount(self) -> str:
        """Bytes done, or as long as nothing is done those that were checked."""
        if not self.bytes_done and self.bytes_read:
            return f"{bytes_text(self.bytes_read)} of {bytes_text(self.bytes_total)} checked"
        return f"{bytes_text(self.bytes_done)} of {bytes_text(self.bytes_total)}"
