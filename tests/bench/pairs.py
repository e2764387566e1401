"""Side-by-side measuring: machines are noisy and shared, so measures take turns, and a ratio is taken round by round.

A process is told by its wall time, by the processor time of all its threads, which a busy machine disturbs less, and
by its largest resident size.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """What one run of a process took.

    Args:
        seconds: wall time.
        cpu_s: processor time, user and system, of all threads.
        peak_mb: largest resident size.
        out: standard output.
    """

    seconds: float
    cpu_s: float
    peak_mb: float
    out: str


Measure = Callable[[], Run]
"""Does the work once."""


def process(*command: str, env: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end; raises CalledProcessError with what it said when it fails."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=err, env={**os.environ, **(env or {})})
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        said = out.read().decode()
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, command, said, err.read().decode()[-2000:])
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said)


class Race:
    """Runs of several measures, taken in turn.

    Args:
        measures: what to run, by name.
        rounds: how often each counts.
        warm: also run each once before, uncounted.
    """

    def __init__(self, measures: Mapping[str, Measure], rounds: int, *, warm: bool = True) -> None:
        if warm:
            for measure in measures.values():
                measure()
        self.runs: dict[str, list[Run]] = {name: [] for name in measures}
        for _ in range(rounds):
            for name, measure in measures.items():
                self.runs[name].append(measure())

    def seconds(self, name: str) -> float:
        """Median wall time."""
        return statistics.median(run.seconds for run in self.runs[name])

    def peak_mb(self, name: str) -> float:
        """The largest size in any round."""
        return max(run.peak_mb for run in self.runs[name])

    def ratio(self, name: str, other: str, scale: float = 1.0) -> float:
        """How many times faster ``name`` is by the clock, median of rounds; ``scale``: its work over the other's."""
        return self._ratio(name, other, lambda run: run.seconds) * scale

    def cpu_ratio(self, name: str, other: str) -> float:
        """How many times less processor time ``name`` takes."""
        return self._ratio(name, other, lambda run: run.cpu_s)

    def _ratio(self, name: str, other: str, of: Callable[[Run], float]) -> float:
        pairs = zip(self.runs[name], self.runs[other], strict=True)
        return statistics.median(of(theirs) / of(ours) for ours, theirs in pairs)
