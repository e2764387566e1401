"""A template as CloudFormation takes it: parsed, checked, its parameters settled.

What is refused is refused in CloudFormation's words. Functions and conditions are evaluated by
:mod:`flowtui.stacks.evaluate`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flowtui.demo.hooks import ApiError
from flowtui.demo.network import ACCOUNT_ID
from flowtui.demo.state import Json
from flowtui.errors import FlowTuiError
from flowtui.stacks.body import Node, parse_body
from flowtui.stacks.evaluate import Evaluation, pseudo_parameters

_SUB = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.[A-Za-z0-9.]+)?\}")
_IAM_NAMES = {"RoleName", "UserName", "GroupName", "ManagedPolicyName", "InstanceProfileName"}


@dataclass(frozen=True)
class Template:
    """A parsed template; ``document`` has CloudFormation's short forms written out."""

    body: str
    document: Mapping[str, Node]

    @classmethod
    def read(cls, body: str) -> Template:
        """Parse and check a body.

        Raises:
            ApiError: CloudFormation would refuse it.
        """
        try:
            document = parse_body(body)
        except FlowTuiError as error:
            raise validation(f"Template format error: {error.message}") from None
        template = cls(body, document)
        template._check()
        return template

    @property
    def description(self) -> str:
        """The template's own description."""
        return str(self.document.get("Description", ""))

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        """Declared parameters by name."""
        return section(self.document, "Parameters")

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        """Declared resources by logical id, whatever their conditions say."""
        return section(self.document, "Resources")

    @cached_property
    def capabilities(self) -> tuple[str, ...]:
        """What the caller must acknowledge."""
        iam = [one for one in self.resources.values() if str(one.get("Type", "")).startswith("AWS::IAM::")]
        if not iam:
            return ()
        named = any(_IAM_NAMES & set(one.get("Properties") or {}) for one in iam)
        return ("CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM",)

    def require(self, acknowledged: Sequence[str]) -> None:
        """Refuse a caller who has not acknowledged what the template makes.

        Raises:
            ApiError: InsufficientCapabilitiesException.
        """
        enough = {"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"} if self.capabilities == ("CAPABILITY_IAM",) else set()
        if self.capabilities and not {*self.capabilities, *enough} & set(acknowledged):
            message = f"Requires capabilities : [{', '.join(self.capabilities)}]"
            raise ApiError("InsufficientCapabilitiesException", message)

    def settle(self, given: Sequence[Json], previous: Mapping[str, str] | None = None) -> dict[str, str]:
        """Values for all parameters from what a call gave.

        Raises:
            ApiError: a parameter is unknown, missing or not allowed.
        """
        unknown = [one["ParameterKey"] for one in given if one["ParameterKey"] not in self.parameters]
        if unknown:
            raise validation(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
        values = {name: str(declared["Default"]) for name, declared in self.parameters.items() if "Default" in declared}
        for one in given:
            name = one["ParameterKey"]
            if one.get("UsePreviousValue"):
                if previous is None or name not in previous:
                    raise validation(f"Invalid input for parameter key {name}. Cannot use previous value.")
                values[name] = previous[name]
            else:
                values[name] = str(one.get("ParameterValue", ""))
        missing = [name for name in self.parameters if name not in values]
        if missing:
            raise validation(f"Parameters: [{', '.join(missing)}] must have values")
        for name, value in values.items():
            _check_value(name, value, self.parameters[name])
        return values

    def evaluation(
        self, values: Mapping[str, str], region: str, stack: str, stack_id: str, attributes: Mapping[str, str]
    ) -> Evaluation:
        """The template with these answers, and what its resources gave so far."""
        pseudo = pseudo_parameters(ACCOUNT_ID, region, stack) | {"AWS::StackId": stack_id}
        return Evaluation(self.document, values, pseudo, attributes)

    def _check(self) -> None:
        for name, resource in self.resources.items():
            if not isinstance(resource, Mapping) or "Type" not in resource:
                raise validation(
                    f"Template format error: [/Resources/{name}] Every Resources object must contain a Type"
                )
        known = {*self.resources, *self.parameters}
        dangling = sorted({ref for one in self.resources.values() for ref in references(one)} - known)
        if dangling:
            names = f"Unresolved resource dependencies [{', '.join(dangling)}]"
            raise validation(f"Template format error: {names} in the Resources block of the template")


def validation(message: str) -> ApiError:
    """CloudFormation's ValidationError."""
    return ApiError("ValidationError", message)


def section(document: Mapping[str, Node], name: str) -> dict[str, dict[str, Any]]:
    """A part of the template; empty when it is absent."""
    found = document.get(name)
    return dict(found) if isinstance(found, Mapping) else {}  # type: ignore[arg-type]  # checked where it is read


def references(node: Node) -> Iterator[str]:
    """Names that a value refers to: parameters and resources, never AWS's own."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == "Ref" and isinstance(value, str):
                yield from () if value.startswith("AWS::") else (value,)
            elif key == "Fn::GetAtt":
                yield value.partition(".")[0] if isinstance(value, str) else str(_first(value))
            elif key == "Fn::Sub":
                text, own = (value, {}) if isinstance(value, str) else (str(_first(value)), _second(value))
                yield from (name for name in _SUB.findall(text) if name not in own)
                yield from references(own)
            elif key == "DependsOn":
                yield from (value,) if isinstance(value, str) else (str(name) for name in _items(value))
            else:
                yield from references(value)
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for item in node:
            yield from references(item)


def _items(node: Node) -> Sequence[Node]:
    return node if isinstance(node, Sequence) and not isinstance(node, str) else ()


def _first(node: Node) -> Node:
    return next(iter(_items(node)), "")


def _second(node: Node) -> Mapping[str, Node]:
    second = _items(node)[1] if len(_items(node)) > 1 else {}
    return second if isinstance(second, Mapping) else {}


def _check_value(name: str, value: str, declared: Mapping[str, Any]) -> None:
    said = declared.get("ConstraintDescription")
    fails = f"Parameter '{name}' failed to satisfy constraint: {said}" if said else ""
    allowed = [str(one) for one in declared.get("AllowedValues", ())]
    if allowed and value not in allowed:
        raise validation(fails or f"Parameter '{name}' must be one of AllowedValues")
    if declared.get("Type") == "Number":
        _check_number(name, value, declared)
    pattern = declared.get("AllowedPattern")
    if pattern and not re.fullmatch(pattern, value):
        raise validation(fails or f"Parameter '{name}' must match pattern {pattern}")
    if len(value) > int(declared.get("MaxLength", len(value))):
        raise validation(fails or f"Parameter '{name}' must contain at most {declared['MaxLength']} characters")
    if len(value) < int(declared.get("MinLength", 0)):
        raise validation(fails or f"Parameter '{name}' must contain at least {declared['MinLength']} characters")


def _check_number(name: str, value: str, declared: Mapping[str, Any]) -> None:
    try:
        number = float(value)
    except ValueError:
        raise validation(f"Parameter '{name}' must be a number") from None
    if number < float(declared.get("MinValue", number)):
        raise validation(f"Parameter '{name}' must be a number not less than {declared['MinValue']}")
    if number > float(declared.get("MaxValue", number)):
        raise validation(f"Parameter '{name}' must be a number not greater than {declared['MaxValue']}")


def dependencies(active: Mapping[str, Mapping[str, Node]]) -> dict[str, set[str]]:
    """What each resource has to wait for, in an order in which they can be made.

    Raises:
        ApiError: they wait for each other.
    """
    needs = {name: set(references(resource)) & set(active) - {name} for name, resource in active.items()}
    ordered: dict[str, set[str]] = {}
    while len(ordered) < len(needs):
        free = [name for name, needed in needs.items() if name not in ordered and needed <= set(ordered)]
        if not free:
            left = ", ".join(name for name in needs if name not in ordered)
            raise validation(f"Circular dependency between resources: [{left}]")
        ordered |= {name: needs[name] for name in free}
    return ordered
