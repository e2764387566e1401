"""FROM: tables, subqueries, UNNEST, VALUES and joins."""

from __future__ import annotations

from sqlglot import exp

from flowtui.sql.dialect import types
from flowtui.sql.dialect.binder import Binder
from flowtui.sql.dialect.bound import Bound, widened
from flowtui.sql.dialect.catalog import CATALOG, CatalogTable
from flowtui.sql.dialect.equality import is_structure
from flowtui.sql.dialect.names import nearest, quoted
from flowtui.sql.dialect.parser import COMMA
from flowtui.sql.dialect.queries import BoundQuery, bind_query, bind_values, only, renamed
from flowtui.sql.dialect.scope import Column, Relation, Scope, unique_names
from flowtui.sql.dialect.types import BIGINT, Type, struct_field
from flowtui.sql.dialect.values import check_name

_RELATION = "\x06"
"""Stands for the relation's name in the text of a stored column, until that name is known."""


def bind_from(binder: Binder, node: exp.Select, scope: Scope) -> str:
    """The FROM clause with its joins; fills the scope from left to right."""
    clause = node.args.get("from_")
    if clause is None:
        return ""
    only(binder, clause, ("this",))
    sql = _source(binder, clause.this, scope)
    sql += _joins(binder, clause.this, scope)
    for lateral in node.args.get("laterals") or []:
        raise binder.error(lateral, "Athena has no LATERAL VIEW.", "Use CROSS JOIN UNNEST.")
    return f" FROM {sql}" + "".join(_join(binder, join, scope) for join in node.args.get("joins") or [])


def _joins(binder: Binder, node: exp.Expr, scope: Scope) -> str:
    return "".join(_join(binder, join, scope) for join in node.args.get("joins") or [])


def _source(binder: Binder, node: exp.Expr, scope: Scope) -> str:
    """One thing in FROM; it joins the scope and its text is returned."""
    if isinstance(node, exp.Table) and isinstance(node.this, exp.Values):
        only(binder, node, ("this", "alias", "joins"))
        return _derived(binder, node, bind_values(binder, node.this, scope), scope)
    if isinstance(node, exp.Table):
        return _table(binder, node, scope)
    if isinstance(node, exp.Unnest):
        return _unnest(binder, node, scope)
    if isinstance(node, exp.Values):
        only(binder, node, ("expressions", "alias"))
        return _derived(binder, node, bind_values(binder, node, scope), scope)
    if isinstance(node, exp.Lateral):
        only(binder, node, ("this", "alias"))
        return "LATERAL " + _derived(binder, node, bind_query(binder, node.this, scope), scope)
    if isinstance(node, exp.Subquery):
        named = isinstance(node.this, exp.Subquery) and (node.this.args.get("alias") or node.this.args.get("joins"))
        if named or isinstance(node.this, (exp.Table, exp.Unnest)):
            inner = _source(binder, node.this, scope)
            return f"({inner}{_joins(binder, node.this, scope)})"
        only(binder, node, ("this", "alias", "joins", "sample", "with_", "order", "limit", "offset"))
        parent = Scope(parent=scope.parent, ctes=scope.ctes)
        return _derived(binder, node, bind_query(binder, _bare(node), parent), scope)
    raise binder.refused(node)


def _bare(node: exp.Subquery) -> exp.Expr:
    """The query of a subquery in FROM; modifiers inside the parentheses stay with it."""
    inner: exp.Expr = node.this
    return node if any(node.args.get(part) for part in ("order", "limit", "offset")) else inner


def _derived(binder: Binder, node: exp.Expr, query: BoundQuery, scope: Scope) -> str:
    alias, given = _alias(binder, node)
    relation = renamed(binder, query, alias, given, binder.offset(node))
    name = quoted(alias) if alias else binder.alias()
    columns = ", ".join(column.sql for column in relation.columns)
    _enter(scope, relation, name)
    return f"({query.sql}) AS {name}({columns}){_sample(binder, node)}"


