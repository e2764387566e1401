"""The slow path: lines read by our own parser, those that are records written down in the one form DuckDB reads."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from flowtui.lake.faults import Stopped, Unreadable
from flowtui.lake.lines import Line
from flowtui.lake.prepare import Prepared
from flowtui.records.headerless import without_time
from flowtui.records.layout import Layout, LayoutError, split_line
from flowtui.records.parse import RejectedLine
from flowtui.records.shape import ShapeParser

_LOOK = 4096
"""Lines between two looks at the stop flag."""


class Repair:
    """A temporary file of repaired lines of one layout, and where each came from. Use as a context manager.

    Args:
        layout: of all files that are added.
        stop: set to give up.
        path: the file, which is not there yet; whoever made its folder removes it.
    """

    def __init__(self, layout: Layout, stop: threading.Event, path: Path) -> None:
        self._layout = layout
        self._parsers: dict[tuple[Layout, ...], ShapeParser] = {}
        self._places: dict[Layout, tuple[int | None, ...]] = {}
        # What stands in a column that a record's own layout lacks; the reader makes NULL of both.
        self._absent = ["-" if field and field.numeric else "" for field in layout.fields]
        self._all_text = "-" not in self._absent
        self._stop = stop
        self.path = path
        self._out = self.path.open("w", encoding="utf-8", newline="\n")
        # Compact, for a large file may come this way whole: object number and line number of every line written.
        self._ids = array("q")
        self._numbers = array("q")

    def __enter__(self) -> Repair:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._out.close()
        self.path.unlink(missing_ok=True)

    def add(self, id: int, file: Prepared, lines: Iterable[Line]) -> list[Line]:
        """Take in lines of one file; those that are no records are returned, each with its fault.

        Header lines, first or repeated, and empty lines are neither.

        Raises:
            Unreadable: there is a header of another layout, so that what follows it cannot be read under this one.
            Stopped: ``stop`` was set.
        """
        rejected = []
        before = f"{id} {file.dt or '-'} "
        layouts = file.reading.layouts if file.reading else (self._layout,)
        timed = file.reading is not None and file.reading.wrapping == "timed"
        parser = self._parsers.setdefault(layouts, ShapeParser(layouts))
        for count, line in enumerate(lines):
            if count % _LOOK == 0 and self._stop.is_set():
                raise Stopped
            record = without_time(line.text) if timed else line.text
            fault = line.fault or self._write(before, line.number, record, parser)
            if fault is None:
                self._ids.append(id)
                self._numbers.append(line.number)
            elif fault:
                rejected.append(Line(line.number, line.text, fault))
        return rejected

    def _write(self, before: str, number: int, text: str, parser: ShapeParser) -> str | None:
        """None when the record was written, empty when it is nothing to keep, else its fault."""
        if not text.strip(" ") or (self._all_text and self._is_header(number, text, parser)):
            return ""
        if "\r" in text:
            # The database would take it for a line end when it reads what is written here.
            return "a carriage return inside the line"
        try:
            layout = parser.parse(text).layout
        except RejectedLine as error:
            return "" if self._is_header(number, text, parser) else error.reason
        words = split_line(text)
        if layout != self._layout:
            places = zip(self._places_of(layout), self._absent, strict=True)
            words = [absent if place is None else words[place] for place, absent in places]
        self._out.write(f"{before}{' '.join(words)}\n")
        return None

    def _places_of(self, layout: Layout) -> tuple[int | None, ...]:
        """Where a record of some layout has the fields of the file's; None for those it lacks."""
        if layout not in self._places:
            self._places[layout] = tuple(layout.index(column) for column in self._layout.columns)
        return self._places[layout]

    def _is_header(self, number: int, text: str, parser: ShapeParser) -> bool:
        try:
            names = Layout.from_header(text).names
        except LayoutError:
            return False
        if all(names != layout.names for layout in parser.layouts):
            raise Unreadable(f"line {number} is a header of another layout; split the file there")
        return True

    def finish(self) -> bool:
        """End writing; whether there is anything to load."""
        self._out.close()
        return bool(self._ids)

    def origin(self, number: int) -> tuple[int, int]:
        """Object number, and line number there, of a 1-based line of the repaired file."""
        return self._ids[number - 1], self._numbers[number - 1]
