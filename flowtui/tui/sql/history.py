"""Statements that were run, kept in a file across sessions."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from flowtui.config import data_dir
from flowtui.errors import FlowTuiError

KEEP = 500
"""Statements kept; the file is cut back to them when it holds twice as many."""


@dataclass(frozen=True, slots=True)
class Past:
    """A statement and when it was run; ``at`` is an ISO time in UTC."""

    at: str
    text: str

    @property
    def first_line(self) -> str:
        """The statement on one line."""
        return " ".join(self.text.split())

    @property
    def line(self) -> str:
        """Its line of the file."""
        return json.dumps({"at": self.at, "text": self.text}, ensure_ascii=False) + "\n"


class History:
    """A JSON object a line, newest last. Several processes may append to the file at once.

    Args:
        path: the file; the default is in the data folder.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or data_dir() / "sql-history.jsonl"

    def add(self, text: str, at: datetime) -> None:
        """Note a statement.

        Raises:
            FlowTuiError: the file cannot be written.
        """
        past = Past(at.isoformat(timespec="seconds"), text)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._turn() as file:
                file.write(past.line)
                file.flush()
                self._cut_back()
        except OSError as error:
            raise FlowTuiError(
                f"The statement ran, but the history {self.path} cannot be written: {error.strerror or error}.",
                "Check the folder's permissions.",
            ) from error

    def recent(self) -> list[Past]:
        """Statements, newest first, each text once.

        Raises:
            FlowTuiError: the file cannot be read.
        """
        found: dict[str, Past] = {}
        for past in reversed(list(self._read())):
            found.setdefault(past.text, past)
        return list(found.values())[:KEEP]

    def _read(self) -> Iterator[Past]:
        try:
            # Not splitlines: a statement may hold other separators of lines, which JSON leaves as they are.
            lines = self.path.read_text(encoding="utf-8", errors="replace").split("\n")
        except FileNotFoundError:
            return
        except OSError as error:
            raise FlowTuiError(
                f"Cannot read the history {self.path}: {error.strerror or error}.", "Check its permissions."
            ) from error
        for line in lines:
            past = _past(line)
            if past is not None:
                yield past

    @contextmanager
    def _turn(self) -> Iterator[TextIO]:
        """The file, to append to, while nobody else writes to it; raises OSError."""
        while True:
            with self.path.open("a", encoding="utf-8") as file:
                _lock(file)
                # Whoever had it before may have put another in its place.
                if os.path.samestat(os.fstat(file.fileno()), self.path.stat()):
                    yield file
                    return

    def _cut_back(self) -> None:
        entries = list(self._read())
        if len(entries) < 2 * KEEP:
            return
        temporary = self.path.with_suffix(f".new-{os.getpid()}")
        try:
            temporary.write_text("".join(past.line for past in entries[-KEEP:]), encoding="utf-8")
            temporary.replace(self.path)
        finally:
            temporary.unlink(missing_ok=True)


def _lock(file: TextIO) -> None:
    """Wait until no other process has the file locked; until it is closed it is ours."""
    try:
        import fcntl
    except ImportError:
        return
    # Some network file systems lock nothing.
    with suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_EX)


def _past(line: str) -> Past | None:
    # A line that was cut short by a crash is skipped, the others stand.
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
        return None
    return Past(str(entry.get("at", "")), entry["text"])
