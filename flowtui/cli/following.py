"""Telling a stack's progress on stderr, and how it ended."""

from __future__ import annotations

import json
import signal
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

import click

from flowtui.cli.tables import StatusLine
from flowtui.errors import EXIT_DONE

if TYPE_CHECKING:
    from flowtui.stacks.progress import ChangeSetReady, DeployProgress, Result, Steps

T = TypeVar("T")


def narrated(steps: Iterator[DeployProgress]) -> Iterator[ChangeSetReady | Result]:
    """Tell progress on stderr; pass on the change set, and as the last value the Result."""
    from flowtui.cli.prose import event_line
    from flowtui.records.labels import clean
    from flowtui.stacks.progress import ChangeSetReady, EventSeen, Finished, Note, Tick

    line = StatusLine()
    try:
        for progress in steps:
            if isinstance(progress, Tick):
                line.show(f"{progress.status.lower().replace('_', ' ')} {progress.elapsed_s:.0f} s")
                continue
            line.clear()
            if isinstance(progress, Note):
                click.echo(clean(progress.text), err=True)
            elif isinstance(progress, EventSeen):
                click.echo(event_line(progress.event, progress.elapsed_s), err=True)
            elif isinstance(progress, ChangeSetReady):
                yield progress
            elif isinstance(progress, Finished):
                yield progress.result
    finally:
        line.clear()


def followed(steps: Generator[DeployProgress, None, object]) -> Result:
    """Tell a stack's progress to its end; interrupting only stops looking."""
    from flowtui.stacks.progress import Result

    with closing(steps):
        results = [progress for progress in narrated(steps) if isinstance(progress, Result)]
    return results[-1]


def waited(steps: Steps[T]) -> T:
    """Tell the progress of a part that returns a value, and return it."""
    found: list[T] = []

    def whole() -> Generator[DeployProgress, None, None]:
        found.append((yield from steps))

    for _ in narrated(whole()):
        pass
    return found[0]


def conclude(stack_name: str, result: Result, output: str, now: datetime) -> int:
    """Say how it ended, print the outputs, and return the exit status.

    Raises:
        FlowTuiError: it failed; with the first cause. As JSON that is printed as well.
    """
    from flowtui.cli.prose import failure_of, output_lines
    from flowtui.stacks.explain import arrival

    if output == "json":
        click.echo(json.dumps(outcome_object(stack_name, result), indent=2))
    if result.outcome == "failed":
        raise failure_of(stack_name, result)
    said = {
        "complete": f"Stack {stack_name} is complete. {arrival(result, now)}".rstrip(),
        "no changes": f"No changes: stack {stack_name} is already as asked.",
        "deleted": f"Stack {stack_name} is deleted.",
        "waiting": f"Stack {stack_name} is empty: it holds a change set that was not executed.",
    }
    click.echo(said[result.outcome], err=True)
    outputs = dict(result.stack.outputs) if result.stack and result.outcome != "deleted" else {}
    if output != "json" and outputs:
        click.echo("\n".join(output_lines(outputs)))
    return EXIT_DONE


def outcome_object(stack_name: str, result: Result) -> dict[str, object]:
    """How it ended, for programs: ``outcome`` is complete, failed, no changes, deleted or waiting."""
    stack, failure = result.stack, result.failure
    return {
        "stack": stack_name,
        "id": stack.id if stack else "",
        "region": stack.region if stack else "",
        "status": stack.status if stack else "",
        "outcome": result.outcome,
        "outputs": dict(sorted(stack.outputs.items())) if stack and result.outcome != "deleted" else {},
        "failure": {
            "resource": failure.logical_id,
            "type": failure.type,
            "reason": failure.reason,
            "next_step": failure.hint,
        }
        if failure
        else None,
    }


@contextmanager
def hangup_interrupts() -> Iterator[None]:
    """Let a closed terminal end the command as ctrl+c does, so that nothing half-made stays behind."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    names = [number for name in ("SIGHUP", "SIGTERM") if (number := getattr(signal, name, None)) is not None]
    before = {number: signal.signal(number, interrupt) for number in names}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
