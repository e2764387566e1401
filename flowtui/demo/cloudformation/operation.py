"""One operation on a stack, worked through step by step: create, update, roll back, delete.

A step happens at its own moment, however late the clock is looked at; what a step leads to is appended with the
moment that follows. So a clock that jumps an hour sees the same events as one that ticks.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from itertools import count

from flowtui.demo.cloudformation.model import Draft, Event, Resource, Stack
from flowtui.demo.cloudformation.resources import Made, Site, kind_of
from flowtui.demo.cloudformation.template import dependencies
from flowtui.demo.hooks import ApiError
from flowtui.demo.state import Json, State
from flowtui.stacks.evaluate import Evaluation

STACK_TYPE = "AWS::CloudFormation::Stack"
_DELETE_S = 2
_NUMBERS = count()

Then = Callable[[float, list[str]], None]


def resolved(evaluation: Evaluation, logical_id: str) -> Json:
    """A resource's properties, through JSON so that equal ones compare equal."""
    found: Json = json.loads(json.dumps(evaluation.properties(logical_id), default=str))
    return found


class Operation:
    """Brings a stack from what it is to what a draft says, or back.

    Args:
        state: the demo account's state.
        stack: the stack; its ``steps`` are filled.
    """

    def __init__(self, state: State, stack: Stack) -> None:
        self.state = state
        self.stack = stack
        self.verb = "CREATE"
        self.before: Draft | None = None
        self.waiting: dict[str, set[str]] = {}
        self.running: dict[str, Resource] = {}
        self.undo: list[tuple[str, Resource | None]] = []
        self.replaced: list[Resource] = []

    def apply(self, draft: Draft, at: float, *, create: bool) -> None:
        """Begin to create or update."""
        stack = self.stack
        self.verb = "CREATE" if create else "UPDATE"
        self.before, stack.draft = (None if create else stack.draft), draft
        if not create:
            stack.updated = at
        self.set_status(f"{self.verb}_IN_PROGRESS", at, "User Initiated")
        self.waiting = dependencies(self._evaluation().active())
        self._start_ready(at)

    def delete(self, at: float) -> None:
        """Begin to delete."""
        self.set_status("DELETE_IN_PROGRESS", at, "User Initiated")
        self._remove(
            list(self.stack.resources.values())[::-1], at, self._deleted, skip=("Retain", "RetainExceptOnCreate")
        )

    def set_status(self, status: str, at: float, reason: str = "") -> None:
        """The stack's own status, and its event."""
        self.stack.status, self.stack.reason = status, reason if reason != "User Initiated" else ""
        self._tell(self.stack.name, self.stack.id, STACK_TYPE, status, at, reason)

    # Making and changing

    def _evaluation(self) -> Evaluation:
        stack = self.stack
        return stack.draft.template.evaluation(stack.draft.values, stack.region, stack.name, stack.id, stack.attributes)

    def _start_ready(self, at: float) -> None:
        # Starting one that needs no change sets others free at once.
        while ready := [name for name, needed in self.waiting.items() if not needed]:
            del self.waiting[ready[0]]
            self._start(ready[0], at)
        if not self.waiting and not self.running:
            self._finish(at)

    def _start(self, logical_id: str, at: float) -> None:
        declared = self.stack.draft.template.resources[logical_id]
        old = self.stack.resources.get(logical_id)
        properties = resolved(self._evaluation(), logical_id)
        policies = (str(declared.get("DeletionPolicy", "Delete")), str(declared.get("UpdateReplacePolicy", "Delete")))
        if old is not None and old.properties == properties:
            old.deletion_policy, old.replace_policy = policies
            self._release(logical_id)
            return
        wanted = Resource(logical_id, str(declared["Type"]), "", "", at, properties, {}, *policies)
        self.running[logical_id] = wanted
        self._resource(wanted, f"{'CREATE' if old is None else 'UPDATE'}_IN_PROGRESS", at)
        self._later(at + 1, partial(self._work, wanted, old))

    def _work(self, wanted: Resource, old: Resource | None, at: float) -> None:
        kind = kind_of(wanted.type)
        site = self._site(wanted, at)
        verb = "CREATE" if old is None else "UPDATE"
        try:
            if old is None:
                made = kind.create(site, wanted.properties)
                said = "Resource creation Initiated"
            elif kind.replaces(changed_properties(old.properties, wanted.properties)):
                made = kind.create(site, wanted.properties)
                said = "Requested update requires the creation of a new physical resource; hence creating one."
                self.replaced.append(old)
            else:
                kind.update(site, old.physical_id, wanted.properties)
                made, said = Made(old.physical_id, old.attributes), ""
        except ApiError as error:
            self._failed(wanted, f"{verb}_FAILED", _handler_said(self.state, error), at)
            return
        wanted.physical_id, wanted.attributes = made.physical_id, dict(made.attributes)
        self.undo.append((wanted.logical_id, old))
        self.stack.resources[wanted.logical_id] = wanted
        if said:
            self._resource(wanted, f"{verb}_IN_PROGRESS", at, said)
        self._later(at + kind.seconds, partial(self._done, wanted, f"{verb}_COMPLETE"))

    def _done(self, wanted: Resource, status: str, at: float) -> None:
        del self.running[wanted.logical_id]
        self._resource(wanted, status, at)
        self._release(wanted.logical_id)
        self._start_ready(at)

    def _release(self, logical_id: str) -> None:
        for needed in self.waiting.values():
            needed.discard(logical_id)

    def _finish(self, at: float) -> None:
        declared = self.stack.draft.template.document.get("Outputs") or {}
        values = self._evaluation().outputs()
        self.stack.outputs = [_output(name, value, declared) for name, value in values.items()]
        if self.before is None:
            self.set_status("CREATE_COMPLETE", at)
            return
        self.set_status("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", at)
        active = self._evaluation().active()
        gone = [one for name, one in self.stack.resources.items() if name not in active]
        kept = ("Retain",)
        for one in self.replaced:
            one.deletion_policy = one.replace_policy
        self._remove([*self.replaced, *gone], at, lambda at, _: self.set_status("UPDATE_COMPLETE", at), skip=kept)

    # Failing and going back

    def _failed(self, wanted: Resource, status: str, reason: str, at: float) -> None:
        self.stack.steps.clear()
        del self.running[wanted.logical_id]
        self.waiting.clear()
        self._resource(wanted, status, at, reason)
        if self.before is None:
            # Listed although it was never made, as CloudFormation does.
            self.stack.resources.setdefault(wanted.logical_id, wanted)
        noun = "creation" if self.before is None else "update"
        for other in self.running.values():
            self._resource(other, f"{self.verb}_FAILED", at, f"Resource {noun} cancelled")
        self.running.clear()
        reason = f"The following resource(s) failed to {self.verb.lower()}: [{wanted.logical_id}]. "
        if not self.stack.draft.rollback:
            self.set_status(f"{self.verb}_FAILED", at, reason.strip())
            return
        if self.before is None:
            self.set_status("ROLLBACK_IN_PROGRESS", at, f"{reason}Rollback requested by user.")
            there = list(self.stack.resources.values())[::-1]
            self._remove(there, at, lambda at, _: self.set_status("ROLLBACK_COMPLETE", at), skip=("Retain",))
        else:
            self.set_status("UPDATE_ROLLBACK_IN_PROGRESS", at, reason.strip())
            self._later(at + 1, self._go_back)

    def _go_back(self, at: float) -> None:
        assert self.before is not None  # only updates come here
        self.stack.draft = self.before
        unwanted = []
        for logical_id, old in reversed(self.undo):
            new = self.stack.resources.pop(logical_id)
            if old is None or old.physical_id != new.physical_id:
                unwanted.append(new)
            if old is not None:
                self.stack.resources[logical_id] = old
                if old.physical_id == new.physical_id:
                    kind_of(old.type).update(self._site(old, at), old.physical_id, old.properties)
                self._resource(old, "UPDATE_COMPLETE", at)
        self.set_status("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", at)
        self._remove(unwanted, at, lambda at, _: self.set_status("UPDATE_ROLLBACK_COMPLETE", at), skip=())

    def _deleted(self, at: float, failed: list[str]) -> None:
        if failed:
            reason = f"The following resource(s) failed to delete: [{', '.join(failed)}]. "
            self.set_status("DELETE_FAILED", at, reason.strip())
        else:
            self.stack.deleted = at
            self.set_status("DELETE_COMPLETE", at)

    def _remove(self, resources: list[Resource], at: float, then: Then, *, skip: tuple[str, ...]) -> None:
        """Delete resources one after the other, then go on; ``skip`` are the policies that keep one."""
        self._later(at + 1, partial(self._remove_next, resources, [], then, skip))

    def _remove_next(
        self, rest: list[Resource], failed: list[str], then: Then, skip: tuple[str, ...], at: float
    ) -> None:
        while rest and not rest[0].physical_id:
            self._forget(rest.pop(0))
        if not rest:
            then(at, failed)
            return
        one, *rest = rest
        if one.deletion_policy in skip:
            self._resource(one, "DELETE_SKIPPED", at)
            self._forget(one)
            self._remove_next(rest, failed, then, skip, at)
            return
        self._resource(one, "DELETE_IN_PROGRESS", at)

        def remove(at: float) -> None:
            try:
                kind_of(one.type).delete(self._site(one, at), one.physical_id)
            except ApiError as error:
                self._resource(one, "DELETE_FAILED", at, _handler_said(self.state, error))
                failed.append(one.logical_id)
            else:
                self._resource(one, "DELETE_COMPLETE", at)
                self._forget(one)
            self._remove_next(rest, failed, then, skip, at)

        self._later(at + _DELETE_S, remove)

    def _forget(self, one: Resource) -> None:
        # After a replacement the same logical id stands for the new one, which stays.
        if self.stack.resources.get(one.logical_id) is one:
            del self.stack.resources[one.logical_id]

    # What the steps are made of

    def _site(self, resource: Resource, at: float) -> Site:
        return Site(self.state, self.stack.region, self.stack.name, resource.logical_id, int(at))

    def _later(self, at: float, step: Callable[[float], None]) -> None:
        self.stack.steps.append((at, next(_NUMBERS), step))

    def _resource(self, one: Resource, status: str, at: float, reason: str = "") -> None:
        one.status, one.changed, one.reason = status, at, reason
        properties = json.dumps(one.properties) if status.endswith(("_IN_PROGRESS", "_FAILED")) else ""
        self._tell(one.logical_id, one.physical_id, one.type, status, at, reason, properties)

    def _tell(
        self, logical_id: str, physical_id: str, kind: str, status: str, at: float, reason: str, properties: str = ""
    ) -> None:
        event_id = f"{logical_id}-{self.state.new_uuid()}"
        self.stack.events.append(Event(event_id, at, logical_id, physical_id, kind, status, reason, properties))


def changed_properties(old: Json, new: Json) -> set[str]:
    """Names of the properties that differ."""
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


def _handler_said(state: State, error: ApiError) -> str:
    code = "InvalidRequest"
    for known in ("NotFound", "AlreadyExists"):
        if error.code.endswith(known):
            code = known
    token = state.new_uuid()
    return f'Resource handler returned message: "{error.message}" (RequestToken: {token}, HandlerErrorCode: {code})'


def _output(name: str, value: str, declared: object) -> Json:
    about = declared.get(name, {}) if isinstance(declared, dict) else {}
    shape: Json = {"OutputKey": name, "OutputValue": value}
    if about.get("Description"):
        shape["Description"] = about["Description"]
    return shape
