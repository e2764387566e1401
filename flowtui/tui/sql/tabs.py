"""The editor's tabs: texts side by side, each with its own result."""

from __future__ import annotations

from dataclasses import dataclass, field

from textual.content import Content

from flowtui.tui.sql.outcome import Outcome
from flowtui.tui.widgets.fit import shorten

STARTER = "SELECT *\nFROM vpc_flow_logs.flow_logs\nLIMIT 100;\n"
"""What the first tab begins with: something that F5 answers."""


@dataclass(slots=True)
class Tab:
    """One text. ``cursor`` is row and column; ``outcome`` what its last statement gave."""

    title: str
    text: str = ""
    cursor: tuple[int, int] = (0, 0)
    outcome: Outcome = field(default_factory=Outcome)

    @property
    def untouched(self) -> bool:
        """Nothing was written or run here."""
        return self.text.strip() in ("", STARTER.strip()) and not self.outcome.known


class Tabs:
    """The tabs and which of them is in front; there is always one."""

    def __init__(self) -> None:
        self.all = [Tab("1", STARTER)]
        self.at = 0

    @property
    def front(self) -> Tab:
        """The tab in front."""
        return self.all[self.at]

    def open(self, title: str = "", text: str = "") -> Tab:
        """Open a tab in front; an untouched empty one is taken over."""
        if self.front.untouched:
            self.front.title, self.front.text, self.front.cursor = title or self.front.title, text, (0, 0)
            return self.front
        return self.add(title, text)

    def add(self, title: str = "", text: str = "") -> Tab:
        """Open a tab in front, in any case."""
        self.all.append(Tab(title or str(len(self.all) + 1), text))
        self.at = len(self.all) - 1
        return self.front

    def turn(self, by: int) -> Tab:
        """Go to another tab."""
        self.at = (self.at + by) % len(self.all)
        return self.front

    def close(self) -> Tab:
        """Close the tab in front; the last one is emptied instead."""
        del self.all[self.at]
        if not self.all:
            self.all = [Tab("1")]
        self.at = min(self.at, len(self.all) - 1)
        return self.front

    def line(self, room: int) -> Content:
        """The titles, the front one marked; nothing while there is only one."""
        if len(self.all) < 2:
            return Content("")
        each = max(4, room // len(self.all) - 3)
        parts: list[tuple[str, str]] = []
        for number, tab in enumerate(self.all):
            title = shorten(tab.title, each)
            parts.append((f"[{title}]", "bold $accent") if number == self.at else (f" {title} ", "$muted"))
        return Content.assemble(*parts)
