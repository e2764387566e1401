"""Security groups, their rules brought into one form.

For ICMP a rule's ``ports`` hold what AWS puts there: type and code, with -1 (any) widened to the whole range.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowtui.aws.models import SecurityGroup, SecurityRule
from flowtui.aws.session import Account
from flowtui.aws.vpcs import PAGES, in_vpc

ALL_PORTS = (0, 65535)
_PROTOCOLS = {"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58"}


def list_security_groups(account: Account, region: str, vpc_id: str = "") -> tuple[SecurityGroup, ...]:
    """The security groups of a region or of one VPC.

    Raises:
        AwsError: the call failed; AccessDenied names ``ec2:DescribeSecurityGroups``.
    """
    pages = account.pages("ec2", "describe_security_groups", region, Filters=in_vpc(vpc_id), PaginationConfig=PAGES)
    return tuple(_group(item) for page in pages for item in page["SecurityGroups"])


def _group(item: Mapping[str, Any]) -> SecurityGroup:
    rules = [_permission(entry, egress=False) for entry in item.get("IpPermissions", ())]
    rules += [_permission(entry, egress=True) for entry in item.get("IpPermissionsEgress", ())]
    return SecurityGroup(item["GroupId"], item.get("GroupName", ""), item.get("VpcId", ""), tuple(rules))


def _permission(entry: Mapping[str, Any], *, egress: bool) -> SecurityRule:
    peers = [
        part[key]
        for kind, key in (
            ("IpRanges", "CidrIp"),
            ("Ipv6Ranges", "CidrIpv6"),
            ("PrefixListIds", "PrefixListId"),
            ("UserIdGroupPairs", "GroupId"),
        )
        for part in entry.get(kind, ())
        if key in part
    ]
    word = str(entry.get("IpProtocol", "-1"))
    ports = _ports(entry.get("FromPort"), entry.get("ToPort"))
    return SecurityRule(egress, _PROTOCOLS.get(word, word), ports, tuple(peers))


def _ports(low: int | None, high: int | None) -> tuple[int, int]:
    if low is None or low < 0:
        return ALL_PORTS
    return (low, ALL_PORTS[1] if high is None or high < 0 else high)
