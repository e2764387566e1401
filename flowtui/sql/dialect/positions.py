"""Places in the user's own text."""

from __future__ import annotations

from flowtui.errors import QueryError


def line_column(text: str, offset: int) -> tuple[int, int]:
    """1-based line and column of a 0-based offset."""
    offset = max(0, min(offset, len(text)))
    line_start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - line_start + 1


def error_at(text: str, offset: int, message: str, hint: str = "") -> QueryError:
    """A :class:`QueryError` that names the line and column of an offset."""
    line, column = line_column(text, offset)
    return QueryError(message, hint, line=line, column=column)


def offset_at(text: str, line: int, column: int) -> int:
    """0-based offset of a 1-based line and column."""
    offset = 0
    for _ in range(line - 1):
        offset = text.find("\n", offset) + 1
    return offset + column - 1
