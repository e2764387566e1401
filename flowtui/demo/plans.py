"""The dozen VPCs, as tables: who lives where. :mod:`flowtui.demo.world` builds the network from them.

Internet addresses are those reserved for documentation, so no story here accuses anybody.
"""

from __future__ import annotations

from dataclasses import dataclass

OFFICE = "203.0.113.10"
BRUTE_FORCER = "203.0.113.77"
SCANNER = "198.51.100.200"
PARTNER = "198.51.100.24"
PARTNER_NET = "198.51.100.0/25"


@dataclass(frozen=True, slots=True)
class SubnetPlan:
    """A subnet: its name, third octet, zone letter, and whether it reaches the internet itself."""

    name: str
    octet: int
    zone: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class HostPlan:
    """``count`` like hosts in one subnet, of a role; ``first`` is the first one's last octet.

    ``public`` lists the numbers of those with a public address. Names get a number when there are several.
    """

    role: str
    name: str
    subnet: str
    count: int = 1
    first: int = 16
    number: int = 1
    public: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class VpcPlan:
    """A VPC: balancers, NAT gateways, endpoints and functions are ``(name, subnets…)``."""

    id: str
    name: str
    region: str
    network: str
    subnets: tuple[SubnetPlan, ...]
    hosts: tuple[HostPlan, ...] = ()
    albs: tuple[tuple[str, ...], ...] = ()
    nlbs: tuple[tuple[str, ...], ...] = ()
    nats: tuple[tuple[str, ...], ...] = ()
    endpoints: tuple[tuple[str, ...], ...] = ()
    gateways: tuple[str, ...] = ()
    functions: tuple[tuple[str, ...], ...] = ()
    spare: str = ""
    ipv6: str = ""
    is_default: bool = False


PROD_CORE = "vpc-0a1b2c3d4e5f60718"
DATA = "vpc-0b2c3d4e5f6071829"
STAGING = "vpc-0c3d4e5f60718293a"
SHARED = "vpc-0e5f60718293a4b5c"
LEGACY = "vpc-0f60718293a4b5c6d"
SANDBOX = "vpc-0d4e5f60718293a4b"
PROD_EU = "vpc-060718293a4b5c6d7"
STAGING_EU = "vpc-070819a2b3c4d5e6f"
ANALYTICS = "vpc-0819a2b3c4d5e6f70"
PROD_APAC = "vpc-09a2b3c4d5e6f7081"
EDGE = "vpc-0a2b3c4d5e6f70819"
LAB = "vpc-0b3c4d5e6f708192a"

_US = (
    VpcPlan(
        PROD_CORE,
        "prod-core",
        "us-east-1",
        "10.20",
        (
            SubnetPlan("public-a", 1, "a", public=True),
            SubnetPlan("public-b", 2, "b", public=True),
            SubnetPlan("web-a", 4, "a", public=True),
            SubnetPlan("web-b", 5, "b", public=True),
            SubnetPlan("partner-a", 6, "a", public=True),
            SubnetPlan("app-a", 8, "a"),
            SubnetPlan("data-a", 9, "a"),
            SubnetPlan("data-b", 10, "b"),
        ),
        (
            HostPlan("web", "web", "web-a", 4, public=(3,)),
            HostPlan("web", "web", "web-b", 2, number=5),
            HostPlan("partner", "partner-gw", "partner-a", public=(1,)),
            HostPlan("bastion", "bastion", "public-a", first=30, public=(1,)),
            HostPlan("app", "orders-app", "app-a", 4),
            HostPlan("worker", "batch", "app-a", 3, first=60),
            HostPlan("db", "orders-db", "data-a", first=4),
            HostPlan("db", "orders-db-replica", "data-b", first=4),
            HostPlan("cache", "sessions-cache", "data-a", first=12),
            HostPlan("idle", "standby", "web-b", 2, first=60),
        ),
        albs=(("public", "public-a", "public-b"),),
        nlbs=(("ingest", "public-a", "public-b"),),
        nats=(("nat-a", "public-a"),),
        endpoints=(("secretsmanager", "app-a"), ("logs", "app-a")),
        gateways=("s3", "dynamodb"),
        functions=(("orders-worker", "app-a"),),
        spare="app-a",
        ipv6="2001:db8:1234:1a00",
    ),
    VpcPlan(
        DATA,
        "data",
        "us-east-1",
        "10.30",
        (
            SubnetPlan("ingest-a", 1, "a", public=True),
            SubnetPlan("warehouse-a", 2, "a"),
            SubnetPlan("warehouse-b", 3, "b"),
            SubnetPlan("stream-a", 4, "a"),
            SubnetPlan("stream-b", 5, "b"),
            SubnetPlan("lake-a", 6, "a"),
            SubnetPlan("lake-c", 7, "c"),
        ),
        (
            HostPlan("app", "loader", "ingest-a", 3, public=(1,)),
            HostPlan("db", "warehouse", "warehouse-a", 2),
            HostPlan("worker", "spark", "warehouse-a", 5, first=40),
            HostPlan("worker", "spark", "warehouse-b", 4, first=40, number=6),
            HostPlan("rds", "reporting", "warehouse-b"),
            HostPlan("worker", "kafka", "stream-a", 5),
            HostPlan("worker", "kafka", "stream-b", 5, number=6),
            HostPlan("worker", "trino", "lake-a", 6),
            HostPlan("worker", "trino", "lake-c", 6, number=7),
        ),
        nats=(("nat-data", "ingest-a"),),
        gateways=("s3",),
    ),
    VpcPlan(
        STAGING,
        "staging",
        "us-east-1",
        "10.40",
        (SubnetPlan("public-a", 1, "a", public=True), SubnetPlan("app-a", 2, "a"), SubnetPlan("data-a", 3, "a")),
        (
            HostPlan("web", "stg-web", "public-a", 2, public=(1,)),
            HostPlan("app", "stg-app", "app-a", 3),
            HostPlan("db", "stg-db", "data-a"),
        ),
        albs=(("stg-public", "public-a"),),
        nats=(("nat-stg", "public-a"),),
    ),
    VpcPlan(
        SHARED,
        "shared-services",
        "us-east-1",
        "10.50",
        (SubnetPlan("tools-a", 1, "a", public=True), SubnetPlan("tools-b", 2, "b")),
        (
            HostPlan("bastion", "jump", "tools-a", public=(1,)),
            HostPlan("worker", "ci-runner", "tools-b", 4),
            HostPlan("worker", "prometheus", "tools-b", first=40),
        ),
        endpoints=(("ecr.api", "tools-b"), ("ssm", "tools-b")),
        nats=(("nat-tools", "tools-a"),),
    ),
    VpcPlan(
        LEGACY,
        "legacy",
        "us-east-1",
        "192.168",
        (SubnetPlan("lan", 1, "a", public=True), SubnetPlan("lan-db", 2, "b")),
        (
            HostPlan("bastion", "old-gateway", "lan", first=10, public=(1,)),
            HostPlan("build", "build-server", "lan", first=100),
            HostPlan("worker", "fileserver", "lan", 2, first=50),
            HostPlan("db", "old-db", "lan-db"),
        ),
    ),
)

