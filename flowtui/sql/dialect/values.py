"""Literals, columns, CASE, constructors, subscripts, lambdas and subqueries as values."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from flowtui.records.fields import DEFAULT_FORMAT, VPC_FIELDS
from flowtui.sql.dialect import moments, types
from flowtui.sql.dialect.arithmetic import whole_number
from flowtui.sql.dialect.binder import LOCAL_ONLY, Binder, handles
from flowtui.sql.dialect.bound import Bound, derived, enclosed, place, widened
from flowtui.sql.dialect.catalog import CATALOG
from flowtui.sql.dialect.equality import is_structure
from flowtui.sql.dialect.names import RESERVED, nearest, text_literal
from flowtui.sql.dialect.scope import Column, Scope
from flowtui.sql.dialect.types import BOOLEAN, DOUBLE, Type, struct_field

DECIMAL_LITERALS = True
"""Athena engine 3 reads ``1.5`` as a decimal; engine 2 read a double. One switch, should that ever matter."""


@handles(exp.Literal)
def bind_literal(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """A number or a text."""
    text, at = str(node.this), binder.offset(node)
    if node.args.get("is_string"):
        return Bound(text_literal(text), types.varchar(len(text)), at, literal=text)
    if "e" in text.lower():
        return Bound(f"CAST({text} AS DOUBLE)", DOUBLE, at, literal=float(text))
    if "." not in text:
        return whole_number(binder, int(text), at)
    if not DECIMAL_LITERALS:
        return Bound(f"CAST({text} AS DOUBLE)", DOUBLE, at, literal=float(text))
    whole, _, fraction = text.partition(".")
    if len(whole.lstrip("0")) + len(fraction) > types.MAX_PRECISION:
        raise binder.error(node, f"A decimal has at most {types.MAX_PRECISION} digits.", "Write 1.5e0 for a double.")
    type_ = types.decimal(len(whole.lstrip("0")) + len(fraction), len(fraction))
    return Bound(f"CAST({text} AS {types.duckdb_type(type_)})", type_, at, literal=float(text))


@handles(exp.Null)
def bind_null(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``NULL``."""
    return Bound("NULL", types.UNKNOWN, binder.offset(node))


