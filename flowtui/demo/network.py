"""What the simulated network is made of: frozen, and free of both AWS's answer shapes and of traffic."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

ACCOUNT_ID = "123456789010"
REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2")

# Zone ids are an account's own shuffle of the letters (https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html).
ZONES = {
    "us-east-1": ("use1", {"a": 4, "b": 6, "c": 1}),
    "eu-west-1": ("euw1", {"a": 3, "b": 1, "c": 2}),
    "ap-southeast-2": ("apse2", {"a": 1, "b": 3, "c": 2}),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a security group or network ACL.

    ``protocol`` is ``tcp``, ``udp``, ``icmp`` or ``-1`` for all; ``peer`` a CIDR block or a security group id.
    ``number`` and ``allow`` matter for network ACLs only.
    """

    egress: bool
    protocol: str
    ports: tuple[int, int]
    peer: str
    number: int = 0
    allow: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A security group."""

    id: str
    name: str
    vpc_id: str
    description: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Acl:
    """A network ACL and the subnets it guards."""

    id: str
    name: str
    vpc_id: str
    subnet_ids: tuple[str, ...]
    rules: tuple[Rule, ...]
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet; ``public`` ones have a route to the internet gateway."""

    id: str
    name: str
    vpc_id: str
    region: str
    cidr: str
    zone: str
    zone_id: str
    public: bool
    ipv6_cidr: str = ""


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface and the part it plays in the traffic.

    ``role`` is ours (``web``, ``alb``, ``nat``…), ``kind`` is AWS's interface type, ``requester`` who made it when
    a service did. ``instance_id`` and ``name`` belong to the instance, load balancer or other owner.
    """

    id: str
    vpc_id: str
    subnet_id: str
    region: str
    zone: str
    zone_id: str
    role: str
    name: str
    kind: str
    description: str
    ip: str
    public_ip: str = ""
    ipv6: str = ""
    group_ids: tuple[str, ...] = ()
    instance_id: str = ""
    requester: str = ""
    attached: bool = True


@dataclass(frozen=True, slots=True)
class LoadBalancer:
    """An application or network load balancer; ``suffix`` ends its ARN and stands in its interfaces' description."""

    name: str
    kind: str
    suffix: str
    vpc_id: str
    region: str
    subnet_ids: tuple[str, ...]
    group_ids: tuple[str, ...]

    @property
    def arn(self) -> str:
        """The load balancer's ARN."""
        short = "app" if self.kind == "application" else "net"
        return f"arn:aws:elasticloadbalancing:{self.region}:{ACCOUNT_ID}:loadbalancer/{short}/{self.name}/{self.suffix}"


@dataclass(frozen=True, slots=True)
class NatGateway:
    """A NAT gateway and its interface."""

    id: str
    name: str
    interface_id: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A VPC endpoint: ``Interface`` with interfaces, or ``Gateway`` with none."""

    id: str
    name: str
    kind: str
    service: str
    vpc_id: str
    interface_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vpc:
    """A VPC with all that is in it."""

    id: str
    name: str
    region: str
    cidr: str
    is_default: bool
    ipv6_cidr: str
    subnets: tuple[Subnet, ...]
    interfaces: tuple[Interface, ...]
    groups: tuple[Group, ...]
    acls: tuple[Acl, ...]
    balancers: tuple[LoadBalancer, ...]
    nats: tuple[NatGateway, ...]
    endpoints: tuple[Endpoint, ...]

    @cached_property
    def by_role(self) -> dict[str, tuple[Interface, ...]]:
        """Interfaces by the part they play."""
        roles = dict.fromkeys(interface.role for interface in self.interfaces)
        return {role: tuple(i for i in self.interfaces if i.role == role) for role in roles}

    def interfaces_under(self, resource_id: str) -> tuple[Interface, ...]:
        """The interfaces a flow log on this VPC, subnet or interface covers."""
        return tuple(i for i in self.interfaces if resource_id in (i.vpc_id, i.subnet_id, i.id))
