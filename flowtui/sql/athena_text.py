"""The text sent to Athena: the user's own, letter by letter, but for a bare ``end``.

``end`` is the one field of flow logs that Trino reserves, and the documentation of flow logs writes it bare. It is put
into the quotes its statement takes: double quotes in a query, backquotes in Hive's DDL
(https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html). Everything else Athena judges itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot.tokenizer_core import Token, TokenType

from flowtui.errors import QueryError
from flowtui.sql.dialect.ends import bare_ends
from flowtui.sql.dialect.local_only import local_uses
from flowtui.sql.dialect.positions import error_at
from flowtui.sql.dialect.translate import tokenized
from flowtui.sql.statements import Statement

LONGEST = 262_144
"""Bytes of a statement at most (https://docs.aws.amazon.com/athena/latest/ug/service-limits.html)."""

_READS = frozenset({"SELECT", "WITH", "VALUES", "TABLE", "SHOW", "DESCRIBE", "DESC", "EXPLAIN"})
_FREE = frozenset(
    {"SHOW", "DESCRIBE", "DESC", "CREATE", "ALTER", "DROP", "MSCK", "PREPARE", "DEALLOCATE", "EXPLAIN", "USE"}
)
_HIVE = re.compile(r"(CREATE\s+EXTERNAL|ALTER|MSCK|DESC|DESCRIBE|DROP\s+TABLE|SHOW)\b", re.IGNORECASE)
_POSITION = re.compile(r"line (\d+):(\d+)")
_HIVE_POSITION = re.compile(r"ParseException line (\d+):(\d+)")


@dataclass(frozen=True, slots=True)
class Submission:
    """A statement as it is sent.

    Args:
        text: what Athena gets.
        quoted: offsets in the statement of the words that were put into quotes.
        changes: whether it may write: anything but a query, SHOW, DESCRIBE and EXPLAIN.
        free: whether Athena bills no scanned bytes for it.
    """

    text: str
    quoted: tuple[int, ...]
    changes: bool
    free: bool

    @property
    def notices(self) -> tuple[str, ...]:
        """What was done to the text, told."""
        if not self.quoted:
            return ()
        times = "once" if len(self.quoted) == 1 else f"{len(self.quoted)} times"
        return (f"Athena reserves the word end: it was sent in quotes ({times}). Nothing else was touched.",)

    def user_offset(self, line: int, column: int) -> int:
        """Offset in the user's statement of a 1-based place in the text that was sent."""
        lines = self.text.split("\n")
        line = max(1, min(line, len(lines)))
        sent = sum(len(one) + 1 for one in lines[: line - 1]) + max(0, min(column - 1, len(lines[line - 1])))
        added = 0
        for offset in self.quoted:
            before = offset + added
            # Two quotes were put around three letters; the opening one counts as the word's first letter.
            added += (sent > before) + (sent > before + len("end"))
        return sent - added


def submission(text: str, statement: Statement) -> Submission:
    """What to send for one statement of a text.

    Raises:
        QueryError: it uses what only the workspace has, or is longer than Athena takes; with its place.
    """
    tokens = tokenized(text, statement.start, statement.end)
    _refuse_local(text, statement)
    quote = "`" if _HIVE.match(statement.text) else '"'
    offsets = tuple(token.start for token in bare_ends(tokens))
    parts, last = [], 0
    for offset in offsets:
        parts += [statement.text[last:offset], quote, statement.text[offset : offset + 3], quote]
        last = offset + 3
    sent = "".join(parts) + statement.text[last:]
    if len(sent.encode()) > LONGEST:
        raise error_at(text, statement.start, f"Athena takes statements of up to {LONGEST:,} bytes.")
    words = [token.text.upper() for token in tokens if token.token_type != TokenType.L_PAREN][:3]
    return Submission(sent, offsets, _changes(tokens, words), _is_free(words))


def _changes(tokens: Sequence[Token], words: Sequence[str]) -> bool:
    """Whether a statement may write. EXPLAIN ANALYZE runs what it explains, and WITH may begin an INSERT's query."""
    if not words or words[0] not in _READS:
        return True
    writing = {TokenType.INSERT, TokenType.UPDATE, TokenType.DELETE, TokenType.MERGE}
    runs = words[0] == "EXPLAIN" and "ANALYZE" in words
    return runs and any(token.token_type in writing | {TokenType.CREATE} for token in tokens)


def _is_free(words: Sequence[str]) -> bool:
    """DDL, SHOW and EXPLAIN scan nothing that is billed (https://aws.amazon.com/athena/pricing/); CTAS does."""
    if not words or words[0] not in _FREE:
        return False
    return words[:2] != ["CREATE", "TABLE"] and "ANALYZE" not in words


def _refuse_local(text: str, statement: Statement) -> None:
    use = next(local_uses(text, statement.start, statement.end), None)
    if use is not None:
        what = "table" if "." in use.name else "function"
        message = f"{use.name} is a {what} of the workspace; Athena has none of that name."
        hint = f"Run it on DuckDB (F9, or --engine duckdb), or leave the {what} out."
        raise error_at(text, use.offset, message, hint)


def athena_error(text: str, statement: Statement, sent: Submission, reason: str) -> QueryError:
    """Athena's own text of a failure, at the place in the user's text that it names."""
    told = reason.strip() or "Athena gave no reason."
    hive, trino = _HIVE_POSITION.search(told), _POSITION.search(told)
    if hive:
        # Hive counts columns from 0, Trino from 1.
        offset = sent.user_offset(int(hive[1]), int(hive[2]) + 1)
    elif trino:
        offset = sent.user_offset(int(trino[1]), int(trino[2]))
    else:
        return QueryError(f"Athena: {told}", _hint(told))
    return error_at(text, statement.start + offset, f"Athena: {told}", _hint(told))


def _hint(reason: str) -> str:
    if "TABLE_NOT_FOUND" in reason:
        return "flowtui ddl FLOW-LOG --run makes the table. Tables of aws.* and live records are in the workspace only."
    if "SCHEMA_NOT_FOUND" in reason:
        return "Name another database with the setting athena_database, or make it: flowtui ddl FLOW-LOG --run."
    if "Bytes scanned limit" in reason:
        return "The workgroup limits the bytes of a query: filter by partition."
    if "Access Denied" in reason or "AccessDenied" in reason:
        return "Athena reads S3 with your permissions: it needs s3:GetObject and s3:ListBucket on the data."
    return ""
