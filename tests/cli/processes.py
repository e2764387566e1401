"""Processes of the command line that are interrupted at work."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path


def wait_for_workspace(process: subprocess.Popen[str], workspace: Path) -> None:
    """Wait until a process has its workspace open, or has ended."""
    while process.poll() is None and not _holds(process.pid, workspace):
        time.sleep(0.005)


def _holds(process: int, file: Path) -> bool:
    """Whether a process has a file open, on systems that tell; elsewhere it has had the time."""
    handles = Path(f"/proc/{process}/fd")
    if not handles.is_dir():
        time.sleep(1.0)
        return True
    try:
        return any(os.path.realpath(handle) == str(file) for handle in handles.iterdir())
    except FileNotFoundError:
        return False