def _alias(binder: Binder, node: exp.Expr) -> tuple[str, list[str]]:
    alias = node.args.get("alias")
    if alias is None:
        return "", []
    only(binder, alias, ("this", "columns"))
    for part in [alias.this, *(alias.args.get("columns") or [])]:
        if isinstance(part, exp.Identifier):
            check_name(binder, part)
    return (alias.this.name.lower() if alias.this else ""), [column.name for column in alias.args.get("columns") or []]


def _enter(scope: Scope, relation: Relation, name: str) -> None:
    """Add a relation to the scope with its columns qualified, so that no text is ambiguous."""
    columns = tuple(Column(c.name, f"{name}.{c.sql}", c.type) for c in relation.columns)
    scope.relations.append(Relation(relation.alias, columns, relation.database))


def _table(binder: Binder, node: exp.Table, scope: Scope) -> str:
    if node.args.get("version") is not None:
        raise binder.error(node, "Only Iceberg tables have a past to read; a flow log's table is none.")
    only(binder, node, ("this", "db", "catalog", "alias", "joins", "sample"))
    if not isinstance(node.this, exp.Identifier):
        raise binder.error(node, "Athena takes tables, subqueries and UNNEST in FROM; functions are not tables.")
    for part in ("this", "db", "catalog"):
        if node.args.get(part) is not None:
            check_name(binder, node.args[part])
    name = node.name.lower()
    alias, given = _alias(binder, node)
    cte = scope.cte(name) if not node.db else None
    if cte is not None:
        columns = tuple(Column(c.name, f"{_RELATION}.{c.sql}", c.type) for c in cte.columns)
        return _named(binder, node, quoted(cte.alias), columns, alias or name, given, scope, "")
    table = find_table(binder, node)
    notice = binder.catalog.notice(table)
    if notice:
        binder.notice(notice)
    if table.query:
        return _view(binder, node, table, scope)
    columns = tuple(_column(binder, node, table, column.name) for column in table.columns if column.type is not None)
    return _named(binder, node, table.sql, columns, alias or name, given, scope, "" if alias else table.database)


def _view(binder: Binder, node: exp.Table, table: CatalogTable, scope: Scope) -> str:
    """A view made by a statement, as a subquery."""
    from flowtui.sql.dialect.views import bind_view

    alias, given = _alias(binder, node)
    query = bind_view(binder, table, binder.offset(node))
    relation = renamed(binder, query, alias or table.name, given, binder.offset(node), "" if alias else table.database)
    name = quoted(relation.alias)
    columns = ", ".join(column.sql for column in relation.columns)
    _enter(scope, relation, name)
    return f"({query.sql}) AS {name}({columns}){_sample(binder, node)}"


def _named(
    binder: Binder,
    node: exp.Table,
    sql: str,
    columns: tuple[Column, ...],
    alias: str,
    given: list[str],
    scope: Scope,
    database: str,
) -> str:
    name = quoted(alias)
    sample = _sample(binder, node)
    if not given:
        placed = tuple(Column(c.name, c.sql.replace(_RELATION, name), c.type) for c in columns)
        scope.relations.append(Relation(alias, placed, database))
        return f"{sql} AS {name}{sample}"
    query = BoundQuery("", columns)
    relation = renamed(binder, query, alias, given, binder.offset(node), database)
    items = ", ".join(c.sql.replace(_RELATION, "_t") for c in columns)
    _enter(scope, relation, name)
    names = ", ".join(c.sql for c in relation.columns)
    return f"(SELECT {items} FROM {sql} AS _t{sample}) AS {name}({names})"


