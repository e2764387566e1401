"""Paths that a user names, and questions about them whose failure is one that the user is told.

pathlib answers no where nothing is there, but raises where a folder on the way may not be entered, where a name is too
long and where the home of nobody is asked for.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

from flowtui.errors import FlowTuiError, UsageError


def expanded(path: Path | str) -> Path:
    """A path with the home that its ``~`` stands for.

    Raises:
        UsageError: nobody has that name.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError:
        home = Path(path).parts[0]
        raise UsageError(f"Nobody's home is {home}, so there is no {path}.", f"Write ./{home} for a name.") from None


def is_there(path: Path) -> bool:
    """Whether there is something of any kind. Raises FlowTuiError where that may not be known."""
    return _ask(path, path.exists)


def is_folder(path: Path) -> bool:
    """Whether it is a folder, or a link to one. Raises FlowTuiError where that may not be known."""
    return _ask(path, path.is_dir)


def is_file(path: Path) -> bool:
    """Whether it is a regular file, or a link to one. Raises FlowTuiError where that may not be known."""
    return _ask(path, path.is_file)


def cannot_read(path: Path, error: OSError) -> FlowTuiError:
    """What the system refused, in words."""
    return FlowTuiError(f"Cannot read {path}: {error.strerror or error}.", "Check its permissions.")


def _ask(path: Path, question: Callable[[], bool]) -> bool:
    try:
        return question()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return False
        raise cannot_read(path, error) from error
