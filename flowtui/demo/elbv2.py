"""Elastic Load Balancing (v2) of the demo account."""

from __future__ import annotations

from flowtui.demo.hooks import ApiError, Call, Handler
from flowtui.demo.network import LoadBalancer
from flowtui.demo.paging import page
from flowtui.demo.state import Json, moment
from flowtui.demo.world import world

_MADE = moment(1_690_000_000)


def describe_load_balancers(call: Call) -> Json:
    """DescribeLoadBalancers."""
    there = [balancer for vpc in world().region(call.region) for balancer in vpc.balancers]
    names, arns = call.get("Names"), call.get("LoadBalancerArns")
    if names or arns:
        there = [one for one in there if one.name in (names or ()) or one.arn in (arns or ())]
        if len(there) < len(names or arns):
            raise ApiError("LoadBalancerNotFound", "One or more load balancers not found")
    shown, token = page(there, call.get("Marker"), call.get("PageSize"), code="ValidationError")
    return {"LoadBalancers": [_shape(one) for one in shown], **({"NextMarker": token} if token else {})}


def _shape(item: LoadBalancer) -> Json:
    vpc = world().by_id[item.vpc_id]
    zones = [
        {"ZoneName": subnet.zone, "SubnetId": subnet.id, "LoadBalancerAddresses": []}
        for subnet in vpc.subnets
        if subnet.id in item.subnet_ids
    ]
    shape: Json = {
        "LoadBalancerArn": item.arn,
        "LoadBalancerName": item.name,
        "DNSName": f"{item.name}-{item.suffix[:10]}.{item.region}.elb.amazonaws.com",
        "CreatedTime": _MADE,
        "Scheme": "internet-facing",
        "VpcId": item.vpc_id,
        "State": {"Code": "active"},
        "Type": item.kind,
        "AvailabilityZones": zones,
        "IpAddressType": "dualstack" if vpc.ipv6_cidr and item.kind == "application" else "ipv4",
    }
    if item.group_ids:
        shape["SecurityGroups"] = list(item.group_ids)
    return shape


HANDLERS: dict[str, Handler] = {"DescribeLoadBalancers": describe_load_balancers}
