"""The lines of a text file, one at a time and in bounded memory, for the loader's slow path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from isal import igzip, isal_zlib

NOT_UTF8 = "not UTF-8"
"""The fault of a line with bytes that are no text."""

GZIP_MAGIC = b"\x1f\x8b"
"""How a gzip file begins."""

GZIP_FAULTS = (EOFError, cast(type[Exception], isal_zlib.error))
"""What reading a damaged gzip file raises beside OSError."""

BLANK = b" \r\n\xef\xbb\xbf"
"""Bytes that alone make no line: spaces, line ends, a byte order mark."""

LONGEST_LINE = 1 << 20
"""Bytes of a line that are read; a record is a few hundred."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file.

    Args:
        number: 1-based.
        text: without its end; bytes that are not UTF-8 written as ``\\xNN``.
        fault: why it can be no record whatever its layout, empty when it may be one.
    """

    number: int
    text: str
    fault: str = ""


def first_line(head: bytes) -> bytes:
    """The first line of a file's beginning that is not blank; empty where there is none."""
    return next((line for line in head.split(b"\n") if line.strip(BLANK)), b"")


def read_lines(path: Path, *, gzip: bool) -> Iterator[Line]:
    """Each line of a file. Of a longer one only the first :data:`LONGEST_LINE` bytes are given."""
    with opened(path, gzip) as file:
        number = 0
        while raw := file.readline(LONGEST_LINE):
            number += 1
            fault = ""
            if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
                _skip_line(file)
                fault = f"longer than {LONGEST_LINE} bytes, line cut"
            raw = raw.rstrip(b"\r\n")
            try:
                text = raw.decode()
            except UnicodeDecodeError:
                text, fault = raw.decode("utf-8", "backslashreplace"), fault or NOT_UTF8
            yield Line(number, text.removeprefix("\ufeff") if number == 1 else text, fault)


def opened(path: Path, gzip: bool) -> IO[bytes]:
    """A file's plain content; one that is not ``gzip`` as it is.

    Raises:
        OSError: it cannot be read; reading on raises :data:`GZIP_FAULTS` as well.
    """
    return cast(IO[bytes], igzip.open(path, "rb")) if gzip else path.open("rb")  # type: ignore[no-untyped-call]  # isal has no types for its opener


def _skip_line(file: IO[bytes]) -> None:
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass
