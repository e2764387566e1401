"""Which names a clause sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flowtui.sql.dialect.types import Type


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a relation: its name as the user knows it, the DuckDB text that reads it, and its type."""

    name: str
    sql: str
    type: Type


@dataclass(frozen=True, slots=True)
class Relation:
    """Something in FROM.

    Args:
        alias: the name columns may be qualified with, lower-case; empty when there is none.
        columns: what it offers.
        database: of a table named without an alias, so that ``database.table.column`` is understood.
    """

    alias: str
    columns: tuple[Column, ...]
    database: str = ""

    def find(self, name: str) -> list[Column]:
        """Columns of a name; more than one is an ambiguity."""
        return [column for column in self.columns if column.name.lower() == name]


@dataclass(slots=True)
class Scope:
    """The names one SELECT, or one lambda, sees.

    Args:
        parent: the enclosing scope, for subqueries and lambdas.
        relations: what FROM has named so far.
        merged: columns joined by USING, which need no qualifier.
        ctes: WITH queries by lower-case name, as relations whose alias is the DuckDB name.
        variables: parameters of a lambda; a lambda's scope has no relations of its own.
        windows: names of windows, each with whether it has an order.
        group_keys: expressions of GROUP BY, from their text without places to their text.
        is_lambda: a scope inside an expression; the relations are those of its parent.
    """

    parent: Scope | None = None
    relations: list[Relation] = field(default_factory=list)
    merged: dict[str, Column] = field(default_factory=dict)
    ctes: dict[str, Relation] = field(default_factory=dict)
    variables: dict[str, Column] = field(default_factory=dict)
    windows: dict[str, bool] = field(default_factory=dict)
    group_keys: dict[str, str] = field(default_factory=dict)
    is_lambda: bool = False

    def grouped(self, text: str) -> str | None:
        """The text of the GROUP BY expression that equals a text, if there is one in this SELECT."""
        scope: Scope | None = self
        while scope is not None:
            if text in scope.group_keys:
                return scope.group_keys[text]
            scope = scope.parent if scope.is_lambda else None
        return None

    def cte(self, name: str) -> Relation | None:
        """The nearest WITH query of a name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.ctes:
                return scope.ctes[name]
            scope = scope.parent
        return None

    def candidates(self) -> list[str]:
        """All column names visible here, for suggestions."""
        own = [column.name.lower() for relation in self.relations for column in relation.columns]
        return own + list(self.variables) + (self.parent.candidates() if self.parent else [])

    def matches(self, name: str, alias: str = "", database: str = "") -> list[Column]:
        """Columns of this scope alone that a (qualified) name may mean."""
        if not alias and name in self.variables:
            return [self.variables[name]]
        if name in self.merged:
            return [] if alias else [self.merged[name]]
        return [
            column
            for relation in self.relations
            if (not alias or relation.alias == alias) and (not database or relation.database == database)
            for column in relation.find(name)
        ]

    def has_alias(self, alias: str) -> bool:
        """Whether a relation of this scope goes by a name."""
        return any(relation.alias == alias for relation in self.relations)


def unique_names(names: Sequence[str]) -> list[str]:
    """Names for the columns of a derived table: the user's, and made-up ones for the nameless and the repeated."""
    seen: set[str] = set()
    result = []
    for number, name in enumerate(names):
        chosen = name or f"_col{number}"
        while chosen.lower() in seen:
            chosen = f"{chosen}_{number}"
        seen.add(chosen.lower())
        result.append(chosen)
    return result
