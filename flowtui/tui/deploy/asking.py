"""From a template to the fields of a form, and from its values to answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from flowtui.aws.models import Stack, Vpc
from flowtui.errors import UsageError
from flowtui.stacks.parameters import FEW, Parameter
from flowtui.stacks.templates import Template
from flowtui.tui.deploy.form import Field

TEMPLATE = "template"
STACK = "stack-name"
REGION = "region"
VOLUME = "volume"
OWN_FIELDS = (TEMPLATE, STACK, REGION, VOLUME)
DEFAULT_VOLUME_GB = "10"


def fields_for(
    template: Template,
    names: Sequence[str],
    vpc: Vpc | None,
    regions: Sequence[str],
    vpc_ids: Sequence[str],
    stack: Stack | None = None,
) -> tuple[Field, ...]:
    """Our own questions first, then the template's in its own order and groups.

    Args:
        template: the template.
        names: the templates there are.
        vpc: fills VpcId in.
        regions: regions to choose from.
        vpc_ids: known VPCs, for completion.
        stack: the stack to be changed; its own values are filled in, and what it is called cannot be.
    """
    region = stack.region if stack else vpc.region if vpc else regions[0] if regions else ""
    places = (region,) if stack else tuple(dict.fromkeys((region, *regions)))
    name = stack.name if stack else stack_name(template.name, vpc)
    help = "The stack that is changed." if stack else "Letters, digits and hyphens."
    own = (
        Field(
            TEMPLATE,
            "Template",
            template.name,
            template.description.partition(". ")[0].rstrip(".") + ".",
            options=tuple(names),
        ),
        Field(STACK, "Stack name", name, help, options=(name,) if stack else ()),
        Field(REGION, "Region", region, "Where the VPC is.", options=places),
        Field(
            VOLUME,
            "Volume (GB a month)",
            DEFAULT_VOLUME_GB,
            "Flow log volume to estimate the cost by, before compression; a busy VPC writes hundreds.",
        ),
    )
    given = stack.parameters if stack else {}
    asked = tuple(_field(parameter, vpc, vpc_ids, given) for parameter in template.parameters)
    return own + asked


def _field(parameter: Parameter, vpc: Vpc | None, vpc_ids: Sequence[str], given: Mapping[str, str]) -> Field:
    value = given.get(parameter.name, parameter.default or "")
    suggestions: tuple[str, ...] = ()
    if parameter.type == "AWS::EC2::VPC::Id":
        value = given.get(parameter.name) or (vpc.id if vpc else value)
        suggestions = tuple(vpc_ids)
    many = len(parameter.allowed_values) > FEW
    return Field(
        parameter.name,
        parameter.label or parameter.name,
        value,
        parameter.description,
        parameter.group,
        () if many else parameter.allowed_values,
        parameter.allowed_values if many else suggestions,
        "required" if parameter.required else "empty",
        _picker(parameter),
    )


def _picker(parameter: Parameter) -> str:
    if parameter.type == "AWS::EC2::VPC::Id":
        return "vpc"
    return "bucket" if parameter.name == "BucketName" else ""


def stack_name(template: str, vpc: Vpc | None) -> str:
    """A stack name that says what it is: ``flow-logs-s3-prod-core``."""
    tail = re.sub(r"[^A-Za-z0-9]+", "-", (vpc.name or vpc.id) if vpc else "").strip("-")
    return "-".join(part for part in ("flow-logs", template, tail) if part)[:128]


def answers(values: Mapping[str, str]) -> dict[str, str]:
    """The template's parameters among a form's values."""
    return {name: value for name, value in values.items() if name not in OWN_FIELDS}


def volume_gb(values: Mapping[str, str]) -> float:
    """The volume typed.

    Raises:
        UsageError: it is no number of gigabytes.
    """
    text = values.get(VOLUME, DEFAULT_VOLUME_GB)
    try:
        gb = float(text)
    except ValueError:
        gb = -1.0
    if not 0 <= gb < 1e9:
        raise UsageError(f"Volume: {text!r} is not a number of gigabytes.", "Write 10 or 150.5.")
    return gb
