"""Parameters of a template, and the answers to them, checked before anything is sent."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flowtui.errors import UsageError
from flowtui.stacks.body import Node

FEW = 30
"""Up to so many allowed values are listed one by one, and chosen from rather than typed."""

# What a typed parameter's value must look like; whether the thing exists only AWS can tell. Letters beyond
# hexadecimal are let through, so that the placeholder of a pasted example is answered by AWS with its own name.
_SHAPES = {
    "AWS::EC2::VPC::Id": (r"vpc-[0-9a-z]+", "is not a VPC id such as vpc-0a1b2c3d4e5f60718"),
    "AWS::EC2::Subnet::Id": (r"subnet-[0-9a-z]+", "is not a subnet id such as subnet-0a1b2c3d4e5f60718"),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One question of a template.

    ``default`` is None when an answer is required. ``pattern`` is a regular expression the whole value has to match,
    empty for any. ``constraint`` is the template's own explanation of it. Bounds are None where there is none; lengths
    count characters. ``label`` and ``group`` come from the template's interface metadata, for forms.
    """

    name: str
    type: str
    default: str | None
    description: str
    allowed_values: tuple[str, ...] = ()
    pattern: str = ""
    constraint: str = ""
    min_value: float | None = None
    max_value: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    label: str = ""
    group: str = ""

    @property
    def required(self) -> bool:
        """True when the template has no default for it."""
        return self.default is None

    def allowed_text(self, near: str = "") -> str:
        """The allowed values in words; of a long list of numbers its runs, and those nearest to ``near``."""
        if len(self.allowed_values) <= FEW or not all(value.isdigit() for value in self.allowed_values):
            return ", ".join(self.allowed_values)
        numbers = sorted(map(int, self.allowed_values))
        said = number_runs(numbers)
        if not re.fullmatch(r"[0-9]{1,9}", near):
            return said
        closest = sorted(sorted(numbers, key=lambda number: abs(number - int(near)))[:2])
        return f"{said}; the nearest are {' and '.join(map(str, closest))}"

    def problem(self, value: str) -> str:
        """What is wrong with a value, a clause beginning with a verb; empty when nothing is."""
        if self.allowed_values:
            return "" if value in self.allowed_values else f"is not one of {self.allowed_text(value)}"
        shape = _SHAPES.get(self.type)
        if shape and not re.fullmatch(shape[0], value):
            return shape[1]
        if self.type == "Number" and (reason := self._number_problem(value)):
            return reason
        if self.min_length is not None and len(value) < self.min_length:
            return f"is shorter than {self.min_length} characters"
        if self.max_length is not None and len(value) > self.max_length:
            return f"is longer than {self.max_length} characters"
        if self.pattern and not re.fullmatch(self.pattern, value):
            return "is refused: " + self.constraint.rstrip(".") if self.constraint else f"does not match {self.pattern}"
        return ""

    def _number_problem(self, value: str) -> str:
        try:
            number = float(value)
        except ValueError:
            return "is not a number"
        if self.min_value is not None and number < self.min_value:
            return f"is less than {self.min_value:g}"
        if self.max_value is not None and number > self.max_value:
            return f"is more than {self.max_value:g}"
        return ""


def number_runs(numbers: list[int]) -> str:
    """Rising numbers with their regular runs written short: ``1 to 31, 35 to 100 by 5, 365``."""
    said: list[str] = []
    at = 0
    while at < len(numbers):
        end = at
        step = numbers[at + 1] - numbers[at] if at + 1 < len(numbers) else 0
        while end + 1 < len(numbers) and numbers[end + 1] - numbers[end] == step:
            end += 1
        if end - at >= 3:
            by = f" by {step}" if step > 1 else ""
            said.append(f"{numbers[at]} to {numbers[end]}{by}")
            at = end + 1
        else:
            said.append(str(numbers[at]))
            at += 1
    return ", ".join(said)


def parameter_of(name: str, declared: Mapping[str, Node], *, label: str = "", group: str = "") -> Parameter:
    """A parameter from its declaration in a template."""

    def text(key: str) -> str:
        return str(declared.get(key, ""))

    def number(key: str) -> float | None:
        return float(text(key)) if key in declared else None

    def count(key: str) -> int | None:
        return int(text(key)) if key in declared else None

    allowed = declared.get("AllowedValues")
    return Parameter(
        name=name,
        type=text("Type"),
        default=text("Default") if "Default" in declared else None,
        description=text("Description"),
        allowed_values=tuple(str(value) for value in allowed) if isinstance(allowed, list) else (),
        pattern=text("AllowedPattern"),
        constraint=text("ConstraintDescription"),
        min_value=number("MinValue"),
        max_value=number("MaxValue"),
        min_length=count("MinLength"),
        max_length=count("MaxLength"),
        label=label,
        group=group,
    )


def parse_assignments(texts: Iterable[str], example: str = "--param TrafficType=REJECT") -> dict[str, str]:
    """``KEY=VALUE`` texts as a mapping; a value may hold further ``=``.

    Raises:
        UsageError: a text without ``=``, or a name given twice.
    """
    answers: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"{text!r} is not KEY=VALUE.", f"For instance {example}.")
        if name.strip() in answers:
            raise UsageError(f"{name.strip()} is given twice.", "Give each parameter once.")
        answers[name.strip()] = value
    return answers


def fill(parameters: tuple[Parameter, ...], answers: Mapping[str, str]) -> dict[str, str]:
    """Every parameter with its answer or default, each checked by itself.

    Raises:
        UsageError: an unknown parameter (the nearest name is offered), a missing one, or a value the template refuses.
    """
    names = [parameter.name for parameter in parameters]
    for name in answers:
        if name not in names:
            raise UsageError(f"The template has no parameter {name!r}.", _nearest(name, names))
    values: dict[str, str] = {}
    for parameter in parameters:
        value = answers.get(parameter.name, parameter.default)
        if value is None:
            raise UsageError(
                f"{parameter.name} is missing. {parameter.description}".strip(),
                f"Add --param {parameter.name}=VALUE.",
            )
        if reason := parameter.problem(value):
            raise UsageError(f"{parameter.name}: {value!r} {reason}.", parameter.description)
        values[parameter.name] = value
    return values


def _nearest(name: str, names: list[str]) -> str:
    lowered = {known.lower(): known for known in names}
    close = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.5)
    meant = f"Did you mean {lowered[close[0]]}? " if close else ""
    return f"{meant}Parameters: {', '.join(names)}."
