"""The Logs screen's commands."""

from __future__ import annotations

from flowtui.tui.commands import Command, declare
from flowtui.tui.objects.ranges import PRESETS

LOGS_COMMANDS = declare(
    Command("logs.load", "enter,l", "load", "load", "Load what is listed into the workspace.", footer=True),
    Command("logs.range", "r", "ask_range", "range", "Choose the range of time in words.", footer=True),
    Command("logs.place", "s", "choose", "place", "Choose a flow log, an S3 URI or a folder.", footer=True),
    Command("logs.sql", "e", "sql", "SQL", "Ask the workspace about what is loaded.", footer=True),
    Command("logs.errors", "x", "errors", "errors", "Show what could not be loaded, and why.", footer=True),
    Command("logs.retry", "f", "retry", "retry", "Try again just those objects that could not be loaded."),
    Command("logs.layout", "F", "layout", "layout", "State the layout of files that have no header."),
    Command("logs.folder", "ctrl+o", "folder", "folder", "Choose a folder or file of this machine from its tree."),
    Command("logs.export", "ctrl+e", "export", "Parquet", "Write the workspace's records as Parquet, a folder a day."),
    Command("logs.object", "d", "object", "object", "Show the object's whole name and what is known of it."),
    *(
        Command(f"logs.range{key}", key, f"preset('{key}')", "range", f"List {label}.")
        for key, (_, label) in PRESETS.items()
    ),
)
