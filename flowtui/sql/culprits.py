"""What a failure of DuckDB means, and which call of the user's text it may come from.

Its message tells the kind of function: where no other way leads to the place, and the statement has one call of that
kind, or one that holds what the message quotes, that call is the place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlglot.tokenizer_core import TokenType

from flowtui.errors import QueryError
from flowtui.sql.dialect.translate import tokenized

_NEAR = 200
"""Letters of a call that are searched for what a message quotes."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of failure: how DuckDB's message looks, which functions it comes from, and what to say.

    ``message`` may have a group named ``quoted``, which stands in the call's text; groups by number fill ``told``.
    Where it does not stand there, because the translation changed it, ``told_else`` is said, if there is one.
    """

    message: re.Pattern[str]
    functions: re.Pattern[str]
    told: str
    told_else: str = ""


def _kind(message: str, functions: str, told: str, told_else: str = "") -> _Kind:
    return _Kind(re.compile(message, re.DOTALL), re.compile(functions, re.IGNORECASE), told, told_else)


_KINDS = (
    _kind(
        r'Could not parse string "(.*)" according to format specifier "(?P<quoted>[^"]*)"',
        r"date_parse|parse_datetime",
        "'{1}' does not match the format '{2}'.",
        "'{1}' does not match the format.",
    ),
    _kind(r'Could not decode string "(.*)" as base64', r"from_base64\w*", "'{1}' is not base64."),
    _kind(
        r'"quantile" argument in function .* must be a constant',
        r"approx_percentile",
        "Locally the percentile must be the same for all rows: write a number, such as 0.95.",
    ),
    _kind(r"Malformed JSON", r"json_\w+", "This is no JSON."),
    _kind(r"Invalid UTF8 Codepoint (-?\d+)", r"chr", "{1} is no Unicode code point."),
    _kind(r"[Mm]ap key list does not align", r"map", "A map takes as many keys as values."),
    _kind(r"Map keys must be unique|[Dd]uplicate key", r"map\w*", "A map takes each key once."),
    _kind(
        r"Type DOUBLE with value \S+ can't be cast.*INT64|not in timestamp range|[Dd]ate\w* .*out of range",
        r"\w*(date|time|unix)\w*",
        "A time is out of range.",
    ),
    _kind(
        r"^((?:missing|invalid|no argument|bad repetition|unexpected|unterminated|trailing)[^:]*): (?P<quoted>.*)$",
        r"regexp_\w+|split_to\w*",
        "The regular expression is malformed: {1} in {2}",
    ),
)


def explained_call(text: str, start: int, end: int, message: str, found: int | None) -> tuple[int | None, str]:
    """The offset of the call a failure comes from, None when that is not certain, and the failure in other words.

    Args:
        text: the user's whole text.
        start: where the statement begins.
        end: where it ends.
        message: DuckDB's; empty words are given for one that is not known.
        found: the offset, where it is known already.
    """
    for kind in _KINDS:
        failure = kind.message.search(message)
        calls = _calls(text, start, end, kind.functions) if failure else []
        if failure is not None and (found is None or found in calls):
            quoted = failure.groupdict().get("quoted") or ""
            words = kind.told_else if kind.told_else and quoted not in text else kind.told
            told = words.format(failure[0], *failure.groups())
            return _place(text, calls, failure) if found is None else found, told
    return found, ""


def _calls(text: str, start: int, end: int, functions: re.Pattern[str]) -> list[int]:
    try:
        tokens = tokenized(text, start, end)
    except QueryError:
        return []
    return [
        start + token.start
        for token, following in pairwise(tokens)
        if following.token_type == TokenType.L_PAREN
        and token.token_type not in (TokenType.STRING, TokenType.IDENTIFIER)
        and functions.fullmatch(token.text)
    ]


def _place(text: str, calls: Sequence[int], found: re.Match[str]) -> int | None:
    quoted = found.groupdict().get("quoted")
    if len(calls) > 1 and quoted:
        ends = [*calls[1:], len(text)]
        parts = [text[call : min(following, call + _NEAR)] for call, following in zip(calls, ends, strict=True)]
        wanted = f"'{quoted}'" if any(f"'{quoted}'" in part for part in parts) else quoted
        calls = [call for call, part in zip(calls, parts, strict=True) if wanted in part]
    return calls[0] if len(calls) == 1 else None
