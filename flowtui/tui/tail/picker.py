"""What can be tailed: the resources whose flow logs write to CloudWatch Logs."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from flowtui.aws.inventory import RegionInventory
from flowtui.aws.session import Account
from flowtui.records.labels import clean
from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.chooser import Choice
from flowtui.tui.widgets.fit import fit
from flowtui.tui.widgets.resources import resource_labels


@dataclass(frozen=True, slots=True)
class Target:
    """Something to tail: ``target`` is what :func:`flowtui.aws.tail_source.resolve` takes."""

    target: str
    label: str = ""
    group: str = ""
    region: str = ""
    account: Account | None = None


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
        target = Target(log.resource_id, label or log.resource_id, group, log.region, region.account)
        searched = f"{log.resource_id} {label} {group} {log.region} {log.id}"
        order = (log.region, label, log.resource_id)
        found.setdefault((log.resource_id, group), Choice(target, line, searched, rank, order))
    return list(found.values())
