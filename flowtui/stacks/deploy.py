"""Deploys a template in three steps: change set, execution, watching.

:func:`deploy` is all three: it yields :class:`ChangeSetReady` and executes when it is resumed; closed there, or
anywhere before, it removes what it made and nothing else. A screen that lets the user think in between calls the steps
by themselves: :func:`create_change_set`, then :func:`execute` or :func:`discard`.

Once the execution has begun, closing only stops watching: the stack goes on, and :func:`flowtui.stacks.watch.watch`
takes up again where it is.
"""

from __future__ import annotations

import re
import secrets
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace

from flowtui.aws import stacks as cloudformation
from flowtui.aws.failures import is_passing
from flowtui.aws.models import Stack
from flowtui.aws.session import Account
from flowtui.errors import AwsError, FlowTuiError, UsageError
from flowtui.stacks.explain import explained, way_out
from flowtui.stacks.made import TAG
from flowtui.stacks.plan import Plan, check_region, plan
from flowtui.stacks.progress import (
    PACE,
    ChangeSetReady,
    Finished,
    Note,
    Pace,
    Prepared,
    Result,
    Steps,
    patient,
    pause,
)
from flowtui.stacks.templates import Template
from flowtui.stacks.watch import at_rest, watch_execution

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
_NO_CHANGES = re.compile(r"didn't contain changes|no updates are to be performed", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Discarded:
    """What :func:`discard` removed."""

    change_set: bool
    stack: bool


def deploy(
    account: Account,
    region: str,
    template: Template,
    stack_name: str,
    parameters: Mapping[str, str],
    *,
    update: bool = False,
    pace: Pace = PACE,
) -> Steps[None]:
    """Make a change set, show it, and, when resumed after :class:`ChangeSetReady`, carry it out and watch.

    Args:
        account: where to deploy.
        region: region of the stack.
        template: what to deploy.
        stack_name: name of the stack.
        parameters: answers; for an update those left out keep the stack's values.
        update: change an existing stack made from this template instead of making one.
        pace: how to wait.

    Yields:
        Note and Tick at any time; ChangeSetReady; then EventSeen as they happen; Finished as the last value, which is
        the only one after "no changes".

    Raises:
        UsageError: the parameters do not fit, or the stack is not one that can be made or updated.
        AwsError: AWS refused; what was made for the change set has been removed by then.
    """
    prepared: Prepared | None = None
    steps = create_change_set(account, region, template, stack_name, parameters, update=update, pace=pace)
    with closing(steps):
        try:
            for progress in steps:
                if isinstance(progress, ChangeSetReady):
                    prepared = progress.prepared
                yield progress
            if prepared is None:
                return
            yield from _execute(account, prepared, pace)
            executed, prepared = prepared, None
        finally:
            if prepared is not None:
                _take_back(account, prepared)
    yield from watch_execution(account, executed, pace)


def create_change_set(
    account: Account,
    region: str,
    template: Template,
    stack_name: str,
    parameters: Mapping[str, str],
    *,
    update: bool = False,
    pace: Pace = PACE,
) -> Steps[None]:
    """The first step of :func:`deploy`: ends with ChangeSetReady, or with Finished when there is nothing to change.

    Closed or failing before that, it removes the change set and the empty stack it made. Afterwards that is up to the
    caller: :func:`execute` or :func:`discard`.
    """
    check_name(stack_name)
    stack = yield from look_up(account, region, stack_name, pace)
    planned = plan(template, {**previous_answers(template, stack, stack_name, region, update), **parameters})
    check_region(planned, region)
    if stack is not None and stack.status == "REVIEW_IN_PROGRESS":
        yield Note(f"Stack {stack_name} is there already, empty, from a change set nobody executed. It is taken up.")
    draft = yield from _draft(account, region, stack_name, stack, update, pace)
    unclaimed = True
    try:
        try:
            draft = yield from _request(account, draft, planned, stack, pace)
        except AwsError as error:
            # A plain refusal made nothing; a lost answer may have.
            unclaimed = is_passing(error)
            raise explained(error, stack_name, region) from error
        change_set = yield from _settled(account, draft, pace)
        if change_set.status == "FAILED" and not _NO_CHANGES.search(change_set.reason):
            reason = AwsError(f"The change set failed: {change_set.reason}", code="ChangeSetFailed", region=region)
            raise explained(reason, stack_name, region)
        unclaimed = change_set.status == "FAILED"
    finally:
        if unclaimed:
            _take_back(account, draft)
    if unclaimed:
        yield Finished(Result("no changes", stack))
    else:
        yield ChangeSetReady(replace(draft, changes=change_set.changes))


def execute(account: Account, prepared: Prepared, *, pace: Pace = PACE) -> Steps[None]:
    """Carry out a change set and watch; yields as the last part of :func:`deploy`.

    Raises:
        AwsError: the execution was refused; the change set is still there, see :func:`discard`.
    """
    yield from _execute(account, prepared, pace)
    yield from watch_execution(account, prepared, pace)


def discard(account: Account, prepared: Prepared) -> Discarded:
    """Remove a change set that was not executed, and the stack if it was made for it and is still empty.

    Another's change set, a stack that was there before, and one that anything was executed in are never touched.

    Raises:
        AwsError: it could not be removed; the hint says how to do so by hand.
    """
    region = prepared.region
    try:
        stack = cloudformation.find_stack(account, region, prepared.stack_id or prepared.stack_name)
        if stack is None:
            return Discarded(False, False)
        change_sets = cloudformation.list_change_sets(account, region, stack.id)
        ours = [one for one in change_sets if _is(one, prepared.change_set_id)]
        for change_set_id in ours:
            cloudformation.delete_change_set(account, region, change_set_id)
        others = [one for one in change_sets if one not in ours]
        # Without a change set of ours in it, a stack of that name that appeared meanwhile is somebody else's.
        empty = bool(ours) and not others and stack.status == "REVIEW_IN_PROGRESS"
        if prepared.made_stack and empty:
            cloudformation.delete_stack(account, region, stack.id)
            return Discarded(True, True)
        return Discarded(bool(ours), False)
    except AwsError as error:
        if error.code.startswith("InvalidChangeSetStatus"):
            # It is being executed: the answer to that was lost, and there is nothing to take back any more.
            return Discarded(False, False)
        raise type(error)(
            f"The change set of stack {prepared.stack_name} could not be removed. {error.message}",
            f"{error.hint} Nothing was deployed. Look for it with: "
            f"aws cloudformation list-change-sets --stack-name {prepared.stack_name} --region {region}".strip(),
            code=error.code,
            action=error.action,
            region=error.region,
        ) from error


def _take_back(account: Account, prepared: Prepared) -> None:
    """Discard on the way out; when a refusal is that way, it stays the first thing said.

    Raises:
        AwsError: it could not be removed.
    """
    refusal = sys.exception()
    try:
        discard(account, prepared)
    except AwsError as error:
        if not isinstance(refusal, AwsError):
            raise
        raise type(refusal)(
            f"{refusal.message.rstrip('.')}. {error.message}",
            f"{refusal.hint} {error.hint}".strip(),
            code=refusal.code,
            action=refusal.action,
            region=refusal.region,
        ) from error


def look_up(account: Account, region: str, stack_name: str, pace: Pace = PACE) -> Steps[Stack | None]:
    """The stack of that name, None when there is none; yields notes on what it waits for."""
    return (yield from patient(lambda: cloudformation.find_stack(account, region, stack_name), pace))


def check_name(stack_name: str) -> None:
    """Refuse what CloudFormation takes for no stack's name.

    Raises:
        UsageError: it is none (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html).
    """
    if not _NAME.fullmatch(stack_name):
        raise UsageError(
            f"{stack_name!r} is not a stack name.",
            "A stack name begins with a letter and has letters, digits and hyphens, 128 at most.",
        )


def previous_answers(
    template: Template, stack: Stack | None, stack_name: str, region: str, update: bool, *, app: bool = False
) -> Mapping[str, str]:
    """The answers an existing stack was made with; none for a new one. ``app`` names the app's keys in advice.

    Raises:
        FlowTuiError: there is a stack where none should be, none where one should, or it is busy, stuck or not ours.
    """
    place = f"{stack_name} in {region}"
    if not update:
        if stack is None or stack.status in ("REVIEW_IN_PROGRESS", "DELETE_COMPLETE"):
            return {}
        option, watch = (
            ("name", "enter in the list of stacks") if app else ("--stack-name", f"flowtui stacks watch {stack_name}")
        )
        change = "u in the list of stacks" if app else "--update"
        advice = way_out(stack, app=app) or f"Choose another {option}, or change the one there with {change}."
        if not at_rest(stack.status):
            advice = f"Wait for it with {watch}, or choose another {option}."
        raise FlowTuiError(f"There is a stack {place} already ({stack.status}).", advice)
    if stack is None:
        raise FlowTuiError(f"There is no stack {place} to update.", "flowtui stacks lists those made here.")
    if stack.tags.get(TAG) != template.name:
        made = stack.tags.get(TAG)
        raise FlowTuiError(
            f"Stack {place} was not made by flowtui from the template {template.name}.",
            f"It was made from {made}: flowtui deploy {made} --update." if made else "It is left alone.",
        )
    if not at_rest(stack.status) or way_out(stack):
        advice = way_out(stack) or f"Watch it with flowtui stacks watch {stack_name}."
        raise FlowTuiError(f"Stack {place} cannot be updated now ({stack.status}).", advice)
    return {name: value for name, value in stack.parameters.items() if template.parameter(name)}


def _draft(
    account: Account, region: str, stack_name: str, stack: Stack | None, update: bool, pace: Pace
) -> Steps[Prepared]:
    """What is known before the change set is asked for: until the answer its name stands in for its id."""
    last_event = ""
    if stack is not None:
        last_event = yield from patient(lambda: cloudformation.newest_event(account, region, stack.id), pace)
    return Prepared(
        region=region,
        stack_name=stack_name,
        stack_id=stack.id if stack else "",
        change_set_id=f"flowtui-{account.clock():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}",
        kind="UPDATE" if update else "CREATE",
        made_stack=stack is None,
        last_event=last_event,
        last_update=stack.updated if stack else None,
    )


def _request(account: Account, draft: Prepared, planned: Plan, stack: Stack | None, pace: Pace) -> Steps[Prepared]:
    """Ask for the change set; the answer has its id and the stack's."""
    change_set_id, stack_id = yield from patient(
        lambda: cloudformation.create_change_set(
            account,
            draft.region,
            draft.stack_name,
            draft.change_set_id,
            kind=draft.kind,
            body=planned.template.body,
            parameters=planned.parameters,
            capabilities=planned.capabilities,
            tags={**(stack.tags if stack else {}), TAG: planned.template.name},
        ),
        pace,
    )
    return replace(draft, change_set_id=change_set_id, stack_id=stack_id)


def _settled(account: Account, draft: Prepared, pace: Pace) -> Steps[cloudformation.ChangeSet]:
    """Wait until CloudFormation has worked the change set out."""
    started = account.clock()
    while True:
        change_set = yield from patient(
            lambda: cloudformation.describe_change_set(account, draft.region, draft.change_set_id), pace, reading=True
        )
        if change_set.status not in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
            return change_set
        yield from pause(pace, pace.poll_s, change_set.status, (account.clock() - started).total_seconds())


def _execute(account: Account, prepared: Prepared, pace: Pace) -> Steps[None]:
    token = prepared.change_set_id.rpartition("/")[2][-64:]
    try:
        yield from patient(
            lambda: cloudformation.execute_change_set(account, prepared.region, prepared.change_set_id, token), pace
        )
    except AwsError as error:
        raise explained(error, prepared.stack_name, prepared.region) from error


def _is(change_set_id: str, id_or_name: str) -> bool:
    """Whether an id (an ARN ``…:changeSet/NAME/UUID``) is the one, or has the name, we know."""
    return change_set_id == id_or_name or f":changeSet/{id_or_name}/" in change_set_id
