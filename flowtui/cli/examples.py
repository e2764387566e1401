"""``flowtui examples``: list or show the queries of the library."""

from __future__ import annotations

import json
import textwrap

import click

from flowtui.cli.options import with_context
from flowtui.context import Context
from flowtui.sql.library import Example, example, examples


@click.command("examples")
@with_context
@click.argument("name", required=False)
@click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
def command(context: Context, name: str | None, output: str) -> None:
    """List the queries of the library, or show one.

    stdout carries the query alone, so that it pipes:

    \b
      flowtui examples top-talkers | flowtui sql
    """
    if name is None:
        chosen = examples()
        click.echo(json.dumps([_as_json(one) for one in chosen], indent=2) if output == "json" else _listed(chosen))
        return
    one = example(name)
    if output == "json":
        click.echo(json.dumps(_as_json(one), indent=2))
        return
    click.secho(one.title, err=True, bold=True)
    for label, text in (("asks", one.question), ("needs", ", ".join(one.fields)), ("look for", one.look_for)):
        click.echo(textwrap.fill(text, 100, initial_indent=f"  {label:<9} ", subsequent_indent=" " * 12), err=True)
    click.echo(one.sql)


def _listed(chosen: tuple[Example, ...]) -> str:
    width = max(len(one.name) for one in chosen)
    return "\n".join(f"{one.name:<{width}}  {one.question}" for one in chosen)


def _as_json(one: Example) -> dict[str, object]:
    return {
        "name": one.name,
        "title": one.title,
        "question": one.question,
        "fields": list(one.fields),
        "look_for": one.look_for,
        "sql": one.sql,
    }
