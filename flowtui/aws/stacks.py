"""CloudFormation: stacks, their events, and change sets.

A stack may be named by its name or by its id. The id is the safer: a name may meanwhile belong to another stack, and
only by its id can a deleted one still be described.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flowtui.aws.models import Change, Stack, StackEvent
from flowtui.aws.session import Account
from flowtui.aws.vpcs import tags_of
from flowtui.errors import AwsError

ChangeSetKind = Literal["CREATE", "UPDATE"]


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """A change set; ``status`` is CREATE_PENDING, CREATE_IN_PROGRESS, CREATE_COMPLETE, FAILED or DELETE_….

    ``execution`` is AVAILABLE when it may be executed.
    """

    id: str
    stack_id: str
    status: str
    reason: str
    execution: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class StackResource:
    """One resource of a stack."""

    logical_id: str
    physical_id: str
    type: str
    status: str


def list_stacks(account: Account, region: str) -> tuple[Stack, ...]:
    """Every stack of a region that is not deleted, with tags and outputs.

    Raises:
        AwsError: the call failed; AccessDenied names ``cloudformation:DescribeStacks``.
    """
    pages = account.pages("cloudformation", "describe_stacks", region)
    return tuple(_stack(item, region) for page in pages for item in page["Stacks"])


def find_stack(account: Account, region: str, name: str) -> Stack | None:
    """The stack of that name or id; None when there is none (a deleted one is found by its id only).

    Raises:
        AwsError: the call failed for another reason.
    """
    try:
        answer = account.call("cloudformation", "describe_stacks", region, StackName=name)
    except AwsError as error:
        if error.code == "ValidationError" and "does not exist" in error.message:
            return None
        raise
    return _stack(answer["Stacks"][0], region) if answer["Stacks"] else None


def stack_events(account: Account, region: str, name: str, after: str = "") -> tuple[StackEvent, ...]:
    """Events of a stack, oldest first; those after the event id ``after``, or all."""
    events: list[StackEvent] = []
    for page in account.pages("cloudformation", "describe_stack_events", region, StackName=name):
        for item in page["StackEvents"]:
            # AWS answers newest first, so what follows was seen before.
            if item["EventId"] == after:
                return tuple(reversed(events))
            events.append(_event(item))
    return tuple(reversed(events))


def newest_event(account: Account, region: str, name: str) -> str:
    """Id of the stack's newest event; empty when it has none."""
    for page in account.pages("cloudformation", "describe_stack_events", region, StackName=name):
        for item in page["StackEvents"]:
            return str(item["EventId"])
    return ""


def stack_resources(account: Account, region: str, name: str) -> tuple[StackResource, ...]:
    """The resources a stack has now."""
    pages = account.pages("cloudformation", "list_stack_resources", region, StackName=name)
    return tuple(
        StackResource(
            item["LogicalResourceId"],
            item.get("PhysicalResourceId", ""),
            item["ResourceType"],
            item["ResourceStatus"],
        )
        for page in pages
        for item in page["StackResourceSummaries"]
    )


def template_body(account: Account, region: str, name: str) -> str:
    """The template a stack was made from, as text."""
    body = account.call("cloudformation", "get_template", region, StackName=name)["TemplateBody"]
    # botocore hands out a JSON template as parsed data.
    return body if isinstance(body, str) else json.dumps(body)


def validate_template(account: Account, region: str, body: str) -> tuple[str, ...]:
    """Let CloudFormation read a template; returns the capabilities it asks for.

    Raises:
        AwsError: the template is not valid, in AWS's words.
    """
    answer = account.call("cloudformation", "validate_template", region, TemplateBody=body)
    return tuple(answer.get("Capabilities", ()))


