"""Comparisons and logic: what may be compared with what, and three-valued conditions."""

from __future__ import annotations

from sqlglot import exp

from flowtui.sql.dialect import types
from flowtui.sql.dialect.binder import LOCAL_ONLY, Binder, handles
from flowtui.sql.dialect.bound import Bound, derived, place, widened
from flowtui.sql.dialect.equality import equal, is_structure
from flowtui.sql.dialect.ordering import compared_order, refuse_maps
from flowtui.sql.dialect.scope import Scope
from flowtui.sql.dialect.types import BOOLEAN, Type, struct_field

_SIGNS: dict[type[exp.Expr], str] = {exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">="}


@handles(exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
def bind_comparison(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``a = b`` and its kin, also with ``ANY`` and ``ALL`` of a subquery."""
    left = binder.expression(node.this, scope)
    sign = _SIGNS[type(node)]
    quantifier = _quantifier(node.expression)
    if quantifier is not None:
        return _quantified(binder, sign, left, quantifier, scope)
    return compared(binder, sign, left, binder.expression(node.expression, scope))


def compared(binder: Binder, sign: str, left: Bound, right: Bound) -> Bound:
    """Compare two values.

    Raises:
        QueryError: the types do not meet, or have no order.
    """
    type_ = _meeting(binder, sign, left, right)
    one, two = _compatible(left, type_), _compatible(right, type_)
    if is_structure(type_) and sign in ("=", "<>"):
        sql = ("NOT " if sign == "<>" else "") + equal(one.operand, two.operand, type_)
    elif is_structure(type_):
        sql = _ordered(sign, one, two, type_)
    else:
        sql = f"{one.operand} {sign} {two.operand}" + _without_nan(sign, left, right)
    return derived(sql, BOOLEAN, [left, right], left.at, atom=False)


def _ordered(sign: str, one: Bound, two: Bound, type_: Type) -> str:
    order = f"known_order({compared_order(one.operand, two.operand, type_)}, {place(one.at)})"
    return f"CASE WHEN {one.operand} IS NOT NULL AND {two.operand} IS NOT NULL THEN {order} {sign} 0 END"


def _without_nan(sign: str, left: Bound, right: Bound) -> str:
    """NaN equals nothing and is neither less nor greater; DuckDB has it equal to itself and above all numbers."""
    if sign in ("=", "<>"):
        if not (_may_be_nan(left) and _may_be_nan(right)):
            return ""
        both = f"(isnan({left.sql}) AND isnan({right.sql}))"
        return f" AND NOT {both}" if sign == "=" else f" OR {both}"
    greater, other = (right, left) if sign in ("<", "<=") else (left, right)
    if not _may_be_nan(greater):
        return ""
    known = "" if other.literal is not None else f" AND {other.operand} IS NOT NULL"
    return f" AND NOT (isnan({greater.sql}){known})" if known else f" AND NOT isnan({greater.sql})"


def _may_be_nan(value: Bound) -> bool:
    return value.type.is_floating and value.literal is None


def _meeting(binder: Binder, sign: str, left: Bound, right: Bound) -> Type:
    message = f"Athena cannot compare {left.type} with {right.type} ({sign})."
    type_ = binder.common(left, right, message)
    if sign in ("<", "<=", ">", ">=") and not type_.is_orderable:
        raise binder.error_at(left.at, f"{type_} has no order.")
    return type_


def _compatible(value: Bound, type_: Type) -> Bound:
    """Widen for a comparison; DuckDB compares numbers and moments of different width as Trino does."""
    if value.type.is_number or value.type.is_moment or value.type == types.UNKNOWN:
        return value
    return widened(value, type_)


def _quantifier(node: exp.Expr) -> exp.Expr | None:
    """``ANY`` or ``ALL`` of a subquery; sqlglot reads one that begins with VALUES as a call."""
    if isinstance(node, (exp.Any, exp.All)):
        return node
    if isinstance(node, exp.Anonymous) and len(node.expressions) == 1 and isinstance(node.expressions[0], exp.Values):
        kind = {"all": exp.All, "any": exp.Any, "some": exp.Any}.get(str(node.this).lower())
        return kind(this=node.expressions[0]) if kind else None
    return None


def _quantified(binder: Binder, sign: str, left: Bound, node: exp.Expr, scope: Scope) -> Bound:
    if not isinstance(node.this, (exp.Query, exp.Values)):
        raise binder.error(node, "ANY and ALL take a subquery.")
    query = binder.query(node.this, scope)
    column = binder.single_column(query, binder.offset(node))
    type_ = _meeting(binder, sign, left, column)
    word = "ANY" if isinstance(node, exp.Any) else "ALL"
    one, sql = left.operand, query.sql
    if (sign, word) not in (("=", "ANY"), ("<>", "ALL")):
        if is_structure(type_):
            raise binder.error_at(left.at, f"{sign} {word} of {type_} is not available locally.", LOCAL_ONLY)
        if column.type.is_floating:
            name = query.columns[0].sql
            sql = f"SELECT no_nan({name}, {place(left.at)}) FROM ({sql}) AS {binder.alias()}({name})"
        one = f"no_nan({left.sql}, {place(left.at)})" if left.type.is_floating else one
    return derived(f"{one} {sign} {word} ({sql})", BOOLEAN, [left], left.at, atom=False)


@handles(exp.NullSafeEQ, exp.NullSafeNEQ)
def bind_distinct(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``a IS [NOT] DISTINCT FROM b``."""
    left, right = binder.expression(node.this, scope), binder.expression(node.expression, scope)
    type_ = _meeting(binder, "=", left, right)
    refuse_maps(binder, type_, left.at, "IS DISTINCT FROM")
    word = "IS NOT DISTINCT FROM" if isinstance(node, exp.NullSafeEQ) else "IS DISTINCT FROM"
    one, two = _compatible(left, type_), _compatible(right, type_)
    return derived(f"{one.operand} {word} {two.operand}", BOOLEAN, [left, right], left.at, atom=False)


@handles(exp.And, exp.Or)
def bind_connector(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``AND`` and ``OR``; a long chain is bound without deep recursion."""
    kind = type(node)
    word = "AND" if kind is exp.And else "OR"
    operands = []
    rest = node
    while isinstance(rest, kind):
        operands.append(rest.expression)
        rest = rest.this
    operands.append(rest)
    parts = [binder.boolean(operand, scope, f"Each side of {word}") for operand in reversed(operands)]
    return derived(f" {word} ".join(part.operand for part in parts), BOOLEAN, parts, parts[0].at, atom=False)


@handles(exp.Not)
def bind_not(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``NOT a``; also the outer half of ``NOT IN``, ``NOT BETWEEN`` and ``IS NOT NULL``."""
    value = binder.boolean(node.this, scope, "The operand of NOT")
    return derived(f"NOT {value.operand}", BOOLEAN, [value], value.at, atom=False)


@handles(exp.Is)
def bind_is(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``a IS NULL``; Athena has no ``IS TRUE``."""
    if not isinstance(node.expression, exp.Null):
        raise binder.error(node, "IS is followed by NULL or DISTINCT FROM.", "Write x = true instead of x IS TRUE.")
    value = binder.expression(node.this, scope)
    word = "IS NOT NULL" if node.args.get("negate") else "IS NULL"
    return derived(f"{value.operand} {word}", BOOLEAN, [value], value.at, atom=False)


@handles(exp.Between)
def bind_between(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``a BETWEEN b AND c``."""
    if node.args.get("symmetric") is not None:
        raise binder.error(node, "Athena has no BETWEEN SYMMETRIC.")
    value, low, high = (binder.expression(node.args[part], scope) for part in ("this", "low", "high"))
    _meeting(binder, "<=", value, low)
    type_ = _meeting(binder, "<=", value, high)
    one, two, three = (_compatible(part, type_) for part in (value, low, high))
    if is_structure(type_):
        sql = f"({_ordered('>=', one, two, type_)}) AND ({_ordered('<=', one, three, type_)})"
        return derived(sql, BOOLEAN, [value, low, high], value.at, atom=False)
    sql = f"{one.operand} BETWEEN {two.operand} AND {three.operand}" + _without_nan("<=", value, high)
    return derived(sql, BOOLEAN, [value, low, high], value.at, atom=False)


@handles(exp.In)
def bind_in(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``a IN (…)`` with values or a subquery."""
    if node.args.get("unnest") or node.args.get("field"):
        raise binder.error(node, "IN takes a list in parentheses or a subquery.")
    value = binder.expression(node.this, scope)
    if value.type.name == "row" and node.args.get("query") is not None:
        return _rows_in(binder, node, value, scope)
    if node.args.get("query") is not None:
        query = binder.query(node.args["query"], scope)
        column = binder.single_column(query, value.at)
        refuse_maps(binder, _meeting(binder, "=", value, column), value.at, "IN of a subquery")
        return derived(f"{value.operand} IN ({query.sql})", BOOLEAN, [value], value.at, atom=False)
    if not node.expressions:
        raise binder.error_at(value.at, "The list of IN is empty.", "Athena takes no IN ().")
    choices = [binder.expression(choice, scope) for choice in node.expressions]
    types_met = [_meeting(binder, "=", value, choice) for choice in choices]
    doubtful = _may_be_nan(value) and any(_may_be_nan(choice) for choice in choices)
    if is_structure(value.type) or doubtful:
        sql = " OR ".join(compared(binder, "=", value, choice).operand for choice in choices)
        return derived(sql, BOOLEAN, [value, *choices], value.at, atom=False)
    one = _compatible(value, types_met[0])
    texts = [_compatible(choice, type_).sql for choice, type_ in zip(choices, types_met, strict=True)]
    return derived(f"{one.operand} IN ({', '.join(texts)})", BOOLEAN, [value, *choices], value.at, atom=False)


def _rows_in(binder: Binder, node: exp.Expr, row: Bound, scope: Scope) -> Bound:
    """``(a, b) IN (SELECT c, d …)``: the fields of a row meet the columns."""
    query = binder.query(node.args["query"], scope)
    if len(row.type.of) != len(query.columns):
        message = f"{len(row.type.of)} values are compared with {len(query.columns)} columns."
        raise binder.error(node, message, "The fields of a row meet the columns of the subquery.")
    for kind, column in zip(row.type.of, query.columns, strict=True):
        type_ = _meeting(binder, "=", Bound("", kind, row.at), Bound(column.sql, column.type, row.at))
        refuse_maps(binder, type_, row.at, "IN of a subquery")
    if isinstance(node.this, exp.Tuple):
        fields = ", ".join(binder.expression(item, scope).sql for item in node.this.expressions)
    else:
        fields = ", ".join(f"{row.operand}.{struct_field(row.type, number)}" for number in range(len(row.type.of)))
    return derived(f"({fields}) IN ({query.sql})", BOOLEAN, [row], binder.offset(node), atom=False)


@handles(exp.Like, exp.Escape)
def bind_like(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``a LIKE b [ESCAPE c]`` on texts."""
    escape = None
    if isinstance(node, exp.Escape):
        escape = binder.expression(node.expression, scope)
        node = node.this
    if not isinstance(node, exp.Like) or isinstance(node.expression, (exp.Any, exp.All)):
        raise binder.refused(node)
    parts = [binder.expression(node.this, scope), binder.expression(node.expression, scope)]
    for part in parts:
        if part.type.name not in ("varchar", "unknown"):
            hint = "Write CAST(… AS varchar)." if part.type.is_number else ""
            raise binder.error_at(part.at, f"LIKE works on varchar, this is {part.type}.", hint)
    word = "NOT LIKE" if node.args.get("negate") else "LIKE"
    sql = f"{parts[0].operand} {word} {parts[1].operand}"
    if escape is not None:
        if isinstance(escape.literal, str) and len(escape.literal) != 1:
            raise binder.error_at(escape.at, "ESCAPE takes one character.")
        sql += f" ESCAPE {escape.operand}"
        _check_escapes(binder, parts[1], escape)
    return derived(sql, BOOLEAN, parts, parts[0].at, atom=False)


def _check_escapes(binder: Binder, pattern: Bound, escape: Bound) -> None:
    if not isinstance(pattern.literal, str) or not isinstance(escape.literal, str):
        return
    letters = iter(pattern.literal)
    for letter in letters:
        if letter == escape.literal and next(letters, "") not in ("%", "_", escape.literal):
            raise binder.error_at(pattern.at, "An escape character stands before %, _ or itself only.")


@handles(exp.Exists)
def bind_exists(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``EXISTS (subquery)``."""
    query = binder.query(node.this, scope)
    return Bound(f"EXISTS ({query.sql})", BOOLEAN, binder.offset(node))
