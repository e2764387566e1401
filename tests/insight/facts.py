"""Small facts for the pure conclusions: VPCs, subnets, interfaces and flow logs made of a few words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flowtui.aws.models import FlowLog, Interface, Subnet, Vpc
from flowtui.errors import FlowTuiError

NOW = datetime(2024, 1, 15, 14, 5, tzinfo=UTC)
ACCOUNT_ID = "123456789010"
ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/flow-logs"


def vpc(id: str = "vpc-1", name: str = "data", owner: str = ACCOUNT_ID) -> Vpc:
    return Vpc(id, name, ("10.30.0.0/16",), "us-east-1", owner)


def subnet(id: str, vpc_id: str = "vpc-1") -> Subnet:
    return Subnet(id, "", vpc_id, "10.30.0.0/24", "use1-az1")


def interface(id: str, subnet_id: str = "subnet-1", vpc_id: str = "vpc-1") -> Interface:
    return Interface(id, vpc_id, subnet_id, "us-east-1", "interface", "", "", ("10.30.0.9",), "", (), "in-use")


def flow_log(resource: str = "vpc-1", **more: object) -> FlowLog:
    """An hour or more old, delivering to the log group ``/vpc/flow-logs`` unless told otherwise."""
    facts: dict[str, object] = {
        "id": f"fl-{resource}",
        "resource_id": resource,
        "region": "us-east-1",
        "account_id": ACCOUNT_ID,
        "destination_type": "cloud-watch-logs",
        "destination": "",
        "log_group": "/vpc/flow-logs",
        "log_format": "",
        "traffic_type": "ALL",
        "interval_s": 600,
        "status": "ACTIVE",
        "deliver_status": "SUCCESS",
        "deliver_error": "",
        "created": NOW - timedelta(days=30),
        "role_arn": ROLE,
    }
    return FlowLog(**(facts | more))  # type: ignore[arg-type]  # facts are given by name


def s3_flow_log(resource: str = "vpc-1", destination: str = "arn:aws:s3:::logs-bucket", **more: object) -> FlowLog:
    facts: dict[str, object] = {"destination_type": "s3", "destination": destination, "log_group": "", "role_arn": ""}
    return flow_log(resource, **(facts | more))


@dataclass
class Facts:
    """An inventory as :func:`flowtui.insight.coverage.coverage` takes it."""

    vpcs: tuple[Vpc, ...] = (vpc(),)
    subnets: tuple[Subnet, ...] = ()
    interfaces: tuple[Interface, ...] = ()
    flow_logs: tuple[FlowLog, ...] = ()
    refused: Mapping[str, FlowTuiError] = field(default_factory=dict)
    account_id: str = ACCOUNT_ID
