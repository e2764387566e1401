"""The ``:`` line: what may be typed there, completed, and run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from textual.binding import Binding

from flowtui.errors import FlowTuiError, UsageError
from flowtui.tui.commands import FRAME_COMMANDS, SCREENS, Command, all_ids, find, of_screens
from flowtui.tui.requests import LogsRequest, SqlRequest, TailRequest, VpcRequest

if TYPE_CHECKING:
    from textual.binding import ActiveBinding
    from textual.screen import Screen

    from flowtui.tui.app import FlowTuiApp

# Words that take an argument, beyond the names of screens and active commands.
ARGUMENT_WORDS = ("filter", "profile", "region", "theme", "doctor", "load")
SCREEN_WORDS = tuple(entry.name for entry in SCREENS)
# Names of the command line for what a screen shows.
ALSO = {"stacks": "deploy", "templates": "deploy", "examples": "sql"}
# What only the command line does; the app shows nothing of it.
OUTSIDE = ("forget", "compact", "iam", "info")
HELP_SECTIONS = {"here": "On this screen", "list": "In lists", "frame": "Everywhere", "screen": "Screens"}


@dataclass(frozen=True, slots=True)
class ActiveCommand:
    """A command that works at this moment: the keys as shown, what it is, and where its action runs."""

    keys: str
    command: Command
    active: ActiveBinding


def active_commands(app: FlowTuiApp, screen: Screen[object] | None = None) -> list[ActiveCommand]:
    """The commands that work on a screen (the front one), each once with all its keys; the screen's own come first."""
    found: dict[str, ActiveCommand] = {}
    front = screen or app.screen
    typing = front.focused is not None and front.focused.check_consume_key("slash", "/")
    for active in front.active_bindings.values():
        command = find(active.binding.id)
        # Textual does not know "slash" for a character and takes it for a key that text leaves alone.
        if command is None or not active.enabled or (typing and active.binding.key == "slash"):
            continue
        key = app.get_key_display(active.binding)
        earlier = found.get(command.id)
        keys = " ".join(dict.fromkeys([*(earlier.keys.split() if earlier else ()), key]))
        found[command.id] = ActiveCommand(keys, command, earlier.active if earlier else active)
    return list(found.values())


def help_sections(app: FlowTuiApp) -> list[tuple[str, list[tuple[str, Command]]]]:
    """The commands of the front screen as help shows them: keys and command, by title of their section."""
    frame = {command.id for command in FRAME_COMMANDS}
    groups: dict[str, list[tuple[str, Command]]] = {name: [] for name in HELP_SECTIONS}
    declared = {id: place for place, id in enumerate(all_ids())}
    for entry in sorted(active_commands(app), key=lambda entry: declared[entry.command.id]):
        id = entry.command.id
        kind = "frame" if id in frame else id.partition(".")[0]
        groups[kind if kind in groups else "here"].append((entry.keys, entry.command))
    return [(title, groups[kind]) for kind, title in HELP_SECTIONS.items()]


def completions(app: FlowTuiApp, text: str) -> list[str]:
    """Whole lines that the text may become, best first."""
    word, space, argument = text.partition(" ")
    if not space:
        return [name for name in _words(app) if name.startswith(word)]
    return [f"{word} {choice}" for choice in _arguments(app, word) if choice.startswith(argument)]


def _words(app: FlowTuiApp) -> list[str]:
    """The words that do something here."""
    here = (entry.command.word for entry in active_commands(app))
    return list(dict.fromkeys([*SCREEN_WORDS, *ARGUMENT_WORDS, *ALSO, *here]))


def _arguments(app: FlowTuiApp, word: str) -> list[str]:
    match word:
        case "detail" | "deploy" | "tail" | "doctor":
            return sorted(app.known_vpcs)
        case "theme":
            return sorted(app.available_themes)
        case "region":
            return list(app.region_names)
    return []


def run(app: FlowTuiApp, text: str) -> None:
    """Run one line.

    Raises:
        UsageError: nothing of that name here, or a VPC that is not known.
    """
    word, _, argument = text.strip().lstrip(":").partition(" ")
    argument = argument.strip()
    if word in SCREEN_WORDS:
        _open(app, word, argument)
        return
    if word in ARGUMENT_WORDS and argument:
        _set(app, word, argument)
        return
    entry = next((entry for entry in active_commands(app) if entry.command.word == word), None)
    if argument and (entry is not None or word in ALSO):
        raise UsageError(f"{word} takes nothing after it.", f"Type {word} alone.")
    if entry is not None:
        app.run_active(entry.active)
    elif word in ALSO:
        app.action_show(ALSO[word])
    else:
        raise _not_here(app, word)


def _not_here(app: FlowTuiApp, word: str) -> UsageError:
    """Why a word does nothing here: where it is done, else what is spelt like it."""
    if word in OUTSIDE:
        return UsageError(f"{word} is a command outside of the app.", f"In a shell: flowtui {word} --help")
    found = of_screens(word)
    here = next((command for place, command in found if place.name == app.current_mode), None)
    if here is not None:
        return UsageError(f"{word} does nothing at this moment.", f"{here.help} ? lists what works now.")
    if found:
        ways = [f"{place.key.upper()} {place.title}, {_keys(app, command)}: {command.help}" for place, command in found]
        return UsageError(f"{word} is not done on this screen.", "\n".join(ways))
    near = ", ".join(get_close_matches(word, [*_words(app), *OUTSIDE], 3) or completions(app, word[:1])[:8])
    return UsageError(f"There is no command {word!r}.", f"Try: {near}." if near else "? lists all keys.")


def _keys(app: FlowTuiApp, command: Command) -> str:
    keys = app.context.settings.keys.get(command.id, command.key)
    return " or ".join(app.get_key_display(Binding(key.strip(), "")) for key in keys.split(","))


def _open(app: FlowTuiApp, word: str, argument: str) -> None:
    if not argument:
        app.action_show(word)
        return
    known = app.known_vpcs.get(argument)
    match word:
        case "detail" | "deploy":
            app.open(word, _known(app, argument))
        case "tail" if known is not None:
            app.open_tail(TailRequest(argument, known.account, known.vpc.region, known.vpc.name))
        case "tail":
            app.open_tail(TailRequest(argument))
        case "logs":
            app.open_logs(LogsRequest(location=argument))
        case "sql":
            app.open_sql(SqlRequest(argument))
        case _:
            app.action_show(word)
            app.filter_here(argument)


def _known(app: FlowTuiApp, id: str) -> VpcRequest:
    known = app.known_vpcs.get(id)
    if known is None:
        raise UsageError(f"No VPC {id} is known here.", "Show VPCs (F2) first, or choose its region with R.")
    return known


def _set(app: FlowTuiApp, word: str, argument: str) -> None:
    names = tuple(argument.replace(",", " ").split())
    match word:
        case "doctor":
            app.open("detail", replace(_known(app, argument), doctor=True))
        case "load":
            # Listed first: what it costs is told before anything moves.
            app.open_logs(LogsRequest(location=argument))
        case "filter":
            app.filter_here(argument)
        case "profile":
            app.choose(profile=names)
        case "region":
            app.choose(region=names)
        case "theme":
            if argument not in app.available_themes:
                raise UsageError(f"There is no theme {argument!r}.", f"Try {', '.join(sorted(app.available_themes))}.")
            app.theme = argument


def run_shown(app: FlowTuiApp, text: str) -> None:
    """Run one line; a failure goes to the error modal."""
    try:
        run(app, text)
    except FlowTuiError as error:
        app.show_error(error)
