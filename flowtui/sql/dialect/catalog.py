"""The tables a statement may name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flowtui.sql.dialect.types import Type

CATALOG = "awsdatacatalog"
"""Name of Athena's own catalog; the only one that exists here."""
DEFAULT_DATABASE = "vpc_flow_logs"
INVENTORY_DATABASE = "aws"
"""Database of the inventory's snapshots, in the workspace alone."""
INVENTORY_TABLES = ("vpcs", "interfaces", "instances", "security_groups")


@dataclass(frozen=True, slots=True)
class CatalogColumn:
    """A column of a table. ``stored`` is its DuckDB type, ``type`` is None when Athena has no such type."""

    name: str
    type: Type | None
    stored: str


@dataclass(frozen=True, slots=True)
class CatalogTable:
    """A table or view.

    Args:
        database: lower-case name.
        name: lower-case name.
        columns: in order; those of a view as they were when it was made.
        sql: how DuckDB names it; empty for a view made by a statement.
        partitions: names of its partition columns.
        query: Athena text of a view made by a statement; it is translated wherever the view is used.
        home: database of the tables that ``query`` names without one.
        made: how a statement made it, so that a statement may drop it: ``view``, ``table``, ``bound``; else empty.
    """

    database: str
    name: str
    columns: tuple[CatalogColumn, ...]
    sql: str
    partitions: tuple[str, ...] = ()
    query: str = ""
    home: str = DEFAULT_DATABASE
    made: str = ""

    @property
    def full_name(self) -> str:
        """``database.name``."""
        return f"{self.database}.{self.name}"


class Catalog(Protocol):
    """Where names are looked up; names are lower-case, as Athena keeps them."""

    def databases(self) -> Sequence[str]:
        """All databases."""
        ...

    def tables(self, database: str) -> Sequence[str]:
        """Tables and views of a database; empty when there is no such database."""
        ...

    def table(self, database: str, name: str) -> CatalogTable | None:
        """One table or view."""
        ...

    def notice(self, table: CatalogTable) -> str:
        """What whoever asks a table should know beside its rows; empty when there is nothing to say."""
        ...
