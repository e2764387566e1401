"""The worker's side of the Logs screen: what a listing yields, and what the workspace has of it already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from flowtui.aws.session import Account
from flowtui.errors import WorkspaceError
from flowtui.lake.sources import Source
from flowtui.tui.objects.places import Place, Range, list_sources
from flowtui.tui.objects.view import Key, key_of

if TYPE_CHECKING:
    from flowtui.lake.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Portion:
    """Some objects of the listing, and which of them are loaded."""

    sources: tuple[Source, ...]
    loaded: frozenset[Key]


@dataclass(frozen=True, slots=True)
class NoWorkspace:
    """The workspace cannot be opened; the listing goes on without it."""

    error: WorkspaceError


def list_place(
    place: Place,
    wanted: Range,
    account: Callable[[], Account],
    workspace: Callable[[], Workspace],
    stop: Event,
) -> Iterator[Portion | NoWorkspace]:
    """List a place; yields portions as they arrive.

    Raises:
        FlowTuiError: as :func:`flowtui.tui.objects.places.list_sources`.
    """
    known: dict[Key, str] = {}
    try:
        known = _known(workspace())
    except WorkspaceError as error:
        yield NoWorkspace(error)
    for sources in list_sources(place, place.account or account(), wanted, stop):
        loaded = (key_of(one) for one in sources if _is_loaded(one, known.get(key_of(one))))
        yield Portion(sources, frozenset(loaded))


def _is_loaded(source: Source, identity: str | None) -> bool:
    # A file's identity is a hash of its content, which only a load reads: by its name it counts as loaded.
    return identity is not None and (not source.etag or identity == source.etag)


def _known(workspace: Workspace) -> dict[Key, str]:
    from flowtui.lake.ledger import loaded_objects

    with workspace.cursor() as cursor:
        return {key: entry.identity for key, entry in loaded_objects(cursor).items()}
