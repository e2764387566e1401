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
    Command("tail.why", "w", "why", "why", "Tell what is known of the record's outcome, or a gap.", footer=True),
    Command("tail.sql", "e", "sql", "SQL", "Ask SQL about this flow, five minutes around.", footer=True),
    Command("tail.pause", "space", "pause", "pause", "Hold new records back, or let them in.", footer=True),
    Command("tail.follow", "f", "follow", "follow", "Stay at the newest record.", footer=True),
    Command("tail.names", "a", "names", "names", "Show names or raw ids and addresses.", footer=True),
    Command("tail.target", "t", "choose", "target", "Choose what to tail.", footer=True),
    Command("tail.save", "ctrl+s", "save", "save", "Save the records listed, or all, to a file.", footer=True),
    Command("tail.record", "enter,d", "record", "record", "Show every field of the record."),
    Command("tail.add", "plus", "add_filter", "add filter", "Keep the filter and type another over it."),
    Command("tail.drop", "minus", "drop_filter", "drop filter", "Take the newest filter away."),
    Command("tail.filters", "F", "filters", "filters", "List the filters; switch them off and on."),
    Command("tail.context", "c", "context", "context", "Show the record among all its neighbours, and back."),
    Command("tail.highlight", "h", "highlight", "highlight", "Highlight and count what a filter finds."),
    Command("tail.unhighlight", "H", "unhighlight", "plain", "Take the newest highlight away."),
    Command("tail.bookmark", "m", "bookmark", "mark", "Put a bookmark on the record, or take it away."),
    Command("tail.marks", "M", "marks", "marks", "List the bookmarks and go to one."),
    Command("tail.next_mark", "right_square_bracket", "mark(1)", "next mark", "Go to the next bookmark."),
    Command("tail.previous_mark", "left_square_bracket", "mark(-1)", "last mark", "Go to the bookmark before."),
    Command("tail.info", "i", "info", "about", "Tell all about the tail: groups, mode, remarks."),
    Command("tail.live", "L", "live", "keep", "Keep what arrives in vpc_flow_logs.live, or not."),
    Command("tail.older", "O", "older", "older", "Read the records before the oldest one here."),
    *(
        Command(f"tail.range{preset.key}", preset.key, f"range('{preset.key}')", "range", f"Begin {_ago}.")
        for preset, _ago in ((preset, f"{preset.label} ago" if preset.minutes else preset.label) for preset in PRESETS)
    ),
)

JUMP_COMMANDS = declare(
    Command("tail.next", "n", "screen.jump(1)", "next", "Go to the next record highlighted."),
    Command("tail.previous", "N", "screen.jump(-1)", "previous", "Go to the record highlighted before."),
)
"""They belong to the list of records, whose own meaning of these keys they take the place of."""
