"""Calls: finding the function, choosing its signature, binding lambdas, and writing the DuckDB text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from flowtui.errors import QueryError
from flowtui.sql.dialect.binder import LOCAL_ONLY, Binder, handles
from flowtui.sql.dialect.bound import Bound, derived, place, widened
from flowtui.sql.dialect.functions import FOREIGN, Entry, function_names, lookup
from flowtui.sql.dialect.moments import local
from flowtui.sql.dialect.names import nearest, quoted
from flowtui.sql.dialect.rewrites import REWRITES
from flowtui.sql.dialect.rewrites.patterns import re2_pattern, sound_text
from flowtui.sql.dialect.scope import Column, Scope
from flowtui.sql.dialect.signatures import Match, parse_signature
from flowtui.sql.dialect.types import BIGINT, INTEGER, Type
from flowtui.sql.dialect.values import row_of

Argument = Bound | exp.Lambda
_MANY = 32
"""Columns whose bits an integer does not hold."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A call after its signature was chosen."""

    entry: Entry
    match: Match
    arguments: tuple[Bound, ...]
    result: Type


@handles(exp.Anonymous)
def bind_call(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """A call of a scalar function, or of an aggregate without further clauses."""
    name = call_name(node)
    if name == "row":
        return row_of([binder.expression(item, scope) for item in node.expressions], binder.offset(node))
    if name == "grouping":
        return _grouping(binder, node, scope)
    if name in ("current_timestamp", "localtimestamp") and len(node.expressions) == 1:
        return _now(binder, name, node.expressions[0], scope)
    entries = lookup(name)
    if not entries:
        raise no_function(binder, name, binder.offset(node))
    if entries[0].kind in ("aggregate", "window"):
        from flowtui.sql.dialect.aggregates import bind_aggregate

        return bind_aggregate(binder, node, scope)
    if any(isinstance(argument, (exp.Distinct, exp.Order)) for argument in node.expressions):
        raise binder.error(node, f"{name} is no aggregate: DISTINCT and ORDER BY mean nothing in it.")
    arguments = [bind_argument(binder, argument, scope) for argument in node.expressions]
    return call(binder, name, arguments, binder.offset(node), scope)


def _grouping(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``grouping(a, b)``: a bit for each column that the row is not grouped by."""
    columns = [binder.expression(item, scope) for item in node.expressions]
    if not columns or any(not isinstance(item, exp.Column) for item in node.expressions):
        raise binder.error(node, "grouping takes columns of GROUP BY.")
    for column in columns:
        if column.free:
            raise binder.error_at(column.at, "grouping takes columns of GROUP BY, this is none.")
    type_ = INTEGER if len(columns) < _MANY else BIGINT
    sql = f"CAST(grouping({', '.join(column.sql for column in columns)}) AS {type_.name.upper()})"
    return Bound(sql, type_, binder.offset(node), aggregate=True)


def _now(binder: Binder, name: str, digits: exp.Expr, scope: Scope) -> Bound:
    """``current_timestamp(6)``: the moment with so many digits of the second."""
    precision = binder.expression(digits, scope)
    if not isinstance(precision.literal, int) or not 0 <= precision.literal <= 6:
        raise binder.error_at(precision.at, "Locally a precision is a number from 0 to 6.", LOCAL_ONLY)
    kind = "timestamp with time zone" if name == "current_timestamp" else "timestamp"
    sql = f"round_moment(timezone('UTC', now()), {10 ** (6 - precision.literal)})"
    return Bound(sql, Type(kind, (precision.literal,)), precision.at)


def call_name(node: exp.Expr) -> str:
    """Lower-case name of a called function."""
    this = node.this
    return (this.name if isinstance(this, exp.Expr) else str(this)).lower()


def bind_argument(binder: Binder, node: exp.Expr, scope: Scope) -> Argument:
    """An argument; lambdas wait until the types of their parameters are known."""
    if isinstance(node, exp.Lambda):
        return node
    if isinstance(node, exp.Kwarg):
        raise binder.error(node, "Athena's functions take no named arguments.")
    return binder.expression(node, scope)


def call(binder: Binder, name: str, arguments: Sequence[Argument], at: int, scope: Scope) -> Bound:
    """Call a scalar function by name.

    Raises:
        QueryError: there is no such function, it is refused, or the arguments do not fit.
    """
    chosen = choose(binder, name, arguments, at, scope)
    return write(binder, chosen, at)


def choose(binder: Binder, name: str, arguments: Sequence[Argument], at: int, scope: Scope) -> Chosen:
    """The signature a call means: the one that needs the least widening, the first of equals."""
    entries = lookup(name)
    if not entries:
        raise no_function(binder, name, at)
    if entries[0].kind == "refused":
        raise binder.error_at(at, f"{name} is not available locally: {entries[0].target}.", LOCAL_ONLY)
    fits: list[tuple[int, int, Entry, tuple[Match, list[Bound]]]] = []
    for entry in entries:
        match = _match(binder, entry, arguments, scope)
        if match:
            fits.append((match[0].cost, len(fits), entry, match))
    if not fits:
        raise _no_signature(binder, name, entries, arguments, at)
    _, _, entry, (match_, given) = min(fits, key=lambda fit: fit[:2])
    if entry.kind == "refused":
        raise binder.error_at(at, f"{entry.shown} is not available locally: {entry.target}.", LOCAL_ONLY)
    wanted = [match_.resolve(match_.signature.parameter(n), b.type) for n, b in enumerate(given)]
    ready = tuple(b if w.name == "function" else widened(b, w) for b, w in zip(given, wanted, strict=True))
    result = match_.result([argument.type for argument in ready])
    if result.name == "timestamp with time zone" and ready and ready[0].type.name == result.name:
        result = replace(result, zone=ready[0].type.zone)
    return Chosen(entry, match_, ready, result)


def _match(
    binder: Binder, entry: Entry, arguments: Sequence[Argument], scope: Scope
) -> tuple[Match, list[Bound]] | None:
    signature = parse_signature(entry.signature)
    if not signature.takes(len(arguments)):
        return None
    match = Match(signature)
    for number, argument in enumerate(arguments):
        if isinstance(argument, Bound) and not match.accept(number, argument.type):
            return None
    bound = _with_lambdas(binder, match, arguments, scope)
    return None if bound is None else (match, bound)


def _with_lambdas(binder: Binder, match: Match, arguments: Sequence[Argument], scope: Scope) -> list[Bound] | None:
    """Bind the lambdas; again when one of them widened a type that its own parameters have (``reduce``)."""
    while True:
        before = dict(match.letters)
        bound = []
        for number, argument in enumerate(arguments):
            if isinstance(argument, Bound):
                bound.append(argument)
                continue
            pattern = match.signature.parameter(number)
            if pattern.name != "function" or len(pattern.of) - 1 != len(argument.expressions):
                return None
            bound.append(_lambda(binder, match, pattern, argument, scope))
        if all(match.letters[letter] == type_ for letter, type_ in before.items()):
            return bound


def _lambda(binder: Binder, match: Match, pattern: Type, node: exp.Lambda, scope: Scope) -> Bound:
    kinds = [match.resolve(part) for part in pattern.of[:-1]]
    names = [parameter.name.lower() for parameter in node.expressions]
    inner = Scope(parent=scope, is_lambda=True)
    inner.variables = {n: Column(n, quoted(n), kind) for n, kind in zip(names, kinds, strict=True)}
    body = binder.expression(node.this, inner)
    wanted = pattern.of[-1]
    if not match.fit(wanted, body.type):
        raise binder.error_at(body.at, f"The lambda must give {match.resolve(wanted)}, this is {body.type}.")
    body = widened(body, match.resolve(wanted, body.type))
    sql = f"lambda {', '.join(quoted(name) for name in names)}: {body.sql}"
    return replace(body, sql=sql, type=Type("function", of=(*kinds, body.type)), atom=True)


def write(binder: Binder, chosen: Chosen, at: int) -> Bound:
    """The DuckDB text of a scalar call."""
    entry = chosen.entry
    if entry.notice:
        binder.notice(entry.notice)
    if entry.name.startswith("regexp_"):
        text, pattern, *rest = chosen.arguments
        alone = entry.name == "regexp_like"
        text, pattern = sound_text(text, pattern, at, alone=alone), re2_pattern(binder, pattern, alone=alone)
        chosen = replace(chosen, arguments=(text, pattern, *rest))
    if entry.kind == "rewrite":
        bound = REWRITES[entry.target](binder, list(chosen.arguments), chosen.result, at)
        return replace(bound, at=at)
    sql = filled(entry.template, texts(chosen), at)
    whole = entry.kind != "expression" or (sql.endswith(")") and entry.target.split("(")[0].isidentifier())
    return derived(sql, chosen.result, chosen.arguments, at, atom=whole)


def texts(chosen: Chosen) -> list[str]:
    """The arguments as text; where the signature asks for a zoned timestamp, what its clock shows."""
    signature = chosen.match.signature
    loose = chosen.entry.kind in ("same", "renamed", "macro")
    result = []
    for number, argument in enumerate(chosen.arguments):
        if signature.parameter(number).name == "timestamp with time zone" and argument.type.zone != "UTC":
            result.append(local(argument))
        else:
            result.append(argument.sql if loose else argument.operand)
    return result


def filled(template: str, texts: Sequence[str], at: int) -> str:
    """A template of the table with its arguments: ``{0}``, ``{1}``, … , ``{*}`` for all, ``{at}`` for the place."""
    if template.endswith("({*})"):
        return f"{template.removesuffix('({*})')}({', '.join(texts)})"
    pieces = template.replace("{at}", place(at)).split("{")
    result = [pieces[0]]
    for piece in pieces[1:]:
        number, closing, rest = piece.partition("}")
        result.append(texts[int(number)] + rest if closing and number.isdigit() else "{" + piece)
    return "".join(result)


def no_function(binder: Binder, name: str, at: int) -> QueryError:
    """The error for a name that is no function of Athena's, with what to write instead."""
    if name in FOREIGN:
        return binder.error_at(at, f"Athena has no function {name}.", f"Use {FOREIGN[name]}.")
    return binder.error_at(at, f"Athena has no function {name}.", nearest(name, function_names()))


def _no_signature(
    binder: Binder, name: str, entries: Sequence[Entry], arguments: Sequence[Argument], at: int
) -> QueryError:
    known = "; ".join(dict.fromkeys(entry.shown for entry in entries))
    if not any(parse_signature(entry.signature).takes(len(arguments)) for entry in entries):
        count = len(arguments)
        message = f"{name} does not take {count} argument{'' if count == 1 else 's'}." if count else ""
        return binder.error_at(at, message or f"{name} needs arguments.", f"It takes: {known}.")
    given = ", ".join(str(a.type) if isinstance(a, Bound) else "lambda" for a in arguments)
    hint = f"It takes: {known}. Athena converts nothing by itself: write an explicit CAST."
    return binder.error_at(at, f"{name}({given}) does not fit.", hint)


@handles(exp.Extract)
def bind_extract(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``EXTRACT(hour FROM x)``: the function of the field's name."""
    if isinstance(node.this, exp.Literal):
        raise binder.error(node.this, "EXTRACT takes its field without quotes.", "Write EXTRACT(hour FROM x).")
    field = node.this.name.lower()
    names = {"day_of_month": "day", "dow": "day_of_week", "doy": "day_of_year", "yow": "year_of_week"}
    known = {"year", "quarter", "month", "week", "day", "day_of_week", "day_of_year", "year_of_week", "hour", "minute"}
    known |= {"second", "timezone_hour", "timezone_minute"}
    if names.get(field, field) not in known:
        raise binder.error(node, f"EXTRACT knows no field {field}.", nearest(field, known))
    value = binder.expression(node.expression, scope)
    if field.startswith("timezone_") and value.type.name != "timestamp with time zone":
        raise binder.error_at(value.at, f"Athena cannot extract {field} from {value.type}.")
    return call(binder, names.get(field, field), [value], binder.offset(node), scope)


@handles(exp.StrPosition)
def bind_position(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``POSITION(a IN b)``."""
    values = [binder.expression(node.args[part], scope) for part in ("this", "substr")]
    return call(binder, "strpos", values, binder.offset(node), scope)


@handles(exp.Substring)
def bind_substring(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``SUBSTRING(a FROM b FOR c)`` and ``substring(a, b, c)``."""
    given = [node.args.get(part) for part in ("this", "start", "length")]
    values = [binder.expression(part, scope) for part in given if part is not None]
    return call(binder, "substr", values, binder.offset(node), scope)


@handles(exp.Trim)
def bind_trim(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``TRIM(LEADING a FROM b)`` and ``trim(a)``."""
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(node.args.get("position") or "", "trim")
    given = [node.this, node.args.get("expression")]
    values = [binder.expression(part, scope) for part in given if part is not None]
    return call(binder, name, values, binder.offset(node), scope)


@handles(exp.Normalize)
def bind_normalize(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``normalize(a)``; the other forms than NFC have no local counterpart."""
    form = node.args.get("form")
    if isinstance(form, exp.Expr) and form.name.upper() != "NFC":
        raise binder.error(node, f"normalize to {form.name} is not available locally.", LOCAL_ONLY)
    return call(binder, "normalize", [binder.expression(node.this, scope)], binder.offset(node), scope)


@handles(exp.CurrentDate, exp.CurrentTimestamp, exp.Localtimestamp, exp.CurrentTime, exp.Localtime, exp.CurrentUser)
def bind_now(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``current_date`` and its kin; the session's zone is UTC, as Athena's is."""
    if node.this is not None:
        raise binder.error(node, "A precision is not available here locally.", LOCAL_ONLY)
    names: dict[type[exp.Expr], str] = {
        exp.CurrentDate: "current_date",
        exp.CurrentTimestamp: "now",
        exp.Localtimestamp: "localtimestamp",
        exp.CurrentTime: "current_time",
        exp.Localtime: "localtime",
        exp.CurrentUser: "current_user",
    }
    return call(binder, names[type(node)], [], binder.offset(node), scope)
