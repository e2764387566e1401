"""The order of arrays and rows: an error where two of them are equal up to a NULL, and NaN below all else in ``max``.

DuckDB gives NULL and NaN a place of their own, after everything.
"""

from __future__ import annotations

from flowtui.sql.dialect.binder import LOCAL_ONLY, Binder
from flowtui.sql.dialect.bound import place
from flowtui.sql.dialect.equality import is_structure
from flowtui.sql.dialect.types import Type, duckdb_type, struct_field

_NULL_INSIDE = "Athena does not order rows or arrays that are equal up to a NULL; locally none may hold NULL."


def holds(type_: Type, name: str) -> bool:
    """Whether a type is, or holds, one of a name; ``floating`` stands for both binary types."""
    own = type_.is_floating if name == "floating" else type_.name == name
    return own or any(holds(part, name) for part in type_.of)


def _fields(sql: str, type_: Type) -> list[tuple[str, Type]]:
    return [(f"({sql}).{struct_field(type_, number)}", part) for number, part in enumerate(type_.of)]


def holds_null(sql: str, type_: Type, depth: int = 0) -> str:
    """DuckDB text: whether a structure, itself not NULL, holds NULL at any depth."""
    if type_.name == "row":
        return f"({' OR '.join(_is_null(field, part, depth) for field, part in _fields(sql, type_))})"
    name = f"_h{depth}"
    values = f"map_values({sql})" if type_.name == "map" else sql
    return f"len(list_filter({values}, lambda {name}: {_is_null(name, type_.of[-1], depth + 1)})) > 0"


def _is_null(sql: str, type_: Type, depth: int) -> str:
    inner = f" OR {holds_null(sql, type_, depth)}" if is_structure(type_) else ""
    return f"({sql} IS NULL{inner})"


def whole(sql: str, type_: Type, at: int, message: str = _NULL_INSIDE) -> str:
    """DuckDB text of a value to be ordered; a structure that holds NULL is an error."""
    if not is_structure(type_):
        return sql
    carrier = duckdb_type(type_)
    failure = f"CAST(CAST(fail('{message}', {place(at)}) AS VARCHAR) AS {carrier})"
    return f"CASE WHEN {holds_null(sql, type_)} THEN {failure} ELSE {sql} END"


def compared_order(left: str, right: str, type_: Type, depth: int = 0) -> str:
    """DuckDB text of the order of two values: -1, 0, 1, or 2 where a NULL hides it."""
    unknown = f"{left} IS NULL OR {right} IS NULL"
    if not is_structure(type_):
        return f"CASE WHEN {unknown} THEN 2 WHEN {left} < {right} THEN -1 WHEN {left} > {right} THEN 1 ELSE 0 END"
    if type_.name == "row":
        pairs = zip(_fields(left, type_), _fields(right, type_), strict=True)
        parts = ", ".join(compared_order(one, two, part, depth) for (one, part), (two, _) in pairs)
        steps, rest = f"[{parts}]", "0"
    else:
        name = f"_o{depth}"
        step = compared_order(f"({left})[{name}]", f"({right})[{name}]", type_.element, depth + 1)
        steps = f"list_transform(range(1, least(len({left}), len({right})) + 1), lambda {name}: {step})"
        rest = f"sign(len({left}) - len({right}))"
    decisive = f"list_filter({steps}, lambda _c{depth}: _c{depth} <> 0)[1]"
    return f"CASE WHEN {unknown} THEN 2 ELSE coalesce({decisive}, {rest}) END"


def nan_first(sql: str, type_: Type, depth: int = 0) -> str:
    """DuckDB text of a key that orders as the value does, but with NaN below all numbers."""
    if not holds(type_, "floating"):
        return sql
    if type_.is_floating:
        key = f"struct_pack(k := NOT isnan({sql}), v := {sql})"
    elif type_.name == "row":
        parts = (nan_first(field, part, depth) for field, part in _fields(sql, type_))
        key = f"struct_pack({', '.join(f'k{number} := {part}' for number, part in enumerate(parts))})"
    else:
        name = f"_n{depth}"
        key = f"list_transform({sql}, lambda {name}: {nan_first(name, type_.element, depth + 1)})"
    return f"CASE WHEN {sql} IS NOT NULL THEN {key} END"


def greatest_of(items: str, type_: Type, at: int) -> str:
    """DuckDB text of the greatest element of a list without NULL elements."""
    pair = f"struct_pack(k := {nan_first(whole('_x', type_, at), type_)}, v := _x)"
    return f"(list_sort(list_transform({items}, lambda _x: {pair}))[-1]).v"


def least_of(items: str, type_: Type, at: int) -> str:
    """DuckDB text of the least element of a list without NULL elements."""
    return f"list_min(list_transform({items}, lambda _x: {whole('_x', type_, at)}))"


def refuse_maps(binder: Binder, type_: Type, at: int, where: str) -> None:
    """Refuse what DuckDB does with maps by the order of their entries.

    Raises:
        QueryError: the type is a map, or holds one.
    """
    if holds(type_, "map"):
        raise binder.error_at(at, f"{where} takes no map locally.", LOCAL_ONLY)
