"""CloudFormation's operations."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flowtui.demo.cloudformation.engine import engine
from flowtui.demo.cloudformation.model import (
    ChangeSet,
    Draft,
    Resource,
    Stack,
    change_shape,
    event_shape,
    parameter_shapes,
    stack_shape,
    summary_shape,
)
from flowtui.demo.cloudformation.template import Template, validation
from flowtui.demo.hooks import ApiError, Call, Handler
from flowtui.demo.paging import page
from flowtui.demo.state import Json, moment
from flowtui.demo.world import world

_PAGE = 100
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")


def _template(call: Call) -> Template:
    if "TemplateBody" not in call.parameters:
        raise validation("Either Template URL or Template Body must be specified.")
    return Template.read(call.parameters["TemplateBody"])


def _draft(call: Call, stack: Stack | None) -> Draft:
    """What a call asks a stack to become."""
    previous = stack.draft if stack else None
    template = previous.template if previous and call.get("UsePreviousTemplate") else _template(call)
    values = template.settle(call.get("Parameters", ()), previous.values if previous else None)
    _check_things(call, template, values)
    capabilities = tuple(call.get("Capabilities", ()))
    template.require(capabilities)
    tags = tuple((tag["Key"], tag["Value"]) for tag in call.get("Tags", ()))
    if previous and "Tags" not in call.parameters:
        tags = previous.tags
    rollback = not call.get("DisableRollback") and call.get("OnFailure") != "DO_NOTHING"
    return Draft(template, values, capabilities, tags, rollback)


def _check_things(call: Call, template: Template, values: Mapping[str, str]) -> None:
    """Refuse values that name nothing in the account, which CloudFormation does for types such as AWS::EC2::VPC::Id.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
    """
    here = world().region(call.region)
    there = {
        "AWS::EC2::VPC::Id": {vpc.id for vpc in here},
        "AWS::EC2::Subnet::Id": {subnet.id for vpc in here for subnet in vpc.subnets},
    }
    for name, declared in template.parameters.items():
        known = there.get(str(declared.get("Type")))
        if known is not None and values[name] not in known:
            raise validation(
                f"Parameter validation failed: parameter value {values[name]} for parameter name {name} does not exist"
            )


def _stack(call: Call, parameter: str = "StackName") -> Stack:
    return engine(call.state).get(call.region, call.parameters[parameter])


def validate_template(call: Call) -> Json:
    """ValidateTemplate."""
    template = _template(call)
    shapes = []
    for name, declared in template.parameters.items():
        shape: Json = {"ParameterKey": name, "NoEcho": bool(declared.get("NoEcho", False))}
        if "Default" in declared:
            shape["DefaultValue"] = str(declared["Default"])
        if declared.get("Description"):
            shape["Description"] = declared["Description"]
        shapes.append(shape)
    return {"Parameters": shapes, "Description": template.description, **_capabilities(template)}


def _capabilities(template: Template) -> Json:
    if not template.capabilities:
        return {}
    names = [name for name, one in template.resources.items() if str(one.get("Type", "")).startswith("AWS::IAM::")]
    reason = f"The following resource(s) require capabilities: [{', '.join(names)}]"
    return {"Capabilities": list(template.capabilities), "CapabilitiesReason": reason}


def get_template_summary(call: Call) -> Json:
    """GetTemplateSummary, of a body or of a stack."""
    template = _stack(call).draft.template if "StackName" in call.parameters else _template(call)
    parameters = []
    for name, declared in template.parameters.items():
        shape: Json = {
            "ParameterKey": name,
            "ParameterType": str(declared.get("Type", "String")),
            "NoEcho": bool(declared.get("NoEcho", False)),
            "ParameterConstraints": {"AllowedValues": [str(value) for value in declared.get("AllowedValues", ())]},
        }
        if "Default" in declared:
            shape["DefaultValue"] = str(declared["Default"])
        if declared.get("Description"):
            shape["Description"] = declared["Description"]
        parameters.append(shape)
    types = dict.fromkeys(str(one["Type"]) for one in template.resources.values())
    return {
        "Parameters": parameters,
        "Description": template.description,
        "ResourceTypes": list(types),
        "Version": str(template.document.get("AWSTemplateFormatVersion", "2010-09-09")),
        **_capabilities(template),
    }


def get_template(call: Call) -> Json:
    """GetTemplate."""
    return {"TemplateBody": _stack(call).draft.template.body, "StagesAvailable": ["Original", "Processed"]}


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise validation(
            f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )


def create_stack(call: Call) -> Json:
    """CreateStack."""
    name = call.parameters["StackName"]
    _check_name(name)
    return {"StackId": engine(call.state).create(call.region, name, _draft(call, None)).id}


def update_stack(call: Call) -> Json:
    """UpdateStack."""
    stack = _stack(call)
    engine(call.state).check_updatable(stack)
    engine(call.state).update(stack, _draft(call, stack))
    return {"StackId": stack.id}


def delete_stack(call: Call) -> Json:
    """DeleteStack: says nothing of a stack that does not exist."""
    stack = engine(call.state).find(call.region, call.parameters["StackName"])
    if stack is not None:
        engine(call.state).delete(stack)
    return {}


def describe_stacks(call: Call) -> Json:
    """DescribeStacks: one, or all that are not deleted."""
    if "StackName" in call.parameters:
        return {"Stacks": [stack_shape(_stack(call))]}
    there = [one for one in engine(call.state).stacks if one.region == call.region and one.status != "DELETE_COMPLETE"]
    shown, token = page(there[::-1], call.get("NextToken"), _PAGE, code="ValidationError")
    return {"Stacks": [stack_shape(one) for one in shown], **({"NextToken": token} if token else {})}


def list_stacks(call: Call) -> Json:
    """ListStacks: deleted ones too."""
    wanted = call.get("StackStatusFilter")
    there = [one for one in engine(call.state).stacks if one.region == call.region]
    chosen = [one for one in there[::-1] if not wanted or one.status in wanted]
    shown, token = page(chosen, call.get("NextToken"), _PAGE, code="ValidationError")
    return {"StackSummaries": [summary_shape(one) for one in shown], **({"NextToken": token} if token else {})}


def describe_stack_events(call: Call) -> Json:
    """DescribeStackEvents: newest first."""
    stack = _stack(call)
    shown, token = page(stack.events[::-1], call.get("NextToken"), _PAGE, code="ValidationError")
    return {"StackEvents": [event_shape(stack, one) for one in shown], **({"NextToken": token} if token else {})}


def describe_stack_resources(call: Call) -> Json:
    """DescribeStackResources."""
    stack = _stack(call)
    wanted = call.get("LogicalResourceId")
    return {
        "StackResources": [
            _resource(one) | {"StackId": stack.id, "StackName": stack.name, "Timestamp": moment(one.changed)}
            for one in stack.resources.values()
            if wanted in (None, one.logical_id)
        ]
    }


def list_stack_resources(call: Call) -> Json:
    """ListStackResources."""
    resources = list(_stack(call).resources.values())
    shown, token = page(resources, call.get("NextToken"), _PAGE, code="ValidationError")
    summaries = [_resource(one) | {"LastUpdatedTimestamp": moment(one.changed)} for one in shown]
    return {"StackResourceSummaries": summaries, **({"NextToken": token} if token else {})}


def _resource(one: Resource) -> Json:
    shape: Json = {
        "LogicalResourceId": one.logical_id,
        "ResourceType": one.type,
        "ResourceStatus": one.status,
        "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
    }
    if one.physical_id:
        shape["PhysicalResourceId"] = one.physical_id
    if one.reason:
        shape["ResourceStatusReason"] = one.reason
    return shape


def create_change_set(call: Call) -> Json:
    """CreateChangeSet: for a new stack it leaves an empty one in REVIEW_IN_PROGRESS."""
    stacks, name = engine(call.state), call.parameters["StackName"]
    kind, set_name = call.get("ChangeSetType", "UPDATE"), call.parameters["ChangeSetName"]
    stack = stacks.find(call.region, name)
    known = stack.change_sets.get(set_name) if stack else None
    if stack and known and call.get("ClientToken") and known.token == call.get("ClientToken"):
        return {"Id": known.id, "StackId": stack.id}
    if known:
        raise ApiError("AlreadyExistsException", f"ChangeSet {set_name} already exists")
    if kind == "CREATE":
        _check_name(name)
        if stack is not None and stack.status != "REVIEW_IN_PROGRESS":
            raise validation(
                f"Stack [{name}] already exists and cannot be created again with the changeSet [{set_name}]."
            )
    elif stack is None:
        raise validation(f"Stack [{name}] does not exist")
    else:
        stacks.check_updatable(stack)
    draft = _draft(call, stack if kind == "UPDATE" else None)
    if stack is None:
        stacks.differences(None, call.region, name, draft)
        stack = stacks.new(call.region, name, draft, "REVIEW_IN_PROGRESS")
        stacks.begin_review(stack)
    made = stacks.change_set(stack, set_name, kind, draft, call.get("ClientToken", ""))
    made.description = call.get("Description", "")
    return {"Id": made.id, "StackId": stack.id}


def _change_set(call: Call) -> tuple[Stack, ChangeSet]:
    wanted, of = call.parameters["ChangeSetName"], call.get("StackName")
    for stack in engine(call.state).stacks:
        if stack.region != call.region or (of and of not in (stack.name, stack.id)):
            continue
        for one in stack.change_sets.values():
            if wanted == one.id or (of and wanted == one.name):
                return stack, one
    raise ApiError("ChangeSetNotFound", f"ChangeSet [{wanted}] does not exist", 404)


def describe_change_set(call: Call) -> Json:
    """DescribeChangeSet."""
    stack, one = _change_set(call)
    shown, token = page(one.differences, call.get("NextToken"), _PAGE, code="ValidationError")
    shape = _change_set_shape(stack, one, engine(call.state).now)
    return {
        **shape,
        "Parameters": parameter_shapes(one.draft),
        "Capabilities": list(one.draft.capabilities),
        "Tags": [{"Key": key, "Value": value} for key, value in one.draft.tags],
        "Changes": [] if shape["Status"] != "CREATE_COMPLETE" else [change_shape(change) for change in shown],
        **({"NextToken": token} if token else {}),
    }


def _change_set_shape(stack: Stack, one: ChangeSet, now: float) -> Json:
    status, execution, reason = one.status(now)
    shape: Json = {
        "ChangeSetId": one.id,
        "ChangeSetName": one.name,
        "StackId": stack.id,
        "StackName": stack.name,
        "CreationTime": moment(one.made),
        "Status": status,
        "ExecutionStatus": execution,
        "IncludeNestedStacks": False,
    }
    if reason:
        shape["StatusReason"] = reason
    if one.description:
        shape["Description"] = one.description
    return shape


def list_change_sets(call: Call) -> Json:
    """ListChangeSets."""
    stack = _stack(call)
    now = engine(call.state).now
    return {"Summaries": [_change_set_shape(stack, one, now) for one in stack.change_sets.values()]}


def execute_change_set(call: Call) -> Json:
    """ExecuteChangeSet."""
    stack, one = _change_set(call)
    status, execution, _ = one.status(engine(call.state).now)
    if execution != "AVAILABLE":
        message = f"ChangeSet [{one.id}] cannot be executed in its current status of [{status}]"
        raise ApiError("InvalidChangeSetStatus", message)
    engine(call.state).execute(stack, one)
    return {}


def delete_change_set(call: Call) -> Json:
    """DeleteChangeSet; an id that is gone is no failure, an unknown stack is."""
    try:
        stack, one = _change_set(call)
    except ApiError:
        if call.parameters["ChangeSetName"].startswith("arn:"):
            return {}
        raise
    del stack.change_sets[one.name]
    return {}


HANDLERS: dict[str, Handler] = {
    "CreateChangeSet": create_change_set,
    "CreateStack": create_stack,
    "DeleteChangeSet": delete_change_set,
    "DeleteStack": delete_stack,
    "DescribeChangeSet": describe_change_set,
    "DescribeStackEvents": describe_stack_events,
    "DescribeStackResources": describe_stack_resources,
    "DescribeStacks": describe_stacks,
    "ExecuteChangeSet": execute_change_set,
    "GetTemplate": get_template,
    "GetTemplateSummary": get_template_summary,
    "ListChangeSets": list_change_sets,
    "ListStackResources": list_stack_resources,
    "ListStacks": list_stacks,
    "UpdateStack": update_stack,
    "ValidateTemplate": validate_template,
}
