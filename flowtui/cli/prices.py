"""``flowtui prices``: the prices that cost estimates are made with, and setting one's own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from flowtui.cli.options import global_options, remember, with_context
from flowtui.context import Context

if TYPE_CHECKING:
    from flowtui.insight.cost import Prices


@click.group("prices", invoke_without_command=True)
@global_options
@click.pass_context
def command(ctx: click.Context, /, **parameters: object) -> None:
    """Show or set the prices that the cost of a plan is estimated with.

    They are AWS's list prices of us-east-1 with their date; set your own where your region or contract has others.
    """
    remember(ctx, dict(parameters))
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_command)


@command.command("list")
@with_context
@click.option("--output", type=click.Choice(["table", "json"]), default="table", show_default=True)
def list_command(context: Context, output: str) -> None:
    """All prices, and which of them are yours."""
    from flowtui.stacks.prices import OwnPrices

    _show(OwnPrices().read(), output)


@command.command("set", short_help="Set prices in US dollars.")
@with_context
@click.argument("assignments", nargs=-1, required=True, metavar="NAME=USD ...")
def set_command(context: Context, assignments: tuple[str, ...]) -> None:
    """Set prices in US dollars: s3_delivery=0.28, or one a tier, s3_delivery="0.28 0.17 0.08 0.06"."""
    from flowtui.stacks.parameters import parse_assignments
    from flowtui.stacks.prices import OwnPrices

    texts = parse_assignments(assignments, example="flowtui prices set s3_delivery=0.28")
    _show(OwnPrices().set(texts, datetime.now(UTC).date()), "table")


@command.command("reset")
@with_context
@click.argument("names", nargs=-1, metavar="[NAME ...]")
def reset_command(context: Context, names: tuple[str, ...]) -> None:
    """Go back to AWS's list prices, for these names or for all."""
    from flowtui.stacks.prices import OwnPrices

    own = OwnPrices()
    _show(own.reset(names) if names else own.reset(), "table")


def _show(prices: Prices, output: str) -> None:
    from flowtui.stacks.prices import TABLE, price_text

    if output == "json":
        entries = {
            priced.name: {
                "usd": price_text(prices, priced.name),
                "unit": priced.unit,
                "yours": priced.name in prices.own,
                "of": prices.own.get(priced.name, prices.as_of),
            }
            for priced in TABLE
        }
        click.echo(json.dumps(entries, indent=2))
        return
    exceptions = ", but for those marked as yours" if prices.own else ""
    click.echo(f"AWS's list prices of {prices.as_of}, {prices.region}{exceptions}:", err=True)
    for priced in TABLE:
        whose = f"  yours, {prices.own[priced.name]}" if priced.name in prices.own else ""
        click.echo(f"{priced.name:<22} {price_text(prices, priced.name):<20} {priced.unit}{whose}")
