"""Network interfaces of a region, each with the name of what it serves, and its instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowtui.aws.models import Instance, Interface
from flowtui.aws.names import owner_name
from flowtui.aws.session import Account
from flowtui.aws.vpcs import PAGES, in_vpc, tags_of
from flowtui.errors import AccessDenied


def list_interfaces(account: Account, region: str, vpc_id: str = "", *, names: bool = True) -> tuple[Interface, ...]:
    """The interfaces of a region or of one VPC.

    Args:
        account: the account.
        region: the region.
        vpc_id: empty for every VPC.
        names: ask for the instances' Name tags too. Where ``ec2:DescribeInstances`` is denied, and without ``names``,
            an instance goes by its id.

    Raises:
        AwsError: the interfaces could not be listed; AccessDenied names ``ec2:DescribeNetworkInterfaces``.
    """
    pages = account.pages("ec2", "describe_network_interfaces", region, Filters=in_vpc(vpc_id), PaginationConfig=PAGES)
    items = [item for page in pages for item in page["NetworkInterfaces"]]
    instances: Mapping[str, str] = {}
    if names and any(_instance_id(item) for item in items):
        try:
            instances = instance_names(account, region, vpc_id)
        except AccessDenied:
            # Names are a comfort: the interfaces themselves are known, and their instances' ids with them.
            instances = {}
    return tuple(_interface(item, region, instances) for item in items)


def list_instances(account: Account, region: str, vpc_id: str = "") -> tuple[Instance, ...]:
    """The instances of a region or of one VPC, also stopped ones.

    Raises:
        AwsError: the call failed; AccessDenied names ``ec2:DescribeInstances``.
    """
    pages = account.pages("ec2", "describe_instances", region, Filters=in_vpc(vpc_id), PaginationConfig=PAGES)
    return tuple(
        _instance(item) for page in pages for reservation in page["Reservations"] for item in reservation["Instances"]
    )


def instance_names(account: Account, region: str, vpc_id: str = "") -> dict[str, str]:
    """Name tags by instance id; instances without one are left out.

    Raises:
        AwsError: the call failed; AccessDenied names ``ec2:DescribeInstances``.
    """
    return {item.id: item.name for item in list_instances(account, region, vpc_id) if item.name}


def _instance(item: Mapping[str, Any]) -> Instance:
    return Instance(
        id=item["InstanceId"],
        name=tags_of(item.get("Tags")).get("Name", ""),
        state=item.get("State", {}).get("Name", ""),
        instance_type=item.get("InstanceType", ""),
        image_id=item.get("ImageId", ""),
        vpc_id=item.get("VpcId", ""),
        subnet_id=item.get("SubnetId", ""),
        private_ip=item.get("PrivateIpAddress", ""),
        public_ip=item.get("PublicIpAddress", ""),
        launched=item.get("LaunchTime"),
    )


def _instance_id(item: Mapping[str, Any]) -> str:
    found: str = item.get("Attachment", {}).get("InstanceId", "")
    return found


def _interface(item: Mapping[str, Any], region: str, instances: Mapping[str, str]) -> Interface:
    kind, description, instance_id = (
        item.get("InterfaceType", "interface"),
        item.get("Description", ""),
        _instance_id(item),
    )
    addresses = [
        entry["PrivateIpAddress"] for entry in item.get("PrivateIpAddresses", ()) if "PrivateIpAddress" in entry
    ]
    primary = [item["PrivateIpAddress"]] if item.get("PrivateIpAddress") else []
    own_name = tags_of(item.get("TagSet")).get("Name", "")
    return Interface(
        id=item["NetworkInterfaceId"],
        # A regional NAT gateway's interface is in no subnet.
        vpc_id=item.get("VpcId", ""),
        subnet_id=item.get("SubnetId", ""),
        region=region,
        kind=kind,
        owner=owner_name(kind, description, instance_id, own_name, instances),
        description=description,
        private_ips=tuple(dict.fromkeys(primary + addresses)),
        public_ip=item.get("Association", {}).get("PublicIp", ""),
        ipv6s=tuple(entry["Ipv6Address"] for entry in item.get("Ipv6Addresses", ())),
        status=item.get("Status", ""),
        instance_id=instance_id,
        security_groups=tuple(group["GroupId"] for group in item.get("Groups", ())),
    )
