"""Colours for SQL text: a small tokenizer, because an editor repaints more often than a parser wants to run.

It only has to be right about what is a comment, a string, a number, a keyword and a function call; what it cannot
place stays plain.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_WORDS = """
    add all alter and any array as asc at between by case cast columns create cross cube current database databases
    date day deallocate desc describe distinct drop else end escape except exclude execute exists explain external
    extract false fetch filter first following format from full group grouping having hour if ignore in inner insert
    intersect interval into is join last lateral left like limit location map minute month msck natural next not null
    nulls offset on only or order outer over partition partitioned partitions preceding prepare range recursive repair
    replace respect right rollup row rows schema second select set sets show some stored table tables tablesample
    tblproperties then time timestamp to true try_cast unbounded union unnest using values view when where window with
    within year zone
"""
KEYWORDS = frozenset(_WORDS.split())

_TOKEN = re.compile(
    r"""
    (?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))
  | (?P<string>'(?:[^']|'')*(?:'|\Z))
  | (?P<identifier>"(?:[^"]|"")*(?:"|\Z)|`[^`]*(?:`|\Z))
  | (?P<number>\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)
  | (?P<word>[^\W\d]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)
_CALL = re.compile(r"\s*\(")


class Span(NamedTuple):
    """A part of the text, by offset: ``kind`` is comment, string, identifier, number, keyword or function."""

    start: int
    end: int
    kind: str


def spans(text: str) -> list[Span]:
    """The parts of the text that have a colour of their own, in order."""
    found: list[Span] = []
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind == "word":
            kind = _kind_of_word(match[0], text, match.end())
        if kind:
            found.append(Span(match.start(), match.end(), kind))
    return found


def _kind_of_word(word: str, text: str, end: int) -> str:
    if word.lower() in KEYWORDS:
        return "keyword"
    return "function" if _CALL.match(text, end) else ""


def spans_by_line(text: str) -> dict[int, list[Span]]:
    """As :func:`spans`, cut at line ends; offsets count from the start of each line."""
    found: dict[int, list[Span]] = {}
    line, line_start = 0, 0
    for start, end, kind in spans(text):
        while start < end:
            newline = text.find("\n", line_start)
            while newline != -1 and newline < start:
                line, line_start = line + 1, newline + 1
                newline = text.find("\n", line_start)
            stop = end if newline == -1 else min(end, newline)
            if stop > start:
                found.setdefault(line, []).append(Span(start - line_start, stop - line_start, kind))
            start = stop + 1 if stop < end else end
    return found
