"""``+ - * / %``, unary minus and ``||`` by Trino's rules.

Integers divide to integers; decimals keep an exact precision and scale; what overflows is an error.
Source: https://trino.io/docs/current/functions/decimal.html
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from flowtui.errors import QueryError
from flowtui.sql.dialect import moments, types
from flowtui.sql.dialect.binder import Binder, handles
from flowtui.sql.dialect.bound import Bound, derived, place, widened
from flowtui.sql.dialect.scope import Scope
from flowtui.sql.dialect.types import MAX_PRECISION, Type, as_decimal, common_type, decimal, duckdb_type

_EXACT_DIGITS = 18
"""Digits of a decimal that DuckDB keeps in 64 bits."""
_SIGNS: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"}


@handles(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod)
def bind_arithmetic(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """A binary operator on numbers, moments or durations."""
    left = binder.expression(node.this, scope)
    right = binder.expression(node.expression, scope)
    return arithmetic(binder, _SIGNS[type(node)], left, right)


def arithmetic(binder: Binder, sign: str, left: Bound, right: Bound) -> Bound:
    """Apply an operator to two bound values.

    Raises:
        QueryError: Athena has no such operator for these types.
    """
    left, right = _known(left, right), _known(right, left)
    if left.type.is_number and right.type.is_number:
        return _numbers(binder, sign, left, right)
    result = _durations(binder, sign, left, right)
    if result is None:
        raise _unsupported(binder, sign, left, right)
    return result


def _known(value: Bound, other: Bound) -> Bound:
    if value.type != types.UNKNOWN:
        return value
    return widened(value, other.type if other.type.is_number or other.type.is_interval else types.INTEGER)


def _unsupported(binder: Binder, sign: str, left: Bound, right: Bound) -> QueryError:
    hint = "Athena converts nothing by itself here: write an explicit CAST."
    if left.type.is_moment and right.type.is_number:
        hint = "Write the duration as INTERVAL '7' DAY."
    return binder.error_at(left.at, f"Athena has no {left.type} {sign} {right.type}.", hint)


def _numbers(binder: Binder, sign: str, left: Bound, right: Bound) -> Bound:
    meeting = common_type(left.type, right.type)
    if meeting is None:
        raise _unsupported(binder, sign, left, right)
    if meeting.is_floating:
        sql = f"{_as(left, meeting)} {sign} {_as(right, meeting)}"
        return derived(sql, meeting, [left, right], left.at, atom=False)
    if meeting.is_integer:
        return _integers(sign, left, right, meeting)
    return _decimals(binder, sign, left, right)


def _as(value: Bound, target: Type) -> str:
    if value.type == target or (value.type.is_integer and target == types.DOUBLE):
        return value.operand
    return widened(value, target).operand


def _integers(sign: str, left: Bound, right: Bound, meeting: Type) -> Bound:
    small = meeting.name in ("tinyint", "smallint")
    one, two = (
        (widened(left, meeting).operand, widened(right, meeting).operand) if small else (left.operand, right.operand)
    )
    if not small and left.type != right.type and (left.literal is not None or right.literal is not None):
        # DuckDB gives a literal the narrow type of what it meets.
        one, two = (
            value.operand if value.type == meeting else widened(value, meeting).operand for value in (left, right)
        )
    checked = sign in "/%" and not right.literal
    if checked:
        two = f"nonzero({right.sql}, {place(right.at)})"
    sql = f"{one} {'//' if sign == '/' else sign} {two}"
    if checked and meeting != types.BIGINT:
        # The check is a bigint; the quotient of the smallest number and -1 overflows.
        return derived(f"CAST({sql} AS {duckdb_type(meeting)})", meeting, [left, right], left.at)
    return derived(sql, meeting, [left, right], left.at, atom=False)


def _decimals(binder: Binder, sign: str, left: Bound, right: Bound) -> Bound:
    one, two = as_decimal(left.type), as_decimal(right.type)
    (p1, s1), (p2, s2) = one.args, two.args
    scale = max(s1, s2)
    if sign in "+-":
        result = decimal(max(p1 - s1, p2 - s2) + scale + 1, scale)
    elif sign == "*":
        if s1 + s2 > MAX_PRECISION:
            raise binder.error_at(left.at, f"decimal scale {s1 + s2} is more than {MAX_PRECISION}.")
        result = decimal(p1 + p2, s1 + s2)
    elif sign == "%":
        result = decimal(min(p1 - s1, p2 - s2) + scale, scale)
    else:
        return _decimal_division(left, right, one, two)
    two_sql = widened(right, two).operand
    if sign == "%" and max(p1, p2) + abs(s1 - s2) > _EXACT_DIGITS:
        return _wide_modulus(left, right, result)
    if sign == "%" and not right.literal:
        two_sql = f"nonzero({two_sql}, {place(right.at)})"
    one_sql = widened(left, one).operand
    if sign != "%" and max(p1, p2) <= _EXACT_DIGITS < result.args[0]:
        # DuckDB stays with 64 bits where both operands have them.
        one_sql = f"CAST({one_sql} AS {duckdb_type(decimal(_EXACT_DIGITS + 1, s1))})"
    sql = f"CAST({one_sql} {sign} {two_sql} AS {duckdb_type(result)})"
    return derived(sql, result, [left, right], left.at)


def _decimal_division(left: Bound, right: Bound, one: Type, two: Type) -> Bound:
    """Exact division of the unscaled numbers, rounded half up at the larger scale."""
    (p1, s1), (_, s2) = one.args, two.args
    scale = max(s1, s2)
    result = decimal(p1 + s2 + max(s2 - s1, 0), scale)
    dividend, divisor = _unscaled(left), _unscaled(right)
    if not right.literal:
        divisor = f"nonzero({divisor}, {place(right.at)})"
    quotient = f"divide_rounded({dividend} * {10 ** (scale - s1 + s2)}, {divisor})"
    return derived(scaled(quotient, result), result, [left, right], left.at)


def _wide_modulus(left: Bound, right: Bound, result: Type) -> Bound:
    """The remainder of the unscaled numbers; DuckDB takes that of large decimals through doubles."""
    scale = result.args[1]
    one, two = (
        f"{_unscaled(value)} * CAST({10 ** (scale - as_decimal(value.type).args[1])} AS HUGEINT)"
        for value in (left, right)
    )
    sql = scaled(f"({one} % nonzero({two}, {place(right.at)}))", result)
    return derived(sql, result, [left, right], left.at)


def _unscaled(value: Bound) -> str:
    if value.type.is_integer:
        return f"CAST({value.sql} AS HUGEINT)"
    precision, scale = value.type.args
    if scale == 0:
        return f"CAST({value.sql} AS HUGEINT)"
    if precision + scale + 1 <= MAX_PRECISION:
        return f"CAST({value.operand} * CAST({10**scale} AS DECIMAL({scale + 1}, 0)) AS HUGEINT)"
    return f"CAST(replace(CAST({value.sql} AS VARCHAR), '.', '') AS HUGEINT)"


def scaled(unscaled: str, target: Type) -> str:
    """DuckDB text of a decimal made from the whole number of its last digits."""
    precision, scale = target.args
    if scale == 0:
        return f"CAST({unscaled} AS {duckdb_type(target)})"
    if precision + scale <= MAX_PRECISION:
        unit = f"CAST(1e-{scale} AS DECIMAL({scale}, {scale}))"
        return f"CAST(CAST({unscaled} AS DECIMAL({precision}, 0)) * {unit} AS {duckdb_type(target)})"
    return f"CAST(point_inserted({unscaled}, {scale}) AS {duckdb_type(target)})"


def _durations(binder: Binder, sign: str, left: Bound, right: Bound) -> Bound | None:
    one, two = left.type, right.type
    if one.is_interval and two.is_interval:
        if one != two or sign not in "+-":
            return None
        return derived(f"{left.operand} {sign} {right.operand}", one, [left, right], left.at, atom=False)
    if (one.is_interval and two.is_number) or (one.is_number and two.is_interval):
        return _scaled_interval(sign, left, right)
    if one.is_moment and two.is_interval and sign in "+-":
        return _shifted(binder, left, right, sign)
    if one.is_interval and two.is_moment and sign == "+":
        return _shifted(binder, right, left, sign)
    if one.is_moment and two.is_moment and sign == "-":
        return _difference(left, right)
    if "time" in (one.name, two.name):
        return _clock_arithmetic(sign, left, right)
    return None


def _clock_arithmetic(sign: str, left: Bound, right: Bound) -> Bound | None:
    """Times of day moved round the clock by a duration, or subtracted."""
    day = "DATE '2000-01-01' + "
    if left.type.name == "time" == right.type.name and sign == "-":
        sql = f"rounded_milliseconds(epoch_us({day}{left.operand}) - epoch_us({day}{right.operand}))"
        return derived(sql, types.DAY_INTERVAL, [left, right], left.at)
    time, interval = (left, right) if left.type.name == "time" else (right, left)
    if interval.type != types.DAY_INTERVAL or sign not in "+-" or (sign == "-" and time is right):
        return None
    sql = f"CAST({day}{time.operand} {sign} to_milliseconds({interval.sql}) AS TIME)"
    return derived(sql, Type("time", (max(3, *time.type.args),)), [left, right], left.at)


def _scaled_interval(sign: str, left: Bound, right: Bound) -> Bound | None:
    interval, number = (left, right) if left.type.is_interval else (right, left)
    if sign not in "*/" or (sign == "/" and interval is right):
        return None
    carrier = duckdb_type(interval.type)
    if sign == "/":
        sql = f"CAST(trunc({interval.operand} / nonzero({number.sql}, {place(number.at)})) AS {carrier})"
    elif number.type.is_integer:
        sql = f"CAST({interval.operand} * {number.operand} AS {carrier})"
    else:
        sql = f"CAST(trunc({interval.operand} * CAST({number.sql} AS DOUBLE)) AS {carrier})"
    return derived(sql, interval.type, [left, right], left.at)


def _shifted(binder: Binder, moment: Bound, interval: Bound, sign: str) -> Bound:
    """A moment moved by a duration. Days and shorter are exact time; months keep the clock in the zone."""
    type_ = moment.type
    parts = [moment, interval]
    if interval.type == types.MONTH_INTERVAL:
        clock = f"{_grouped(moments.local(moment))} {sign} to_months({interval.sql})"
        sql = f"CAST({clock} AS DATE)" if type_ == types.DATE else moments.instant(clock, type_.zone)
        return derived(sql, type_, parts, moment.at, atom=type_ == types.DATE)
    if type_ == types.DATE:
        sql = f"{moment.operand} {sign} whole_days({interval.sql}, {place(interval.at)})"
        return derived(sql, type_, parts, moment.at, atom=False)
    finer = type_.args[0] if type_.args[0] >= 3 else 3
    sql = f"{moment.operand} {sign} to_milliseconds({interval.sql})"
    return derived(sql, replace(type_, args=(finer,)), parts, moment.at, atom=False)


def _grouped(sql: str) -> str:
    return sql if sql.isidentifier() else f"({sql})"


def _difference(left: Bound, right: Bound) -> Bound:
    sql = f"rounded_milliseconds(epoch_us(CAST({left.sql} AS TIMESTAMP)) - epoch_us(CAST({right.sql} AS TIMESTAMP)))"
    return derived(sql, types.DAY_INTERVAL, [left, right], left.at)


def whole_number(binder: Binder, value: int, at: int) -> Bound:
    """A literal whole number: an integer, or a bigint where that is too small.

    Raises:
        QueryError: not even a bigint holds it.
    """
    if not -(2**63) <= value < 2**63:
        raise binder.error_at(at, f"{value} does not fit a bigint.", "Write DECIMAL '…' for larger numbers.")
    type_ = types.INTEGER if -(2**31) <= value < 2**31 else types.BIGINT
    # DuckDB reads the smallest numbers as the negation of one that needs a wider type.
    smallest = value in (-(2**31), -(2**63))
    sql = f"CAST({value} AS {duckdb_type(type_)})" if smallest else f"({value})" if value < 0 else str(value)
    return Bound(sql, type_, at, literal=value)


@handles(exp.Neg)
def bind_negation(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """Unary minus; a literal is read with it, because the smallest bigint has no positive counterpart."""
    if isinstance(node.this, exp.Literal) and not node.this.args.get("is_string") and str(node.this.this).isdigit():
        return whole_number(binder, -int(str(node.this.this)), binder.offset(node))
    value = binder.expression(node.this, scope)
    if not (value.type.is_number or value.type.is_interval or value.type == types.UNKNOWN):
        raise binder.error(node, f"Athena cannot negate {value.type}.")
    if value.type.is_integer and isinstance(value.literal, int) and abs(value.literal) in (2**31, 2**63):
        raise binder.error(node, f"{-value.literal} does not fit {value.type}.", "Cast to a wider type first.")
    # DuckDB negates the smallest tinyint or smallint into a wider type.
    zero = f"CAST(0 AS {duckdb_type(value.type)}) " if value.type.name in ("tinyint", "smallint") else ""
    result = derived(f"{zero}-{value.operand}", value.type, [value], value.at, atom=False)
    return replace(result, literal=-value.literal) if isinstance(value.literal, (int, float)) else result


@handles(exp.DPipe)
def bind_concatenation(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``||`` of texts, of binary, or of arrays."""
    return concatenation(binder, binder.expression(node.this, scope), binder.expression(node.expression, scope))


