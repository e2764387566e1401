"""How many records objects have, about, before they are read: by their size, or by a look at some that are here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from flowtui.errors import FlowTuiError
from flowtui.lake.lines import GZIP_FAULTS, GZIP_MAGIC, opened
from flowtui.lake.parquet import PARQUET_MAGIC, read_parquet_content
from flowtui.lake.sources import Source

Kind = Literal["gzip", "plain", "events", "packed events", "parquet"]

_BYTES: dict[Kind, float] = {"gzip": 26, "plain": 110, "events": 285, "packed events": 40, "parquet": 26}
"""Bytes as stored that a record of the default format takes."""
EVENTS: tuple[Kind, ...] = ("events", "packed events")
"""Kinds of dumps of events."""

_ENDINGS: dict[str, Kind] = {
    **dict.fromkeys((".log", ".txt"), "plain"),
    **dict.fromkeys((".json", ".ndjson", ".jsonl"), "events"),
    **dict.fromkeys((".json.gz", ".ndjson.gz", ".jsonl.gz"), "packed events"),
    ".parquet": "parquet",
}
_LOOKS = 50
_HEAD = 1 << 16


def kind_of(source: Source) -> Kind:
    """How an object is stored, by its name."""
    return next((kind for ending, kind in _ENDINGS.items() if source.key.endswith(ending)), "gzip")


def by_size(sources: Iterable[Source]) -> dict[Kind, int]:
    """Records of each kind of object; nothing is read."""
    return _records(sources, _BYTES)


def by_looks(sources: Sequence[Source]) -> dict[Kind, int]:
    """The same by some objects of every kind that are here, as long as there are any."""
    there: dict[Kind, list[Source]] = defaultdict(list)
    for source in sources:
        if source.here:
            there[kind_of(source)].append(source)
    found = dict(_BYTES)
    for kind, some in there.items():
        # The largest tell most of the whole.
        looked = sorted(some, key=lambda one: -one.size)[:_LOOKS]
        counts = [(one.size, records) for one in looked if (records := _look(one)) is not None]
        if records := sum(records for _, records in counts):
            found[kind] = sum(size for size, _ in counts) / records
    return _records(sources, found)


def _records(sources: Iterable[Source], bytes: dict[Kind, float]) -> dict[Kind, int]:
    sizes: dict[Kind, int] = defaultdict(int)
    for source in sources:
        sizes[kind_of(source)] += source.size
    return {kind: round(size / bytes[kind]) for kind, size in sizes.items()}


def _look(source: Source) -> float | None:
    """Records of one object, about; None where a look does not tell."""
    try:
        path = source.fetch()
        with path.open("rb") as file:
            magic = file.read(4)
        if magic == PARQUET_MAGIC:
            return read_parquet_content(path).records
        gzip = magic.startswith(GZIP_MAGIC)
        with opened(path, gzip) as plain:
            head = plain.read(_HEAD)
        size = _plain_bytes(path) if gzip else source.size
    except (OSError, FlowTuiError, *GZIP_FAULTS):
        return None
    found = head.count(b'"message"') if kind_of(source) in EVENTS else head.count(b"\n") - 1
    return size * found / len(head) if found > 0 and size >= len(head) else None


def _plain_bytes(path: Path) -> int:
    """What a gzip file says of its plain size: right for one member of less than 4 GB, as AWS writes them."""
    with path.open("rb") as file:
        file.seek(-4, 2)
        return int.from_bytes(file.read(4), "little")
