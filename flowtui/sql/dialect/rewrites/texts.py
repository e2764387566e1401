"""Texts: joining, Java's ``format``, regular expressions, networks."""

from __future__ import annotations

from functools import reduce

from flowtui.sql.dialect import types
from flowtui.sql.dialect.addresses import network_range
from flowtui.sql.dialect.arithmetic import concatenation
from flowtui.sql.dialect.binder import LOCAL_ONLY, Binder
from flowtui.sql.dialect.bound import Bound, derived, place
from flowtui.sql.dialect.casts import cast
from flowtui.sql.dialect.names import text_literal
from flowtui.sql.dialect.types import BOOLEAN, VARCHAR, Type


def _joined(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    bound = reduce(lambda left, right: concatenation(binder, left, right), arguments)
    return derived(bound.operand, bound.type, arguments, at)


def _format_text(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """Java's format, one specifier at a time; each becomes a text of its own and all are joined."""
    head, *values = arguments
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
        if used >= len(values):
            raise binder.error_at(head.at, f"The format asks for more than {len(values)} values.")
        pieces.append(_formatted(binder, values[used], flags, kind, head.at))
        used += 1
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


def _formatted(binder: Binder, value: Bound, flags: str, kind: str, at: int) -> str:
    width = flags.lstrip("-,0+ (#").partition(".")[0]
    if kind in "sS":
        text = cast(binder, value, VARCHAR, at).sql if value.type.name != "varchar" else value.sql
        text = f"coalesce({text}, 'null')"
        text = f"upper({text})" if kind == "S" else text
        if "." in flags:
            text = f"left({text}, {int(flags.partition('.')[2])})"
    elif kind == "d" and value.type.is_integer:
        text = f"printf('%{'+' if '+' in flags else ''}d', CAST({value.sql} AS BIGINT))"
        text = _thousands(text) if "," in flags else text
    elif kind in "xXo" and value.type.is_integer:
        text = f"printf('%{kind}', CAST({value.sql} AS BIGINT))"
    elif kind in "feE" and value.type.is_number and not value.type.is_integer:
        digits = flags.partition(".")[2] or "6"
        text = f"printf('%{'+' if '+' in flags else ''}.{int(digits)}{kind}', CAST({value.sql} AS DOUBLE))"
        text = _thousands(text) if "," in flags else text
    elif kind == "b" and value.type == BOOLEAN:
        text = f"coalesce(CAST({value.sql} AS VARCHAR), 'false')"
    else:
        raise binder.error_at(at, f"The format %{flags}{kind} of {value.type} is not understood locally.", LOCAL_ONLY)
    return _padded(text, width, flags) if width else text


def _thousands(text: str) -> str:
    return f"grouped_digits({text})"


def _padded(text: str, width: str, flags: str) -> str:
    if "-" in flags:
        return f"text_padded_right({text}, {int(width)})"
    if flags.lstrip("-,+ (#").startswith("0"):
        return f"number_padded({text}, {int(width)})"
    return f"text_padded_left({text}, {int(width)})"


def _regexp_group(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    text, pattern, group = arguments
    if not isinstance(group.literal, int):
        raise binder.error_at(group.at, "Locally the group must be a literal number.", LOCAL_ONLY)
    return derived(f"matched({text.sql}, {pattern.sql}, {group.literal})", VARCHAR, arguments, at)


def _regexp_replaced(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """Java writes ``$1`` for a group and ``\\`` before a plain ``$``; RE2 writes ``\\1``."""
    text, pattern, replacement = arguments
    if isinstance(replacement.literal, str):
        with_ = text_literal(_re2_replacement(replacement.literal))
    else:
        with_ = f"regexp_replace(replace({replacement.sql}, '\\', '\\\\'), '\\$(\\d)', '\\\\\\1', 'g')"
    return derived(f"regexp_replace({text.sql}, {pattern.sql}, {with_}, 'g')", VARCHAR, arguments, at)


def _re2_replacement(text: str) -> str:
    result, index = [], 0
    while index < len(text):
        letter, following = text[index], text[index + 1 : index + 2]
        if letter == "\\" and following:
            result.append("\\\\" if following == "\\" else following)
            index += 2
        elif letter == "$" and following.isdigit():
            result.append("\\" + following)
            index += 2
        else:
            result.append(letter)
            index += 1
    return "".join(result)


def _in_network(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """``contains(cidr, address)``: a literal block is two numbers, and the test a BETWEEN."""
    cidr, address = arguments
    if not isinstance(cidr.literal, str):
        return derived(f"cidr_contains({cidr.sql}, {address.sql}, {place(at)})", BOOLEAN, arguments, at)
    try:
        first, last = network_range(cidr.literal)
    except ValueError:
        raise binder.error_at(cidr.at, f"'{cidr.literal}' is no CIDR block.", "Write 10.0.0.0/8.") from None
    sql = f"{address.operand} BETWEEN CAST({first} AS UHUGEINT) AND CAST({last} AS UHUGEINT)"
    return derived(sql, BOOLEAN, [address], at, atom=False)


def _array_join(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    values, delimiter, *missing = arguments
    texts = cast(binder, values, types.array(VARCHAR), at)
    if not missing:
        return derived(f"joined({texts.sql}, {delimiter.sql})", VARCHAR, arguments, at)
    filled = f"list_transform({texts.sql}, lambda _e: coalesce(_e, {missing[0].sql}))"
    return derived(f"array_to_string({filled}, {delimiter.sql})", VARCHAR, arguments, at)


def _json_size(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    text, path = (argument.sql for argument in arguments)
    sql = f"CASE json_type({text}, {path}) WHEN 'ARRAY' THEN json_array_length({text}, {path}) "
    sql += f"WHEN 'OBJECT' THEN len(json_keys({text}, {path})) WHEN NULL THEN NULL ELSE 0 END"
    return derived(
        f"CASE WHEN json_type({text}, {path}) IS NOT NULL THEN CAST({sql} AS BIGINT) END",
        types.BIGINT,
        arguments,
        at,
        atom=False,
    )


REWRITES = {
    "joined": _joined,
    "format_text": _format_text,
    "regexp_group": _regexp_group,
    "regexp_replaced": _regexp_replaced,
    "in_network": _in_network,
    "array_join": _array_join,
    "json_size": _json_size,
}
