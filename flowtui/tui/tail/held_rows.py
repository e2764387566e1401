"""Rows of the tail, in columns: the lines' texts, and where each is from.

An object for every row of a full ring would take its memory, and the garbage collector's time: it looks at all objects
that refer to others, a hundred thousand of them for longer than a frame lasts. It does not look at texts.

Any thread may make some; what they share are two dictionaries, and two equal entries would do no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableSequence, Sequence
from operator import eq
from typing import cast, overload

from flowtui.records.filter_lines import is_even
from flowtui.records.layout import Layout
from flowtui.tui.tail.lines import GapRow, HeldLine, TailRow

_MOST_ORIGINS = 65_536
"""Remembered at one time; lines of more streams than that share theirs with fewer others."""


class Shape:
    """How a line is cut: by which layout, and whether it is even (see :func:`~flowtui.records.filter_lines.is_even`).

    Two are the same only when they are one object, so that sets of them are quick.
    """

    __slots__ = ("even", "layout")

    def __init__(self, layout: Layout | None, even: bool) -> None:
        self.layout = layout
        self.even = even


class Origin:
    """What many lines have in common: shape and log stream. Compared as shapes are."""

    __slots__ = ("shape", "stream")

    def __init__(self, shape: Shape, stream: str) -> None:
        self.shape = shape
        self.stream = stream


_Key = tuple[int, bool, str]
_shapes: dict[tuple[int, bool], Shape] = {}
_origins: dict[_Key, Origin] = {}


def _origin(line: HeldLine) -> Origin:
    # By the layout's identity, for hashing one takes longer than the rest; the shape keeps the layout, and so its id.
    even = line.layout is not None and is_even(line.raw)
    key = id(line.layout), even, line.stream
    found = _origins.get(key)
    if found is None:
        if len(_origins) >= _MOST_ORIGINS:
            _origins.clear()
            _shapes.clear()
        shape = _shapes.setdefault(key[:2], Shape(line.layout, even))
        found = _origins[key] = Origin(shape, line.stream)
    return found


class HeldRows(MutableSequence[TailRow]):
    """A list of rows that keeps no row: they are made when they are asked for.

    Args:
        rows: what it holds at first.
    """

    __slots__ = ("_from", "texts")

    def __init__(self, rows: Iterable[TailRow] = ()) -> None:
        self.texts: list[str] = []
        self._from: list[Origin | GapRow] = []
        self.extend(rows)

    def __len__(self) -> int:
        return len(self.texts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(other) == len(self) and all(map(eq, self, other))

    @overload
    def __getitem__(self, index: int) -> TailRow: ...
    @overload
    def __getitem__(self, index: slice) -> HeldRows: ...
    def __getitem__(self, index: int | slice) -> TailRow | HeldRows:
        if isinstance(index, slice):
            part = HeldRows()
            part.texts, part._from = self.texts[index], self._from[index]
            return part
        return _row(self.texts[index], self._from[index])

    def __iter__(self) -> Iterator[TailRow]:
        return map(_row, self.texts, self._from)

    @overload
    def __setitem__(self, index: int, value: TailRow) -> None: ...
    @overload
    def __setitem__(self, index: slice, value: Iterable[TailRow]) -> None: ...
    def __setitem__(self, index: int | slice, value: TailRow | Iterable[TailRow]) -> None:
        if isinstance(index, slice):
            rows = HeldRows(cast("Iterable[TailRow]", value))
            self.texts[index], self._from[index] = rows.texts, rows._from
        else:
            self.texts[index], self._from[index] = _packed(cast("TailRow", value))

    def __delitem__(self, index: int | slice) -> None:
        del self.texts[index]
        del self._from[index]

    def insert(self, index: int, value: TailRow) -> None:
        """Put a row before the one at ``index``."""
        self[index:index] = (value,)

    def extend(self, values: Iterable[TailRow]) -> None:
        """Put rows at the end."""
        if isinstance(values, HeldRows):
            self.texts += values.texts
            self._from += values._from
            return
        for row in values:
            text, origin = _packed(row)
            self.texts.append(text)
            self._from.append(origin)

    def by_shape(self) -> dict[Shape | None, Sequence[int]]:
        """The places of the lines of each shape, in order; of marks of gaps, which have none, under None."""
        shapes = {origin: None if isinstance(origin, GapRow) else origin.shape for origin in set(self._from)}
        distinct = set(shapes.values())
        if len(distinct) == 1:
            return {distinct.pop(): range(len(self))}
        found: dict[Shape | None, list[int]] = {shape: [] for shape in distinct}
        for place, origin in enumerate(self._from):
            found[shapes[origin]].append(place)
        return {**found}


def _packed(row: TailRow) -> tuple[str, Origin | GapRow]:
    return ("", row) if isinstance(row, GapRow) else (row.raw, _origin(row))


def _row(text: str, origin: Origin | GapRow) -> TailRow:
    return origin if isinstance(origin, GapRow) else HeldLine(text, origin.shape.layout, origin.stream)