def _column(binder: Binder, node: exp.Table, table: CatalogTable, name: str) -> Column:
    """A stored column, converted where its DuckDB type is not the carrier of its Athena type."""
    column = next(column for column in table.columns if column.name == name)
    assert column.type is not None
    if column.stored == "TIMESTAMP WITH TIME ZONE":
        return Column(name, f"timezone('UTC', {_RELATION}.{quoted(name)})", column.type)
    if column.stored in ("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT", "TIMESTAMP_MS", "TIMESTAMP_S"):
        return Column(name, f"CAST({_RELATION}.{quoted(name)} AS {types.duckdb_type(column.type)})", column.type)
    return Column(name, f"{_RELATION}.{quoted(name)}", column.type)


MADE_BY_TAIL = ("live", "transit_gateway_live")
"""Names that are a tail's, also before the first one."""


def find_table(binder: Binder, node: exp.Table) -> CatalogTable:
    """The catalog's entry for a table, or an error that says what there is.

    Raises:
        QueryError: no such catalog, database or table.
    """
    if node.catalog and node.catalog.lower() != CATALOG:
        hint = f"The only catalog here is {CATALOG}."
        raise binder.error(node, f"There is no catalog {node.catalog}.", hint)
    database = (node.db or binder.database).lower()
    table = binder.catalog.table(database, node.name.lower())
    if table is not None:
        return table
    databases = binder.catalog.databases()
    if database == "information_schema":
        hint = "SHOW TABLES, SHOW COLUMNS and DESCRIBE tell what there is. Athena itself has it."
        raise binder.error(node, "information_schema is not available locally.", hint)
    if database not in databases:
        hint = nearest(database, databases) or "Databases: " + ", ".join(databases)
        raise binder.error(node, f"There is no database {database}.", hint)
    tables = binder.catalog.tables(database)
    hint = nearest(node.name, tables) or ("Tables: " + ", ".join(tables) if tables else "It holds no tables.")
    if node.name.lower() in MADE_BY_TAIL:
        hint = "The first tail makes it: flowtui tail, or F5 in the app."
    raise binder.error(node.this, f"There is no table {node.name} in {database}.", hint)


def _sample(binder: Binder, node: exp.Expr) -> str:
    sample = node.args.get("sample")
    if sample is None:
        return ""
    method = sample.args["method"].name.upper() if sample.args.get("method") is not None else ""
    percent = sample.args.get("percent")
    if method not in ("BERNOULLI", "SYSTEM") or not isinstance(percent, exp.Literal):
        raise binder.error(node, "Write TABLESAMPLE BERNOULLI (10) or TABLESAMPLE SYSTEM (10).")
    if percent.is_string or not 0 <= float(percent.this) <= 100:
        raise binder.error(percent, "A sample takes 0 to 100 per cent.")
    return f" TABLESAMPLE {method} ({percent.this} PERCENT)"


def _unnest(binder: Binder, node: exp.Unnest, scope: Scope) -> str:
    """``UNNEST(a, b) WITH ORDINALITY AS t(x, y, n)``: side by side, padded with NULL."""
    alias, given = _alias(binder, node)
    values = [binder.expression(item, scope) for item in node.expressions]
    inner: list[str] = []
    outer: list[tuple[str, Type]] = []
    lengths = []
    for number, value in enumerate(values):
        _unnested(binder, value, f"_u{number}", inner, outer)
        lengths.append(_length(value))
    if node.args.get("offset"):
        longest = ", ".join(f"coalesce({length}, 0)" for length in lengths)
        inner.append(f"unnest(range(1, greatest({longest}) + 1)) AS _o")
        outer.append(("_o", BIGINT))
    if given and isinstance(node.args.get("offset"), exp.Identifier):
        given = [*given, node.args["offset"].name]  # sqlglot takes the last name for the ordinality
    if given and len(given) != len(outer):
        raise binder.error(node, f"{alias} names {len(given)} columns, but UNNEST gives {len(outer)}.")
    names = unique_names(given or [""] * len(outer))
    columns = tuple(Column(g, quoted(n), t) for g, n, (_, t) in zip(given or names, names, outer, strict=True))
    name = quoted(alias) if alias else binder.alias()
    _enter(scope, Relation(alias, columns), name)
    items = ", ".join(text for text, _ in outer)
    columns_text = ", ".join(column.sql for column in columns)
    return f"LATERAL (SELECT {items} FROM (SELECT {', '.join(inner)}) AS _u) AS {name}({columns_text})"


