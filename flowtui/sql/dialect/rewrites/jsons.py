"""JSON: paths and sizes. A text that is no JSON has no value at any path."""

from __future__ import annotations

from flowtui.sql.dialect import types
from flowtui.sql.dialect.binder import Binder
from flowtui.sql.dialect.bound import Bound, derived, place
from flowtui.sql.dialect.json_texts import canonical_json, duckdb_path
from flowtui.sql.dialect.names import text_literal
from flowtui.sql.dialect.types import JSON, Type


def _sound(text: Bound, at: int) -> str:
    return text.sql if text.type == JSON else f"sound_json({text.sql}, {place(at)})"


def _path(binder: Binder, path: Bound) -> str:
    """The path as DuckDB reads it; one that Trino refuses is an error."""
    if not isinstance(path.literal, str):
        return f"json_path({path.sql}, {place(path.at)})"
    read = duckdb_path(path.literal)
    if read is None:
        raise binder.error_at(path.at, f"Invalid JSON path: '{path.literal}'.", 'Write $.name, $[0] or $["a name"].')
    return text_literal(read)


def _json_parse(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    text = arguments[0]
    if isinstance(text.literal, str):
        canonical = canonical_json(text.literal)
        if canonical is not None:
            return derived(text_literal(canonical), JSON, arguments, at)
    else:
        binder.notice(
            "json_parse keeps keys as they stand locally; Athena sorts them, takes the last of equal ones, "
            "and so finds texts equal that differ in this."
        )
    return derived(f"json_read({text.sql}, {place(at)})", JSON, arguments, at)


def _json_extract(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    text, path = arguments
    return derived(
        f"json_written(CAST(json_extract({_sound(text, at)}, {_path(binder, path)}) AS VARCHAR))", JSON, arguments, at
    )


def _json_extract_scalar(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    text, path = arguments
    return derived(f"json_scalar({_sound(text, at)}, {_path(binder, path)}, {place(at)})", result, arguments, at)


def _json_size(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    text, path = _sound(arguments[0], at), _path(binder, arguments[1])
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
    "json_extract": _json_extract,
    "json_extract_scalar": _json_extract_scalar,
    "json_parse": _json_parse,
    "json_size": _json_size,
}
