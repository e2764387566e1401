"""Rounding, extremes and bits, which keep the type of their argument."""

from __future__ import annotations

from collections.abc import Callable

from flowtui.sql.dialect import types
from flowtui.sql.dialect.arithmetic import arithmetic
from flowtui.sql.dialect.binder import Binder
from flowtui.sql.dialect.bound import Bound, derived, place, widened
from flowtui.sql.dialect.equality import equal, is_structure
from flowtui.sql.dialect.ordering import greatest_of, least_of
from flowtui.sql.dialect.types import DOUBLE, Type, as_decimal, decimal, duckdb_type

_LEAST_PLACE = -19
"""Powers of ten from the nineteenth on are no bigint."""
_BITS = {"tinyint": 8, "smallint": 16, "integer": 32, "bigint": 64}


def _rounded(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """``round``: half away from zero; integers and decimals keep their kind."""
    value = arguments[0]
    digits = arguments[1] if len(arguments) > 1 else None
    if digits is not None and digits.sql == f"CAST(NULL AS {duckdb_type(digits.type)})":
        return derived(f"CAST(NULL AS {duckdb_type(value.type)})", value.type, arguments, at)
    if value.type.is_integer and digits is None:
        return value
    if value.type.is_integer:
        small = digits is not None and not (isinstance(digits.literal, int) and digits.literal > _LEAST_PLACE)
        place_ = f"whole_digits({_digits(digits)}, {place(at)})" if small else _digits(digits)
        return derived(f"CAST(round({value.sql}, {place_}) AS {duckdb_type(value.type)})", value.type, arguments, at)
    if value.type.name == "decimal":
        return _rounded_decimal(value, digits, arguments, at)
    sql = f"rounded_at({value.sql}, {_digits(digits)})"
    return derived(sql if value.type == DOUBLE else f"CAST({sql} AS FLOAT)", value.type, arguments, at)


def _digits(digits: Bound | None) -> str:
    return digits.sql if digits else "0"


def _rounded_decimal(value: Bound, digits: Bound | None, arguments: list[Bound], at: int) -> Bound:
    precision, scale = value.type.args
    if digits is None:
        target = decimal(precision - scale + min(1, scale), 0)
        return derived(f"CAST({value.sql} AS {duckdb_type(target)})", target, arguments, at)
    target = decimal(precision + 1, scale)
    if isinstance(digits.literal, int) and 0 <= digits.literal < scale:
        inner = decimal(precision + 1, digits.literal)
        sql = f"CAST(CAST({value.sql} AS {duckdb_type(inner)}) AS {duckdb_type(target)})"
    elif isinstance(digits.literal, int) and digits.literal >= scale:
        sql = f"CAST({value.sql} AS {duckdb_type(target)})"
    else:
        sql = f"CAST(round({value.sql}, {digits.sql}) AS {duckdb_type(target)})"
    return derived(sql, target, arguments, at)


def _stepped(function: str) -> Callable[[Binder, list[Bound], Type, int], Bound]:
    """``ceil`` and ``floor``: a decimal loses its scale, other numbers keep their type."""

    def rewrite(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
        value = arguments[0]
        if value.type.is_integer:
            return value
        target = value.type
        if target.name == "decimal":
            precision, scale = target.args
            target = decimal(precision - scale + min(1, scale), 0)
        sql = f"CAST({function}({value.sql}) AS {duckdb_type(target)})"
        return derived(sql, target, arguments, at)

    return rewrite


def _truncated(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value = arguments[0]
    if value.type.is_integer:
        value = widened(value, as_decimal(value.type))
    target = value.type
    if len(arguments) == 1 and target.name == "decimal":
        precision, scale = target.args
        target = decimal(max(precision - scale, 1), 0)
    call = f"trunc({value.sql})" if len(arguments) == 1 else f"trunc({value.sql}, CAST({arguments[1].sql} AS INTEGER))"
    return derived(f"CAST({call} AS {duckdb_type(target)})", target, arguments, at)


def _sign(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value = arguments[0]
    target = decimal(1, 0) if value.type.name == "decimal" else value.type
    sql = f"CAST(sign({value.sql}) AS {duckdb_type(target)})"
    if target.is_floating:  # DuckDB gives NaN and -0.0 the sign 0
        sql = f"CASE WHEN isnan({value.sql}) OR {value.operand} = 0 THEN {value.sql} ELSE {sql} END"
    return derived(sql, target, arguments, at, atom=not target.is_floating)


def _modulus(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    bound = arithmetic(binder, "%", arguments[0], arguments[1])
    return derived(f"({bound.sql})", bound.type, arguments, at)


def _extreme(function: str) -> Callable[[Binder, list[Bound], Type, int], Bound]:
    """``greatest`` and ``least``: NULL if any argument is."""

    def rewrite(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
        inside = ", ".join(argument.sql for argument in arguments)
        present = " AND ".join(f"{argument.operand} IS NOT NULL" for argument in arguments)
        if is_structure(result):
            call = (greatest_of if function == "greatest" else least_of)(f"[{inside}]", result, at)
            return derived(f"CASE WHEN {present} THEN {call} END", result, arguments, at, atom=False)
        if result.is_floating and function == "greatest":
            call = f"CAST(greatest_double([{inside}]) AS {duckdb_type(result)})"
            return derived(f"CASE WHEN {present} THEN {call} END", result, arguments, at, atom=False)
        return derived(f"CASE WHEN {present} THEN {function}({inside}) END", result, arguments, at, atom=False)

    return rewrite


def _nullif(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """``nullif`` compares at the common type and keeps the type of the first."""
    value, other = arguments
    type_ = binder.common(value, other, f"Athena cannot compare {value.type} with {other.type}.")
    same = equal(widened(value, type_).operand, widened(other, type_).operand, type_)
    return derived(f"CASE WHEN {same} THEN NULL ELSE {value.sql} END", value.type, arguments, at, atom=False)


def _shift_left(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value, count = arguments
    bits = _BITS[value.type.name]
    if bits == 64:
        return derived(f"shifted_left({value.sql}, {count.sql})", value.type, arguments, at)
    whole = f"shifted_left(CAST({value.sql} AS BIGINT), {count.operand} + {64 - bits})"
    sql = f"CASE WHEN {count.operand} BETWEEN 0 AND {bits - 1} THEN {whole} >> {64 - bits} ELSE 0 END"
    return derived(f"CAST({sql} AS {duckdb_type(value.type)})", value.type, arguments, at)


def _shift_right(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value, count = arguments
    bits = _BITS[value.type.name]
    if bits == 64:
        return derived(f"shifted_right({value.sql}, {count.sql})", value.type, arguments, at)
    unsigned = f"(CAST({value.sql} AS BIGINT) & {2**bits - 1})"
    whole = f"CAST({value.sql} AS BIGINT)"
    sql = f"CASE WHEN {count.operand} = 0 THEN {whole} ELSE shifted_right({unsigned}, {count.sql}) END"
    return derived(f"CAST({sql} AS {duckdb_type(value.type)})", value.type, arguments, at)


def _shift_right_signed(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    value, count = arguments
    shift = f"CAST({value.sql} AS BIGINT) >> CAST(least({count.sql}, 63) AS BIGINT)"
    return derived(f"CAST({shift} AS {duckdb_type(value.type)})", value.type, arguments, at)


def _random(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """A whole number below a bound, or between two; its type is that of the bounds."""
    low, high = ("0", arguments[0].sql) if len(arguments) == 1 else (arguments[0].sql, arguments[1].sql)
    sql = f"CAST(random_between({low}, {high}, {place(at)}) AS {duckdb_type(result)})"
    return derived(sql, result, arguments, at)


def _type_name(binder: Binder, arguments: list[Bound], result: Type, at: int) -> Bound:
    """``typeof``: known while translating; the argument stays, so that a wrong one is still refused."""
    sql = f"'{arguments[0].type}'"
    bound = derived(sql, types.VARCHAR, arguments, at)
    if arguments[0].aggregate:
        return derived(f"CASE WHEN count(*) >= 0 THEN {sql} END", types.VARCHAR, arguments, at, atom=False)
    return bound


REWRITES = {
    "nullif": _nullif,
    "rounded": _rounded,
    "ceiling": _stepped("ceil"),
    "floor": _stepped("floor"),
    "truncated": _truncated,
    "sign": _sign,
    "modulus": _modulus,
    "greatest": _extreme("greatest"),
    "least": _extreme("least"),
    "shift_left": _shift_left,
    "shift_right": _shift_right,
    "shift_right_signed": _shift_right_signed,
    "random": _random,
    "type_name": _type_name,
}