def concatenation(binder: Binder, left: Bound, right: Bound) -> Bound:
    """Two values joined; NULL if either is NULL.

    Raises:
        QueryError: the types do not join; Athena converts nothing to text by itself.
    """
    for name in ("varchar", "varbinary"):
        if {left.type.name, right.type.name} <= {name, "unknown"}:
            type_ = types.VARCHAR if name == "varchar" else types.VARBINARY
            sql = f"{widened(left, type_).operand} || {widened(right, type_).operand}"
            return derived(sql, type_, [left, right], left.at, atom=False)
    if "array" in (left.type.name, right.type.name):
        return _joined_arrays(binder, left, right)
    wrong = right if left.type.name == "varchar" else left
    hint = "Athena converts nothing to text by itself: write CAST(… AS varchar)."
    raise binder.error_at(wrong.at, f"Athena has no {left.type} || {right.type}.", hint)


def _joined_arrays(binder: Binder, left: Bound, right: Bound) -> Bound:
    if types.UNKNOWN in (left.type, right.type):
        bare = left if left.type == types.UNKNOWN else right
        raise binder.error_at(bare.at, "This NULL may be an array or an element of one.", "Write CAST(NULL AS …).")
    one = left if left.type.name == "array" else derived(f"[{left.sql}]", types.array(left.type), [left], left.at)
    two = right if right.type.name == "array" else derived(f"[{right.sql}]", types.array(right.type), [right], right.at)
    type_ = binder.common(one, two, f"Athena has no {left.type} || {right.type}.")
    a, b = widened(one, type_), widened(two, type_)
    sql = f"CASE WHEN {left.operand} IS NOT NULL AND {right.operand} IS NOT NULL THEN list_concat({a.sql}, {b.sql}) END"
    return derived(f"({sql})", type_, [left, right], left.at)


