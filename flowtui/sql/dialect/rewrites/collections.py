"""Arrays and maps whose text depends on their types."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from flowtui.sql.dialect.binder import Binder
from flowtui.sql.dialect.bound import Bound, derived, place
from flowtui.sql.dialect.equality import equal, is_structure
from flowtui.sql.dialect.ordering import compared_order, greatest_of, least_of, whole
from flowtui.sql.dialect.types import Type, duckdb_type, struct_field

Rewrite = Callable[[Binder, list[Bound], Type, int], Bound]


def _lambda_parts(bound: Bound) -> tuple[list[str], str]:
    """Parameters and body of a bound lambda."""
    head, _, body = bound.sql.removeprefix("lambda ").partition(": ")
    return head.split(", "), body


def applied(function: Bound, values: list[str]) -> str:
    """A lambda of several parameters as one over a struct's fields: DuckDB's take one element and its index."""
    names, body = _lambda_parts(function)
    inner = body
    for name, value in reversed(list(zip(names, values, strict=True))):
        inner = f"list_transform([{value}], lambda {name}: {inner})[1]"
    return inner


def _reduce(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """``reduce``: the start value leads the list; each step is a struct, so that state and element may differ."""
    values, start, step, finish = arguments
    state, element = start.type, values.type.element
    names, body = _lambda_parts(step)
    shape = f"STRUCT(s {duckdb_type(state)}, e {duckdb_type(element)})"
    head = f"CAST({{'s': {start.sql}, 'e': NULL}} AS {shape})"
    items = f"list_transform({values.sql}, lambda _e: CAST({{'s': NULL, 'e': _e}} AS {shape}))"
    bound_body = f"list_transform([_a.s], lambda {names[0]}: list_transform([_b.e], lambda {names[1]}: {body})[1])[1]"
    folded = (
        f"list_reduce(list_prepend({head}, {items}), lambda _a, _b: CAST({{'s': {bound_body}, 'e': NULL}} AS {shape}))"
    )
    sql = applied(finish, [f"({folded}).s"])
    present = f"CASE WHEN {values.operand} IS NOT NULL THEN {sql} END"
    return derived(present, result, arguments, at, atom=False)


def _array_sorted(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """``array_sort`` with a comparator: each element's place is the number of those before it, then its own."""
    values, function = arguments
    order = f"comparator_result({applied(function, ['_o', '_e'])}, {place(at)})"
    lesser = f"len(list_filter({values.sql}, lambda _o: {order} < 0))"
    placed = f"list_transform({values.sql}, lambda _e, _n: {{'before': {lesser}, 'own': _n, 'e': _e}})"
    return derived(f"list_transform(list_sort({placed}), lambda _p: _p.e)", result, arguments, at)


