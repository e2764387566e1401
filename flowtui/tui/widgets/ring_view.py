"""A :class:`RingList` with a cursor: keys, wheel and mouse, each of which stops following.

The wheel and the scrollbar are the reader's wish to stay, as moving the cursor is.
"""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from flowtui.tui.commands import LIST_KEYS
from flowtui.tui.widgets.ring_list import RingList

_T = TypeVar("_T")


class RingView(RingList[_T]):
    """Shows a ring line by line; subclasses say how a line looks."""

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

    class TopReached(Message):
        """The reader wants to go on upwards from the oldest item."""

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

    def action_move(self, by: int) -> None:
        """Move the cursor; moving it stops following."""
        if self.shown_count:
            self._go_on_to(self._cursor_line + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by a screenful."""
        if self.shown_count:
            self._go_on_to(self._cursor_line + by * max(1, self.size.height - 1))

    def action_oldest(self) -> None:
        """Go to the oldest item held."""
        if self.shown_count:
            self._go_to_line(0)

    def _go_on_to(self, line: int) -> None:
        if line < 0 and self._cursor_line == 0:
            self.post_message(self.TopReached())
        self._go_to_line(line)

    def go_to(self, number: int) -> None:
        """Put the cursor on an item, or on the next one listed after it."""
        if self.shown_count:
            self._go_to_line(self.listing.sieve.line_of(number))

    def go_to_middle(self, number: int) -> None:
        """Put the cursor on an item and show what stands around it."""
        if self.shown_count:
            line = self.listing.sieve.line_of(number)
            self._detach()
            self._top = self.listing.sieve.number_at(max(0, line - self.size.height // 2))
            self._place()
            self._go_to_line(line)

    def action_newest(self) -> None:
        """Go to the newest item and follow."""
        self.set_follow(True)

    def _go_to_line(self, line: int) -> None:
        first = self._first_line
        self._detach()
        line = max(0, min(line, self.shown_count - 1))
        self._cursor = self.listing.sieve.number_at(line)
        top, height = first, max(1, self.size.height)
        if not top <= line < top + height:
            top = line if line < top else line - height + 1
        self._top = self.listing.sieve.number_at(max(0, min(top, self.shown_count - 1)))
        self._place()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the line clicked."""
        line = self._first_line + event.y
        if line < self.shown_count:
            self._go_to_line(line)
