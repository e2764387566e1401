"""The simulated network in the shapes of EC2's answers."""

from __future__ import annotations

import hashlib

from flowtui.demo.ec2.filters import tags_of
from flowtui.demo.network import ACCOUNT_ID, REGIONS, Acl, Endpoint, Group, Interface, NatGateway, Rule, Subnet, Vpc
from flowtui.demo.state import Json, moment
from flowtui.demo.world import world

MADE = moment(1_690_000_000)
"""When everything that has no better story was made."""

_PROTOCOLS = {"tcp": "6", "udp": "17", "icmp": "1", "-1": "-1"}


def vpc(item: Vpc) -> Json:
    """A VPC."""
    block = {"State": "associated"}
    shape: Json = {
        "VpcId": item.id,
        "State": "available",
        "CidrBlock": item.cidr,
        "CidrBlockAssociationSet": [
            {"AssociationId": _sibling("vpc-cidr-assoc", item.id), "CidrBlock": item.cidr, "CidrBlockState": block}
        ],
        "DhcpOptionsId": "dopt-0123456789abcdef0",
        "InstanceTenancy": "default",
        "IsDefault": item.is_default,
        "OwnerId": ACCOUNT_ID,
        "Tags": tags_of(("Name", item.name)),
    }
    if item.ipv6_cidr:
        shape["Ipv6CidrBlockAssociationSet"] = [
            {
                "AssociationId": _sibling("vpc-cidr-assoc", item.id, "6"),
                "Ipv6CidrBlock": item.ipv6_cidr,
                "Ipv6CidrBlockState": block,
                "Ipv6Pool": "Amazon",
            }
        ]
    return shape


def subnet(item: Subnet) -> Json:
    """A subnet."""
    shape: Json = {
        "SubnetId": item.id,
        "VpcId": item.vpc_id,
        "State": "available",
        "CidrBlock": item.cidr,
        "AvailabilityZone": item.zone,
        "AvailabilityZoneId": item.zone_id,
        "AvailableIpAddressCount": 230,
        "MapPublicIpOnLaunch": False,
        "DefaultForAz": False,
        "AssignIpv6AddressOnCreation": bool(item.ipv6_cidr),
        "OwnerId": ACCOUNT_ID,
        "SubnetArn": f"arn:aws:ec2:{item.region}:{ACCOUNT_ID}:subnet/{item.id}",
        "Tags": tags_of(("Name", item.name)),
    }
    if item.ipv6_cidr:
        shape["Ipv6CidrBlockAssociationSet"] = [
            {
                "AssociationId": _sibling("subnet-cidr-assoc", item.id),
                "Ipv6CidrBlock": item.ipv6_cidr,
                "Ipv6CidrBlockState": {"State": "associated"},
            }
        ]
    return shape


def interface(item: Interface) -> Json:
    """A network interface."""
    shape: Json = {
        "NetworkInterfaceId": item.id,
        "VpcId": item.vpc_id,
        "SubnetId": item.subnet_id,
        "AvailabilityZone": item.zone,
        "OwnerId": ACCOUNT_ID,
        "Description": item.description,
        "InterfaceType": item.kind,
        "Status": "in-use" if item.attached else "available",
        "MacAddress": _mac(item.id),
        "PrivateIpAddress": item.ip,
        "PrivateIpAddresses": [{"Primary": True, "PrivateIpAddress": item.ip}],
        "Ipv6Addresses": [{"Ipv6Address": item.ipv6}] if item.ipv6 else [],
        "Groups": _groups(item),
        "RequesterManaged": bool(item.requester),
        "SourceDestCheck": item.kind != "nat_gateway",
        "TagSet": [],
    }
    if item.requester:
        shape["RequesterId"] = item.requester
    if item.public_ip:
        public = {"IpOwnerId": "amazon", "PublicIp": item.public_ip, "PublicDnsName": ""}
        shape["Association"] = public
        shape["PrivateIpAddresses"][0]["Association"] = public
    if item.attached:
        shape["Attachment"] = {
            "AttachmentId": _sibling("eni-attach", item.id),
            "AttachTime": MADE,
            "DeleteOnTermination": bool(item.instance_id),
            "DeviceIndex": 0 if item.instance_id else 1,
            "InstanceOwnerId": ACCOUNT_ID if item.instance_id else item.requester,
            "Status": "attached",
            **({"InstanceId": item.instance_id} if item.instance_id else {}),
        }
    return shape


