"""Reading types from text: those of DuckDB's catalog, and those of our own table of functions."""

from __future__ import annotations

from functools import lru_cache

from flowtui.sql.dialect import types
from flowtui.sql.dialect.types import Type

_PLAIN = {
    "BOOLEAN": types.BOOLEAN,
    "TINYINT": Type("tinyint"),
    "SMALLINT": Type("smallint"),
    "INTEGER": types.INTEGER,
    "BIGINT": types.BIGINT,
    "UTINYINT": Type("smallint"),
    "USMALLINT": types.INTEGER,
    "UINTEGER": types.BIGINT,
    "UBIGINT": types.decimal(20, 0),
    "HUGEINT": types.decimal(38, 0),
    "FLOAT": types.REAL,
    "DOUBLE": types.DOUBLE,
    "VARCHAR": types.VARCHAR,
    "BLOB": types.VARBINARY,
    "JSON": types.JSON,
    "DATE": types.DATE,
    "TIME": types.TIME,
    "TIMESTAMP": types.timestamp(3),
    "TIMESTAMP_MS": types.timestamp(3),
    "TIMESTAMP_S": types.timestamp(0),
    "TIMESTAMP WITH TIME ZONE": types.ZONED,
    "UUID": types.UUID,
}


@lru_cache(maxsize=512)
def from_duckdb(text: str) -> Type | None:
    """The Athena type of a column of the workspace, or None when it has none (an ENUM, an INTERVAL)."""
    text = text.strip()
    if text in _PLAIN:
        return _PLAIN[text]
    if text.endswith("[]"):
        element = from_duckdb(text[:-2])
        return types.array(element) if element else None
    name, _, inside = text.partition("(")
    parts = split_top(inside.removesuffix(")"))
    if name == "DECIMAL":
        return types.decimal(int(parts[0]), int(parts[1]))
    if name == "MAP":
        key, value = (from_duckdb(part) for part in parts)
        return types.map_of(key, value) if key and value else None
    if name == "STRUCT":
        return _struct(parts)
    return None


def _struct(parts: list[str]) -> Type | None:
    names: list[str | None] = []
    kinds = []
    for part in parts:
        name, _, rest = part[1:].partition('" ') if part.startswith('"') else part.partition(" ")
        kind = from_duckdb(rest)
        if kind is None:
            return None
        names.append(name.replace('""', '"'))
        kinds.append(kind)
    return Type("row", of=tuple(kinds), fields=tuple(names))


def split_top(text: str) -> list[str]:
    """Split at the commas that stand outside parentheses and quotes."""
    parts, depth, start, quoted = [], 0, 0, False
    for place, letter in enumerate(text):
        if letter == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
        elif letter == "," and depth == 0:
            parts.append(text[start:place].strip())
            start = place + 1
    last = text[start:].strip()
    return [*parts, last] if last or parts else []
