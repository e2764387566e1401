"""A list of the newest items of a stream that follows, pauses and never moves under the reader's eyes.

Threads: everything here belongs to the event loop; a worker posts messages and their handler calls :meth:`append`.

Three states. *Following*: the newest line is at the bottom and the cursor on it. *Detached* (the reader moved up):
lines join below, the view stays on the item it shows, whatever arrives or is evicted. *Paused*: as detached, and
arrivals are not even listed until the pause ends. :attr:`RingView.new_count` is exact in both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import wrap
from time import perf_counter
from typing import ClassVar, Generic, TypeVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from flowtui.tui.commands import LIST_KEYS
from flowtui.tui.widgets.ring import Ring, Sieve

_T = TypeVar("_T")

CAPACITY = 100_000
_SLICE_S = 0.012
"""How long one portion of re-filtering may hold the event loop."""
_PORTION = 2_000
"""Items tested between two looks at the clock while re-filtering."""


class RingView(ScrollView, Generic[_T], can_focus=True):
    """Shows a :class:`Ring` line by line; subclasses say how a line looks.

    Args:
        capacity: how many items are held.
        follow: whether it begins at the newest item; else at the oldest, for lists that are read from the top.
        id: the widget's id.
    """

    DEFAULT_CSS = """
    RingView { height: 1fr; overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; }
    RingView > .ring-view--cursor { background: $panel; }
    RingView:focus > .ring-view--cursor { background: $block-cursor-background; }
    RingView > .ring-view--empty { color: $muted; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"ring-view--cursor", "ring-view--empty"}

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(LIST_KEYS[id], action, show=False, id=id)
            for id, action in (
                ("list.down", "move(1)"),
                ("list.up", "move(-1)"),
                ("list.page_down", "page(1)"),
                ("list.page_up", "page(-1)"),
                ("list.first", "oldest"),
                ("list.last", "newest"),
            )
        )
    ]

    class Changed(Message):
        """Counts, state or cursor changed; the status line wants to know."""

    def __init__(self, *, capacity: int = CAPACITY, follow: bool = True, id: str | None = None) -> None:
        super().__init__(id=id)
        self.ring: Ring[_T] = Ring(capacity)
        self._begins_following = follow
        self.follow = follow
        self.paused = False
        self._sieve: Sieve[_T] = Sieve(self.ring)
        self._limit: int | None = None
        self._seen = 0
        self._top = 0
        self._cursor: int | None = None
        self._placing = False

    def render_item(self, item: _T, width: int) -> Strip:
        """One line for one item, at most ``width`` cells wide."""
        raise NotImplementedError

    def empty_lines(self) -> Sequence[str]:
        """What to say when there is nothing to show: what is missing, and the key that mends it."""
        return ()

    # What is shown.

    @property
    def shown_count(self) -> int:
        """Lines in the view, held back ones not counted."""
        return self._sieve.count(stop=self._limit)

    @property
    def new_count(self) -> int:
        """Passing items that arrived since the view stopped following."""
        return self._sieve.count(self._seen)

    @property
    def filtering(self) -> bool:
        """True while a new filter has not yet been tried on every held item."""
        return self._sieve.passes is not None and not self._sieve.complete

    @property
    def cursor_item(self) -> _T | None:
        """The item under the cursor; None in an empty view."""
        return self.ring[self._sieve.number_at(self._cursor_line)] if self.shown_count else None

    def shown_items(self) -> list[_T]:
        """Every item in the view, oldest first."""
        return [self.ring[number] for number in self._sieve.numbers(self._limit)]

    # Changing it.

    def append(self, items: Sequence[_T]) -> None:
        """Add items at the end."""
        start = self.ring.end
        self.ring.extend(items)
        self._sieve.arrived(start)
        self._place()

    def clear(self) -> None:
        """Empty the ring and begin as at first."""
        self.ring = Ring(self.ring.capacity)
        self._sieve = Sieve(self.ring, self._sieve.passes)
        self._cursor, self._limit, self.paused, self.follow = None, None, False, self._begins_following
        self._top = self._seen = 0
        self._place()

    def set_filter(self, passes: Callable[[_T], bool] | None) -> None:
        """Show only the items that pass; the newest are there at once, the others follow in slices."""
        self._sieve = Sieve(self.ring, passes)
        self._scan()

    def _scan(self) -> None:
        sieve, until = self._sieve, perf_counter() + _SLICE_S
        while not sieve.complete and perf_counter() < until:
            sieve.scan(_PORTION)
        if not sieve.complete:
            self.set_timer(0.001, lambda: self._scan() if self._sieve is sieve else None)
        self._place()

    def set_paused(self, paused: bool) -> None:
        """Hold new items back, or let them in; ending a pause follows again when the view followed before it."""
        if paused != self.paused:
            self.paused = paused
            self._limit = self.ring.end if paused else None
            self._place()

    def set_follow(self, follow: bool) -> None:
        """Stay at the newest line, or stay where the reader is; following ends a pause."""
        if follow:
            self.paused, self._limit = False, None
        elif self.follow:
            self._top = self._top_number()
        self.follow = follow
        self._place()

    # Placing the view.

    def _place(self) -> None:
        """Bring size, scroll position and cursor in line with the items, moving nothing the reader looks at."""
        count = self.shown_count
        following = self.follow and not self.paused
        self._placing = True
        try:
            self.virtual_size = Size(self.size.width, count)
            if following:
                self._seen = self.ring.end
                self._cursor = self._sieve.number_at(count - 1) if count else None
                self.scroll_to(y=self.max_scroll_y, animate=False)
                self._top = self._top_number()
            else:
                if self._cursor is None and count:
                    self._cursor = self._sieve.number_at(0)
                self.scroll_to(y=self._sieve.line_of(self._top), animate=False)
        finally:
            self._placing = False
        self.refresh()
        self.post_message(self.Changed())

    def _top_number(self) -> int:
        line = round(self.scroll_y)
        return self._sieve.number_at(line) if line < self.shown_count else self.ring.end

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Remember the item at the top when the reader scrolls."""
        super().watch_scroll_y(old_value, new_value)
        if not self._placing and not self.follow:
            self._top = self._top_number()

    def on_resize(self) -> None:
        """Keep the newest line, or the top item, in place."""
        self._place()

    # Scrolling by wheel and scrollbar is the reader's wish to stay.

    def on_mouse_scroll_up(self) -> None:
        """Detach: the wheel was turned."""
        self._detach()

    def on_scroll_to(self) -> None:
        """Detach: the scrollbar was dragged."""
        self._detach()

    def on_scroll_up(self) -> None:
        """Detach: the scrollbar was clicked."""
        self._detach()

    def _detach(self) -> None:
        if self.follow:
            self.set_follow(False)

    # The cursor.

    @property
    def _cursor_line(self) -> int:
        count = self.shown_count
        line = self._sieve.line_of(self._cursor) if self._cursor is not None else count - 1
        return max(0, min(line, count - 1))

    def action_move(self, by: int) -> None:
        """Move the cursor; moving it stops following."""
        if self.shown_count:
            self._go_to_line(self._cursor_line + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by a screenful."""
        if self.shown_count:
            self._go_to_line(self._cursor_line + by * max(1, self.size.height - 1))

    def action_oldest(self) -> None:
        """Go to the oldest item held."""
        if self.shown_count:
            self._go_to_line(0)

    def action_newest(self) -> None:
        """Go to the newest item and follow."""
        self.set_follow(True)

    def _go_to_line(self, line: int) -> None:
        self._detach()
        line = max(0, min(line, self.shown_count - 1))
        self._cursor = self._sieve.number_at(line)
        top, height = round(self.scroll_y), max(1, self.size.height)
        if not top <= line < top + height:
            top = line if line < top else line - height + 1
        self._top = self._sieve.number_at(max(0, min(top, self.shown_count - 1)))
        self._place()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the line clicked."""
        line = round(self.scroll_y) + event.y
        if line < self.shown_count:
            self._go_to_line(line)

    # Painting.

    @property
    def line_width(self) -> int:
        """Cells a line has, without the scrollbar."""
        return self.scrollable_content_region.width

    def render_line(self, y: int) -> Strip:
        """Paint one line of the visible part."""
        width = self.line_width
        line = round(self.scroll_y) + y
        if line >= self.shown_count:
            return self._blank_line(y, width)
        item = self.ring[self._sieve.number_at(line)]
        strip = self.render_item(item, width).adjust_cell_length(width)
        if line == self._cursor_line:
            strip = strip.apply_style(self.get_component_rich_style("ring-view--cursor", partial=True))
        return strip.apply_style(self.rich_style)

    def _blank_line(self, y: int, width: int) -> Strip:
        lines = (
            []
            if self.shown_count
            else [part for line in self.empty_lines() for part in wrap(line, max(20, width - 4)) or [""]]
        )
        at = y - max(0, (self.size.height - len(lines)) // 3)
        if not 0 <= at < len(lines):
            return Strip.blank(width, self.rich_style)
        style = self.rich_style + self.get_component_rich_style("ring-view--empty", partial=True)
        return Strip([Segment(lines[at][:width].center(width), style)], width)
