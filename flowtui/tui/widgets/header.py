"""The two lines on top of every screen: who and where we are, and the six screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.events import Click
from textual.reactive import reactive
from textual.widget import Widget

from flowtui.tui.commands import SCREENS
from flowtui.tui.widgets.fit import shorten

if TYPE_CHECKING:
    from flowtui.tui.app import FlowTuiApp

SPIN_S = 0.1


class HeaderBar(Widget):
    """Profile, account and regions on the left; READ-ONLY, DEMO and the workspace on the right."""

    can_focus = False

    def render(self) -> Content:
        """The line, the left half shortened to what the right half leaves."""
        app = cast("FlowTuiApp", self.app)
        settings = app.context.settings
        glyphs = app.glyphs
        right: list[tuple[str, str]] = []
        if settings.read_only:
            right += [("READ-ONLY", "bold $warning"), ("   ", "")]
        if settings.demo:
            right += [("DEMO", "bold $accent"), ("   ", "")]
        right.append((f"ws: {settings.workspace_name} ", "$muted"))
        right_width = sum(len(text) for text, _ in right)
        room = max(0, self.size.width - right_width - len(" flowtui   ") - 2)
        where = shorten(self._where(app, room), room, glyphs.ellipsis)
        left = Content.assemble((" flowtui", "bold $accent"), "   ", where)
        gap = max(1, self.size.width - left.cell_length - right_width)
        return Content.assemble(left, " " * gap, *right)

    @staticmethod
    def _where(app: FlowTuiApp, room: int) -> str:
        dot = f" {app.glyphs.dot} "
        regions = app.region_names
        full = dot.join(part for part in (" ".join(app.account_names), " ".join(regions)) if part)
        if len(full) <= room or len(regions) < 2:
            return full
        return dot.join([" ".join(app.account_names), f"{len(regions)} regions"])


class TabBar(Widget):
    """The six screens with their keys; on the right a moving indicator of what runs."""

    can_focus = False
    busy: reactive[str] = reactive("")
    _turn: reactive[int] = reactive(0)

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current
        self._spots: list[tuple[int, int, str]] = []
        self._keys: dict[str, str] = {entry.name: entry.key.upper() for entry in SCREENS}

    def on_mount(self) -> None:
        """Prepare the indicator; follow the keys, which the user may have changed or a screen may need itself."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self._find_keys())
        self._timer = self.set_interval(SPIN_S, self._spin, pause=True)

    def _find_keys(self) -> None:
        names = {f"app.show('{entry.name}')": entry.name for entry in SCREENS}
        found: dict[str, str] = {}
        for active in self.screen.active_bindings.values():
            name = names.get(active.binding.action)
            if name is not None:
                found.setdefault(name, self.app.get_key_display(active.binding))
        if found and found != self._keys:
            self._keys = found
            self.refresh()

    def _spin(self) -> None:
        self._turn += 1

    def watch_busy(self, busy: str) -> None:
        """Spin while there is something to say."""
        if self.is_mounted:
            (self._timer.resume if busy else self._timer.pause)()

    def render(self) -> Content:
        """The line; the screens' own width is never given up for the indicator."""
        parts: list[tuple[str, str]] = [(" ", "")]
        self._spots = []
        at = 1
        for entry in SCREENS:
            key = self._keys.get(entry.name, "")
            here = entry.name == self._current
            label = f" {key} {entry.title} " if key else f" {entry.title} "
            self._spots.append((at, at + len(label), entry.name))
            if here:
                parts.append((label, "bold $block-cursor-foreground on $block-cursor-background"))
            else:
                parts += [(f" {key}" if key else "", "$accent"), (f" {entry.title} ", "")]
            parts.append((" ", ""))
            at += len(label) + 1
        if self.busy:
            glyphs = cast("FlowTuiApp", self.app).glyphs
            room = self.size.width - at - 3
            said = shorten(self.busy, room, glyphs.ellipsis)
            frame = glyphs.spinner[self._turn % len(glyphs.spinner)]
            parts.append((" " * max(0, room - len(said)), ""))
            parts += [(said, "$muted"), (f" {frame} ", "$accent")]
        return Content.assemble(*parts)

    async def on_click(self, event: Click) -> None:
        """A click on a screen's name shows it."""
        for start, end, name in self._spots:
            if start <= event.x < end:
                cast("FlowTuiApp", self.app).action_show(name)
