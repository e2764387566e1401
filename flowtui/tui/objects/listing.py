"""The worker's side of the Logs screen: what a listing yields, and what the workspace has of it already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

from flowtui.aws.session import Account
from flowtui.errors import WorkspaceError
from flowtui.lake.sources import Source
from flowtui.tui.objects.places import Place, Range, list_sources
from flowtui.tui.objects.view import Key, key_of

if TYPE_CHECKING:
    from flowtui.lake.formats import Formats
    from flowtui.lake.ledger import Entry
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
    ledger = _Ledger({}, {})
    try:
        ledger = _read_ledger(workspace())
    except WorkspaceError as error:
        yield NoWorkspace(error)
    for sources in list_sources(place, place.account or account(), wanted, stop):
        yield _portion(sources, ledger, formats)


def known_of(sources: Sequence[Source], workspace: Workspace, formats: Formats) -> Portion:
    """What the workspace has by now of objects that were listed before.

    Raises:
        WorkspaceError: it cannot be read.
    """
    return _portion(tuple(sources), _read_ledger(workspace), formats)


class _Ledger(NamedTuple):
    """What is loaded, and what failed when it was last tried."""

    known: Mapping[Key, Entry]
    failed: Mapping[Key, str]


def _read_ledger(workspace: Workspace) -> _Ledger:
    from flowtui.lake.ledger import failed_objects, loaded_objects
    from flowtui.lake.trouble import explained

    with explained(workspace.path), workspace.cursor() as cursor:
        return _Ledger(loaded_objects(cursor), failed_objects(cursor))


def _portion(sources: tuple[Source, ...], ledger: _Ledger, formats: Formats) -> Portion:
    from flowtui.lake.plan import is_loaded

    keys = [key_of(one) for one in sources]
    pairs = list(zip(keys, sources, strict=True))
    return Portion(
        sources,
        frozenset(key for key, one in pairs if is_loaded(one, ledger.known.get(key), formats)),
        frozenset(key for key, one in pairs if one.here),
        {key: ledger.failed[key] for key in keys if key in ledger.failed},
    )
