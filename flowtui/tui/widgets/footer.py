"""The line at the bottom: the keys that matter here, made from the bindings that are active."""

from __future__ import annotations

from textual.binding import Binding
from textual.content import Content
from textual.events import Click
from textual.widget import Widget

from flowtui.tui.commands import all_ids, find
from flowtui.tui.widgets.prompt import Prompt

HELP_ID = "app.help"


class FooterBar(Widget):
    """Up to seven keys and labels, then ``? all keys``; what does not fit is left to ``?``."""

    can_focus = False

    def __init__(self) -> None:
        super().__init__()
        self._spots: list[tuple[int, int, str]] = []

    def on_mount(self) -> None:
        """Follow the screen's bindings."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def shown_bindings(self) -> list[Binding]:
        """One binding a command, in the order declared, the way back last."""
        chosen: dict[str, Binding] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled and find(binding.id) is not None:
                chosen.setdefault(str(binding.id), binding)
        declared = {id: place for place, id in enumerate(all_ids())}
        return sorted(chosen.values(), key=lambda one: (one.key == "escape", declared.get(str(one.id), 0)))

    def render(self) -> Content:
        """The line."""
        app = self.app
        self._spots = []
        for prompt in self.screen.query(Prompt):
            if prompt.display:
                return self._prompt_keys(prompt.keys)
        help_command = find(HELP_ID)
        tail_key, tail_label = "?", "all keys"
        if help_command is not None:
            keys = [a.binding for a in self.screen.active_bindings.values() if a.binding.id == HELP_ID]
            tail_key = app.get_key_display(keys[0]) if keys else tail_key
        tail = f"{tail_key} {tail_label}"
        parts: list[tuple[str, str]] = [(" ", "")]
        at = 1
        for binding in self.shown_bindings():
            key = app.get_key_display(binding)
            width = len(key) + 1 + len(binding.description) + 3
            if at + width + len(tail) > self.size.width:
                break
            self._spots.append((at, at + width - 3, binding.key))
            parts += [(key, "bold $accent"), (f" {binding.description}   ", "$foreground")]
            at += width
        self._spots.append((at, at + len(tail), "question_mark"))
        parts += [(tail_key, "bold $accent"), (f" {tail_label}", "$muted")]
        return Content.assemble(*parts)

    @staticmethod
    def _prompt_keys(keys: tuple[tuple[str, str], ...]) -> Content:
        parts: list[tuple[str, str]] = [(" ", "")]
        for key, label in keys:
            parts += [(key, "bold $accent"), (f" {label}   ", "")]
        return Content.assemble(*parts)

    def on_click(self, event: Click) -> None:
        """A click on a key presses it."""
        for start, end, key in self._spots:
            if start <= event.x < end:
                self.app.simulate_key(key)
