"""What can change in a demo account: flow logs, log groups, buckets, roles, stacks.

Everything is guarded by ``lock``, held while a call is answered. Time is the injected clock's; ``advance`` lets what
is under way (a deployment) catch up with it before anybody looks.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from flowtui.demo.delivery import Delivery, deliveries
from flowtui.demo.flowlogs import (
    BROKEN_ROLE,
    CLOUDWATCH,
    DAY,
    EU_BUCKET,
    GOOD_ROLE,
    S3,
    US_BUCKET,
    FlowLog,
    seeded,
)
from flowtui.demo.network import ACCOUNT_ID
from flowtui.demo.policies import delivery_policy, flow_log_role_policy, flow_log_trust
from flowtui.demo.world import SEED
from flowtui.times import Clock

TAKEN_BUCKET = "demo-taken-bucket"
"""A bucket name that another account has."""

Json = dict[str, Any]


@dataclass
class LogGroup:
    """A CloudWatch log group; ``created`` in Unix seconds, ``retention_days`` 0 for ever."""

    name: str
    region: str
    created: int
    retention_days: int = 0
    kms_key: str = ""
    log_class: str = "STANDARD"

    @property
    def arn(self) -> str:
        """The ARN, ending in ``:*`` as DescribeLogGroups gives it."""
        return f"arn:aws:logs:{self.region}:{ACCOUNT_ID}:log-group:{self.name}:*"


@dataclass
class Bucket:
    """A bucket's settings; its objects follow from the flow logs that deliver to it."""

    name: str
    region: str
    created: int
    policy: str = ""
    ownership: str = "BucketOwnerEnforced"
    encryption: str = "AES256"
    kms_key: str = ""
    versioning: str = ""
    lifecycle: list[Json] = field(default_factory=list)
    object_lock: Json | None = None
    public_access_block: Json = field(
        default_factory=lambda: dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        )
    )


@dataclass
class Role:
    """An IAM role with its inline policies."""

    name: str
    created: int
    trust: Json
    policies: dict[str, Json] = field(default_factory=dict)

    def allows(self, action: str) -> bool:
        """Whether some inline policy allows an action, whatever the resource."""
        service = action.partition(":")[0]
        wanted = {action, f"{service}:*", "*"}
        return any(
            statement.get("Effect") == "Allow" and wanted & set(_texts(statement.get("Action", ())))
            for policy in self.policies.values()
            for statement in _items(policy.get("Statement", ()))
        )

    def trusts(self, principal: str) -> bool:
        """Whether a service may assume the role."""
        return any(
            statement.get("Effect") == "Allow"
            and principal in _texts(statement.get("Principal", {}).get("Service", ()))
            for statement in _items(self.trust.get("Statement", ()))
        )