def instance(item: Interface) -> Json:
    """The instance an interface belongs to."""
    return {
        "InstanceId": item.instance_id,
        "ImageId": "ami-0abcdef1234567890",
        "InstanceType": "m7g.large",
        "LaunchTime": MADE,
        "Placement": {"AvailabilityZone": item.zone, "Tenancy": "default"},
        "PrivateIpAddress": item.ip,
        **({"PublicIpAddress": item.public_ip} if item.public_ip else {}),
        "State": {"Code": 16, "Name": "running"},
        "SubnetId": item.subnet_id,
        "VpcId": item.vpc_id,
        "SecurityGroups": _groups(item),
        "NetworkInterfaces": [
            {
                "NetworkInterfaceId": item.id,
                "SubnetId": item.subnet_id,
                "VpcId": item.vpc_id,
                "PrivateIpAddress": item.ip,
                "Status": "in-use",
            }
        ],
        "Tags": tags_of(("Name", item.name)),
    }


def nat_gateway(item: NatGateway, network: Vpc) -> Json:
    """A NAT gateway of a VPC."""
    own = next(one for one in network.interfaces if one.id == item.interface_id)
    return {
        "NatGatewayId": item.id,
        "VpcId": network.id,
        "SubnetId": own.subnet_id,
        "State": "available",
        "ConnectivityType": "public",
        "CreateTime": MADE,
        "NatGatewayAddresses": [
            {
                "AllocationId": _sibling("eipalloc", item.id),
                "NetworkInterfaceId": own.id,
                "PrivateIp": own.ip,
                "PublicIp": own.public_ip,
                "IsPrimary": True,
                "Status": "succeeded",
            }
        ],
        "Tags": tags_of(("Name", item.name)),
    }


def endpoint(item: Endpoint, network: Vpc) -> Json:
    """A VPC endpoint."""
    own = [one for one in network.interfaces if one.id in item.interface_ids]
    return {
        "VpcEndpointId": item.id,
        "VpcEndpointType": item.kind,
        "VpcId": item.vpc_id,
        "ServiceName": item.service,
        "State": "available",
        "RouteTableIds": [_sibling("rtb", item.vpc_id)] if item.kind == "Gateway" else [],
        "SubnetIds": [one.subnet_id for one in own],
        "Groups": [group for one in own[:1] for group in _groups(one)],
        "PrivateDnsEnabled": item.kind == "Interface",
        "RequesterManaged": False,
        "NetworkInterfaceIds": list(item.interface_ids),
        "CreationTimestamp": MADE,
        "OwnerId": ACCOUNT_ID,
        "Tags": tags_of(("Name", item.name)),
    }


def security_group(item: Group) -> Json:
    """A security group, rules merged by port as EC2 does."""
    return {
        "GroupId": item.id,
        "GroupName": item.name,
        "Description": item.description,
        "OwnerId": ACCOUNT_ID,
        "VpcId": item.vpc_id,
        "IpPermissions": [_permission(rule) for rule in item.rules if not rule.egress],
        "IpPermissionsEgress": [_permission(rule) for rule in item.rules if rule.egress],
        "Tags": [],
    }


def _permission(rule: Rule) -> Json:
    ports = {} if rule.protocol == "-1" else {"FromPort": rule.ports[0], "ToPort": rule.ports[1]}
    to_group = rule.peer.startswith("sg-")
    return {
        "IpProtocol": rule.protocol,
        **ports,
        "IpRanges": [] if to_group else [{"CidrIp": rule.peer}],
        "Ipv6Ranges": [{"CidrIpv6": "::/0"}] if rule.peer == "0.0.0.0/0" else [],
        "PrefixListIds": [],
        "UserIdGroupPairs": [{"GroupId": rule.peer, "UserId": ACCOUNT_ID}] if to_group else [],
    }


