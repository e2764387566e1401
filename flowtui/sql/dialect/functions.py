"""Reading ``functions.txt``, the one table of Athena's functions; its head explains the columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from flowtui.sql.dialect.signatures import in_words

FOREIGN = {
    "strftime": "date_format",
    "strptime": "date_parse",
    "ifnull": "coalesce",
    "getdate": "now()",
    "percentile_cont": "approx_percentile(x, 0.5)",
    "percentile_disc": "approx_percentile(x, 0.5)",
    "nvl": "coalesce",
    "isnull": "x IS NULL",
    "len": "length",
    "left": "substr(x, 1, n)",
    "right": "substr(x, -n)",
    "instr": "strpos",
    "group_concat": "listagg or array_join(array_agg(x), ',')",
    "string_agg": "listagg or array_join(array_agg(x), ',')",
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
        return in_words(self.signature)

    @property
    def notice(self) -> str:
        """What whoever uses the function is told; mostly nothing."""
        return self.note.removeprefix("!") if self.note.startswith("!") else ""

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
    """Lines of the table by function name; a line is taken apart only when its function is called."""
    lines: dict[str, list[str]] = {}
    text = resources.files("flowtui.sql.dialect").joinpath("functions.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        names = line.partition(" | ")[0]
        for name in [names.partition("(")[0]] if "(" in names else names.split():
            lines.setdefault(name, []).append(line)
    return lines


@cache
def lookup(name: str) -> tuple[Entry, ...]:
    """All ways to call a function, empty when Athena has none of that name."""
    return tuple(_entry(name, line) for line in _lines().get(name, ()))


def _entry(name: str, line: str) -> Entry:
    signature, kind, target, note = (part.strip() for part in f"{line} ".split(" | ", 3))
    return Entry(signature if "(" in signature else f"{name}() -> unknown", kind, target, note)


def function_names() -> tuple[str, ...]:
    """All functions of Athena that the table knows, refused ones included."""
    return tuple(_lines())
