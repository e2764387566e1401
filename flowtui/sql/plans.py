"""EXPLAIN and EXPLAIN ANALYZE: what DuckDB will do, or did, for a query.

Source: https://docs.aws.amazon.com/athena/latest/ug/athena-explain-statement.html
"""

from __future__ import annotations

from flowtui.sql.dialect.translate import Translation, translate
from flowtui.sql.engine import QueryResult
from flowtui.sql.faults import explained
from flowtui.sql.statements import Statement
from flowtui.sql.utility import Reader, Session, answer

_NOTICE = "This is how DuckDB runs the query; Athena's own plan differs."
_FORMATS = ("TEXT", "JSON", "GRAPHVIZ")
_TYPES = ("LOGICAL", "DISTRIBUTED", "VALIDATE", "IO")


def explain(reader: Reader, session: Session) -> QueryResult:
    """``EXPLAIN [ANALYZE [VERBOSE]] [(FORMAT …, TYPE …)] query``."""
    analyze = reader.take("ANALYZE")
    reader.take("VERBOSE")
    options = _options(reader) if reader.starts("(", "FORMAT") or reader.starts("(", "TYPE") else {}
    start = reader.offset
    query = translate(reader.text, session.catalog, database=session.database, start=start, end=reader.stop)
    if options.get("TYPE") == "VALIDATE":
        return answer("Valid", ["true"])
    form = "JSON" if options.get("FORMAT") == "JSON" else "TEXT"
    words = [*(["ANALYZE"] if analyze else []), f"FORMAT {form}"]
    with explained(reader.text, Statement("", start, reader.stop), query, session.again):
        rows = session.cursor.execute(f"EXPLAIN ({', '.join(words)}) {query.sql}").fetchall()
    lines = [line for _, text in rows for line in str(text).splitlines()]
    return answer("Query Plan", lines, _notices(query))


def _notices(query: Translation) -> list[str]:
    return [_NOTICE, *query.notices]


def _options(reader: Reader) -> dict[str, str]:
    reader.need("(")
    options = {}
    while True:
        at = reader.offset
        name = reader.name().upper()
        known = {"FORMAT": _FORMATS, "TYPE": _TYPES}.get(name)
        if known is None:
            raise reader.error_at(at, f"EXPLAIN has no option {name}.", "Its options are FORMAT and TYPE.")
        at = reader.offset
        options[name] = reader.name().upper()
        if options[name] not in known:
            raise reader.error_at(at, f"{name} cannot be {options[name]}.", f"It takes {', '.join(known)}.")
        if options[name] in ("GRAPHVIZ", "IO"):
            raise reader.error_at(at, f"{options[name]} plans are not available locally.", "Write FORMAT TEXT or JSON.")
        if not reader.take(","):
            break
    reader.need(")")
    return options
