"""Making ``dialect/macros.sql`` known to a connection, without writing to the workspace."""

from __future__ import annotations

import threading
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from flowtui.sql.label_macros import label_macros

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CATALOG = "flowtui_functions"
"""Name of the attached in-memory catalog that holds the macros; it lives as long as the database is open."""

_LOADING = threading.Lock()


@cache
def macro_statements() -> tuple[str, ...]:
    """The statements of ``macros.sql``."""
    text = resources.files("flowtui.sql.dialect").joinpath("macros.sql").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("--")]
    return tuple(statement for statement in "\n".join(lines).split(";\n") if statement.strip())


def prepare(cursor: DuckDBPyConnection) -> None:
    """Load the macros once per open database, and set up this connection for translated queries."""
    current = cursor.execute("SELECT current_database()").fetchone()
    assert current is not None
    own = str(current[0]).replace('"', '""')
    with _LOADING:
        here = cursor.execute("SELECT 1 FROM duckdb_databases() WHERE database_name = ?", [CATALOG]).fetchone()
        if here is None:
            _load(cursor)
    cursor.execute(f"SET search_path = '{_escaped(own)}.main,{CATALOG}.main'")
    cursor.execute("SET TimeZone = 'UTC'")
    cursor.execute("SET errors_as_json = true")
    cursor.execute("SET order_by_non_integer_literal = true")
    # A table the user names must never be found among Python's variables.
    cursor.execute("SET python_enable_replacements = false")


def _escaped(name: str) -> str:
    return '"' + name.replace("'", "''") + '"'


def _load(cursor: DuckDBPyConnection) -> None:
    cursor.execute(f"ATTACH ':memory:' AS {CATALOG}")
    cursor.execute(f"USE {CATALOG}")
    # One text: a statement of its own for each takes a tenth more time.
    cursor.execute(";\n".join((*macro_statements(), *label_macros())))
