"""The functions of Athena, one table, readable as documentation.

Each line of a table is ``signature | how | DuckDB | note``. How a function is bound:

========== =====================================================================================================
same       DuckDB has it under the same name, with the same meaning for these arguments
renamed    DuckDB has it under the name given
expression the DuckDB text given, with ``{0}``, ``{1}``, … for the arguments, ``{*}`` for all of them
macro      a macro of ``macros.sql``; ``{at}`` in the text is where the call stands, for its errors
rewrite    a function of :mod:`flowtui.sql.dialect.rewrites`, because the text depends on types or literals
aggregate  the DuckDB text given; the call after ``@`` takes DISTINCT, ORDER BY, FILTER and OVER
window     the same, and OVER is a must
refused    Athena has it, here it is not available; the reason
========== =====================================================================================================

A note that starts with ``!`` is a permitted difference, told to the user as a notice.
Source: https://trino.io/docs/current/functions.html
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache

TOPICS = (
    "strings",
    "regexps",
    "dates",
    "mathematics",
    "conditionals",
    "arrays",
    "maps",
    "json",
    "bits",
    "binary",
    "aggregates",
    "windows",
    "refused",
)
"""Modules of this package, each with a ``TABLE``."""

FOREIGN = {
    "strftime": "date_format",
    "strptime": "date_parse",
    "ifnull": "coalesce",
    "nvl": "coalesce",
    "isnull": "x IS NULL",
    "len": "length",
    "left": "substr(x, 1, n)",
    "right": "substr(x, -n)",
    "instr": "strpos",
    "group_concat": "listagg or array_join(array_agg(x), ',')",
    "string_agg": "listagg or array_join(array_agg(x), ',')",
    "to_timestamp": "from_unixtime or parse_datetime",
    "unix_timestamp": "to_unixtime",
    "datediff": "date_diff(unit, from, to)",
    "dateadd": "date_add(unit, n, moment)",
    "median": "approx_percentile(x, 0.5)",
    "list_sum": "reduce",
    "collect_list": "array_agg",
    "size": "cardinality",
    "explode": "CROSS JOIN UNNEST",
    "epoch": "to_unixtime",
    "iif": "if",
    "charindex": "strpos",
    "get_json_object": "json_extract_scalar",
    "date_sub": "date_add with a negative number",
    "to_date": "date or date_parse",
}
"""Functions of other systems that people type, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table."""

    signature: str
    kind: str
    target: str
    note: str

    @property
    def name(self) -> str:
        """Lower-case name."""
        return self.signature.partition("(")[0]

    @property
    def shown(self) -> str:
        """The call as an error message shows it."""
        return self.signature.partition("->")[0].strip().replace("tstz", "timestamp with time zone")

    @property
    def note_is_notice(self) -> bool:
        """Whether the note is told to the user of the function."""
        return self.note.startswith("!")

    @property
    def template(self) -> str:
        """DuckDB text with places for the arguments."""
        if self.kind == "same":
            return f"{self.name}({{*}})"
        if self.kind == "renamed":
            return f"{self.target}({{*}})"
        return self.target


@cache
def _lines() -> dict[str, list[str]]:
    """Lines of all tables by function name; a line is taken apart only when its function is called."""
    lines: dict[str, list[str]] = {}
    for topic in TOPICS:
        table: str = importlib.import_module(f"{__name__}.{topic}").TABLE
        for line in table.strip().splitlines():
            if line and not line.startswith("#"):
                lines.setdefault(line.partition("(")[0].strip(), []).append(line)
    return lines


@cache
def lookup(name: str) -> tuple[Entry, ...]:
    """All ways to call a function, empty when Athena has none of that name."""
    return tuple(_entry(line) for line in _lines().get(name, ()))


def _entry(line: str) -> Entry:
    signature, kind, target, note = (part.strip() for part in f"{line} ".replace(" | | ", " |  | ").split(" | "))
    return Entry(signature, kind, target.replace("\\|", "|"), note)


def function_names() -> tuple[str, ...]:
    """All functions of Athena that this table knows, refused ones included."""
    return tuple(_lines())
