"""Messages that pass: the same one is not shown twice at a time, however often its key is pressed."""

from __future__ import annotations

import time

from textual.app import App
from textual.notifications import SeverityLevel


class Toasts(App[None]):
    """An app whose messages do not pile up."""

    def __init__(self) -> None:
        super().__init__()
        self._shown_until: dict[tuple[str, str, SeverityLevel], float] = {}

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a message, unless the very same is still shown. Arguments as Textual's."""
        now, key = time.monotonic(), (message, title, severity)
        self._shown_until = {one: until for one, until in self._shown_until.items() if until > now}
        if key not in self._shown_until:
            self._shown_until[key] = now + (self.NOTIFICATION_TIMEOUT if timeout is None else timeout)
            super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)
