"""The app on an account that is never called, with two plain screens in place of the six."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot

from flowtui.aws.session import Account, Backend
from flowtui.config import Settings
from flowtui.context import Context
from flowtui.demo.account import demo_account
from flowtui.errors import AwsError

# Widgets between a key and what it shows, and some more.
STEPS = 5
NOW = datetime(2026, 6, 1, 14, 5, 30, tzinfo=UTC)


def _no_session(profile):
    raise AwsError("No AWS credentials.", "Run aws configure.", code="NoCredentials")


def _no_store(account, bucket, region):
    raise AssertionError("no object store here")


@pytest.fixture(scope="session", autouse=True)
def stylesheets_parsed_once():
    """Every app parses the same stylesheets; parsed rules are not changed, so apps may share them."""
    parsed: dict[object, object] = {}
    parse = Stylesheet._parse_rules

    def parse_once(self, *args, **kwargs):
        key = (args, tuple(kwargs.items()), tuple(self._variables.items()))
        if key not in parsed:
            parsed[key] = parse(self, *args, **kwargs)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def keys_answered_to_the_end():
    """A key's answer goes from widget to widget by messages, and is painted then.

    Textual's pilot waits for one such step and then until the process seems idle, which a starved one does as well.
    """
    press, pause = Pilot.press, Pilot.pause

    async def settle(pilot):
        for _ in range(STEPS):
            if not await pilot._wait_for_screen() or not pilot.app.is_running:
                return
            pilot.app.screen._on_timer_update()

    async def press_and_settle(pilot, *keys):
        await press(pilot, *keys)
        await settle(pilot)

    async def settle_and_pause(pilot, delay=None):
        if delay is None:
            await settle(pilot)
        await pause(pilot, delay)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pilot, "press", press_and_settle)
        patch.setattr(Pilot, "pause", settle_and_pause)
        yield


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    """Keeps what screens remember between sessions out of the user's own data folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def offline(tmp_path):
    """Makes a Context whose account has no credentials; keyword arguments are settings."""

    def make(**settings) -> Context:
        context = Context(Settings(**{"workspace": tmp_path / "ws.duckdb", "region": ("us-east-1",), **settings}))
        backend = Backend(_no_session, _no_store, demo=bool(settings.get("demo")))
        context._accounts = (Account("prod", context.settings.region, backend=backend),)
        return context

    return make


@pytest.fixture
def demo(tmp_path):
    """Makes a Context on the demo account at a fixed moment; ``deny`` refuses calls there, the rest are settings."""

    def make(*, deny=(), clock=lambda: NOW, **settings) -> Context:
        settings = {"workspace": tmp_path / "incident-42.duckdb", "demo": True, **settings}
        context = Context(Settings(**settings), clock=clock)
        if deny:
            context._accounts = (demo_account(context.settings.region, clock=clock, deny=deny),)
        return context

    return make
