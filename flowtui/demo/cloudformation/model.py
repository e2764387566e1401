"""Stacks, their resources, events and change sets, and the shapes in which they are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flowtui.demo.cloudformation.template import Template
from flowtui.demo.state import Json, moment


@dataclass
class Resource:
    """A resource of a stack as it stands; ``properties`` are resolved."""

    logical_id: str
    type: str
    physical_id: str
    status: str
    changed: float
    properties: Json
    attributes: dict[str, str]
    deletion_policy: str = "Delete"
    replace_policy: str = "Delete"
    reason: str = ""


@dataclass(frozen=True)
class Event:
    """One event of a stack."""

    id: str
    at: float
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str = ""
    properties: str = ""


@dataclass(frozen=True)
class Difference:
    """How one resource would change: ``action`` is Add, Modify or Remove."""

    action: str
    logical_id: str
    physical_id: str
    type: str
    replace: bool = False
    changed: tuple[str, ...] = ()


@dataclass
class Draft:
    """What a stack should become."""

    template: Template
    values: dict[str, str]
    capabilities: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    rollback: bool = True


@dataclass
class ChangeSet:
    """A change set; it settles when ``ready`` has come."""

    id: str
    name: str
    kind: str
    draft: Draft
    differences: tuple[Difference, ...]
    made: float
    ready: float
    token: str = ""
    description: str = ""

    def status(self, now: float) -> tuple[str, str, str]:
        """Status, execution status and reason."""
        if now < self.ready:
            return "CREATE_IN_PROGRESS", "UNAVAILABLE", ""
        if not self.differences:
            reason = (
                "The submitted information didn't contain changes. Submit different information to create a change set."
            )
            return "FAILED", "UNAVAILABLE", reason
        return "CREATE_COMPLETE", "AVAILABLE", ""


@dataclass
class Stack:
    """One stack. ``steps`` are what is still to happen, each with its time in Unix seconds."""

    name: str
    id: str
    region: str
    created: float
    status: str
    draft: Draft
    reason: str = ""
    updated: float | None = None
    deleted: float | None = None
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: list[Json] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    change_sets: dict[str, ChangeSet] = field(default_factory=dict)
    steps: list[tuple[float, int, Callable[[float], None]]] = field(default_factory=list)

    @property
    def attributes(self) -> dict[str, str]:
        """What Ref and GetAtt of the resources there are say."""
        found: dict[str, str] = {}
        for one in self.resources.values():
            if one.physical_id:
                found[one.logical_id] = one.physical_id
                found |= {f"{one.logical_id}.{name}": value for name, value in one.attributes.items()}
        return found


def stack_shape(stack: Stack) -> Json:
    """A stack as DescribeStacks tells it."""
    shape: Json = {
        "StackId": stack.id,
        "StackName": stack.name,
        "CreationTime": moment(stack.created),
        "StackStatus": stack.status,
        "DisableRollback": not stack.draft.rollback,
        "NotificationARNs": [],
        "Capabilities": list(stack.draft.capabilities),
        "EnableTerminationProtection": False,
        "Parameters": parameter_shapes(stack.draft),
        "Outputs": list(stack.outputs),
        "Tags": [{"Key": key, "Value": value} for key, value in stack.draft.tags],
        "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
    }
    if stack.draft.template.description:
        shape["Description"] = stack.draft.template.description
    return shape | _times_and_reason(stack)


def summary_shape(stack: Stack) -> Json:
    """A stack as ListStacks tells it."""
    return {
        "StackId": stack.id,
        "StackName": stack.name,
        "TemplateDescription": stack.draft.template.description,
        "CreationTime": moment(stack.created),
        "StackStatus": stack.status,
        "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
    } | _times_and_reason(stack)


def _times_and_reason(stack: Stack) -> Json:
    shape: Json = {}
    if stack.updated is not None:
        shape["LastUpdatedTime"] = moment(stack.updated)
    if stack.deleted is not None:
        shape["DeletionTime"] = moment(stack.deleted)
    if stack.reason:
        shape["StackStatusReason"] = stack.reason
    return shape


def parameter_shapes(draft: Draft) -> list[Json]:
    """Parameters and their values; those marked NoEcho are hidden."""
    declared = draft.template.parameters
    return [
        {"ParameterKey": name, "ParameterValue": "****" if declared.get(name, {}).get("NoEcho") else value}
        for name, value in draft.values.items()
    ]


def event_shape(stack: Stack, event: Event) -> Json:
    """A stack event."""
    shape: Json = {
        "StackId": stack.id,
        "EventId": event.id,
        "StackName": stack.name,
        "LogicalResourceId": event.logical_id,
        "PhysicalResourceId": event.physical_id,
        "ResourceType": event.type,
        "Timestamp": moment(event.at),
        "ResourceStatus": event.status,
    }
    if event.reason:
        shape["ResourceStatusReason"] = event.reason
    if event.properties:
        shape["ResourceProperties"] = event.properties
    return shape


def change_shape(difference: Difference) -> Json:
    """One change of a change set."""
    shape: Json = {
        "Action": difference.action,
        "LogicalResourceId": difference.logical_id,
        "ResourceType": difference.type,
        "Scope": ["Properties"] if difference.changed else [],
        "Details": [
            {
                "Target": {
                    "Attribute": "Properties",
                    "Name": name,
                    "RequiresRecreation": "Always" if difference.replace else "Never",
                },
                "Evaluation": "Static",
                "ChangeSource": "DirectModification",
            }
            for name in difference.changed
        ],
    }
    if difference.physical_id:
        shape["PhysicalResourceId"] = difference.physical_id
    if difference.action == "Modify":
        shape["Replacement"] = "True" if difference.replace else "False"
    return {"Type": "Resource", "ResourceChange": shape}