@handles(exp.Boolean)
def bind_boolean(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``true`` and ``false``."""
    return Bound("true" if node.this else "false", BOOLEAN, binder.offset(node))


@handles(exp.HexString)
def bind_binary(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``X'4142'``."""
    return Bound(f"from_hex({text_literal(str(node.this))})", types.VARBINARY, binder.offset(node))


@handles(exp.Paren)
def bind_parentheses(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``(a)``."""
    bound = binder.expression(node.this, scope)
    return bound if bound.atom else replace(bound, sql=f"({bound.sql})", atom=True)


@handles(exp.Placeholder)
def bind_parameter(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``?``, which means something in prepared statements only."""
    hint = "Write PREPARE name FROM …, then EXECUTE name USING 'value'."
    raise binder.error(node, "A ? stands for a parameter, and none is given.", hint)


@handles(exp.Column)
def bind_column(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """A column, perhaps qualified; ``r.f`` may also be the field of a row."""
    parts = [part for part in (node.args.get(word) for word in ("catalog", "db", "table", "this")) if part is not None]
    if isinstance(parts[-1], exp.Star):
        raise binder.error(node, "* stands alone or in count(*).")
    for part in parts:
        check_name(binder, part)
    return _resolved(binder, node, [part.name.lower() for part in parts], scope)


@handles(exp.Identifier)
def bind_variable(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """The parameter of a lambda, which sqlglot leaves as a bare identifier."""
    check_name(binder, node)
    return _resolved(binder, node, [node.name.lower()], scope)


@handles(exp.Dot)
def bind_field(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``row.field``."""
    if isinstance(node.this, exp.Literal) or isinstance(node.expression, exp.Literal):
        raise binder.error(node, "A number has one point.", "An address is a text: write '10.0.0.1'.")
    if not isinstance(node.expression, exp.Identifier):
        raise binder.error(node, "Functions are not qualified in Athena.")
    return _field(binder, binder.expression(node.this, scope), node.expression.name.lower())


def check_name(binder: Binder, node: exp.Expr) -> None:
    """Refuse names Athena does not take bare; a bare ``end`` is let through with a notice.

    Raises:
        QueryError: a reserved word, or backquotes.
    """
    if not isinstance(node, exp.Identifier):
        raise binder.refused(node)
    if node.args.get("quoted"):
        quote = binder.text[binder.offset(node) : binder.offset(node) + 1]
        if quote == "'":
            raise binder.error(node, "A name takes no single quotes; those are for texts.", f'Write "{node.name}".')
        if quote == "`":
            hint = f'Write "{node.name}"; backquotes are for DDL.'
            raise binder.error(node, "Athena takes no backquotes in a query.", hint)
        return
    word = node.name.lower()
    if word == "end":
        binder.notice(
            'Athena refuses the bare word end: there it must be written "end". flowtui reads it as the column.'
        )
    elif word in RESERVED:
        raise binder.error(node, f"{node.name} is a reserved word.", f'Write "{node.name}" to use it as a name.')


def _resolved(binder: Binder, node: exp.Expr, parts: list[str], scope: Scope) -> Bound:
    at = binder.offset(node)
    if len(parts) > 3 and parts[0] == CATALOG:
        parts = parts[1:]
    level: Scope | None = scope
    own = True
    while level is not None:
        for used in range(min(3, len(parts)), 0, -1):
            found = _matches(level, parts[:used])
            if found:
                bound = _column(binder, found, parts[used - 1], at, own and not level.is_lambda)
                for field in parts[used:]:
                    bound = _field(binder, bound, field)
                return bound
        own = own and level.is_lambda
        level = level.parent
    raise _unresolved(binder, node, parts, scope)


def _matches(scope: Scope, parts: list[str]) -> list[Column]:
    name, *qualifiers = reversed(parts)
    return scope.matches(name, *qualifiers)


def _column(binder: Binder, found: list[Column], name: str, at: int, own: bool) -> Bound:
    if len(found) > 1:
        raise binder.error_at(at, f"Column {name} is ambiguous.", "Qualify it with the table's name or alias.")
    column = found[0]
    return Bound(column.sql, column.type, at, free=(at,) if own else ())


def _field(binder: Binder, value: Bound, name: str) -> Bound:
    if value.type.name != "row":
        raise binder.error_at(value.at, f"{value.type} has no fields; {name} was asked for.")
    names = [(field or "").lower() for field in value.type.fields]
    if name not in names:
        hint = nearest(name, [field for field in names if field])
        raise binder.error_at(value.at, f"{value.type} has no field {name}.", hint)
    place_ = names.index(name)
    return derived(f"{value.operand}.{struct_field(value.type, place_)}", value.type.of[place_], [value], value.at)


def _unresolved(binder: Binder, node: exp.Expr, parts: list[str], scope: Scope) -> Exception:
    if len(parts) > 1 and parts[-1] in scope.merged:
        return binder.error(node, f"{parts[-1]} is joined by USING and takes no qualifier.", f"Write {parts[-1]}.")
    if len(parts) > 2 and _any_alias(scope, parts[-2]):
        hint = f"Write {'.'.join(parts[-2:])}."
        return binder.error(node, f"There is no table {'.'.join(parts[:-1])} in this query.", hint)
    if len(parts) > 1 and not _any_alias(scope, parts[-2]):
        aliases = [relation.alias for relation in scope.relations if relation.alias]
        return binder.error(node, f"There is no table {parts[-2]} in this query.", nearest(parts[-2], aliases))
    name = parts[-1]
    if name in binder.select_aliases:
        hint = "Repeat the expression, or put the query in a subquery and use the name outside."
        return binder.error(node, f"{name} is an alias of the select list; Athena does not know it here.", hint)
    candidates = scope.candidates()
    if not candidates:
        return binder.error(node, f"There is no column {name}.", "The query has no FROM.")
    if name in _HIDDEN:
        return binder.error(node, f"{name} is not available locally: records do not keep their file.", LOCAL_ONLY)
    hint = _field_hint(name) or nearest(name, candidates)
    if not hint and isinstance(node, exp.Column) and node.this.args.get("quoted"):
        hint = f"A text takes single quotes: {text_literal(node.this.name)}."
    known = [candidate for candidate in dict.fromkeys(candidates) if candidate]
    if not hint and known:
        further = len(known) - _COLUMNS_TOLD
        more = f" and {further} more, which DESCRIBE lists" if further > 0 else ""
        hint = f"Columns: {', '.join(known[:_COLUMNS_TOLD])}{more}."
    return binder.error(node, f"There is no column {name}.", hint)


_COLUMNS_TOLD = 14

_HIDDEN = ("$path", "$bucket", "$file_size", "$file_modified_time", "$partition")
"""Columns that Athena's tables over files have beside their own (https://trino.io/docs/current/connector/hive.html)."""


def _field_hint(name: str) -> str:
    """What to say of a column that a flow log can have, but no loaded record has."""
    field = next((field for field in VPC_FIELDS if field.column == name), None)
    if field is None or field.name in DEFAULT_FORMAT:
        return ""
    return (
        f"{field.name} is a field of version {field.version}, but no loaded record has it: its flow log's format must."
    )


def _any_alias(scope: Scope | None, alias: str) -> bool:
    while scope is not None:
        if scope.has_alias(alias):
            return True
        scope = scope.parent
    return False


@handles(exp.Case)
def bind_case(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """Both forms of CASE."""
    subject = binder.expression(node.this, scope) if node.this is not None else None
    conditions = []
    for branch in node.args["ifs"]:
        if subject is None:
            conditions.append(binder.boolean(branch.this, scope, "WHEN"))
            continue
        condition = binder.expression(branch.this, scope)
        binder.common(subject, condition, f"Athena cannot compare {subject.type} with {condition.type}.")
        conditions.append(condition)
    if subject is not None and (is_structure(subject.type) or subject.type.is_floating):
        from flowtui.sql.dialect.conditions import compared

        conditions = [compared(binder, "=", subject, condition) for condition in conditions]
        subject = None
    results = [binder.expression(branch.args["true"], scope) for branch in node.args["ifs"]]
    if node.args.get("default") is not None:
        results.append(binder.expression(node.args["default"], scope))
    type_ = binder.unified(results, "The results of CASE")
    texts = [widened(result, type_).sql for result in results]
    parts = [f"WHEN {condition.sql} THEN {text}" for condition, text in zip(conditions, texts, strict=False)]
    if len(results) > len(conditions):
        parts.append(f"ELSE {texts[-1]}")
    head = f"CASE {subject.sql} " if subject else "CASE "
    everything = [*conditions, *results, *([subject] if subject else [])]
    return derived(f"{head}{' '.join(parts)} END", type_, everything, binder.offset(node))


@handles(exp.Array)
def bind_array(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``ARRAY[…]``."""
    items = [binder.expression(item, scope) for item in node.expressions]
    type_ = binder.unified(items, "The elements of an array")
    inside = ", ".join(widened(item, type_).sql for item in items)
    sql = f"[{inside}]" if items else "CAST([] AS INTEGER[])"
    return derived(sql, types.array(type_), items, binder.offset(node))


@handles(exp.Tuple)
def bind_tuple(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``(a, b)``, a row."""
    return row_of([binder.expression(item, scope) for item in node.expressions], binder.offset(node))


def row_of(items: list[Bound], at: int) -> Bound:
    """A row with nameless fields."""
    type_ = Type("row", of=tuple(item.type for item in items), fields=(None,) * len(items))
    inside = ", ".join(f"{struct_field(type_, n)} := {item.sql}" for n, item in enumerate(items))
    return derived(f"struct_pack({inside})", type_, items, at)


@handles(exp.Bracket)
def bind_subscript(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``array[1]``, ``map[key]`` and ``row[1]``; what is not there is an error."""
    value = binder.expression(node.this, scope)
    if len(node.expressions) != 1:
        raise binder.error(node, "A subscript is one value.")
    index = binder.expression(node.expressions[0], scope)
    parts = [value, index]
    if value.type.name == "array" and index.type.is_integer:
        sql = f"array_at({value.sql}, {index.sql}, {place(index.at)})"
        return derived(sql, value.type.element, parts, value.at)
    if value.type.name == "map":
        type_ = value.type.of[0]
        binder.common(Bound("", type_), index, f"The key of {value.type} is not {index.type}.")
        sql = f"map_at({value.sql}, {widened(index, type_).sql}, {place(index.at)})"
        return derived(sql, value.type.of[1], parts, value.at)
    if value.type.name == "row" and isinstance(index.literal, int) and 1 <= index.literal <= len(value.type.of):
        field = struct_field(value.type, index.literal - 1)
        return derived(f"{value.operand}.{field}", value.type.of[index.literal - 1], [value], value.at)
    raise binder.error_at(value.at, f"{value.type} takes no subscript of type {index.type}.")


@handles(exp.AtTimeZone)
def bind_zone(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """``moment AT TIME ZONE 'zone'``."""
    return at_zone(binder, binder.expression(node.this, scope), binder.expression(node.args["zone"], scope))


def at_zone(binder: Binder, value: Bound, zone: Bound) -> Bound:
    """The same instant shown in another zone, which must be written out.

    Raises:
        QueryError: no timestamp, no zone, or a zone that is computed.
    """
    if value.type.name not in ("timestamp", "timestamp with time zone"):
        raise binder.error_at(value.at, f"AT TIME ZONE works on timestamps, this is {value.type}.")
    name = zone_literal(binder, zone)
    return replace(value, type=types.zoned(value.type.args[0], name), literal=None)


def zone_literal(binder: Binder, zone: Bound) -> str:
    """The zone a literal names.

    Raises:
        QueryError: it is no zone, or no literal.
    """
    if not isinstance(zone.literal, str):
        hint = "Athena takes any expression here; run the statement with --engine athena."
        raise binder.error_at(zone.at, "Locally the time zone must be a literal.", hint)
    name = moments.zone_name(zone.literal)
    if name is None:
        raise binder.error_at(
            zone.at, f"There is no time zone {zone.literal!r}.", "Write a name such as Asia/Tokyo, or +09:00."
        )
    return name


@handles(exp.Subquery, exp.Select, exp.Union, exp.Intersect, exp.Except)
def bind_scalar_subquery(binder: Binder, node: exp.Expr, scope: Scope) -> Bound:
    """A subquery used as a value: one column, at most one row."""
    at = binder.offset(node)
    query = binder.query(node, scope)
    column = binder.single_column(query, at)
    return Bound(enclosed(f"({query.sql})", at, query=True), column.type, at)
