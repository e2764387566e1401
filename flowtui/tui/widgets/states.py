"""The one place that says how each state looks: its style and its symbol."""

from __future__ import annotations

from flowtui.insight.coverage import State
from flowtui.insight.findings import Status
from flowtui.tui.theme import Glyphs

STATE_STYLES = {
    State.ACTIVE: "ok",
    State.PARTIAL: "warn",
    State.FAILING: "bad",
    State.STARTING: "accent",
    State.NONE: "muted",
    State.UNKNOWN: "warn",
}
FINDING_STYLES: dict[Status, str] = {"ok": "ok", "warn": "warn", "bad": "bad", "unknown": "muted"}

# Table styles as theme variables, for text that is not in a table.
VARIABLES = {"ok": "$success", "warn": "$warning", "bad": "$error", "muted": "$muted", "accent": "$accent", "": ""}


def state_symbol(state: State, glyphs: Glyphs) -> str:
    """``●`` and its kin."""
    return {
        State.ACTIVE: glyphs.active,
        State.PARTIAL: glyphs.partial,
        State.FAILING: glyphs.failing,
        State.STARTING: glyphs.starting,
        State.NONE: glyphs.none,
        State.UNKNOWN: glyphs.unknown,
    }[state]


def finding_symbol(status: Status, glyphs: Glyphs) -> str:
    """``✓`` and its kin."""
    symbols: dict[Status, str] = {
        "ok": glyphs.accept,
        "warn": glyphs.warning,
        "bad": glyphs.failing,
        "unknown": glyphs.unknown,
    }
    return symbols[status]
