"""A few lines of text that say so when there is more of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.widgets import Static

if TYPE_CHECKING:
    from flowtui.tui.app import FlowTuiApp


class Brief(Static):
    """Text under a list, as many lines as the stylesheet gives; what does not fit ends with an ellipsis.

    Args:
        more: the key that shows the whole text, and what it does: ``enter shows all``.
    """

    def __init__(self, more: str, *, id: str) -> None:
        super().__init__(id=id, markup=False)
        self._more = more
        self.whole = Content()

    def say(self, text: Content | str) -> None:
        """Show another text."""
        self.whole = text if isinstance(text, Content) else Content(text)
        self._fit()

    def on_resize(self) -> None:
        """The same text in the new width."""
        self._fit()

    def _fit(self) -> None:
        width, height = self.size
        lines = self.whole.wrap(width) if width else []
        if not height or len(lines) <= height:
            self.update(self.whole)
            return
        mark = Content.assemble(f"{cast('FlowTuiApp', self.app).glyphs.ellipsis} ", (self._more, "$muted"))
        last = lines[height - 1].rstrip().truncate(max(0, width - mark.cell_length - 1))
        self.update(Content("\n").join([*lines[: height - 1], Content.assemble(last, " ", mark)]))
