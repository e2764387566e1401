"""Removes from the workspace what a path, a part of a bucket, or a range of time brought into it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flowtui.errors import FlowTuiError
from flowtui.lake.aside import Aside
from flowtui.lake.ledger import Key, forget, name_of
from flowtui.lake.schema import refresh_views
from flowtui.lake.trouble import explained
from flowtui.lake.workspace import Workspace
from flowtui.places import expanded
from flowtui.records.paths import ObjectPath

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Held:
    """An object of the ledger.

    Args:
        bucket: empty for a file.
        key: object key, or absolute path.
        size: bytes as stored.
        rows: records in the workspace.
        rejected: lines of it that were refused.
        filed: the moment it counts under: the slot in its name, else its latest record's end, else its day; None when
            nothing tells.
    """

    bucket: str
    key: str
    size: int
    rows: int
    rejected: int
    filed: datetime | None

    @property
    def name(self) -> str:
        """``s3://bucket/key`` or the path."""
        return name_of(self.bucket, self.key)


def find_held(
    workspace: Workspace, places: Sequence[str], since: datetime | None = None, until: datetime | None = None
) -> tuple[Held, ...]:
    """Objects that came from some places and count under some time; failed ones too.

    Args:
        workspace: where they are.
        places: beginnings of names: ``s3://bucket/prefix``, ``logs://region/group``, or an absolute path, where there
            need be no file any more; none means all.
        since: beginning of the range; an object of which no time is known is in no range.
        until: end of the range.

    Raises:
        FlowTuiError: nothing came from one of the places.
        WorkspaceError: the workspace failed.
    """
    with explained(workspace.path), workspace.cursor() as cursor:
        everything = _everything(cursor)
    found: dict[Key, Held] = {}
    for place in places:
        there = _at(everything, place)
        if not there:
            raise FlowTuiError(
                f"Nothing in the workspace was loaded from {place}.",
                "Name it as load's report did: a path, or s3://bucket/key." if everything else "It is empty.",
            )
        found |= {(held.bucket, held.key): held for held in there}
    chosen = found.values() if places else everything
    return tuple(held for held in chosen if _is_within(held, since, until))


def remove_held(workspace: Workspace, held: Iterable[Held]) -> None:
    """Remove objects with their records and refused lines, all or none.

    Raises:
        WorkspaceError: the workspace failed; nothing is removed.
        KeyboardInterrupt: it was stopped; nothing is removed. One that comes too late for that is not raised.
    """
    with explained(workspace.path), workspace.cursor() as cursor, workspace.writing:

        def remove() -> None:
            cursor.execute("BEGIN")
            # Closing the cursor on any failure takes everything back.
            forget(cursor, [(one.bucket, one.key) for one in held])
            refresh_views(cursor)
            cursor.execute("COMMIT")

        Aside(cursor, remove).run()


def local_place(path: Path | str) -> str:
    """A file or folder as the ledger names it; it need not be there any more."""
    return os.path.realpath(expanded(path))


def _everything(cursor: DuckDBPyConnection) -> list[Held]:
    found = cursor.execute(
        "SELECT bucket, key, size, rows, rejected, last_end, coalesce(path_day, last_dt) "
        "FROM flowtui.objects ORDER BY 1, 2"
    ).fetchall()
    return [
        Held(bucket, key, size, rows, rejected, _filed(key, last_end, day))
        for bucket, key, size, rows, rejected, last_end, day in found
    ]


def _filed(key: str, last_end: int | None, day: str | None) -> datetime | None:
    path = ObjectPath.parse(key.rpartition("/")[2])
    if path is not None and path.slot is not None:
        return path.slot
    try:
        if last_end is not None:
            return datetime.fromtimestamp(last_end, UTC)
        return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    except (ValueError, OverflowError, OSError):
        return None


def _at(everything: Sequence[Held], place: str) -> list[Held]:
    """Objects of a name, or in a folder; of a bucket also those whose keys begin so, as a load of that place takes."""
    folder = place if place.endswith("/") else f"{place}/"
    inside = [held for held in everything if held.name == place or held.name.startswith(folder)]
    bucket_only = place.partition("://")[2].count("/") == 0
    return inside if inside or bucket_only else [held for held in everything if held.name.startswith(place)]


def _is_within(held: Held, since: datetime | None, until: datetime | None) -> bool:
    if since is None and until is None:
        return True
    if held.filed is None:
        return False
    return (since is None or since <= held.filed) and (until is None or held.filed <= until)
