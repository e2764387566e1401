"""VPCs and subnets of a region."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flowtui.aws.models import Subnet, Vpc
from flowtui.aws.session import Account

# EC2 answers without pages, and slowly, unless a page size is given; 1000 is the most it takes.
PAGES = {"PageSize": 1000}


def tags_of(tags: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """AWS's list of ``{"Key", "Value"}`` as a mapping."""
    return {tag["Key"]: tag.get("Value", "") for tag in tags or ()}


def in_vpc(vpc_id: str) -> list[dict[str, Any]]:
    """The EC2 filter that selects one VPC; none for an empty id."""
    return [{"Name": "vpc-id", "Values": [vpc_id]}] if vpc_id else []


def list_vpcs(account: Account, region: str) -> tuple[Vpc, ...]:
    """Every VPC of a region, also those another account shares with this one (``account_id`` is the owner's).

    Raises:
        AwsError: the call failed; AccessDenied names ``ec2:DescribeVpcs``.
    """
    pages = account.pages("ec2", "describe_vpcs", region, PaginationConfig=PAGES)
    return tuple(_vpc(item, region) for page in pages for item in page["Vpcs"])


def list_subnets(account: Account, region: str, vpc_id: str = "") -> tuple[Subnet, ...]:
    """The subnets of a region or of one VPC.

    Raises:
        AwsError: the call failed; AccessDenied names ``ec2:DescribeSubnets``.
    """
    pages = account.pages("ec2", "describe_subnets", region, Filters=in_vpc(vpc_id), PaginationConfig=PAGES)
    return tuple(_subnet(item) for page in pages for item in page["Subnets"])


def _vpc(item: Mapping[str, Any], region: str) -> Vpc:
    tags = tags_of(item.get("Tags"))
    return Vpc(
        id=item["VpcId"],
        name=tags.get("Name", ""),
        cidrs=_cidrs(item),
        region=region,
        account_id=item.get("OwnerId", ""),
        is_default=item.get("IsDefault", False),
        tags=tags,
    )


def _cidrs(item: Mapping[str, Any]) -> tuple[str, ...]:
    """The primary IPv4 block first, then further blocks in use, IPv6 last."""
    blocks = [item["CidrBlock"]] if item.get("CidrBlock") else []
    for kind, block, state in (
        ("CidrBlockAssociationSet", "CidrBlock", "CidrBlockState"),
        ("Ipv6CidrBlockAssociationSet", "Ipv6CidrBlock", "Ipv6CidrBlockState"),
    ):
        blocks += [
            entry[block]
            for entry in item.get(kind, ())
            if entry.get(block) and entry.get(state, {}).get("State", "associated") == "associated"
        ]
    return tuple(dict.fromkeys(blocks))


def _subnet(item: Mapping[str, Any]) -> Subnet:
    return Subnet(
        id=item["SubnetId"],
        name=tags_of(item.get("Tags")).get("Name", ""),
        vpc_id=item["VpcId"],
        cidr=item.get("CidrBlock", ""),
        az_id=item.get("AvailabilityZoneId", ""),
    )
