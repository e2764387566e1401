"""Tables, symbols and the status line of the command line."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import click

from flowtui.records.labels import clean

GAP = "  "
_ASCII = str.maketrans({"–": "-", "…": "~", "⚠": "!", "→": ">", "·": "-", "✓": "+", "✖": "X", "✗": "x", "│": "|"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    ``rank`` 0 is always shown; of the others the highest goes first where the terminal is narrow. A column with
    ``least`` may be shortened to that many cells before any column goes.
    """

    title: str
    rank: int = 0
    right: bool = False
    least: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row: one text a column; ``colour`` (click's name) marks the first. ``note`` spans the whole line instead."""

    cells: tuple[str, ...] = ()
    colour: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Lines to print, and the titles of the columns that did not fit."""

    lines: tuple[str, ...]
    left_out: tuple[str, ...]


def lay_out(columns: Sequence[Column], rows: Sequence[Row], width: int | None) -> Table:
    """Fit a table into ``width`` cells; None means as wide as it needs to be. Cells are made safe to show."""
    texts = [tuple(clean(cell) for cell in row.cells) for row in rows]
    widths = [
        max([cells(column.title), *(cells(text[place]) for text in texts if text)])
        for place, column in enumerate(columns)
    ]
    shown = list(range(len(columns)))
    while width is not None and _total(widths, shown) > width:
        if not _shorten(columns, widths, shown, _total(widths, shown) - width):
            worst = max(shown, key=lambda place: columns[place].rank)
            if not columns[worst].rank:
                break
            shown.remove(worst)
    lines = [_line([column.title for column in columns], columns, widths, shown)]
    for row, text in zip(rows, texts, strict=True):
        lines.append(clean(row.note) if row.note else _line(text, columns, widths, shown, row.colour))
    left_out = tuple(column.title for place, column in enumerate(columns) if place not in shown)
    return Table(tuple(lines), left_out)


def _total(widths: Sequence[int], shown: Sequence[int]) -> int:
    return sum(widths[place] for place in shown) + len(GAP) * (len(shown) - 1)


def _shorten(columns: Sequence[Column], widths: list[int], shown: Sequence[int], over: int) -> bool:
    """Take what is too much from the shortenable columns if that is enough; else change nothing."""
    room = {place: widths[place] - columns[place].least for place in shown if columns[place].least}
    room = {place: spare for place, spare in room.items() if spare > 0}
    if sum(room.values()) < over:
        return False
    for place, spare in sorted(room.items(), key=lambda entry: -entry[1]):
        taken = min(spare, over)
        widths[place] -= taken
        over -= taken
    return True


def _line(
    texts: Sequence[str], columns: Sequence[Column], widths: Sequence[int], shown: Sequence[int], colour: str = ""
) -> str:
    parts = [fit(texts[place], widths[place], right=columns[place].right) for place in shown]
    if colour and parts:
        parts[0] = click.style(parts[0], fg=colour)
    return GAP.join(parts).rstrip()


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Pad or shorten a text to exactly ``width`` cells; what is cut shows as ``…``."""
    if cells(text) > width:
        while text and cells(text) > width - 1:
            text = text[:-1]
        text += "…"
    padding = " " * (width - cells(text))
    return padding + text if right else text + padding


def cells(text: str) -> int:
    """How many terminal cells a text takes: wide characters two, combining marks none."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def terminal_width() -> int | None:
    """The terminal's width, or None where stdout is a file or a pipe and nothing need be cut."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def write(lines: Sequence[str], *, ascii_only: bool = False) -> None:
    """Print lines on stdout; symbols the output cannot show are replaced."""
    encoding = sys.stdout.encoding or "utf-8"
    plain = ascii_only or not encoding.lower().replace("-", "").startswith("utf")
    for line in lines:
        text = line.translate(_ASCII) if plain else line
        click.echo(text.encode(encoding, "replace").decode(encoding))


class StatusLine:
    """One line on stderr that is overwritten while something runs, and wiped at the end; silent off a terminal."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()

    def show(self, text: str) -> None:
        """Replace the line."""
        if self._live:
            self._send(clean(text)[: shutil.get_terminal_size().columns - 1])

    def clear(self) -> None:
        """Wipe the line."""
        if self._live:
            self._send("")

    @staticmethod
    def _send(text: str) -> None:
        # Wiping a line is no colour: NO_COLOR, under which click drops every escape, does not mean it.
        click.echo(f"\r\x1b[K{text}", nl=False, err=True, color=True)
