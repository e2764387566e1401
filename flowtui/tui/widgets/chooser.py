"""A page to choose from: a line to type in over a list that the typing narrows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

_T = TypeVar("_T", covariant=True)


@dataclass(frozen=True, slots=True)
class Choice(Generic[_T]):
    """One line of the list: what it stands for, how it looks, what typing looks through, and its place: by
    ``rank`` first, then by ``order``."""

    value: _T
    line: Content
    searched: str
    rank: int = 0
    order: tuple[str, ...] = ()


class Chooser(Vertical):
    """Posts :class:`Chosen` with a choice's value, or :class:`Typed` with text that none of the choices matches.

    Where several may be chosen, tab marks the line above, and :class:`Several` is posted with all that are marked.

    Args:
        title: what is chosen.
        placeholder: what may be typed.
        mark: the sign of a marked line; empty where only one may be chosen.
        id: the widget's id.
    """

    DEFAULT_CSS = """
    Chooser { padding: 1 2; }
    Chooser .chooser-title { height: 1; text-style: bold; }
    Chooser .chooser-line { margin: 1 0; background: $panel; }
    Chooser OptionList {
        height: 1fr; border: none; background: $background; padding: 0;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    Chooser .chooser-note { height: auto; color: $muted; margin: 1 0 0 0; }
    """

    class Chosen(Message):
        """A line of the list was taken."""

        def __init__(self, value: object) -> None:
            super().__init__()
            self.value = value

    class Several(Message):
        """Several lines were marked and taken."""

        def __init__(self, values: tuple[object, ...]) -> None:
            super().__init__()
            self.values = values

    class Typed(Message):
        """Something that is not in the list was typed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, title: str, placeholder: str, *, mark: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self._title = title
        self._placeholder = placeholder
        self._mark = mark
        self._marked: list[Choice[object]] = []
        self._choices: list[Choice[object]] = []
        self._shown: list[Choice[object]] = []

    def compose(self) -> ComposeResult:
        """Title, line, list, note."""
        yield Static(Content(self._title), classes="chooser-title")
        yield Input(placeholder=self._placeholder, classes="chooser-line body-focus", compact=True)
        yield OptionList(compact=True, markup=False)
        yield Static("", classes="chooser-note", markup=False)

    @property
    def line(self) -> Input:
        """The line that is typed in."""
        return self.query_one(Input)

    def say(self, text: str) -> None:
        """Show a remark below the list."""
        self.query_one(".chooser-note", Static).update(text)

    def offer(self, choices: Sequence[Choice[object]]) -> None:
        """Add choices; the list stays in their order."""
        self._choices = sorted([*self._choices, *choices], key=lambda choice: (choice.rank, choice.order))
        self._fill()

    @property
    def offers(self) -> int:
        """How many choices there are, before any narrowing."""
        return len(self._choices)

    def forget(self) -> None:
        """Empty the list."""
        self._choices, self._marked = [], []
        self._fill()

    def _fill(self) -> None:
        words = self.line.value.casefold().split()
        self._shown = [choice for choice in self._choices if all(word in choice.searched.casefold() for word in words)]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(self._line_of(choice)) for choice in self._shown)
        if self._shown:
            options.highlighted = 0

    def _line_of(self, choice: Choice[object]) -> Content:
        if not self._mark:
            return choice.line
        return Content.assemble((f"{self._mark if choice in self._marked else ' '} ", "bold $accent"), choice.line)

    def _turn_mark(self) -> None:
        """Mark the line under the cursor, or unmark it, and go on to the next."""
        options = self.query_one(OptionList)
        place = options.highlighted
        if place is None or not self._shown:
            return
        choice = self._shown[place]
        if choice in self._marked:
            self._marked.remove(choice)
        else:
            self._marked.append(choice)
        options.replace_option_prompt_at_index(place, self._line_of(choice))
        options.action_cursor_down()

    def _take(self, place: int) -> None:
        if self._marked:
            values = tuple(choice.value for choice in self._marked)
            self._marked = []
            self._fill()
            self.post_message(self.Several(values))
        else:
            self.post_message(self.Chosen(self._shown[place].value))

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._fill()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        highlighted = self.query_one(OptionList).highlighted
        if self._shown and highlighted is not None:
            self._take(highlighted)
        elif event.value.strip():
            self.post_message(self.Typed(event.value.strip()))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._take(event.option_index)

    def on_key(self, event: events.Key) -> None:
        """Up, down and the page keys walk through the list while the line keeps the focus."""
        options = self.query_one(OptionList)
        moves: dict[str, Callable[[], None]] = {
            "up": options.action_cursor_up,
            "down": options.action_cursor_down,
            "pageup": options.action_page_up,
            "pagedown": options.action_page_down,
        }
        if event.key == "tab" and self._mark:
            self._turn_mark()
            event.stop()
            event.prevent_default()
        elif event.key in moves and not options.has_focus:
            moves[event.key]()
            event.stop()
