"""One SELECT: its clauses bound in the order Athena evaluates them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlglot import exp

from flowtui.sql.dialect import types
from flowtui.sql.dialect.binder import Binder
from flowtui.sql.dialect.bound import Bound, derived, key
from flowtui.sql.dialect.equality import is_structure
from flowtui.sql.dialect.names import quoted
from flowtui.sql.dialect.ordering import refuse_maps, whole
from flowtui.sql.dialect.queries import BoundQuery, has_ties, limits, only, ordinal, tied
from flowtui.sql.dialect.relations import bind_from
from flowtui.sql.dialect.scope import Column, Relation, Scope, unique_names
from flowtui.sql.dialect.types import struct_field
from flowtui.sql.dialect.values import check_name
from flowtui.sql.dialect.windows import direction, has_order, window_definition

_UNDERSTOOD = (
    "with_",
    "kind",
    "hint",
    "expressions",
    "distinct",
    "from_",
    "joins",
    "laterals",
    "where",
    "group",
    "having",
    "windows",
    "order",
    "limit",
    "offset",
)


_CHANCE = ("random(", "uuid(")
"""DuckDB calls that give another value each time they are made."""


@dataclass
class _Item:
    """One column of the select list."""

    name: str
    bound: Bound


@dataclass
class _Key:
    """One item of ORDER BY; ``number`` is that of a column of the select list, 0 for any other expression."""

    bound: Bound
    direction: str
    number: int


@dataclass
class _Parts:
    """What has been bound of a SELECT."""

    items: list[_Item] = field(default_factory=list)
    group: str = ""
    grouped: bool = False


def bind_select(binder: Binder, node: exp.Select, scope: Scope) -> BoundQuery:
    """Bind ``SELECT … FROM … WHERE … GROUP BY … HAVING … ORDER BY … LIMIT …``.

    Raises:
        QueryError: any part is refused.
    """
    only(binder, node, _UNDERSTOOD)
    if not node.expressions:
        raise binder.error(
            node.args.get("from_") or node, "Athena's SELECT needs a select list.", "Write SELECT * FROM …."
        )
    aliases = {item.alias.lower() for item in node.expressions if isinstance(item, exp.Alias)}
    outer, binder.select_aliases = binder.select_aliases, aliases
    from_sql = bind_from(binder, node, scope)
    where = _where(binder, node, scope)
    parts = _Parts()
    _bind_windows(binder, node, scope)
    _group(binder, node, scope, parts)
    windows = _named_windows(binder, node, scope)
    for item in node.expressions:
        parts.items += _select_items(binder, item, scope)
    having = _having(binder, node, scope, parts)
    order = _order(binder, node, scope, parts)
    parts.grouped = parts.grouped or any(item.bound.aggregate for item in parts.items)
    _check_grouping(binder, parts)
    binder.select_aliases = outer
    return _assembled(binder, node, parts, (from_sql, where, having, windows), order)


def _assembled(
    binder: Binder, node: exp.Select, parts: _Parts, texts: tuple[str, str, str, str], order: list[_Key]
) -> BoundQuery:
    from_sql, where, having, windows = texts
    names = unique_names([item.name for item in parts.items])
    columns = []
    pieces = []
    for item, name in zip(parts.items, names, strict=True):
        sql = quoted(name)
        # A bare NULL has no type in Athena; DuckDB gives it one.
        text = f"CAST({item.bound.sql} AS INTEGER)" if item.bound.type == types.UNKNOWN else item.bound.sql
        pieces.append(text if text == f"{text.partition('.')[0]}.{sql}" else f"{text} AS {sql}")
        columns.append(Column(item.name, sql, item.bound.type))
    distinct = "DISTINCT " if _distinct(binder, node) else ""
    for item in parts.items if distinct else ():
        refuse_maps(binder, item.bound.type, item.bound.at, "DISTINCT")
    ties = has_ties(binder, node)
    keys = []
    for number, key_ in enumerate(order):
        if key_.number:
            keys.append((columns[key_.number - 1].sql, key_.direction))
        elif ties:
            keys.append((f'"key {number}"', key_.direction))
            pieces.append(f'{key_.bound.sql} AS "key {number}"')
    ordered = f" ORDER BY {', '.join(key_.bound.sql + key_.direction for key_ in order)}" if order else ""
    sql = f"SELECT {distinct}{', '.join(pieces)}{from_sql}{where}{parts.group}{having}{windows}{ordered}"
    sql += limits(binder, node)
    if ties:
        sql = tied(binder, node, sql, [column.sql for column in columns], keys)
    return BoundQuery(sql, tuple(columns))


def _distinct(binder: Binder, node: exp.Select) -> bool:
    distinct = node.args.get("distinct")
    if distinct is not None and distinct.args.get("on") is not None:
        raise binder.error(distinct.args["on"], "Athena has no DISTINCT ON.", "Use row_number() in a subquery.")
    return distinct is not None


def _where(binder: Binder, node: exp.Select, scope: Scope) -> str:
    clause = node.args.get("where")
    if clause is None:
        return ""
    bound = binder.boolean(clause.this, scope, "WHERE")
    _no_aggregates(binder, bound, "WHERE", "Use HAVING.")
    return f" WHERE {bound.sql}"


def _no_aggregates(binder: Binder, bound: Bound, where: str, hint: str = "Use a subquery.") -> None:
    if bound.aggregate:
        raise binder.error_at(bound.at, f"An aggregate cannot stand in {where}.", hint)
    if bound.window:
        raise binder.error_at(bound.at, f"A window function cannot stand in {where}.", "Use a subquery.")


def _bind_windows(binder: Binder, node: exp.Select, scope: Scope) -> None:
    for window in node.args.get("windows") or []:
        scope.windows[window.this.name.lower()] = has_order(window, scope)


def _named_windows(binder: Binder, node: exp.Select, scope: Scope) -> str:
    pieces = []
    for window in node.args.get("windows") or []:
        text, _ = window_definition(binder, window, scope)
        pieces.append(f'"{window.this.name.lower()}" AS ({text})')
    return f" WINDOW {', '.join(pieces)}" if pieces else ""


def _select_items(binder: Binder, node: exp.Expr, scope: Scope) -> list[_Item]:
    if isinstance(node, exp.Star):
        only(binder, node, ())
        if not scope.relations:
            raise binder.error(node, "SELECT * needs a FROM clause.")
        return [_Item(c.name, Bound(c.sql, c.type, binder.offset(node), (binder.offset(node),))) for c in _all(scope)]
    if isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
        return _qualified_star(binder, node, scope)
    if isinstance(node, exp.Alias):
        check_name(binder, node.args["alias"])
        return [_Item(node.alias, binder.expression(node.this, scope))]
    if isinstance(node, (exp.Aliases, exp.PropertyEQ)):
        raise binder.refused(node)
    bare = node.unnest()  # Athena drops parentheses before it names a column
    name = bare.name if isinstance(bare, (exp.Column, exp.Dot)) else ""
    return [_Item(name, binder.expression(node, scope))]


def _all(scope: Scope) -> list[Column]:
    """Columns of ``*``: those joined by USING first and once."""
    merged = list(scope.merged.values())
    rest = [c for relation in scope.relations for c in relation.columns if c.name.lower() not in scope.merged]
    return merged + rest


def _qualified_star(binder: Binder, node: exp.Column, scope: Scope) -> list[_Item]:
    alias = node.table.lower()
    at = binder.offset(node)
    for relation in scope.relations:
        if relation.alias == alias:
            own = [c for c in relation.columns if c.name.lower() not in scope.merged]
            return [_Item(c.name, Bound(c.sql, c.type, at, (at,))) for c in own]
    if scope.matches(alias):
        return _fields(binder, binder.expression(exp.column(node.args["table"].copy()), scope))
    raise binder.error(node, f"There is no table {node.table} in this query.")


def _fields(binder: Binder, value: Bound) -> list[_Item]:
    """``row.*``: a column for every field."""
    if value.type.name != "row":
        raise binder.error_at(value.at, f"{value.type} has no fields to select with *.")
    parts = enumerate(zip(value.type.fields, value.type.of, strict=True))
    return [
        _Item(name or "", derived(f"{value.operand}.{struct_field(value.type, place)}", type_, [value], value.at))
        for place, (name, type_) in parts
    ]


def _group(binder: Binder, node: exp.Select, scope: Scope, parts: _Parts) -> None:
    clause = node.args.get("group")
    if clause is None:
        return
    if clause.args.get("all"):
        raise binder.error(clause, "Athena has no GROUP BY ALL.", "Name the columns, or their numbers.")
    only(binder, clause, ("expressions", "grouping_sets", "cube", "rollup"))
    parts.grouped = True
    items = [
        *clause.expressions,
        *(x for name in ("grouping_sets", "cube", "rollup") for x in clause.args.get(name) or []),
    ]
    if not items:
        raise binder.error(clause, "Something is missing after GROUP BY.")
    pieces = [_group_item(binder, item, node, scope, parts) for item in items]
    parts.group = f" GROUP BY {', '.join(pieces)}"


def _group_item(binder: Binder, item: exp.Expr, node: exp.Select, scope: Scope, parts: _Parts) -> str:
    if isinstance(item, (exp.GroupingSets, exp.Cube, exp.Rollup)):
        word = {exp.GroupingSets: "GROUPING SETS", exp.Cube: "CUBE", exp.Rollup: "ROLLUP"}[type(item)]
        inside = [_group_item(binder, part, node, scope, parts) for part in item.expressions]
        return f"{word} ({', '.join(inside)})"
    if isinstance(item, exp.Tuple):
        return "(" + ", ".join(_group_item(binder, part, node, scope, parts) for part in item.expressions) + ")"
    if isinstance(item, exp.Paren):
        return "(" + _group_item(binder, item.this, node, scope, parts) + ")"
    number = ordinal(binder, item, len(node.expressions))
    if number:
        item = node.expressions[number - 1]
        item = item.this if isinstance(item, exp.Alias) else item
    bound = binder.expression(item, scope)
    _no_aggregates(binder, bound, "GROUP BY")
    refuse_maps(binder, bound.type, bound.at, "GROUP BY")
    if isinstance(bound.literal, (int, float, str)):
        raise binder.error_at(bound.at, "GROUP BY a constant means nothing.")
    return scope.group_keys.setdefault(key(bound.sql), bound.sql)


def _having(binder: Binder, node: exp.Select, scope: Scope, parts: _Parts) -> str:
    clause = node.args.get("having")
    if clause is None:
        return ""
    bound = binder.boolean(clause.this, scope, "HAVING")
    if bound.window:
        raise binder.error_at(bound.at, "A window function cannot stand in HAVING.", "Use a subquery.")
    parts.grouped = True
    _check_one(binder, bound, "HAVING")
    return f" HAVING {bound.sql}"


def _order(binder: Binder, node: exp.Select, scope: Scope, parts: _Parts) -> list[_Key]:
    clause = node.args.get("order")
    if clause is None:
        return []
    only(binder, clause, ("expressions",))
    keys = []
    for ordered in clause.expressions:
        number, bound = _order_item(binder, ordered.this, node, scope, parts)
        if not bound.type.is_orderable:
            raise binder.error_at(bound.at, f"{bound.type} has no order.")
        if is_structure(bound.type):
            if node.args.get("distinct") is not None:
                hint = "Order by it in a query around this one."
                raise binder.error_at(bound.at, f"With DISTINCT, ORDER BY takes no {bound.type} locally.", hint)
            value = parts.items[number - 1].bound.sql if number else bound.sql
            bound, number = replace(bound, sql=whole(value, bound.type, bound.at)), 0
        keys.append(_Key(bound, direction(ordered), number))
    return keys


def _order_item(binder: Binder, item: exp.Expr, node: exp.Select, scope: Scope, parts: _Parts) -> tuple[int, Bound]:
    """A number, a name of the select list, or an expression over both the select list and FROM.

    The number is that of the column of the select list, 0 for an expression.
    """
    number = ordinal(binder, item, len(parts.items))
    if not number and isinstance(item, exp.Column) and not item.table:
        named = [n for n, part in enumerate(parts.items, 1) if part.name.lower() == item.name.lower()]
        if len({key(parts.items[n - 1].bound.sql) for n in named}) > 1:
            raise binder.error(item, f"Column {item.name} is ambiguous.")
        number = named[0] if named else 0
    if number:
        check = item if isinstance(item, exp.Column) else None
        if check is not None:
            check_name(binder, check.this)
        return number, Bound(str(number), parts.items[number - 1].bound.type, binder.offset(item))
    # Names of the select list stand in for their expressions; DuckDB takes those in ORDER BY as well.
    shown = tuple(Column(p.name, p.bound.operand, p.bound.type) for p in parts.items if p.name)
    inner = Scope(parent=scope, relations=[Relation("", shown)], windows=scope.windows, is_lambda=True)
    bound = binder.expression(item, inner)
    if node.args.get("distinct") is not None:
        texts = [key(part.bound.sql) for part in parts.items]
        if key(bound.sql) not in texts:
            raise binder.error(item, "With DISTINCT, ORDER BY takes columns of the select list only.")
        if any(call in texts[texts.index(key(bound.sql))] for call in _CHANCE):
            raise binder.error(item, "With DISTINCT, ORDER BY takes no random values.", "Order by the column's number.")
        return texts.index(key(bound.sql)) + 1, bound
    parts.grouped = parts.grouped or bound.aggregate
    if parts.grouped or any(part.bound.aggregate for part in parts.items):
        _check_one(binder, bound, "ORDER BY")
    return 0, bound


def _check_grouping(binder: Binder, parts: _Parts) -> None:
    if parts.grouped:
        for item in parts.items:
            _check_one(binder, item.bound, "The select list")


def _check_one(binder: Binder, bound: Bound, where: str) -> None:
    if bound.free:
        offset = bound.free[0]
        word = _word(binder.text, offset)
        hint = f"Add {word} to GROUP BY, or write arbitrary({word})." if word != "*" else "Name the columns."
        raise binder.error_at(
            offset, f"{word} is neither grouped nor inside an aggregate. {where} needs one of them.", hint
        )


def _word(text: str, offset: int) -> str:
    end = offset
    while end < len(text) and (text[end].isalnum() or text[end] in '_."*'):
        end += 1
    return text[offset:end]
