"""Takes the README's pictures from the demo account: ``python -m tests.screenshots [NAME ...]``.

The clock stands still, so a picture changes only when what it shows does (but for how long a query took).
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from flowtui.config import Settings
from flowtui.context import Context
from flowtui.stacks.progress import Pace
from flowtui.tui.app import FlowTuiApp
from flowtui.tui.deploy.screen import DeployScreen
from flowtui.tui.requests import LogsRequest, SqlRequest, TailRequest
from tests.tui.conftest import NOW
from tests.tui.scenes import SCENES, request, to_change_set
from tests.tui.waiting import idle, text_of, until

FOLDER = Path(__file__).parents[1] / "screenshots"
SIZE = (112, 32)

QUERY = """\
SELECT srcaddr, dstaddr, dstport,
       COUNT(*) AS tries, SUM(bytes) AS total_bytes
FROM vpc_flow_logs.flow_logs
WHERE action = 'REJECT'
GROUP BY srcaddr, dstaddr, dstport
ORDER BY tries DESC
LIMIT 20;
"""


class _Clock:
    """Moves only while the deployment waits."""

    def __init__(self) -> None:
        self._now = NOW

    def __call__(self):
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


def _flow_log(pilot, name):
    """The S3 flow log of the VPC of that name, as the list on F2 knows it."""
    wanted = next(seen for seen in pilot.app.screen._seen if seen.coverage.vpc.name == name)
    log = next(log for log in wanted.coverage.flow_logs if log.destination_type == "s3")
    return LogsRequest(log, wanted.account)


async def deploy(pilot) -> None:
    """A stack just made."""
    await to_change_set(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: pilot.app.screen.query_one("#run-pane").result is not None)
    await idle(pilot)


async def tail(pilot) -> None:
    """Records of the last hours of a VPC, with names."""
    vpc = request(pilot, "prod-core")
    pilot.app.open_tail(TailRequest(vpc.vpc.id, vpc.account, vpc.vpc.region, vpc.vpc.name))
    await until(pilot, lambda: any(" lag " in line for line in text_of(pilot.app)), "the tail")
    await until(pilot, lambda: any("web-" in line for line in text_of(pilot.app)), "names")


async def _listed(pilot) -> None:
    pilot.app.open_logs(_flow_log(pilot, "prod-core"))
    await pilot.pause()
    await until(pilot, lambda: any(".log.gz" in line for line in text_of(pilot.app)), "the list of objects")
    await idle(pilot)


async def logs(pilot) -> None:
    """The objects of a flow log, before anything is loaded."""
    await _listed(pilot)


async def sql(pilot) -> None:
    """A query over records just loaded."""
    await _listed(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: pilot.app.screen.job("load") is None, "the load")
    pilot.app.open_sql(SqlRequest(QUERY, "rejected", run=True))
    await until(pilot, lambda: any(" rows" in line and "ms" in line for line in text_of(pilot.app)), "the result")


PICTURES: dict[str, Callable[[Pilot[None]], Awaitable[None]]] = {
    "vpcs": SCENES["vpcs"],
    "detail": SCENES["detail"],
    "plan": SCENES["deploy_plan"],
    "deploy": deploy,
    "tail": tail,
    "logs": logs,
    "sql": sql,
}


async def picture(name: str, size: tuple[int, int] = SIZE) -> str:
    """The SVG of one picture."""
    clock = _Clock()
    DeployScreen.PACE = Pace(sleep=clock.sleep)
    with tempfile.TemporaryDirectory() as folder:
        context = Context(Settings(demo=True, workspace=Path(folder) / "incident-42.duckdb"), clock=clock)
        try:
            app = FlowTuiApp(context)
            async with app.run_test(size=size) as pilot:
                await idle(pilot)
                await PICTURES[name](pilot)
                for line in app.screen.query(Input):
                    line.cursor_blink = False
                await pilot.pause(0.2)
                svg = app.export_screenshot(title="flowtui")
        finally:
            context.close()
    # A name of its own for each picture, the same at every run, so that only real changes show in a diff.
    svg = re.sub(r"terminal-\d+", f"terminal-{name}", svg)
    # Some viewers drop leading spaces, which move text out of its column.
    return svg.replace("<text ", '<text xml:space="preserve" ')


def main(names: list[str]) -> None:
    """Write the pictures named, or all."""
    FOLDER.mkdir(exist_ok=True)
    for name in names or PICTURES:
        (FOLDER / f"{name}.svg").write_text(asyncio.run(picture(name)), encoding="utf-8")
        print(f"screenshots/{name}.svg")


if __name__ == "__main__":
    main(sys.argv[1:])
