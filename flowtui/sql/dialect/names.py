"""Quoting names for DuckDB, and guessing which name was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

# Words DuckDB does not take as a bare name somewhere (duckdb_keywords(), every category but "unreserved").
_KEYWORD_TEXT = """
    all analyse analyze and anti any array as asc asof asymmetric at authorization between bigint binary bit boolean
    both by case cast char character check coalesce collate collation column columns concurrently constraint create
    cross cube dec decimal default deferrable desc describe distinct do else end except exists extract false fetch
    float for foreign freeze from full generated glob group grouping grouping_id having ilike in initially inner inout
    int integer intersect interval into is isnull join lambda lateral leading left like limit map national natural
    nchar none not notnull null nullif numeric offset on only or order out outer over overlaps overlay pivot
    pivot_longer pivot_wider placing position positional precision primary qualify real references returning right
    rollup row select semi setof show similar smallint some struct substring summarize symmetric table tablesample
    then time timestamp to trailing treat trim true try_cast tuple union unique unpack unpivot using values varchar
    variadic verbose when where window with
"""
_KEYWORDS = frozenset(_KEYWORD_TEXT.split())
_RESERVED_TEXT = """
    alter and as between by case cast constraint create cross cube current_catalog current_date current_path
    current_role current_schema current_time current_timestamp current_user deallocate delete describe distinct drop
    else end escape except execute exists extract false for from full group grouping having in inner insert intersect
    into is join json_array json_exists json_object json_query json_table json_value left like listagg localtime
    localtimestamp natural normalize not null on or order outer prepare recursive right rollup select skip table then
    trim true uescape union unnest using values when where with
"""
RESERVED = frozenset(_RESERVED_TEXT.split())
"""Words Athena does not take as a bare name in a query.
https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html"""


def quoted(name: str) -> str:
    """A name as DuckDB reads it back, quoted only where it must be."""
    plain = name.replace("_", "a").isalnum() and name.isascii() and not name[:1].isdigit()
    if plain and name == name.lower() and name not in _KEYWORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def text_literal(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("'", "''") + "'"


def nearest(name: str, candidates: Iterable[str]) -> str:
    """``Did you mean …?`` with the nearest candidate, or nothing."""
    known = sorted(set(candidates))
    close = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    if not close:
        close = [other for other in known if other.replace("_", "") == name.lower().replace("_", "")][:1]
    return f"Did you mean {close[0]}?" if close else ""
