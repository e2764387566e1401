"""The line over the footer for ``:`` commands and the ``/`` filter, out of sight until asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input, Static

from flowtui.tui.widgets.fit import shorten

if TYPE_CHECKING:
    from flowtui.tui.app import FlowTuiApp


class _Completer(Suggester):
    """Completes the ``:`` line from what the app knows at this moment."""

    def __init__(self, prompt: Prompt) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._prompt = prompt

    async def get_suggestion(self, value: str) -> str | None:
        """The first completion."""
        found = self._prompt.completions(value)
        return found[0] if found else None


class _Line(Input):
    """An input that knows tab and esc."""

    def __init__(self, prompt: Prompt) -> None:
        super().__init__(suggester=_Completer(prompt), id="prompt-input", compact=True)
        self._prompt = prompt

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """False, so that the screen's letter commands stay known while one is typed by name."""
        return False

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "tab":
            found = self._prompt.completions(self.value)
            if found:
                self.value = found[0] + (" " if len(found) == 1 and " " not in found[0] else "")
                self.cursor_position = len(self.value)
            event.stop()
            event.prevent_default()
        elif event.key == "escape":
            self._prompt.dismiss()
            event.stop()
            event.prevent_default()
        else:
            await super()._on_key(event)


class Prompt(Horizontal):
    """Posts :class:`CommandGiven` and :class:`FilterChanged`."""

    class CommandGiven(Message):
        """A command was entered."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class FilterChanged(Message):
        """The filter's text, after every keystroke."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._mode: Literal["command", "filter"] = "command"
        self._before: Widget | None = None

    def compose(self) -> ComposeResult:
        """Sign, input and what it may become."""
        yield Static("", id="prompt-sign", markup=False)
        yield _Line(self)
        yield Static("", id="prompt-hints", markup=False)

    def on_mount(self) -> None:
        """Out of sight at first."""
        self.display = False

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """The keys that mean something while the prompt is open, for the footer."""
        if self._mode == "filter":
            return (("enter", "keep"), ("esc", "clear"))
        return (("enter", "run"), ("tab", "complete"), ("esc", "cancel"))

    def open_command(self) -> None:
        """Ask for a command."""
        self._open("command", ":", "")

    def open_filter(self, text: str) -> None:
        """Ask for a filter, starting from the one in force."""
        self._open("filter", "/", text)

    def _open(self, mode: Literal["command", "filter"], sign: str, text: str) -> None:
        self._mode = mode
        line = self.query_one(_Line)
        self.query_one("#prompt-sign", Static).update(f" {sign}")
        with line.prevent(Input.Changed):
            line.value = text
        line.cursor_position = len(text)
        self._show_hints(text)
        self._before = self.screen.focused
        self.display = True
        self.screen.set_focus(line)

    def completions(self, text: str) -> list[str]:
        """What the ``:`` line's text may become."""
        if self._mode == "filter":
            return []
        return cast("FlowTuiApp", self.app).completions(text)

    def dismiss(self) -> None:
        """Leave without a command; a filter is cleared."""
        if self._mode == "filter":
            self.post_message(self.FilterChanged(""))
        self._close()

    def _close(self) -> None:
        self.display = False
        self.screen.set_focus(self._before)

    def _show_hints(self, text: str) -> None:
        found = self.completions(text)
        words = "  ".join(name.rpartition(" ")[2] for name in found[:12])
        room = max(0, self.app.size.width // 2)
        self.query_one("#prompt-hints", Static).update(Content(shorten(words, room)))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._show_hints(event.value)
        if self._mode == "filter":
            self.post_message(self.FilterChanged(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._close()
        if self._mode == "command" and event.value.strip():
            self.post_message(self.CommandGiven(event.value.strip()))
