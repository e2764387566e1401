"""``flowtui forget``: out of the workspace what a path, a part of a bucket, or a range of time brought in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from flowtui.cli.options import with_context
from flowtui.context import Context
from flowtui.errors import EXIT_DONE, FlowTuiError, UsageError, WorkspaceError
from flowtui.times import count, parse_time, parse_until

if TYPE_CHECKING:
    from flowtui.lake.forget import Held

_SHOWN = 10


@click.command("forget")
@with_context
@click.argument("places", metavar="[PATH_OR_S3_URI]...", nargs=-1)
@click.option(
    "--since",
    metavar="TIME",
    help="Only objects filed from then on: by the slot in their names, else their latest record.",
)
@click.option("--until", metavar="TIME", help="Only objects filed up to then; a day includes all of it.")
@click.option("--dry-run", is_flag=True, help="Say what would be removed; remove nothing.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    context: Context, places: tuple[str, ...], since: str | None, until: str | None, dry_run: bool, output: str
) -> int:
    """Remove from the workspace the records that files, folders, s3://bucket/prefix/ or a time range brought in.

    Records, refused lines and ledger entries go together, all or none; the files and objects themselves, and what is in
    the cache, stay. Loading them again brings the records back. flowtui compact gives the space back.
    """
    if not places and since is None and until is None:
        raise UsageError("Nothing says what to forget.", "Name a path, s3://bucket/prefix/, or a range with --since.")
    if not all(place.strip() for place in places):
        raise UsageError("An empty path names nothing to forget.", "Write . for the folder you are in.")
    now = context.accounts[0].clock()
    first, last = parse_time(since, now) if since else None, parse_until(until, now) if until else None
    if first and last and last < first:
        raise UsageError(f"--until {until} lies before --since {since}.", "Exchange them.")
    from flowtui.lake.forget import find_held, remove_held
    from flowtui.lake.workspace import Workspace

    if not Workspace.exists(context.settings.workspace):
        raise WorkspaceError(f"There is no workspace {context.settings.workspace}.", "flowtui load makes one.")
    workspace = context.workspace()
    held = find_held(workspace, [_place(place) for place in places], first, last)
    if not held:
        raise FlowTuiError("Nothing in the workspace is of that time range.", "Check --since and --until.")
    if not dry_run:
        remove_held(workspace, held)
    click.echo(json.dumps(_json(held, dry_run), indent=2) if output == "json" else _text(held, dry_run))
    return EXIT_DONE


def _place(place: str) -> str:
    if place.startswith("logs://"):
        return place
    if "://" in place:
        from flowtui.aws.objects import parse_s3_uri
        from flowtui.lake.ledger import name_of

        return name_of(*parse_s3_uri(place))
    from flowtui.lake.forget import local_place

    return local_place(place)


def _text(held: Sequence[Held], dry_run: bool) -> str:
    from flowtui.records.labels import clean

    rows, rejected = sum(one.rows for one in held), sum(one.rejected for one in held)
    lines = [f"{'Would forget' if dry_run else 'Forgot'} {count(len(held), 'object')} with {count(rows, 'record')}."]
    if rejected:
        lines.append(f"  {count(rejected, 'refused line')}")
    if dry_run:
        lines += [f"  {clean(one.name)}: {count(one.rows, 'record')}" for one in held[:_SHOWN]]
        if len(held) > _SHOWN:
            lines.append(f"  … and {count(len(held) - _SHOWN, 'object')} more; --output json lists all")
    return "\n".join(lines)


def _json(held: Sequence[Held], dry_run: bool) -> dict[str, object]:
    objects = [{"name": one.name, "records": one.rows, "rejected": one.rejected} for one in held]
    return {"dry_run": dry_run, "objects": objects, "records": sum(one.rows for one in held)}