def create_change_set(
    account: Account,
    region: str,
    stack_name: str,
    name: str,
    *,
    kind: ChangeSetKind,
    body: str,
    parameters: Mapping[str, str],
    capabilities: Sequence[str] = (),
    tags: Mapping[str, str] | None = None,
) -> tuple[str, str]:
    """Ask for a change set; returns its id and the stack's.

    For a new stack this also makes an empty stack in REVIEW_IN_PROGRESS. The name doubles as the request's token, so
    that a retry after a lost answer makes nothing twice.
    """
    answer = account.call(
        "cloudformation",
        "create_change_set",
        region,
        StackName=stack_name,
        ChangeSetName=name,
        ClientToken=name,
        ChangeSetType=kind,
        TemplateBody=body,
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=list(capabilities),
        Tags=[{"Key": key, "Value": value} for key, value in (tags or {}).items()],
        Description="made by flowtui",
    )
    return answer["Id"], answer["StackId"]


def describe_change_set(account: Account, region: str, change_set_id: str) -> ChangeSet:
    """A change set with all its changes."""
    changes: list[Change] = []
    page: Mapping[str, Any] = {}
    for page in account.pages("cloudformation", "describe_change_set", region, ChangeSetName=change_set_id):
        changes += [_change(item["ResourceChange"]) for item in page.get("Changes", ()) if "ResourceChange" in item]
    return ChangeSet(
        id=page.get("ChangeSetId", change_set_id),
        stack_id=page.get("StackId", ""),
        status=page.get("Status", ""),
        reason=page.get("StatusReason", ""),
        execution=page.get("ExecutionStatus", ""),
        changes=tuple(changes),
    )


def list_change_sets(account: Account, region: str, stack: str) -> tuple[str, ...]:
    """Ids of the change sets the stack of that id has."""
    pages = account.pages("cloudformation", "list_change_sets", region, StackName=stack)
    summaries = (item for page in pages for item in page.get("Summaries", ()))
    # Some of AWS's stand-ins list those of every stack, and one of another stack must not be taken for this one's.
    return tuple(item["ChangeSetId"] for item in summaries if item.get("StackId", stack) == stack)


def execute_change_set(account: Account, region: str, change_set_id: str, token: str) -> None:
    """Begin to carry out a change set; ``token`` makes a retry harmless."""
    account.call("cloudformation", "execute_change_set", region, ChangeSetName=change_set_id, ClientRequestToken=token)


def delete_change_set(account: Account, region: str, change_set_id: str) -> None:
    """Remove a change set; the stack it would have changed stays as it is."""
    account.call("cloudformation", "delete_change_set", region, ChangeSetName=change_set_id)


def delete_stack(account: Account, region: str, stack_id: str) -> None:
    """Begin to delete a stack. Give its id: a name may belong to another stack by now."""
    account.call("cloudformation", "delete_stack", region, StackName=stack_id)


def _stack(item: Mapping[str, Any], region: str) -> Stack:
    return Stack(
        name=item["StackName"],
        id=item.get("StackId", item["StackName"]),
        region=region,
        status=item["StackStatus"],
        reason=item.get("StackStatusReason", ""),
        created=item["CreationTime"],
        updated=item.get("LastUpdatedTime"),
        description=item.get("Description", ""),
        parameters={one["ParameterKey"]: one.get("ParameterValue", "") for one in item.get("Parameters", ())},
        outputs={one["OutputKey"]: one.get("OutputValue", "") for one in item.get("Outputs", ())},
        tags=tags_of(item.get("Tags")),
    )


def _event(item: Mapping[str, Any]) -> StackEvent:
    return StackEvent(
        id=item["EventId"],
        time=item["Timestamp"],
        logical_id=item.get("LogicalResourceId", ""),
        physical_id=item.get("PhysicalResourceId", ""),
        type=item.get("ResourceType", ""),
        status=item.get("ResourceStatus", ""),
        reason=item.get("ResourceStatusReason", ""),
    )


def _change(item: Mapping[str, Any]) -> Change:
    return Change(
        action=item.get("Action", ""),
        logical_id=item.get("LogicalResourceId", ""),
        physical_id=item.get("PhysicalResourceId", ""),
        type=item.get("ResourceType", ""),
        replacement=item.get("Replacement", ""),
    )
