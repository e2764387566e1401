"""The terminal app: six screens made at first use, what they share, and the way between them.

Nothing here imports boto3 or duckdb; the first screen is painted before any worker does.
"""

from __future__ import annotations

import asyncio
import importlib
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import ActiveBinding, Binding, BindingType
from textual.command import Provider
from textual.keys import format_key
from textual.screen import Screen
from textual.worker import get_current_worker

from flowtui.errors import FlowTuiError, UsageError
from flowtui.records.labels import clean
from flowtui.tui import command_line
from flowtui.tui.apart import apart
from flowtui.tui.base import FlowScreen
from flowtui.tui.collector import Collector
from flowtui.tui.commands import SCREENS, Command, all_ids
from flowtui.tui.console import has_browser
from flowtui.tui.identity import names_and_regions
from flowtui.tui.late_keys import LateKeys
from flowtui.tui.modals import ChooserModal, ErrorModal, HelpModal
from flowtui.tui.requests import LogsRequest, Request, SqlRequest, TailRequest, VpcRequest
from flowtui.tui.theme import DARK, LIGHT, THEMES, glyphs
from flowtui.tui.toasts import Toasts
from flowtui.tui.widgets.header import HeaderBar

if TYPE_CHECKING:
    from flowtui.aws.session import Account
    from flowtui.context import Context

FUNCTION_KEY = re.compile(r"f\d+")
KEY_NAMES = {"escape": "esc", "pageup": "PgUp", "pagedown": "PgDn", "delete": "del"}
KEY_NAMES |= {name: name for name in ("enter", "tab", "space", "home", "end", "up", "down")}
KEY_NAMES["@"] = "space"  # ^@ is what most terminals send for ^space
TRAIL_LENGTH = 20
# Terminals cap what OSC 52 may carry (xterm's limit is near 75 kB of base64).
COPY_LIMIT_BYTES = 74_000
# The default pool of two cores has six threads; a tail, a scan and a load may hold as many.
WORKER_THREADS = 32


def _load_screen(place: str) -> Screen[None]:
    module, _, name = place.partition(":")
    made: Screen[None] = getattr(importlib.import_module(module), name)()
    return made


def _palette() -> type[Provider]:
    from flowtui.tui.palette import FlowCommands

    return FlowCommands


