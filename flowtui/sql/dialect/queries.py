"""SELECT, set operations, WITH and VALUES."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from flowtui.sql.dialect import types
from flowtui.sql.dialect.binder import Binder, offset_of
from flowtui.sql.dialect.bound import Bound, derived, place, widened
from flowtui.sql.dialect.names import quoted
from flowtui.sql.dialect.ordering import refuse_maps, whole
from flowtui.sql.dialect.scope import Column, Relation, Scope, unique_names
from flowtui.sql.dialect.types import Type, struct_field
from flowtui.sql.dialect.values import check_name

_STEP, _STEPS = "_step", 10
_MODIFIERS = ("order", "limit", "offset")


@dataclass(frozen=True)
class BoundQuery:
    """A query after binding. ``names`` are the DuckDB names of its columns, ``columns`` what the user sees."""

    sql: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """DuckDB names of the columns."""
        return [column.sql for column in self.columns]

    @property
    def types(self) -> list[Type]:
        """Types of the columns."""
        return [column.type for column in self.columns]


def bind_query(binder: Binder, node: exp.Expr, parent: Scope | None) -> BoundQuery:
    """Bind any query expression.

    Raises:
        QueryError: it is refused.
    """
    scope = Scope(parent=parent)
    prefix = bind_with(binder, node.args.get("with_"), scope)
    if isinstance(node, exp.Subquery):
        query = _parenthesised(binder, node, scope)
    elif isinstance(node, exp.Select):
        from flowtui.sql.dialect.selects import bind_select

        query = bind_select(binder, node, scope)
    elif isinstance(node, (exp.Union, exp.Intersect, exp.Except)):
        query = _set_operation(binder, node, scope)
    elif isinstance(node, exp.Values):
        query = _ordered(binder, node, bind_values(binder, node, scope), scope)
    else:
        raise binder.refused(node)
    return BoundQuery(prefix + query.sql, query.columns) if prefix else query


def only(binder: Binder, node: exp.Expr, understood: tuple[str, ...]) -> None:
    """Refuse a node that holds a clause nobody here translates.

    Raises:
        QueryError: naming the clause.
    """
    for name, value in node.args.items():
        if value and name not in understood:
            at = value if isinstance(value, exp.Expr) else value[0] if isinstance(value, list) else node
            word = name.rstrip("_").replace("_", " ").upper()
            raise binder.error(at if isinstance(at, exp.Expr) else node, f"Athena has no {word} here.")


def _parenthesised(binder: Binder, node: exp.Subquery, scope: Scope) -> BoundQuery:
    only(binder, node, ("this", "with_", *_MODIFIERS))
    query = bind_query(binder, node.this, scope)
    if not any(node.args.get(modifier) for modifier in _MODIFIERS):
        return query
    return _ordered(binder, node, query, scope)


def bind_with(binder: Binder, node: exp.Expr | None, scope: Scope) -> str:
    """``WITH a AS (…)``, each seen by the ones after it; with RECURSIVE also by itself."""
    if node is None:
        return ""
    only(binder, node, ("expressions", "recursive"))
    pieces = []
    for cte in node.expressions:
        only(binder, cte, ("this", "alias"))
        name = cte.args["alias"].this.name.lower()
        check_name(binder, cte.args["alias"].this)
        if name in scope.ctes:
            raise binder.error(cte, f"WITH names {name} twice.")
        given = [column.name for column in cte.args["alias"].args.get("columns") or []]
        if node.args.get("recursive") and not given:
            hint = f"Write {name}(column, …) AS (…)."
            raise binder.error(cte, "WITH RECURSIVE needs the names of its columns.", hint)
        recursive = node.args.get("recursive") and isinstance(cte.this, exp.Union)
        at = binder.offset(cte)
        if recursive:
            steps, query = _recursive(binder, cte.this, name, given, scope, at)
            pieces.append(steps)
        else:
            query = bind_query(binder, cte.this, scope)
        relation = renamed(binder, query, name, given, at)
        scope.ctes[name] = relation
        columns = ", ".join(column.sql for column in relation.columns)
        pieces.append(f"{quoted(name)}({columns}) AS ({query.sql})")
    return f"WITH {'RECURSIVE ' if node.args.get('recursive') else ''}{', '.join(pieces)} "


def _recursive(
    binder: Binder, node: exp.Union, name: str, given: list[str], scope: Scope, at: int
) -> tuple[str, BoundQuery]:
    """The first branch gives the columns their types; the second one sees them and must fit.

    Gives the query that counts its steps, as an item of WITH, and the one that takes the rows from it. Athena brings
    equal rows together when the recursion is over, not between its steps, and refuses one that goes on after the tenth.
    """
    only(binder, node, ("this", "expression", "distinct"))
    anchor = bind_query(binder, node.this, scope)
    inner, steps = renamed(binder, anchor, name, given, binder.offset(node)), binder.alias()
    step = bind_query(binder, node.expression, Scope(parent=scope, ctes={name: replace(inner, alias=steps)}))
    if len(step.columns) != len(anchor.columns):
        raise binder.error(node, "Both branches of a recursive query need the same number of columns.")
    for first, second in zip(anchor.columns, step.columns, strict=True):
        if types.common_type(first.type, second.type) != first.type:
            hint = f"Write CAST(… AS {second.type}) in the first branch."
            message = f"The recursive column {first.name or '?'} is {second.type}, its first branch gives {first.type}."
            raise binder.error(node, message, hint)
    columns = ", ".join(column.sql for column in inner.columns)
    last = f"(SELECT max({_STEP}) FROM {steps})"
    sql = (
        f"{steps}({columns}, {_STEP}) AS (SELECT *, 0 FROM ({anchor.sql}) AS {binder.alias()} UNION ALL SELECT *, "
        f"{last} + 1 FROM ({converted(binder, step, anchor.types)}) AS {binder.alias()} WHERE {last} <= {_STEPS})"
    )
    distinct = "DISTINCT " if node.args.get("distinct") else ""
    checked = f"recursion_ends({last}, {_STEPS}, {place(at)})"
    return sql, BoundQuery(f"SELECT {distinct}{columns} FROM {steps} WHERE {checked}", anchor.columns)


def renamed(binder: Binder, query: BoundQuery, alias: str, given: list[str], at: int, database: str = "") -> Relation:
    """A query as a relation: with the column names its alias gives, or its own; unique for DuckDB."""
    if given and len(given) != len(query.columns):
        raise binder.error_at(at, f"{alias} names {len(given)} columns, but there are {len(query.columns)}.")
    names = given or [column.name for column in query.columns]
    safe = unique_names(names)
    columns = zip(names, safe, query.columns, strict=True)
    return Relation(alias, tuple(Column(name, quoted(sql), column.type) for name, sql, column in columns), database)


def bind_values(binder: Binder, node: exp.Expr, scope: Scope) -> BoundQuery:
    """``VALUES 1, 2`` and ``VALUES (1, 'a'), (2, 'b')``."""
    rows = [_cells(binder, row, scope) for row in node.expressions]
    width = len(rows[0])
    for row in rows:
        if len(row) != width:
            raise binder.error_at(row[0].at, f"The first row has {width} values, this one {len(row)}.")
    kinds = [binder.unified([row[place] for row in rows], "The values of a column") for place in range(width)]
    texts = [
        "(" + ", ".join(widened(cell, kind).sql for cell, kind in zip(row, kinds, strict=True)) + ")" for row in rows
    ]
    names = [f"_col{place}" for place in range(width)]
    columns = tuple(Column("", quoted(name), kind) for name, kind in zip(names, kinds, strict=True))
    return BoundQuery(f"SELECT * FROM (VALUES {', '.join(texts)}) AS _v({', '.join(names)})", columns)


def _cells(binder: Binder, row: exp.Expr, scope: Scope) -> list[Bound]:
    """The values of one row; a value that is itself a row gives one for each of its fields."""
    items = list(row.expressions) if isinstance(row, exp.Tuple) else [row]
    if len(items) == 1 and isinstance(items[0], exp.Anonymous) and str(items[0].this).lower() == "row":
        items = items[0].expressions
    elif len(items) == 1:
        value = binder.expression(items[0], scope)
        if value.type.name == "row":
            fields = enumerate(value.type.of)
            return [derived(f"{value.operand}.{struct_field(value.type, n)}", t, [value], value.at) for n, t in fields]
        return [value]
    return [binder.expression(item, scope) for item in items]


def _set_operation(binder: Binder, node: exp.Expr, scope: Scope) -> BoundQuery:
    only(binder, node, ("this", "expression", "distinct", "with_", *_MODIFIERS))
    left = bind_query(binder, node.this, scope)
    right = bind_query(binder, node.expression, scope)
    word = type(node).__name__.upper()
    if len(left.columns) != len(right.columns):
        message = f"{word} needs the same number of columns: {len(left.columns)} and {len(right.columns)}."
        raise binder.error(node.expression, message)
    at = binder.offset(node.expression)
    pairs = zip(left.columns, right.columns, strict=True)
    kinds = [binder.unified([Bound("", a.type, at), Bound("", b.type, at)], f"The columns of {word}") for a, b in pairs]
    if node.args.get("distinct"):
        for kind in kinds:
            refuse_maps(binder, kind, at, word)
    word += "" if node.args.get("distinct") else " ALL"
    sql = f"({converted(binder, left, kinds)}) {word} ({converted(binder, right, kinds)})"
    columns = zip(left.columns, kinds, strict=True)
    return _ordered(binder, node, BoundQuery(sql, tuple(Column(c.name, c.sql, kind) for c, kind in columns)), scope)


def converted(binder: Binder, query: BoundQuery, kinds: list[Type]) -> str:
    """The query with its columns widened, wrapped only where that changes anything."""
    values = [Bound(column.sql, column.type) for column in query.columns]
    texts = [widened(value, kind).sql for value, kind in zip(values, kinds, strict=True)]
    if texts == query.names:
        return query.sql
    items = [f"{text} AS {name}" for text, name in zip(texts, query.names, strict=True)]
    return f"SELECT {', '.join(items)} FROM ({query.sql}) AS {binder.alias()}({', '.join(query.names)})"


def _ordered(binder: Binder, node: exp.Expr, query: BoundQuery, scope: Scope) -> BoundQuery:
    """ORDER BY, OFFSET and LIMIT after a set operation, VALUES or parentheses: over output columns only."""
    if not any(node.args.get(modifier) for modifier in _MODIFIERS):
        return query
    relation = Relation("", tuple(Column(c.name, c.sql, c.type) for c in query.columns))
    inner = Scope(parent=scope.parent, relations=[relation], ctes=scope.ctes)
    keys = []
    if node.args.get("order") is not None:
        from flowtui.sql.dialect.windows import direction

        for ordered in node.args["order"].expressions:
            number = ordinal(binder, ordered.this, len(query.columns))
            column = query.columns[number - 1]
            at = binder.offset(ordered.this)
            value = Bound(column.sql, column.type, at) if number else binder.expression(ordered.this, inner)
            if not value.type.is_orderable:
                raise binder.error_at(at, f"{value.type} has no order.")
            keys.append((whole(value.sql, value.type, at), direction(ordered)))
    order = f" ORDER BY {', '.join(value + way for value, way in keys)}" if keys else ""
    names = ", ".join(query.names)
    sql = f"SELECT {names} FROM ({query.sql}) AS {binder.alias()}({names}){order}{limits(binder, node)}"
    return BoundQuery(tied(binder, node, sql, query.names, keys) if has_ties(binder, node) else sql, query.columns)


def ordinal(binder: Binder, node: exp.Expr, count: int) -> int:
    """The column a bare number in ORDER BY or GROUP BY means, 0 when it is no bare number."""
    if not (isinstance(node, exp.Literal) and not node.args.get("is_string")):
        return 0
    text = str(node.this)
    if not text.isdigit() or not 1 <= int(text) <= count:
        raise binder.error(node, f"There is no column number {text}; there are {count}.")
    return int(text)


def limits(binder: Binder, node: exp.Expr) -> str:
    """OFFSET and LIMIT (or FETCH FIRST) as text; with ties, OFFSET alone, because :func:`tied` does the rest.

    Raises:
        QueryError: a count is no whole number, the order is not Athena's, or WITH TIES stands without ORDER BY.
    """
    limit, offset = node.args.get("limit"), node.args.get("offset")
    sql = ""
    if limit is not None:
        count = limit.args.get("count") if isinstance(limit, exp.Fetch) else limit.expression
        if offset is not None and count is not None and offset_of(count) < offset_of(offset.expression):
            raise binder.error(count, "Athena takes OFFSET before LIMIT.", "Write OFFSET … LIMIT ….")
        text = "1" if count is None else _count(binder, count)
        if has_ties(binder, node):
            if node.args.get("order") is None:
                raise binder.error(count or node, "WITH TIES needs ORDER BY.")
        elif text:
            sql = f" LIMIT {text}"
    if offset is not None:
        sql += f" OFFSET {_count(binder, offset.expression)}"
    return sql


def has_ties(binder: Binder, node: exp.Expr) -> bool:
    """Whether a query ends with FETCH FIRST … WITH TIES."""
    limit = node.args.get("limit")
    options = limit.args.get("limit_options") if limit is not None else None
    if limit is None or options is None:
        return False
    if options.args.get("percent"):
        raise binder.error(limit.args.get("count") or node, "Athena has no FETCH FIRST … PERCENT.")
    return bool(options.args.get("with_ties"))


def tied(binder: Binder, node: exp.Expr, sql: str, names: Sequence[str], keys: Sequence[tuple[str, str]]) -> str:
    """The first rows of an ordered query, and those that are equal to the last of them.

    Args:
        binder: shared state.
        node: the query with its FETCH FIRST.
        sql: the query, ordered, without a limit.
        names: the columns wanted of it.
        keys: columns of it that it is ordered by, each with its direction.
    """
    count = node.args["limit"].args.get("count")
    order = ", ".join(f"{name}{direction}" for name, direction in keys)
    ranked = f'SELECT *, rank() OVER (ORDER BY {order}) AS "its rank" FROM ({sql}) AS {binder.alias()}'
    first = "1" if count is None else _count(binder, count)
    chosen = f'FROM ({ranked}) AS {binder.alias()} WHERE "its rank" <= {first}'
    return f"SELECT {', '.join(names)} {chosen} ORDER BY {order}"


def _count(binder: Binder, node: exp.Expr) -> str:
    if isinstance(node, exp.Literal) and not node.args.get("is_string") and str(node.this).isdigit():
        return str(node.this)
    if isinstance(node, (exp.Column, exp.Var)) and node.name.upper() == "ALL":
        return ""
    raise binder.error(node, "LIMIT and OFFSET take a whole number.")
