"""Turns what DuckDB and the file system say about a workspace file into one clear error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flowtui.errors import WorkspaceError

_OTHER = "Name another workspace with --workspace."
_HOLDER = re.compile(r"held in (?P<program>.*?) \(PID (?P<pid>\d+)\)")
_CTRL_C = "Query interrupted"
"""What DuckDB makes of a Ctrl-C that the main thread receives inside one of its calls."""
_FULL = ("No space left on device", "Disk quota exceeded", "File too large")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Map failures of the block to :class:`WorkspaceError`.

    An interrupted statement is not a failure of the workspace and passes through, Ctrl-C as such.
    """
    import duckdb

    try:
        yield
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        raise workspace_error(path, str(error)) from error
    except RuntimeError as error:
        if str(error) != _CTRL_C:
            raise
        raise KeyboardInterrupt from error
    except OSError as error:
        raise WorkspaceError(f"Cannot use the workspace {path}: {error.strerror or error}.", _OTHER) from error


def workspace_error(path: Path, text: str) -> WorkspaceError:
    """What DuckDB's message means for the user of this file."""
    said = _first_line(text)
    if "Could not set lock" in text:
        return WorkspaceError(
            f"The workspace {path} is in use by {_holder(text)}.",
            "Close that process, or name another workspace with --workspace.",
        )
    if any(words in text for words in _FULL):
        return WorkspaceError(f"No room left to write the workspace {path}.", f"Free some space, then repeat. {_OTHER}")
    if "not a valid DuckDB database" in text:
        return WorkspaceError(f"{path} is not a flowtui workspace: it is no DuckDB database.", _OTHER)
    if "version number" in text or "newer version of DuckDB" in text:
        return WorkspaceError(f"The workspace {path} is of another DuckDB version: {said}", f"Upgrade duckdb. {_OTHER}")
    if "Corrupt database" in text or "Could not read enough bytes" in text or "has been invalidated" in text:
        return WorkspaceError(
            f"The workspace {path} is damaged: {said}",
            f"Move it away and load again; downloaded objects are still in the cache. {_OTHER}",
        )
    if "Out of Memory" in text or "could not allocate" in text:
        return WorkspaceError(f"Not enough memory for the workspace {path}: {said}", "Close other programs and repeat.")
    if "Permission denied" in text or "Read-only file system" in text:
        return WorkspaceError(f"The workspace {path} cannot be written: {said}", f"Check its permissions. {_OTHER}")
    return WorkspaceError(f"Cannot use the workspace {path}: {said}", _OTHER)


def out_of_room(text: str) -> bool:
    """Whether a database error is about the machine (disk, memory, a failed database), not about what was read."""
    machine = (*_FULL, "Out of Memory", "could not allocate", "has been invalidated", "Corrupt database")
    return any(words in text for words in machine)


def _first_line(text: str) -> str:
    said = text.strip().splitlines()[0] if text.strip() else "no reason given"
    return said if said.endswith((".", "!")) else said + "."


def _holder(text: str) -> str:
    """Who holds the lock: process id and command name where this system tells."""
    found = _HOLDER.search(text)
    if found is None:
        return "another process"
    pid = found["pid"]
    try:
        # argv, separated by NUL: an interpreter's name alone would not tell which program it runs.
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        words = [found["program"]]
    return f"process {pid} ({_command(words)})"


def _command(words: list[str]) -> str:
    names = [word for word in words if word]
    if not names:
        return "unknown program"
    shown = " ".join([Path(names[0]).name, *(" ".join(word.split())[:30] for word in names[1:4])])
    return "".join(character if character.isprintable() else "·" for character in shown)[:80]
