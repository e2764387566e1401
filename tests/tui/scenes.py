"""The app put into the states worth a picture; the snapshots and the README's screenshots are both taken of these."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.pilot import Pilot
from textual.widgets import Input

from flowtui.errors import AccessDenied
from flowtui.tui.widgets.table import Table
from tests.tui.waiting import idle, until

Scene = Callable[[Pilot[None]], Awaitable[None]]
SCENES: dict[str, Scene] = {}


def scene(drive: Scene) -> Scene:
    """Register a scene under its function's name; it ends with nothing blinking and nothing running."""

    async def settled(pilot: Pilot[None]) -> None:
        await idle(pilot)
        await drive(pilot)
        await pilot.pause()
        await idle(pilot)
        for line in pilot.app.screen.query(Input):
            line.cursor_blink = False
        await pilot.pause()

    SCENES[drive.__name__] = settled
    return settled


def request(pilot, name):
    """The VPC of that name."""
    return next(each for each in pilot.app.known_vpcs.values() if each.vpc.name == name)


@scene
async def vpcs(pilot):
    """The list, its cursor on a VPC of which a part is dark."""
    table = pilot.app.screen.query_one(Table)
    table.select(next(row.key for row in table.rows if row.cells["name"].text == "data"))


@scene
async def vpcs_filter(pilot):
    """The list narrowed while the filter is typed."""
    await pilot.press("slash", *"region:eu")


@scene
async def command_line(pilot):
    """A command half typed, with what it may become."""
    await pilot.press("colon", "t")


@scene
async def keys(pilot):
    """The help of active keys."""
    await pilot.press("question_mark")


@scene
async def error(pilot):
    """The error modal."""
    pilot.app.show_error(
        AccessDenied(
            "ec2:DescribeFlowLogs in eu-west-1 was denied: You are not authorized to perform this operation.",
            "Ask for the IAM action ec2:DescribeFlowLogs.",
            action="ec2:DescribeFlowLogs",
        )
    )


@scene
async def detail(pilot):
    """A VPC whose deliveries fail, with what the doctor says."""
    chosen = request(pilot, "staging")
    pilot.app.open_detail(chosen)
    await until(pilot, lambda: getattr(pilot.app.screen, "_request", None) is chosen)
    await idle(pilot)
    await pilot.press("x", "j", "j")


@scene
async def detail_healthy(pilot):
    """A large VPC with two flow logs."""
    chosen = request(pilot, "prod-core")
    pilot.app.open_detail(chosen)
    await until(pilot, lambda: getattr(pilot.app.screen, "_request", None) is chosen)


@scene
async def deploy_plan(pilot):
    """The plan of a template."""
    pilot.app.open_deploy(request(pilot, "sandbox"))
    await until(pilot, lambda: pilot.app.screen.query("#field-template"))
    await idle(pilot)
    await pilot.press("right")
    await until(pilot, lambda: pilot.app.screen.query("#field-BucketName"))


@scene
async def deploy_stacks(pilot):
    """No stack yet."""
    await pilot.press("f4")


async def to_change_set(pilot):
    """From the list to a change set of the sandbox VPC."""
    pilot.app.open_deploy(request(pilot, "sandbox"))
    await until(pilot, lambda: pilot.app.screen.query("#field-template"))
    await idle(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: pilot.app.screen._step == "changes")
