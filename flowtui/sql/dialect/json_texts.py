"""JSON texts and paths that stand written out in a query, read while translating."""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any

from flowtui.sql.output import double_text

_STEP = re.compile(r"""\.([\w:]+)|\[(\w+)\]|\["((?:[^"\\]|\\["\\])*)"\]""")


_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class _Number(float):
    """A number with a point or an exponent; it prints as Java prints doubles."""

    def __repr__(self) -> str:
        return double_text(float(self))


def canonical_json(text: str) -> str | None:
    """The text as ``json_parse`` keeps it: no spaces, sorted keys, the last of equal keys; None when it is no JSON."""
    try:
        written = _written(json.loads(text, parse_constant=_refuse, parse_float=_Number))
    except (ValueError, RecursionError):
        return None
    return _ASTRAL.sub(_escaped, written)


def _escaped(letter: re.Match[str]) -> str:
    """Two escapes, as Trino writes letters beyond 16 bits."""
    return json.dumps(letter[0])[1:-1].upper().replace("\\U", "\\u")


def _refuse(name: str) -> None:
    raise ValueError(name)


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{_written(key)}:{_written(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return f"[{','.join(map(_written, value))}]"
    if isinstance(value, _Number):
        return repr(value) if isfinite(value) else f'"{value!r}"'
    return json.dumps(value, ensure_ascii=False)


def duckdb_path(path: str) -> str | None:
    """Trino's ``$.a["b c"][0]`` as DuckDB reads it, or None when Trino refuses it.

    https://trino.io/docs/current/functions/json.html
    """
    if not path.startswith("$"):
        return None
    result, index = ["$"], 1
    while index < len(path):
        step = _STEP.match(path, index)
        if step is None:
            return None
        if step[2] is not None and step[2].isdigit():
            result.append(f"[{step[2]}]")
        else:
            name = next(part for part in step.groups() if part is not None)
            result.append('."' + name.replace('"', '\\"') + '"')
        index = step.end()
    return "".join(result)
