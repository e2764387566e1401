"""Follows a stack to the end of what it is doing. Closing the generator only stops looking: the stack goes on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flowtui.aws import stacks as cloudformation
from flowtui.aws.models import Stack, StackEvent
from flowtui.aws.session import Account
from flowtui.errors import FlowTuiError
from flowtui.stacks.explain import next_step, plain
from flowtui.stacks.progress import (
    PACE,
    EventSeen,
    Failure,
    Finished,
    Outcome,
    Pace,
    Prepared,
    Result,
    Steps,
    patient,
    pause,
)

STACK = "AWS::CloudFormation::Stack"
FLOW_LOG = "AWS::EC2::FlowLog"
_CANCELLED = re.compile(r"(creation|update|deletion) cancelled", re.IGNORECASE)


@dataclass
class _Seen:
    """What has been seen of one operation: events after the id ``after``, and whether it has begun."""

    after: str
    began: bool = False
    last_update: datetime | None = None
    first: datetime | None = None
    failure: Failure | None = None
    flow_log_made: datetime | None = None

    def take(self, event: StackEvent) -> float:
        """Remember an event; returns seconds since the first."""
        self.first = self.first or event.time
        self.after = event.id
        self.began = self.began or event.type == STACK
        if makes_flow_log(event):
            self.flow_log_made = event.time
        if self.failure is None and is_failure(event):
            self.failure = Failure(
                event.logical_id, event.type, plain(event.reason), next_step(event.reason, event.type)
            )
        return (event.time - self.first).total_seconds()

    def has_begun(self, stack: Stack) -> bool:
        """Whether the stack's present status is of this operation, not of the one before."""
        return self.began or stack.updated != self.last_update or stack.status == "DELETE_COMPLETE"


def watch(account: Account, region: str, name: str, *, pace: Pace = PACE) -> Steps[Result]:
    """Follow what a stack is doing now; for one at rest, tell its latest operation again and end.

    Yields:
        EventSeen, Tick and Note as they come, Finished at the end. Events arrive within ``pace.poll_s``.

    Raises:
        FlowTuiError: there is no such stack.
        AwsError: CloudFormation refused to tell.
    """
    stack = yield from patient(lambda: cloudformation.find_stack(account, region, name), pace, reading=True)
    if stack is None:
        raise FlowTuiError(f"There is no stack {name} in {region}.", "flowtui stacks lists those made here.")
    if stack.status == "REVIEW_IN_PROGRESS":
        return (yield from _end(Result("waiting", stack)))
    stack_id = stack.id
    events = yield from patient(lambda: cloudformation.stack_events(account, region, stack_id), pace, reading=True)
    past = len(events) - len(latest_operation(events))
    seen = _Seen(after=events[past - 1].id if past else "", began=True)
    return (yield from _follow(account, region, stack_id, seen, pace))


def watch_execution(account: Account, prepared: Prepared, pace: Pace = PACE) -> Steps[Result]:
    """Follow a change set that was just executed; yields as :func:`watch` does."""
    # A new stack rests only when it is done. One that is updated rests also before it begins.
    seen = _Seen(prepared.last_event, began=prepared.kind == "CREATE", last_update=prepared.last_update)
    return (yield from _follow(account, prepared.region, prepared.stack_id, seen, pace))


def watch_deletion(account: Account, stack: Stack, last_event: str, pace: Pace = PACE) -> Steps[Result]:
    """Follow a stack that was just told to delete itself; yields as :func:`watch` does."""
    seen = _Seen(last_event, last_update=stack.updated)
    return (yield from _follow(account, stack.region, stack.id, seen, pace))


def _follow(account: Account, region: str, stack_id: str, seen: _Seen, pace: Pace) -> Steps[Result]:
    """Poll until the stack rests, after it has begun."""
    started = account.clock()
    while True:
        # The stack first: the events asked for afterwards then include every one that led to its status.
        stack = yield from patient(lambda: cloudformation.find_stack(account, region, stack_id), pace, reading=True)
        if stack is None:
            return (yield from _end(Result("deleted", None)))
        events = yield from patient(
            lambda: cloudformation.stack_events(account, region, stack_id, seen.after), pace, reading=True
        )
        for event in events:
            yield EventSeen(event, seen.take(event))
        if at_rest(stack.status) and seen.has_begun(stack):
            return (yield from _end(_result(stack, seen)))
        yield from pause(pace, pace.poll_s, stack.status, (account.clock() - started).total_seconds())


def _end(result: Result) -> Steps[Result]:
    yield Finished(result)
    return result


def _result(stack: Stack, seen: _Seen) -> Result:
    outcome = outcome_of(stack.status)
    if outcome != "failed":
        return Result(outcome, stack, flow_log_made=seen.flow_log_made)
    failure = seen.failure or Failure(stack.name, STACK, stack.reason, next_step(stack.reason))
    return Result(outcome, stack, failure)


def at_rest(status: str) -> bool:
    """Whether a stack in this status does nothing more by itself."""
    return not status.endswith("_IN_PROGRESS")


def outcome_of(status: str) -> Outcome:
    """How a resting stack's last operation ended."""
    if status == "DELETE_COMPLETE":
        return "deleted"
    return "failed" if "ROLLBACK" in status or status.endswith("_FAILED") else "complete"


def is_failure(event: StackEvent) -> bool:
    """Whether an event is a cause: a resource that failed, not one that was called off because another did."""
    return event.status.endswith("_FAILED") and not _CANCELLED.search(event.reason)


def makes_flow_log(event: StackEvent) -> bool:
    """Whether an event makes a flow log, in an update also in place of another one.

    A replacement has no CREATE event: its update says "Requested update requires the creation of a new physical
    resource" and "Resource creation Initiated"
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html).
    """
    began = event.status in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS") and "creation" in event.reason.lower()
    return event.type == FLOW_LOG and (event.status == "CREATE_COMPLETE" or began)


def latest_operation(events: Sequence[StackEvent]) -> Sequence[StackEvent]:
    """The events of a stack's latest creation, update or deletion, of all its events in order."""
    begins = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS")
    for index in range(len(events) - 1, -1, -1):
        event = events[index]
        if event.type == STACK and event.status in begins:
            return events[index:]
    return events
