"""Texts: joining, regular expressions, networks."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import reduce

from flowtui.sql.dialect import types
from flowtui.sql.dialect.addresses import network_range
from flowtui.sql.dialect.arithmetic import concatenation
from flowtui.sql.dialect.binder import LOCAL_ONLY, Binder
from flowtui.sql.dialect.bound import Bound, derived, place
from flowtui.sql.dialect.casts import cast
from flowtui.sql.dialect.names import text_literal
from flowtui.sql.dialect.rewrites.collections import applied
from flowtui.sql.dialect.rewrites.patterns import may_be_empty
from flowtui.sql.dialect.types import BOOLEAN, VARCHAR, Type

_GROUP_NAME = re.compile(r"\(\?P?<([A-Za-z]\w*)>|(?<!\\)\((?!\?)")
_GROUP_USED = re.compile(r"\$(?:(\d+)|\{(\w+)\})")
_MAX_GROUP = 9
"""RE2's replacements know no groups beyond it."""
_UNBOUNDED = 2**31 - 1
"""The length of a varchar without one."""


def _joined(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    bound = reduce(lambda left, right: concatenation(binder, left, right), arguments)
    return derived(bound.operand, bound.type, arguments, at)


def _regexp_group(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """One group of the first match; a group that took no part in it is NULL."""
    text, pattern, number = arguments
    group, absent = _group(binder, pattern, number)
    sql = absent(f"matched({text.sql}, {pattern.sql}, {group})", at)
    return derived(sql, result, arguments, at)


def _regexp_groups(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """One group of every match."""
    text, pattern, number = arguments
    group, absent = _group(binder, pattern, number)
    sql = f"regexp_extract_all({text.sql}, {pattern.sql}, {group})"
    each = absent("_e", at)
    sql = sql if each == "_e" else f"list_transform({sql}, lambda _e: {each})"
    return derived(sql, result, arguments, at)


def _group(binder: Binder, pattern: Bound, number: Bound) -> tuple[int, Callable[[str, int], str]]:
    """The group's number, and what becomes of its text: an empty one may mean that it took no part in the match."""
    if not isinstance(number.literal, int):
        raise binder.error_at(number.at, "Locally the group must be a literal number.", LOCAL_ONLY)
    group = number.literal
    if not isinstance(pattern.literal, str):
        return group, _doubtful if group else _as_it_is
    groups = pattern_groups(pattern.literal)
    if not 0 <= group <= len(groups):
        raise binder.error_at(number.at, f"The pattern has {len(groups)} groups, there is no group {group}.")
    if group == 0:
        return group, _as_it_is
    inside = groups[group - 1]
    if not may_be_empty(inside):
        return group, lambda sql, at: f"nullif({sql}, '')"
    around = pattern.literal.replace(f"({inside})", "()", 1)
    return group, _doubtful if re.search(r"\||\)[?*{]", around) else _as_it_is


def _as_it_is(sql: str, at: int) -> str:
    return sql


def _doubtful(sql: str, at: int) -> str:
    return f"group_known({sql}, {place(at)})"


def pattern_groups(pattern: str) -> list[str]:
    """What stands in the capturing groups of a regular expression, in the order of their numbers."""
    starts: list[int] = []
    opened: list[int | None] = []
    ends: dict[int, int] = {}
    index, bracket = 0, -1
    while index < len(pattern):
        letter = pattern[index]
        if letter == "\\":
            index += 1
        elif bracket >= 0:
            # A bracket that closes at once stands for itself.
            bracket = -1 if letter == "]" and index > bracket + 1 else bracket
        elif letter == "[":
            bracket = index + 1 if pattern[index + 1 : index + 2] == "^" else index
        elif letter == "(":
            plain = pattern[index + 1 : index + 2] != "?" or pattern.startswith(("(?P<", "(?<"), index)
            plain = plain and not pattern.startswith(("(?<=", "(?<!"), index)
            starts += [index + 1] if plain else []
            opened.append(index + 1 if plain else None)
        elif letter == ")" and opened:
            start = opened.pop()
            if start is not None:
                ends[start] = index
        index += 1
    return [pattern[start : ends.get(start, len(pattern))] for start in starts]


def _regexp_replaced(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """Java writes ``$1`` for a group and ``\\`` before a plain ``$``; RE2 writes ``\\1``."""
    text, pattern, replacement = arguments
    if isinstance(replacement.literal, str):
        names = _GROUP_NAME.findall(pattern.literal) if isinstance(pattern.literal, str) else []
        groups = len(pattern_groups(pattern.literal)) if isinstance(pattern.literal, str) else 9
        read = _re2_replacement(replacement.literal, groups, names)
        if read is None:
            hint = "$1 and ${name} stand for its groups, \\$ for a dollar; locally there are at most nine."
            raise binder.error_at(replacement.at, f"'{replacement.literal}' is no replacement for this pattern.", hint)
        with_ = text_literal(read)
    else:
        with_ = f"replacement_read({replacement.sql}, {place(at)})"
    kind = replaced_type(text.type, replacement.type)
    return derived(f"regexp_replace({_alike(text, pattern, at)}, {pattern.sql}, {with_}, 'g')", kind, arguments, at)


def _alike(text: Bound, pattern: Bound, at: int) -> str:
    """The text; an error where the pattern matches both nothing and something in it."""
    if isinstance(pattern.literal, str) and not may_be_empty(pattern.literal):
        return text.sql
    return f"alike_empty({text.sql}, {pattern.sql}, {place(at)})"


def replaced_type(text: Type, replacement: Type) -> Type:
    """The type of ``regexp_replace``, with room for what Trino takes for the longest result.

    https://github.com/trinodb/trino/blob/435/core/trino-main/src/main/java/io/trino/operator/scalar/JoniRegexpFunctions.java
    """
    if not (text.args and replacement.args):
        return VARCHAR
    length, size = text.args[0], replacement.args[0]
    return limited_varchar(length + max(length * size // 2, size) * (length + 1))


def limited_varchar(length: int) -> Type:
    """``varchar(n)``, without the length where it is that of every varchar."""
    return types.varchar(length) if length < _UNBOUNDED else VARCHAR


def _replaced(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """``replace``: in the longest result a new text stands around every letter."""
    text, find, with_ = arguments
    kind = VARCHAR
    if text.type.args and with_.type.args:
        kind = limited_varchar(text.type.args[0] + with_.type.args[0] * (text.type.args[0] + 1))
    return derived(f"text_replaced({text.sql}, {find.sql}, {with_.sql})", kind, arguments, at)


def _url_encoded(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """``url_encode``: four bytes to a letter, three letters to a byte."""
    text = arguments[0]
    kind = limited_varchar(text.type.args[0] * 12) if text.type.args else VARCHAR
    return derived(f"url_encoded({text.sql})", kind, arguments, at)


def _regexp_split(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """``regexp_split``; where a pattern matches nothing, Java and RE2 split at other places."""
    text, pattern = arguments
    source = text.sql
    if not isinstance(pattern.literal, str):
        source = f"without_empty({text.sql}, {pattern.sql}, {place(at)})"
    elif may_be_empty(pattern.literal):
        raise binder.error_at(
            pattern.at, "A pattern that matches an empty text is not available locally here.", LOCAL_ONLY
        )
    return derived(f"string_split_regex({source}, {pattern.sql})", result, arguments, at)


def _regexp_replaced_by(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """Each match is replaced by what a lambda makes of its groups; the pattern must be a literal, to know them."""
    text, pattern, function = arguments
    if not isinstance(pattern.literal, str):
        raise binder.error_at(pattern.at, "Locally the pattern must be a literal here.", LOCAL_ONLY)
    if may_be_empty(pattern.literal):
        raise binder.error_at(
            pattern.at, "A pattern that matches an empty text is not available locally here.", LOCAL_ONLY
        )
    found = [
        f"regexp_extract_all({text.sql}, {pattern.sql}, {n})" for n in range(len(pattern_groups(pattern.literal)) + 1)
    ]
    groups = f"[{', '.join(f'{group}[_n]' for group in found[1:])}]" if len(found) > 1 else "CAST([] AS VARCHAR[])"
    between = f"string_split_regex({text.sql}, {pattern.sql})"
    pieces = f"{between}[_n] || CASE WHEN _n <= len({found[0]}) THEN {applied(function, [groups])} ELSE '' END"
    sql = f"pieces_joined(list_transform(range(1, len({between}) + 1), lambda _n: {pieces}))"
    return derived(f"CASE WHEN {text.operand} IS NOT NULL THEN {sql} END", VARCHAR, arguments, at, atom=False)


def _re2_replacement(text: str, groups: int, names: list[str]) -> str | None:
    """``$1`` and ``${name}`` as RE2 writes groups, or None when there is no such group."""
    result, index = [], 0
    while index < len(text):
        letter, following = text[index], text[index + 1 : index + 2]
        if letter == "\\" and following:
            result.append("\\\\" if following == "\\" else following)
            index += 2
        elif letter == "$":
            found = _GROUP_USED.match(text, index)
            if found is None:
                return None
            number, end = _group_number(found, groups, names)
            if number is None:
                return None
            if number > _MAX_GROUP:
                return None
            result.append(f"\\{number}")
            index = end
        else:
            result.append(letter)
            index += 1
    return "".join(result)


def _group_number(found: re.Match[str], groups: int, names: list[str]) -> tuple[int | None, int]:
    """The group a ``$…`` means and where it ends; of digits, as many count as there are groups for."""
    if found[2] is not None:
        return (names.index(found[2]) + 1 if found[2] in names else None), found.end()
    digits = found[1]
    for length in range(len(digits), 0, -1):
        if length == 1 or int(digits[:length]) <= groups:
            number = int(digits[:length])
            return (number if number <= groups else None), found.start() + 1 + length
    return None, found.end()


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


REWRITES = {
    "joined": _joined,
    "regexp_group": _regexp_group,
    "regexp_groups": _regexp_groups,
    "regexp_replaced": _regexp_replaced,
    "regexp_replaced_by": _regexp_replaced_by,
    "regexp_split": _regexp_split,
    "in_network": _in_network,
    "array_join": _array_join,
    "replaced": _replaced,
    "url_encoded": _url_encoded,
}
