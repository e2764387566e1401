"""How deployments read on the command line."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from flowtui.errors import FlowTuiError
from flowtui.records.labels import clean

if TYPE_CHECKING:
    from flowtui.aws.models import Stack, StackEvent
    from flowtui.stacks.made import Leaving
    from flowtui.stacks.parameters import Parameter
    from flowtui.stacks.progress import Prepared, Result
    from flowtui.stacks.templates import Template


def wrapped(text: str, indent: str = "  ", width: int = 100) -> list[str]:
    """A paragraph as indented lines."""
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent)


def parameter_lines(template: Template) -> list[str]:
    """The parameters of a template, under the headings of its form."""
    lines: list[str] = []
    group = ""
    for parameter in template.parameters:
        if parameter.group != group:
            group = parameter.group
            lines.append(f"  {group}")
        lines.append(f"    {parameter.name}  {_default(parameter)}")
        lines += wrapped(parameter.description, " " * 8)
        if parameter.allowed_values:
            lines += wrapped(f"One of {parameter.allowed_text()}.", " " * 8)
        elif parameter.constraint:
            lines += wrapped(parameter.constraint, " " * 8)
    return lines


def _default(parameter: Parameter) -> str:
    return "required" if parameter.default is None else f"[{parameter.default or 'empty'}]"


def change_set_lines(prepared: Prepared) -> list[str]:
    """What executing a change set would do, with a warning of what is made anew."""
    from flowtui.stacks.explain import replacement_lines

    marks = {"Add": "+", "Modify": "~", "Remove": "-", "Import": "+", "Dynamic": "?"}
    place = f"{prepared.stack_name} in {prepared.region}"
    lines = [f"Change set for {'new stack' if prepared.kind == 'CREATE' else 'stack'} {place}"]
    for change in prepared.changes:
        anew = {"True": "  replaced", "Conditional": "  perhaps replaced"}.get(change.replacement, "")
        lines.append(f"  {marks.get(change.action, '?')} {change.action:<7} {change.type}  {change.logical_id}{anew}")
    if not prepared.changes:
        lines.append("  no resource changes; only parameters, outputs or tags do")
    lines += [f"  {line}" for line in replacement_lines(prepared.changes)]
    return [clean(line) for line in lines]


def event_line(event: StackEvent, elapsed_s: float) -> str:
    """One event: time since the first, status, resource and AWS's reason."""
    seconds = int(elapsed_s)
    reason = f"  {event.reason}" if event.reason else ""
    return clean(f"  {seconds // 60:>3}:{seconds % 60:02}  {event.status:<28} {event.logical_id}  {event.type}{reason}")


def leaving_lines(stack: Stack, leaving: Leaving) -> list[str]:
    """What deleting a stack removes and what stays."""
    lines = [f"Deleting stack {stack.name} in {stack.region}"]
    for title, resources in (("removes", leaving.removed), ("keeps", leaving.kept)):
        lines += [f"  {title:<8} {one.type}  {one.physical_id or one.logical_id}" for one in resources]
    if not leaving.removed and not leaving.kept:
        lines.append("  removes nothing else: the stack is empty")
    if leaving.records:
        lines.append(f"  {leaving.records}")
    return [clean(line) for line in lines]


def output_lines(outputs: dict[str, str]) -> list[str]:
    """Outputs of a stack, aligned."""
    width = max(map(len, outputs), default=0)
    return [clean(f"{name:<{width}}  {value}") for name, value in sorted(outputs.items())]


def failure_of(name: str, result: Result) -> FlowTuiError:
    """The error that a failed operation is: its first cause, the next step, and the way out of the stack's state."""
    from flowtui.stacks.explain import way_out

    failure, stack = result.failure, result.stack
    what = (
        f"{failure.type} {failure.logical_id}: {failure.reason or 'no reason given'}" if failure else "no reason given"
    )
    status = f" ({stack.status})" if stack else ""
    steps = [failure.hint if failure else "", way_out(stack) if stack else ""]
    return FlowTuiError(clean(f"Stack {name} failed{status}: {what}"), "\n".join(filter(None, steps)))
