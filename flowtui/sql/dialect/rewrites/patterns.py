"""Regular expressions: Athena's are Java's, DuckDB's are RE2's.

A pattern that stands written out is read while translating: what both understand is spelled RE2's way, what only Java
has is refused with its place. Sources: https://trino.io/docs/current/functions/regexp.html
https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

import re
from dataclasses import replace

from flowtui.sql.dialect.binder import LOCAL_ONLY, Binder
from flowtui.sql.dialect.bound import Bound
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
_ESCAPES = {r"\Z": r"\n?\z", r"\e": r"\x1b"}


def re2_pattern(binder: Binder, pattern: Bound) -> Bound:
    """The pattern as RE2 reads it; one that is computed stays as it is.

    Raises:
        QueryError: it is no regular expression, or it needs what RE2 does not have.
    """
    if not isinstance(pattern.literal, str):
        return pattern
    text = pattern.literal
    lacking = _only_java(_PIECES.findall(text))
    if lacking:
        raise binder.error_at(pattern.at, f"{lacking} has no local counterpart in patterns.", LOCAL_ONLY)
    whole = _NAMED_ALONE.sub(lambda named: f"[{'' if named[1] == 'p' else '^'}{_CLASSES[named[2]]}]", text)
    spelled = "".join(_spelled(piece) for piece in _PIECES.findall(whole))
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
    outside = "".join("_" if piece[0] in "\\[" else piece for piece in pieces)
    return next((what for found, what in _ONLY_JAVA if found.search(outside)), "")


def _spelled(piece: str) -> str:
    if piece in _ESCAPES:
        return _ESCAPES[piece]
    if piece[0] == "[":
        return _NAMED.sub(lambda named: _CLASSES[named[2]] if named[1] == "p" else named[0], piece)
    return re.sub(r"\(\?<(?=[A-Za-z])", "(?P<", piece)


def _problem(spelled: str) -> str:
    """What Python's reader says is wrong; of spellings that it does not know, such as ``\\\\p{L}``, it says nothing."""
    known = re.sub(r"\[:\^?\w+:\]", "a", re.sub(r"\\[pP](?:\{\^?\w+\}|\w)", "a", spelled))
    known = re.sub(r"\\Q.*?(?:\\E|$)", "a", known.replace(r"\z", r"\Z"), flags=re.S)
    known = re.sub(r"\(\?[imsU-]+\)", "", known)
    try:
        re.compile(re.sub(r"\\[CKe]", "a", known).replace("(?U:", "(?:"))
    except (re.error, OverflowError, RecursionError) as error:
        return str(error).partition(" at position")[0]
    return ""