class State:
    """One demo account's state.

    Args:
        clock: now.
        deny: ``(service, operation, region)`` to be refused.
    """

    def __init__(self, clock: Clock, deny: frozenset[tuple[str, str, str]] = frozenset()) -> None:
        self.clock = clock
        self.deny = deny
        self.lock = threading.RLock()
        self.flow_logs: dict[str, FlowLog] = {}
        self.groups: dict[tuple[str, str], LogGroup] = {}
        self.buckets: dict[str, Bucket] = {}
        self.roles: dict[str, Role] = {}
        self.processes: list[Callable[[float], None]] = []
        self.parts: dict[str, Any] = {}
        self._made = 0
        self._requests = random.Random(f"{SEED}:requests")
        self._seed(self.now)

    @property
    def now(self) -> int:
        """Unix seconds."""
        return int(self.clock().timestamp())

    @property
    def now_ms(self) -> int:
        """Unix milliseconds."""
        return int(self.clock().timestamp() * 1000)

    def advance(self) -> None:
        """Let everything under way reach the present."""
        now = self.clock().timestamp()
        for process in self.processes:
            process(now)

    def new_bits(self) -> random.Random:
        """Chance for something new; the same ones in the same order in every account."""
        self._made += 1
        return random.Random(f"{SEED}:made:{self._made}")

    def new_id(self, prefix: str) -> str:
        """An id for something new, ``fl-0…``."""
        return f"{prefix}-0{self.new_bits().getrandbits(64):016x}"

    def new_uuid(self) -> str:
        """A UUID for something new."""
        return _uuid(self.new_bits())

    def request_id(self) -> str:
        """A UUID for one more call; ids of what is made do not depend on how many there were."""
        return _uuid(self._requests)

    def active_flow_logs(self, region: str) -> list[FlowLog]:
        """The flow logs of a region that were not deleted."""
        return [flow for flow in self.flow_logs.values() if flow.region == region and not flow.retired]

    def add_flow_log(self, flow_log: FlowLog) -> None:
        """Start a flow log; AWS makes its log group if it may and there is none."""
        self.flow_logs[flow_log.id] = flow_log
        key = (flow_log.region, flow_log.group)
        if flow_log.destination_type == CLOUDWATCH and not flow_log.error and key not in self.groups:
            self.groups[key] = LogGroup(flow_log.group, flow_log.region, flow_log.created)

    def end_flow_log(self, flow_log: FlowLog, now: int) -> None:
        """Delete a flow log; what it delivered stays."""
        self.flow_logs[flow_log.id] = replace(flow_log, retired=True, stopped=min(now, flow_log.stopped or now))

    def writers(self, region: str, group: str) -> list[FlowLog]:
        """The flow logs, deleted ones too, that write or wrote to a log group."""
        return [
            flow
            for flow in self.flow_logs.values()
            if flow.region == region and flow.group == group and (not flow.error or flow.stopped is not None)
        ]

    def objects(self, bucket: str) -> Iterator[Delivery]:
        """A bucket's objects by flow log, not sorted by key."""
        for flow_log in self.flow_logs.values():
            if flow_log.destination_type == S3 and flow_log.bucket == bucket and not flow_log.error:
                yield from deliveries(flow_log, self.now)

    def _seed(self, now: int) -> None:
        for flow_log in seeded(now):
            self.flow_logs[flow_log.id] = flow_log
        retention = {"/vpc/flow-logs": 14, "/vpc/staging": 30, "/vpc/edge": 7, "/vpc/prod-apac": 14}
        for flow_log in self.flow_logs.values():
            if flow_log.group:
                self.groups[flow_log.region, flow_log.group] = LogGroup(
                    flow_log.group, flow_log.region, flow_log.created - 60, retention.get(flow_log.group, 0)
                )
        us, eu = "us-east-1", "eu-west-1"
        for region, name in ((us, "/aws/lambda/orders-worker"), (eu, "/aws/lambda/invoice-mailer")):
            self.groups[region, name] = LogGroup(name, region, now - 500 * DAY, 30)
        for name, region, policy in (
            (US_BUCKET, us, delivery_policy(US_BUCKET, us)),
            (EU_BUCKET, eu, delivery_policy(EU_BUCKET, eu, "network/")),
            ("demo-athena-results", us, ""),
        ):
            self.buckets[name] = Bucket(name, region, now - 700 * DAY, policy)
        reading = ("logs:DescribeLogGroups", "logs:DescribeLogStreams")
        writing = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
        for name, actions in ((GOOD_ROLE, writing + reading), (BROKEN_ROLE, reading)):
            inline = {"write-flow-logs": flow_log_role_policy(actions)}
            self.roles[name] = Role(name, now - 700 * DAY, flow_log_trust(), inline)


def moment(seconds: float) -> datetime:
    """Unix seconds as AWS's answers carry them, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def _uuid(source: random.Random) -> str:
    bits = f"{source.getrandbits(128):032x}"
    return f"{bits[:8]}-{bits[8:12]}-{bits[12:16]}-{bits[16:20]}-{bits[20:]}"


def _items(value: Any) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
