"""The tables a statement may name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flowtui.sql.dialect.types import Type

CATALOG = "awsdatacatalog"
"""Name of Athena's own catalog; the only one that exists here."""
DEFAULT_DATABASE = "vpc_flow_logs"


@dataclass(frozen=True, slots=True)
class CatalogColumn:
    """A column of a table. ``stored`` is its DuckDB type, ``type`` is None when Athena has no such type."""

    name: str
    type: Type | None
    stored: str


@dataclass(frozen=True, slots=True)
class CatalogTable:
    """A table or view. ``sql`` is how DuckDB names it; ``view`` is the text of a view, None for a table."""

    database: str
    name: str
    columns: tuple[CatalogColumn, ...]
    sql: str
    view: str | None = None


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
