"""PREPARE, EXECUTE … USING and DEALLOCATE PREPARE.

A prepared statement is kept in the workspace as Athena's text. EXECUTE runs that text with its question marks replaced
by the parameters as they were written, and tells errors where the user can see them: in the parameter, or at the
statement's name with the place in its text.
Source: https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements-querying.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlglot.tokenizer_core import TokenType

from flowtui.errors import QueryError
from flowtui.sql.dialect.names import nearest
from flowtui.sql.dialect.positions import error_at, offset_at
from flowtui.sql.dialect.translate import parse, tokenized
from flowtui.sql.engine import QueryResult
from flowtui.sql.made import Made, all_made, forget, remember
from flowtui.sql.statements import Statement
from flowtui.sql.utility import Reader, Session, answers, first_word

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_T = TypeVar("_T")
_PREPARABLE = ("SELECT", "WITH", "VALUES", "INSERT", "CREATE", "UNLOAD", "EXPLAIN")
_QUESTION = "?"


@dataclass(frozen=True, slots=True)
class Executed:
    """A prepared statement with its parameters put in.

    Args:
        name: of the statement.
        text: what runs.
        source: the user's whole text, with the EXECUTE in it.
        at: offset of the name in ``source``.
        pieces: of each parameter, where it begins and ends in ``text`` and where it begins in ``source``.
    """

    name: str
    text: str
    source: str
    at: int
    pieces: tuple[tuple[int, int, int], ...]

    @contextmanager
    def placed(self) -> Iterator[None]:
        """Tell the errors of the block in the user's own text.

        Raises:
            QueryError: the block's, with another place.
        """
        try:
            yield
        except QueryError as error:
            raise self._moved(error) from error

    def each_placed(self, items: Iterator[_T]) -> Iterator[_T]:
        """The items, whose errors are told in the user's own text."""
        with self.placed():
            yield from items

    def _moved(self, error: QueryError) -> QueryError:
        offset = offset_at(self.text, error.line, error.column)
        for start, end, origin in self.pieces:
            if start <= offset < end:
                return error_at(self.source, origin + offset - start, error.reason, error.hint)
        message = f"In the prepared statement {self.name}, {error.message}"
        return error_at(self.source, self.at, message, error.hint)


def executed(cursor: DuckDBPyConnection, text: str, statement: Statement) -> Executed | None:
    """What an EXECUTE runs; None when the statement is none.

    Raises:
        QueryError: there is no such prepared statement, or the parameters do not fit it.
    """
    if first_word(statement.text) != "EXECUTE":
        return None
    reader = Reader(text, statement.start, tokenized(text, statement.start, statement.end))
    reader.advance()
    at = reader.offset
    if reader.peek() == "IMMEDIATE":
        raise reader.error("EXECUTE IMMEDIATE is not available locally", "PREPARE the statement first.")
    name = reader.name()
    found = {one.name: one for one in all_made(cursor, "prepared")}
    if name not in found:
        hint = nearest(name, found) or "Write PREPARE name FROM SELECT … first."
        raise reader.error_at(at, f"There is no prepared statement {name}.", hint)
    parameters = _parameters(reader) if reader.take("USING") else []
    reader.end()
    query = found[name].query
    holes = [token.start for token in tokenized(query, 0, len(query)) if token.token_type == TokenType.PLACEHOLDER]
    if len(holes) != len(parameters):
        message = f"{name} takes {_so_many(len(holes))}, {len(parameters) or 'none'} given."
        raise reader.error_at(parameters[0][0] if parameters else at, message)
    return _filled(name, query, text, at, list(zip(holes, parameters, strict=True)))


def _filled(name: str, query: str, source: str, at: int, holes: Sequence[tuple[int, tuple[int, int]]]) -> Executed:
    parts, pieces = [], []
    length = before = 0
    for hole, (start, end) in holes:
        # A parameter is one operand, whatever stands around it: ``2 * ?`` with ``1 + 1`` is 4. A word or number alone
        # stays bare, as LIMIT takes no parentheses.
        lone = len(tokenized(source, start, end)) == 1
        opening, closing = (" ", " ") if lone else ("(", ")")
        parts += [query[before:hole], opening, source[start:end], closing]
        length += hole - before + len(opening)
        pieces.append((length, length + end - start, start))
        length += end - start + len(closing)
        before = hole + len(_QUESTION)
    return Executed(name, "".join([*parts, query[before:]]), source, at, tuple(pieces))


def _so_many(count: int) -> str:
    return "no parameter" if not count else f"{count} parameter{'' if count == 1 else 's'}"


def _parameters(reader: Reader) -> list[tuple[int, int]]:
    """Start and end of each parameter in the user's text."""
    result = []
    start, depth = reader.offset, 0
    end = start
    while not reader.done:
        word = reader.peek()
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(word, 0)
        if word == "," and depth == 0:
            result.append((start, end))
            reader.advance()
            start = reader.offset
            continue
        token = reader.tokens[0]
        end = reader.base + token.end + 1
        reader.advance()
    result.append((start, end))
    if any(last <= first for first, last in result):
        raise reader.error("A parameter is missing here")
    return result


def prepare_statement(reader: Reader, session: Session) -> QueryResult:
    """``PREPARE name FROM statement``, in place of one of that name."""
    name = reader.name()
    reader.need("FROM")
    start = reader.offset
    text = reader.text[start : reader.stop]
    if first_word(text) not in _PREPARABLE:
        raise reader.error("A query, INSERT INTO or CREATE TABLE AS was expected here")
    if first_word(text) in ("SELECT", "WITH", "VALUES"):
        parse(reader.text, start, reader.stop)
    remember(session.cursor, Made("prepared", "", name, text, session.database))
    count = sum(token.token_type == TokenType.PLACEHOLDER for token in reader.tokens)
    return answers((), [], [f"{name} is prepared; it takes {_so_many(count)}."])


def deallocate(reader: Reader, session: Session) -> QueryResult:
    """``DEALLOCATE PREPARE name``."""
    if not reader.read.endswith("PREPARE"):  # sqlglot makes one token of both words
        reader.need("PREPARE")
    at = reader.offset
    name = reader.name()
    reader.end()
    known = {one.name for one in all_made(session.cursor, "prepared")}
    if name not in known:
        raise reader.error_at(at, f"There is no prepared statement {name}.", nearest(name, known))
    forget(session.cursor, "prepared", "", name)
    return answers((), [], [f"{name} is no longer prepared."])
