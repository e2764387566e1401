"""What can be tailed: the resources whose flow logs write to CloudWatch Logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from flowtui.aws.inventory import RegionInventory
from flowtui.aws.session import Account
from flowtui.errors import UsageError
from flowtui.records.labels import clean
from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.chooser import Choice
from flowtui.tui.widgets.fit import fit
from flowtui.tui.widgets.resources import resource_labels


@dataclass(frozen=True, slots=True)
class Target:
    """Something to tail: ``ids`` are what :func:`flowtui.aws.tail_source.resolve` takes; no regions means all of the
    account's, no account the first."""

    ids: tuple[str, ...]
    label: str = ""
    group: str = ""
    regions: tuple[str, ...] = ()
    account: Account | None = None

    @property
    def title(self) -> str:
        """What the status line calls it."""
        return self.label or " ".join(self.ids)


def typed(text: str) -> Target:
    """What was typed: ids or names of log groups, separated by commas or spaces."""
    return Target(tuple(dict.fromkeys(text.replace(",", " ").split())))


def together(targets: Sequence[Target]) -> Target:
    """Several targets as one.

    Raises:
        UsageError: they are of several accounts.
    """
    if len({id(target.account) for target in targets}) > 1:
        raise UsageError("These are of several profiles.", "Tail those of one profile at a time.")
    return Target(
        tuple(dict.fromkeys(id for target in targets for id in target.ids)),
        " + ".join(target.title for target in targets),
        regions=tuple(dict.fromkeys(region for target in targets for region in target.regions)),
        account=targets[0].account,
    )


def targets_of(region: RegionInventory, glyphs: Glyphs, rank: int = 0) -> list[Choice[Target]]:
    """One choice a resource and log group; a failing flow log says so. ``rank`` is the region's place."""
    names = resource_labels(region)
    found: dict[tuple[str, str], Choice[Target]] = {}
    for log in region.flow_logs:
        if log.destination_type != "cloud-watch-logs":
            continue
        label, group = names.get(log.resource_id, ""), clean(log.log_group)
        failing = log.deliver_status == "FAILED"
        line = Content.assemble(
            (f"{glyphs.failing} ", "$error") if failing else (f"{glyphs.active} ", "$success"),
            fit(label or log.resource_id, 24, glyphs.ellipsis),
            (f" {fit(group, 22, glyphs.ellipsis)}", "$accent"),
            (f" {fit(log.region, 14, glyphs.ellipsis)} ", "$muted"),
            (clean(log.deliver_error) if failing else log.resource_id if label else "", "$muted"),
        )
        target = Target((log.resource_id,), label or log.resource_id, group, (log.region,), region.account)
        searched = f"{log.resource_id} {label} {group} {log.region} {log.id}"
        order = (log.region, label, log.resource_id)
        found.setdefault((log.resource_id, group), Choice(target, line, searched, rank, order))
    return list(found.values())
