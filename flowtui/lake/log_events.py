"""Events of log groups as files that load like any other: read by FilterLogEvents, one file an hour and stream.

Which events are records the tail's own parser decides, so that a group loads as it is tailed; the others are handed on
as refused, each with its reason. Stream and hour make a file's key, so that whatever part of a group is asked for, an
event is always in the same file, and loading again replaces it by more or passes it over. Within a file every event
stands once, by its id.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flowtui.aws.logs import filter_events
from flowtui.aws.models import LogEvent
from flowtui.aws.session import Account
from flowtui.aws.tail_groups import TailedGroup, TailSource
from flowtui.lake.batch import LINE_SHOWN
from flowtui.lake.ledger import Entry, Key
from flowtui.lake.lines import Line
from flowtui.records.layout import Layout
from flowtui.records.parse import RejectedLine
from flowtui.records.shape import ShapeParser

HOUR_MS = 3_600_000
_PIECE_MS = 300_000
"""Read at once, so that memory is bounded by five minutes' events."""


@dataclass(frozen=True, slots=True)
class EventFile:
    """The events of one stream in one hour, of one layout; ``refused`` those that are no records."""

    bucket: str
    key: str
    etag: str
    size: int
    path: Path
    refused: tuple[Line, ...] = ()

    @property
    def name(self) -> str:
        """What a person calls it."""
        return f"{self.bucket}/{self.key}"

    @property
    def here(self) -> bool:
        """Always: it was read before it was known."""
        return True

    def fetch(self) -> Path:
        """The file itself."""
        return self.path

    def discard(self) -> None:
        """Nothing: its folder goes with the load."""


@dataclass(frozen=True, slots=True)
class EventsRead:
    """How far reading is: events so far, and up to which moment. The last value has the files."""

    events: int
    until: datetime
    files: tuple[EventFile, ...] = ()


def read_events(
    account: Account,
    source: TailSource,
    since: datetime,
    until: datetime,
    folder: Path,
    known: Mapping[Key, Entry],
) -> Generator[EventsRead, None, None]:
    """Read a range of log groups into files; it is widened to the beginning of its first hour, and to whole five
    minutes at its end.

    Args:
        account: the account.
        source: groups, streams and layouts.
        since: start of the first record wanted.
        until: start of the last record wanted.
        folder: empty folder for the files.
        known: what the workspace holds; a file that would be smaller than what is there is left out, for then events
            have expired from the group.

    Raises:
        AwsError: a group could not be read; AccessDenied names ``logs:FilterLogEvents``.
    """
    begin_ms = _ms(since) // HOUR_MS * HOUR_MS
    end_ms = (_ms(until) // HOUR_MS + 1) * HOUR_MS
    files: list[EventFile] = []
    events = 0
    for number, group in enumerate(source.groups):
        for hour_ms in range(begin_ms, end_ms, HOUR_MS):
            hour = _Hour(group, hour_ms, folder / f"{number}-{hour_ms}")
            for piece_ms in range(hour_ms, min(hour_ms + HOUR_MS, _ms(until) + 1), _PIECE_MS):
                events += hour.read(account, piece_ms)
                yield EventsRead(events, datetime.fromtimestamp((piece_ms + _PIECE_MS) / 1000, UTC))
            files += hour.files()
    kept = [file for file in files if not _has_more(known.get((file.bucket, file.key)), file)]
    yield EventsRead(events, until, tuple(kept))


def _has_more(entry: Entry | None, file: EventFile) -> bool:
    return entry is not None and entry.size > file.size


class _Hour:
    """One hour of one group on its way into files."""

    def __init__(self, group: TailedGroup, begin_ms: int, folder: Path) -> None:
        self._group = group
        self._begin_ms = begin_ms
        self._folder = folder
        self._parser = ShapeParser(group.layouts)
        self._numbers: dict[tuple[str, Layout], int] = {}
        self._refused: dict[tuple[str, Layout], list[Line]] = defaultdict(list)

    def read(self, account: Account, piece_ms: int) -> int:
        """Read five minutes; returns how many events there were."""
        group, prefixes = self._group, self._group.stream_prefixes
        found: dict[tuple[str, str], LogEvent] = {}
        for event in filter_events(
            account,
            group.region,
            group.name,
            start_ms=piece_ms,
            end_ms=piece_ms + _PIECE_MS - 1,
            stream_prefix=prefixes[0] if len(prefixes) == 1 else "",
        ):
            if not prefixes or event.stream.startswith(prefixes):
                # An event without an id, as a stand-in may give, is one of its own.
                found[event.stream, event.event_id or f"without {len(found)}"] = event
        # Always in the same order, for the content is what tells whether there is anything new.
        ordered = sorted(found.values(), key=lambda event: (event.timestamp_ms, event.event_id))
        lines: dict[tuple[str, Layout], list[str]] = defaultdict(list)
        for event in ordered:
            try:
                record = self._parser.parse(event.message)
            except RejectedLine as error:
                self._refuse(event, error.reason)
            else:
                lines[event.stream, record.layout].append(record.raw)
        for place, texts in lines.items():
            self._append(place, texts)
        return len(ordered)

    def _refuse(self, event: LogEvent, reason: str) -> None:
        """Keep a line that is no record with those of the first layout."""
        place = event.stream, self._group.layouts[0]
        if place not in self._numbers:
            self._append(place, [])
        refused = self._refused[place]
        # One character more than is kept tells that it was cut.
        refused.append(Line(len(refused) + 1, event.message[: LINE_SHOWN + 1], reason))

    def _append(self, place: tuple[str, Layout], texts: list[str]) -> None:
        self._folder.mkdir(exist_ok=True)
        new = place not in self._numbers
        path = self._folder / str(self._numbers.setdefault(place, len(self._numbers)))
        with path.open("a", encoding="utf-8", errors="replace", newline="\n") as file:
            if new:
                file.write(place[1].header + "\n")
            file.writelines(text + "\n" for text in texts)

    def files(self) -> list[EventFile]:
        """The files of the hour."""
        hour = datetime.fromtimestamp(self._begin_ms / 1000, UTC).strftime("%Y-%m-%dT%HZ")
        bucket = f"logs://{self._group.region}/{self._group.name.lstrip('/')}"
        found = []
        for (stream, layout), number in self._numbers.items():
            path = self._folder / str(number)
            shape = hashlib.blake2b(layout.header.encode(), digest_size=4).hexdigest()
            refused = tuple(self._refused[stream, layout])
            content = hashlib.blake2b(path.read_bytes(), digest_size=16)
            size = path.stat().st_size
            for line in refused:
                content.update(f"{line.text}\n".encode("utf-8", "replace"))
                size += len(line.text) + 1
            found.append(EventFile(bucket, f"{hour}/{stream}/{shape}", content.hexdigest(), size, path, refused))
        return found


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
