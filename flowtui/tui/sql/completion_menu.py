"""The list under the word that is being typed in the SQL editor."""

from __future__ import annotations

from textual.content import Content
from textual.geometry import Offset
from textual.widgets import Static

from flowtui.records.labels import clean
from flowtui.tui.sql.completion import Offer, Offers
from flowtui.tui.theme import UNICODE, Glyphs
from flowtui.tui.widgets.fit import fit

_LINES = 8
_WIDTH = 56
_NAME = 34


class CompletionMenu(Static):
    """Shows what the word may become. It never has the focus: the editor gives it the keys."""

    DEFAULT_CSS = """
    CompletionMenu {
        overlay: screen;
        constrain: inside inflect;
        display: none;
        width: auto;
        height: auto;
        background: $panel;
        text-wrap: nowrap;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self.glyphs: Glyphs = UNICODE
        self._offers: tuple[Offer, ...] = ()
        self._start = 0
        self._cursor = 0

    @property
    def is_open(self) -> bool:
        """Whether there is something to take."""
        return bool(self._offers)

    @property
    def chosen(self) -> tuple[int, str]:
        """Where the word begins, and what it becomes; only while open."""
        return self._start, self._offers[self._cursor].text

    def open(self, found: Offers, at: Offset) -> None:
        """Show these.

        Args:
            found: what there is, not empty.
            at: where the word begins on the screen.
        """
        self._start, self._offers, self._cursor = found.start, found.offers, 0
        # One line below the word; its sign stands before it. Where there is no room below, above.
        self.absolute_offset = Offset(max(0, at.x - 1), at.y + 1)
        self.display = True
        self._paint()

    def close(self) -> None:
        """Show nothing."""
        self._offers, self.display = (), False

    def move(self, by: int) -> None:
        """Go to another line, from the last to the first."""
        self._cursor = (self._cursor + by) % len(self._offers)
        self._paint()

    def _paint(self) -> None:
        first = max(0, min(self._cursor - _LINES // 2, len(self._offers) - _LINES))
        shown = self._offers[first : first + _LINES]
        name_width = min(_NAME, max(len(offer.text) for offer in shown))
        width = min(_WIDTH, 3 + name_width + max(len(offer.what) for offer in shown))
        lines = [
            self._line(offer, first + place == self._cursor, name_width, width) for place, offer in enumerate(shown)
        ]
        if len(self._offers) > _LINES:
            lines.append(Content.styled(fit(f" {self._cursor + 1} of {len(self._offers)}", width), "$muted"))
        self.update(Content("\n").join(lines))

    def _line(self, offer: Offer, here: bool, name_width: int, width: int) -> Content:
        name = fit(clean(offer.text), name_width, self.glyphs.ellipsis)
        what = fit(clean(offer.what), width - name_width - 3, self.glyphs.ellipsis)
        sign = self.glyphs.cursor if here else " "
        style = "$block-cursor-foreground on $block-cursor-background" if here else ""
        return Content.assemble((f"{sign}{name}  ", style), (what, style or "$muted"))
