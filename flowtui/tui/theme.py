"""Colours and symbols: one accent, state colours only for state, each with its own symbol."""

from __future__ import annotations

from dataclasses import dataclass

from textual.theme import Theme

DARK = Theme(
    name="flowtui-dark",
    primary="#5aa9e6",
    secondary="#3d7ea6",
    accent="#5aa9e6",
    success="#7bc47f",
    warning="#e5b567",
    error="#ef7b7b",
    foreground="#d6dbe0",
    background="#12161b",
    surface="#171c22",
    panel="#212830",
    dark=True,
    variables={
        "muted": "#8a949f",
        "line": "#36404a",
        "block-cursor-background": "#264a66",
        "block-cursor-foreground": "#f2f6fa",
        "block-cursor-text-style": "none",
        "input-cursor-background": "#5aa9e6",
        "input-cursor-foreground": "#12161b",
        "border": "#36404a",
        "border-blurred": "#36404a",
        "scrollbar": "#36404a",
        "scrollbar-background": "#171c22",
        "scrollbar-corner-color": "#171c22",
    },
)
LIGHT = Theme(
    name="flowtui-light",
    primary="#0f5c99",
    secondary="#3d7ea6",
    accent="#0f5c99",
    success="#1f7a34",
    warning="#8a5a00",
    error="#b3261e",
    foreground="#20262c",
    background="#fbfbf9",
    surface="#f2f2ee",
    panel="#e6e6e0",
    dark=False,
    variables={
        "muted": "#626b74",
        "line": "#c4c8cb",
        "block-cursor-background": "#cfe3f3",
        "block-cursor-foreground": "#10171d",
        "block-cursor-text-style": "none",
        "input-cursor-background": "#0f5c99",
        "input-cursor-foreground": "#fbfbf9",
        "border": "#c4c8cb",
        "border-blurred": "#c4c8cb",
        "scrollbar": "#c4c8cb",
        "scrollbar-background": "#f2f2ee",
        "scrollbar-corner-color": "#f2f2ee",
    },
)
THEMES = (DARK, LIGHT)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The symbols of the interface; meaning never hangs on colour alone."""

    active: str = "●"
    partial: str = "◐"
    none: str = "◌"
    starting: str = "◔"
    failing: str = "✖"
    accept: str = "✓"
    reject: str = "✗"
    nodata: str = "·"
    skipdata: str = "!"
    warning: str = "⚠"
    bookmark: str = "◆"
    numbers: str = "①②③④⑤⑥⑦⑧⑨"
    unknown: str = "?"
    dot: str = "·"
    dash: str = "–"
    ellipsis: str = "…"
    line: str = "─"
    cursor: str = "▌"
    up: str = "▲"
    down: str = "▼"
    right: str = "›"
    arrow: str = "→"
    branch: str = "├"
    last_branch: str = "└"
    bars: str = " ▁▂▃▄▅▆▇█"
    spinner: str = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


UNICODE = Glyphs()
ASCII = Glyphs(
    active="*",
    partial="%",
    none="o",
    starting="~",
    failing="X",
    accept="+",
    reject="x",
    nodata=".",
    warning="!",
    bookmark="#",
    numbers="abcdefghi",
    dot="|",
    dash="-",
    ellipsis="~",
    line="-",
    cursor="_",
    up="^",
    down="v",
    right=">",
    arrow="->",
    branch="|",
    last_branch="`",
    bars=" ..::||##",
    spinner="|/-\\",
)


def glyphs(ascii_only: bool) -> Glyphs:
    """The symbols to draw with."""
    return ASCII if ascii_only else UNICODE
