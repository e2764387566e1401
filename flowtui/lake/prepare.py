"""Reads a file once before it is loaded: is it whole, and what is its layout.

DuckDB does not check gzip's CRC, so a flipped byte would load as other numbers; and one file that it cannot read
fails the statement that reads all of them. Here every file is inflated and checked, in bounded memory, its content's
hash taken, its header read, and its plain size counted, against which the loaded rows are later weighed.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal

from isal import isal_zlib

from flowtui.lake.faults import Stopped, Unreadable
from flowtui.lake.formats import Formats
from flowtui.lake.lines import BLANK, GZIP_MAGIC, first_line
from flowtui.lake.parquet import PARQUET_MAGIC, ParquetContent, mistyped, read_parquet_content
from flowtui.lake.recognise import Reading, recognise
from flowtui.lake.sources import Source
from flowtui.lake.spool import Copy, Spool
from flowtui.lake.writings import Writings
from flowtui.records.labels import clean
from flowtui.records.layout import Layout, LayoutError
from flowtui.records.partitions import dt_of

_READ = 1 << 18
_PLAIN = 1 << 20
_GZIP_AND_ZLIB_HEADER = 31

Form = Literal["gzip", "plain", "parquet"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file found whole.

    Args:
        source: where it came from.
        path: the file on this machine.
        layout: of its records.
        form: how it is stored.
        content_hash: of the bytes as stored.
        body_bytes: plain bytes after the header line, the last line counted with its line end; of Parquet all bytes.
        dt: the partition its path names, None when it names none.
        odd: whether only our own parser reads it right.
        unseen: whether how its numbers are written is yet to be looked at (see :mod:`flowtui.lake.writings`).
        reading: how its lines are read; None for Parquet.
        parquet: columns and records of a Parquet file.
        copy: its plain text, for the database to read in its place; None when there is none.
    """

    source: Source
    path: Path
    layout: Layout
    form: Form
    content_hash: str
    body_bytes: int
    dt: str | None
    odd: bool = False
    reading: Reading | None = None
    parquet: ParquetContent | None = None
    copy: Copy | None = None
    unseen: bool = False

    @property
    def identity(self) -> str:
        """What tells this content from another under the same key: S3's etag, else the content's hash."""
        return self.source.etag or self.content_hash


def prepare(
    source: Source,
    stop: threading.Event,
    formats: Formats,
    spool: Spool,
    read: Callable[[int], object] = lambda _: None,
    *,
    look: bool = True,
) -> Prepared:
    """Fetch and check one object.

    Args:
        source: the object.
        stop: set to give up.
        formats: what is known of files without a header.
        spool: keeps a plain copy of a compressed file.
        read: is told how many bytes as stored were read since it was told last.
        look: also look at how its numbers are written; else that may be left for later, which ``unseen`` tells.

    Raises:
        Unreadable: it is damaged or no flow log; the reason says how.
        FlowTuiError: it cannot be had.
        Stopped: ``stop`` was set meanwhile.
    """
    path = source.fetch()
    try:
        with path.open("rb") as file:
            magic = file.read(4)
            file.seek(0)
            if not magic:
                raise Unreadable("the file is empty, without even a header line")
            if magic == PARQUET_MAGIC:
                return _prepare_parquet(source, path)
            if magic.startswith(GZIP_MAGIC):
                return _prepare_gzip(source, path, file, read, stop, formats, spool, look=look)
            return _prepare_text(source, path, file, _Scan(read, look=look), stop, formats)
    except OSError as error:
        raise Unreadable(f"it cannot be read: {error.strerror or error}") from error


def _prepare_gzip(
    source: Source,
    path: Path,
    file: BinaryIO,
    read: Callable[[int], object],
    stop: threading.Event,
    formats: Formats,
    spool: Spool,
    *,
    look: bool,
) -> Prepared:
    copy = spool.begin(stop)
    if copy is not None:
        with copy:
            prepared = _prepare_text(source, path, file, _Scan(read, look=look), stop, formats, copy, gzip=True)
            if copy.finish() and not prepared.odd:
                return replace(prepared, copy=copy)
            copy.drop()
        if not prepared.unseen:
            return prepared
        # A second look would have to inflate it as well.
        file.seek(0)
    return _prepare_text(source, path, file, _Scan(read, look=True), stop, formats, gzip=True)


