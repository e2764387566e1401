"""The command line on the demo account at a fixed moment, away from the machine's own settings."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flowtui import cli

NOW = datetime(2024, 1, 15, 14, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Outcome:
    """What one run of the command line left."""

    status: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith(("AWS_", "FLOWTUI_", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "aws-credentials"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in this process."""

    def runner(*arguments: str) -> Outcome:
        capsys.readouterr()
        status = cli.run(arguments)
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return runner


@pytest.fixture
def demo(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """As ``run``, on the demo account at :data:`NOW`; ``deny`` names calls it refuses."""
    from flowtui.demo import account

    made = account.demo_account

    def runner(*arguments: str, deny: tuple[tuple[str, str, str], ...] = ()) -> Outcome:
        def still(regions: tuple[str, ...] = (), *, read_only: bool = False, clock: object = None) -> object:
            return made(regions, read_only=read_only, clock=lambda: NOW, deny=deny)

        monkeypatch.setattr(account, "demo_account", still)
        return run("--demo", *arguments)

    return runner
