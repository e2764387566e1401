"""Statements that are no queries, read by a small parser and never sent to DuckDB as they stand.

They say what the workspace holds, make and drop views and tables in it, and bind Hive's DDL to what is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot.tokenizer_core import Token, TokenType

from flowtui.errors import QueryError
from flowtui.sql.dialect.catalog import CATALOG, CatalogTable
from flowtui.sql.dialect.names import nearest
from flowtui.sql.dialect.positions import error_at
from flowtui.sql.dialect.translate import tokenized
from flowtui.sql.dialect.types import VARCHAR
from flowtui.sql.engine import Column, QueryResult
from flowtui.sql.local_catalog import LocalCatalog
from flowtui.sql.statements import Statement

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from flowtui.sql.locating import Again


@dataclass(frozen=True)
class Session:
    """What a statement works on; ``again`` runs a text to find what failed in it."""

    cursor: DuckDBPyConnection
    catalog: LocalCatalog
    database: str
    again: Again | None = None


class Reader:
    """Reads a statement token by token; names lose their quotes and their case."""

    def __init__(self, text: str, base: int, tokens: Sequence[Token]) -> None:
        self.text = text
        self.base = base
        self._tokens = tokens
        self._next = 0

    @property
    def done(self) -> bool:
        """Whether all is read."""
        return self._next >= len(self._tokens)

    @property
    def read(self) -> str:
        """The token read last, in upper case."""
        return self._tokens[self._next - 1].text.upper() if self._next else ""

    @property
    def is_string(self) -> bool:
        """Whether a quoted text comes next."""
        return not self.done and self._tokens[self._next].token_type == TokenType.STRING

    def peek(self) -> str:
        """The next token in upper case, empty at the end."""
        return "" if self.done else self._tokens[self._next].text.upper()

    def take(self, *words: str) -> bool:
        """Read these words if they come next, all of them or none."""
        there = self._words()[: len(words)]
        if there != list(words):
            return False
        while words and "".join(words):
            count = self._tokens[self._next].text.upper().split()
            words = words[len(count) :]
            self._next += 1
        return True

    def starts(self, *words: str) -> bool:
        """Whether these words come next; nothing is read."""
        return self._words()[: len(words)] == list(words)

    def ending(self, *words: str) -> int | None:
        """Offset at which the statement's last words begin, if they are these."""
        last = self._tokens[-len(words) :]
        if len(last) < len(words) or [token.text.upper() for token in last] != list(words):
            return None
        return self.base + last[0].start

    @property
    def stop(self) -> int:
        """Offset of the statement's end."""
        return self.base + self._tokens[-1].end + 1 if self._tokens else self.base

    @property
    def tokens(self) -> Sequence[Token]:
        """The tokens not yet read."""
        return self._tokens[self._next :]

    def _words(self) -> list[str]:
        # sqlglot joins some pairs ("PARTITIONED BY") into one token.
        return [word for token in self._tokens[self._next : self._next + 8] for word in token.text.upper().split()]

    def need(self, *words: str) -> None:
        """Read these words.

        Raises:
            QueryError: something else comes.
        """
        if not self.take(*words):
            raise self.error(f"{' '.join(words)} was expected here")

    def name(self) -> str:
        """Read one name, lower-case."""
        if self.done or self._tokens[self._next].token_type in (TokenType.STRING, TokenType.NUMBER, TokenType.L_PAREN):
            raise self.error("A name was expected here")
        self._next += 1
        return self._tokens[self._next - 1].text.lower()

    def qualified(self) -> list[str]:
        """Read a name with dots."""
        parts = [self.name()]
        while self.take("."):
            parts.append(self.name())
        return parts

    def string(self) -> str:
        """Read a quoted text."""
        if self.done or self._tokens[self._next].token_type != TokenType.STRING:
            raise self.error("A quoted text was expected here")
        self._next += 1
        return self._tokens[self._next - 1].text

    def skip_parentheses(self) -> None:
        """Read over a parenthesised part."""
        self.need("(")
        depth = 1
        while depth:
            if self.done:
                raise self.error("A closing parenthesis is missing")
            depth += {"(": 1, ")": -1}.get(self.peek(), 0)
            self._next += 1

    def advance(self) -> str:
        """Read any token and give its text."""
        self._next += 1
        return self._tokens[self._next - 1].text

    def end(self) -> None:
        """Nothing may follow.

        Raises:
            QueryError: something does.
        """
        if not self.done:
            raise self.error(f"{self._tokens[self._next].text} was not expected here")

    @property
    def offset(self) -> int:
        """Offset of the next token in the user's text."""
        if not self._tokens:
            return self.base
        token = self._tokens[min(self._next, len(self._tokens) - 1)]
        return self.base + (token.end + 1 if self.done else token.start)

    def error(self, message: str, hint: str = "") -> QueryError:
        """An error at the next token."""
        return error_at(self.text, self.offset, f"{message}.", hint)

    def error_at(self, offset: int, message: str, hint: str = "") -> QueryError:
        """An error at an offset of the user's text."""
        return error_at(self.text, offset, message, hint)


