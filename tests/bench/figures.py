"""What the benchmarks found, as lines while they run and as a Markdown table for the README."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version


@dataclass(frozen=True)
class Figure:
    """One figure.

    Args:
        what: what was measured.
        measured: the figure, with its unit.
        beside: what ran beside it in turn, empty when nothing did.
        asked: the figure to reach, empty when none is set.
    """

    what: str
    measured: str
    beside: str = ""
    asked: str = ""


class Figures:
    """Collects figures, and prints each as it comes."""

    def __init__(self) -> None:
        self._found: list[Figure] = []

    def add(self, what: str, measured: str, beside: str = "", asked: str = "") -> None:
        """Note and print one."""
        self._found.append(Figure(what, measured, beside, asked))
        print(f"  {what}: {measured}" + (f"; {beside}" if beside else "") + (f" (asked: {asked})" if asked else ""))

    def markdown(self) -> str:
        """The table, under a line about the machine."""
        rows = [f"| {one.what} | {one.measured} | {one.beside} | {one.asked} |" for one in self._found]
        return "\n".join([machine(), "", "| what | measured | beside it | asked |", "| --- | --- | --- | --- |", *rows])


def machine() -> str:
    """The machine in general terms."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory_gb:.0f} GB of memory, {platform.system()}, "
        f"Python {platform.python_version()}, DuckDB {version('duckdb')}; load {load:.0f} at the end."
    )
