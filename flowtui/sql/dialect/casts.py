"""CAST and TRY_CAST by Trino's rules.

Source: https://trino.io/docs/current/functions/conversion.html and the pages of the types.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlglot import exp

from flowtui.sql.dialect import json_casts, moments, types
from flowtui.sql.dialect.addresses import address_number
from flowtui.sql.dialect.binder import Binder, handles
from flowtui.sql.dialect.bound import Bound, derived, mark, place
from flowtui.sql.dialect.json_texts import canonical_json
from flowtui.sql.dialect.names import text_literal
from flowtui.sql.dialect.parser import TYPED_LITERAL
from flowtui.sql.dialect.scope import Scope
from flowtui.sql.dialect.typenodes import type_of
from flowtui.sql.dialect.types import Type, as_decimal, duckdb_type, struct_field

_FULL_PRECISION = 6
_Rule = Callable[[Bound, Type, int], str | None]


@handles(exp.Cast, exp.TryCast)
def bind_cast(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``CAST(x AS type)``, ``TRY_CAST(x AS type)`` and ``TYPE 'literal'``."""
    target = type_of(binder, node.args["to"])
    if node.args.get("format") or node.args.get("action"):
        raise binder.error(node, "CAST takes a value and a type.")
    if node.meta.get(TYPED_LITERAL):
        return _literal(binder, node, target)
    bound, at = binder.expression(node.this, scope), binder.offset(node)
    result = cast(binder, bound, target, at)
    if isinstance(node, exp.TryCast):
        return derived(f"TRY({result.sql})", result.type, [bound], at)
    return replace(result, at=at)


def cast(binder: Binder, bound: Bound, target: Type, at: int) -> Bound:
    """Convert a value to a type as CAST does.

    Raises:
        QueryError: Athena has no such cast.
    """
    if target.name == "timestamp with time zone" and bound.type.name == "varchar":
        read = moments.read_moment(bound.literal.strip()) if isinstance(bound.literal, str) else None
        if read and read[1].args[0] <= target.args[0]:
            return derived(read[0], types.zoned(target.args[0], read[1].zone), [bound], bound.at)
        binder.notice("Zones read from text are brought to UTC locally; the instants are the same.")
    sql = _converted(bound, target, at)
    if sql is None:
        raise binder.error_at(bound.at, f"Cannot cast {bound.type} to {target}.")
    if target.name == bound.type.name == "timestamp with time zone":
        target = types.zoned(target.args[0], bound.type.zone)
    return derived(sql, target, [bound], bound.at)


def _converted(bound: Bound, target: Type, at: int) -> str | None:
    source = bound.type
    if source == types.UNKNOWN:
        return f"CAST(NULL AS {duckdb_type(target)})"
    if source == target or (target.name == "varchar" and source.name == "varchar" and not target.args):
        return bound.sql
    if target.name == "json":
        return json_casts.to_json(_converted, bound, target, at)
    if source.name == "json":
        return json_casts.from_json(_converted, bound, target, at)
    rule = _RULES.get((_kind(source), _kind(target)))
    return rule(bound, target, at) if rule else None


def _kind(type_: Type) -> str:
    if type_.is_integer:
        return "integer"
    if type_.is_floating:
        return "double"
    return "varchar" if type_.name == "char" else type_.name


def _plain(bound: Bound, target: Type, at: int) -> str:
    return f"{mark(at)}CAST({bound.sql} AS {duckdb_type(target)})"


def _rounded(bound: Bound, target: Type, at: int) -> str:
    return f"{mark(at)}CAST(round({bound.sql}) AS {duckdb_type(target)})"


def _floating(bound: Bound, target: Type, at: int) -> str:
    return _plain(bound, target, at) if target == types.DOUBLE else f"nearest_real({bound.sql})"


def _through_text(bound: Bound, target: Type, at: int) -> str:
    """A double becomes the decimal that its shortest text says, not that of its binary value."""
    return f"{mark(at)}CAST(CAST({bound.sql} AS VARCHAR) AS {duckdb_type(target)})"


def _checked(macro: str) -> _Rule:
    def rule(bound: Bound, target: Type, at: int) -> str:
        checked = f"{macro}({bound.sql}, {text_literal(str(target))}, {place(at)})"
        return f"{mark(at)}CAST({checked} AS {duckdb_type(target)})"

    return rule


def _to_text(macro: str) -> _Rule:
    def rule(bound: Bound, target: Type, at: int) -> str:
        text = f"{macro}({bound.sql})" if macro else f"CAST({bound.sql} AS VARCHAR)"
        return _fitted(text, target, at)

    return rule


def _fitted(text: str, target: Type, at: int) -> str:
    return f"text_fits({text}, {target.args[0]}, {place(at)})" if target.args else text


def _decimal_text(bound: Bound, target: Type, at: int) -> str:
    # DuckDB leaves the zero before the point out where the type has no digit for it.
    macro = "decimal_text" if as_decimal(bound.type).args[0] == as_decimal(bound.type).args[1] else ""
    return _to_text(macro)(bound, target, at) or ""


