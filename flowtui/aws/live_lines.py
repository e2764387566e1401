"""Which log groups Live Tail can follow, and why it cannot follow the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flowtui.aws.live_line import Line, LiveLine, Word, session_of
from flowtui.aws.logs import find_log_group
from flowtui.aws.session import Account
from flowtui.aws.tail_groups import TailedGroup
from flowtui.errors import AwsError

MOST_GROUPS = 10
_MOST_PREFIXES = 100
_STANDARD = "STANDARD"
_PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("us-iso", "aws-iso"), ("eu-isoe", "aws-iso-e"))

Key = tuple[str, str]
"""Region and name of a log group."""


@dataclass(frozen=True, slots=True)
class LineSpec:
    """One session to be: region, ARNs of the groups, and the stream prefixes AWS is to choose by, if it can."""

    region: str
    keys: tuple[Key, ...]
    arns: tuple[str, ...]
    prefixes: tuple[str, ...] = ()


Start = Callable[[LineSpec, Callable[[Word], None]], Line]
"""Opens a line that says what it hears."""


def starter(account: Account) -> Start:
    """Lines to AWS."""
    return lambda spec, say: LiveLine(session_of(account, spec.region, spec.arns, spec.prefixes), say, spec.region)


def plan_lines(account: Account, groups: Sequence[TailedGroup]) -> tuple[tuple[LineSpec, ...], dict[Key, str]]:
    """One session a region, and for each group that none can follow the reason.

    A session takes 1 to 10 groups of the STANDARD class, and stream prefixes with one group only; China and GovCloud
    have none (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html).
    """
    refused: dict[Key, str] = {}
    by_region: dict[str, list[tuple[TailedGroup, str]]] = defaultdict(list)
    for group in groups:
        arn, why = _live_arn(account, group)
        if why:
            refused[group.region, group.name] = why
        else:
            by_region[group.region].append((group, arn))
    specs = []
    for region, found in by_region.items():
        keys = tuple((group.region, group.name) for group, _ in found)
        if len(found) > MOST_GROUPS:
            refused |= dict.fromkeys(keys, f"Live Tail follows {MOST_GROUPS} log groups at most")
            continue
        specs.append(LineSpec(region, keys, tuple(arn for _, arn in found), _prefixes([group for group, _ in found])))
    return tuple(specs), refused


def _prefixes(groups: Sequence[TailedGroup]) -> tuple[str, ...]:
    only = groups[0] if len(groups) == 1 else None
    # Interfaces of a VPC or subnet come and go; a session's prefixes stay.
    if only is None or only.scopes or len(only.stream_prefixes) > _MOST_PREFIXES:
        return ()
    return only.stream_prefixes


def _live_arn(account: Account, group: TailedGroup) -> tuple[str, str]:
    """A group's ARN, or the reason why Live Tail cannot follow it."""
    partition = next((name for start, name in _PARTITIONS if group.region.startswith(start)), "aws")
    if partition != "aws":
        return "", f"Live Tail is not offered in {group.region}"
    try:
        found = find_log_group(account, group.region, group.name)
    except AwsError:
        # Following a group needs no permission to list groups; whether it may be followed, AWS will say.
        found = None
    if found is not None and found.log_class != _STANDARD:
        return "", f"a log group of class {found.log_class} has no Live Tail"
    if found is not None and found.arn:
        return found.arn, ""
    try:
        owner = group.account_id or account.identity().account_id
    except AwsError as error:
        return "", error.message
    return f"arn:{partition}:logs:{group.region}:{owner}:log-group:{group.name}", ""
