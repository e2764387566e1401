"""What a result grid says; apart from the grid, whose module imports pyarrow."""

from __future__ import annotations

from textual.message import Message


class CellLooked(Message):
    """The cursor came to a cell: its column's name and its exact value as text."""

    def __init__(self, column: str, value: str) -> None:
        super().__init__()
        self.column = column
        self.value = value


class CellOpened(Message):
    """A cell was clicked, or enter pressed on it."""
