"""The list of objects on the Logs screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from flowtui.lake.sources import Source
from flowtui.records.labels import clean
from flowtui.records.paths import ObjectPath
from flowtui.times import bytes_text
from flowtui.tui.theme import UNICODE, Glyphs
from flowtui.tui.widgets.fit import fit
from flowtui.tui.widgets.ring_view import RingView
from flowtui.tui.widgets.short import fit_middle

CAPACITY = 1_000_000
Key = tuple[str, str]


def key_of(source: Source) -> Key:
    """Bucket and key: what an object is known by."""
    return source.bucket, source.key


class ObjectsView(RingView[Source]):
    """One line an object: whether it is loaded, its slot, flow log, size and name."""

    DEFAULT_CSS = """
    ObjectsView > .object--loaded { color: $success; }
    ObjectsView > .object--failed { color: $error; }
    ObjectsView > .object--dim { color: $muted; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"object--loaded", "object--failed", "object--dim"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(capacity=CAPACITY, follow=False, id=id)
        self.glyphs: Glyphs = UNICODE
        self.loaded: set[Key] = set()
        self.failed: dict[Key, str] = {}
        self.here: set[Key] = set()
        self.empty: Sequence[str] = ()

    def heading(self) -> str:
        """The columns' titles, over their columns."""
        return f"   {fit('Slot (UTC)', 16)} {fit('Flow log', 20)} {fit('Size', 8, right=True)}  Name"

    def empty_lines(self) -> Sequence[str]:
        """What the screen says about the emptiness."""
        return self.empty

    def render_item(self, item: Source, width: int) -> Strip:
        """One object."""
        key = key_of(item)
        path = ObjectPath.parse(item.key.replace("\\", "/"))
        dim = self._style("dim")
        if key in self.failed:
            mark, style = self.glyphs.failing, self._style("failed")
        elif key in self.loaded:
            mark, style = self.glyphs.active, self._style("loaded")
        else:
            mark, style = self.glyphs.none, dim
        slot = path.slot.strftime("%Y-%m-%d %H:%M") if path and path.slot else path.date.isoformat() if path else "-"
        room = max(0, width - 51)
        if key in self.failed:
            name = Segment(fit(clean(self.failed[key]), room), style)
        else:
            name = Segment(fit_middle(clean(item.key.rpartition("/")[2]), room), dim)
        return Strip(
            [
                Segment(f" {mark} ", style),
                Segment(fit(slot, 16)),
                Segment(f" {fit(path.flow_log_id if path and path.flow_log_id else '-', 20)}", dim),
                Segment(f" {fit(bytes_text(item.size), 8, right=True)}  "),
                name,
            ]
        )

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"object--{part}", partial=True)
