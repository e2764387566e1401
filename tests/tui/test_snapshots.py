"""Pictures of the screens at 80×24 and 140×40, the clock held still; and of the deployment, whose clock moves alone."""

from __future__ import annotations

import pytest

from flowtui.stacks.progress import Pace
from flowtui.tui.app import FlowTuiApp
from flowtui.tui.deploy.screen import DeployScreen
from tests.tui.scenes import SCENES, to_change_set
from tests.tui.test_deploy import Moving
from tests.tui.waiting import idle, until

SIZES = [(80, 24), (140, 40)]
FRAME = (
    "vpcs",
    "vpcs_filter",
    "command_line",
    "keys",
    "error",
    "detail",
    "detail_healthy",
    "deploy_plan",
    "deploy_stacks",
)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", FRAME)
def test_scene(demo, snap_compare, name, size):
    assert snap_compare(FlowTuiApp(demo()), terminal_size=size, run_before=SCENES[name])


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_light_theme(demo, snap_compare, size):
    app = FlowTuiApp(demo(theme="flowtui-light", read_only=True))
    assert snap_compare(app, terminal_size=size, run_before=SCENES["vpcs"])


def test_ascii(demo, snap_compare):
    assert snap_compare(FlowTuiApp(demo(ascii=True)), terminal_size=(80, 24), run_before=SCENES["detail"])


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_change_set(demo, snap_compare, monkeypatch, size):
    clock = Moving()
    monkeypatch.setattr(DeployScreen, "PACE", Pace(sleep=clock.sleep))

    async def drive(pilot):
        await idle(pilot)
        await to_change_set(pilot)
        await pilot.pause()

    assert snap_compare(FlowTuiApp(demo(clock=clock)), terminal_size=size, run_before=drive)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_stack_made(demo, snap_compare, monkeypatch, size):
    clock = Moving()
    monkeypatch.setattr(DeployScreen, "PACE", Pace(sleep=clock.sleep))

    async def drive(pilot):
        await idle(pilot)
        await to_change_set(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.query_one("#run-pane").result is not None)
        await idle(pilot)

    assert snap_compare(FlowTuiApp(demo(clock=clock)), terminal_size=size, run_before=drive)
