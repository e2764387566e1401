"""The bundled templates: where they are, and what they ask, make and need.

They travel in the wheel as ``flowtui/templates``; in a checkout they are the folder ``templates`` beside the package.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flowtui.errors import UsageError
from flowtui.stacks.body import Node, parse_body
from flowtui.stacks.parameters import Parameter, parameter_of

FILES = {
    "cloudwatch": "vpc-flow-logs-to-cloudwatch/flow-logs.yml",
    "s3": "vpc-flow-logs-to-s3/flow-logs-s3.yml",
}
"""Template name to its file below the templates folder."""

_IAM_NAMES = {
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
}


@dataclass(frozen=True)
class Template:
    """A CloudFormation template.

    Args:
        name: ``cloudwatch`` or ``s3``; the value of the tag on stacks made from it.
        path: its file.
        body: its text, as sent to CloudFormation.
        description: what it says of itself.
        parameters: what it asks, in the order of its own groups.
        resources: ``(logical id, type)`` of everything it can make, whatever the answers.
        capabilities: what a deployer has to acknowledge, e.g. ``CAPABILITY_IAM``.
        document: the parsed body, for evaluation.
    """

    name: str
    path: Path
    body: str
    description: str
    parameters: tuple[Parameter, ...]
    resources: tuple[tuple[str, str], ...]
    capabilities: tuple[str, ...]
    document: Mapping[str, Node]

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that exact name."""
        return next((one for one in self.parameters if one.name == name), None)

    @property
    def title(self) -> str:
        """The folder's name: ``vpc-flow-logs-to-s3``."""
        return self.path.parent.name


def templates_dir() -> Path:
    """The folder that holds the bundled templates: of the installed package, else of the checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


def templates() -> tuple[Template, ...]:
    """All bundled templates."""
    return tuple(load_template(name) for name in FILES)


@functools.cache
def load_template(name: str) -> Template:
    """A bundled template by name, or by its folder's name.

    Raises:
        UsageError: there is none of that name.
    """
    for short, file in FILES.items():
        if name in (short, file.partition("/")[0]):
            path = templates_dir() / file
            return template_from(short, path, path.read_text(encoding="utf-8"))
    raise UsageError(f"There is no template {name!r}.", f"Templates: {', '.join(FILES)}.")


def template_from(name: str, path: Path, body: str) -> Template:
    """The template that a text is.

    Raises:
        FlowTuiError: the text is no CloudFormation template.
    """
    document = parse_body(body)
    resources = section(document, "Resources")
    return Template(
        name=name,
        path=path,
        body=body,
        description=str(document.get("Description", "")),
        parameters=_parameters(document),
        resources=tuple((key, str(section(resources, key).get("Type", ""))) for key in resources),
        capabilities=capabilities(section(resources, key) for key in resources),
        document=document,
    )


def capabilities(resources: Iterable[Mapping[str, Node]]) -> tuple[str, ...]:
    """What making these resources has to be acknowledged with.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
    """
    needed: set[str] = set()
    for resource in resources:
        kind = str(resource.get("Type", ""))
        if kind.startswith("AWS::IAM::"):
            named = _IAM_NAMES.get(kind) in section(resource, "Properties")
            needed.add("CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM")
    # The one that allows names includes the other.
    return ("CAPABILITY_NAMED_IAM",) if "CAPABILITY_NAMED_IAM" in needed else tuple(needed)


def section(node: Mapping[str, Node], key: str) -> Mapping[str, Node]:
    """A mapping inside a mapping; empty when it is absent or something else."""
    value = node.get(key)
    return value if isinstance(value, Mapping) else {}


def _parameters(document: Mapping[str, Node]) -> tuple[Parameter, ...]:
    """Parameters in the order of ``AWS::CloudFormation::Interface``, those it leaves out at the end."""
    declared = section(document, "Parameters")
    interface = section(section(document, "Metadata"), "AWS::CloudFormation::Interface")
    labels = section(interface, "ParameterLabels")
    groups = interface.get("ParameterGroups")
    group_of: dict[str, str] = {}
    for group in groups if isinstance(groups, list) else []:
        title = str(section(group, "Label").get("default", ""))
        group_of |= {str(name): title for name in group.get("Parameters", []) if name in declared}
    order = [*group_of, *(name for name in declared if name not in group_of)]
    return tuple(
        parameter_of(
            name,
            section(declared, name),
            label=str(section(labels, name).get("default", name)),
            group=group_of.get(name, ""),
        )
        for name in order
    )
