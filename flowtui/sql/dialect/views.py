"""Views that statements have made: their text is translated wherever they are used."""

from __future__ import annotations

from dataclasses import replace

from flowtui.errors import QueryError
from flowtui.sql.dialect.binder import Binder
from flowtui.sql.dialect.bound import pinned
from flowtui.sql.dialect.catalog import CatalogTable
from flowtui.sql.dialect.queries import BoundQuery, bind_query


def bind_view(binder: Binder, table: CatalogTable, at: int) -> BoundQuery:
    """A view's query, with the columns the view had when it was made.

    Args:
        binder: of the statement that names the view.
        table: the view.
        at: offset of its name, where everything that is wrong inside it is said to stand.

    Raises:
        QueryError: the view is made of itself, its text no longer holds, or its columns have changed.
    """
    from flowtui.sql.dialect.translate import parse

    if table.full_name in binder.within:
        raise binder.error_at(at, f"View {table.full_name} is made of itself.")
    inner = Binder(table.query, binder.catalog, table.home, within=(*binder.within, table.full_name))
    try:
        query = bind_query(inner, parse(table.query, 0, len(table.query)), None)
    except QueryError as error:
        message = f"View {table.full_name} cannot be used: in its text, {error.message}"
        raise binder.error_at(at, message, error.hint) from None
    for notice in inner.notices:
        binder.notice(notice)
    found = {column.name.lower(): column for column in query.columns}
    for column in table.columns:
        if column.name not in found or found[column.name].type != column.type:
            message = f"View {table.full_name} is stale: its column {column.name} was {column.type} when it was made."
            raise binder.error_at(at, message, "Make it anew with CREATE OR REPLACE VIEW.")
    columns = tuple(found[column.name] for column in table.columns)
    # What the view's text gives beside those columns was not there when it was made.
    if columns != query.columns:
        names = ", ".join(column.sql for column in columns)
        query = BoundQuery(f"SELECT {names} FROM ({query.sql}) AS {binder.alias()}", columns)
    binder.views[at] = table.full_name
    return replace(query, sql=pinned(query.sql, at))
