"""When and how records arrive: as CloudWatch events, and as objects in S3.

Both are pure functions of a flow log's content and a window, so records do not change between two looks, two runs
or two accounts. What has arrived by now is for the asker to decide, by ``ingested_ms`` and ``delivered``.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from flowtui.demo.flowlogs import Content, FlowLog
from flowtui.demo.network import ACCOUNT_ID
from flowtui.demo.parquet import parquet_bytes
from flowtui.demo.render import renderer
from flowtui.demo.traffic import observed

SLOT = 300
KEPT_S = 3 * 86400
"""How far back objects reach; older ones have expired."""

_TYPICAL_DELAY = 150


class Event(NamedTuple):
    """One event of a log stream; times in Unix milliseconds."""

    timestamp_ms: int
    ingested_ms: int
    id: str
    stream: str
    message: str


@lru_cache(maxsize=200)
def events(content: Content, start: int) -> tuple[Event, ...]:
    """The events that a window's records become, sorted as FilterLogEvents sorts them.

    Every interface's records come together, some minutes after the window's end and not in the order of interfaces;
    a few come much later.
    """
    length = content.interval_s
    line = renderer(content.log_format).line
    identity = zlib.crc32(content.id.encode())
    delays: dict[str, int] = {}
    made = []
    for number, flow in enumerate(observed(content.resource_id, start, length, content.traffic_type)):
        interface = flow.interface.id
        delay = delays.get(interface)
        if delay is None:
            delay = delays[interface] = _delay_ms(f"{content.id}{interface}{start}")
        event_id = f"{flow.start:014d}{identity:012d}{start:014d}{number:016d}"
        ingested = (start + length) * 1000 + delay
        made.append(Event(flow.start * 1000, ingested, event_id, f"{interface}-all", line(flow)))
    return tuple(sorted(made))


def _delay_ms(seed: str) -> int:
    chance = zlib.crc32(seed.encode())
    late = 480_000 if chance % 53 == 0 else 0
    return _TYPICAL_DELAY * 1000 + chance // 64 % 180_000 + late


@dataclass(frozen=True, slots=True)
class Delivery:
    """One object of a flow log in S3: its key, when it appeared (Unix s), and the window it holds."""

    key: str
    delivered: int
    content: Content
    slot: int

    @property
    def body(self) -> bytes:
        """What is in the object: gzip text, or Parquet."""
        return _body(self.content, self.slot)

    @property
    def etag(self) -> str:
        """The body's MD5, in quotes as S3 gives it."""
        return _etag(self.content, self.slot)


def deliveries(flow_log: FlowLog, now: int) -> Iterator[Delivery]:
    """The objects a flow log has in its bucket, oldest first."""
    first = flow_log.created if flow_log.archived else now - KEPT_S
    windows = tuple(flow_log.windows(first, now))
    if flow_log.content.interval_s > SLOT:
        # Records of ten minutes end in their window's second half, hence in its second slot.
        slots = [window + SLOT for window in windows]
    else:
        slots = sorted({window // SLOT * SLOT for window in windows})
    for slot in slots:
        delivered = slot + SLOT + 240 + zlib.crc32(f"{flow_log.id}{slot}".encode()) % 240
        if delivered <= now:
            yield Delivery(_key(flow_log, slot), delivered, flow_log.content, slot)


def _key(flow_log: FlowLog, slot: int) -> str:
    moment = datetime.fromtimestamp(slot, UTC)
    region = flow_log.region
    if flow_log.hive:
        tree = f"AWSLogs/aws-account-id={ACCOUNT_ID}/aws-service=vpcflowlogs/aws-region={region}"
        day, hour = f"year={moment:%Y}/month={moment:%m}/day={moment:%d}", f"hour={moment:%H}/"
    else:
        tree = f"AWSLogs/{ACCOUNT_ID}/vpcflowlogs/{region}"
        day, hour = f"{moment:%Y/%m/%d}", f"{moment:%H}/"
    mark = f"{zlib.crc32(f'{flow_log.id}/{slot}'.encode()):08x}"
    ending = "log.parquet" if flow_log.content.parquet else "log.gz"
    name = f"{ACCOUNT_ID}_vpcflowlogs_{region}_{flow_log.id}_{moment:%Y%m%dT%H%M}Z_{mark}.{ending}"
    return f"{flow_log.prefix}{tree}/{day}/{hour if flow_log.hourly else ''}{name}"


@lru_cache(maxsize=4096)
def _body(content: Content, slot: int) -> bytes:
    form = renderer(content.log_format)
    if content.interval_s > SLOT:
        starts = range(slot - SLOT, slot - SLOT + 1)
    else:
        starts = range(slot, slot + SLOT, content.interval_s)
    lines = [
        form.line(flow)
        for start in starts
        for flow in observed(content.resource_id, start, content.interval_s, content.traffic_type)
    ]
    if content.parquet:
        return parquet_bytes(form.names, lines)
    return gzip.compress("\n".join([form.header, *lines, ""]).encode(), compresslevel=6, mtime=0)


@lru_cache(maxsize=4096)
def _etag(content: Content, slot: int) -> str:
    return f'"{hashlib.md5(_body(content, slot), usedforsecurity=False).hexdigest()}"'


def arrived(flow_log: FlowLog, first_ms: int, last_ms: int, now_ms: int) -> Iterator[tuple[Event, ...]]:
    """A flow log's events that have arrived, window by window, with timestamps in ``[first_ms, last_ms]``.

    A window's events all carry times within it, so windows come in order of time.
    """
    length = flow_log.content.interval_s
    until = min(last_ms, now_ms) // 1000 + 1
    for start in flow_log.windows(first_ms // 1000 // length * length, until):
        found = tuple(
            event
            for event in events(flow_log.content, start)
            if first_ms <= event.timestamp_ms <= last_ms and event.ingested_ms <= now_ms
        )
        if found:
            yield found
