"""``flowtui templates``: list, show or copy out the bundled templates."""

from __future__ import annotations

from pathlib import Path

import click

from flowtui.cli.options import global_options, remember, with_context
from flowtui.context import Context
from flowtui.errors import FlowTuiError


@click.group("templates", invoke_without_command=True)
@global_options
@click.pass_context
def command(ctx: click.Context, /, **parameters: object) -> None:
    """List, show or copy out the bundled CloudFormation templates.

    They are plain templates: aws cloudformation create-stack takes them as well as flowtui deploy does.
    """
    remember(ctx, dict(parameters))
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_command)


@command.command("list")
@with_context
def list_command(context: Context) -> None:
    """Name and purpose of every template."""
    from flowtui.stacks.templates import templates

    for template in templates():
        click.echo(f"{template.name:<11} {template.title}/{template.path.name}")
        click.echo(f"{'':<11} {template.description.partition('.')[0]}.")
    click.echo("flowtui templates show NAME tells its parameters.", err=True)


@command.command("show")
@with_context
@click.argument("name")
@click.option("--body", is_flag=True, help="Print the template itself.")
def show(context: Context, name: str, body: bool) -> None:
    """What a template asks, makes and needs."""
    from flowtui.cli.prose import parameter_lines, wrapped
    from flowtui.stacks.templates import load_template

    template = load_template(name)
    if body:
        click.echo(template.body, nl=False)
        return
    lines = [f"{template.name}  {template.path}", *wrapped(template.description), "", "Can make"]
    lines += [f"  {kind}  {logical_id}" for logical_id, kind in template.resources]
    if template.capabilities:
        lines += ["", f"Needs  {', '.join(template.capabilities)}"]
    lines += ["", "Parameters", *parameter_lines(template)]
    click.echo("\n".join(lines))


@command.command("copy", short_help="Write a template into a folder of its own.")
@with_context
@click.argument("name")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def copy(context: Context, name: str, directory: Path) -> None:
    """Write a template to DIRECTORY, in its own folder; a file that is there already is left alone."""
    from flowtui.stacks.templates import load_template

    template = load_template(name)
    target = directory / template.title / template.path.name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(template.body)
    except FileExistsError:
        raise FlowTuiError(f"{target} is there already.", "Remove it or name another directory.") from None
    except OSError as error:
        raise FlowTuiError(f"Cannot write {target}: {error.strerror}.", "Name another directory.") from error
    click.echo(str(target))
