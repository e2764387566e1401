"""One statement of Athena's SQL, turned into DuckDB's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

# The handlers register themselves with the binder when they are imported.
from flowtui.sql.dialect import aggregates, arithmetic, calls, casts, conditions, unicode_texts, values  # noqa: F401
from flowtui.sql.dialect.bare_names import as_names
from flowtui.sql.dialect.binder import Binder
from flowtui.sql.dialect.bound import Bound, Mark, finished, has_control
from flowtui.sql.dialect.casts import cast
from flowtui.sql.dialect.catalog import DEFAULT_DATABASE, Catalog
from flowtui.sql.dialect.names import nearest
from flowtui.sql.dialect.parser import AthenaDialect
from flowtui.sql.dialect.positions import error_at
from flowtui.sql.dialect.queries import BoundQuery, bind_query
from flowtui.sql.dialect.strictness import check_tokens
from flowtui.sql.dialect.types import VARCHAR, Type

_DIALECT = AthenaDialect()
_FIRST_WORDS = ("SELECT", "WITH", "VALUES", "INSERT", "CREATE", "DROP", "SHOW", "DESCRIBE", "EXPLAIN", "PREPARE")
_BEGINNINGS = "Queries begin with SELECT, WITH or VALUES."


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A column of a result: its name as Athena gives it, and its type; a nameless one is called ``_col0`` and so on."""

    name: str
    type: Type
    nameless: bool = False


@dataclass(frozen=True, slots=True)
class Translation:
    """A translated statement.

    Args:
        sql: DuckDB text.
        columns: of the result, in order.
        notices: what the user should know beside the result.
        marks: what may fail while running, and where it stands in the user's text.
        views: names of the views used, by the offset they are named at.
    """

    sql: str
    columns: tuple[OutputColumn, ...]
    notices: tuple[str, ...]
    marks: tuple[Mark, ...]
    views: Mapping[int, str]


def translate(
    text: str,
    catalog: Catalog,
    *,
    database: str = DEFAULT_DATABASE,
    start: int = 0,
    end: int | None = None,
    within: tuple[str, ...] = (),
) -> Translation:
    """Translate a query.

    Args:
        text: the user's whole text; places in errors are counted in it.
        catalog: the tables there are.
        database: the database of tables named without one.
        start: where the statement begins in ``text``.
        end: where it ends.
        within: the view that the query is the text of.

    Raises:
        QueryError: Athena would refuse it, or it is not available locally; with line, column and a reason.
    """
    tree = parse(text, start, len(text) if end is None else end)
    binder = Binder(text, catalog, database, start, within)
    try:
        query = bind_query(binder, tree, None)
        sql = _shown(binder, query)
    except RecursionError:
        raise error_at(text, start, "The statement is nested too deeply to be translated.") from None
    finished_sql, marks = finished(sql)
    names = [column.name or f"_col{number}" for number, column in enumerate(query.columns)]
    columns = tuple(
        OutputColumn(name, column.type, not column.name) for name, column in zip(names, query.columns, strict=True)
    )
    return Translation(finished_sql, columns, tuple(binder.notices), marks, binder.views)


def parse(text: str, start: int, end: int) -> exp.Expr:
    """The tree of one query.

    Raises:
        QueryError: the text is no query of Athena's, with the place where reading stopped.
    """
    statement = text[start:end]
    if has_control(statement):
        raise error_at(text, start, "The statement holds control characters.")
    tokens = tokenized(text, start, end)
    if not tokens:
        raise error_at(text, start, "There is no statement here.")
    as_names(tokens)
    check_tokens(text, start, tokens)
    _check_first(text, start, tokens[0])
    try:
        trees = _DIALECT.parser().parse(tokens, statement)
    except ParseError as error:
        raise _syntax(text, start, tokens, error) from None
    except RecursionError:
        raise error_at(text, start, "The statement is nested too deeply to be read.") from None
    tree = trees[0] if len(trees) == 1 else None
    if not isinstance(tree, (exp.Query, exp.Values)):
        raise error_at(text, start + tokens[0].start, f"{tokens[0].text} begins no query.", _BEGINNINGS)
    return tree


def _check_first(text: str, start: int, token: Token) -> None:
    if token.text.upper() not in ("SELECT", "WITH", "VALUES", "TABLE", "("):
        hint = nearest(token.text, ("select", "with", "values")).upper().replace("DID YOU MEAN", "Did you mean")
        raise error_at(text, start + token.start, f"{token.text} begins no statement of Athena's.", hint or _BEGINNINGS)


