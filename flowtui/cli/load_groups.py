"""Log groups among the places of ``flowtui load``."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flowtui.aws.tail_target import is_resource
from flowtui.cli.tables import StatusLine
from flowtui.context import Context
from flowtui.errors import FlowTuiError, UsageError
from flowtui.places import is_there
from flowtui.records.labels import clean
from flowtui.times import count

if TYPE_CHECKING:
    from flowtui.lake.sources import Source

_SCHEME = "logs://"
_GROUP = re.compile(r"(?:arn:[\w-]+:logs:.+|[/\w#][\w./#-]{0,511})")
_FILE_ENDING = re.compile(r"\.(?:gz|log|txt|parquet|json|ndjson|jsonl)$")


def is_group(place: str, *, ranged: bool) -> bool:
    """Whether a place is to be read from CloudWatch Logs.

    ``logs://group``, an ARN or an id always is. A bare name may be a path as well: a file that is there wins, and a
    name counts as a group's only where a range was given, without which no group is read.

    Raises:
        FlowTuiError: what is there under that name may not be known.
    """
    if place.startswith((_SCHEME, "arn:")) or is_resource(place):
        return not is_there(Path(place))
    looks = "://" not in place and _GROUP.fullmatch(place) and not _FILE_ENDING.search(place)
    return bool(ranged and looks and not is_there(Path(place)))


def group_sources(
    context: Context,
    places: Sequence[str],
    since: datetime | None,
    until: datetime | None,
    resources: ExitStack,
) -> list[Source]:
    """Read log groups into files, which are removed when ``resources`` is closed.

    Raises:
        UsageError: no range was given.
        FlowTuiError: a group is not there, or cannot be read.
        WorkspaceError: the workspace failed.
    """
    if not places:
        return []
    if since is None:
        raise UsageError(f"Loading {places[0]} from CloudWatch Logs needs a range.", "Add --since 2h.")
    from flowtui.aws.tail_source import resolve
    from flowtui.lake.ledger import loaded_objects
    from flowtui.lake.log_events import read_events
    from flowtui.lake.trouble import explained

    account = context.account
    try:
        source = resolve(account, *(place.removeprefix(_SCHEME) for place in places))
    except FlowTuiError as error:
        bare = [place for place in places if place.startswith("/") and place in error.message]
        if not bare:
            raise
        raise FlowTuiError(f"There is no file {bare[0]}, and as a log group: {error.message}", error.hint) from error
    for note in source.notes:
        click.echo(f"note: {clean(note)}", err=True)
    workspace = context.workspace()
    with explained(workspace.path), workspace.cursor() as cursor:
        known = loaded_objects(cursor)
    folder = Path(resources.enter_context(tempfile.TemporaryDirectory(prefix="flowtui-events-")))
    line = StatusLine()
    files: tuple[Source, ...] = ()
    for progress in read_events(account, source, since, until or account.clock(), folder, known):
        line.show(f"reading {source.group}: {count(progress.events, 'event')} up to {progress.until:%Y-%m-%d %H:%M}")
        files = progress.files
    line.clear()
    if not files:
        raise FlowTuiError(
            f"No events in {source.group} in the time range that are not in the workspace.",
            "Records arrive five to fifteen minutes after their start; look further back with --since.",
        )
    return list(files)
