"""What the word at the cursor may become: columns, keywords, functions and tables.

As with the colours no parser runs, for the text is unfinished while it is typed: a few rules about FROM, names with
dots and words that only a table can follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from flowtui.sql.dialect.catalog import DEFAULT_DATABASE
from flowtui.sql.dialect.functions import Entry, function_names, lookup
from flowtui.sql.dialect.names import RESERVED
from flowtui.sql.statements import statement_at
from flowtui.tui.sql.highlight import KEYWORDS, spans
from flowtui.tui.sql.runner import TableInfo

_LEAST = 2
"""Letters of a word before anything is offered unasked; one where a table stands."""
_LEAST_INSIDE = 3
"""Letters that are also looked for within a column's name, as in srcaddr."""

_RECORDS = "flow_logs"

_NAME = r'(?:"[^"]*"|[^\W\d]\w*)'
_WORD = re.compile(rf"(?:{_NAME}\.)*[^\W\d]?\w*\Z")
_TABLE = re.compile(rf"\s*({_NAME}(?:\.{_NAME})*)(?:\s+(?:as\s+)?({_NAME}))?", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|join)\b", re.IGNORECASE)
_MORE = re.compile(r"\s*,")
_NAMED = re.compile(rf"({_NAME})\s+as\s*\(\s*(?:select|with|values|table)\b", re.IGNORECASE)
_ALIAS = re.compile(rf"\bas\s+({_NAME})(?!\s*\()", re.IGNORECASE)
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_BEFORE_TABLES = frozenset({"from", "join", "into", "table", "describe"})
_WITHOUT_PARENTHESES = frozenset(
    {"current_catalog", "current_date", "current_schema", "current_time", "current_timestamp", "current_user"}
    | {"localtime", "localtimestamp"}
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A text that may stand in the place of the word, and what it is: a column's type, ``keyword``, a function's
    parameters, ``table``."""

    text: str
    what: str


@dataclass(frozen=True, slots=True)
class Offers:
    """What may replace the text from ``start`` up to the cursor, best first."""

    start: int
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class _Named:
    """A table of the statement, under the name its columns go by."""

    name: str
    columns: tuple[tuple[str, str], ...]


def complete(text: str, offset: int, tables: Sequence[TableInfo], *, local: bool, asked: bool = False) -> Offers | None:
    """What the word before the cursor may become; None for nothing.

    Args:
        text: of the editor, with any statements.
        offset: the cursor in it.
        tables: what there is.
        local: whether it runs here, so that functions of flowtui's own may be used.
        asked: somebody asked, so that a short word, or one that is whole, is no reason to keep quiet.
    """
    statement = statement_at(text, offset)
    first = statement.start if statement is not None and statement.start <= offset else 0
    last = max(statement.end if statement is not None else 0, offset)
    bare = _without_quoted(text[first:last])
    before = bare[: offset - first]
    match = _WORD.search(before)
    if match is None or before[: match.start()].endswith(("\0", '"')):
        return None
    *qualifier, word = _parts(match[0])
    wants_table = _previous_word(before[: match.start()]) in _BEFORE_TABLES
    if not (asked or qualifier or len(word) >= (1 if wants_table else _LEAST)):
        return None
    named = list(_tables_of(bare, tables))
    if qualifier:
        offers = _qualified(qualifier, named, tables)
    elif wants_table:
        offers = [*(Offer(_written(name), "query") for name in _queries(bare)), *_tables(tables)]
    else:
        own = [*_columns(named or _default(tables)), *_aliases(bare, offset - first)]
        offers = [*own, *_words(word), *_functions(local=local), *_tables(tables)]
    found = tuple(dict.fromkeys(_fitting(word, offers)))
    if not found or (not asked and any(offer.text.rstrip("(").lower() == word.lower() for offer in found)):
        return None
    return Offers(offset - len(word), found)


def _without_quoted(text: str) -> str:
    """The same length, with zeros for texts and comments; quoted names stay."""
    for span in spans(text):
        if span.kind in ("comment", "string"):
            text = text[: span.start] + "\0" * (span.end - span.start) + text[span.end :]
    return text


def _parts(name: str) -> list[str]:
    return [part.strip('"').lower() if part.startswith('"') else part for part in name.split(".")]


def _previous_word(before: str) -> str:
    words = before.split()
    return words[-1].lower() if words else ""


def _tables_of(bare: str, tables: Sequence[TableInfo]) -> Iterator[_Named]:
    """The tables that the statement reads and that are known."""
    known = {(table.database, table.name): table.columns for table in tables}
    for start in _FROM.finditer(bare):
        place = start.end()
        while found := _TABLE.match(bare, place):
            parts = [part.lower() for part in _parts(found[1])]
            alias = (found[2] or "").strip('"').lower()
            if alias in KEYWORDS:
                alias = ""
            database = parts[-2] if len(parts) > 1 else DEFAULT_DATABASE
            columns = known.get((database, parts[-1]))
            if columns is not None:
                yield _Named(alias or parts[-1], columns)
            more = _MORE.match(bare, found.end())
            if more is None:
                break
            place = more.end()


def _queries(bare: str) -> list[str]:
    """Names that the statement's WITH gives."""
    return [match[1].strip('"') for match in _NAMED.finditer(bare)]


def _aliases(bare: str, cursor: int) -> list[Offer]:
    """Names that the statement gives its columns and tables, but for the one that is being typed."""
    return [
        Offer(_written(match[1].strip('"')), "name")
        for match in _ALIAS.finditer(bare)
        if not match.start() < cursor <= match.end()
    ]


def _default(tables: Sequence[TableInfo]) -> list[_Named]:
    """SELECT is written before FROM: most likely it will be the records."""
    return [
        _Named(table.name, table.columns)
        for table in tables
        if (table.database, table.name) == (DEFAULT_DATABASE, _RECORDS)
    ]


def _qualified(qualifier: Sequence[str], named: Sequence[_Named], tables: Sequence[TableInfo]) -> Iterable[Offer]:
    name = qualifier[-1].lower()
    if len(qualifier) == 1:
        found = [table for table in named if table.name == name]
        if found:
            return _columns(found)
        inside = [Offer(_written(table.name), "table") for table in tables if table.database == name]
        if inside:
            return inside
    database = qualifier[-2].lower() if len(qualifier) > 1 else DEFAULT_DATABASE
    return _columns(_Named(name, table.columns) for table in tables if (table.database, table.name) == (database, name))


def _columns(tables: Iterable[_Named]) -> list[Offer]:
    return [Offer(_written(column), kind) for table in tables for column, kind in table.columns]


def _tables(tables: Sequence[TableInfo]) -> list[Offer]:
    found: list[Offer] = []
    for table in sorted(tables, key=lambda table: table.database != DEFAULT_DATABASE):
        database = "" if table.database == DEFAULT_DATABASE else f"{_written(table.database)}."
        found.append(Offer(database + _written(table.name), "table"))
    return found + [Offer(_written(name), "database") for name in sorted({table.database for table in tables})]


def _words(word: str) -> list[Offer]:
    # In the case that is being typed.
    written = str.lower if word.islower() else str.upper
    return [Offer(written(keyword), "keyword") for keyword in sorted(KEYWORDS)]


@cache
def _functions(*, local: bool) -> tuple[Offer, ...]:
    entries = [lookup(name)[0] for name in sorted(function_names())]
    return tuple(_call(entry) for entry in entries if entry.kind != "refused" and (local or entry.kind != "local"))


def _call(entry: Entry) -> Offer:
    if entry.name in _WITHOUT_PARENTHESES:
        return Offer(entry.name, entry.signature.partition("->")[2].strip())
    return Offer(f"{entry.name}(", entry.shown.removeprefix(entry.name))


def _fitting(word: str, offers: Iterable[Offer]) -> Iterator[Offer]:
    """Those that begin with the word, then columns and tables that hold it."""
    offers, wanted = list(offers), word.lower()
    yield from (offer for offer in offers if offer.text.strip('"').lower().startswith(wanted))
    if len(word) >= _LEAST_INSIDE:
        yield from (
            offer
            for offer in offers
            if wanted in offer.text.lower() and not offer.text.endswith("(") and offer.what != "keyword"
        )


def _written(name: str) -> str:
    return name if _PLAIN.fullmatch(name) and name not in RESERVED else '"' + name.replace('"', '""') + '"'
