"""What ``flowtui load`` is told, or can ask, about files without a header."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import click

from flowtui.context import Context
from flowtui.errors import UsageError

if TYPE_CHECKING:
    from flowtui.lake.formats import Formats

_Command = TypeVar("_Command", bound=Callable[..., object])

_FORMAT = "Layout of files without a header: default, a LogFormat in single quotes, or field names. May be repeated."
_FLOW_LOG = "Take that layout from this flow log's LogFormat. May be repeated."


def format_options(command: _Command) -> _Command:
    """Add the options that state the layout of files without a header."""
    for decorate in (
        click.option("--flow-log", "flow_logs", multiple=True, metavar="ID", help=_FLOW_LOG),
        click.option("--format", "texts", multiple=True, metavar="FORMAT", help=_FORMAT),
    ):
        command = decorate(command)
    return command


def stated_formats(context: Context, texts: Sequence[str], flow_logs: Sequence[str]) -> Formats:
    """The layouts of a command line; flow logs that files name are looked up when the first such file turns up.

    Raises:
        UsageError: a text is no format.
        FlowTuiError: a stated flow log was not found.
    """
    from flowtui.lake.formats import Formats
    from flowtui.records.headerless import parse_format
    from flowtui.records.layout import Layout, LayoutError

    def find(id: str, region: str = "") -> Layout:
        from flowtui.aws.flow_logs import flow_log_layout

        return flow_log_layout(context.accounts, id, region)

    given = []
    for text in texts:
        try:
            given.append(parse_format(text))
        except LayoutError as error:
            hint = "Write it in single quotes, or the shell takes ${…} for its own variables."
            raise UsageError(f"--format {text!r} is no format: {error}.", hint) from error
    given += [find(id) for id in flow_logs]
    return Formats(given, find)