def _prepare_text(
    source: Source,
    path: Path,
    file: BinaryIO,
    scan: _Scan,
    stop: threading.Event,
    formats: Formats,
    copy: Copy | None = None,
    *,
    gzip: bool = False,
) -> Prepared:
    scan.read(_inflated(file, scan) if gzip else _plain(file, scan), stop, copy)
    try:
        reading = recognise(path, source.key, scan.head, scan.first_line(), gzip=gzip, formats=formats)
    except Unreadable as error:
        # What a file is its content tells; its name only helps to say what is wrong with it.
        for ending, kind in ((".gz", "gzip"), (".parquet", "Parquet")):
            if source.key.endswith(ending) and not (gzip and kind == "gzip"):
                raise Unreadable(f"it is named {ending} but is not {kind}; {error.message}", error.hint) from error
        raise
    header = reading.header.encode() if reading.header is not None else None
    begins = scan.first_line() if header is None else header
    odd = (
        reading.wrapping == "json"
        or len(reading.layouts) > 1
        or scan.odd
        or not (scan.head.startswith(begins + b"\n") or scan.head == begins)
    )
    body = scan.plain_bytes + (not scan.ends_with_newline) - (0 if header is None else len(header) + 1)
    form: Form = "gzip" if gzip else "plain"
    hash = scan.hash.hexdigest()
    return Prepared(
        source, path, reading.layout, form, hash, body, dt_of(source.key), odd, reading, unseen=scan.unseen and not odd
    )


def _prepare_parquet(source: Source, path: Path) -> Prepared:
    content = read_parquet_content(path)
    try:
        layout = Layout.from_parquet(name for name, _ in content.columns)
    except LayoutError as error:
        raise Unreadable(f"it is a Parquet file of something else: {clean(str(error))}") from error
    if fault := mistyped(content, layout):
        raise Unreadable(fault)
    size = path.stat().st_size
    return Prepared(source, path, layout, "parquet", content_hash(path), size, dt_of(source.key), parquet=content)


def content_hash(path: Path) -> str:
    """What :attr:`Prepared.content_hash` would be; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Scan:
    """What one pass over a file's content collects."""

    def __init__(self, read: Callable[[int], object], *, look: bool) -> None:
        self._told = read
        self.hash = hashlib.sha256()
        self.head = b""
        self._head_whole = False
        self.plain_bytes = 0
        self.ends_with_newline = False
        self.odd = False
        """Whether the database would read it in its own way: line ends, padding, numbers in an odd writing."""
        self._writings = Writings() if look else None

    def stored(self, data: bytes) -> None:
        """The next bytes as stored."""
        self.hash.update(data)
        self._told(len(data))

    def read(self, chunks: Iterator[bytes], stop: threading.Event, copy: Copy | None) -> None:
        for chunk in chunks:
            if stop.is_set():
                raise Stopped
            if copy is not None:
                copy.write(chunk)
            if not self._head_whole:
                self.head, self._head_whole = _first_lines(self.head + chunk)
            self.plain_bytes += len(chunk)
            self.odd = self.odd or b"\r" in chunk
            if self._writings is not None:
                self._writings.see(chunk)
            self.ends_with_newline = chunk.endswith(b"\n")
        if self._writings is not None:
            self._writings.end()
            self.odd = self.odd or self._writings.found

    @property
    def unseen(self) -> bool:
        """Whether nobody has looked at how numbers are written."""
        return self._writings is None

    def first_line(self) -> bytes:
        """The first line that is not blank."""
        line = first_line(self.head)
        if not line:
            raise Unreadable("it holds nothing but empty lines")
        return line


def _first_lines(head: bytes) -> tuple[bytes, bool]:
    """No more of the beginning than is needed, through the first line that is not blank; and whether that is all."""
    start = len(head) - len(head.lstrip(BLANK))
    end = head.find(b"\n", start)
    return (head[:_PLAIN], len(head) >= _PLAIN) if end < 0 else (head[: end + 1], True)


def _plain(file: BinaryIO, scan: _Scan) -> Iterator[bytes]:
    while data := file.read(_PLAIN):
        scan.stored(data)
        yield data


def _inflated(file: BinaryIO, scan: _Scan) -> Iterator[bytes]:
    """Plain chunks of a gzip file of one or more members, each checked against its CRC and length."""
    member = isal_zlib.decompressobj(_GZIP_AND_ZLIB_HEADER)
    try:
        while data := file.read(_READ):
            scan.stored(data)
            held_back = False
            while data or held_back:
                if member.eof:
                    # Zeros may pad the end, as on tapes; gzip passes over them too, the database does not.
                    scan.odd = scan.odd or data.startswith(b"\0")
                    data = data.lstrip(b"\0")
                    if not data:
                        break
                    if not data.startswith(GZIP_MAGIC[: len(data)]):
                        raise Unreadable("something else follows its gzip data")
                    member = isal_zlib.decompressobj(_GZIP_AND_ZLIB_HEADER)
                if plain := member.decompress(data, _PLAIN):
                    yield plain
                held_back = len(plain) == _PLAIN and not member.eof
                data = member.unused_data if member.eof else member.unconsumed_tail
    except isal_zlib.error as error:  # type: ignore[misc]  # isal's stub does not say that it is an exception
        raise Unreadable(f"its gzip data is damaged: {_reason(error)}") from error
    if not member.eof:
        raise Unreadable("its gzip data is truncated")


def _reason(error: Exception) -> str:
    text = str(error)
    return text.partition(": ")[2] or text
