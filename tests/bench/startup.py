"""How soon flowtui answers: ``--help``, and the first paint of the app in a real pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from tests.bench.pairs import side_by_side

COMMAND = (sys.executable, "-m", "flowtui")
PAINTED = b"F7"
"""The last label of the tab line: once it is there, header and tabs are painted."""
GIVE_UP_S = 20.0


def help_seconds() -> float:
    """``flowtui --help`` as a whole process."""
    return _process_seconds(*COMMAND, "--help")


def bare_python_seconds() -> float:
    """The interpreter alone."""
    return _process_seconds(sys.executable, "-c", "pass")


def import_textual_seconds() -> float:
    """A process that only imports textual.app, the floor of any Textual app."""
    return _process_seconds(sys.executable, "-c", "import textual.app")


def first_paint_seconds() -> float:
    """From starting the process to the tab line on an 80×24 terminal."""
    with tempfile.TemporaryDirectory() as folder:
        return _first_paint(Path(folder) / "bench.duckdb")


def _process_seconds(*command: str) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _first_paint(workspace: Path) -> float:
    start = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="80", LINES="24")
        os.execv(COMMAND[0], [*COMMAND, "--demo", "--workspace", str(workspace)])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    seen = b""
    try:
        while PAINTED not in seen:
            if time.perf_counter() - start > GIVE_UP_S:
                raise RuntimeError(f"nothing painted within {GIVE_UP_S} s; the terminal got {seen[-400:]!r}")
            if select.select([terminal], [], [], 0.01)[0]:
                seen += os.read(terminal, 65536)
        return time.perf_counter() - start
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def run(rounds: int) -> None:
    """Print both figures beside their floors."""
    print(side_by_side(help_seconds, bare_python_seconds, rounds).line("flowtui --help", "python -c pass"))
    print(side_by_side(first_paint_seconds, import_textual_seconds, rounds).line("first paint", "import textual.app"))
