"""Functions whose DuckDB text depends on types or on literal arguments.

Each takes the binder, the arguments (already widened to the signature), the type of the result and the place of the
call, and gives the bound call.
"""

from __future__ import annotations

from collections.abc import Callable

from flowtui.sql.dialect.binder import Binder
from flowtui.sql.dialect.bound import Bound
from flowtui.sql.dialect.rewrites import collections, dates, formats, java_format, jsons, numbers, texts
from flowtui.sql.dialect.types import Type

Rewrite = Callable[[Binder, list[Bound], Type, int], Bound]

REWRITES: dict[str, Rewrite] = {
    **dates.REWRITES,
    **formats.REWRITES,
    **java_format.REWRITES,
    **jsons.REWRITES,
    **numbers.REWRITES,
    **texts.REWRITES,
    **collections.REWRITES,
}
"""By the name the table of functions gives."""
