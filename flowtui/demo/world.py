"""Builds the simulated network from its plans: always the same one, ids included.

Nothing here depends on the clock, so one world serves every demo account of the process; what changes (flow logs,
log groups, buckets, stacks) is :mod:`flowtui.demo.state`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import cache, cached_property

from flowtui.demo.network import (
    ZONES,
    Acl,
    Endpoint,
    Group,
    Interface,
    LoadBalancer,
    NatGateway,
    Rule,
    Subnet,
    Vpc,
)
from flowtui.demo.plans import PARTNER_NET, PLANS, HostPlan, SubnetPlan, VpcPlan

SEED = 20240115
ANYWHERE = "0.0.0.0/0"
ALL_PORTS = (0, 65535)
EPHEMERAL = (1024, 65535)


@dataclass(frozen=True)
class World:
    """Every VPC there is."""

    vpcs: tuple[Vpc, ...]

    @cached_property
    def by_id(self) -> dict[str, Vpc]:
        """VPCs by id."""
        return {vpc.id: vpc for vpc in self.vpcs}

    @cached_property
    def _owners(self) -> dict[str, Vpc]:
        owners = dict(self.by_id)
        for vpc in self.vpcs:
            owners |= {subnet.id: vpc for subnet in vpc.subnets}
            owners |= {interface.id: vpc for interface in vpc.interfaces}
        return owners

    def region(self, name: str) -> tuple[Vpc, ...]:
        """The VPCs of a region."""
        return tuple(vpc for vpc in self.vpcs if vpc.region == name)

    def vpc_of(self, resource_id: str) -> Vpc | None:
        """The VPC of a VPC, subnet or interface id."""
        return self._owners.get(resource_id)


@cache
def world() -> World:
    """The world, built at the first call."""
    return World(tuple(_Builder(plan).build() for plan in PLANS))


@dataclass
class _Builder:
    """Builds one VPC; ids come from a generator of its own, so that plans may be changed one by one."""

    plan: VpcPlan
    subnets: dict[str, Subnet] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    interfaces: list[Interface] = field(default_factory=list)
    balancers: list[LoadBalancer] = field(default_factory=list)
    nats: list[NatGateway] = field(default_factory=list)
    endpoints: list[Endpoint] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(f"{SEED}:{self.plan.id}")
        self.next_host: dict[str, int] = {}

    def id(self, prefix: str) -> str:
        """A resource id, ``eni-`` and 17 hex digits."""
        return f"{prefix}-0{self.random.getrandbits(64):016x}"

    def build(self) -> Vpc:
        """The finished VPC."""
        plan = self.plan
        for number, subnet in enumerate(plan.subnets):
            self.subnets[subnet.name] = self._subnet(subnet, number)
        self._security_groups()
        for host in plan.hosts:
            self._hosts(host)
        for name, *subnets in plan.albs:
            self._balancer(name, "application", subnets)
        for name, *subnets in plan.nlbs:
            self._balancer(name, "network", subnets)
        for name, subnet_name in plan.nats:
            self._nat(name, subnet_name)
        for service, *subnets in plan.endpoints:
            self._endpoint(service, subnets)
        for service in plan.gateways:
            name = f"com.amazonaws.{plan.region}.{service}"
            self.endpoints.append(Endpoint(self.id("vpce"), f"{plan.name}-{service}", "Gateway", name, plan.id))
        for name, subnet_name in plan.functions:
            self._function(name, subnet_name)
        if plan.spare:
            self._interface("spare", "spare", plan.spare, "interface", "kept for failover", attached=False)
        return Vpc(
            plan.id,
            plan.name,
            plan.region,
            self._network(),
            plan.is_default,
            f"{plan.ipv6}::/56" if plan.ipv6 else "",
            tuple(self.subnets.values()),
            tuple(self.interfaces),
            tuple(self.groups.values()),
            self._acls(),
            tuple(self.balancers),
            tuple(self.nats),
            tuple(self.endpoints),
        )

    def _network(self) -> str:
        return f"{self.plan.network}.0.0/16"

    def _subnet(self, plan: SubnetPlan, number: int) -> Subnet:
        prefix, zones = ZONES[self.plan.region]
        ipv6 = f"{self.plan.ipv6[:-2]}{number + 1:02x}::/64" if self.plan.ipv6 else ""
        return Subnet(
            self.id("subnet"),
            plan.name,
            self.plan.id,
            self.plan.region,
            f"{self.plan.network}.{plan.octet}.0/{20 if self.plan.is_default else 24}",
            self.plan.region + plan.zone,
            f"{prefix}-az{zones[plan.zone]}",
            plan.public,
            ipv6,
        )

    def _security_groups(self) -> None:
        inside = self._network()
        out = Rule(True, "-1", ALL_PORTS, ANYWHERE)
        self._group("default", "default VPC security group", out)
        self._group("alb", "load balancers", *(_tcp(port, ANYWHERE) for port in (80, 443)), out)
        self._group("web", "web servers", *(_tcp(port, ANYWHERE) for port in (80, 443)), out)
        company = "10.0.0.0/8" if inside.startswith("10.") else inside
        self._group("admin", "administration", _tcp(22, company), Rule(False, "icmp", (-1, -1), inside), out)
        office = (_tcp(22, "203.0.113.10/32"), _tcp(22, "192.168.0.0/16"))
        self._group("bastion", "jump hosts", *office, Rule(False, "icmp", (-1, -1), ANYWHERE), out)
        self._group("db", "databases", _tcp(5432, self.groups["web"].id), _tcp(5432, inside), out)
        self._group("internal", "everything inside", Rule(False, "-1", ALL_PORTS, inside), out)

    def _group(self, name: str, description: str, *rules: Rule) -> None:
        self.groups[name] = Group(self.id("sg"), name, self.plan.id, description, rules)

    def _address(self, subnet: Subnet, host: int | None = None) -> str:
        if host is None:
            host = self.next_host.get(subnet.id, 200)
            self.next_host[subnet.id] = host + 1
        return f"{subnet.cidr.rpartition('.')[0]}.{host}"

    def _interface(
        self,
        role: str,
        name: str,
        subnet_name: str,
        kind: str,
        description: str,
        *,
        host: int | None = None,
        public: bool = False,
        groups: tuple[str, ...] = ("internal",),
        instance: bool = False,
        requester: str = "",
        ipv6: bool = False,
        attached: bool = True,
    ) -> Interface:
        subnet = self.subnets[subnet_name]
        made = Interface(
            self.id("eni"),
            self.plan.id,
            subnet.id,
            self.plan.region,
            subnet.zone,
            subnet.zone_id,
            role,
            name,
            kind,
            description,
            self._address(subnet, host),
            # 100.64.0.0/10 is nobody's on the internet, and here stands for AWS's public pool.
            f"100.64.{self.random.randrange(256)}.{self.random.randrange(1, 255)}" if public else "",
            f"{subnet.ipv6_cidr.removesuffix('::/64')}::{self.random.getrandbits(16):x}" if ipv6 else "",
            tuple(self.groups[group].id for group in groups),
            self.id("i") if instance else "",
            requester,
            attached,
        )
        self.interfaces.append(made)
        return made

    def _hosts(self, plan: HostPlan) -> None:
        for index in range(plan.count):
            number = plan.number + index
            numbered = plan.count > 1 or plan.number > 1
            name = f"{plan.name}-{number}" if numbered else plan.name
            if plan.role == "rds":
                self._interface("rds", name, plan.subnet, "interface", "RDSNetworkInterface", requester="amazon-rds")
                continue
            self._interface(
                plan.role,
                name,
                plan.subnet,
                "interface",
                "",
                host=plan.first + index,
                public=number in plan.public,
                groups=_HOST_GROUPS.get(plan.role, ("internal",)),
                instance=True,
                ipv6=bool(self.plan.ipv6) and plan.role == "web",
            )

    def _balancer(self, name: str, kind: str, subnets: list[str]) -> None:
        suffix = f"{self.random.getrandbits(64):016x}"
        short, interface_kind = ("app", "interface") if kind == "application" else ("net", "network_load_balancer")
        groups = ("alb",) if kind == "application" else ()
        made = [
            self._interface(
                "alb" if kind == "application" else "nlb",
                name,
                subnet,
                interface_kind,
                f"ELB {short}/{name}/{suffix}",
                host=9 if kind == "application" else 40,
                public=True,
                groups=groups,
                requester="amazon-elb",
                ipv6=bool(self.plan.ipv6) and kind == "application",
            )
            for subnet in subnets
        ]
        self.balancers.append(
            LoadBalancer(
                name,
                kind,
                suffix,
                self.plan.id,
                self.plan.region,
                tuple(interface.subnet_id for interface in made),
                tuple(self.groups[group].id for group in groups),
            )
        )

    def _nat(self, name: str, subnet: str) -> None:
        gateway = self.id("nat")
        description = f"Interface for NAT Gateway {gateway}"
        made = self._interface(
            "nat", name, subnet, "nat_gateway", description, host=220, public=True, groups=(), requester="amazon-vpc"
        )
        self.nats.append(NatGateway(gateway, name, made.id))

    def _endpoint(self, service: str, subnets: list[str]) -> None:
        endpoint = self.id("vpce")
        description = f"VPC Endpoint Interface {endpoint}"
        name = f"{self.plan.name}-{service}"
        made = [
            self._interface("endpoint", name, subnet, "vpc_endpoint", description, requester="amazon-vpce")
            for subnet in subnets
        ]
        ids = tuple(interface.id for interface in made)
        full = f"com.amazonaws.{self.plan.region}.{service}"
        self.endpoints.append(Endpoint(endpoint, name, "Interface", full, self.plan.id, ids))

    def _function(self, name: str, subnet: str) -> None:
        bits = f"{self.random.getrandbits(128):032x}"
        made_for = f"{bits[:8]}-{bits[8:12]}-{bits[12:16]}-{bits[16:20]}-{bits[20:]}"
        self._interface(
            "lambda", name, subnet, "lambda", f"AWS Lambda VPC ENI-{name}-{made_for}", requester="amazon-lambda"
        )

    def _acls(self) -> tuple[Acl, ...]:
        every = (
            Rule(False, "-1", ALL_PORTS, ANYWHERE, 100),
            Rule(True, "-1", ALL_PORTS, ANYWHERE, 100),
        )
        partner = self.subnets.get("partner-a")
        guarded = tuple(subnet.id for subnet in self.subnets.values() if subnet is not partner)
        default = Acl(self.id("acl"), "", self.plan.id, guarded, every, is_default=True)
        if partner is None:
            return (default,)
        # The mistake of the story: the partner's HTTPS comes in, but the answers, which go to high ports, are denied.
        rules = (
            Rule(False, "tcp", (443, 443), ANYWHERE, 100),
            Rule(False, "-1", ALL_PORTS, self._network(), 110),
            Rule(True, "tcp", EPHEMERAL, PARTNER_NET, 90, allow=False),
            Rule(True, "-1", ALL_PORTS, ANYWHERE, 100),
        )
        return default, Acl(self.id("acl"), "partner", self.plan.id, (partner.id,), rules)


_HOST_GROUPS = {
    "web": ("web", "admin"),
    "partner": ("web", "admin"),
    "bastion": ("bastion",),
    "db": ("db", "admin"),
    "cache": ("internal",),
}


def _tcp(port: int, peer: str) -> Rule:
    return Rule(False, "tcp", (port, port), peer)