def _read_timestamp(bound: Bound, target: Type, at: int) -> str:
    """Digits beyond the precision are rounded, so the text is read at the full one."""
    read = _checked("timestamp_text")(bound, types.timestamp(_FULL_PRECISION), at) or ""
    if target.args[0] >= _FULL_PRECISION:
        return f"microsecond_rounded({read}, {bound.sql})"
    return f"round_moment({read}, {10 ** (6 - target.args[0])})"


def _shortened(bound: Bound, target: Type, at: int) -> str:
    longer = not bound.type.args or bound.type.args[0] > target.args[0]
    return f"left({bound.sql}, {target.args[0]})" if longer else bound.sql


def _moment_text(bound: Bound, target: Type, at: int) -> str:
    return _fitted(moment_text(bound), target, at)


def moment_text(bound: Bound) -> str:
    """DuckDB text of a timestamp printed as CAST to varchar prints it."""
    digits = moments.precision(bound.type)
    clock = moments.local(bound)
    if digits == 0:
        text = f"strftime({clock}, '%Y-%m-%d %H:%M:%S')"
    elif digits == 3:
        text = f"strftime({clock}, '%Y-%m-%d %H:%M:%S.%g')"
    else:
        text = f"left(strftime({clock}, '%Y-%m-%d %H:%M:%S.%f'), {20 + digits})"
    if bound.type.name == "timestamp with time zone":
        return f"({text} || {text_literal(' ' + bound.type.zone)})"
    return text


def _time(bound: Bound, target: Type, at: int) -> str:
    """The time of day, rounded; what rounds up to midnight begins the day anew."""
    finer = moments.precision(bound.type) > moments.precision(target)
    if bound.type.name == "time":
        return _rounded_time(bound.sql, target) if finer else bound.sql
    clock = moments.local(bound)
    clock = f"round_moment({clock}, {10 ** (6 - target.args[0])})" if finer else clock
    return f"CAST({clock} AS TIME)"


def _rounded_time(sql: str, target: Type) -> str:
    return f"CAST(round_moment(DATE '2000-01-01' + {sql}, {10 ** (6 - target.args[0])}) AS TIME)"


def _read_time(bound: Bound, target: Type, at: int) -> str:
    read = _checked("clock_text")(bound, types.TIME, at) or ""
    return read if target.args[0] >= _FULL_PRECISION else _rounded_time(read, target)


def _time_text(bound: Bound, target: Type, at: int) -> str:
    digits = moments.precision(bound.type)
    text = f"strftime(DATE '2000-01-01' + {bound.operand}, '%H:%M:%S.%f')"
    return _fitted(f"left({text}, {9 + digits if digits else 8})", target, at)


def _clock(bound: Bound, target: Type, at: int) -> str:
    return f"CAST({moments.local(bound)} AS {duckdb_type(target)})"


def _timestamp(bound: Bound, target: Type, at: int) -> str:
    clock = f"CAST({bound.sql} AS TIMESTAMP)" if bound.type.name == "date" else bound.sql
    if target.name == "timestamp":
        clock = moments.local(bound) if bound.type.name == "timestamp with time zone" else clock
    if moments.precision(bound.type) <= moments.precision(target):
        return clock
    return f"round_moment({clock}, {10 ** (6 - target.args[0])})"


def _array(bound: Bound, target: Type, at: int) -> str | None:
    inner = _converted(Bound("_e", bound.type.element), target.element, at)
    return inner and f"list_transform({bound.sql}, lambda _e: {inner})"


def _map(bound: Bound, target: Type, at: int) -> str | None:
    key = _converted(Bound("_e", bound.type.of[0]), target.of[0], at)
    value = _converted(Bound("_e", bound.type.of[1]), target.of[1], at)
    if key is None or value is None:
        return None
    keys = f"list_transform(map_keys({bound.sql}), lambda _e: {key})"
    return f"map({keys}, list_transform(map_values({bound.sql}), lambda _e: {value}))"


def _row(bound: Bound, target: Type, at: int) -> str | None:
    if len(bound.type.of) != len(target.of):
        return None
    parts = []
    for number, (source, wanted) in enumerate(zip(bound.type.of, target.of, strict=True)):
        inner = _converted(Bound(f"{bound.operand}.{struct_field(bound.type, number)}", source), wanted, at)
        if inner is None:
            return None
        parts.append(f"{struct_field(target, number)} := {inner}")
    return f"CASE WHEN {bound.operand} IS NOT NULL THEN struct_pack({', '.join(parts)}) END"


