"""DuckDB's words for a value that does not convert to a type, told in Athena's."""

from __future__ import annotations

import re

_VALUE = r"""(?P<value>"[^"]*"|'.*'|\S+)"""
_KIND = r"(?P<kind>[A-Z][A-Z0-9_ ]*(?:\([0-9, ]+\))?)"
_MESSAGES = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        rf"with value {_VALUE} can't be cast .* destination type {_KIND}",
        rf"Failed to cast decimal value {_VALUE} to type {_KIND}",
        rf"Casting value {_VALUE} to type {_KIND} failed",
        rf"Could not (?:convert string|cast value) {_VALUE} to {_KIND}",
    )
)
_NAMES = {
    "INT8": "tinyint",
    "INT16": "smallint",
    "INT32": "integer",
    "INT64": "bigint",
    # What whole numbers pass through on their way to bigint.
    "INT128": "bigint",
    "FLOAT": "real",
    "BOOL": "boolean",
    "BLOB": "varbinary",
}
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?(?:nan|inf)", re.IGNORECASE)


def failed_conversion(message: str, *, cast: bool = True) -> str:
    """A failed conversion in Athena's words; empty for any other message.

    Args:
        message: DuckDB's.
        cast: the user asked for the conversion.
    """
    found = next((found for pattern in _MESSAGES if (found := pattern.search(message))), None)
    if found is None:
        return ""
    kind = found["kind"].strip()
    kind = _NAMES.get(kind, kind.lower())
    quotes = found["value"][0] in "\"'"
    value = found["value"][1:-1] if quotes else found["value"]
    if not _NUMBER.fullmatch(value):
        return f"Cannot cast '{value}' to {kind}."
    return f"Cannot cast {value} to {kind}: it is out of range." if cast else f"{value} does not fit {kind}."