@handles(exp.Interval)
def bind_interval(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``INTERVAL '2' DAY``."""
    unit, end_unit = node.args.get("unit"), ""
    negative = isinstance(node.this, exp.Neg)
    literal = node.this.this if negative else node.this
    if isinstance(unit, exp.IntervalSpan):
        unit, end_unit = unit.this, unit.expression.name.lower()
    if unit is None or not isinstance(literal, exp.Literal):
        raise binder.error(node, "INTERVAL takes a quoted number and a unit.", "Write INTERVAL '7' DAY.")
    read = moments.read_interval(str(literal.this), unit.name.lower(), end_unit)
    if read is None:
        hint = "Write INTERVAL '7' DAY, '3' HOUR, '1-2' YEAR TO MONTH or '1 02:03' DAY TO MINUTE."
        raise binder.error(
            node, f"INTERVAL '{literal.this}' {unit.name} {end_unit}".rstrip() + " is not a duration.", hint
        )
    if "start" not in literal.meta:  # sqlglot rewrote INTERVAL 1 DAY or INTERVAL '1 day'
        raise binder.error(node, "INTERVAL takes a quoted number, then the unit.", "Write INTERVAL '7' DAY.")
    value, type_ = read
    value = -value if negative else value
    sql = f"CAST({value} AS {duckdb_type(type_)})"
    return Bound(sql, type_, binder.offset(node))
