"""The workspace's tables as Athena's catalog."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from flowtui.records.tables import SHAPES
from flowtui.sql.dialect.catalog import DEFAULT_DATABASE, INVENTORY_DATABASE, CatalogColumn, CatalogTable
from flowtui.sql.dialect.names import quoted
from flowtui.sql.dialect.typenames import from_duckdb
from flowtui.sql.dialect.types import duckdb_type
from flowtui.sql.made import MADE, Made, read_made

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

HIDDEN = ("main", "flowtui", "information_schema", "pg_catalog")
"""Schemas of DuckDB and of the workspace's own bookkeeping, which are no databases of the user's."""

_ALL = """
SELECT schema_name, table_name, column_name, data_type, column_index FROM duckdb_columns()
WHERE database_name = current_database() AND NOT internal
UNION ALL
SELECT schema_name, NULL, NULL, NULL, NULL FROM duckdb_schemas()
WHERE database_name = current_database() AND NOT internal
ORDER BY schema_name, table_name, column_index
"""
"""Schemas and columns in one query: every statement reads this, and each query costs what a short one translates in."""
_SHAPES = {shape.name: tuple(part.name for part in shape.partitions) for shape in SHAPES}
_PARTITION = "dt"
"""Partition column of the workspace's own tables."""


class LocalCatalog:
    """A look at the tables of a workspace, read at the first question and kept.

    Args:
        cursor: used while reading, and for :meth:`notice`.
    """

    def __init__(self, cursor: DuckDBPyConnection) -> None:
        self._cursor = cursor

    @cached_property
    def _tables(self) -> dict[str, dict[str, CatalogTable]]:
        found: dict[str, dict[str, CatalogTable]] = {}
        columns: dict[tuple[str, str], list[CatalogColumn]] = {}
        remembers = False
        for schema, table, column, kind, _ in self._cursor.execute(_ALL).fetchall():
            remembers = remembers or (schema, table) == MADE
            if schema in HIDDEN:
                continue
            found.setdefault(str(schema).lower(), {})
            if table is not None:
                known = CatalogColumn(str(column), from_duckdb(str(kind)), str(kind))
                columns.setdefault((str(schema), str(table)), []).append(known)
        made = {}
        if remembers:
            made = {(one.database, one.name): one for one in read_made(self._cursor, "view", "table", "bound")}
        for (schema, table), its in columns.items():
            place = (schema.lower(), table.lower())
            found[place[0]][place[1]] = self._table(place, (schema, table), tuple(its), made.get(place))
        for one in made.values():
            if one.kind == "view" and one.database in found:
                found[one.database][one.name] = _view(one)
        return found

    def _table(
        self, place: tuple[str, str], stored: tuple[str, str], columns: tuple[CatalogColumn, ...], made: Made | None
    ) -> CatalogTable:
        sql = f"{quoted(stored[0])}.{quoted(stored[1])}"
        if made is not None:
            # Types as they were written: DuckDB's say nothing of a varchar's length.
            columns = tuple(CatalogColumn(name, type_, duckdb_type(type_)) for name, type_ in made.columns)
            return CatalogTable(*place, columns, sql, made.partitions, made=made.kind)
        own = (_PARTITION,) if any(column.name == _PARTITION for column in columns) else ()
        partitions = _SHAPES.get(place[1], own) if place[0] == DEFAULT_DATABASE else own
        return CatalogTable(*place, columns, sql, partitions)

    def databases(self) -> list[str]:
        """All databases, in order."""
        return sorted(self._tables)

    def tables(self, database: str) -> list[str]:
        """Tables and views of a database; empty when there is no such database."""
        return sorted(self._tables.get(database, {}))

    def table(self, database: str, name: str) -> CatalogTable | None:
        """One table or view."""
        return self._tables.get(database, {}).get(name)

    def notice(self, table: CatalogTable) -> str:
        """That a table of the inventory is empty. Looked up when it is asked only: most statements name none."""
        if table.database != INVENTORY_DATABASE or not table.sql:
            return ""
        if self._cursor.execute(f"SELECT 1 FROM {table.sql} LIMIT 1").fetchall():
            return ""
        return f"{table.full_name} is empty: flowtui inventory fills it."


def _view(made: Made) -> CatalogTable:
    columns = tuple(CatalogColumn(name, type_, duckdb_type(type_)) for name, type_ in made.columns)
    return CatalogTable(made.database, made.name, columns, "", query=made.query, home=made.home, made=made.kind)