def tokenized(text: str, start: int, end: int) -> list[Token]:
    """Tokens of a part of a text, with offsets counted from that part's start.

    Raises:
        QueryError: a text or a comment does not end.
    """
    try:
        return list(_DIALECT.tokenize(text[start:end]))
    except TokenError as error:
        raise error_at(text, unclosed(text, start, end), "A quoted text or a comment does not end.") from error


def unclosed(text: str, start: int, end: int) -> int:
    """Offset of the quote or comment that is still open at the end."""
    from flowtui.sql.statements import open_quote

    return open_quote(text, start, end)


def _syntax(text: str, start: int, tokens: list[Token], error: ParseError) -> Exception:
    details = error.errors[0] if error.errors else {}
    highlight = str(details.get("highlight") or "")
    offset = _offset(text, start, details.get("line"), details.get("col"), highlight)
    if offset is None:
        offset = start + tokens[-1].start
    word = highlight or next(iter(text[offset : offset + 20].split()), "") or "the end"
    last = offset + len(word) > start + tokens[-1].end
    message = _described(str(details.get("description") or ""), word, last)
    hint = _syntax_hint(tokens, offset - start)
    if not hint and word.upper() in _FIRST_WORDS and offset > start:
        hint = "A semicolon stands between two statements."
    return error_at(text, offset, message, hint)


def _described(said: str, word: str, last: bool) -> str:
    """What sqlglot says of a syntax error, in words for someone who does not know its parser."""
    if said.startswith("Required keyword"):
        return f"Something is missing after {word}."
    expected = re.match(r"Expect(?:ed|ing) (.+?)(?: after .*| but got .*)?\.?$", said)
    if expected is not None and "<Token" not in expected[1]:
        what = expected[1].replace("table name", "A table's name").replace("CTE to have alias", "A name")
        what = what.replace("TYPE", "A type")
        return f"{what} was expected {'after' if last else 'before'} {word}."
    if said.startswith("Found multiple"):
        return f"{said.rstrip('.')}."
    return f"{word} was not expected here."


_STEPS = ("from", "where", "group", "order", "having", "limit", "join", "union", "as", "on", "using", "and", "or")


def _syntax_hint(tokens: Sequence[Token], offset: int) -> str:
    """A word before the place that is nearly one of SQL's, or that BY must follow."""
    before = [token for token in tokens if token.end < offset]
    if not before or before[-1].token_type == TokenType.STRING:
        return ""
    word = before[-1].text
    if word.upper() in ("GROUP", "ORDER", "PARTITION"):
        return f"Write {word.upper()} BY."
    guess = nearest(word, _STEPS) if word.lower() not in _STEPS else ""
    return guess.upper().replace("DID YOU MEAN", "Did you mean")


def _offset(text: str, start: int, line: object, column: object, highlight: str) -> int | None:
    """Offset of a place sqlglot gives as a line and the column of a token's last letter, both within the statement."""
    if not isinstance(line, int) or not isinstance(column, int):
        return None
    offset = start
    for _ in range(line - 1):
        following = text.find("\n", offset)
        if following == -1:
            return None
        offset = following + 1
    return min(max(start, offset + column - max(1, len(highlight))), len(text))


def _shown(binder: Binder, query: BoundQuery) -> str:
    """The query with the columns whose carrier says nothing to a reader turned into text."""
    items = [_readable(binder, Bound(column.sql, column.type)) for column in query.columns]
    if all(item is None for item in items):
        return query.sql
    texts = [item or name for item, name in zip(items, query.names, strict=True)]
    columns = ", ".join(f"{text} AS {name}" for text, name in zip(texts, query.names, strict=True))
    return f"SELECT {columns} FROM ({query.sql}) AS {binder.alias()}({', '.join(query.names)})"


def _readable(binder: Binder, value: Bound) -> str | None:
    shown = _with_text_addresses(value.type)
    return cast(binder, value, shown, 0).sql if shown != value.type else None


def _with_text_addresses(type_: Type) -> Type:
    """The type with texts for IP addresses, whose carrier is a number, wherever they stand in it."""
    if type_.name == "ipaddress":
        return VARCHAR
    return replace(type_, of=tuple(_with_text_addresses(part) for part in type_.of)) if type_.of else type_
