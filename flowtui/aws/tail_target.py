"""What somebody means who names something to tail: an id, the name of a log group, or one of several kinds of ARN."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flowtui.errors import FlowTuiError

_ID = re.compile(r"(vpc|subnet|eni|i|fl|tgw|tgw-attach)-[0-9a-f]{8,17}")
_ARN = re.compile(r"arn:[\w-]+:([\w-]+):([a-z0-9-]+):(\d{12}):(.+)")
_GROUP = re.compile(r"log-group:([^:]+)(?::(?:\*|log-stream:(.*)))?")


def is_resource(text: str) -> bool:
    """Whether a text is the id of a flow log, or of something that has flow logs."""
    return _ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class TailTarget:
    """One thing to tail: ``resource`` or ``group`` is given, never both.

    Args:
        resource: id of a VPC, subnet, interface, instance, flow log, transit gateway or attachment to one.
        group: name of a log group.
        stream: name of the stream that is wanted of the group; empty for all.
        region: where it is, as an ARN tells it; empty where it has to be looked for.
        account_id: account that holds it, as an ARN tells it; empty where not known.
    """

    resource: str = ""
    group: str = ""
    stream: str = ""
    region: str = ""
    account_id: str = ""


def parse_target(text: str) -> TailTarget:
    """Read what a user wrote.

    ARNs are those of log groups and their streams, with or without ``:*``
    (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html), and of what
    has flow logs (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html).

    Raises:
        FlowTuiError: an ARN of something else.
    """
    word = text.strip()
    if is_resource(word):
        return TailTarget(resource=word)
    if not word.startswith("arn:"):
        return TailTarget(group=word)
    arn = _ARN.fullmatch(word)
    if arn:
        service, region, account_id, rest = arn.groups()
        group = _GROUP.fullmatch(rest) if service == "logs" else None
        if group:
            stream = (group[2] or "").removesuffix("*")
            return TailTarget(group=group[1], stream=stream, region=region, account_id=account_id)
        name = rest.rpartition("/")[2]
        if service == "ec2" and is_resource(name):
            return TailTarget(resource=name, region=region, account_id=account_id)
    raise FlowTuiError(
        f"{word} is not the ARN of anything that can be tailed.",
        "Name a VPC, subnet, interface, instance, flow log, log group or log stream, by ARN, or by id or name.",
    )
