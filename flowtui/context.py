"""What both faces stand on: settings, the accounts they name, and the workspace."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from flowtui.aws.session import Account
from flowtui.config import Settings
from flowtui.errors import UsageError

if TYPE_CHECKING:
    from flowtui.aws.tail_news import TailNews
    from flowtui.lake.workspace import Workspace
    from flowtui.records.layout import Layout
    from flowtui.times import Clock


class Context:
    """One run of flowtui.

    Args:
        settings: the settings in force.
        clock: holds the demo account's time still; None lets it run.
    """

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self._demo_clock = clock
        # Opening the workspace takes its time; who only asks for the accounts, as the event loop does, need not wait.
        self._accounts_lock = threading.RLock()
        self._workspace_lock = threading.RLock()
        self._accounts: tuple[Account, ...] | None = None
        self._workspace: Workspace | None = None

    @property
    def accounts(self) -> tuple[Account, ...]:
        """One account a chosen profile, made once; nothing is called yet. Any thread may ask."""
        with self._accounts_lock:
            if self._accounts is None:
                self._accounts = self._make_accounts()
            return self._accounts

    def _make_accounts(self) -> tuple[Account, ...]:
        settings = self.settings
        if settings.demo:
            from flowtui.demo.account import demo_account

            return (demo_account(settings.region, read_only=settings.read_only, clock=self._demo_clock),)
        return tuple(
            Account(
                profile,
                settings.region,
                endpoint_url=settings.endpoint_url,
                read_only=settings.read_only,
            )
            for profile in settings.profile or (None,)
        )

    @property
    def account(self) -> Account:
        """The account of a command that works on one.

        Raises:
            UsageError: several profiles are chosen.
        """
        if len(self.accounts) > 1:
            raise UsageError("This command works on one profile at a time.", "Give --profile once.")
        return self.accounts[0]

    def choose(self, *, profile: tuple[str, ...] | None = None, region: tuple[str, ...] | None = None) -> None:
        """Work on other profiles or regions from now on; None leaves a choice as it is.

        Accounts whose profile stays keep their session, so the demo account keeps its world.
        """
        with self._accounts_lock:
            settings = self.settings
            self.settings = replace(
                settings,
                profile=settings.profile if profile is None else profile,
                region=settings.region if region is None else region,
            )
            if self._accounts is not None:
                known = {account.profile: account for account in self._accounts}
                wanted = tuple(known) if settings.demo else self.settings.profile or (None,)
                # Accounts never seen before make all of them anew; a session costs little, a demo world is kept.
                same = all(name in known for name in wanted)
                regions = self.settings.region
                self._accounts = tuple(known[name].in_regions(regions) for name in wanted) if same else None

    def workspace(self) -> Workspace:
        """The workspace, opened at the first call. Any thread may ask.

        Raises:
            WorkspaceError: another process holds it, it is of a newer version, or cannot be written.
        """
        with self._workspace_lock:
            if self._workspace is None:
                from flowtui.lake.workspace import Workspace

                self._workspace = Workspace.open(self.settings.workspace)
                self._workspace.limit_memory(self.settings.memory_limit)
            return self._workspace

    def kept(
        self, news: Generator[TailNews, None, None], layouts: Iterable[Layout], *, hold: bool
    ) -> Generator[TailNews, None, None]:
        """The same news; records among them also go to ``vpc_flow_logs.live`` while the setting ``live`` is on.

        Args:
            news: what a tail tells.
            layouts: layouts its records may have.
            hold: keep the workspace open meanwhile, as the app does; else it is opened for each batch, so that
                another flowtui can use it in between.
        """
        from flowtui.lake.live_keeper import keeping
        from flowtui.lake.workspace import Workspace

        path = self.settings.workspace
        open_workspace = (lambda: nullcontext(self.workspace())) if hold else lambda: Workspace.open(path)
        return keeping(news, open_workspace, tuple(layouts), lambda: self.settings.live)

    def close(self) -> None:
        """Close the workspace if it was opened."""
        if self._workspace is not None:
            self._workspace.close()
            self._workspace = None
