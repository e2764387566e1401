"""A folder that may not be entered, also for root, whom the tests may run as."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest


def lock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system refuse to tell what is in a folder."""
    real = os.stat

    def stat(path: int | str | os.PathLike[str], *, dir_fd: int | None = None, follow_symlinks: bool = True) -> object:
        if not isinstance(path, int) and folder in Path(path).parents:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, dir_fd=dir_fd, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(os, "stat", stat)