def run_utility(
    cursor: DuckDBPyConnection, text: str, statement: Statement, database: str, again: Again | None = None
) -> QueryResult | None:
    """Run a statement about tables; None when it is a query.

    Raises:
        QueryError: it is malformed, refused, or names what is not there.
    """
    first = first_word(statement.text)
    if first in ("SELECT", "WITH", "VALUES", ""):
        return None
    from flowtui.sql.handlers import HANDLERS

    handler = HANDLERS.get(first)
    if handler is None:
        return None
    tokens = tokenized(text, statement.start, statement.end)
    reader = Reader(text, statement.start, tokens)
    reader.advance()
    return handler(reader, Session(cursor, LocalCatalog(cursor), database, again))


def first_word(text: str) -> str:
    """The word a statement begins with, in upper case; empty when it begins otherwise."""
    found = re.match(r"\(*\s*([A-Za-z]+)", text)
    return found[1].upper() if found else ""


def answer(name: str, values: Sequence[str], notices: Sequence[str] = ()) -> QueryResult:
    """A result of one text column."""
    return answers((name,), [(value,) for value in values], notices)


def answers(names: Sequence[str], rows: Sequence[Sequence[str]], notices: Sequence[str] = ()) -> QueryResult:
    """A result of text columns."""
    import pyarrow as pa

    fields = pa.schema([pa.field(name, pa.string()) for name in names])
    columns = [[row[place] for row in rows] for place in range(len(names))]
    table = pa.Table.from_arrays([pa.array(values, pa.string()) for values in columns], schema=fields)
    return QueryResult(tuple(Column(name, VARCHAR) for name in names), table, notices=tuple(notices))


def table_named(reader: Reader, session: Session) -> CatalogTable:
    """Read a table's name and look it up.

    Raises:
        QueryError: there is no such table.
    """
    at = reader.offset
    parts = reader.qualified()
    database, name = database_and_name(reader, session, parts)
    table = session.catalog.table(database, name)
    if table is None:
        known_database(reader, session, database, at)
        known = session.catalog.tables(database)
        hint = nearest(name, known) or ("Tables: " + ", ".join(known) if known else f"{database} holds no tables.")
        raise error_at(reader.text, at, f"There is no table {name} in {database}.", hint)
    return table


def known_database(reader: Reader, session: Session, name: str, at: int) -> None:
    """Check that there is a database.

    Raises:
        QueryError: there is none of that name.
    """
    known = session.catalog.databases()
    if name not in known:
        hint = nearest(name, known) or "Databases: " + ", ".join(known)
        raise reader.error_at(at, f"There is no database {name}.", hint)


def database_and_name(reader: Reader, session: Session, parts: Sequence[str]) -> tuple[str, str]:
    """The database and the table a qualified name means."""
    # Athena's DDL also takes `database.table` inside one pair of backquotes.
    flat = [piece for part in parts for piece in part.split(".")]
    if len(flat) == 3 and flat[0] == CATALOG:
        flat = flat[1:]
    if len(flat) > 2:
        raise reader.error(f"{'.'.join(flat)} is no table", f"The only catalog here is {CATALOG}.")
    return (flat[0], flat[1]) if len(flat) == 2 else (session.database, flat[0])
