"""Tells how the lines of a text file are to be read: bare, behind a time, or as JSON; with a header or without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Literal

from flowtui.lake.events import EventReader, begins_json
from flowtui.lake.faults import Unreadable
from flowtui.lake.formats import Formats
from flowtui.lake.lines import GZIP_FAULTS, GZIP_MAGIC, Line, first_line, opened, read_lines
from flowtui.lake.parquet import PARQUET_MAGIC
from flowtui.records.headerless import SAMPLE, time_of, union, without_time
from flowtui.records.labels import clean
from flowtui.records.layout import Layout, LayoutError
from flowtui.records.parse import RejectedLine
from flowtui.records.shape import ShapeParser

_HEAD = 1 << 16

# What other programs' files begin with; formats that are meant to be read are not among them.
_FOREIGN = {
    **{b"BZh": "bzip2", b"\xfd7zXZ\0": "xz", b"\x28\xb5\x2f\xfd": "Zstandard", b"\x04\x22\x4d\x18": "LZ4"},
    **{b"\xff\x06\0\0sNaPpY": "Snappy", b"PK\x03\x04": "a zip archive", GZIP_MAGIC: "gzip within gzip"},
    **{b"ORC": "ORC", b"Obj\x01": "Avro", PARQUET_MAGIC: "Parquet within gzip"},
}
_TAR = slice(257, 262), b"ustar"

Wrapping = Literal["bare", "timed", "json"]
"""What a record stands in: a line of its own, a line behind an ISO time, a JSON event."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text file is read.

    Args:
        layout: of its records; of several layouts the fields of all.
        layouts: the layouts its lines may have.
        wrapping: what a record stands in.
        header: the header line, None when there is none.
        time_bytes: length of the time before the first record; 0 when there is none.
        by_shape: whether nothing but the records' shape told the layout.
    """

    layout: Layout
    layouts: tuple[Layout, ...]
    wrapping: Wrapping = "bare"
    header: str | None = None
    time_bytes: int = 0
    by_shape: bool = False


def recognise(path: Path, key: str, head: bytes, first: bytes, *, gzip: bool, formats: Formats) -> Reading:
    """How to read a file that is whole.

    Args:
        path: the file.
        key: its path or object key.
        head: its first bytes.
        first: its first line that is not blank.
        gzip: whether it is compressed.
        formats: what is known of files without a header.

    Raises:
        Unreadable: it holds no flow log records, or their layout is not known.
    """
    _refuse_foreign(head)
    if begins_json(head):
        return _headerless(path, key, "json", gzip=gzip, formats=formats)
    try:
        text = first.decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise _foreign(first) from None
    time = time_of(text)
    try:
        layout = Layout.from_header(without_time(text))
    except LayoutError:
        reading = _headerless(path, key, "timed" if time else "bare", gzip=gzip, formats=formats)
        return replace(reading, time_bytes=len(time))
    return Reading(layout, (layout,), "timed", None, len(time)) if time else Reading(layout, (layout,), "bare", text)


def layout_of(path: Path, key: str, formats: Formats) -> Layout | None:
    """The layout that a file would be loaded under, by its beginning; None for Parquet, whose content is its layout.

    Raises:
        Unreadable: it would not be loaded.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        magic = file.read(len(PARQUET_MAGIC))
    if magic == PARQUET_MAGIC:
        return None
    gzip = magic.startswith(GZIP_MAGIC)
    try:
        with opened(path, gzip) as plain:
            head = plain.read(_HEAD)
    except GZIP_FAULTS as error:
        raise Unreadable("its gzip data is damaged") from error
    return recognise(path, key, head, first_line(head), gzip=gzip, formats=formats).layout


def lines_of(path: Path, wrapping: Wrapping, *, gzip: bool) -> Iterable[Line]:
    """Lines of a file; of JSON its events' messages."""
    return EventReader(path, gzip=gzip) if wrapping == "json" else read_lines(path, gzip=gzip)


def _headerless(path: Path, key: str, wrapping: Wrapping, *, gzip: bool, formats: Formats) -> Reading:
    lines = list(islice(lines_of(path, wrapping, gzip=gzip), SAMPLE))
    sample = [without_time(line.text) for line in lines if not line.fault and line.text.strip(" ")]
    if lines and not sample:
        raise Unreadable("it is JSON, but holds no log events" if wrapping == "json" else "it holds no text")
    if sample and not formats.given and not any(_looks_like_record(text) for text in sample):
        if wrapping == "json":
            raise Unreadable(f"its events are no flow log records: {clean(sample[0][:60])}")
        raise _foreign(sample[0].encode())
    known = formats.layouts_of(key, sample)
    layouts = known.layouts
    if len(layouts) > 1:
        layouts = _occurring(layouts, _records(path, wrapping, gzip=gzip))
    try:
        layout = layouts[0] if len(layouts) == 1 else union(layouts)
    except LayoutError as error:
        raise Unreadable(str(error), "Split the file, or load it with one --format at a time.") from error
    return Reading(layout, layouts, wrapping, by_shape=known.by_shape)


def _records(path: Path, wrapping: Wrapping, *, gzip: bool) -> Iterator[str]:
    for line in lines_of(path, wrapping, gzip=gzip):
        if not line.fault:
            yield without_time(line.text)


def _occurring(layouts: tuple[Layout, ...], records: Iterable[str]) -> tuple[Layout, ...]:
    """Those of some layouts that some record has; the first where no record has any."""
    parser = ShapeParser(layouts)
    found = set()
    for text in records:
        try:
            found.add(parser.parse(text).layout)
        except RejectedLine:
            continue
        if len(found) == len(layouts):
            break
    return tuple(layout for layout in layouts if layout in found) or layouts[:1]


def _looks_like_record(text: str) -> bool:
    """Whether a line may be a record of some layout: its words are such as records are made of, one a number or ``-``.

    It tells prose and foreign logs from records whose layout is not known, which a user can mend.
    """
    words = text.split()
    numbers = sum(word == "-" or word.isdecimal() for word in words)
    return numbers > 0 and 3 * numbers >= len(words)


def _refuse_foreign(head: bytes) -> None:
    found = [kind for magic, kind in _FOREIGN.items() if head.startswith(magic)]
    if head[_TAR[0]] == _TAR[1]:
        found = ["a tar archive"]
    if found:
        raise Unreadable(f"it is {found[0]}", "Unpack it first; text, gzip and Parquet are read as they are.")


def _foreign(line: bytes) -> Unreadable:
    shown = clean(line[:60].decode("utf-8", "replace"))
    return Unreadable(f"its first line is no header of field names: {shown}")
