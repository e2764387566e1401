"""The palette's entries: the same commands, made searchable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from flowtui.tui.command_line import active_commands

if TYPE_CHECKING:
    from flowtui.tui.app import FlowTuiApp


class FlowCommands(Provider):
    """Every command that works on the screen below, and the themes."""

    def _entries(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        app = cast("FlowTuiApp", self.app)
        for entry in self._active:
            label = entry.command.label
            name = f"{label[:1].upper()}{label[1:]} ({entry.keys})"
            yield name, entry.command.help, partial(app.run_active, entry.active)
        for theme in sorted(app.available_themes):
            yield f"Theme {theme}", "Change the colours.", partial(setattr, app, "theme", theme)

    async def startup(self) -> None:
        """Note the commands of the screen the palette was opened on."""
        app = cast("FlowTuiApp", self.app)
        found = active_commands(app, self.screen)
        active = [entry for entry in found if entry.command.id != "app.palette"]
        # To move in a list nobody opens the palette.
        self._active = sorted(active, key=lambda entry: entry.command.id.startswith("list."))

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for name, help_text, run in self._entries():
            yield DiscoveryHit(name, run, help=help_text)

    async def search(self, query: str) -> Hits:
        """Those that match."""
        matcher = self.matcher(query)
        for name, help_text, run in self._entries():
            score = matcher.match(f"{name} {help_text}")
            if score > 0:
                yield Hit(score, matcher.highlight(name), run, text=name, help=help_text)
