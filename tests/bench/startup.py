"""How soon flowtui answers, ``--help`` and the app's first paint in a real pseudo-terminal; what it holds idle."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path

from tests.bench.figures import Figures
from tests.bench.pairs import Race, Run, process

COMMAND = (sys.executable, "-m", "flowtui")
PAINTED = b"F7"
"""The last label of the tab line: once it is there, header and tabs are painted."""
GIVE_UP_S = 60.0
SETTLED_S = 8.0
"""After so long the demo account's regions are listed and the app is idle."""


def run(figures: Figures, folder: Path, rounds: int) -> None:
    """Each beside its floor: the interpreter alone, and importing Textual."""
    print("starting")
    race = Race(
        {
            "help": lambda: process(*COMMAND, "--help"),
            "python": lambda: process(sys.executable, "-c", "pass"),
            "paint": lambda: _app(folder / "startup.duckdb", 0.0),
            "textual": lambda: process(sys.executable, "-c", "import textual.app"),
        },
        rounds,
    )
    bare = f"python -c pass {race.seconds('python') * 1000:.0f} ms"
    figures.add("flowtui --help", f"{race.seconds('help') * 1000:.0f} ms", bare, "≤ 150 ms")
    floor = f"{1 / race.ratio('paint', 'textual'):.2f} × a bare import textual.app"
    figures.add("first paint", f"{race.seconds('paint') * 1000:.0f} ms", floor, "≤ 450 ms; ≤ 2 ×")
    held = _app(folder / "startup.duckdb", SETTLED_S).peak_mb
    figures.add("app idle on the demo account, resident", f"{held:.0f} MB", "", "≤ 130 MB")


def _app(workspace: Path, stay_s: float) -> Run:
    """From starting the process to the tab line on an 80×24 terminal, then what it holds after some time."""
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
            seen += _read(terminal)
        seconds = time.perf_counter() - start
        while time.perf_counter() - start < seconds + stay_s:
            _read(terminal)
        return Run(seconds, 0.0, _resident_mb(pid), "")
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def _read(terminal: int) -> bytes:
    return os.read(terminal, 65536) if select.select([terminal], [], [], 0.01)[0] else b""


def _resident_mb(pid: int) -> float:
    """As Linux tells it; 0 on systems without /proc."""
    try:
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0
