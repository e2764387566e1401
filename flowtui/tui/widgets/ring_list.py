"""A list of the newest items of a stream that never moves under the reader's eyes; :class:`RingView` adds the keys.

Threads: everything here belongs to the event loop; a worker posts messages and their handler calls :meth:`append`.

Three states. *Following*: the newest line is at the bottom and the cursor on it. *Detached* (the reader moved up):
lines join below, the view stays on the item it shows, whatever arrives or is evicted. *Paused*: as detached, and
arrivals are not even listed until the pause ends. :attr:`RingList.new_count` is exact in both.

A new filter shows its result when there is a screenful of it, or all; until then the old one's stays.
"""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence
from time import perf_counter
from typing import ClassVar, Generic, Self, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from flowtui.tui.widgets.listing import Listing
from flowtui.tui.widgets.painted import PaintedLines, empty_text
from flowtui.tui.widgets.ring import Ring, Test

_T = TypeVar("_T")

CAPACITY = 100_000
_SLICE_S = 0.012
"""How long one portion of re-filtering may hold the event loop."""
_REST_S = 0.1
"""Between two placings for arrivals: a reader sees no more of them, and each paints the whole list."""


class RingList(ScrollView, Generic[_T], can_focus=True):
    """Shows a :class:`Ring` line by line; subclasses say how a line looks.

    Args:
        capacity: how many items are held.
        follow: whether it begins at the newest item; else at the oldest, for lists that are read from the top.
        id: the widget's id.
    """

    DEFAULT_CSS = """
    RingList { height: 1fr; overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; }
    RingList > .ring-view--cursor { background: $panel; }
    RingList:focus > .ring-view--cursor { background: $block-cursor-background; }
    RingList > .ring-view--empty { color: $muted; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"ring-view--cursor", "ring-view--empty"}

    class Changed(Message):
        """Counts, state or cursor changed; the status line wants to know."""

        def can_replace(self, message: Message) -> bool:
            """One of several that wait is enough."""
            return isinstance(message, RingList.Changed)

    def __init__(self, *, capacity: int = CAPACITY, follow: bool = True, id: str | None = None) -> None:
        super().__init__(id=id)
        self.listing: Listing[_T] = Listing(capacity, self.make_items)
        self._begins_following = follow
        self.follow = follow
        self.paused = False
        self._limit: int | None = None
        self._seen = 0
        self._top = 0
        self._cursor: int | None = None
        self._placing = False
        self._placed_s = 0.0
        self._due: Timer | None = None
        self._scanning = False
        self._placed: tuple[object, ...] = ()
        self._painted = PaintedLines()
        self._paint: tuple[Size, int, Style] | None = None

    def make_items(self) -> MutableSequence[_T]:
        """An empty sequence to hold the items in; for views whose items are many and can be kept compact."""
        return []

    def render_item(self, item: _T, width: int) -> Strip:
        """One line for one item, at most ``width`` cells wide."""
        raise NotImplementedError

    def empty_lines(self) -> Sequence[str]:
        """What to say when there is nothing to show: what is missing, and the key that mends it."""
        return ()

    def render_numbered(self, number: int, item: _T, width: int) -> Strip:
        """One line, for views whose lines also show something about an item's number."""
        return self.render_item(item, width)

    # What is shown.

    @property
    def ring(self) -> Ring[_T]:
        """The items."""
        return self.listing.ring

    @property
    def shown_count(self) -> int:
        """Lines in the view, held back ones not counted."""
        return self.listing.sieve.count(stop=self._limit)

    @property
    def new_count(self) -> int:
        """Passing items that arrived since the view stopped following."""
        return 0 if self._following else self.listing.sieve.count(self._seen)

    @property
    def filtering(self) -> bool:
        """True while a new filter has not yet been tried on every held item."""
        return self.listing.changing

    @property
    def cursor_item(self) -> _T | None:
        """The item under the cursor; None in an empty view."""
        number = self.cursor_number
        return None if number is None else self.ring[number]

    @property
    def cursor_number(self) -> int | None:
        """The number of the item under the cursor; None in an empty view."""
        return self.listing.sieve.number_at(self._cursor_line) if self.shown_count else None

    def lists(self, number: int) -> bool:
        """Whether an item is among those shown."""
        return bool(self.listing.sieve.count(number, number + 1)) and (self._limit is None or number < self._limit)

    def shown_items(self) -> list[_T]:
        """Every item in the view, oldest first."""
        return self.listing.items(self._limit)

    # Changing it.

    def append(self, items: Sequence[_T]) -> None:
        """Add items at the end."""
        self.listing.append(items)
        self._place_soon()

    def prepend(self, items: Sequence[_T]) -> int:
        """Add items before the oldest, as far as there is room; returns how many there was room for."""
        taken = self.ring.prepend(items)
        self.go_on_scanning()
        return taken

    def clear(self) -> None:
        """Empty the ring and begin as at first."""
        self.listing.clear()
        self._cursor, self._limit, self.paused, self.follow = None, None, False, self._begins_following
        self._top = self._seen = 0
        self.refresh()
        self._place()

    def set_filter(self, passes: Test[_T] | None) -> None:
        """Show only the items that pass."""
        # Off the newest line the reader's place is known only when everything is tested.
        enough = max(1, self.size.height) if self.follow and not self.paused else None
        self.listing.set_passes(passes, enough)
        self.go_on_scanning()

    def go_on_scanning(self) -> None:
        """Test held items, in slices, until every test has seen every item."""
        if not self._scanning:
            self._scan()
        else:
            self._place()

    def _scan(self) -> None:
        self.listing.scan(_SLICE_S)
        self._scanning = self.listing.unfinished
        if self._scanning:
            self.set_timer(0.001, self._scan)
        if self._scanning and self.listing.sieve in self._placed:
            self._place_soon()
        else:
            self._place()

    def set_paused(self, paused: bool) -> None:
        """Hold new items back, or let them in; ending a pause follows again when the view followed before it."""
        if paused != self.paused:
            self._hold()
            self.paused = paused
            self._limit = self.ring.end if paused else None
            self._place()

    def set_follow(self, follow: bool) -> None:
        """Stay at the newest line, or stay where the reader is; following ends a pause."""
        self._hold()
        if follow:
            self.paused, self._limit = False, None
        self.follow = follow
        self._place()

    def _hold(self) -> None:
        """Note what a following view shows just now, which may be newer than when it was placed last."""
        if self._following and self.shown_count:
            self._top, self._cursor = self._number_at(self._first_line), self._number_at(self.shown_count - 1)
            self._seen = self.ring.end

    @property
    def _following(self) -> bool:
        return self.follow and not self.paused

    # Placing the view.

    def _place_soon(self) -> None:
        """Place the view at once when it has not been for a while, else when it is time."""
        wait_s = _REST_S - (perf_counter() - self._placed_s)
        if wait_s <= 0:
            self._place()
        elif self._due is None:
            self._due = self.set_timer(wait_s, self._place)

    def _place(self) -> None:
        """Bring size, scroll position and cursor in line with the items, moving nothing the reader looks at."""
        if self._due is not None:
            self._due.stop()
            self._due = None
        self._placed_s = perf_counter()
        count = self.shown_count
        self._placing = True
        try:
            self._set_length(count)
            if self._following:
                self._seen = self.ring.end
                self._cursor = self.listing.sieve.number_at(count - 1) if count else None
                self.scroll_to(y=self.max_scroll_y, animate=False)
                self._top = self._number_at(self._first_line)
            else:
                if self._cursor is None and count:
                    self._cursor = self.listing.sieve.number_at(0)
                self.scroll_to(y=self.listing.sieve.line_of(self._top), animate=False)
        finally:
            self._placing = False
        placed = self._visible()
        if placed != self._placed or not count:
            self._placed = placed
            self.refresh(self.size.region)
        self.post_message(self.Changed())

    def _set_length(self, count: int) -> None:
        size = Size(self.size.width, count)
        if size != self.virtual_size:
            # By the reactive itself the whole screen would be laid out and painted again; the scrollbar stays anyway.
            self.set_reactive(RingList.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = count

    def _visible(self) -> tuple[object, ...]:
        """What a painting depends on, but for how a line looks: which items are where, and which has the cursor."""
        first, sieve = self._first_line, self.listing.sieve
        last = min(first + self.size.height, self.shown_count)
        return sieve, self.size, self._cursor_line - first, *(sieve.number_at(line) for line in range(first, last))

    @property
    def _first_line(self) -> int:
        """The line at the top: as the items say, which may have moved since they were placed last."""
        last = max(0, self.shown_count - self.size.height)
        return last if self._following else min(self.listing.sieve.line_of(self._top), last)

    def _number_at(self, line: int) -> int:
        return self.listing.sieve.number_at(line) if line < self.shown_count else self.ring.end

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Remember the item at the top when the reader scrolls."""
        super().watch_scroll_y(old_value, new_value)
        if not self._placing and not self.follow:
            self._top = self._number_at(round(new_value))

    def on_resize(self) -> None:
        """Keep the newest line, or the top item, in place."""
        self._place()

    @property
    def _cursor_line(self) -> int:
        count = self.shown_count
        if self._following:
            return max(0, count - 1)
        if self._cursor is None:
            return 0
        line = self.listing.sieve.line_of(self._cursor)
        return max(0, min(line, count - 1))

    # Painting.

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Paint again; without regions also the lines whose items were painted before, for they may look different."""
        self._paint = None
        if not regions:
            self._painted.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        """Colours changed."""
        self._paint = None
        self._painted.clear()
        super().notify_style_update()

    @property
    def line_width(self) -> int:
        """Cells a line has, without the scrollbar."""
        return self.scrollable_content_region.width

    def _width_and_style(self) -> tuple[int, Style]:
        """Of all lines; Textual finds both out anew each time, in as long as a line takes to paint."""
        size = self.outer_size
        if self._paint is None or self._paint[0] != size:
            self._paint = size, self.line_width, self.rich_style
        return self._paint[1:]

    def render_line(self, y: int) -> Strip:
        """Paint one line of the visible part."""
        width, own_style = self._width_and_style()
        line = self._first_line + y
        if line >= self.shown_count:
            return self._blank_line(y, width)
        number = self.listing.sieve.number_at(line)
        strip = self._painted.line(number, width, lambda: self.render_numbered(number, self.ring[number], width))
        if line == self._cursor_line:
            # Over whatever tint the line has of its own.
            style = self.get_component_rich_style("ring-view--cursor", partial=True)
            strip = Strip(Segment.apply_style(strip, post_style=style), strip.cell_length)
        return strip.apply_style(own_style)

    def _blank_line(self, y: int, width: int) -> Strip:
        text = None if self.shown_count else empty_text(self.empty_lines(), y, width, self.size.height)
        if text is None:
            return Strip.blank(width, self.rich_style)
        style = self.rich_style + self.get_component_rich_style("ring-view--empty", partial=True)
        return Strip([Segment(text, style)], width)
