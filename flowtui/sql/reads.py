"""Which tables a query reads, and what its conditions say about each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from flowtui.sql.dialect.catalog import CATALOG
from flowtui.sql.dialect.translate import parse
from flowtui.sql.statements import Statement


@dataclass(frozen=True)
class Read:
    """One mention of a table.

    Args:
        database: as written, or the default.
        name: of the table, lower-case.
        alias: what its columns may be qualified with.
        conditions: each must hold for a row of the table to matter; columns of other tables may occur.
    """

    database: str
    name: str
    alias: str
    conditions: tuple[exp.Expr, ...]


def reads(text: str, statement: Statement, database: str) -> tuple[Read, ...]:
    """Every table a query names, as often as it names it; WITH queries are no tables.

    Raises:
        QueryError: the statement is no query that is understood here.
    """
    tree = parse(text, statement.start, statement.end)
    return tuple(_read(table, database) for table in tree.find_all(exp.Table) if _is_table(table))


def _is_table(table: exp.Table) -> bool:
    """Not a WITH query that the mention can see, and not a function in FROM."""
    if not isinstance(table.this, exp.Identifier):
        return False
    return bool(table.args.get("db")) or table.name.lower() not in set(_visible_ctes(table))


def _visible_ctes(table: exp.Table) -> Iterator[str]:
    inside: exp.Expr = table
    node = table.parent
    while node is not None:
        given = node.args.get("with_")
        if isinstance(given, exp.With):
            for cte in given.expressions:
                # A WITH query sees those before it, and itself only when the list is recursive.
                if cte is inside and not given.args.get("recursive"):
                    break
                yield cte.alias.lower()
        if isinstance(node, exp.CTE) and isinstance(node.parent, exp.With):
            inside = node
            for cte in node.parent.expressions:
                if cte is node and not node.parent.args.get("recursive"):
                    break
                yield cte.alias.lower()
            # The list itself was looked at; go on outside the query it belongs to.
            node = node.parent.parent
        node = node.parent if node is not None else None


def _read(table: exp.Table, database: str) -> Read:
    catalog, db = table.catalog.lower(), table.db.lower()
    where = db if catalog in ("", CATALOG) else f"{catalog}.{db}"
    return Read(
        where or database.lower(),
        table.name.lower(),
        (table.alias or table.name).lower(),
        tuple(_conditions(table)),
    )


def _conditions(table: exp.Table) -> Iterator[exp.Expr]:
    """WHERE of its SELECT, and ON of its join; an outer join that may fill the table's side with NULLs takes WHERE."""
    holder = table.parent
    select = table.find_ancestor(exp.Select)
    if select is None or not isinstance(holder, (exp.From, exp.Join)) or holder.parent is not select:
        return
    joins = select.args.get("joins") or []
    sides = [(join.side or "").upper() for join in joins]
    filled = False
    if isinstance(holder, exp.Join):
        place = next(number for number, join in enumerate(joins) if join is holder)
        filled = sides[place] in ("LEFT", "FULL") or any(side in ("RIGHT", "FULL") for side in sides[place + 1 :])
        if sides[place] in ("", "LEFT") and holder.args.get("on") is not None:
            yield holder.args["on"]
    else:
        filled = any(side in ("RIGHT", "FULL") for side in sides)
    where = select.args.get("where")
    if where is not None and not filled:
        yield where.this
