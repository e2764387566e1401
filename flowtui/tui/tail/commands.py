"""The Tail screen's commands."""

from __future__ import annotations

from dataclasses import dataclass

from flowtui.tui.commands import Command, declare


@dataclass(frozen=True, slots=True)
class Preset:
    """How far back a tail begins."""

    key: str
    minutes: int
    label: str


PRESETS = (
    Preset("0", 0, "from now"),
    Preset("1", 5, "5 minutes"),
    Preset("2", 15, "15 minutes"),
    Preset("3", 60, "1 hour"),
    Preset("4", 180, "3 hours"),
    Preset("5", 720, "12 hours"),
    Preset("6", 1440, "24 hours"),
)

TAIL_COMMANDS = declare(
    Command("tail.why", "w", "why", "why", "Tell what is known about the record's outcome.", footer=True),
    Command("tail.sql", "e", "sql", "SQL", "Ask the workspace about this flow, five minutes around.", footer=True),
    Command("tail.pause", "space", "pause", "pause", "Hold new records back, or let them in.", footer=True),
    Command("tail.follow", "f", "follow", "follow", "Stay at the newest record.", footer=True),
    Command("tail.names", "a", "names", "names", "Show names or raw ids and addresses.", footer=True),
    Command("tail.target", "t", "choose", "target", "Choose what to tail.", footer=True),
    Command("tail.save", "ctrl+s", "save", "save", "Save the records listed to a file.", footer=True),
    Command("tail.record", "enter,d", "record", "record", "Show every field of the record."),
    *(
        Command(f"tail.range{preset.key}", preset.key, f"range('{preset.key}')", "range", f"Begin {_ago}.")
        for preset, _ago in ((preset, f"{preset.label} ago" if preset.minutes else preset.label) for preset in PRESETS)
    ),
)
