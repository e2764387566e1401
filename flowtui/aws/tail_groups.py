"""What is tailed: log groups, which of their streams, and the layouts their records may have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flowtui.aws.flow_logs import DEFAULT_INTERVAL_S
from flowtui.records.layout import DEFAULT_LAYOUT, Layout


@dataclass(frozen=True)
class TailedGroup:
    """One log group.

    Args:
        region: its region.
        name: its name.
        stream_prefixes: beginnings of the names of the streams wanted; empty for all.
        layouts: layouts that its records may have, the likeliest first.
        interval_s: the longest aggregation interval among its flow logs, seconds.
        scopes: VPCs and subnets whose interfaces the prefixes are, when they may change while tailing.
        account_id: account that holds it, empty where not known.
    """

    region: str
    name: str
    stream_prefixes: tuple[str, ...] = ()
    layouts: tuple[Layout, ...] = (DEFAULT_LAYOUT,)
    interval_s: int = DEFAULT_INTERVAL_S
    scopes: tuple[str, ...] = ()
    account_id: str = ""


@dataclass(frozen=True)
class TailSource:
    """What to tail.

    Args:
        groups: the log groups, at least one.
        label: what the user asked for.
        notes: what the user should know: other groups, assumed layouts, failing delivery.
    """

    groups: tuple[TailedGroup, ...]
    label: str
    notes: tuple[str, ...] = ()

    @property
    def region(self) -> str:
        """Region of the first group, where names are looked for."""
        return self.groups[0].region

    @property
    def group(self) -> str:
        """The groups' names, for people."""
        return ", ".join(dict.fromkeys(group.name for group in self.groups))

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """Every layout that some record may have."""
        return tuple(dict.fromkeys(layout for group in self.groups for layout in group.layouts))

    @property
    def fields(self) -> frozenset[str]:
        """What a filter may call the fields of those layouts: their names and their columns."""
        return frozenset(name for layout in self.layouts for name in layout.positions)


def merged(sources: Iterable[TailSource]) -> TailSource:
    """Several sources as one; a group that occurs in several is tailed once, for all that is wanted of it."""
    found = list(sources)
    groups: dict[tuple[str, str], TailedGroup] = {}
    for group in (group for source in found for group in source.groups):
        key = (group.region, group.name)
        groups[key] = _both(groups[key], group) if key in groups else group
    notes = dict.fromkeys(note for source in found for note in source.notes)
    return TailSource(tuple(groups.values()), " ".join(source.label for source in found), tuple(notes))


def _both(one: TailedGroup, other: TailedGroup) -> TailedGroup:
    # No prefix means every stream, and then it does not matter whose interfaces come and go.
    whole = not one.stream_prefixes or not other.stream_prefixes
    return replace(
        one,
        stream_prefixes=() if whole else tuple(dict.fromkeys(one.stream_prefixes + other.stream_prefixes)),
        scopes=() if whole else tuple(dict.fromkeys(one.scopes + other.scopes)),
        layouts=tuple(dict.fromkeys(one.layouts + other.layouts)),
        interval_s=max(one.interval_s, other.interval_s),
    )
