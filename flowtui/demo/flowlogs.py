"""Flow logs of the simulated account: what each records, since when, and how its deliveries fare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flowtui.demo import plans
from flowtui.demo.network import ACCOUNT_ID, REGIONS
from flowtui.demo.render import DEFAULT_LOG_FORMAT
from flowtui.demo.world import world

CLOUDWATCH, S3 = "cloud-watch-logs", "s3"


@dataclass(frozen=True, slots=True)
class Content:
    """What decides a flow log's records, and nothing else: the key under which they are remembered."""

    id: str
    region: str
    resource_id: str
    log_format: str
    traffic_type: str
    interval_s: int
    parquet: bool = False


@dataclass(frozen=True, slots=True)
class FlowLog:
    """One flow log. Times are Unix seconds.

    ``group`` is a log group's name, ``destination`` the ARN of an S3 destination. ``error`` is what AWS would say of
    failing deliveries, ``stopped`` when records stopped to arrive. ``retired`` flow logs are deleted: only what they
    delivered is left. ``archived`` objects never expire.
    """

    content: Content
    created: int
    destination_type: str
    group: str = ""
    role_arn: str = ""
    destination: str = ""
    hive: bool = False
    hourly: bool = False
    error: str = ""
    stopped: int | None = None
    retired: bool = False
    archived: bool = False
    tags: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """``fl-…``."""
        return self.content.id

    @property
    def region(self) -> str:
        """The region it works in."""
        return self.content.region

    @property
    def bucket(self) -> str:
        """The bucket of an S3 destination, else empty."""
        return self.destination.rpartition(":::")[2].partition("/")[0]

    @property
    def prefix(self) -> str:
        """The key prefix before ``AWSLogs/``, ending in a slash unless empty."""
        path = self.destination.rpartition(":::")[2].partition("/")[2].strip("/")
        return f"{path}/" if path else ""

    def windows(self, first: int, until: int) -> Iterator[int]:
        """First seconds of its aggregation windows that begin in ``[first, until)``, within its own life."""
        length = self.content.interval_s
        begin = max(first, self.created)
        end = until if self.stopped is None else min(until, self.stopped - length + 1)
        yield from range(-(-begin // length) * length, end, length)


def role_arn(name: str) -> str:
    """The ARN of a role of the account."""
    return f"arn:aws:iam::{ACCOUNT_ID}:role/{name}"


def _format(names: str) -> str:
    return " ".join(f"${{{name}}}" for name in names.split())


V5_FORMAT = _format(
    """
    version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport dstport pkt-srcaddr
    pkt-dstaddr protocol bytes packets start end action tcp-flags log-status region az-id sublocation-type
    sublocation-id pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path
    """
)

# As the console writes a custom format: in alphabetical order.
ALPHABETICAL_FORMAT = _format(
    """
    account-id action az-id bytes dstaddr dstport end flow-direction instance-id interface-id log-status packets
    pkt-dst-aws-service pkt-dstaddr pkt-src-aws-service pkt-srcaddr protocol region srcaddr srcport start subnet-id
    tcp-flags traffic-path type version vpc-id
    """
)

GOOD_ROLE = "vpc-flow-logs"
BROKEN_ROLE = "staging-flow-logs"
US_BUCKET = "demo-flow-logs"
EU_BUCKET = "demo-flow-logs-eu"
DAY = 86400
ARCHIVE_DAY = 1705276800
"""2024-01-15, the day the seed document's queries ask for."""


def _to_group(
    number: str,
    region: str,
    resource_id: str,
    group: str,
    created: int,
    *,
    log_format: str = DEFAULT_LOG_FORMAT,
    interval_s: int = 600,
    traffic: str = "ALL",
    role: str = GOOD_ROLE,
    error: str = "",
    stopped: int | None = None,
    name: str = "",
) -> FlowLog:
    content = Content(f"fl-{number}", region, resource_id, log_format, traffic, interval_s)
    tags = (("Name", name),) if name else ()
    return FlowLog(content, created, CLOUDWATCH, group, role_arn(role), error=error, stopped=stopped, tags=tags)


def _to_bucket(
    number: str,
    region: str,
    resource_id: str,
    destination: str,
    created: int,
    *,
    log_format: str = DEFAULT_LOG_FORMAT,
    hive: bool = False,
) -> FlowLog:
    content = Content(f"fl-{number}", region, resource_id, log_format, "ALL", 600)
    return FlowLog(content, created, S3, destination=f"arn:aws:s3:::{destination}", hive=hive, hourly=hive)


def seeded(now: int) -> tuple[FlowLog, ...]:
    """The flow logs there are when the account is first looked at, at ``now`` in Unix seconds."""
    us, eu, ap = REGIONS
    data = world().by_id[plans.DATA].subnets[:3]
    gateway = next(i for i in world().by_id[plans.LEGACY].interfaces if i.name == "old-gateway")

    def ago(days: int) -> int:
        return now - days * DAY

    archive = _to_bucket("1234abcd", us, plans.LEGACY, US_BUCKET, ARCHIVE_DAY)
    return (
        _to_group(
            "0a11c0de0a11c0de1",
            us,
            plans.PROD_CORE,
            "/vpc/flow-logs",
            ago(410),
            log_format=V5_FORMAT,
            interval_s=60,
            name="prod-core-live",
        ),
        _to_bucket("0a22c0de0a22c0de2", us, plans.PROD_CORE, US_BUCKET, ago(400), log_format=V5_FORMAT, hive=True),
        *(
            _to_bucket(f"0b{number}1da7a0b{number}1da7a{number}", us, subnet.id, US_BUCKET, ago(300))
            for number, subnet in enumerate(data, 1)
        ),
        _to_group(
            "0c44fa110c44fa114",
            us,
            plans.STAGING,
            "/vpc/staging",
            ago(90),
            role=BROKEN_ROLE,
            error="Access error",
            stopped=now - 26 * 3600,
        ),
        _to_group("0e55a4ed0e55a4ed5", us, plans.SHARED, "/vpc/shared-services", ago(200)),
        _to_group("0f66ba570f66ba576", us, gateway.id, "/vpc/legacy-gateway", ago(30)),
        _to_bucket(
            "067700e0067700e07", eu, plans.PROD_EU, f"{EU_BUCKET}/network", ago(250), log_format=ALPHABETICAL_FORMAT
        ),
        _to_group("0788e3ec0788e3ec8", eu, plans.STAGING_EU, "/vpc/staging-eu", ago(60), traffic="REJECT"),
        _to_group("0999a9ac0999a9ac9", ap, plans.PROD_APAC, "/vpc/prod-apac", ago(120), interval_s=60),
        _to_group("0aaaed9e0aaaed9ea", ap, plans.EDGE, "/vpc/edge", now - 4 * 60),
        replace(archive, stopped=ARCHIVE_DAY + DAY, retired=True, archived=True),
    )
