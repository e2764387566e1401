"""What both faces stand on: settings, the accounts they name, and the workspace."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from flowtui.aws.session import Account
from flowtui.config import Settings
from flowtui.errors import UsageError

if TYPE_CHECKING:
    from flowtui.lake.workspace import Workspace
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
        self._workspace: Workspace | None = None

    @cached_property
    def accounts(self) -> tuple[Account, ...]:
        """One account a chosen profile; nothing is called yet."""
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

    def workspace(self) -> Workspace:
        """The workspace, opened at the first call.

        Raises:
            WorkspaceError: another process holds it, it is of a newer version, or cannot be written.
        """
        if self._workspace is None:
            from flowtui.lake.workspace import Workspace

            self._workspace = Workspace.open(self.settings.workspace)
        return self._workspace

    def close(self) -> None:
        """Close the workspace if it was opened."""
        if self._workspace is not None:
            self._workspace.close()
            self._workspace = None
