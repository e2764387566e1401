"""Loads a batch of prepared files in one transaction: rows, refused lines and ledger entries commit together.

The fast path is one statement a layout. Then the rows of every file are weighed against the file: if, written out
again, they are not exactly as long as the file was, something was lost or misread, and the whole file is read again by
our own parser. Lines that DuckDB refused for runs of spaces or as a repeated header are read by that parser as well;
what it refuses too is kept in ``rejected_lines`` with its reason.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING

from flowtui.lake.events import EventReader
from flowtui.lake.faults import Stopped, Unreadable
from flowtui.lake.insert import insert_parquet, insert_repaired, insert_text, take_negative, take_refused
from flowtui.lake.ledger import Entry, Key, Outcome, Tally, enter, forget, loaded_objects, next_id
from flowtui.lake.lines import NOT_UTF8, Line
from flowtui.lake.meter import Meter
from flowtui.lake.prepare import Prepared
from flowtui.lake.recognise import lines_of
from flowtui.lake.repair import Repair
from flowtui.lake.schema import OBJECT, RECORDS, add_columns, quoted, refresh_views
from flowtui.lake.spool import scratch
from flowtui.lake.unwrap import unwrap
from flowtui.lake.weigh import Weight, weigh
from flowtui.lake.writings import look_through
from flowtui.records.layout import Layout

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LINE_SHOWN = 10_000
"""Characters of a refused line that are kept."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """One file of a batch and what it gave.

    Args:
        file: as prepared.
        tally: what was counted; None when its content was in the workspace already.
        reason: why it could not be loaded, empty when it was.
    """

    file: Prepared
    tally: Tally | None
    reason: str = ""


def load_batch(
    cursor: DuckDBPyConnection,
    workspace: Path,
    files: Sequence[Prepared],
    now: datetime,
    stop: threading.Event,
    meter: Meter,
    *,
    slowly: bool = False,
) -> list[Loaded]:
    """Load files in one transaction, which is rolled back on any failure.

    Args:
        cursor: used by nothing else; the caller holds the workspace's ``writing`` lock.
        workspace: its file.
        files: found whole; one of each key.
        now: noted in the ledger.
        stop: set to give up between two steps; a running statement is stopped by ``cursor.interrupt()``.
        meter: is told how far it is.
        slowly: read everything with our own parser.

    Raises:
        duckdb.Error: a statement failed; nothing of the batch is loaded.
        Stopped: ``stop`` was set; nothing of the batch is loaded.
    """
    cursor.execute("BEGIN")
    try:
        known = loaded_objects(cursor)
        fresh = [file for file in files if not _is_known(file, known)]
        forget(cursor, [(file.source.bucket, file.source.key) for file in fresh])
        with scratch(workspace) as folder:
            outcomes = _Batch(cursor, stop, meter, slowly, folder).load(fresh)
        enter(cursor, outcomes, now)
        refresh_views(cursor)
        cursor.execute("COMMIT")
    except BaseException:
        _rollback(cursor)
        raise
    found = {outcome.source.name: outcome for outcome in outcomes}
    return [
        Loaded(file, outcome.tally, outcome.reason) if (outcome := found.get(file.source.name)) else Loaded(file, None)
        for file in files
    ]


def _is_known(file: Prepared, known: Mapping[Key, Entry]) -> bool:
    entry = known.get((file.source.bucket, file.source.key))
    return entry is not None and entry.identity == file.identity and entry.layout == file.layout.header


def _rollback(cursor: DuckDBPyConnection) -> None:
    import duckdb

    try:
        cursor.execute("ROLLBACK")
    except duckdb.Error:
        # The failure that led here may have ended the transaction, or the database, already; that one is reported.
        return


class _Batch:
    """One batch in the making."""

    def __init__(
        self, cursor: DuckDBPyConnection, stop: threading.Event, meter: Meter, slowly: bool, folder: Path
    ) -> None:
        self._cursor = cursor
        self._meter = meter
        self._stop = stop
        self._slowly = slowly
        self._folder = folder
        self._repeated: dict[str, int] = {}
        """Events that were left out, by the file's name."""

    def load(self, files: Sequence[Prepared]) -> list[Outcome]:
        """Load files group by group; what became of each."""

        found: list[Outcome] = []
        first = next_id(self._cursor)
        plain = [self._unwrapped(number, file) for number, file in enumerate(files)]
        for _, members in groupby(sorted(plain, key=_group), key=_group):
            numbered = dict(enumerate(members, first))
            layout = numbered[first].layout
            add_columns(self._cursor, layout)
            load = self._load_parquet if numbered[first].parquet else self._load_text
            found += load(layout, numbered)
            first += len(numbered)
        return found

    def _unwrapped(self, number: int, file: Prepared) -> Prepared:
        """A dump of events as the bare file that its messages make; any other file, and an odd dump, as it is."""
        reading = file.reading
        if self._slowly or reading is None or reading.wrapping != "json" or len(reading.layouts) > 1:
            return file
        try:
            found = unwrap(file, self._folder / str(number), self._stop, self._meter)
        except Unreadable:
            # It is met again, and told, where the dump itself is read.
            return file
        if found is None:
            return file
        bare, self._repeated[file.source.name] = found
        return bare

    def _load_parquet(self, layout: Layout, files: dict[int, Prepared]) -> list[Outcome]:
        """Parquet files of one schema, by object number."""
        self._check()
        content = files[min(files)].parquet
        stored = content.columns if content else ()
        paths = {str(file.path): (id, file.dt) for id, file in files.items()}
        with self._meter.statement():
            insert_parquet(self._cursor, layout, stored, paths)
        weights = self._weigh(layout, files)
        rejected = {
            id: lines
            for id, file in files.items()
            if id in weights and weights[id].doubtful
            if (lines := take_negative(self._cursor, layout, stored, str(file.path), id))
        }
        if rejected:
            weights = self._weigh(layout, files)
        self._keep(files, rejected)
        found = []
        for id, file in files.items():
            tally = _tally(file, weights.get(id), len(rejected.get(id, ())))
            if file.parquet and tally.rows + tally.rejected != file.parquet.records:
                self._remove_rows(layout, {id})
                reason = f"{tally.rows} of its {file.parquet.records} records could be read"
                found.append(Outcome(id, file.source, file.content_hash, None, Tally(0, 0), reason))
            else:
                found.append(Outcome(id, file.source, file.content_hash, layout, tally))
        return found

    def _load_text(self, layout: Layout, files: dict[int, Prepared]) -> list[Outcome]:
        """Text files of one layout, all compressed or none, by object number; the numbers are consecutive."""
        slow = {id for id, file in files.items() if file.odd or self._slowly}
        fast = {id: file for id, file in files.items() if id not in slow}
        with ThreadPoolExecutor(1) as pool:
            # The database does not hold Python up meanwhile.
            doubted = pool.submit(self._doubted, fast)
            refused = self._read_fast(layout, fast)
            slow |= doubted.result()
        weights = self._weigh(layout, files)
        slow |= {id for id, file in files.items() if not _whole(file, weights.get(id), refused.get(id, ()))}
        # The database gives such lines without the bytes that are at fault, or with empty lines before them.
        slow |= {
            id for id, lines in refused.items() if any(line.fault == NOT_UTF8 or "\n" in line.text for line in lines)
        }
        rejected, failed = self._read_slowly(layout, files, slow, refused)
        if slow or refused:
            weights = self._weigh(layout, files)
        for id, file in files.items():
            if file.source.refused and id not in failed:
                rejected[id] = [*rejected.get(id, ()), *file.source.refused]
        self._keep(files, rejected)
        return [
            Outcome(id, file.source, file.content_hash, None, Tally(0, 0), failed[id])
            if id in failed
            else Outcome(id, file.source, file.content_hash, layout, self._tally(id, file, weights.get(id), rejected))
            for id, file in files.items()
        ]

    def _doubted(self, files: dict[int, Prepared]) -> set[int]:
        """Files that nobody has looked through yet, and that hold a number whose writing the weight would not show."""
        found = set()
        for id, file in files.items():
            try:
                if file.unseen and look_through(_to_read(file), self._stop):
                    found.add(id)
            except OSError:
                # It is met again, and told, where the file itself is read.
                found.add(id)
        return found

    def _weigh(self, layout: Layout, files: dict[int, Prepared]) -> dict[int, Weight]:
        # Where every path names its day, there is no need to look through all rows for it.
        days = any(file.dt is None for file in files.values())
        time_bytes = _time_bytes(files[min(files)])
        return weigh(self._cursor, layout, min(files), max(files), days=days, time_bytes=time_bytes)

    def _read_fast(self, layout: Layout, files: dict[int, Prepared]) -> dict[int, list[Line]]:
        """The fast path; the lines it refused by object number."""
        if not files:
            return {}
        self._check()
        paths = {str(_to_read(file)): (id, file.dt) for id, file in files.items()}
        first = files[min(files)]
        header, time_bytes = _is_headed(first), _time_bytes(first)
        gzip = _is_compressed(first)
        with self._meter.statement():
            insert_text(self._cursor, layout, paths, gzip=gzip, header=header, time_bytes=time_bytes)
        # A path that could not be escaped may have matched some other file.
        return {paths[path][0]: lines for path, lines in take_refused(self._cursor).items() if path in paths}

    def _read_slowly(
        self, layout: Layout, files: dict[int, Prepared], slow: set[int], refused: dict[int, list[Line]]
    ) -> tuple[dict[int, list[Line]], dict[int, str]]:
        """Read whole files, and the refused lines of others, with our own parser.

        Returns the lines that it refuses too, and the reasons of the files that cannot be read at all.
        """
        rejected: dict[int, list[Line]] = {}
        failed: dict[int, str] = {}
        if not slow and not refused:
            return rejected, failed
        with Repair(layout, self._stop, self._folder / "repaired") as repair:
            for id in sorted(slow | set(refused)):
                file = files[id]
                lines = self._all_lines(file) if id in slow else refused[id]
                try:
                    rejected[id] = repair.add(id, file, lines)
                    if isinstance(lines, EventReader):
                        self._repeated[file.source.name] = lines.repeated
                except Unreadable as error:
                    failed[id] = error.message
            self._remove_rows(layout, slow | set(failed))
            self._check()
            if repair.finish():
                insert_repaired(self._cursor, layout, str(repair.path))
            for line in chain.from_iterable(take_refused(self._cursor).values()):
                id, number = repair.origin(line.number)
                text = line.text.split(" ", 2)[2]
                rejected[id].append(Line(number, text, line.fault or "a value outside its column's range"))
        # Its lines before the fault were written down and so loaded again.
        self._remove_rows(layout, set(failed))
        return {id: lines for id, lines in rejected.items() if id not in failed}, failed

    def _all_lines(self, file: Prepared) -> Iterable[Line]:
        return lines_of(file.path, file.reading.wrapping if file.reading else "bare", gzip=file.form == "gzip")

    def _tally(self, id: int, file: Prepared, weight: Weight | None, rejected: dict[int, list[Line]]) -> Tally:
        return replace(
            _tally(file, weight, len(rejected.get(id, ()))), repeated=self._repeated.get(file.source.name, 0)
        )

    def _remove_rows(self, layout: Layout, ids: set[int]) -> None:
        if ids:
            among = ", ".join(map(str, sorted(ids)))
            self._cursor.execute(f"DELETE FROM {RECORDS[layout.kind]} WHERE {quoted(OBJECT)} IN ({among})")

    def _keep(self, files: dict[int, Prepared], rejected: dict[int, list[Line]]) -> None:
        """Put refused lines into their table."""
        rows = [(files[id].source.name, line) for id, lines in rejected.items() for line in lines]
        if not rows:
            return
        self._cursor.execute(
            "INSERT INTO vpc_flow_logs.rejected_lines "
            "SELECT unnest(?::VARCHAR[]), unnest(?::BIGINT[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
            [
                [name for name, _ in rows],
                [line.number for _, line in rows],
                [line.text[:LINE_SHOWN] for _, line in rows],
                [line.fault if len(line.text) <= LINE_SHOWN else f"{line.fault}; line cut" for _, line in rows],
            ],
        )

    def _check(self) -> None:
        if self._stop.is_set():
            raise Stopped


