"""Every command once: its id, key, footer label and help sentence.

Bindings, footer, help, palette and the ``:`` line are all made from these. A screen declares its own commands in its
folder with :func:`declare`; the ones below hold on every screen. Ids are what the ``keys`` setting rebinds.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the user can do.

    Args:
        id: stable name, ``screen.verb``; the part after the dot is its word on the ``:`` line.
        key: default keys, comma-separated, in Textual's spelling.
        action: the Textual action it runs.
        label: two words at most, for the footer.
        help: one sentence, for help and palette.
        footer: whether it is among the six or seven keys that matter on its screen.
        priority: whether it goes before the focused widget (function keys an editor would take).
    """

    id: str
    key: str
    action: str
    label: str
    help: str
    footer: bool = False
    priority: bool = False

    @property
    def word(self) -> str:
        """The command's name on the ``:`` line."""
        return self.id.rpartition(".")[2]

    def binding(self) -> Binding:
        """The Textual binding, with the id a user's keymap refers to."""
        return Binding(
            self.key,
            self.action,
            self.label,
            show=self.footer,
            priority=self.priority,
            tooltip=self.help,
            id=self.id,
        )


_REGISTRY: dict[str, Command] = {}


def declare(*commands: Command) -> tuple[Command, ...]:
    """Register commands and hand them back for a screen's ``BINDINGS``.

    Raises:
        ValueError: an id is declared twice.
    """
    for command in commands:
        if command.id in _REGISTRY and _REGISTRY[command.id] != command:
            raise ValueError(f"command {command.id} is declared twice")
        _REGISTRY[command.id] = command
    return commands


def bindings(*commands: Command) -> list[Binding]:
    """The bindings of some commands, for a ``BINDINGS`` class variable."""
    return [command.binding() for command in commands]


def find(id: str | None) -> Command | None:
    """The command of a binding id, None for bindings that are not ours."""
    return _REGISTRY.get(id or "")


@dataclass(frozen=True, slots=True)
class ScreenEntry:
    """One of the six screens: ``name`` is its mode, its word on the ``:`` line and its import path's folder."""

    name: str
    key: str
    title: str
    place: str
    help: str


SCREENS = (
    ScreenEntry("vpcs", "f2", "VPCs", "flowtui.tui.vpcs.screen:VpcsScreen", "Every VPC and what its flow logs cover."),
    ScreenEntry("detail", "f3", "Detail", "flowtui.tui.detail.screen:DetailScreen", "One VPC: flow logs and findings."),
    ScreenEntry("deploy", "f4", "Deploy", "flowtui.tui.deploy.screen:DeployScreen", "Turn flow logs on by a template."),
    ScreenEntry("tail", "f5", "Tail", "flowtui.tui.tail.screen:TailScreen", "Live records of a log group."),
    ScreenEntry("logs", "f6", "Logs", "flowtui.tui.objects.screen:ObjectsScreen", "S3 objects and files: load them."),
    ScreenEntry("sql", "f7", "SQL", "flowtui.tui.sql.screen:SqlScreen", "Ask the workspace in Athena SQL."),
)


def of_screens(word: str) -> list[tuple[ScreenEntry, Command]]:
    """The commands of that name on any of the six screens, shown before or not."""
    for entry in SCREENS:
        importlib.import_module(entry.place.partition(":")[0])
    return [(entry, command) for entry in SCREENS if (command := _REGISTRY.get(f"{entry.name}.{word}")) is not None]


SCREEN_COMMANDS = declare(
    *(
        Command(
            f"screen.{entry.name}",
            entry.key,
            f"app.show('{entry.name}')",
            entry.title,
            entry.help,
            priority=True,
        )
        for entry in SCREENS
    )
)

FRAME_COMMANDS = declare(
    Command("app.help", "question_mark,f1", "app.keys", "all keys", "The keys that are active here."),
    Command("app.command", "colon", "command_line", "command", "Type a command; tab completes."),
    Command("app.filter", "slash", "filter_line", "filter", "Filter what is listed here."),
    Command("app.back", "escape", "escape", "back", "Clear the filter, stop what runs, or go back."),
    Command("app.close", "q", "close", "back", "Go back; on the first screen, quit."),
    Command("app.profile", "P", "app.choose_profile", "profile", "Choose AWS profiles."),
    Command("app.region", "R", "app.choose_region", "region", "Choose AWS regions."),
    Command("app.refresh", "ctrl+r", "refresh_data", "refresh", "Read everything here again."),
    Command("app.copy", "y", "copy", "copy", "Copy the selected id or value."),
    Command("app.copy_full", "Y", "copy_full", "copy all", "Copy the ARN or the whole line."),
    Command("app.console", "o", "console", "console", "Open what is selected in the AWS console, or copy its address."),
    Command("app.theme", "ctrl+t", "app.next_theme", "theme", "Switch between dark and light."),
    Command(
        "app.palette",
        "ctrl+p",
        "app.command_palette",
        "palette",
        "Search the commands that work here.",
        priority=True,
    ),
    Command("app.quit", "ctrl+q", "app.quit", "quit", "Leave flowtui at once.", priority=True),
)

LIST_COMMANDS = declare(
    Command("list.down", "down,j,n", "move(1)", "down", "The next row."),
    Command("list.up", "up,k,N", "move(-1)", "up", "The row before."),
    Command("list.page_down", "pagedown,ctrl+f", "page(1)", "page down", "A page down."),
    Command("list.page_up", "pageup,ctrl+b", "page(-1)", "page up", "A page up."),
    Command("list.first", "g,home", "first", "first", "The first row."),
    Command("list.last", "G,end", "last", "last", "The last row."),
    Command("list.sort", "S", "sort_next", "sort", "Sort by the next column."),
    Command("list.reverse", "I", "reverse", "reverse", "Turn the order round."),
)

LIST_KEYS = {command.id: command.key for command in LIST_COMMANDS}
"""The keys of lists, for widgets whose actions are their own."""


def all_ids() -> tuple[str, ...]:
    """Ids of the commands declared so far."""
    return tuple(_REGISTRY)
