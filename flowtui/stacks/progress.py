"""What deploying tells while it goes on, and how it waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar

from flowtui.aws.failures import is_passing, is_throttled
from flowtui.aws.models import Change, Stack, StackEvent
from flowtui.errors import AwsError

T = TypeVar("T")

_WAITS_S = (2, 4, 8, 16, 30, 30, 30)

Outcome = Literal["complete", "failed", "no changes", "deleted", "waiting"]
"""How it ended; ``waiting`` is a stack that holds nothing but a change set nobody executed."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast to poll.

    Args:
        sleep: waits for so many seconds; tests give one that does not.
        poll_s: seconds between two looks at the stack.
        step_s: the longest single sleep, so that closing the generator takes effect soon.
    """

    sleep: Callable[[float], object] = time.sleep
    poll_s: float = 2.0
    step_s: float = 0.25


PACE = Pace()
"""Real time."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A change set, ready to be looked at and executed or discarded.

    ``made_stack`` is True when asking for it also made the (empty) stack. ``last_event`` is the id of the newest event
    the stack had before, empty for a new one, and ``last_update`` the time of its last update then.
    """

    region: str
    stack_name: str
    stack_id: str
    change_set_id: str
    kind: Literal["CREATE", "UPDATE"]
    made_stack: bool
    changes: tuple[Change, ...] = ()
    last_event: str = ""
    last_update: datetime | None = None

    @property
    def replacements(self) -> tuple[Change, ...]:
        """Changes that make a resource anew, surely or perhaps."""
        return tuple(change for change in self.changes if change.replacement in ("True", "Conditional"))


@dataclass(frozen=True, slots=True)
class Failure:
    """The first thing that went wrong, AWS's reason for it, and what to do next (may be empty)."""

    logical_id: str
    type: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class Result:
    """The end. ``stack`` has the outputs; it is None when the stack no longer exists.

    ``flow_log_made`` is when the operation made a flow log, None when it made none.
    """

    outcome: Outcome
    stack: Stack | None
    failure: Failure | None = None
    flow_log_made: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeployProgress:
    """Base of everything that is yielded."""


@dataclass(frozen=True, slots=True)
class Note(DeployProgress):
    """Something worth saying in a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Tick(DeployProgress):
    """Time passes; nothing new. ``status`` is the stack's or the change set's."""

    status: str
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class ChangeSetReady(DeployProgress):
    """The change set can be shown. Nothing has been changed yet."""

    prepared: Prepared


@dataclass(frozen=True, slots=True)
class EventSeen(DeployProgress):
    """An event of the stack, ``elapsed_s`` seconds after the first one."""

    event: StackEvent
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class Finished(DeployProgress):
    """The last value."""

    result: Result


Steps = Generator[DeployProgress, None, T]
"""A part of a deployment: yields progress, returns a value to the part that delegates to it."""


def pause(pace: Pace, seconds: float, status: str = "", elapsed_s: float = 0.0) -> Steps[None]:
    """Wait in small steps, giving the consumer a chance to close in each."""
    while seconds > 0:
        step = min(seconds, pace.step_s)
        pace.sleep(step)
        seconds -= step
        yield Tick(status, elapsed_s)


def patient(call: Callable[[], T], pace: Pace, *, reading: bool = False) -> Steps[T]:
    """Make a call, waiting out throttling and saying so.

    Args:
        call: what to do.
        pace: how to wait.
        reading: the call changes nothing, so that also a network that is gone for a while can be waited out.

    Raises:
        AwsError: any other failure, or throttling that does not end within about two minutes.
    """
    for wait_s in _WAITS_S:
        try:
            return call()
        except AwsError as error:
            if is_throttled(error):
                yield Note(f"AWS asks for fewer calls; going on in {wait_s} s.")
            elif reading and is_passing(error):
                yield Note(f"{error.message} Trying again in {wait_s} s.")
            else:
                raise
        yield from pause(pace, wait_s)
    return call()
