"""Where flow logs can be loaded from: a flow log's bucket, any S3 URI, a folder of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from threading import Event

from textual.content import Content

from flowtui.aws.inventory import RegionInventory
from flowtui.aws.models import FlowLog, StoredObject
from flowtui.aws.session import Account
from flowtui.lake.sources import Source
from flowtui.records.labels import clean
from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.chooser import Choice
from flowtui.tui.widgets.fit import fit
from flowtui.tui.widgets.resources import resource_labels

_PORTION = 500


@dataclass(frozen=True, slots=True)
class Place:
    """One place.

    Args:
        label: what it is called.
        location: ``s3://bucket/prefix``, or a path.
        flow_log: the flow log whose objects are wanted; None for everything at the location.
        account: reads it; None for the first chosen one.
    """

    label: str
    location: str
    flow_log: FlowLog | None = None
    account: Account | None = None

    @property
    def in_s3(self) -> bool:
        """Whether it is in S3, and not on this machine."""
        return self.location.lower().startswith("s3://")


@dataclass(frozen=True, slots=True)
class Range:
    """From when until when; either may be open. ``label`` is how the user said it."""

    label: str
    since: datetime | None = None
    until: datetime | None = None

    def text(self) -> str:
        """The range with its moments in UTC."""
        if self.since is None and self.until is None:
            return self.label
        ends = [moment.strftime("%Y-%m-%d %H:%M") if moment else "now" for moment in (self.since, self.until)]
        return f"{self.label}  {ends[0]} to {ends[1]} UTC"


def place_of(flow_log: FlowLog, label: str, account: Account) -> Place:
    """Where a flow log writes."""
    location = f"s3://{flow_log.bucket}/" + (f"{flow_log.prefix}/" if flow_log.prefix else "")
    return Place(label, location, flow_log, account)


def partitions_text(log: FlowLog) -> str:
    """How a flow log writes its objects: ``text``, ``Parquet Hive hourly`` and the like."""
    kind = "Parquet" if log.file_format == "parquet" else "text"
    return kind + " Hive" * log.hive_partitions + " hourly" * log.hourly_partitions


def places_of(region: RegionInventory, glyphs: Glyphs, rank: int = 0) -> list[Choice[Place]]:
    """One choice a flow log that writes to S3; a failing one says so. ``rank`` is the region's place."""
    names = resource_labels(region)
    found = []
    for log in region.flow_logs:
        if log.destination_type != "s3":
            continue
        label = names.get(log.resource_id, log.resource_id)
        place = place_of(log, label, region.account)
        failing = log.deliver_status == "FAILED"
        kind = partitions_text(log)
        line = Content.assemble(
            (f"{glyphs.failing} ", "$error") if failing else (f"{glyphs.active} ", "$success"),
            fit(label, 18, glyphs.ellipsis),
            (f" {fit(clean(place.location), 22, glyphs.ellipsis)}", "$accent"),
            (f" {fit(log.region, 14, glyphs.ellipsis)} ", "$muted"),
            (clean(log.deliver_error) if failing else kind, "$muted"),
        )
        searched = f"{log.id} {log.resource_id} {label} {place.location} {log.region} {kind}"
        found.append(Choice(place, line, searched, rank, (log.region, label, log.id)))
    return found


def list_sources(place: Place, account: Account, wanted: Range, stop: Event) -> Iterator[tuple[Source, ...]]:
    """The objects of a place that can hold records of a range, some hundreds at a time.

    Raises:
        FlowTuiError: the place cannot be listed, or there is nothing of flow logs in it.
    """
    from flowtui.lake.download import s3_sources
    from flowtui.lake.sources import local_sources

    if not place.in_s3:
        files = iter(local_sources([place.location], wanted.since, wanted.until))
        while not stop.is_set() and (some := tuple(islice(files, _PORTION))):
            yield some
        return
    objects = _objects(place, account, wanted)
    while not stop.is_set() and (portion := tuple(islice(objects, _PORTION))):
        yield s3_sources(account, portion)


def _objects(place: Place, account: Account, wanted: Range) -> Iterator[StoredObject]:
    from flowtui.aws.objects import flow_log_objects, list_objects, parse_s3_uri

    if place.flow_log is not None:
        return flow_log_objects(account, place.flow_log, wanted.since, wanted.until)
    bucket, prefix = parse_s3_uri(place.location)
    return list_objects(account, bucket, prefix, wanted.since, wanted.until)