def _unnested(binder: Binder, value: Bound, name: str, inner: list[str], outer: list[tuple[str, Type]]) -> None:
    if value.type.name == "map":
        inner += [f"unnest(map_keys({value.sql})) AS {name}k", f"unnest(map_values({value.sql})) AS {name}v"]
        outer += [(f"{name}k", value.type.of[0]), (f"{name}v", value.type.of[1])]
    elif value.type.name != "array":
        raise binder.error_at(value.at, f"UNNEST takes arrays and maps, this is {value.type}.")
    elif value.type.element.name == "row":
        row = value.type.element
        inner.append(f"unnest({value.sql}) AS {name}")
        outer += [(f"{name}.{struct_field(row, place)}", part) for place, part in enumerate(row.of)]
    else:
        inner.append(f"unnest({value.sql}) AS {name}")
        outer.append((name, value.type.element))


def _length(value: Bound) -> str:
    return f"len(map_keys({value.sql}))" if value.type.name == "map" else f"len({value.sql})"


def _join(binder: Binder, node: exp.Expr, scope: Scope) -> str:
    only(binder, node, ("this", "side", "kind", "on", "using", "method"))
    if node.args.get("method"):
        hint = "Name the columns: JOIN … USING (column)."
        raise binder.error(node, f"Athena has no {node.args['method']} JOIN.", hint)
    side, kind = str(node.args.get("side") or "").upper(), str(node.args.get("kind") or "").upper()
    if kind in ("SEMI", "ANTI"):
        raise binder.error(node, f"Athena has no {kind} JOIN.", "Use IN, EXISTS or NOT EXISTS.")
    before = len(scope.relations)
    source = _source(binder, node.this, scope) + _joins(binder, node.this, scope)
    on, using = node.args.get("on"), node.args.get("using")
    if node.meta.get(COMMA):
        return f", {source}"
    word = f"{side or kind} JOIN".strip()
    if kind == "CROSS":
        if on is not None or using:
            raise binder.error(node, "CROSS JOIN takes no condition.")
        return f" CROSS JOIN {source}"
    if using:
        return f" {word} {source} USING ({_using(binder, node, using, scope, before)})"
    if on is None:
        raise binder.error(node, f"{word} needs ON or USING.", "CROSS JOIN takes no condition.")
    condition = binder.boolean(on, scope, "ON")
    if condition.aggregate or condition.window:
        raise binder.error_at(condition.at, "Aggregates cannot stand in ON.")
    return f" {word} {source} ON {condition.sql}"


def _using(binder: Binder, node: exp.Expr, using: list[exp.Expr], scope: Scope, before: int) -> str:
    names = []
    for item in using:
        name = item.name.lower()
        left = [c for relation in scope.relations[:before] for c in relation.find(name)]
        right = [c for relation in scope.relations[before:] for c in relation.find(name)]
        if not left or not right:
            raise binder.error(item, f"Column {item.name} is not on both sides of the join.")
        kinds = [Bound("", column.type, binder.offset(item)) for column in (left[0], right[0])]
        type_ = binder.common(kinds[0], kinds[1], f"Athena cannot join {kinds[0].type} with {kinds[1].type}.")
        if is_structure(type_) or type_.is_floating:
            hint = f"Write ON a.{item.name} = b.{item.name}."
            raise binder.error(item, f"USING takes no {type_} locally: DuckDB finds NaN and NULL inside equal.", hint)
        names.append(quoted(name))
        # DuckDB gives the merged column the left one's type.
        merged = widened(Bound(quoted(name), left[0].type), type_).sql
        scope.merged[name] = Column(item.name, merged, type_)
    return ", ".join(names)
