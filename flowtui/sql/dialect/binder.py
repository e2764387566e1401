"""One statement being translated: the tree goes in node by node, DuckDB text with types comes out.

A node no handler is registered for is refused with its place: nothing reaches DuckDB that was not understood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from sqlglot import exp

from flowtui.errors import QueryError
from flowtui.sql.dialect.bound import Bound, enclosed, key, mark
from flowtui.sql.dialect.catalog import Catalog
from flowtui.sql.dialect.positions import error_at
from flowtui.sql.dialect.scope import Scope
from flowtui.sql.dialect.types import UNKNOWN, Type, common_type

if TYPE_CHECKING:
    from flowtui.sql.dialect.queries import BoundQuery

Handler = Callable[["Binder", exp.Expr, Scope], Bound]
_Registered = TypeVar("_Registered", bound=Handler)
HANDLERS: dict[type[exp.Expr], Handler] = {}
_SAFE = frozenset(
    [
        *(exp.Column, exp.Identifier, exp.Dot, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Placeholder),
        *(exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.Between, exp.In),
        *(exp.Case, exp.If, exp.Exists, exp.Subquery, exp.Select, exp.Union, exp.Intersect, exp.Except, exp.TryCast),
    ]
)
"""Nodes that do not fail by themselves while rows are computed."""
LOCAL_ONLY = "Athena has this; it is not available locally. Run the statement with --engine athena."


def handles(*kinds: type[exp.Expr]) -> Callable[[_Registered], _Registered]:
    """Register a function as the translation of some kinds of node."""

    def register(handler: _Registered) -> _Registered:
        HANDLERS.update(dict.fromkeys(kinds, handler))
        return handler

    return register


_FIRST = "first"
"""Key in a node's ``meta``: the offset of its leftmost token, once it has been looked for."""


def offset_of(node: exp.Expr) -> int:
    """Offset of the leftmost token of a node; 0 where none is known."""
    found = _first(node)
    return 0 if found is None else found


def _first(node: exp.Expr) -> int | None:
    # Kept, because every node above asks again.
    meta = node.meta
    if _FIRST not in meta:
        inside = [first for part in node.iter_expressions() if (first := _first(part)) is not None]
        own = meta.get("start")
        meta[_FIRST] = min(inside if own is None else [own, *inside], default=None)
    found: int | None = meta[_FIRST]
    return found


class Binder:
    """What all handlers share.

    Args:
        text: the user's whole text, which places are counted in.
        catalog: where tables are looked up.
        database: the database of tables named without one.
        base: offset in ``text`` of the statement that sqlglot was given.
        within: the views whose texts are being translated, outermost first.
    """

    def __init__(self, text: str, catalog: Catalog, database: str, base: int = 0, within: tuple[str, ...] = ()) -> None:
        self.text = text
        self.catalog = catalog
        self.database = database
        self.base = base
        self.within = within
        self.notices: list[str] = []
        self.views: dict[int, str] = {}
        self.select_aliases: set[str] = set()
        self._aliases = 0

    def expression(self, node: exp.Expr, scope: Scope) -> Bound:
        """Bind a value expression.

        Raises:
            QueryError: it is refused, by Athena or locally.
        """
        handler = HANDLERS.get(type(node))
        if handler is None:
            raise self.refused(node)
        bound = handler(self, node, scope)
        if bound.literal is None and type(node) not in _SAFE:
            # Nothing can be put around what holds an aggregate or a window function.
            marked = mark(bound.at) + bound.sql if bound.aggregate or bound.window else enclosed(bound.sql, bound.at)
            bound = replace(bound, sql=marked)
        grouped = scope.grouped(key(bound.sql)) if bound.free else None
        return bound if grouped is None else replace(bound, sql=grouped, free=())

    def query(self, node: exp.Expr, scope: Scope) -> BoundQuery:
        """Bind a subquery that sees the scope around it."""
        from flowtui.sql.dialect.queries import bind_query

        return bind_query(self, node, scope)

    def single_column(self, query: BoundQuery, at: int) -> Bound:
        """The only column of a subquery used as a value.

        Raises:
            QueryError: it has more than one.
        """
        if len(query.columns) != 1:
            raise self.error_at(at, f"This subquery must give one column, it gives {len(query.columns)}.")
        return Bound(query.columns[0].sql, query.columns[0].type, at)

    def boolean(self, node: exp.Expr, scope: Scope, where: str) -> Bound:
        """Bind a condition."""
        bound = self.expression(node, scope)
        if bound.type.name not in ("boolean", "unknown"):
            raise self.error(node, f"{where} must be a boolean, this is {bound.type}.")
        return bound

    def common(self, left: Bound, right: Bound, message: str) -> Type:
        """The type two values meet at, or an error at the right one."""
        type_ = common_type(left.type, right.type)
        if type_ is None:
            raise self.error_at(right.at, message, "Athena converts nothing by itself here: write an explicit CAST.")
        return type_

    def unified(self, values: list[Bound], what: str) -> Type:
        """The type several values meet at."""
        type_ = UNKNOWN
        for value in values:
            wider = common_type(type_, value.type)
            if wider is None:
                raise self.error_at(value.at, f"{what} must have one type: {type_} and {value.type} do not meet.")
            if type_.name == "timestamp with time zone" == value.type.name and type_.zone != value.type.zone:
                hint = "Bring both to one zone with AT TIME ZONE."
                raise self.error_at(value.at, f"{what} mix the zones {type_.zone} and {value.type.zone}.", hint)
            type_ = wider
        return type_

    def alias(self) -> str:
        """A name for a derived table that no user would choose."""
        self._aliases += 1
        return f"_q{self._aliases}"

    def notice(self, text: str) -> None:
        """Tell the user something beside the result, once."""
        if text not in self.notices:
            self.notices.append(text)

    def offset(self, node: exp.Expr) -> int:
        """Offset of a node in the user's text."""
        return self.base + offset_of(node)

    def error(self, node: exp.Expr, message: str, hint: str = "") -> QueryError:
        """An error at a node."""
        return self.error_at(self.offset(node), message, hint)

    def error_at(self, offset: int, message: str, hint: str = "") -> QueryError:
        """An error at an offset of the user's text."""
        return error_at(self.text, offset, message, hint)

    def refused(self, node: exp.Expr) -> QueryError:
        """The error for syntax that is read but not translated."""
        if isinstance(node, (exp.JSONExtract, exp.Lambda)):
            return self.error(node, "A lambda (->) stands only where a function takes one.")
        words = "".join(" " + letter if letter.isupper() else letter for letter in type(node).__name__).strip()
        return self.error(
            node, f"{words.upper()} is not understood here.", "It is no part of Athena's SQL, or not yet local."
        )
