"""The registry of every field a flow log can record.

Facts: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html (VPC, versions 2 to 11; there is no
version 6) and https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html (transit gateway). The order is AWS's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ParquetType = Literal["INT_32", "INT_64", "STRING"]
AthenaType = Literal["int", "bigint", "string"]

_ATHENA: dict[ParquetType, AthenaType] = {"INT_32": "int", "INT_64": "bigint", "STRING": "string"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field as AWS documents it.

    Args:
        name: as a header or LogFormat has it: ``account-id``.
        column: as Parquet and Athena have it: ``account_id``.
        parquet_type: type in files of the Parquet format.
        athena_type: type in Athena's table over text files.
        version: record version that introduced the field.
        position: 1-based place in AWS's table.
        note: what to know before trusting a value.
    """

    name: str
    column: str
    parquet_type: ParquetType
    athena_type: AthenaType
    version: int
    position: int
    note: str = ""

    @property
    def numeric(self) -> bool:
        """Whether values are whole numbers, with ``-`` for none."""
        return self.parquet_type != "STRING"


_Row = tuple[str, ParquetType, int, str]

_VPC: tuple[_Row, ...] = (
    ("version", "INT_32", 2, "highest version among the chosen fields; 2 in the default format"),
    ("account-id", "STRING", 2, "owner of the interface; text, may have leading zeros or be `unknown`"),
    ("interface-id", "STRING", 2, "`-` for a regional NAT gateway"),
    ("srcaddr", "STRING", 2, "on egress the interface's own primary private address"),
    ("dstaddr", "STRING", 2, "on ingress the interface's own primary private address"),
    ("srcport", "INT_32", 2, "0 for ICMP"),
    ("dstport", "INT_32", 2, "0 for ICMP"),
    ("protocol", "INT_32", 2, "IANA protocol number"),
    ("packets", "INT_64", 2, "packets in the aggregation interval"),
    ("bytes", "INT_64", 2, "bytes in the aggregation interval; absent where Block Public Access rejected"),
    ("start", "INT_64", 2, "Unix seconds, first packet; up to 60 s off"),
    ("end", "INT_64", 2, "Unix seconds, last packet; up to 60 s off"),
    ("action", "STRING", 2, "ACCEPT or REJECT, `-` without data"),
    ("log-status", "STRING", 2, "OK, NODATA or SKIPDATA (records were lost; may stand for many flows)"),
    ("vpc-id", "STRING", 3, "VPC of the interface"),
    ("subnet-id", "STRING", 3, "subnet of the interface; `-` for a regional NAT gateway"),
    ("instance-id", "STRING", 3, "`-` for interfaces that AWS services own"),
    ("tcp-flags", "INT_32", 3, "flags OR-ed over the interval; 0 when only ACK or PSH were seen"),
    ("type", "STRING", 3, "IPv4, IPv6 or EFA"),
    ("pkt-srcaddr", "STRING", 3, "the packet's own source, behind NAT and transit gateways"),
    ("pkt-dstaddr", "STRING", 3, "the packet's own destination, behind NAT and transit gateways"),
    ("region", "STRING", 4, "Region of the interface"),
    ("az-id", "STRING", 4, "zone id such as use1-az1"),
    ("sublocation-type", "STRING", 4, "wavelength, outpost or localzone"),
    ("sublocation-id", "STRING", 4, "id of the sublocation"),
    ("pkt-src-aws-service", "STRING", 5, "AWS service of the packet's source address"),
    ("pkt-dst-aws-service", "STRING", 5, "AWS service of the packet's destination address"),
    ("flow-direction", "STRING", 5, "ingress or egress, seen from the interface"),
    ("traffic-path", "INT_32", 5, "how egress traffic leaves, 1 to 8"),
    ("ecs-cluster-arn", "STRING", 7, "needs ecs:ListClusters"),
    ("ecs-cluster-name", "STRING", 7, "needs ecs:ListClusters"),
    ("ecs-container-instance-arn", "STRING", 7, "`-` on Fargate"),
    ("ecs-container-instance-id", "STRING", 7, "`-` on Fargate"),
    ("ecs-container-id", "STRING", 7, "first container of the task"),
    ("ecs-second-container-id", "STRING", 7, "second container of the task"),
    ("ecs-service-name", "STRING", 7, "`-` for tasks that no service started"),
    ("ecs-task-definition-arn", "STRING", 7, "needs ecs:ListTaskDefinitions"),
    ("ecs-task-arn", "STRING", 7, "needs ecs:ListTasks"),
    ("ecs-task-id", "STRING", 7, "needs ecs:ListTasks"),
    ("reject-reason", "STRING", 8, "BPA, EC or `-`; other words have been seen"),
    ("resource-id", "STRING", 9, "regional NAT gateway"),
    ("encryption-status", "INT_32", 10, "0 none, 1 Nitro, 2 application, 3 both"),
    ("instance-tag", "STRING", 11, "value of the first chosen tag key, percent-encoded"),
    ("instance-tag-2", "STRING", 11, "value of the second chosen tag key, percent-encoded"),
    ("interface-tag", "STRING", 11, "percent-encoded"),
    ("interface-tag-2", "STRING", 11, "percent-encoded"),
    ("asg-tag", "STRING", 11, "Auto Scaling group tag, percent-encoded"),
    ("asg-tag-2", "STRING", 11, "Auto Scaling group tag, percent-encoded"),
    ("interface-type", "STRING", 11, "nat_gateway, vpc_endpoint and the like, else `-`"),
    ("next-hop-interface-id", "STRING", 11, "egress: the receiving interface; ingress: the sending one"),
    ("next-hop-subnet-id", "STRING", 11, "subnet of the next hop"),
    ("next-hop-az-id", "STRING", 11, "zone of the next hop, also when it is not yours"),
    ("next-hop-vpc-id", "STRING", 11, "VPC of the next hop"),
    ("next-hop-interface-type", "STRING", 11, "as interface-type"),
)

