"""What a load would do, told before anything moves: objects, bytes, cost and time.

Figures are estimates. Of records :mod:`flowtui.lake.guess` has them; one machine loads about a million a second, of
dumps of events a fifth of that. S3's prices are those of us-east-1 (https://aws.amazon.com/s3/pricing/); within a
region transfer is free.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flowtui.errors import FlowTuiError
from flowtui.lake.formats import Formats
from flowtui.lake.guess import EVENTS, Kind, by_looks, by_size
from flowtui.lake.ledger import Entry, loaded_objects
from flowtui.lake.prepare import content_hash
from flowtui.lake.recognise import layout_of
from flowtui.lake.sources import Source
from flowtui.lake.trouble import explained
from flowtui.lake.workspace import Workspace

PRICES_OF = "2026-06"
_GET_USD = 0.0004 / 1000
_OUT_USD_GB = 0.09
_RECORDS_S = 1_000_000
_EVENTS_S = 200_000
_OBJECTS_S = 1500


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """What a load would do.

    Args:
        objects: objects it would load.
        size: their bytes as stored.
        skipped: objects that are in the workspace already.
        fetched: objects of S3 that it would fetch, for they are not in the cache.
        fetched_size: their bytes.
        records: records, about.
        events: those of them that are in dumps of events.
    """

    objects: int
    size: int
    skipped: int
    fetched: int
    fetched_size: int
    records: int
    events: int = 0

    @property
    def usd(self) -> float:
        """Dollars for requests and transfer to the internet, at most."""
        return self.fetched * _GET_USD + self.fetched_size / 1e9 * _OUT_USD_GB

    @property
    def seconds(self) -> float:
        """Seconds it takes, about; the network may be slower."""
        loading = (self.records - self.events) / _RECORDS_S + self.events / _EVENTS_S
        return max(loading, self.fetched / _OBJECTS_S)


def plan(workspace: Workspace | None, sources: Sequence[Source], formats: Formats | None = None) -> LoadPlan:
    """Look at what a load would do; nothing is fetched or written.

    Args:
        workspace: where to; None for one that does not exist yet.
        sources: the objects; a key that appears twice counts once.
        formats: what is known of files without a header; by default nothing.

    Raises:
        WorkspaceError: the workspace failed.
    """
    known: dict[tuple[str, str], Entry] = {}
    if workspace is not None:
        with explained(workspace.path), workspace.cursor() as cursor:
            known = loaded_objects(cursor)
    unique = {(source.bucket, source.key): source for source in sources}
    formats = formats or Formats()
    left = [source for key, source in unique.items() if not is_loaded(source, known.get(key), formats)]
    return planned(left, len(unique) - len(left), lambda source: source.here, by_looks)


def planned(
    left: Sequence[Source],
    skipped: int,
    is_here: Callable[[Source], bool],
    guess: Callable[[Sequence[Source]], Mapping[Kind, int]] = by_size,
) -> LoadPlan:
    """The same of objects whose state is known already.

    Args:
        left: objects to load.
        skipped: how many more there are, in the workspace already.
        is_here: whether an object need not be fetched.
        guess: tells how many records there are; by default without looking at any object.
    """
    records = guess(left)
    fetched = [source for source in left if not is_here(source)]
    return LoadPlan(
        objects=len(left),
        size=sum(source.size for source in left),
        skipped=skipped,
        fetched=len(fetched),
        fetched_size=sum(source.size for source in fetched),
        records=sum(records.values()),
        events=sum(records.get(kind, 0) for kind in EVENTS),
    )


def is_loaded(source: Source, entry: Entry | None, formats: Formats) -> bool:
    """Whether the ledger's entry is of this very content, read under the layout that a load would read it under.

    A file of the same size is read for that, and an object of another layout than is stated now, if it is here; one
    that would have to be fetched counts as not loaded.
    """
    if entry is None or entry.size != source.size or (source.etag and entry.identity != source.etag):
        return False
    if source.etag and formats.settle(entry.layout):
        return True
    if not source.here:
        return False
    try:
        path = source.fetch()
        if not source.etag and content_hash(path) != entry.identity:
            return False
        layout = layout_of(path, source.key, formats)
    except (OSError, FlowTuiError):
        return False
    return layout is None or layout.header == entry.layout
