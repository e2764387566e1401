"""The workspace's tables as Athena's catalog."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from flowtui.sql.dialect.catalog import CatalogColumn, CatalogTable
from flowtui.sql.dialect.names import quoted
from flowtui.sql.dialect.typenames import from_duckdb

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_HIDDEN = ("main", "flowtui", "information_schema", "pg_catalog")
"""Schemas of DuckDB and of the workspace's own bookkeeping, which are no databases of the user's."""

_COLUMNS = """
SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()
WHERE database_name = current_database() AND NOT internal ORDER BY schema_name, table_name, column_index
"""
_SCHEMAS = "SELECT schema_name FROM duckdb_schemas() WHERE database_name = current_database() AND NOT internal"
_VIEWS = """
SELECT schema_name, view_name, sql FROM duckdb_views() WHERE database_name = current_database() AND NOT internal
"""


class LocalCatalog:
    """A look at the tables of a workspace, read at the first question and kept.

    Args:
        cursor: used while reading only.
    """

    def __init__(self, cursor: DuckDBPyConnection) -> None:
        self._cursor = cursor

    @cached_property
    def _tables(self) -> dict[str, dict[str, CatalogTable]]:
        views = {(str(s).lower(), str(n).lower()): str(sql) for s, n, sql in self._cursor.execute(_VIEWS).fetchall()}
        found: dict[str, dict[str, CatalogTable]] = {
            str(row[0]).lower(): {} for row in self._cursor.execute(_SCHEMAS).fetchall() if str(row[0]) not in _HIDDEN
        }
        columns: dict[tuple[str, str], list[CatalogColumn]] = {}
        for schema, table, column, kind in self._cursor.execute(_COLUMNS).fetchall():
            if str(schema) not in _HIDDEN:
                known = CatalogColumn(str(column), from_duckdb(str(kind)), str(kind))
                columns.setdefault((str(schema), str(table)), []).append(known)
        for (schema, table), its in columns.items():
            place = (schema.lower(), table.lower())
            sql = f"{quoted(schema)}.{quoted(table)}"
            found[place[0]][place[1]] = CatalogTable(*place, tuple(its), sql, views.get(place))
        return found

    def databases(self) -> list[str]:
        """All databases, in order."""
        return sorted(self._tables)

    def tables(self, database: str) -> list[str]:
        """Tables and views of a database; empty when there is no such database."""
        return sorted(self._tables.get(database, {}))

    def table(self, database: str, name: str) -> CatalogTable | None:
        """One table or view."""
        return self._tables.get(database, {}).get(name)
