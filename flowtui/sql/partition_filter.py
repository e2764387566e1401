"""Which partitions a query's conditions select, worked out by the local engine before anything runs.

The conditions are taken as they are, except that whatever does not depend on partition columns alone becomes NULL:
"unknown". AND, OR and NOT then do the rest, and a partition is left out only where the whole is surely false. So the
answer errs to one side: it may name a partition that holds no matching row, never the other way round.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlglot import exp

from flowtui.errors import QueryError
from flowtui.sql.dialect.binder import Binder
from flowtui.sql.dialect.bound import finished
from flowtui.sql.dialect.catalog import DEFAULT_DATABASE
from flowtui.sql.dialect.names import quoted
from flowtui.sql.dialect.scope import Column, Relation, Scope
from flowtui.sql.dialect.typenames import from_duckdb
from flowtui.sql.dialect.types import VARCHAR
from flowtui.sql.local_catalog import LocalCatalog
from flowtui.sql.macros import prepare
from flowtui.sql.reads import Read

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TABLE = "candidates"
_STORED = {"string": "VARCHAR", "int": "INTEGER", "integer": "INTEGER", "bigint": "BIGINT", "date": "DATE"}
_UNSURE = ("rand", "random", "uuid", "shuffle")
"""Functions that give another value each time."""
_NO_LEAF = (exp.Query, exp.Lambda, exp.Placeholder, exp.Parameter, exp.Window, exp.Star)

Row = tuple[str, ...]


def selected(read: Read, keys: Sequence[tuple[str, str]], rows: Sequence[Row]) -> tuple[list[int], bool]:
    """The places in ``rows`` of the partitions that the conditions of a read select.

    Args:
        read: the table as the query mentions it.
        keys: name and Hive type of the partition columns.
        rows: the values of each partition, in the order of the keys.

    Returns:
        The places, and whether the conditions say anything about partition columns at all.
    """
    everything = list(range(len(rows)))
    with closing(_connection()) as cursor:
        _fill(cursor, keys, rows)
        kinds = {name.lower(): _stored(kind) for name, kind in keys}
        columns = tuple(Column(name, quoted(name), from_duckdb(kind) or VARCHAR) for name, kind in kinds.items())
        looker = _Looker(Binder("", LocalCatalog(cursor), DEFAULT_DATABASE), Scope(), read, frozenset(kinds))
        looker.scope.relations.append(Relation(_TABLE, columns))
        texts = [looker.text(condition.copy()) for condition in read.conditions]
        known = [text for text in texts if text is not None]
        if not known:
            return everything, False
        found = _evaluated(cursor, " AND ".join(f"({text}) IS DISTINCT FROM false" for text in known))
        return (everything, False) if found is None else (found, True)


def _evaluated(cursor: DuckDBPyConnection, where: str) -> list[int] | None:
    """Places for which a condition may hold; None when it fails for some value, as a cast of a text may."""
    import duckdb

    try:
        answer = cursor.execute(f"SELECT place FROM temp.{_TABLE} WHERE {where} ORDER BY place")
        return [int(row[0]) for row in answer.fetchall()]
    except duckdb.Error:
        return None


@cache
def _database() -> DuckDBPyConnection:
    """A database in memory for all filters of the process: loading the functions into one takes a third of a second."""
    import duckdb

    return duckdb.connect()


def _connection() -> DuckDBPyConnection:
    cursor = _database().cursor()
    prepare(cursor)
    return cursor


def _stored(kind: str) -> str:
    return _STORED.get(kind.lower(), "VARCHAR")


def _fill(cursor: DuckDBPyConnection, keys: Sequence[tuple[str, str]], rows: Sequence[Row]) -> None:
    import pyarrow as pa

    texts = pa.table(
        {"place": pa.array(range(len(rows)), pa.int64())}
        | {f"c{number}": pa.array([row[number] for row in rows], pa.string()) for number in range(len(keys))}
    )
    # A value that is none of its column's type is NULL: unknown, and so never left out.
    columns = ", ".join(
        f"TRY_CAST(c{number} AS {_stored(kind)}) AS {quoted(name)}" for number, (name, kind) in enumerate(keys)
    )
    cursor.register("candidate_texts", texts)
    cursor.execute(f"CREATE TEMP TABLE {_TABLE} AS SELECT place, {columns} FROM candidate_texts")


@dataclass(frozen=True)
class _Looker:
    """Turns conditions of one read into DuckDB's text over the candidates."""

    binder: Binder
    scope: Scope
    read: Read
    known: frozenset[str]

    def text(self, node: exp.Expr) -> str | None:
        """The text of a condition; None where nothing is known of it."""
        if isinstance(node, exp.Paren):
            return self.text(node.this)
        if isinstance(node, exp.Not):
            inner = self.text(node.this)
            return None if inner is None else f"NOT ({inner})"
        if isinstance(node, (exp.And, exp.Or)):
            return self._both(node)
        if not _is_about(node, self.read, self.known):
            return None
        try:
            return _sql(self.binder, self.scope, _unqualified(node))
        except QueryError:
            return None

    def _both(self, node: exp.Connector) -> str | None:
        sides = [self.text(node.this), self.text(node.expression)]
        if sides == [None, None]:
            return None
        word = "AND" if isinstance(node, exp.And) else "OR"
        return f" {word} ".join("CAST(NULL AS BOOLEAN)" if side is None else f"({side})" for side in sides)


def _unqualified(node: exp.Expr) -> exp.Expr:
    """The same with bare columns, because the candidates go by another name."""

    def bare(part: exp.Expr) -> exp.Expr:
        if isinstance(part, exp.Column):
            return exp.Column(this=exp.Identifier(this=part.name.lower(), quoted=True))
        return part

    return node.transform(bare)


def _is_about(node: exp.Expr, read: Read, known: frozenset[str]) -> bool:
    parts = list(node.walk())
    if any(isinstance(part, _NO_LEAF) for part in parts):
        return False
    if any(isinstance(part, exp.Anonymous) and part.name.lower() in _UNSURE for part in parts):
        return False
    return all(
        column.name.lower() in known and column.table.lower() in ("", read.alias)
        for column in node.find_all(exp.Column)
    )


def _sql(binder: Binder, scope: Scope, condition: exp.Expr) -> str:
    """DuckDB's text of a condition on candidates.

    Raises:
        QueryError: Athena would refuse it, or it is not available locally.
    """
    return finished(binder.boolean(condition, scope, "A condition").sql)[0]
