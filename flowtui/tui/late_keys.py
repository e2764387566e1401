"""Letters that came faster than the line they were meant for."""

from __future__ import annotations

from textual.app import App
from textual.events import Key
from textual.widgets import Input, TextArea


class LateKeys(App[None]):
    """Hands a letter that nobody took to the line that has the focus by now.

    Over a slow connection several keys arrive at once. All of them go to what has the focus then; when the first one
    opens a line to type in, the others come back from where they went, and are neither commands nor lost.
    """

    def __init__(self) -> None:
        super().__init__()
        self._late: Key | None = None

    def _on_key(self, event: Key) -> None:  # type: ignore[override]  # the base's handler runs after this one
        if event is self._late or not event.is_printable or not self._screen_stack:
            return
        line = self.focused
        # A line that had the focus when the letter came has taken it, so that it is not seen here.
        if isinstance(line, Input) or (isinstance(line, TextArea) and not line.read_only):
            event.prevent_default()
            self._late = Key(event.key, event.character)
            line.post_message(self._late)
