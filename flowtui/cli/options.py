"""Global options, accepted before and after the command, and the context they make."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from flowtui.context import Context

_Command = TypeVar("_Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--profile", multiple=True, metavar="NAME", help="AWS profile; may be repeated."),
    click.option("--region", multiple=True, metavar="NAME", help="AWS region; may be repeated, or all."),
    click.option("--endpoint-url", metavar="URL", help="Call this endpoint instead of AWS."),
    click.option("--workspace", metavar="FILE", type=click.Path(dir_okay=False), help="DuckDB file of loaded records."),
    click.option("--read-only", is_flag=True, default=None, help="Refuse every AWS call that changes anything."),
    click.option("--demo", is_flag=True, default=None, help="Use a simulated account; no AWS needed."),
    click.option("--config", metavar="FILE", type=click.Path(dir_okay=False), help="Configuration file (TOML)."),
)
_NAMES = ("profile", "region", "endpoint_url", "workspace", "read_only", "demo", "config")


def global_options(command: _Command) -> _Command:
    """Add the global options to a group or command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def remember(ctx: click.Context, parameters: dict[str, Any]) -> None:
    """Take the global options out of a command's parameters and merge them with those given before it."""
    given = ctx.ensure_object(dict)
    for name in _NAMES:
        value = parameters.pop(name, None)
        if value is None or value == ():
            continue
        # A repeatable option given on both sides names all of them; any other means the later one.
        given[name] = (*given.get(name, ()), *value) if isinstance(value, tuple) else value


def make_context(ctx: click.Context) -> Context:
    """The :class:`Context` of this command line, closed when click's context ends."""
    # Not needed by --help, which has a budget in milliseconds.
    from flowtui.config import load_settings
    from flowtui.context import Context

    given = dict(ctx.ensure_object(dict))
    config = given.pop("config", None)
    context = Context(load_settings(given, config_file=Path(config) if config else None))
    ctx.call_on_close(context.close)
    return context


def with_context(function: Callable[..., Any]) -> Any:
    """Make a command of a function whose first argument is the :class:`Context`.

    Use under ``@click.command`` and above the command's own options; global options are added here.
    """

    @global_options
    @click.pass_context
    @functools.wraps(function)
    def wrapper(ctx: click.Context, /, **parameters: Any) -> Any:
        remember(ctx, parameters)
        return function(make_context(ctx), **parameters)

    return wrapper
