"""Taking an inventory from the SQL screen: the accounts are listed, and the tables of ``aws`` filled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from flowtui.aws.models import RegionRefusal
from flowtui.context import Context
from flowtui.tui.base import FlowScreen

if TYPE_CHECKING:
    from flowtui.lake.inventory import Kept

_JOB = "inventory"


def take_inventory(screen: FlowScreen, done: Callable[[], None]) -> None:
    """List the chosen profiles and regions in the background and keep what they have.

    Args:
        screen: shows how far it is, and at the end what was kept and refused.
        done: called when the tables are filled.
    """
    kept: list[Kept] = []
    refused: list[RegionRefusal] = []

    def received(step: Kept | RegionRefusal) -> None:
        if isinstance(step, RegionRefusal):
            refused.append(step)
        else:
            kept.append(step)
        screen.set_busy(_JOB, f"{len(kept)} regions kept")

    def finished() -> None:
        if kept:
            things = sum(sum(one.rows.values()) for one in kept)
            regions = f"{len(kept)} region{'s' * (len(kept) != 1)}"
            screen.notify(f"Kept {things:,} things of {regions} in aws.*; queries can join them.", markup=False)
        if refused:
            screen.flow.show_error(refused[0].error)
        done()

    screen.run_job(_JOB, lambda _: _steps(screen.flow.context), received, done=finished, busy="listing accounts")


def _steps(context: Context) -> Iterator[Kept | RegionRefusal]:
    from flowtui.lake.inventory import snapshot

    yield from snapshot(context.workspace(), context.accounts)
