"""Splitting a text into statements, with offsets: quotes and comments are respected, nothing else is understood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_QUOTES = "'\"`"
_MARK = "\ufeff"
"""The byte order mark that editors on Windows put before a text."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its text without the semicolon, and where it stands (``start`` to ``end``, end excluded)."""

    text: str
    start: int
    end: int


def split(text: str) -> list[Statement]:
    """The statements of a text; empty ones and bare comments are left out."""
    result = []
    start = 0
    for offset in [*_semicolons(text), len(text)]:
        first, last = _trimmed(text, start, offset)
        if first < last:
            result.append(Statement(text[first:last], first, last))
        start = offset + 1
    return result


def statement_at(text: str, offset: int) -> Statement | None:
    """The statement a cursor is in, or the last one before it; None in an empty text."""
    statements = split(text)
    before = None
    for statement in statements:
        if statement.start > offset:
            break
        before = statement
    return before or (statements[0] if statements else None)


def open_quote(text: str, start: int, end: int) -> int:
    """Offset of the quote or comment that is still open at ``end``; ``start`` when none is."""
    for first, last, kind in _spans(text, start, end):
        if last >= end and kind != "--" and not _closed(text, first, end, kind):
            return first
    return start


def _closed(text: str, first: int, end: int, kind: str) -> bool:
    if kind == "/*":
        return end - first >= 4 and text[end - 2 : end] == "*/"
    return end - first >= 2 and text[end - 1] == kind


def _semicolons(text: str) -> Iterator[int]:
    position = 0
    for first, last, _ in [*_spans(text, 0, len(text)), (len(text), len(text), "")]:
        for offset in range(position, first):
            if text[offset] == ";":
                yield offset
        position = last


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Quoted texts and comments as (start, end, opening)."""
    offset = start
    while offset < end:
        letter, pair = text[offset], text[offset : offset + 2]
        if letter in _QUOTES:
            closing = text.find(letter, offset + 1)
            # A doubled quote is two spans side by side, which is all the same here.
            last = end if closing == -1 or closing >= end else closing + 1
            yield offset, last, letter
        elif pair == "--":
            closing = text.find("\n", offset)
            last = end if closing == -1 or closing >= end else closing
            yield offset, last, pair
        elif pair == "/*":
            closing = text.find("*/", offset + 2)
            last = end if closing == -1 or closing + 2 > end else closing + 2
            yield offset, last, pair
        else:
            last = offset + 1
        offset = last


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut whitespace at both ends and comments at the front; a comment alone leaves nothing."""
    while True:
        while start < end and (text[start].isspace() or text[start] == _MARK):
            start += 1
        pair = text[start : start + 2]
        if pair not in ("--", "/*") or start >= end:
            break
        _, start, _ = next(_spans(text, start, end))
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
