"""JSON: paths and sizes. A malformed text has no value at any path."""

from __future__ import annotations

import re

from flowtui.sql.dialect import types
from flowtui.sql.dialect.binder import Binder
from flowtui.sql.dialect.bound import Bound, derived
from flowtui.sql.dialect.names import text_literal
from flowtui.sql.dialect.types import JSON, Type

_QUOTED_KEY = re.compile(r"""\[(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\]""")


def _sound(text: Bound) -> str:
    return text.sql if text.type == JSON else f"sound_json({text.sql})"


def _path(path: Bound) -> str:
    """Trino writes ``$["a b"]`` where DuckDB has ``$."a b"``."""
    if not isinstance(path.literal, str):
        return path.sql
    return text_literal(_QUOTED_KEY.sub(lambda key: f'."{key[1] if key[1] is not None else key[2]}"', path.literal))


def _json_extract(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    text, path = arguments
    return derived(f"CAST(json_extract({_sound(text)}, {_path(path)}) AS VARCHAR)", JSON, arguments, at)


def _json_extract_scalar(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    text, path = arguments
    return derived(f"json_scalar({_sound(text)}, {_path(path)})", result, arguments, at)


def _json_size(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    text, path = _sound(arguments[0]), _path(arguments[1])
    sql = f"CASE json_type({text}, {path}) WHEN 'ARRAY' THEN json_array_length({text}, {path}) "
    sql += f"WHEN 'OBJECT' THEN len(json_keys({text}, {path})) WHEN NULL THEN NULL ELSE 0 END"
    return derived(
        f"CASE WHEN json_type({text}, {path}) IS NOT NULL THEN CAST({sql} AS BIGINT) END",
        types.BIGINT,
        arguments,
        at,
        atom=False,
    )


REWRITES = {"json_extract": _json_extract, "json_extract_scalar": _json_extract_scalar, "json_size": _json_size}
