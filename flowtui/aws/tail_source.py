"""Finds the log groups that hold the records of a VPC, subnet, interface, instance or flow log, and their layouts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from flowtui.aws.flow_logs import DEFAULT_INTERVAL_S, list_flow_logs
from flowtui.aws.interfaces import list_interfaces
from flowtui.aws.logs import find_log_group, some_group_names, stream_names
from flowtui.aws.models import FlowLog, Interface, LogGroup
from flowtui.aws.session import Account
from flowtui.aws.tail_groups import TailedGroup, TailSource, merged
from flowtui.aws.tail_target import TailTarget, parse_target
from flowtui.errors import AccessDenied, FlowTuiError
from flowtui.records.layout import DEFAULT_LAYOUT, Layout, LayoutError

_CLOUDWATCH = "cloud-watch-logs"
_LIKENESS = 0.75
"""Above what two ids that were made independently have in common."""


def resolve(account: Account, *targets: str) -> TailSource:
    """Find what to tail.

    Args:
        account: the account; its regions are looked through in turn.
        targets: ids of VPCs, subnets, interfaces, instances, flow logs or transit gateways, or names of log
            groups, or their ARNs, or the ARN of a log stream; several are tailed as one.

    Raises:
        FlowTuiError: there is no such group, or no flow log to CloudWatch covers the resource.
        AwsError: a call failed.
    """
    return merged(_resolve(account, target) for target in dict.fromkeys(targets))


def _resolve(account: Account, text: str) -> TailSource:
    wanted = parse_target(text)
    regions = (wanted.region,) if wanted.region else account.regions()
    if wanted.group:
        return _group(account, regions, wanted)
    target = wanted.resource
    elsewhere: list[FlowLog] = []
    known: set[str] = set()
    for region in regions:
        flow_logs = list_flow_logs(account, region)
        known.update(name for item in flow_logs for name in (item.id, item.resource_id))
        source, missed = _resource(account, region, target, flow_logs)
        if source:
            return source
        elsewhere += missed
    raise _uncovered(target, regions, elsewhere, known)


def current_prefixes(account: Account, group: TailedGroup) -> tuple[str, ...]:
    """The stream prefixes now: a VPC's or subnet's interfaces come and go.

    Raises:
        AwsError: the interfaces could not be listed.
    """
    if not group.scopes:
        return group.stream_prefixes
    vpc_id = group.scopes[0] if len(group.scopes) == 1 and group.scopes[0].startswith("vpc-") else ""
    scopes = set(group.scopes)
    found = [
        item.id
        for item in list_interfaces(account, group.region, vpc_id, names=False)
        if not scopes.isdisjoint((item.vpc_id, item.subnet_id))
    ]
    # Records of an interface that is gone may still be on their way.
    return tuple(dict.fromkeys((*group.stream_prefixes, *found)))


def _group(account: Account, regions: Sequence[str], wanted: TailTarget) -> TailSource:
    name, notes = wanted.group, list[str]()
    for region in regions:
        try:
            found = find_log_group(account, region, name)
            if found is None:
                continue
            _check_owner(found, wanted)
            notes += _missing_stream(account, region, wanted)
        except AccessDenied as error:
            # Reading a group needs no permission to list groups or streams.
            what = "group" if "Groups" in error.action else "stream"
            notes.append(f"cannot check that the log {what} exists: needs {error.action}")
        try:
            mates = [item for item in list_flow_logs(account, region) if item.log_group == name]
        except AccessDenied as error:
            mates = []
            notes.append(f"cannot read the records' format: needs {error.action}")
        prefixes = (wanted.stream,) if wanted.stream else ()
        label = f"{name} {wanted.stream}".rstrip()
        return TailSource((_tailed(region, name, prefixes, (), mates, notes),), label, tuple(notes))
    known = {known for region in regions for known in some_group_names(account, region)}
    raise FlowTuiError(
        f"There is no log group {name} in {', '.join(regions)}.",
        f"{_meant(name, known)}Check the name and --region. A flow log's own group appears with its first records.",
    )


def _check_owner(found: LogGroup, wanted: TailTarget) -> None:
    """Refuse a group of another account: calls that name a group mean the one of that name in the caller's own."""
    owner = found.arn.partition(":log-group:")[0].rpartition(":")[2]
    if owner and wanted.account_id and owner != wanted.account_id:
        raise FlowTuiError(
            f"The log group {wanted.group} is of account {wanted.account_id}, the credentials are of {owner}.",
            f"Name a profile of {wanted.account_id} with --profile; {owner} has a group of that name too.",
        )


def _missing_stream(account: Account, region: str, wanted: TailTarget) -> list[str]:
    """A note where a group has no such stream. It may yet come: a stream appears with an interface's first records."""
    if not wanted.stream or any(stream_names(account, region, wanted.group, wanted.stream)):
        return []
    meant = _meant(wanted.stream, stream_names(account, region, wanted.group)).rstrip()
    return [f"{wanted.group} has no log stream {wanted.stream} yet. {meant}".rstrip(" .")]


def _meant(name: str, known: Iterable[str]) -> str:
    """A question for the likest name, before a hint; nothing where none is like it."""
    near = get_close_matches(name, set(known) - {name}, n=1, cutoff=_LIKENESS)
    return f"Did you mean {near[0]}? " if near else ""


