"""``flowtui compact``: gives back the space that forgotten records leave in the workspace."""

from __future__ import annotations

from contextlib import closing

import click

from flowtui.cli.options import with_context
from flowtui.cli.tables import StatusLine
from flowtui.context import Context
from flowtui.errors import EXIT_DONE
from flowtui.times import bytes_text


@click.command("compact")
@with_context
def command(context: Context) -> int:
    """Give back the space that forgotten and replaced records leave in the workspace file.

    Its content is copied to a new file beside it, which then takes its name: there must be room for both. Killed at any
    moment, or on a full disk, the workspace is as it was. Nothing else may have it open.
    """
    from flowtui.lake.compact import compact

    line = StatusLine()
    last = None
    with closing(compact(context.settings.workspace, context.settings.memory_limit)) as steps:
        for progress in steps:
            line.show(f"{bytes_text(progress.written)} of at most {bytes_text(progress.before)} written …")
            last = progress
    line.clear()
    assert last is not None and last.done  # the last value says so
    click.echo(f"The workspace takes {bytes_text(last.written)} now, {bytes_text(last.before)} before.")
    return EXIT_DONE
