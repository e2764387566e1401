"""What opens over a screen: errors, help, choosers and questions. All text shown is data, never markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input, SelectionList, Static
from textual.widgets.selection_list import Selection

from flowtui.errors import FlowTuiError, UsageError
from flowtui.records.labels import clean
from flowtui.tui.commands import SCREEN_COMMANDS, Command, find
from flowtui.tui.widgets.facts import beside, key_line
from flowtui.tui.widgets.fit import shorten

if TYPE_CHECKING:
    from flowtui.tui.app import FlowTuiApp

WORD_CELLS = 36


class ErrorModal(ModalScreen[None]):
    """A failure: what, and what to do next. ``y`` copies it, esc closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss", "close"),
        Binding("y", "copy", "copy"),
    ]

    def __init__(self, error: FlowTuiError, title: str = "") -> None:
        super().__init__()
        self.error = error
        self._title = title or ("This cannot be done" if isinstance(error, UsageError) else "Something failed")

    def compose(self) -> ComposeResult:
        """Title, message, hint and keys."""
        with Vertical(classes="box -error"):
            glyph = cast("FlowTuiApp", self.app).glyphs.failing
            yield Static(Content.assemble((f"{glyph} {self._title}", "bold $error")), classes="box-title")
            with VerticalScroll(classes="box-body"):
                yield Static(Content(_plain(self.error.message)), id="error-message")
                if self.error.hint:
                    yield Static(Content(_plain(self.error.hint)), id="error-hint")
            yield Static(key_line(("y", "copy"), ("esc", "close")), classes="box-keys")

    def action_copy(self) -> None:
        """Copy message and hint."""
        cast("FlowTuiApp", self.app).copy(str(self.error))


_FROM_HELP = tuple(command for id in ("app.command", "app.palette") if (command := find(id)) is not None)


class HelpModal(ModalScreen[Command | None]):
    """The keys that are active on the screen below; gives the command whose key was pressed, of those that lead on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,question_mark,f1", "dismiss", "close"),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
        *(
            Binding(command.key, f"take('{command.id}')", show=False, priority=True, id=command.id)
            for command in (*_FROM_HELP, *SCREEN_COMMANDS)
        ),
    ]

    def __init__(self, title: str, sections: Sequence[tuple[str, Sequence[tuple[str, Command]]]]) -> None:
        super().__init__()
        self._title = title
        self._sections = sections

    def compose(self) -> ComposeResult:
        """One line a command."""
        with Vertical(classes="box -help"):
            yield Static(Content.assemble((self._title, "bold $accent")), classes="box-title")
            with VerticalScroll(classes="box-body"):
                for name, entries in self._sections:
                    if not entries:
                        continue
                    yield Static(Content.assemble((name, "bold")), classes="help-section")
                    for keys, command in entries:
                        yield from beside((f"  {keys:<12} ", "bold $accent"), command.help, "help-line")
            yield Static(key_line(("esc", "close"), (":", "type a command"), ("^p", "search")), classes="box-keys")

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    def action_take(self, id: str) -> None:
        """Close and go on with a command."""
        self.dismiss(find(id))


class _MarkList(SelectionList[str]):
    """Marks by a sign, not by colour alone: ``[x]`` and ``[ ]``."""

    def render_line(self, y: int) -> Strip:
        """One line, Textual's button made into a box."""
        line = super().render_line(y)
        index = self.scroll_offset.y + y
        if not 0 <= index < self.option_count:
            return line
        inside = "x" if self.get_option_at_index(index).value in self.selected else " "
        segments = list(line)
        style = (segments[-1].style or Style()) + Style(meta={"option": index})
        return Strip([*(Segment(sign, style) for sign in ("[", inside, "]")), *segments[3:]])


class ChooserModal(ModalScreen[tuple[str, ...] | None]):
    """Choose several of many: profiles or regions. Space marks, typing narrows, enter takes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "cancel"),
        Binding("enter", "take", "take", priority=True),
        Binding("down", "to_list", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[str], chosen: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        self._choices = list(dict.fromkeys([*chosen, *choices]))
        self._chosen = set(chosen)

    def compose(self) -> ComposeResult:
        """Narrowing line, list and keys."""
        with Vertical(classes="box -chooser"):
            yield Static(Content.assemble((self._title, "bold $accent")), classes="box-title")
            yield Input(placeholder="type to narrow", id="chooser-narrow", compact=True)
            yield _MarkList(id="chooser-list", compact=True)
            yield Static(
                key_line(("space", "mark"), ("enter", "take"), ("tab", "list"), ("esc", "cancel")), classes="box-keys"
            )

    def on_mount(self) -> None:
        """Show all, the chosen ones first."""
        self._fill("")
        self.query_one("#chooser-list").focus()

    def _fill(self, text: str) -> None:
        shown = cast("SelectionList[str]", self.query_one("#chooser-list", SelectionList))
        with shown.prevent(SelectionList.SelectedChanged):
            shown.clear_options()
            shown.add_options(
                Selection(Content(name), name, name in self._chosen)
                for name in self._choices
                if text.casefold() in name.casefold()
            )
        if shown.option_count:
            shown.highlighted = 0

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        self._fill(event.value)

    @on(SelectionList.SelectionToggled)
    def _toggled(self, event: SelectionList.SelectionToggled[str]) -> None:
        self._chosen ^= {event.selection.value}

    def on_key(self, event: events.Key) -> None:
        """Letters typed on the list narrow it."""
        narrow = self.query_one("#chooser-narrow", Input)
        if event.character and event.is_printable and event.key != "space" and not narrow.has_focus:
            event.stop()
            narrow.focus()
            narrow.insert_text_at_cursor(event.character)

    def action_to_list(self) -> None:
        """From the narrowing line to the list."""
        self.query_one("#chooser-list").focus()

    def action_take(self) -> None:
        """Take the marked ones; with none marked, the one under the cursor."""
        chosen = tuple(name for name in self._choices if name in self._chosen)
        shown = cast("SelectionList[str]", self.query_one("#chooser-list", SelectionList))
        if not chosen and shown.highlighted is not None:
            chosen = (shown.get_option_at_index(shown.highlighted).value,)
        self.dismiss(chosen or None)


class ConfirmModal(ModalScreen[bool]):
    """A question whose yes is typed: the word must be written out."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "cancel")]

    def __init__(self, title: str, text: str, word: str) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._word = word

    def compose(self) -> ComposeResult:
        """Question and line."""
        # The name of a stack may be longer than the box is wide; above it stands whole.
        word = shorten(self._word, WORD_CELLS, cast("FlowTuiApp", self.app).glyphs.ellipsis)
        with Vertical(classes="box -error"):
            yield Static(Content.assemble((self._title, "bold $error")), classes="box-title")
            yield Static(Content(self._text), classes="box-text")
            yield Input(placeholder=self._word, id="confirm-word", compact=True)
            yield Static(key_line(("enter", f"if it reads {word}"), ("esc", "cancel")), classes="box-keys")

    @on(Input.Submitted)
    def _given(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() == self._word:
            self.dismiss(True)
        else:
            self.notify(f"Type {self._word} to go on, esc to leave it.", markup=False, severity="warning")


def _plain(text: str) -> str:
    """Lines from outside without control characters."""
    return "\n".join(clean(line) for line in text.splitlines())