_TGW: tuple[_Row, ...] = (
    ("version", "INT_32", 2, "6 in the default format"),
    ("resource-type", "STRING", 6, "TransitGateway or TransitGatewayAttachment"),
    ("account-id", "STRING", 2, "owner of the source transit gateway"),
    ("tgw-id", "STRING", 6, ""),
    ("tgw-attachment-id", "STRING", 6, ""),
    ("tgw-src-vpc-account-id", "STRING", 6, ""),
    ("tgw-dst-vpc-account-id", "STRING", 6, ""),
    ("tgw-src-vpc-id", "STRING", 6, ""),
    ("tgw-dst-vpc-id", "STRING", 6, ""),
    ("tgw-src-subnet-id", "STRING", 6, ""),
    ("tgw-dst-subnet-id", "STRING", 6, ""),
    ("tgw-src-eni", "STRING", 6, "attachment's interface on the source side"),
    ("tgw-dst-eni", "STRING", 6, "attachment's interface on the destination side"),
    ("tgw-src-az-id", "STRING", 6, ""),
    ("tgw-dst-az-id", "STRING", 6, ""),
    ("tgw-pair-attachment-id", "STRING", 6, "the attachment at the other side"),
    ("srcaddr", "STRING", 2, ""),
    ("dstaddr", "STRING", 2, ""),
    ("srcport", "INT_32", 2, ""),
    ("dstport", "INT_32", 2, ""),
    ("protocol", "INT_32", 2, "IANA protocol number"),
    ("packets", "INT_64", 2, ""),
    ("bytes", "INT_64", 2, ""),
    ("start", "INT_64", 2, "Unix seconds"),
    ("end", "INT_64", 2, "Unix seconds; the interval is always 60 s"),
    ("log-status", "STRING", 2, ""),
    ("type", "STRING", 3, ""),
    ("packets-lost-no-route", "INT_64", 6, ""),
    ("packets-lost-blackhole", "INT_64", 6, ""),
    ("packets-lost-mtu-exceeded", "INT_64", 6, ""),
    ("packets-lost-ttl-expired", "INT_64", 6, ""),
    ("tcp-flags", "INT_32", 3, "also PSH, ACK and URG, which VPC flow logs leave out"),
    ("region", "STRING", 4, ""),
    ("flow-direction", "STRING", 5, ""),
    ("pkt-src-aws-service", "STRING", 5, ""),
    ("pkt-dst-aws-service", "STRING", 5, ""),
)


def _fields(rows: tuple[_Row, ...]) -> tuple[Field, ...]:
    return tuple(
        Field(
            name,
            name.replace("-", "_"),
            kind,
            # Athena's documented tables hold protocol wider than Parquet files do.
            "bigint" if name == "protocol" else _ATHENA[kind],
            version,
            position,
            note,
        )
        for position, (name, kind, version, note) in enumerate(rows, 1)
    )


VPC_FIELDS = _fields(_VPC)
"""The 54 fields of VPC flow logs."""

TGW_FIELDS = _fields(_TGW)
"""The 36 fields of transit gateway flow logs."""

VPC_BY_NAME = {field.name: field for field in VPC_FIELDS}
TGW_BY_NAME = {field.name: field for field in TGW_FIELDS}

DEFAULT_FORMAT = tuple(field.name for field in VPC_FIELDS[:14])
"""Field names of the default format, in order."""
