"""EC2's operations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flowtui.demo.ec2 import shapes
from flowtui.demo.ec2.filters import answer
from flowtui.demo.ec2.flow_logs import create_flow_logs, delete_flow_logs, describe_flow_logs
from flowtui.demo.hooks import Call, Handler
from flowtui.demo.network import ACCOUNT_ID, Vpc
from flowtui.demo.state import Json
from flowtui.demo.world import world


def _vpcs(call: Call) -> tuple[Vpc, ...]:
    return world().region(call.region)


def describe_regions(call: Call) -> Json:
    """DescribeRegions."""
    wanted = call.get("RegionNames")
    return {"Regions": [item for item in shapes.regions() if not wanted or item["RegionName"] in wanted]}


def describe_vpcs(call: Call) -> Json:
    """DescribeVpcs."""
    return answer(
        call,
        "Vpcs",
        [shapes.vpc(item) for item in _vpcs(call)],
        id_key="VpcId",
        ids="VpcIds",
        missing="InvalidVpcID.NotFound",
        filters={
            "vpc-id": "VpcId",
            "cidr": "CidrBlock",
            "state": "State",
            "is-default": "IsDefault",
            "isDefault": "IsDefault",
            "owner-id": "OwnerId",
        },
    )


def describe_subnets(call: Call) -> Json:
    """DescribeSubnets."""
    return answer(
        call,
        "Subnets",
        [shapes.subnet(subnet) for item in _vpcs(call) for subnet in item.subnets],
        id_key="SubnetId",
        ids="SubnetIds",
        missing="InvalidSubnetID.NotFound",
        filters={
            "subnet-id": "SubnetId",
            "vpc-id": "VpcId",
            "cidr-block": "CidrBlock",
            "availability-zone": "AvailabilityZone",
            "availability-zone-id": "AvailabilityZoneId",
            "state": "State",
        },
    )


def describe_network_interfaces(call: Call) -> Json:
    """DescribeNetworkInterfaces."""
    return answer(
        call,
        "NetworkInterfaces",
        [shapes.interface(one) for item in _vpcs(call) for one in item.interfaces],
        id_key="NetworkInterfaceId",
        ids="NetworkInterfaceIds",
        missing="InvalidNetworkInterfaceID.NotFound",
        filters={
            "network-interface-id": "NetworkInterfaceId",
            "vpc-id": "VpcId",
            "subnet-id": "SubnetId",
            "interface-type": "InterfaceType",
            "status": "Status",
            "description": "Description",
            "private-ip-address": "PrivateIpAddress",
            "addresses.private-ip-address": "PrivateIpAddress",
            "requester-id": "RequesterId",
            "group-id": lambda item: [group["GroupId"] for group in item["Groups"]],
            "attachment.instance-id": lambda item: _inner(item, "Attachment", "InstanceId"),
            "association.public-ip": lambda item: _inner(item, "Association", "PublicIp"),
        },
    )


def _inner(item: Json, part: str, key: str) -> Iterable[Any]:
    return [item[part][key]] if key in item.get(part, {}) else []


def describe_instances(call: Call) -> Json:
    """DescribeInstances: one reservation an instance."""
    instances = [shapes.instance(one) for item in _vpcs(call) for one in item.interfaces if one.instance_id]
    found = answer(
        call,
        "Instances",
        instances,
        id_key="InstanceId",
        ids="InstanceIds",
        missing="InvalidInstanceID.NotFound",
        filters={
            "instance-id": "InstanceId",
            "vpc-id": "VpcId",
            "subnet-id": "SubnetId",
            "private-ip-address": "PrivateIpAddress",
            "instance-state-name": lambda item: [item["State"]["Name"]],
            "network-interface.network-interface-id": lambda item: [
                one["NetworkInterfaceId"] for one in item["NetworkInterfaces"]
            ],
        },
    )
    reservations = [
        {"ReservationId": f"r-{one['InstanceId'][2:]}", "OwnerId": ACCOUNT_ID, "Groups": [], "Instances": [one]}
        for one in found.pop("Instances")
    ]
    return {"Reservations": reservations, **found}


def describe_nat_gateways(call: Call) -> Json:
    """DescribeNatGateways."""
    return answer(
        call,
        "NatGateways",
        [shapes.nat_gateway(gateway, item) for item in _vpcs(call) for gateway in item.nats],
        id_key="NatGatewayId",
        ids="NatGatewayIds",
        missing="NatGatewayNotFound",
        filters={"nat-gateway-id": "NatGatewayId", "vpc-id": "VpcId", "subnet-id": "SubnetId", "state": "State"},
        filter_parameter="Filter",
    )


def describe_vpc_endpoints(call: Call) -> Json:
    """DescribeVpcEndpoints."""
    return answer(
        call,
        "VpcEndpoints",
        [shapes.endpoint(endpoint, item) for item in _vpcs(call) for endpoint in item.endpoints],
        id_key="VpcEndpointId",
        ids="VpcEndpointIds",
        missing="InvalidVpcEndpointId.NotFound",
        filters={
            "vpc-endpoint-id": "VpcEndpointId",
            "vpc-id": "VpcId",
            "service-name": "ServiceName",
            "vpc-endpoint-type": "VpcEndpointType",
            "vpc-endpoint-state": "State",
        },
    )


def describe_security_groups(call: Call) -> Json:
    """DescribeSecurityGroups."""
    return answer(
        call,
        "SecurityGroups",
        [shapes.security_group(group) for item in _vpcs(call) for group in item.groups],
        id_key="GroupId",
        ids="GroupIds",
        missing="InvalidGroup.NotFound",
        filters={"group-id": "GroupId", "group-name": "GroupName", "vpc-id": "VpcId", "description": "Description"},
    )


def describe_network_acls(call: Call) -> Json:
    """DescribeNetworkAcls."""
    return answer(
        call,
        "NetworkAcls",
        [shapes.network_acl(acl) for item in _vpcs(call) for acl in item.acls],
        id_key="NetworkAclId",
        ids="NetworkAclIds",
        missing="InvalidNetworkAclID.NotFound",
        filters={
            "network-acl-id": "NetworkAclId",
            "vpc-id": "VpcId",
            "default": "IsDefault",
            "association.subnet-id": lambda item: [link["SubnetId"] for link in item["Associations"]],
        },
    )


def describe_route_tables(call: Call) -> Json:
    """DescribeRouteTables."""
    return answer(
        call,
        "RouteTables",
        [table for item in _vpcs(call) for table in shapes.route_tables(item)],
        id_key="RouteTableId",
        ids="RouteTableIds",
        missing="InvalidRouteTableID.NotFound",
        filters={
            "route-table-id": "RouteTableId",
            "vpc-id": "VpcId",
            "association.main": lambda item: [link["Main"] for link in item["Associations"]],
            "association.subnet-id": lambda item: [
                link["SubnetId"] for link in item["Associations"] if "SubnetId" in link
            ],
        },
    )


HANDLERS: dict[str, Handler] = {
    "CreateFlowLogs": create_flow_logs,
    "DeleteFlowLogs": delete_flow_logs,
    "DescribeFlowLogs": describe_flow_logs,
    "DescribeInstances": describe_instances,
    "DescribeNatGateways": describe_nat_gateways,
    "DescribeNetworkAcls": describe_network_acls,
    "DescribeNetworkInterfaces": describe_network_interfaces,
    "DescribeRegions": describe_regions,
    "DescribeRouteTables": describe_route_tables,
    "DescribeSecurityGroups": describe_security_groups,
    "DescribeSubnets": describe_subnets,
    "DescribeVpcEndpoints": describe_vpc_endpoints,
    "DescribeVpcs": describe_vpcs,
}
