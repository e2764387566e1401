"""All stacks of the account: found by name, changed, and moved on as the clock moves."""

from __future__ import annotations

from flowtui.demo.cloudformation.model import ChangeSet, Difference, Draft, Stack
from flowtui.demo.cloudformation.operation import Operation, changed_properties, resolved
from flowtui.demo.cloudformation.resources import kind_of
from flowtui.demo.cloudformation.template import dependencies, validation
from flowtui.demo.hooks import ApiError
from flowtui.demo.network import ACCOUNT_ID
from flowtui.demo.state import State
from flowtui.errors import FlowTuiError

_DELETABLE = "DELETE_COMPLETE"
_UPDATABLE = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}
_CHANGE_SET_S = 1.0


class Engine:
    """The stacks of every region.

    Args:
        state: the demo account's state, of which this becomes a process.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self.stacks: list[Stack] = []
        state.processes.append(self.advance)

    @property
    def now(self) -> float:
        """Unix seconds, with their fraction."""
        return self.state.clock().timestamp()

    def advance(self, now: float) -> None:
        """Let every step happen that is due."""
        while True:
            due = [(step, stack) for stack in self.stacks for step in stack.steps if step[0] <= now]
            if not due:
                return
            step, stack = min(due, key=lambda one: one[0][:2])
            stack.steps.remove(step)
            step[2](step[0])

    def find(self, region: str, name: str) -> Stack | None:
        """A stack by name, or by id even after its deletion."""
        for stack in reversed(self.stacks):
            if stack.region == region and (stack.id == name or (stack.name == name and stack.status != _DELETABLE)):
                return stack
        return None

    def get(self, region: str, name: str) -> Stack:
        """As :meth:`find`.

        Raises:
            ApiError: there is none.
        """
        stack = self.find(region, name)
        if stack is None:
            raise validation(f"Stack with id {name} does not exist")
        return stack

    def new(self, region: str, name: str, draft: Draft, status: str = "") -> Stack:
        """A stack without resources."""
        arn = f"arn:aws:cloudformation:{region}:{ACCOUNT_ID}:stack/{name}/{self.state.new_uuid()}"
        stack = Stack(name, arn, region, self.now, status, draft)
        self.stacks.append(stack)
        return stack

    def begin_review(self, stack: Stack) -> None:
        """Say that a change set made this stack, and nothing else yet."""
        Operation(self.state, stack).set_status("REVIEW_IN_PROGRESS", self.now, "User Initiated")

    def create(self, region: str, name: str, draft: Draft) -> Stack:
        """Begin to create a stack.

        Raises:
            ApiError: the name is taken, or the template's rules are broken.
        """
        if self.find(region, name) is not None:
            raise ApiError("AlreadyExistsException", f"Stack [{name}] already exists")
        self.differences(None, region, name, draft)
        stack = self.new(region, name, draft)
        Operation(self.state, stack).apply(draft, self.now, create=True)
        return stack

    def update(self, stack: Stack, draft: Draft) -> None:
        """Begin to update a stack.

        Raises:
            ApiError: it cannot be updated now, or nothing would change.
        """
        self.check_updatable(stack)
        same = stack.draft.tags == draft.tags
        if not self.differences(stack, stack.region, stack.name, draft) and same:
            raise validation("No updates are to be performed.")
        Operation(self.state, stack).apply(draft, self.now, create=False)

    def delete(self, stack: Stack) -> None:
        """Begin to delete a stack, whatever it is doing."""
        if stack.status in (_DELETABLE, "DELETE_IN_PROGRESS"):
            return
        stack.steps.clear()
        stack.change_sets.clear()
        Operation(self.state, stack).delete(self.now)

    def execute(self, stack: Stack, change_set: ChangeSet) -> None:
        """Carry out a change set; it and its siblings are gone then."""
        stack.change_sets.clear()
        create = stack.status == "REVIEW_IN_PROGRESS"
        Operation(self.state, stack).apply(change_set.draft, self.now, create=create)

    def check_updatable(self, stack: Stack) -> None:
        """Refuse what CloudFormation would.

        Raises:
            ApiError: the stack is busy, or failed in a way that only deleting mends.
        """
        if stack.status not in _UPDATABLE:
            raise validation(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")

    def change_set(self, stack: Stack, name: str, kind: str, draft: Draft, token: str) -> ChangeSet:
        """Make a change set, which settles a moment later."""
        before = None if stack.status == "REVIEW_IN_PROGRESS" else stack
        differences = self.differences(before, stack.region, stack.name, draft)
        arn = f"arn:aws:cloudformation:{stack.region}:{ACCOUNT_ID}:changeSet/{name}/{self.state.new_uuid()}"
        made = ChangeSet(arn, name, kind, draft, differences, self.now, self.now + _CHANGE_SET_S, token)
        stack.change_sets[name] = made
        return made

    def differences(self, stack: Stack | None, region: str, name: str, draft: Draft) -> tuple[Difference, ...]:
        """What a draft would change, in the order in which it would.

        Raises:
            ApiError: a rule of the template is broken, or it cannot be evaluated.
        """
        attributes = dict(stack.attributes) if stack else {}
        there = stack.resources if stack else {}
        found = []
        try:
            evaluation = draft.template.evaluation(draft.values, region, name, stack.id if stack else "", attributes)
            if broken := evaluation.broken_rules():
                raise validation(f"Template constraint violation: {'; '.join(broken)}")
            active = evaluation.active()
            for logical_id in dependencies(active):
                kind = str(active[logical_id]["Type"])
                old, properties = there.get(logical_id), resolved(evaluation, logical_id)
                if old is None:
                    found.append(Difference("Add", logical_id, "", kind))
                elif changed := changed_properties(old.properties, properties):
                    replace = kind_of(kind).replaces(changed)
                    found.append(
                        Difference("Modify", logical_id, old.physical_id, kind, replace, tuple(sorted(changed)))
                    )
                    if replace:
                        # Whatever refers to it will see another id, which nobody knows yet.
                        for known in [one for one in attributes if one.partition(".")[0] == logical_id]:
                            del attributes[known]
        except FlowTuiError as error:
            raise validation(f"Template error: {error.message}") from None
        gone = [one for logical_id, one in there.items() if logical_id not in active]
        found.extend(Difference("Remove", one.logical_id, one.physical_id, one.type) for one in gone)
        return tuple(found)


def engine(state: State) -> Engine:
    """The account's engine, made at the first call."""
    found: Engine | None = state.parts.get("cloudformation")
    if found is None:
        found = state.parts["cloudformation"] = Engine(state)
    return found
