"""A clock that moves when told, and a demo account that lives by it."""

from datetime import UTC, datetime, timedelta

import pytest

from flowtui.demo.account import demo_account


class HandClock:
    """Stands still until moved."""

    def __init__(self, now=datetime(2026, 6, 1, 12, 3, 20, tzinfo=UTC)):
        self.now = now

    def __call__(self):
        return self.now

    def move(self, **by):
        self.now += timedelta(**by)

    @property
    def ms(self):
        return int(self.now.timestamp() * 1000)


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def account(clock):
    return demo_account(clock=clock)
