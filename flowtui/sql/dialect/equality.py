"""``=`` on arrays, rows and maps: unknown where an element is NULL and nothing else differs, as for plain values.

DuckDB has two NULL elements equal, and two maps equal only when their entries stand in the same order.
"""

from __future__ import annotations

from flowtui.sql.dialect.types import Type, struct_field

_STRUCTURES = ("array", "row", "map")


def is_structure(type_: Type) -> bool:
    """Whether values hold others."""
    return type_.name in _STRUCTURES


def equal(left: str, right: str, type_: Type, depth: int = 0) -> str:
    """DuckDB text, in parentheses, of ``left = right`` for two values of one type."""
    if type_.name == "row":
        fields = (struct_field(type_, number) for number in range(len(type_.of)))
        pairs = zip(fields, type_.of, strict=True)
        return f"({' AND '.join(equal(f'{left}.{name}', f'{right}.{name}', part, depth) for name, part in pairs)})"
    if type_.name == "array":
        name = f"_i{depth}"
        same = equal(f"({left})[{name}]", f"({right})[{name}]", type_.element, depth + 1)
        return f"arrays_equal({left}, {right}, list_transform(range(1, len({left}) + 1), lambda {name}: {same}))"
    if type_.name == "map":
        name = f"_k{depth}"
        same = equal(f"map_element({left}, {name})", f"map_element({right}, {name})", type_.of[1], depth + 1)
        return f"maps_equal({left}, {right}, list_transform(map_keys({left}), lambda {name}: {same}))"
    nan = f" AND NOT (isnan({left}) AND isnan({right}))" if type_.is_floating else ""
    return f"({left} = {right}{nan})"
