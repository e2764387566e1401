"""The worker's side of the Logs screen: what a listing yields, and what the workspace has of it already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from flowtui.aws.session import Account
from flowtui.errors import WorkspaceError
from flowtui.lake.sources import Source
from flowtui.tui.objects.places import Place, Range, list_sources
from flowtui.tui.objects.view import Key, key_of

if TYPE_CHECKING:
    from flowtui.lake.formats import Formats
    from flowtui.lake.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Portion:
    """Some objects of the listing: which of them are loaded, which need not be fetched, and what failed last time."""

    sources: tuple[Source, ...]
    loaded: frozenset[Key]
    here: frozenset[Key]
    failed: Mapping[Key, str]


@dataclass(frozen=True, slots=True)
class NoWorkspace:
    """The workspace cannot be opened; the listing goes on without it."""

    error: WorkspaceError


def list_place(
    place: Place,
    wanted: Range,
    account: Callable[[], Account],
    workspace: Callable[[], Workspace],
    formats: Formats,
    stop: Event,
) -> Iterator[Portion | NoWorkspace]:
    """List a place; yields portions as they arrive.

    Raises:
        FlowTuiError: as :func:`flowtui.tui.objects.places.list_sources`.
    """
    from flowtui.lake.ledger import Entry, failed_objects, loaded_objects
    from flowtui.lake.plan import is_loaded

    known: dict[Key, Entry] = {}
    failed: dict[Key, str] = {}
    try:
        with workspace().cursor() as cursor:
            known, failed = loaded_objects(cursor), failed_objects(cursor)
    except WorkspaceError as error:
        yield NoWorkspace(error)
    for sources in list_sources(place, place.account or account(), wanted, stop):
        keys = [key_of(one) for one in sources]
        yield Portion(
            sources,
            frozenset(key for key, one in zip(keys, sources, strict=True) if is_loaded(one, known.get(key), formats)),
            frozenset(key for key, one in zip(keys, sources, strict=True) if one.here),
            {key: failed[key] for key in keys if key in failed},
        )