_EU = (
    VpcPlan(
        SANDBOX,
        "sandbox",
        "eu-west-1",
        "172.31",
        (
            SubnetPlan("default-a", 0, "a", public=True),
            SubnetPlan("default-b", 16, "b", public=True),
            SubnetPlan("default-c", 32, "c", public=True),
        ),
        (
            HostPlan("worker", "try", "default-a", 6, public=(1, 2)),
            HostPlan("worker", "try", "default-b", 4, number=7),
            HostPlan("worker", "notebook", "default-c", 2),
        ),
        is_default=True,
    ),
    VpcPlan(
        PROD_EU,
        "prod-eu",
        "eu-west-1",
        "10.60",
        (SubnetPlan("public-a", 1, "a", public=True), SubnetPlan("web-a", 2, "a"), SubnetPlan("data-b", 3, "b")),
        (
            HostPlan("web", "web-eu", "web-a", 3),
            HostPlan("bastion", "bastion-eu", "public-a", public=(1,)),
            HostPlan("db", "orders-db-eu", "data-b"),
        ),
        albs=(("public-eu", "public-a"),),
        nats=(("nat-eu", "public-a"),),
        gateways=("s3",),
        functions=(("invoice-mailer", "web-a"),),
    ),
    VpcPlan(
        STAGING_EU,
        "staging-eu",
        "eu-west-1",
        "10.70",
        (SubnetPlan("public-a", 1, "a", public=True), SubnetPlan("app-b", 2, "b")),
        (HostPlan("bastion", "stg-eu-jump", "public-a", public=(1,)), HostPlan("worker", "stg-eu", "app-b", 3)),
    ),
    VpcPlan(
        ANALYTICS,
        "analytics",
        "eu-west-1",
        "10.80",
        (SubnetPlan("emr-a", 1, "a"), SubnetPlan("emr-b", 2, "b")),
        (HostPlan("worker", "emr", "emr-a", 4), HostPlan("worker", "emr", "emr-b", 4, number=5)),
        gateways=("s3",),
    ),
)

_APAC = (
    VpcPlan(
        PROD_APAC,
        "prod-apac",
        "ap-southeast-2",
        "10.90",
        (SubnetPlan("public-a", 1, "a", public=True), SubnetPlan("web-a", 2, "a"), SubnetPlan("data-b", 3, "b")),
        (
            HostPlan("web", "web-ap", "web-a", 3),
            HostPlan("bastion", "bastion-ap", "public-a", public=(1,)),
            HostPlan("db", "orders-db-ap", "data-b"),
        ),
        albs=(("public-ap", "public-a"),),
    ),
    VpcPlan(
        EDGE,
        "edge",
        "ap-southeast-2",
        "10.100",
        (SubnetPlan("edge-a", 1, "a", public=True), SubnetPlan("edge-b", 2, "b", public=True)),
        (HostPlan("web", "edge", "edge-a", 2, public=(1, 2)), HostPlan("web", "edge", "edge-b", 1, number=3)),
        nlbs=(("edge-nlb", "edge-a", "edge-b"),),
    ),
    VpcPlan(LAB, "lab", "ap-southeast-2", "10.110", (SubnetPlan("lab-a", 1, "a"),)),
)

PLANS = _US + _EU + _APAC
