"""The list of records on the Tail screen."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import MutableSequence, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.strip import Strip

from flowtui.records.labels import clean
from flowtui.records.parse import Record
from flowtui.tui.commands import bindings
from flowtui.tui.tail.columns import Placed, clock_text, fit_columns, outcome, plain_cell
from flowtui.tui.tail.commands import JUMP_COMMANDS
from flowtui.tui.tail.gap_words import gap_text
from flowtui.tui.tail.held_rows import HeldRows
from flowtui.tui.tail.lines import GapRow, HeldLine, TailRow
from flowtui.tui.tail.marks import Bookmarks, Highlights
from flowtui.tui.tail.names import Names
from flowtui.tui.theme import UNICODE, Glyphs
from flowtui.tui.widgets.fit import fit
from flowtui.tui.widgets.ring_view import RingView
from flowtui.tui.widgets.short import fit_middle

_INSTEAD = {
    "NODATA": "no traffic in this interval",
    "SKIPDATA": "records were lost here: capacity or an internal error of AWS",
}
_DIM_KEYS = ("time", "srcport", "service", "flags", "direction")


class TailView(RingView[TailRow]):
    """Records as lines of columns, fitted to the width there is."""

    DEFAULT_CSS = """
    TailView > .tail--accept { color: $success; }
    TailView > .tail--reject { color: $error; }
    TailView > .tail--nodata { color: $muted; }
    TailView > .tail--skipdata { color: $warning; }
    TailView > .tail--dim { color: $muted; }
    TailView > .tail--found { background: $panel; text-style: bold; }
    TailView > .tail--sign { color: $accent; text-style: bold; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*JUMP_COMMANDS)]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "tail--accept",
        "tail--reject",
        "tail--nodata",
        "tail--skipdata",
        "tail--dim",
        "tail--found",
        "tail--sign",
    }

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.names = Names()
        self.show_names = True
        self.glyphs: Glyphs = UNICODE
        self.fields: frozenset[str] = frozenset()
        self.empty: Sequence[str] = ()
        self.highlights = Highlights(self.listing)
        self.bookmarks = Bookmarks()
        self._gaps: list[int] = []
        self._marks: dict[int, GapRow] = {}

    @property
    def columns(self) -> tuple[Placed, ...]:
        """The columns at the present width."""
        return self._columns_of(self.line_width - 1)

    def _columns_of(self, width: int) -> tuple[Placed, ...]:
        return fit_columns(max(20, width), self.fields)

    def make_items(self) -> MutableSequence[TailRow]:
        """Rows in columns."""
        return HeldRows()

    def heading(self) -> str:
        """The columns' titles, over their columns."""
        titles = (fit(placed.column.title, placed.width, right=placed.column.right) for placed in self.columns)
        return " " + " ".join(titles)

    def mark_gap(self, gap: GapRow) -> None:
        """Add a row that tells of a stretch without Live Tail, or let the one of this number tell what is known now."""
        if gap.number and gap.number in self._marks:
            self._marks[gap.number].learn(gap)
            self.refresh()
            return
        self._marks[gap.number] = gap
        self._gaps.append(self.ring.end)
        self.append([gap])

    def clear(self) -> None:
        """Empty the list; the highlights stay, the bookmarks go with their records."""
        self._gaps, self._marks, self.bookmarks = [], {}, Bookmarks()
        super().clear()

    @property
    def gaps_held(self) -> int:
        """How many of the held rows are marks of gaps."""
        return len(self._gaps) - bisect_left(self._gaps, self.ring.first)

    @property
    def gaps_shown(self) -> int:
        """How many of the listed rows are marks of gaps; every held one is, but for those a pause holds back."""
        return sum(self.lists(gap) for gap in self._gaps)

    def empty_lines(self) -> Sequence[str]:
        """What the screen says about the emptiness."""
        return self.empty

    def render_numbered(self, number: int, item: TailRow, width: int) -> Strip:
        """A line with its sign in front: a bookmark, or the highlight it has; a highlight tints it as well."""
        found = self.highlights.of(item)
        sign = self.glyphs.bookmark if number in self.bookmarks else self.glyphs.numbers[found - 1] if found else " "
        line = self.render_item(item, width - 1)
        strip = Strip([Segment(sign, self._style("sign")), *line])
        return strip.apply_style(self._style("found")) if found else strip

    def render_item(self, item: TailRow, width: int) -> Strip:
        """One row: columns, the line as it came when it fits no layout, or the mark of a gap."""
        if isinstance(item, GapRow):
            return Strip([Segment(fit(gap_text(item, self.glyphs, width), width), self._style("skipdata"))])
        record = item.record
        if record is None:
            # Cut before it is cleaned: a line may be a quarter of a megabyte long.
            text = f"{self.glyphs.unknown} {clean(item.raw[: 4 * width])}"
            return Strip([Segment(fit(text, width), self._style("dim"))])
        result = outcome(record)
        mark_style = self._style(result.lower()) if result else self._style("dim")
        # Neighbours of one style are one segment: every segment costs Textual as much as its text does us.
        segments: list[Segment] = []
        plain = ""
        dim = self._style("dim")
        columns = self._columns_of(width)
        for position, placed in enumerate(columns):
            key = placed.column.key
            plain += " " if position else ""
            if key == "src" and result in _INSTEAD:
                rest = sum(later.width + 1 for later in columns[position:]) - 1
                segments += [Segment(plain), Segment(fit(_INSTEAD[result], rest), mark_style)]
                return Strip(segments)
            text = self._cell(key, placed, item, record, result)
            style = mark_style if key == "mark" else dim if key in _DIM_KEYS else None
            if style is None:
                plain += text
                continue
            if plain:
                segments.append(Segment(plain))
            segments.append(Segment(text, style))
            plain = ""
        return Strip([*segments, Segment(plain)] if plain else segments)

    def _cell(self, key: str, placed: Placed, item: HeldLine, record: Record, result: str) -> str:
        width = placed.width
        match key:
            case "time":
                return fit(clock_text(record.start), width)
            case "mark":
                return fit({"": " "}.get(result) or getattr(self.glyphs, result.lower()), width)
            case "interface":
                interface = clean(item.interface_id)
                return fit(self.names.interface(interface), width) if self.show_names else fit_middle(interface, width)
            case "src":
                return self._address(clean(record.srcaddr), item, width)
            case "dst":
                return self._address(clean(record.dstaddr), item, width)
        return fit(clean(plain_cell(key, record)), width, right=placed.column.right)

    def _address(self, address: str, item: HeldLine, width: int) -> str:
        name = self.names.address(address, item.interface_id) if self.show_names else ""
        if not name:
            return fit_middle(address, width)
        both = f"{address} {name}"
        # Where only one of the two fits, the name is what was asked for.
        return fit(both if len(address) + 5 <= width else name, width)

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"tail--{part}", partial=True)
