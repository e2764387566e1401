"""Text fitted to cells of the terminal; wide characters count two."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size


def shorten(text: str, width: int, ellipsis: str = "…") -> str:
    """The text if it fits, else its beginning and an ellipsis; never wider than ``width`` cells."""
    if cell_len(text) <= width:
        return text
    if width <= 0:
        return ""
    return set_cell_size(text, width - 1).rstrip() + ellipsis


def shorten_middle(text: str, width: int, ellipsis: str = "…") -> str:
    """An id if it fits, else its two ends round an ellipsis: ``vpc-0a1b…0718``."""
    if cell_len(text) <= width or width < 4:
        return shorten(text, width, ellipsis)
    tail = (width - 1) // 2 if width < 10 else 4
    return text[: width - 1 - tail] + ellipsis + text[-tail:]


def fit(text: str, width: int, ellipsis: str = "…", right: bool = False) -> str:
    """The text shortened or padded to exactly ``width`` cells."""
    shown = shorten(text, width, ellipsis)
    padding = " " * (width - cell_len(shown))
    return padding + shown if right else shown + padding