def _group(file: Prepared) -> tuple[str, str, bool, bool, tuple[str, ...], tuple[str, ...], bool, int]:
    """What files must share to be read by one statement."""
    names, types = zip(*file.parquet.columns, strict=True) if file.parquet else ((), ())
    compressed, parquet = _is_compressed(file), file.parquet is not None
    before = _is_headed(file), _time_bytes(file)
    return file.layout.kind, file.layout.header, parquet, compressed, names, types, *before


def _to_read(file: Prepared) -> Path:
    return file.copy.path if file.copy is not None else file.path


def _is_compressed(file: Prepared) -> bool:
    """Whether what the database reads is."""
    return file.form == "gzip" and file.copy is None


def _is_headed(file: Prepared) -> bool:
    return file.reading is not None and file.reading.header is not None


def _time_bytes(file: Prepared) -> int:
    return file.reading.time_bytes if file.reading else 0


def _whole(file: Prepared, weight: Weight | None, refused: Sequence[Line]) -> bool:
    """Whether rows and refused lines together are every byte of the file."""
    if weight and weight.doubtful:
        return False
    rows_bytes = weight.text_bytes if weight else 0
    return file.body_bytes == rows_bytes + sum(len(line.text.encode()) + 1 for line in refused)


def _tally(file: Prepared, weight: Weight | None, rejected: int) -> Tally:
    if weight is None:
        return Tally(0, rejected)
    first, last = weight.first_dt or file.dt, weight.last_dt or file.dt
    statuses = weight.ok, weight.nodata, weight.skipdata
    return Tally(weight.rows, rejected, first, last, weight.first_start, weight.last_end, *statuses)
