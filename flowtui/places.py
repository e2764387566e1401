"""Paths that a user names, and questions about them whose failure is one that the user is told.

pathlib answers no where nothing is there. Where a folder on the way may not be entered it raises, or answers no as
well: that differs from one Python to the next.
"""

from __future__ import annotations

import errno
import stat
from pathlib import Path

from flowtui.errors import FlowTuiError, UsageError

_NOTHING_THERE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}


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
    return _mode(path) is not None


def is_folder(path: Path) -> bool:
    """Whether it is a folder, or a link to one. Raises FlowTuiError where that may not be known."""
    return stat.S_ISDIR(_mode(path) or 0)


def is_file(path: Path) -> bool:
    """Whether it is a regular file, or a link to one. Raises FlowTuiError where that may not be known."""
    return stat.S_ISREG(_mode(path) or 0)


def cannot_read(path: Path, error: OSError) -> FlowTuiError:
    """What the system refused, in words."""
    return FlowTuiError(f"Cannot read {path}: {error.strerror or error}.", "Check its permissions.")


def _mode(path: Path) -> int | None:
    """Kind and permissions; None where nothing is there, as under a name that nothing can have."""
    try:
        return path.stat().st_mode
    except OSError as error:
        if error.errno in _NOTHING_THERE:
            return None
        raise cannot_read(path, error) from error
    except ValueError:
        # A NUL in it.
        return None
