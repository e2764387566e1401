"""What the gateways return: frozen, plain, free of boto3.

Times are aware datetimes in UTC. Text comes from AWS and is data: never render it as markup.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from flowtui.errors import FlowTuiError

Destination = Literal["cloud-watch-logs", "s3", "kinesis-data-firehose"]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are to AWS: 12-digit account id and caller ARN."""

    account_id: str
    arn: str


@dataclass(frozen=True, slots=True)
class Vpc:
    """A VPC of one account and region. ``name`` is its Name tag, empty when it has none."""

    id: str
    name: str
    cidrs: tuple[str, ...]
    region: str
    account_id: str
    is_default: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def cidr(self) -> str:
        """The primary IPv4 block."""
        return self.cidrs[0] if self.cidrs else ""


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet and the zone it is in (``az_id`` like ``use1-az1``)."""

    id: str
    name: str
    vpc_id: str
    cidr: str
    az_id: str


@dataclass(frozen=True, slots=True)
class FlowLog:
    """One flow log, as DescribeFlowLogs tells it.

    ``resource_id`` is a VPC, subnet, interface or transit gateway. ``interval_s`` is the aggregation interval, 60 or
    600. ``destination`` is an ARN, empty where AWS leaves it out. ``deliver_status`` is SUCCESS, FAILED or empty while
    nothing was delivered yet (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html).
    """

    id: str
    resource_id: str
    region: str
    account_id: str
    destination_type: Destination
    destination: str
    log_group: str
    log_format: str
    traffic_type: str
    interval_s: int
    status: str
    deliver_status: str
    deliver_error: str
    created: datetime
    file_format: str = "plain-text"
    hive_partitions: bool = False
    hourly_partitions: bool = False
    role_arn: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def bucket(self) -> str:
        """Bucket of an S3 destination, else empty."""
        return self._s3_parts()[0]

    @property
    def prefix(self) -> str:
        """Prefix before ``AWSLogs/`` of an S3 destination, without slashes at its ends."""
        return self._s3_parts()[1]

    def _s3_parts(self) -> tuple[str, str]:
        if self.destination_type != "s3":
            return "", ""
        bucket, _, prefix = self.destination.rpartition(":::")[2].partition("/")
        return bucket, prefix.strip("/")


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface and what it serves.

    ``owner`` is the readable name of what it belongs to: instance, load balancer, NAT gateway, endpoint, function.
    ``kind`` is AWS's interface type (``interface``, ``nat_gateway``, ``network_load_balancer``, ``vpc_endpoint``…).
    """

    id: str
    vpc_id: str
    subnet_id: str
    region: str
    kind: str
    owner: str
    description: str
    private_ips: tuple[str, ...]
    public_ip: str
    ipv6s: tuple[str, ...]
    status: str
    instance_id: str = ""
    security_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    """An EC2 instance. ``name`` is its Name tag, ``state`` AWS's word (``running``, ``stopped``…)."""

    id: str
    name: str
    state: str
    instance_type: str
    image_id: str
    vpc_id: str
    subnet_id: str
    private_ip: str
    public_ip: str
    launched: datetime | None


@dataclass(frozen=True, slots=True)
class SecurityRule:
    """One rule of a security group, normalised.

    ``protocol`` is an IANA number as text or ``-1`` for all; ports are inclusive, (0, 65535) for all.
    ``peers`` are CIDR blocks, prefix lists or group ids.
    """

    egress: bool
    protocol: str
    ports: tuple[int, int]
    peers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SecurityGroup:
    """A stateful security group."""

    id: str
    name: str
    vpc_id: str
    rules: tuple[SecurityRule, ...]


@dataclass(frozen=True, slots=True)
class LogGroup:
    """A CloudWatch log group; ``retention_days`` 0 means never expires, ``created`` is None where AWS does not say."""

    name: str
    arn: str
    region: str
    retention_days: int
    log_class: str
    kms_key: str
    stored_bytes: int
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One event of a log group. ``event_id`` is empty in Live Tail; times are Unix milliseconds."""

    event_id: str
    stream: str
    timestamp_ms: int
    ingested_ms: int
    message: str
    region: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object of a bucket, or a file of a folder (``bucket`` empty, ``key`` its path)."""

    bucket: str
    key: str
    etag: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class RegionRefusal:
    """A region, or one kind of thing in it, that could not be listed."""

    region: str
    account_id: str
    error: FlowTuiError


@dataclass(frozen=True, slots=True)
class StackEvent:
    """One event of a stack."""

    id: str
    time: datetime
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stack:
    """A CloudFormation stack, with its outputs and parameters."""

    name: str
    id: str
    region: str
    status: str
    reason: str
    created: datetime
    updated: datetime | None
    description: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a change set; ``replacement`` is True, False, Conditional or empty."""

    action: str
    logical_id: str
    physical_id: str
    type: str
    replacement: str
