"""Regular expressions: Athena's are Java's, DuckDB's are RE2's.

A pattern that stands written out is read while translating: what both understand is spelled RE2's way, what only Java
has is refused with its place. Sources: https://trino.io/docs/current/functions/regexp.html
https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

import re
from dataclasses import replace

from flowtui.sql.dialect.binder import LOCAL_ONLY, Binder
from flowtui.sql.dialect.bound import Bound, place
from flowtui.sql.dialect.names import text_literal

_ONLY_JAVA = (
    (re.compile(r"\(\?<?[=!]"), "Lookaround"),
    (re.compile(r"\(\?>"), "An atomic group"),
    (re.compile(r"(?:[*+?]|\{\d+(?:,\d*)?\})\+"), "A possessive quantifier"),
)
_ONLY_JAVA_ESCAPES = re.compile(r"\\(?:([1-9k])|[GXRhHV])")
_PIECES = re.compile(r"\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]?|[^\\\[]+", re.S)
_CLASSES = {
    "Alpha": "[:alpha:]",
    "Digit": "[:digit:]",
    "Alnum": "[:alnum:]",
    "Upper": "[:upper:]",
    "Lower": "[:lower:]",
    "Punct": "[:punct:]",
    "Space": "[:space:]",
    "XDigit": "[:xdigit:]",
    "Blank": "[:blank:]",
    "Cntrl": "[:cntrl:]",
    "Graph": "[:graph:]",
    "Print": "[:print:]",
    "ASCII": "[:ascii:]",
}
_NAMED = re.compile(r"\\([pP])\{(?:Is)?(" + "|".join(_CLASSES) + r")\}")
_NAMED_ALONE = re.compile(_NAMED.pattern + r"(?![^\[]*\])")
_WORD_ENDS = (r"\b", r"\B")
_ESCAPES = {r"\Z": r"\n?\z", r"\e": r"\x1b", r"\s": r"[\s\x0b]", r"\S": r"[^\s\x0b]"}


def re2_pattern(binder: Binder, pattern: Bound, *, alone: bool = False) -> Bound:
    """The pattern as RE2 reads it; one that is computed stays as it is.

    Args:
        binder: shared state.
        pattern: as Java reads it.
        alone: only whether it matches counts, so that it may take in a line feed before the end.

    Raises:
        QueryError: it is no regular expression, or it needs what RE2 does not have.
    """
    if not isinstance(pattern.literal, str):
        return pattern
    text = pattern.literal
    if "(?P<" in _outside(_PIECES.findall(text)):
        raise binder.error_at(pattern.at, "Athena's patterns have no (?P<name>…).", "Write (?<name>…).")
    lacking = _only_java(_PIECES.findall(text))
    if lacking:
        raise binder.error_at(pattern.at, f"{lacking} has no local counterpart in patterns.", LOCAL_ONLY)
    whole = _NAMED_ALONE.sub(lambda named: f"[{'' if named[1] == 'p' else '^'}{_CLASSES[named[2]]}]", text)
    pieces = [_spelled(piece) for piece in _PIECES.findall(whole)]
    if alone and "(?m" not in text:
        pieces = [piece if piece[0] in "\\[" else piece.replace("$", _ESCAPES[r"\Z"]) for piece in pieces]
    spelled = "".join(pieces)
    problem = _problem(spelled)
    if problem:
        raise binder.error_at(pattern.at, f"'{text}' is no regular expression: {problem}.")
    return pattern if spelled == text else replace(pattern, sql=text_literal(spelled))


def _only_java(pieces: list[str]) -> str:
    """What a pattern needs and RE2 lacks."""
    for piece in pieces:
        escape = _ONLY_JAVA_ESCAPES.fullmatch(piece)
        if escape:
            return "A reference to a group" if escape[1] else f"The escape {piece}"
        if piece[0] == "[" and "&&" in piece:
            return "An intersection of classes"
    outside = _outside(pieces)
    return next((what for found, what in _ONLY_JAVA if found.search(outside)), "")


def _outside(pieces: list[str]) -> str:
    """The pattern with a ``_`` for each escape and class."""
    return "".join("_" if piece[0] in "\\[" else piece for piece in pieces)


def sound_text(text: Bound, pattern: Bound, at: int, *, alone: bool = False) -> Bound:
    """The text; an error where Java and RE2 see the ends of lines or words at different places in it.

    Java's ``$`` also matches before a last line feed, and its ``\\b`` knows all letters.
    """
    if not isinstance(pattern.literal, str):
        return replace(text, sql=f"text_for_pattern({text.sql}, {pattern.sql}, {place(at)})", atom=True)
    pieces = _PIECES.findall(pattern.literal)
    sql = text.sql
    if not alone and "$" in _outside(pieces) and "(?m" not in pattern.literal:
        sql = f"text_without_feed({sql}, {place(at)})"
    if any(piece in _WORD_ENDS for piece in pieces):
        sql = f"text_in_ascii({sql}, {place(at)})"
    return text if sql == text.sql else replace(text, sql=sql, atom=True)


def may_be_empty(pattern: str) -> bool:
    """Whether a pattern may match an empty text somewhere."""
    pieces = ("(?:)" if piece in _WORD_ENDS else _spelled(piece) for piece in _PIECES.findall(pattern))
    try:
        return re.fullmatch(_known("".join(pieces)), "") is not None
    except (re.error, OverflowError, RecursionError):
        return True


def _spelled(piece: str) -> str:
    if piece in _ESCAPES:
        return _ESCAPES[piece]
    if piece[0] == "[":
        piece = re.sub(r"(?<!\\)\\s", r"\\s\\x0b", piece)
        return _NAMED.sub(lambda named: _CLASSES[named[2]] if named[1] == "p" else named[0], piece)
    return re.sub(r"\(\?<(?=[A-Za-z])", "(?P<", piece)


def _problem(spelled: str) -> str:
    """What Python's reader says is wrong; of spellings that it does not know, such as ``\\\\p{L}``, it says nothing."""
    try:
        re.compile(_known(spelled))
    except (re.error, OverflowError, RecursionError) as error:
        return str(error).partition(" at position")[0]
    return ""


def _known(spelled: str) -> str:
    """A pattern of RE2 in words that Python knows."""
    known = re.sub(r"\[:\^?\w+:\]", "a", re.sub(r"\\[pP](?:\{\^?\w+\}|\w)", "a", spelled))
    known = re.sub(r"\\Q.*?(?:\\E|$)", "a", known.replace(r"\z", r"\Z"), flags=re.S)
    known = re.sub(r"\(\?[imsU-]+\)", "", known)
    return re.sub(r"\\[CKe]", "a", known).replace("(?U:", "(?:")