def _array_sort(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """In order, NULL last; neighbours that are equal up to a NULL have none."""
    items = arguments[0]
    sql = f"list_sort({items.sql}, 'ASC', 'NULLS LAST')"
    if is_structure(result.element):
        order = compared_order("_l[_i]", "_l[_i + 1]", result.element)
        pairs = f"list_transform(range(1, len(list_filter(_l, lambda _e: _e IS NOT NULL))), lambda _i: {order})"
        sql = f"list_transform([{sql}], lambda _l: sorted_soundly(_l, {pairs}, {place(at)}))[1]"
    return derived(sql, result, arguments, at)


def _extreme(which: Callable[[str, Type, int], str], function: str) -> Rewrite:
    """``array_max`` and ``array_min``; NULL if any element is."""

    def rewrite(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
        items = arguments[0].sql
        value = f"{function}({items})"
        if is_structure(result):
            value = f"list_transform([{items}], lambda _l: {which('_l', result, at)})[1]"
        sql = f"extreme({items}, {value})"
        return derived(sql, result, arguments, at)

    return rewrite


def _states(items: Bound, value: Bound) -> str:
    """A list that says of each element: 1 equal, 0 different or NULL, 2 unknown because of a NULL inside."""
    same = equal("_e", "_v", value.type)
    state = f"CASE WHEN _e IS NULL THEN 0 WHEN {same} THEN 1 WHEN NOT {same} THEN 0 ELSE 2 END"
    each = f"list_transform({items.sql}, lambda _e: {state})"
    return f"list_transform([{value.sql}], lambda _v: {each})[1]"


def _plain(type_: Type) -> bool:
    """Whether DuckDB finds two values of a type equal just when Athena does."""
    return not (is_structure(type_) or type_.is_floating)


def _searched(plain: str, careful: str) -> Rewrite:
    """A search for a value in an array, by a macro of the two, or by one of their states."""

    def rewrite(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
        items, value = arguments
        if _plain(value.type):
            sql = f"{plain}({items.sql}, {value.sql})"
        else:
            sql = f"{careful}({items.sql}, {value.sql}, {_states(items, value)}, {place(at)})"
        return derived(sql, result, arguments, at)

    return rewrite


def _arrays_overlap(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    kind = arguments[0].type.element
    texts = [f"list_transform({a.sql}, lambda _w: {whole('_w', kind, at)})" for a in arguments]
    inside = texts if is_structure(kind) else [argument.sql for argument in arguments]
    return derived(f"overlapping({', '.join(inside)})", result, arguments, at)


def _map_of(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """``map(keys, values)``; no key holds NULL."""
    keys, values = arguments
    checked = whole("_k", result.of[0], at, "A key of a map holds no NULL.")
    sql = keys.sql if checked == "_k" else f"list_transform({keys.sql}, lambda _k: {checked})"
    return derived(f"map({sql}, {values.sql})", result, arguments, at)


def _map_concat(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """Of a key in several maps the last value counts."""
    sql = reduce(lambda left, right: f"map_joined({left}, {right})", (argument.sql for argument in arguments))
    present = " AND ".join(f"{argument.operand} IS NOT NULL" for argument in arguments)
    return derived(f"CASE WHEN {present} THEN {sql} END", result, arguments, at, atom=False)


def _sequence(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """``sequence`` of whole numbers runs down when the end is smaller."""
    first, last = arguments
    step = f"CASE WHEN {first.operand} <= {last.operand} THEN 1 ELSE -1 END"
    step = f"sequence_step({first.sql}, {last.sql}, {step}, {place(at)})"
    return derived(f"generate_series({first.sql}, {last.sql}, {step})", result, arguments, at)


def _zipped(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    row = result.element
    inside = ", ".join(f"{struct_field(row, n)} := {a.operand}[_i]" for n, a in enumerate(arguments))
    longest = ", ".join(f"len({argument.sql})" for argument in arguments)
    sql = f"list_transform(range(1, greatest({longest}) + 1), lambda _i: struct_pack({inside}))"
    present = " AND ".join(f"{argument.operand} IS NOT NULL" for argument in arguments)
    return derived(f"CASE WHEN {present} THEN {sql} END", result, arguments, at, atom=False)


def _zip_with(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    left, right, function = arguments
    body = applied(function, [f"{left.operand}[_i]", f"{right.operand}[_i]"])
    sql = f"list_transform(range(1, greatest(len({left.sql}), len({right.sql})) + 1), lambda _i: {body})"
    return derived(sql, result, arguments, at)


def _entries(value: Bound) -> str:
    return f"range(1, len(map_keys({value.sql})) + 1)"


def _key_value(value: Bound) -> list[str]:
    return [f"map_keys({value.sql})[_i]", f"map_values({value.sql})[_i]"]


def _map_entries(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value = arguments[0]
    row = result.element
    key, item = _key_value(value)
    pair = f"struct_pack({struct_field(row, 0)} := {key}, {struct_field(row, 1)} := {item})"
    return derived(f"list_transform({_entries(value)}, lambda _i: {pair})", result, arguments, at)


def _map_filter(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value, function = arguments
    kept = f"list_filter({_entries(value)}, lambda _i: {applied(function, _key_value(value))})"
    key, item = _key_value(value)
    sql = f"map(list_transform({kept}, lambda _i: {key}), list_transform({kept}, lambda _i: {item}))"
    return derived(sql, value.type, arguments, at)


def _map_zip_with(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """The values of two maps under each key that either has."""
    left, right, function = arguments
    keys = f"distinct_in_order(list_concat(map_keys({left.sql}), map_keys({right.sql})))"
    values = ["_k", f"map_element({left.sql}, _k)", f"map_element({right.sql}, _k)"]
    items = f"list_transform({keys}, lambda _k: {applied(function, values)})"
    present = f"{left.operand} IS NOT NULL AND {right.operand} IS NOT NULL"
    return derived(f"CASE WHEN {present} THEN map({keys}, {items}) END", result, arguments, at, atom=False)


def _multimap_from_entries(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    row = arguments[0].type.element
    pair = f"{{'key': _e.{struct_field(row, 0)}, 'value': _e.{struct_field(row, 1)}}}"
    return derived(f"grouped_pairs(list_transform({arguments[0].sql}, lambda _e: {pair}))", result, arguments, at)


def _transform_keys(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value, function = arguments
    keys = f"list_transform({_entries(value)}, lambda _i: {applied(function, _key_value(value))})"
    return derived(f"map({keys}, map_values({value.sql}))", result, arguments, at)


def _transform_values(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value, function = arguments
    items = f"list_transform({_entries(value)}, lambda _i: {applied(function, _key_value(value))})"
    return derived(f"map(map_keys({value.sql}), {items})", result, arguments, at)


REWRITES = {
    "array_sort": _array_sort,
    "array_sorted": _array_sorted,
    "array_greatest": _extreme(greatest_of, "list_max"),
    "array_least": _extreme(least_of, "list_min"),
    "array_position": _searched("array_place", "state_place"),
    "array_remove": _searched("array_remaining", "state_remaining"),
    "arrays_overlap": _arrays_overlap,
    "contains": _searched("contained", "state_contained"),
    "map_of": _map_of,
    "map_concat": _map_concat,
    "reduce": _reduce,
    "sequence": _sequence,
    "zipped": _zipped,
    "zip_with": _zip_with,
    "map_entries": _map_entries,
    "map_filter": _map_filter,
    "map_zip_with": _map_zip_with,
    "multimap_from_entries": _multimap_from_entries,
    "transform_keys": _transform_keys,
    "transform_values": _transform_values,
}