class FlowTuiApp(LateKeys, Toasts):
    """flowtui in a terminal.

    Args:
        context: settings, accounts and workspace; the caller closes it.
        start: the screen shown first.
    """

    TITLE = "flowtui"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        entry.name: partial(_load_screen, entry.place) for entry in SCREENS
    }
    DEFAULT_MODE = SCREENS[0].name
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette}
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", show=False, priority=True, id="app.quit")]
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, context: Context, first: TailRequest | None = None) -> None:
        super().__init__()
        self.context = context
        self._first = first
        self.glyphs = glyphs(context.settings.ascii)
        self.account_names: tuple[str, ...] = self._profile_names()
        self.region_names: tuple[str, ...] = context.settings.region
        self.known_vpcs: dict[str, VpcRequest] = {}
        self.selection: VpcRequest | None = None
        self._requests: dict[str, Request] = {}
        self._trail: list[str] = []
        self._collector = Collector()
        for theme in THEMES:
            self.register_theme(theme)

    def _profile_names(self) -> tuple[str, ...]:
        settings = self.context.settings
        return settings.profile or (("demo",) if settings.demo else ("default",))

    def on_load(self) -> None:
        """Settle theme, keys and how tasks run before anything is drawn."""
        settings, loop = self.context.settings, asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(WORKER_THREADS, "flowtui"))
        # From Python 3.12 on Textual lets tasks begin inside the call that makes them, and so the widgets of the first
        # mode's screen before it is on the stack, which Input does not survive. As in 3.11 they begin in turn.
        loop.set_task_factory(None)
        self.theme = settings.theme if settings.theme in self.available_themes else DARK.name
        self.set_keymap(dict(settings.keys))

    def on_mount(self) -> None:
        """Say what in the settings could not be followed; find out who we are."""
        settings = self.context.settings
        self.set_class(settings.ascii, "-ascii")
        if settings.theme not in self.available_themes:
            self.warn(f"There is no theme {settings.theme!r}; {DARK.name} is used.")
        unknown = sorted(set(settings.keys) - set(all_ids()))
        # Ids of a screen that was not shown yet are not declared yet; only wrong ones of the frame can be told.
        wrong = [id for id in unknown if id.partition(".")[0] in ("app", "screen") or "." not in id]
        if wrong:
            self.warn(f"keys names bindings that do not exist: {', '.join(wrong)}.")
        self.call_after_refresh(self._collector.start)
        self.call_after_refresh(self.find_identity)
        if self._first:
            self.call_after_refresh(self.open_tail, self._first)

    def on_unmount(self) -> None:
        """Leave the process as it was found."""
        self._collector.stop()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own variables for the themes that come with Textual."""
        return {"muted": "#8a949f", "line": "#59636e"}

    def find_identity(self) -> None:
        """Ask, off the event loop, for account ids and regions to show in the header."""
        self.run_worker(self._identify, group="identity", exclusive=True, thread=True, exit_on_error=False)

    def _identify(self) -> None:
        accounts, dot, worker = self.context.accounts, self.glyphs.dot, get_current_worker()
        found = apart(lambda: names_and_regions(accounts, dot), lambda: worker.is_cancelled)
        if found is not None and not worker.is_cancelled:
            self.call_from_thread(self._identified, accounts, *found)

    def _identified(self, accounts: Sequence[Account], names: tuple[str, ...], regions: tuple[str, ...]) -> None:
        if accounts is not self.context.accounts:
            # Others were chosen while the answer was on its way; they are asked in a worker of their own.
            return
        self.account_names = names
        self.region_names = regions or self.region_names
        for header in self.screen.query(HeaderBar):
            header.refresh()

    # Between screens

    def action_show(self, name: str) -> None:
        """Bring a screen to the front."""
        if name == self.current_mode:
            return
        self._trail = [*self._trail, self.current_mode][-TRAIL_LENGTH:]
        self._switch(name)

    def _switch(self, name: str) -> None:
        front = self.screen
        if isinstance(front, FlowScreen):
            front.leave()
        self.switch_mode(name)

    def back(self, quit_at_root: bool = False) -> None:
        """Show the screen before this one; at the root, quit if asked to."""
        if self._trail:
            self._switch(self._trail.pop())
        elif self.current_mode != self.DEFAULT_MODE:
            self._switch(self.DEFAULT_MODE)
        elif quit_at_root:
            self.exit()

    def open(self, name: str, request: Request) -> None:
        """Bring a screen to the front with something to show; works before it was ever shown."""
        self._requests[name] = request
        if name == self.current_mode:
            front = self.screen
            if isinstance(front, FlowScreen):
                front.on_screen_resume()
        else:
            self.action_show(name)

    def take_request(self, name: str) -> Request | None:
        """What was asked of a screen since it was last in front; asked once."""
        return self._requests.pop(name, None)

    def open_detail(self, request: VpcRequest) -> None:
        """Show a VPC's flow logs, interfaces and findings."""
        self.open("detail", request)

    def open_deploy(self, request: VpcRequest) -> None:
        """Plan flow logs for a VPC."""
        self.open("deploy", request)

    def open_tail(self, request: TailRequest) -> None:
        """Tail something."""
        self.open("tail", request)

    def open_logs(self, request: LogsRequest) -> None:
        """List the objects of a flow log or place."""
        self.open("logs", request)

    def open_sql(self, request: SqlRequest) -> None:
        """Put a statement into the editor."""
        self.open("sql", request)

    def flow_logs_changed(self) -> None:
        """Flow logs were made, changed or deleted: what shows them is read again."""
        for screens in self._screen_stacks.values():
            for screen in screens:
                if isinstance(screen, FlowScreen) and screen.SHOWS_FLOW_LOGS:
                    screen.outdate()

    def remember_vpcs(self, requests: Sequence[VpcRequest]) -> None:
        """Note VPCs seen, for completion and ``:tail vpc-…``."""
        self.known_vpcs |= {request.vpc.id: request for request in requests}

    # Commands

    def completions(self, text: str) -> list[str]:
        """What the ``:`` line may become."""
        return command_line.completions(self, text)

    def run_command_line(self, text: str) -> None:
        """Run a line of the ``:`` prompt."""
        command_line.run_shown(self, text)

    def get_key_display(self, binding: Binding) -> str:
        """A key as the footer and help write it: ``^r``, ``F2``, ``esc``, ``?``."""
        *modifiers, key = binding.key.split("+")
        shown = KEY_NAMES.get(key) or (key.upper() if FUNCTION_KEY.fullmatch(key) else format_key(key))
        return "".join("^" if name == "ctrl" else f"{name}+" for name in modifiers) + shown

    def run_active(self, active: ActiveBinding) -> None:
        """Run a binding's action where it belongs."""
        self.call_later(self.run_action, active.binding.action, active.node)

    def filter_here(self, text: str) -> None:
        """Filter the screen in front, once it is there."""

        def apply() -> None:
            if isinstance(self.screen, FlowScreen) and self.screen.can_filter:
                self.screen.set_filter(text)
            else:
                self.warn("There is nothing to filter here.")

        self.call_later(apply)

    def action_keys(self) -> None:
        """Show the keys that are active here."""
        title = next((entry.title for entry in SCREENS if entry.name == self.current_mode), "Keys")

        def taken(command: Command | None) -> None:
            if command is not None:
                self.call_later(self.run_action, command.action, self.screen)

        self.push_screen(HelpModal(f"Keys {self.glyphs.dot} {title}", command_line.help_sections(self)), taken)

    def action_next_theme(self) -> None:
        """Switch between dark and light."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name

    def copy(self, text: str) -> None:
        """Put text on the clipboard of the user's own terminal (OSC 52 works over ssh)."""
        if not text:
            self.warn("Nothing is selected to copy.")
            return
        if len(text.encode()) * 4 // 3 > COPY_LIMIT_BYTES:
            self.warn("Too long for the terminal's clipboard (about 55 kB fit); save or export it instead.")
            return
        self.copy_to_clipboard(text)
        first = text.splitlines()[0]
        self.notify(
            f"Copied {clean(first[:60])}{self.glyphs.ellipsis if first != text or len(first) > 60 else ''}",
            markup=False,
            timeout=2,
        )

    def open_console(self, url: str) -> None:
        """Open an address in the user's browser; where there is none, copy it."""
        if not url:
            self.warn("Nothing is selected that the AWS console could show.")
        elif has_browser():
            self.open_url(url)
        else:
            self.copy(url)

    def warn(self, text: str) -> None:
        """Say something that needs no answer; plain text."""
        self.notify(text, severity="warning", markup=False)

    def show_error(self, error: FlowTuiError, title: str = "") -> None:
        """Open the error modal."""
        self.push_screen(ErrorModal(error, title))

    # Accounts and regions

    def choose(self, profile: tuple[str, ...] | None = None, region: tuple[str, ...] | None = None) -> None:
        """Work on other profiles or regions from now on; every screen reads again when it is next shown."""
        if profile is not None and self.context.settings.demo:
            self.show_error(UsageError("The demo account has one profile.", "Start without --demo to use your own."))
            return
        before = self.context.settings.profile
        self.context.choose(profile=profile, region=region)
        self.account_names = self._profile_names()
        self.region_names = self.context.settings.region
        self.known_vpcs = {}
        self.selection = None
        self.find_identity()
        for screens in self._screen_stacks.values():
            for screen in screens:
                if isinstance(screen, FlowScreen):
                    screen.refresh_frame()
                    if self.context.settings.profile != before:
                        screen.accounts_changed()
                    screen.reload()

    def action_choose_profile(self) -> None:
        """Choose profiles."""
        if self.context.settings.demo:
            self.choose(profile=())
            return
        self._choose("AWS profiles", self._profiles, self.context.settings.profile or ("default",), "profile")

    def action_choose_region(self) -> None:
        """Choose regions."""
        self._choose("AWS regions", self._regions, self.region_names, "region")

    def _profiles(self) -> tuple[str, ...]:
        from flowtui.aws.choices import available_profiles

        return available_profiles()

    def _regions(self) -> tuple[str, ...]:
        from flowtui.aws.choices import available_regions

        return available_regions(self.context.accounts[0])

    def _choose(self, title: str, find_choices: Callable[[], tuple[str, ...]], now: Sequence[str], what: str) -> None:
        front = self.screen
        if not isinstance(front, FlowScreen):
            return

        def taken(chosen: tuple[str, ...] | None) -> None:
            if chosen is not None and chosen != tuple(now):
                self.choose(**{what: chosen})

        def show(choices: tuple[str, ...]) -> None:
            self.push_screen(ChooserModal(title, choices, now), taken)

        front.run_job(f"choose {what}", lambda _: iter((find_choices(),)), show, busy=f"{title} {self.glyphs.ellipsis}")


def run_app(context: Context, first: TailRequest | None = None) -> int:
    """Run the app until the user leaves it; 0, or 1 after a crash whose traceback was printed.

    Args:
        context: settings, accounts and workspace.
        first: what to tail at once.
    """
    app = FlowTuiApp(context, first)
    app.run()
    return app.return_code or 0
