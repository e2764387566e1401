"""CAST from and to JSON by Trino's rules: https://trino.io/docs/current/functions/json.html#cast-to-json

JSON travels as its text. Each rule takes the function that converts everything else, because arrays, maps and rows
hold values of any type.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from flowtui.sql.dialect import types
from flowtui.sql.dialect.bound import Bound, mark, place
from flowtui.sql.dialect.names import text_literal
from flowtui.sql.dialect.types import Type, duckdb_type, struct_field

Convert = Callable[[Bound, Type, int], str | None]


def from_json(convert: Convert, bound: Bound, target: Type, at: int) -> str | None:
    """DuckDB text of ``CAST(json AS target)``; NULL for JSON's null."""
    if target.name == "json":
        return f"CAST({bound.sql} AS VARCHAR)"
    shape = {"array": _to_array, "map": _to_map, "row": _to_row}.get(target.name)
    if shape:
        inner = shape(convert, bound, target, at)
        return inner and f"CASE json_type({bound.sql}) WHEN 'NULL' THEN NULL {inner} END"
    kind = f"{text_literal(str(target))}, {place(at)}"
    if target.is_integer:
        return f"{mark(at)}CAST(json_whole_text({bound.sql}, {kind}) AS {duckdb_type(target)})"
    if target.name == "boolean":
        return f"{mark(at)}CAST(json_truth_text({bound.sql}, {kind}) AS BOOLEAN)"
    if not target.is_number and target.name != "varchar":
        return None
    if target.args and target.name == "varchar":
        return f"text_fits(json_scalar_text({bound.sql}, {kind}), {target.args[0]}, {place(at)})"
    macro = "json_number_text" if target.is_number else "json_scalar_text"
    return convert(Bound(f"{macro}({bound.sql}, {kind})", types.VARCHAR), target, at)


def _refused(bound: Bound, target: Type, at: int) -> str:
    message = f"cannot_cast({bound.sql}, {text_literal(str(target))}, {place(at)})"
    return f"ELSE CAST(CAST(CAST({message} AS BIGINT) AS VARCHAR) AS {duckdb_type(target)})"


def _to_array(convert: Convert, bound: Bound, target: Type, at: int) -> str | None:
    inner = from_json(convert, Bound("_e", types.JSON), target.element, at)
    items = f"list_transform(json_extract({bound.sql}, '$[*]'), lambda _e: {inner})"
    return inner and f"WHEN 'ARRAY' THEN {items} {_refused(bound, target, at)}"


def _to_map(convert: Convert, bound: Bound, target: Type, at: int) -> str | None:
    name = f"_k{bound.sql.count('_k')}"  # a map in a map names its keys anew
    key = name if target.of[0].name == "varchar" else convert(Bound(name, types.VARCHAR), target.of[0], at)
    value = from_json(convert, Bound(f"json_field({bound.sql}, {name})", types.JSON), target.of[1], at)
    keys = f"json_keys({bound.sql})"
    items = f"map(list_transform({keys}, lambda {name}: {key}), list_transform({keys}, lambda {name}: {value}))"
    return key and value and f"WHEN 'OBJECT' THEN {items} {_refused(bound, target, at)}"


def _to_row(convert: Convert, bound: Bound, target: Type, at: int) -> str | None:
    """From an object by the names of the fields, or from an array by their order."""
    by_name, by_order = [], []
    for number, part in enumerate(target.of):
        name = struct_field(target, number)
        key = text_literal(target.fields[number] or "")
        named = from_json(convert, Bound(f"json_field_of_row({bound.sql}, {key})", types.JSON), part, at)
        placed = from_json(convert, Bound(f"json_extract({bound.sql}, '$[{number}]')", types.JSON), part, at)
        if named is None or placed is None:
            return None
        by_name.append(f"{name} := {named}")
        by_order.append(f"{name} := {placed}")
    refused = _refused(bound, target, at)
    placed_all = f"CASE WHEN json_array_length({bound.sql}) = {len(target.of)} THEN struct_pack({', '.join(by_order)})"
    return (
        f"WHEN 'OBJECT' THEN struct_pack({', '.join(by_name)}) WHEN 'ARRAY' THEN {placed_all} {refused} END {refused}"
    )


def to_json(convert: Convert, bound: Bound, target: Type, at: int) -> str | None:
    """DuckDB text of ``CAST(value AS json)``."""
    type_ = bound.type
    if type_.name in ("json", "unknown"):
        return bound.sql
    if type_.name in ("array", "map", "row"):
        return {"array": _array_to_json, "map": _map_to_json, "row": _row_to_json}[type_.name](convert, bound, at)
    if type_.is_floating:
        return f"json_double({bound.sql})"
    if type_.is_number or type_ == types.BOOLEAN:
        return convert(bound, types.VARCHAR, at)
    if type_.name in ("varchar", "date", "timestamp"):
        return f"json_written(CAST(to_json({convert(bound, types.VARCHAR, at)}) AS VARCHAR))"
    return None


def _element_to_json(convert: Convert, type_: Type, at: int) -> str | None:
    inner = to_json(convert, Bound("_e", type_), types.JSON, at)
    return inner and f"coalesce({inner}, 'null')"


def _array_to_json(convert: Convert, bound: Bound, at: int) -> str | None:
    inner = _element_to_json(convert, bound.type.element, at)
    return inner and f"('[' || array_to_string(list_transform({bound.sql}, lambda _e: {inner}), ',') || ']')"


def _map_to_json(convert: Convert, bound: Bound, at: int) -> str | None:
    """A JSON object in the order of its keys, which are texts, numbers or truths."""
    if not (bound.type.of[0].is_number or bound.type.of[0].name in ("varchar", "boolean", "unknown")):
        return None
    key = convert(Bound("_e", bound.type.of[0]), types.VARCHAR, at)
    value = _element_to_json(convert, bound.type.of[1], at)
    if key is None or value is None:
        return None
    keys = f"list_transform(map_keys({bound.sql}), lambda _e: {key})"
    values = f"list_transform(map_values({bound.sql}), lambda _e: {value})"
    pair = "CAST(to_json(_p[1]) AS VARCHAR) || ':' || _p[2]"
    pairs = f"list_transform(list_sort(list_zip({keys}, {values})), lambda _p: {pair})"
    return f"CASE WHEN {bound.operand} IS NOT NULL THEN '{{' || array_to_string({pairs}, ',') || '}}' END"


def _row_to_json(convert: Convert, bound: Bound, at: int) -> str | None:
    """A JSON object with the names of the fields; a field without a name has an empty one."""
    pieces = []
    for number, part in enumerate(bound.type.of):
        field = Bound(f"{bound.operand}.{struct_field(bound.type, number)}", part)
        value = to_json(convert, field, types.JSON, at)
        if value is None:
            return None
        name = json.dumps(bound.type.fields[number] or "", ensure_ascii=False)
        pieces.append(f"{text_literal(name + ':')} || coalesce({value}, 'null')")
    joined = " || ',' || ".join(pieces)
    return f"CASE WHEN {bound.operand} IS NOT NULL THEN '{{' || {joined} || '}}' END"
