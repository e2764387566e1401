"""DuckDB's errors, told in the user's terms and at the user's place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flowtui.errors import FlowTuiError, QueryCancelled, QueryError
from flowtui.sql.culprits import explained_call, out_of_range
from flowtui.sql.dialect.positions import error_at

if TYPE_CHECKING:
    from flowtui.sql.dialect.translate import Translation
    from flowtui.sql.statements import Statement

_OURS = "Athena@"
"""How the checks of ``macros.sql`` begin their messages: the offset follows, then the message."""

_MANY_ROWS = "More than one row returned by a subquery"


@contextmanager
def explained(text: str, statement: Statement, translation: Translation | None) -> Iterator[None]:
    """Turn what DuckDB raises while a statement runs into errors of flowtui.

    Args:
        text: the user's whole text.
        statement: where the statement stands in it.
        translation: what runs; None where the text DuckDB got has no places of the user's.

    Raises:
        QueryCancelled: the query was interrupted.
        QueryError: anything else DuckDB says.
    """
    import duckdb

    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryCancelled("The query was cancelled.") from error
    except duckdb.Error as error:
        raise query_error(text, statement, translation, error) from error
    except OSError as error:
        # A failure while rows are read arrives through Arrow's reader.
        if "interrupted" in str(error).lower():
            raise QueryCancelled("The query was cancelled.") from error
        raise query_error(text, statement, translation, error) from error


_WRAPPINGS = ('", expected format is ', "' to ", "' into ")
"""What DuckDB puts behind a text that it could not cast; the first is to be tried first, for the others may be ours."""


def _own_words(wrapped: str) -> str:
    """A message of the macros without DuckDB's words around it."""
    return next((own for end in _WRAPPINGS if (own := wrapped.rpartition(end)[0])), wrapped)


def query_error(text: str, statement: Statement, translation: Translation | None, error: Exception) -> FlowTuiError:
    """One error of DuckDB as a :class:`QueryError`."""
    message, position = _read(str(error))
    if _OURS in message:
        offset, _, rest = message.partition(_OURS)[2].partition(": ")
        return error_at(text, int(offset), _own_words(rest))
    if "Out of Memory" in str(error) or "OutOfMemory" in type(error).__name__:
        found_limit = re.search(r"/([0-9.]+ [A-Za-z]+) used", str(error))
        limit = f" ({found_limit[1]})" if found_limit else ""
        hint = "Select fewer columns, filter by dt, aggregate before joining, or raise the setting memory_limit."
        return QueryError(f"The query needs more memory than it may use{limit}.", hint)
    found = _user_offset(translation, position) if translation else None
    first_line = message.partition("\n")[0].removesuffix("!")
    told = _told(first_line)
    if found is None and translation is not None and _MANY_ROWS in message:
        found = _only(user for place, user in translation.marks if translation.sql.startswith("(SELECT", place))
    if found is None and translation is not None and "verflow" in message:
        found = _only(
            user for place, user in translation.marks if not translation.sql.startswith(("CAST(", "(SELECT"), place)
        )
    if found is None:
        found, better = explained_call(text, statement.start, statement.end, first_line)
        told = better or told
    return error_at(text, statement.start if found is None else found, told)


def _only(offsets: Iterable[int]) -> int | None:
    """The one place there is; of several nobody knows which it was."""
    different = set(offsets)
    return different.pop() if len(different) == 1 else None


def _told(message: str) -> str:
    if _MANY_ROWS in message:
        return "A subquery that stands for a value gave more than one row."
    if ungrouped := re.match(r'column "(.+?)" must appear in the GROUP BY', message):
        return f"{ungrouped[1]}, used in a subquery, is neither grouped nor inside an aggregate."
    if ranged := out_of_range(message):
        return ranged
    if message.startswith("Overflow in "):
        return f"{message.partition(' of INT')[0]}: the result does not fit its type."
    if message.startswith("Could not convert string "):
        return f"Cannot cast {message.removeprefix('Could not convert string ').partition(' when casting')[0]}."
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
    for place, user in translation.marks:
        if place == letters and translation.sql.startswith("CAST(", letters):
            return user
    return None
