"""Java's ``format``, one specifier at a time; each becomes a text of its own and all are joined.

The format must be a literal. Source: https://trino.io/docs/current/functions/conversion.html#format"""

from __future__ import annotations

import re

from flowtui.sql.dialect.binder import LOCAL_ONLY, Binder
from flowtui.sql.dialect.bound import Bound, derived
from flowtui.sql.dialect.casts import cast
from flowtui.sql.dialect.moments import local
from flowtui.sql.dialect.names import text_literal
from flowtui.sql.dialect.types import BOOLEAN, VARCHAR, Type

_MAX_DIGITS = 20
"""Digits after the point beyond which a double has nothing to say, and 15 before it still fit a decimal."""
_FLAGS = re.compile(r"(?:(\d+)\$)?([-,+0]*)(\d*)(?:\.(\d+))?")


def _format_text(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    head, *values = arguments
    if not values:
        raise binder.error_at(at, "format takes a format and at least one value.")
    if not isinstance(head.literal, str):
        raise binder.error_at(head.at, "Locally the format must be a literal.", LOCAL_ONLY)
    pieces: list[str] = []
    used = 0
    for text, flags, kind in _specifiers(head.literal):
        if text:
            pieces.append(text_literal(text))
        if kind in ("", "%", "n"):
            pieces += {"": [], "%": ["'%'"], "n": ["chr(10)"]}[kind]
            continue
        read = _FLAGS.fullmatch(flags)
        if read is None:
            raise binder.error_at(head.at, f"The format %{flags}{kind} is not understood locally.", LOCAL_ONLY)
        place = int(read[1]) - 1 if read[1] else used
        if not 0 <= place < len(values):
            raise binder.error_at(head.at, f"The format asks for more than {len(values)} values.")
        pieces.append(_formatted(binder, values[place], read, kind, head.at))
        used += 0 if read[1] else 1
    return derived(f"({' || '.join(pieces) or text_literal('')})", VARCHAR, arguments, at)


def _specifiers(text: str) -> list[tuple[str, str, str]]:
    """(text before, flags, letter) of every specifier; the last has no letter."""
    result, start, index = [], 0, 0
    while (index := text.find("%", index)) != -1:
        end = index + 1
        while end < len(text) and not text[end].isalpha() and text[end] != "%":
            end += 1
        result.append((text[start:index], text[index + 1 : end], text[end : end + 1]))
        start = index = end + 1
    return [*result, (text[start:], "", "")]


def _formatted(binder: Binder, value: Bound, read: re.Match[str], kind: str, at: int) -> str:
    flags, width, digits = read[2], read[3], read[4]
    if kind in "sS":
        text = _java_text(binder, value, at)
        text = f"coalesce({text}, 'null')"
        text = f"upper({text})" if kind == "S" else text
        text = f"left({text}, {int(digits)})" if digits else text
    elif kind == "d" and value.type.is_integer:
        text = _grouped(f"printf('%{'+' if '+' in flags else ''}d', CAST({value.sql} AS BIGINT))", flags)
    elif kind in "xXo" and value.type.is_integer:
        text = f"printf('%{kind}', CAST({value.sql} AS BIGINT))"
    elif kind == "f" and value.type.is_number and not value.type.is_integer:
        text = _fixed(value, min(int(digits or 6), _MAX_DIGITS))
        text = _grouped(f"signed_text({text})" if "+" in flags else text, flags)
    elif kind in "eE" and value.type.is_floating:
        text = f"printf('%{'+' if '+' in flags else ''}.{int(digits or 6)}{kind}', CAST({value.sql} AS DOUBLE))"
    elif kind in "bB" and value.type == BOOLEAN:
        text = f"coalesce(CAST({value.sql} AS VARCHAR), 'false')"
        text = f"upper({text})" if kind == "B" else text
    else:
        shown = f"%{read[0]}{kind} of {value.type}"
        raise binder.error_at(at, f"The format {shown} is not understood locally.", LOCAL_ONLY)
    if kind in "dxXofeE":
        text = f"coalesce({text}, '{'null'[: int(digits)] if digits else 'null'}')"
    return _padded(text, width, flags) if width else text


def _java_text(binder: Binder, value: Bound, at: int) -> str:
    """What Java's ``toString`` gives: moments have a T, leave zero seconds out and show their zone in brackets."""
    if value.type.name == "time":
        return f"java_time({value.sql})"
    if value.type.name not in ("timestamp", "timestamp with time zone"):
        return value.sql if value.type.name == "varchar" else cast(binder, value, VARCHAR, at).sql
    text = f"java_moment({local(value)})"
    zone = value.type.zone
    if value.type.name == "timestamp":
        return text
    if zone == "UTC" or zone[0] in "+-":
        return f"({text} || '{'Z[UTC]' if zone == 'UTC' else zone}')"
    return f"({text} || zone_text(datediff('minute', {value.sql}, {local(value)})) || '[{zone}]')"


def _fixed(value: Bound, digits: int) -> str:
    """Digits after the point, rounded half up from the number as it is printed; printf would round its binary value."""
    exact = f"DECIMAL(38, {digits})"
    if not value.type.is_floating:
        return f"CAST(CAST({value.sql} AS {exact}) AS VARCHAR)"
    fixed = f"TRY_CAST(CAST({value.sql} AS VARCHAR) AS {exact})"
    return f"fixed_text({value.sql}, {fixed}, printf('%.{digits}f', CAST({value.sql} AS DOUBLE)))"


def _grouped(text: str, flags: str) -> str:
    return f"grouped_digits({text})" if "," in flags else text


def _padded(text: str, width: str, flags: str) -> str:
    if "-" in flags:
        return f"text_padded_right({text}, {int(width)})"
    return f"{'number_padded' if '0' in flags else 'text_padded_left'}({text}, {int(width)})"


REWRITES = {"format_text": _format_text}
