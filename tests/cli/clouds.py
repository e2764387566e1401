"""Runs command lines against a scripted CloudFormation or the demo account, without waiting."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from flowtui.aws.session import Account
from flowtui.cli import run
from flowtui.context import Context
from flowtui.stacks import progress
from flowtui.stacks.progress import Pace
from tests.stacks.cloudformation import CloudFormation


class Terminal(io.StringIO):
    """A stdin that is a terminal on which these lines are typed."""

    def isatty(self) -> bool:
        return True


class Cloud:
    """Runs ``flowtui`` with an account of the test's; ``typed`` makes stdin a terminal."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.now = datetime(2024, 1, 15, 14, 5, tzinfo=UTC)

    def use(self, make: Callable[[bool, tuple[str, ...]], Account], pace: Pace) -> None:
        account: list[Account] = []

        def accounts(context: Context) -> tuple[Account, ...]:
            settings = context.settings
            # One account for all commands of a test, so that what one made the next one finds.
            if not account or account[0].read_only != settings.read_only:
                account[:] = [make(settings.read_only, settings.region)]
            return (account[0].in_regions(settings.region) if settings.region else account[0],)

        self._monkeypatch.setattr(Context, "accounts", property(accounts))
        self._monkeypatch.setattr(progress, "PACE", pace)

    def use_script(self, script: CloudFormation, regions: tuple[str, ...] = ("us-east-1",)) -> None:
        self.use(lambda read_only, asked: script.account(asked or regions, read_only=read_only), script.pace)

    def use_demo(self) -> None:
        from flowtui.demo.account import demo_account

        def sleep(seconds: float) -> None:
            self.now += timedelta(seconds=seconds)

        self.use(
            lambda read_only, asked: demo_account(asked, read_only=read_only, clock=lambda: self.now),
            Pace(sleep=sleep, step_s=2.0),
        )

    def __call__(self, *arguments: str, typed: str | None = None) -> tuple[int, str, str]:
        self._monkeypatch.setattr("sys.stdin", io.StringIO() if typed is None else Terminal(typed))
        status = run(arguments)
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err
