"""A modal of facts: names and values, one below the other; the cell viewer and the record's details."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

if TYPE_CHECKING:
    from flowtui.tui.app import FlowTuiApp

_NAME_WIDTH = 22


def key_line(*entries: tuple[str, str]) -> Content:
    """Keys and what they do, for the last line of a modal."""
    parts: list[tuple[str, str]] = []
    for key, label in entries:
        parts += [(key, "bold $accent"), (f" {label}   ", "$muted")]
    return Content.assemble(*parts)


def beside(name: tuple[str, str], value: str | Content, classes: str = "") -> ComposeResult:
    """A name with its style, and beside it a value whose further lines stay in its column."""
    with Horizontal(classes=f"beside {classes}"):
        title = Static(Content.assemble(name))
        title.styles.width = len(name[0])
        yield title
        yield Static(value if isinstance(value, Content) else Content(value), classes="beside-value")


class FactsModal(ModalScreen[None]):
    """Shows facts; ``y`` copies what matters, esc closes. All text is data, never markup.

    Args:
        title: what the facts are about.
        facts: pairs of name and value; an empty name continues the value above, an empty pair is a gap.
        note: a remark below them.
        copy: the text that ``y`` copies.
    """

    DEFAULT_CSS = """
    FactsModal > .box { width: 92; }
    FactsModal .fact-note { margin: 1 0 0 0; color: $muted; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,w", "dismiss", "close"),
        Binding("y", "copy", "copy"),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("pagedown", "scroll(10)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
    ]

    def __init__(self, title: str, facts: Sequence[tuple[str, str]], *, note: str = "", copy: str = "") -> None:
        super().__init__()
        self._title = title
        self._facts = facts
        self._note = note
        self._copy = copy

    def compose(self) -> ComposeResult:
        """Title, facts, note and keys."""
        width = min(_NAME_WIDTH, max((len(name) for name, _ in self._facts), default=0)) + 2
        with Vertical(classes="box"):
            yield Static(Content.assemble((self._title, "bold $accent")), classes="box-title")
            with VerticalScroll(classes="box-body"):
                for name, value in self._facts:
                    yield from beside((name.ljust(width), "$muted"), value)
                if self._note:
                    yield Static(Content(self._note), classes="fact-note")
            yield Static(key_line(("y", "copy"), ("esc", "close")), classes="box-keys")

    def action_scroll(self, lines: int) -> None:
        """Scroll long facts."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_copy(self) -> None:
        """Copy."""
        cast("FlowTuiApp", self.app).copy(self._copy)
