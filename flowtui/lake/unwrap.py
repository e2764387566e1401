"""Dumps of log events on their way to the fast path: their messages alone, a line each."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from flowtui.lake.events import EventReader
from flowtui.lake.faults import Stopped
from flowtui.lake.meter import Meter
from flowtui.lake.prepare import Prepared
from flowtui.lake.repeats import Repeats
from flowtui.lake.writings import may_shrink


def unwrap(file: Prepared, to: Path, stop: threading.Event, meter: Meter) -> tuple[Prepared, int] | None:
    """Write a dump's messages down as a bare file, line *n* the message of event *n*.

    Args:
        file: a dump whose records have one layout.
        to: the file to write.
        stop: set to give up.
        meter: is told how far it is.

    Returns:
        The bare file in the dump's place, and how many repeated events were left out; None where some event is not
        one line of text, so that the dump itself must be read.

    Raises:
        Unreadable: it is no JSON, or damaged.
        Stopped: ``stop`` was set.
    """
    assert file.reading is not None  # only text files are dumps
    events = EventReader(file.path, gzip=file.form == "gzip")
    repeats = Repeats()
    size, odd = 0, False
    told = 0
    with to.open("wb") as out:
        for portion in events.portions():
            if stop.is_set():
                raise Stopped
            lines = _lines_of(portion, first=size == 0)
            if lines is None:
                return None
            repeats.add(portion)
            meter.unwrap((events.bytes_read - told) / max(1, file.body_bytes) * file.source.size)
            told = events.bytes_read
            out.write(lines)
            size += len(lines)
            odd = odd or b"\r" in lines or may_shrink(b"\n" + lines)
    if repeated := repeats.positions():
        size = _leave_out(repeated, to)
    reading = replace(file.reading, wrapping="bare")
    return replace(file, path=to, form="plain", body_bytes=size, odd=odd, reading=reading, copy=None), len(repeated)


def _leave_out(numbers: Sequence[int], path: Path) -> int:
    """Write a file anew without some of its lines, counted from 0; how long it is then."""
    rest = path.with_name(f"{path.name}-rest")
    left = iter(numbers)
    gone = next(left, -1)
    with path.open("rb") as old, rest.open("wb") as new:
        for number, line in enumerate(old):
            if number == gone:
                gone = next(left, -1)
            else:
                new.write(line)
        size = new.tell()
    rest.replace(path)
    return size


def _lines_of(events: list[object], *, first: bool) -> bytes | None:
    """Messages with a line end behind each; None where one is no line."""
    messages = [event.get("message") if isinstance(event, dict) else event for event in events]
    texts = [message.rstrip("\r\n") for message in messages if isinstance(message, str)]
    joined = "\n".join([*texts, ""])
    # At a file's beginning a byte order mark is none of the text.
    if len(texts) < len(messages) or joined.count("\n") > len(texts) or (first and joined.startswith("\ufeff")):
        return None
    try:
        return joined.encode()
    except UnicodeEncodeError:
        return None