_RULES: dict[tuple[str, str], _Rule] = {
    ("integer", "integer"): _plain,
    ("integer", "decimal"): _plain,
    ("integer", "double"): _plain,
    ("integer", "boolean"): _plain,
    ("integer", "varchar"): _to_text(""),
    ("decimal", "integer"): _plain,
    ("decimal", "decimal"): _plain,
    ("decimal", "double"): _plain,
    ("decimal", "boolean"): _plain,
    ("decimal", "varchar"): _decimal_text,
    ("double", "integer"): _rounded,
    ("double", "decimal"): _through_text,
    ("double", "double"): _floating,
    ("double", "boolean"): _plain,
    ("double", "varchar"): _to_text("double_text"),
    ("boolean", "integer"): _plain,
    ("boolean", "decimal"): lambda bound, target, at: f"CAST(CAST({bound.sql} AS INTEGER) AS {duckdb_type(target)})",
    ("boolean", "double"): _plain,
    ("boolean", "varchar"): _to_text(""),
    ("varchar", "varchar"): _shortened,
    ("varchar", "integer"): _checked("integer_text"),
    ("varchar", "decimal"): _checked("number_text"),
    ("varchar", "double"): _checked("double_source"),
    ("varchar", "boolean"): _checked("boolean_text"),
    ("varchar", "date"): _checked("date_text"),
    ("varchar", "time"): _read_time,
    ("varchar", "timestamp"): _read_timestamp,
    ("varchar", "timestamp with time zone"): lambda bound, target, at: f"zoned_text({bound.sql}, {place(at)})",
    ("varchar", "ipaddress"): lambda bound, target, at: f"ip_number({bound.sql}, {place(at)})",
    ("varchar", "uuid"): _plain,
    ("varchar", "varbinary"): lambda bound, target, at: f"encode({bound.sql})",
    ("date", "varchar"): _to_text(""),
    ("date", "timestamp"): _timestamp,
    ("date", "timestamp with time zone"): _timestamp,
    ("time", "varchar"): _time_text,
    ("time", "time"): _time,
    ("timestamp", "varchar"): _moment_text,
    ("timestamp", "date"): _clock,
    ("timestamp", "time"): _time,
    ("timestamp", "timestamp"): _timestamp,
    ("timestamp", "timestamp with time zone"): _timestamp,
    ("timestamp with time zone", "varchar"): _moment_text,
    ("timestamp with time zone", "date"): _clock,
    ("timestamp with time zone", "time"): _time,
    ("timestamp with time zone", "timestamp"): _timestamp,
    ("timestamp with time zone", "timestamp with time zone"): _timestamp,
    ("interval day to second", "varchar"): _to_text("interval_text"),
    ("interval year to month", "varchar"): _to_text("months_text"),
    ("ipaddress", "varchar"): _to_text("ip_text"),
    ("ipaddress", "varbinary"): lambda bound, target, at: f"ip_bytes({bound.sql})",
    ("varbinary", "ipaddress"): lambda bound, target, at: f"ip_of_bytes({bound.sql}, {place(at)})",
    ("uuid", "varchar"): _to_text(""),
    ("array", "array"): _array,
    ("map", "map"): _map,
    ("row", "row"): _row,
}


def _literal(binder: Binder, node: exp.Expr, target: Type) -> Bound:
    """``DATE '2024-01-15'``: read now, so that a wrong one is an error with a place."""
    text = str(node.this.this)
    at = binder.offset(node)
    if target.name in ("timestamp", "timestamp with time zone"):
        moment = moments.read_moment(text) if text == text.strip() else None
        if moment is None:
            raise binder.error(node, f"'{text}' is not a timestamp.", "Write TIMESTAMP '2024-01-15 14:05:00'.")
        return Bound(moment[0], moment[1], at)
    if target.name == "date":
        day = moments.read_date(text)
        if day is None:
            raise binder.error(node, f"'{text}' is not a date.", "Write DATE '2024-01-15'.")
        return Bound(day, target, at)
    if target == types.IPADDRESS:
        return _address(binder, node, text)
    if target == types.JSON:
        canonical = canonical_json(text)
        if canonical is None:
            raise binder.error(node, f"'{text}' is not JSON.")
        return Bound(text_literal(canonical), target, at)
    if target.name == "time":
        target = types.Type("time", (min(len(text.strip().partition(".")[2]), _FULL_PRECISION),))
    if target.name == "decimal" and not node.args["to"].expressions:
        digits = text.strip().lstrip("+-")
        whole, _, fraction = digits.partition(".")
        if not (whole + fraction).isdigit():
            raise binder.error(node, f"'{text}' is not a decimal.")
        target = types.decimal(len(whole.lstrip("0")) + len(fraction), len(fraction))
    return cast(binder, Bound(text_literal(text), types.varchar(len(text)), at, literal=text), target, at)


def _address(binder: Binder, node: exp.Expr, text: str) -> Bound:
    """``IPADDRESS '10.0.0.1'`` as the number it is."""
    try:
        number = address_number(text)
    except ValueError:
        raise binder.error(node, f"'{text}' is no IP address.", "Write IPADDRESS '10.0.0.1'.") from None
    return Bound(f"CAST({number} AS UHUGEINT)", types.IPADDRESS, binder.offset(node))
