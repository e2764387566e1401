"""The line that separates panes and names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from flowtui.tui.widgets.fit import shorten

if TYPE_CHECKING:
    from flowtui.tui.app import FlowTuiApp


class PaneTitle(Widget):
    """``── Flow logs · 3 ─────``; without a title a plain line."""

    DEFAULT_CSS = """
    PaneTitle { height: 1; width: 1fr; }
    """
    can_focus = False
    title: reactive[str] = reactive("")
    note: reactive[str] = reactive("")

    def __init__(self, title: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(PaneTitle.title, title)

    def render(self) -> Content:
        """Title and note on a line as wide as the pane."""
        glyphs = cast("FlowTuiApp", self.app).glyphs
        width = self.size.width
        if not self.title:
            return Content.assemble((glyphs.line * width, "$line"))
        note = f" {glyphs.dot} {self.note}" if self.note else ""
        note = shorten(note, max(0, width - len(self.title) - 6), glyphs.ellipsis)
        head = Content.assemble((glyphs.line * 2 + " ", "$line"), (self.title, "bold"), (note, "$muted"), " ")
        rest = max(0, width - head.cell_length)
        return Content.assemble(head, (glyphs.line * rest, "$line"))
