"""Statements that were run, kept in a file across sessions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

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
        line = json.dumps({"at": at.isoformat(timespec="seconds"), "text": text}, ensure_ascii=False)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as error:
            raise FlowTuiError(
                f"The statement ran, but the history {self.path} cannot be written: {error.strerror or error}.",
                "Check the folder's permissions.",
            ) from error
        self._cut_back()

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
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
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

    def _cut_back(self) -> None:
        entries = list(self._read())
        if len(entries) < 2 * KEEP:
            return
        kept = "".join(
            json.dumps({"at": past.at, "text": past.text}, ensure_ascii=False) + "\n" for past in entries[-KEEP:]
        )
        temporary = self.path.with_suffix(".new")
        temporary.write_text(kept, encoding="utf-8")
        temporary.replace(self.path)


def _past(line: str) -> Past | None:
    # A line that was cut short by a crash is skipped, the others stand.
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
        return None
    return Past(str(entry.get("at", "")), entry["text"])
