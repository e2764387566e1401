"""Aggregates and window functions with their clauses: DISTINCT, ORDER BY, FILTER, WITHIN GROUP, OVER."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sqlglot import exp

from flowtui.sql.dialect import types
from flowtui.sql.dialect.arithmetic import scaled
from flowtui.sql.dialect.binder import LOCAL_ONLY, Binder, handles
from flowtui.sql.dialect.bound import Bound, derived
from flowtui.sql.dialect.calls import Chosen, bind_argument, call_name, choose, filled, no_function, texts
from flowtui.sql.dialect.functions import function_names, lookup
from flowtui.sql.dialect.ordering import holds, nan_first, refuse_maps, whole
from flowtui.sql.dialect.scope import Scope
from flowtui.sql.dialect.types import Type, duckdb_type
from flowtui.sql.dialect.windows import bind_order, has_order, window_text

_DISTINCT, _ORDER, _FILTER = "\x04", "\x05", "\x06"
"""Slots of a template under construction; no user's text holds these characters (:func:`bound.has_control`)."""
_RESPECTS_NULLS = ("first_value", "last_value", "nth_value", "lag", "lead")


@dataclass
class Clauses:
    """What surrounds a call; empty texts where nothing was written."""

    distinct: bool = False
    order: str = ""
    filter: str = ""
    over: str = ""
    nulls: str = ""
    ordered: bool = False
    parts: list[Bound] = field(default_factory=list)


