"""Places of errors, counted in the editor's whole text."""

from __future__ import annotations

from flowtui.errors import QueryError
from flowtui.sql.statements import Statement


def placed(error: QueryError, statement: Statement, text: str) -> QueryError:
    """The error with its place counted in the whole text instead of in the statement."""
    if not error.line:
        return error
    before = text[: statement.start]
    line = error.line + before.count("\n")
    column = error.column + (len(before) - before.rfind("\n") - 1 if error.line == 1 else 0)
    bare = error.message.removeprefix(f"line {error.line}, column {error.column}: ")
    return QueryError(bare, error.hint, line=line, column=column)
