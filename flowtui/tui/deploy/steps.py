"""What the Deploy screen's steps do away from its widgets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from threading import Event
from typing import Literal

from rich.cells import cell_len
from textual.content import Content

from flowtui.aws.models import Stack
from flowtui.aws.session import Account
from flowtui.stacks.deploy import deploy
from flowtui.stacks.made import Leaving
from flowtui.stacks.progress import ChangeSetReady, DeployProgress, Pace
from flowtui.stacks.templates import Template
from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.fit import shorten

Step = Literal["stacks", "plan", "changes", "run"]
STEPS: tuple[tuple[Step, str], ...] = (("plan", "1 plan"), ("changes", "2 change set"), ("run", "3 run"))
# How long the worker waits between two looks at whether it shall stop, seconds.
STOP_LOOK_S = 0.1


def standing_outputs(stack: Stack) -> Mapping[str, str]:
    """What a stack made and still has; none of a stack that is deleted or was never made."""
    return {} if stack.status in ("DELETE_COMPLETE", "ROLLBACK_COMPLETE") else stack.outputs


def stack_location(stack: Stack) -> str:
    """The ``s3://`` place a stack's flow log delivers to; empty when it is none to S3, or gone."""
    outputs = standing_outputs(stack)
    bucket = outputs.get("BucketName", "")
    prefix = outputs.get("Prefix", "").strip("/")
    return f"s3://{bucket}/{prefix + '/' if prefix else ''}" if bucket else ""


def leaving_text(found: Leaving) -> str:
    """What goes and what stays, one line each."""
    gone = ", ".join(resource.logical_id for resource in found.removed) or "nothing"
    kept = ", ".join(f"{resource.logical_id} ({resource.physical_id})" for resource in found.kept)
    said = [f"Removed: {gone}.", f"Kept: {kept}." if kept else "Nothing of it is kept.", found.records]
    return "\n".join(filter(None, said))


def deploying(
    account: Account,
    region: str,
    template: Template,
    stack_name: str,
    parameters: Mapping[str, str],
    yes: Event,
    stop: Event,
    pace: Pace,
    *,
    update: bool = False,
) -> Iterator[DeployProgress]:
    """Deploy or change a stack, waiting at the change set for the yes; returning before that removes it."""
    with closing(deploy(account, region, template, stack_name, parameters, update=update, pace=pace)) as steps:
        for progress in steps:
            yield progress
            if isinstance(progress, ChangeSetReady):
                while not yes.wait(STOP_LOOK_S):
                    if stop.is_set():
                        return
            if stop.is_set():
                return


def heading(step: Step, about: tuple[str, str] | None, glyphs: Glyphs, width: int) -> Content:
    """The screen's first line: where in the three steps we are, and for what in which region.

    Where the width, in cells, is too little for all of it, the other steps go first, then the end of the name.
    """
    if step == "stacks":
        return Content.assemble(("Deploy", "bold"), ("   flow logs by CloudFormation: plan, change set, run", "$muted"))
    name, place = about or ("", "")
    whole = _head(step, STEPS, glyphs)
    room = width - whole.cell_length
    if about is not None and room < cell_len(f"   {name} {glyphs.dot} {place}"):
        whole = _head(step, [one for one in STEPS if one[0] == step], glyphs)
        room = width - whole.cell_length
    if about is None:
        return whole
    name = shorten(name, room - cell_len(f"    {glyphs.dot} {place}"), glyphs.ellipsis)
    return Content.assemble(whole, f"   {name} {glyphs.dot} {place}")


def _head(step: Step, steps: Sequence[tuple[Step, str]], glyphs: Glyphs) -> Content:
    parts: list[tuple[str, str]] = [("Deploy", "bold"), ("   ", "")]
    for n, (each, label) in enumerate(steps):
        if n:
            parts.append((f" {glyphs.right} ", "$muted"))
        parts.append((label, "bold $accent" if each == step else "$muted"))
    return Content.assemble(*parts)