def _resource(
    account: Account, region: str, target: str, flow_logs: Sequence[FlowLog]
) -> tuple[TailSource | None, list[FlowLog]]:
    """The source for a resource in one region, else the flow logs that cover it but write elsewhere."""
    pinned = next((item for item in flow_logs if item.id == target), None)
    resource = pinned.resource_id if pinned else target
    if resource.startswith(("fl-", "tgw-")):
        covering = [item for item in flow_logs if target in (item.id, item.resource_id)]
        interfaces: list[Interface] = []
    else:
        interfaces = _interfaces(account, region, resource)
        chain = {resource} | {part for item in interfaces for part in (item.id, item.subnet_id, item.vpc_id)}
        covering = [pinned] if pinned else [item for item in flow_logs if item.resource_id in chain]
    usable = [item for item in covering if item.destination_type == _CLOUDWATCH and item.log_group]
    if not usable:
        return None, covering
    own = {resource} | {part for item in interfaces for part in (item.id, item.subnet_id) if _inside(part, resource)}
    notes: list[str] = []
    groups = []
    for name in _enough(usable, resource, interfaces):
        mates = [item for item in usable if item.log_group == name]
        mates += [item for item in flow_logs if item.log_group == name and item not in mates]
        # A flow log on a transit gateway is tailed whole: its streams are not named after interfaces.
        shared = any(item.resource_id not in own for item in mates) and not resource.startswith("tgw-")
        prefixes = tuple(item.id for item in interfaces) if shared else ()
        if shared and not interfaces:
            notes.append(f"{resource} has no interfaces now; the records of all of {name} are shown")
        changing = shared and interfaces and resource.startswith(("vpc-", "subnet-"))
        groups.append(_tailed(region, name, prefixes, (resource,) if changing else (), mates, notes))
    others = sorted({item.log_group for item in usable} - {group.name for group in groups})
    notes += [f"further records of {target} are in log group {name}" for name in others]
    return TailSource(tuple(groups), target, tuple(notes)), []


def _enough(usable: Sequence[FlowLog], resource: str, interfaces: Sequence[Interface]) -> list[str]:
    """The log groups that hold all there is, the likeliest first: one where one flow log records everything."""

    def rank(item: FlowLog) -> tuple[bool, int, bool]:
        return item.resource_id == resource, _breadth(item), item.traffic_type == "ALL"

    def is_whole(item: FlowLog) -> bool:
        around = ({one.id, one.subnet_id, one.vpc_id} for one in interfaces)
        covers = item.resource_id == resource or (bool(interfaces) and all(item.resource_id in ids for ids in around))
        return covers and item.traffic_type in ("ALL", "")

    ranked = sorted(usable, key=rank, reverse=True)
    whole = [item for item in ranked if is_whole(item)]
    return list(dict.fromkeys(item.log_group for item in (whole[:1] or ranked)))


def _interfaces(account: Account, region: str, resource: str) -> list[Interface]:
    vpc_id = resource if resource.startswith("vpc-") else ""
    return [
        item
        for item in list_interfaces(account, region, vpc_id, names=False)
        if resource in (item.id, item.subnet_id, item.vpc_id, item.instance_id)
    ]


def _inside(part: str, resource: str) -> bool:
    """Whether a flow log on an interface or subnet records nothing but the resource's own traffic."""
    return part.startswith("eni-") or resource.startswith("vpc-")


def _breadth(flow_log: FlowLog) -> int:
    return {"eni": 0, "subnet": 1, "vpc": 2}.get(flow_log.resource_id.partition("-")[0], -1)


def _tailed(
    region: str,
    name: str,
    prefixes: tuple[str, ...],
    scopes: tuple[str, ...],
    mates: Sequence[FlowLog],
    notes: list[str],
) -> TailedGroup:
    """A group with the layouts of the flow logs that write to it; adds to the notes what is odd about them."""
    layouts: list[Layout] = []
    for item in mates:
        try:
            layouts.append(Layout.from_log_format(item.log_format))
        except LayoutError:
            notes.append(f"{item.id} has no readable format")
        if item.deliver_status == "FAILED":
            notes.append(f"{item.id} fails to deliver: {item.deliver_error or 'no reason given'}")
    if not layouts:
        layouts = [DEFAULT_LAYOUT]
        notes.append(f"no flow log tells the format of {name}; lines are read as the default format where they fit it")
    interval_s = max((item.interval_s for item in mates), default=DEFAULT_INTERVAL_S)
    account_id = next((item.account_id for item in mates), "")
    return TailedGroup(region, name, prefixes, tuple(dict.fromkeys(layouts)), interval_s, scopes, account_id)


def _uncovered(target: str, regions: Sequence[str], elsewhere: Sequence[FlowLog], known: Iterable[str]) -> FlowTuiError:
    where = ", ".join(regions)
    buckets = sorted({f"s3://{item.bucket}/{item.prefix}" for item in elsewhere if item.destination_type == "s3"})
    if buckets:
        return FlowTuiError(
            f"The flow logs of {target} write to S3 only, which cannot be tailed.",
            f"Load them: flowtui load {buckets[0]} --since 1h",
        )
    deploy = f"flowtui deploy cloudwatch --stack-name flow-logs --param VpcId={target}"
    hint = f"Check the id and --region, or turn one on: {deploy}"
    if not target.startswith("vpc-"):
        hint = "Check the id and --region; flowtui vpcs shows what is covered."
    return FlowTuiError(f"No flow log to CloudWatch covers {target} in {where}.", _meant(target, known) + hint)