def network_acl(item: Acl) -> Json:
    """A network ACL with the rule nobody may change at the end of each direction."""
    last = [Rule(egress, "-1", (0, 65535), "0.0.0.0/0", 32767, allow=False) for egress in (True, False)]
    return {
        "NetworkAclId": item.id,
        "VpcId": item.vpc_id,
        "IsDefault": item.is_default,
        "OwnerId": ACCOUNT_ID,
        "Associations": [
            {
                "NetworkAclAssociationId": _sibling("aclassoc", subnet_id),
                "NetworkAclId": item.id,
                "SubnetId": subnet_id,
            }
            for subnet_id in item.subnet_ids
        ],
        "Entries": [_entry(rule) for rule in (*item.rules, *last)],
        "Tags": tags_of(("Name", item.name)),
    }


def _entry(rule: Rule) -> Json:
    shape: Json = {
        "CidrBlock": rule.peer,
        "Egress": rule.egress,
        "Protocol": _PROTOCOLS[rule.protocol],
        "RuleAction": "allow" if rule.allow else "deny",
        "RuleNumber": rule.number,
    }
    if rule.protocol in ("tcp", "udp"):
        shape["PortRange"] = {"From": rule.ports[0], "To": rule.ports[1]}
    return shape


def route_tables(item: Vpc) -> list[Json]:
    """The public and the private route table of a VPC; the private one is the main one."""
    local = {
        "DestinationCidrBlock": item.cidr,
        "GatewayId": "local",
        "Origin": "CreateRouteTable",
        "State": "active",
    }
    nat = [_default_route("NatGatewayId", gateway.id) for gateway in item.nats[:1]]
    internet = _default_route("GatewayId", _sibling("igw", item.id))
    public = [one.id for one in item.subnets if one.public]
    return [
        _route_table(item, "private", [local, *nat], [one.id for one in item.subnets if not one.public], main=True),
        *([_route_table(item, "public", [local, internet], public)] if public else []),
    ]


def _default_route(target: str, target_id: str) -> Json:
    return {"DestinationCidrBlock": "0.0.0.0/0", target: target_id, "Origin": "CreateRoute", "State": "active"}


def _route_table(item: Vpc, name: str, routes: list[Json], subnet_ids: list[str], *, main: bool = False) -> Json:
    table = _sibling("rtb", item.id, "" if main else "public")
    associations = [
        {
            "Main": False,
            "RouteTableAssociationId": _sibling("rtbassoc", subnet_id),
            "RouteTableId": table,
            "SubnetId": subnet_id,
            "AssociationState": {"State": "associated"},
        }
        for subnet_id in subnet_ids
    ]
    if main:
        own = {"Main": True, "RouteTableAssociationId": _sibling("rtbassoc", item.id), "RouteTableId": table}
        associations.append(own | {"AssociationState": {"State": "associated"}})
    return {
        "RouteTableId": table,
        "VpcId": item.id,
        "OwnerId": ACCOUNT_ID,
        "Associations": associations,
        "PropagatingVgws": [],
        "Routes": routes,
        "Tags": tags_of(("Name", f"{item.name}-{name}")),
    }


def regions() -> list[Json]:
    """The regions that are enabled in this account."""
    return [
        {"RegionName": name, "Endpoint": f"ec2.{name}.amazonaws.com", "OptInStatus": "opt-in-not-required"}
        for name in REGIONS
    ]


def _groups(item: Interface) -> list[Json]:
    names = {group.id: group.name for group in world().by_id[item.vpc_id].groups}
    return [{"GroupId": group_id, "GroupName": names[group_id]} for group_id in item.group_ids]


def _sibling(prefix: str, of: str, mark: str = "") -> str:
    """An id made from another one's."""
    digest = hashlib.sha256(f"{prefix}{of}{mark}".encode()).hexdigest()
    return f"{prefix}-0{digest[:16]}"


def _mac(interface_id: str) -> str:
    bits = interface_id[-10:]
    return ":".join(["02", *(bits[at : at + 2] for at in range(0, 10, 2))])