@handles(exp.Filter, exp.Window, exp.IgnoreNulls, exp.RespectNulls)
def bind_clauses(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """A call with FILTER, IGNORE NULLS or OVER around it."""
    return bind_aggregate(binder, node, scope)


def bind_aggregate(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """A call of an aggregate or window function with all its clauses."""
    clauses = Clauses()
    inner = _unwrapped(binder, node, scope, clauses)
    if isinstance(inner, exp.GroupConcat):
        return _listagg(binder, inner, scope, clauses)
    if not isinstance(inner, exp.Anonymous):
        raise binder.refused(inner)
    name = call_name(inner)
    entries = lookup(name)
    kind = entries[0].kind if entries else ""
    if kind not in ("aggregate", "window"):
        if not entries or kind == "refused":
            choose(binder, name, [], binder.offset(inner), scope)
        raise binder.error(inner, f"{name} is no aggregate: FILTER and OVER mean nothing here.")
    if kind == "window" and not clauses.over:
        raise binder.error(inner, f"{name} needs an OVER clause.", f"Write {name}(…) OVER (ORDER BY …).")
    if name in ("lag", "lead") and not clauses.ordered:
        raise binder.error(inner, f"{name} needs an ORDER BY in its window.", f"Write {name}(…) OVER (ORDER BY …).")
    if clauses.nulls and name not in _RESPECTS_NULLS:
        raise binder.error(inner, f"IGNORE NULLS means nothing in {name}.")
    arguments = _arguments(binder, inner, scope, clauses)
    at = binder.offset(inner)
    chosen = choose(binder, name, [bind_argument(binder, item, scope) for item in arguments], at, scope)
    if chosen.entry.notice:
        binder.notice(chosen.entry.notice)
    return _written(binder, chosen, clauses, at)


def _unwrapped(binder: Binder, node: exp.Expr, scope: Scope, clauses: Clauses) -> exp.Expr:
    """Take the clauses off from the outside in."""
    while True:
        if isinstance(node, exp.Window):
            text, parts = window_text(binder, node, scope)
            clauses.over = text
            clauses.ordered = has_order(node, scope)
            clauses.parts += parts
        elif isinstance(node, exp.Filter):
            condition = binder.boolean(node.expression.this, scope, "FILTER")
            if condition.aggregate:
                raise binder.error(node, "An aggregate cannot stand inside FILTER.")
            clauses.filter = f" FILTER (WHERE {condition.sql})"
            clauses.parts.append(condition)
        elif isinstance(node, exp.IgnoreNulls):
            clauses.nulls = " IGNORE NULLS"
        elif isinstance(node, exp.RespectNulls):
            clauses.nulls = " "
        else:
            return node
        node = node.this


def _arguments(binder: Binder, node: exp.Expr, scope: Scope, clauses: Clauses) -> list[exp.Expr]:
    arguments = list(node.expressions)
    if len(arguments) == 1 and isinstance(arguments[0], exp.Star) and call_name(node) == "count":
        return []
    if arguments and isinstance(arguments[-1], exp.Order):
        order = arguments[-1]
        clauses.order, parts = bind_order(binder, order, scope)
        clauses.parts += parts
        arguments[-1] = order.this
    if len(arguments) == 1 and isinstance(arguments[0], exp.Distinct):
        distinct = arguments[0]
        clauses.distinct = True
        arguments = list(distinct.expressions)
        if arguments and isinstance(arguments[-1], exp.Order):
            clauses.order, parts = bind_order(binder, arguments[-1], scope)
            clauses.parts += parts
            arguments[-1] = arguments[-1].this
    return arguments


def _written(binder: Binder, chosen: Chosen, clauses: Clauses, at: int) -> Bound:
    parts = [*chosen.arguments, *clauses.parts]
    for argument in chosen.arguments if clauses.distinct else ():
        refuse_maps(binder, argument.type, argument.at, "DISTINCT")
    _refuse_varying_percentile(binder, chosen)
    if clauses.over and (clauses.filter or clauses.distinct):
        word = "FILTER" if clauses.filter else "DISTINCT"
        raise binder.error_at(at, f"Athena has no {word} in window functions.", "Use CASE inside, or a subquery.")
    if not clauses.over and any(part.aggregate for part in parts):
        raise binder.error_at(at, "An aggregate cannot stand inside an aggregate.", "Use a subquery.")
    if any(part.window for part in parts):
        raise binder.error_at(at, "A window function cannot stand inside an aggregate.", "Use a subquery.")
    special = _SPECIAL.get(chosen.entry.target)
    template = special(chosen) if special else chosen.entry.target
    result = _result(chosen)
    sql = _clauses_inserted(filled(_slotted(template), texts(chosen), at), clauses)
    bound = derived(sql, result, parts, at)
    if clauses.over:
        return replace(bound, window=True)
    return replace(bound, aggregate=True, free=())


def _refuse_varying_percentile(binder: Binder, chosen: Chosen) -> None:
    if "quantile_disc(" in chosen.entry.target and chosen.arguments[1].free:
        message = "Locally the percentile must be a constant, such as 0.95."
        hint = "Athena takes an expression that is the same for all rows; run the statement with --engine athena."
        raise binder.error_at(chosen.arguments[1].at, message, hint)


def _result(chosen: Chosen) -> Type:
    if chosen.entry.target == "sum_decimal":
        return types.decimal(38, chosen.arguments[0].type.args[1])
    return chosen.result


def _slotted(template: str) -> str:
    """The template with slots for the clauses in each call after an ``@``."""
    pieces = template.split("@")
    result = [pieces[0]]
    for piece in pieces[1:]:
        opening, closing = piece.index("("), _closing(piece)
        inside = piece[opening + 1 : closing]
        head = "" if inside.startswith("DISTINCT ") else _DISTINCT
        result.append(f"{piece[:opening]}({head}{inside}{_ORDER}){_FILTER}{piece[closing + 1 :]}")
    return "".join(result)


def _clauses_inserted(sql: str, clauses: Clauses) -> str:
    """Fill the slots; only once all else is in place, because an argument may hold any text."""
    order = (f" {clauses.order}" if clauses.order else "") + clauses.nulls.rstrip()
    over = f" OVER {clauses.over}" if clauses.over else ""
    sql = sql.replace(_DISTINCT, "DISTINCT " if clauses.distinct else "").replace(_ORDER, order)
    return sql.replace(_FILTER, clauses.filter + over)


def _closing(text: str) -> int:
    """Index of the parenthesis that closes the first one; templates hold none in quotes."""
    depth = 0
    for index, letter in enumerate(text):
        if letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                return index
    raise ValueError(text)


def _average_decimal(chosen: Chosen) -> str:
    type_ = chosen.arguments[0].type
    digits = "CAST(replace(CAST({0} AS VARCHAR), '.', '') AS HUGEINT)"
    return scaled(f"divide_rounded(CAST(@sum({digits}) AS HUGEINT), nullif(@count({{0}}), 0))", type_)


def _sum_decimal(chosen: Chosen) -> str:
    return f"CAST(@sum({{0}}) AS {duckdb_type(_result(chosen))})"


def _maximum(chosen: Chosen) -> str:
    """``max``, where NaN counts as less than all numbers."""
    type_, at = chosen.arguments[0].type, chosen.arguments[0].at
    count = ", most_kept({1}, {at})" if len(chosen.arguments) > 1 else ""
    value = whole("{0}", type_, at)
    if type_.is_floating and not count:
        return "coalesce(@max(CASE WHEN NOT isnan({0}) THEN {0} END), @max({0}))"
    if not holds(type_, "floating"):
        return f"@max({value}{count})"
    return f"@arg_max({{0}}, {nan_first(value, type_)}{count})"


def _minimum(chosen: Chosen) -> str:
    count = ", most_kept({1}, {at})" if len(chosen.arguments) > 1 else ""
    return f"@min({whole('{0}', chosen.arguments[0].type, chosen.arguments[0].at)}{count})"


def _extreme_by(function: str) -> Callable[[Chosen], str]:
    """``max_by`` and ``min_by``; NULL values count, NULL keys do not."""

    def template(chosen: Chosen) -> str:
        type_, at = chosen.arguments[1].type, chosen.arguments[1].at
        order = whole("{1}", type_, at)
        order = nan_first(order, type_) if function == "arg_max" else order
        if len(chosen.arguments) == 2:
            return f"@{function}_null({{0}}, {order})"
        listed = f"@{function}({{'v': {{0}}}}, {order}, most_kept({{2}}, {{at}}))"
        return f"list_transform({listed}, lambda _p: _p.v)"

    return template


def _histogram(chosen: Chosen) -> str:
    return f"CAST(@histogram({{0}}) AS {duckdb_type(chosen.result)})"


_SPECIAL: dict[str, Callable[[Chosen], str]] = {
    "average_decimal": _average_decimal,
    "sum_decimal": _sum_decimal,
    "histogram": _histogram,
    "maximum": _maximum,
    "minimum": _minimum,
    "maximum_by": _extreme_by("arg_max"),
    "minimum_by": _extreme_by("arg_min"),
}


@handles(exp.GroupConcat)
def bind_listagg(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``LISTAGG(x, ',') WITHIN GROUP (ORDER BY y)``."""
    return _listagg(binder, node, scope, Clauses())


def _listagg(binder: Binder, node: exp.Expr, scope: Scope, clauses: Clauses) -> Bound:
    value = node.this
    if clauses.over:
        raise binder.error(node, "Athena's LISTAGG takes no OVER.", "Use array_join(array_agg(…) OVER (…), ',').")
    if not isinstance(value, exp.Order):
        raise binder.error(node, "LISTAGG needs WITHIN GROUP (ORDER BY …).")
    if node.args.get("on_overflow"):
        raise binder.error(node, "ON OVERFLOW is not available locally.", LOCAL_ONLY)
    clauses.order, parts = bind_order(binder, value, scope)
    clauses.parts += parts
    value = value.this
    if isinstance(value, exp.Distinct):
        clauses.distinct = True
        value = value.expressions[0]
    separator = node.args.get("separator") or exp.Literal.string("")
    at = binder.offset(node)
    arguments = [binder.expression(part, scope) for part in (value, separator)]
    if not isinstance(arguments[1].literal, str):
        hint = "Use array_join(array_agg(x ORDER BY y), separator)."
        raise binder.error_at(arguments[1].at, "Athena's LISTAGG takes a literal text as separator.", hint)
    return _written(binder, choose(binder, "listagg", arguments, at, scope), clauses, at)


@handles(exp.WithinGroup)
def refuse_within_group(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """WITHIN GROUP after a function that does not take it, or that is none of Athena's."""
    name = node.this.name.lower()
    if name not in function_names():
        raise no_function(binder, name, binder.offset(node))
    raise binder.error(node, f"{name} takes no WITHIN GROUP; only listagg does.")


@handles(exp.Distinct, exp.Order, exp.Star)
def refuse_stray(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """Clauses of aggregates that stand somewhere else."""
    words: dict[type[exp.Expr], str] = {exp.Distinct: "DISTINCT", exp.Order: "ORDER BY", exp.Star: "*"}
    raise binder.error(node, f"{words[type(node)]} cannot stand here.")
