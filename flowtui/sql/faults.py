"""DuckDB's errors, told in the user's terms and at the user's place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flowtui.errors import FlowTuiError, QueryCancelled, QueryError
from flowtui.sql.conversions import failed_conversion
from flowtui.sql.culprits import explained_call
from flowtui.sql.dialect.positions import error_at
from flowtui.sql.locating import failed_at

if TYPE_CHECKING:
    from flowtui.sql.dialect.translate import Translation
    from flowtui.sql.locating import Again
    from flowtui.sql.statements import Statement

_OURS = "Athena@"
"""How the checks of ``macros.sql`` begin their messages: the offset follows, then the message."""

_CAST = re.compile(r"(TRY_)?CAST\b", re.IGNORECASE)
_MANY_ROWS = "More than one row returned by a subquery"


@contextmanager
def explained(
    text: str, statement: Statement, translation: Translation | None, again: Again | None = None
) -> Iterator[None]:
    """Turn what DuckDB raises while a statement runs into errors of flowtui.

    Args:
        text: the user's whole text.
        statement: where the statement stands in it.
        translation: what runs; None where the text DuckDB got has no places of the user's.
        again: runs a text, to find the expression that failed.

    Raises:
        QueryCancelled: the query was interrupted, or the search for its failure was.
        QueryError: anything else DuckDB says.
    """
    import duckdb

    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryCancelled("The query was cancelled.") from error
    except duckdb.Error as error:
        raise query_error(text, statement, translation, error, again) from error
    except OSError as error:
        # A failure while rows are read arrives through Arrow's reader.
        if "interrupted" in str(error).lower():
            raise QueryCancelled("The query was cancelled.") from error
        raise query_error(text, statement, translation, error, again) from error


_WRAPPINGS = ('", expected format is ', '" to ', "' to ", "' into ")
"""What DuckDB puts behind a text that it could not cast; the last one found is its own, others may be ours."""


def _own_words(wrapped: str) -> str:
    """A message of the macros without DuckDB's words around it."""
    end = max(wrapped.rfind(wrapping) for wrapping in _WRAPPINGS)
    return wrapped if end < 0 else wrapped[:end]


def query_error(
    text: str, statement: Statement, translation: Translation | None, error: Exception, again: Again | None = None
) -> FlowTuiError:
    """One error of DuckDB as a :class:`QueryError`.

    Raises:
        QueryCancelled: the search for the place was stopped.
    """
    message, position = _read(str(error))
    if _OURS in message:
        offset, _, rest = message.partition(_OURS)[2].partition(": ")
        return _placed(text, int(offset), _own_words(rest), translation)
    if "Out of Memory" in str(error) or "OutOfMemory" in type(error).__name__:
        found_limit = re.search(r"/([0-9.]+ [A-Za-z]+) used", str(error))
        limit = f" ({found_limit[1]})" if found_limit else ""
        hint = "Select fewer columns, filter by dt, aggregate before joining, or raise the setting memory_limit."
        return QueryError(f"The query needs more memory than it may use{limit}.", hint)
    first_line = message.partition("\n")[0].removesuffix("!")
    found = None
    if translation is not None:
        found = _user_offset(translation, position)
        if found is None and again is not None:
            found = failed_at(translation.sql, translation.marks, again, many_rows=_MANY_ROWS in message)
    found, better = explained_call(text, statement.start, statement.end, first_line, found)
    told = better or _told(first_line, text, found)
    return _placed(text, statement.start if found is None else found, told, translation)


def _placed(text: str, offset: int, message: str, translation: Translation | None) -> QueryError:
    """The error at a place; where that is a view's name, it stands for what is inside the view."""
    view = translation.views.get(offset) if translation else None
    return error_at(text, offset, f"In view {view}: {message}" if view else message)


def _told(message: str, text: str, offset: int | None) -> str:
    if _MANY_ROWS in message:
        return "A subquery that stands for a value gave more than one row."
    if ungrouped := re.match(r'column "(.+?)" must appear in the GROUP BY', message):
        return f"{ungrouped[1]}, used in a subquery, is neither grouped nor inside an aggregate."
    if failed := failed_conversion(message, cast=offset is None or bool(_CAST.match(text, offset))):
        return failed
    if overflown := re.match(r"Overflow (?:in|on) (?:[A-Z0-9]+ (?!of\b))?(\w+)", message):
        return f"Overflow in {overflown[1].lower()}: the result does not fit its type."
    return message if message.endswith(".") else f"{message}."


def _read(message: str) -> tuple[str, int | None]:
    """DuckDB's message and byte position, from its JSON form."""
    start, end = message.find("{"), message.rfind("}")
    try:
        details: Any = json.loads(message[start : end + 1])
    except ValueError:
        return message.partition(": ")[2] or message, None
    if not isinstance(details, dict):
        return message, None
    position = details.get("position")
    found = int(position) if isinstance(position, str) and position.isdigit() else None
    return str(details.get("exception_message", message)), found


def _user_offset(translation: Translation, position: int | None) -> int | None:
    """The user's place of a marked cast that DuckDB's position points at."""
    if position is None:
        return None
    # DuckDB counts bytes, and inside macros it counts in the macro's text: only a mark hit exactly is believed.
    letters = len(translation.sql.encode()[:position].decode(errors="ignore"))
    if not translation.sql.startswith("CAST(", letters):
        return None
    return next((mark.at for mark in translation.marks if mark.start == letters), None)
