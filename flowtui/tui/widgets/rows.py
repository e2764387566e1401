"""What a list shows, and how its columns share the width. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len

from flowtui.records.labels import clean

GAP = 2
NARROW_GAP = 1
# Columns that leave before the gaps shrink.
LUXURY = 7


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Args:
        key: finds the cell in a row.
        title: over the column; as short as it can be.
        least: cells it may shrink to; 0 keeps its natural width.
        most: cells it may grow to; 0 for no limit.
        right: numbers are right-aligned.
        drop: order of leaving when there is no room, highest first; 0 never leaves, 7 and above leave early.
        middle: an id: shortened in the middle, so that its ends can still be told.
        first: gets spare room before the others.
    """

    key: str
    title: str
    least: int = 0
    most: int = 0
    right: bool = False
    drop: int = 0
    middle: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Text in a state colour: ``ok`` ``warn`` ``bad`` ``muted`` ``accent`` ``strong`` or none; ``sort`` orders it."""

    text: str
    style: str = ""
    sort: float | str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line: cells by column, or a ``note`` over the whole width. ``key`` keeps the cursor on it."""

    key: str
    cells: Mapping[str, Cell] = field(default_factory=dict)
    note: Cell | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """The columns that are shown with their widths, and the gap between them, in cells."""

    columns: tuple[tuple[Column, int], ...]
    gap: int


def fit_columns(columns: Sequence[Column], rows: Sequence[Row], room: int, sorted_by: str = "") -> Fitted:
    """Fit columns into ``room`` cells: luxuries leave, then the gaps shrink, then the rest leave by rank.

    Args:
        columns: all of them, in order.
        rows: what is in them; a column that can leave and of which no row says anything does.
        room: cells there are.
        sorted_by: the column whose title carries the mark of the order.
    """
    natural = {column.key: _natural(column, rows, column.key == sorted_by) for column in columns}
    least = {c.key: min(natural[c.key], c.least) if c.least else natural[c.key] for c in columns}
    shown = [column for column in columns if not column.drop or _is_told(column, rows)]
    gap = GAP

    def need() -> int:
        return sum(least[column.key] for column in shown) + gap * max(0, len(shown) - 1)

    def rank(column: Column) -> int:
        return column.drop

    while need() > room and any(column.drop >= LUXURY for column in shown):
        shown.remove(max(shown, key=rank))
    if need() > room:
        gap = NARROW_GAP
    while need() > room and any(column.drop for column in shown):
        shown.remove(max(shown, key=rank))
    spare = max(0, room - need())
    width = dict(least)
    for column in sorted(shown, key=lambda column: not column.first):
        more = min(spare, natural[column.key] - least[column.key])
        width[column.key] += more
        spare -= more
    return Fitted(tuple((column, width[column.key]) for column in shown), gap)


def _is_told(column: Column, rows: Sequence[Row]) -> bool:
    return not rows or any(column.key in row.cells for row in rows)


def _natural(column: Column, rows: Sequence[Row], is_sorted: bool) -> int:
    texts = (clean(row.cells[column.key].text) for row in rows if column.key in row.cells)
    # Two cells for the arrow that marks the sorted column.
    title = cell_len(column.title) + (2 if is_sorted else 0)
    width = max([title, *(cell_len(text) for text in texts)])
    return min(width, column.most) if column.most else width
