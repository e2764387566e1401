"""What one screen asks of another. The app keeps a request until its screen is there to take it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowtui.aws.models import FlowLog, Vpc
    from flowtui.aws.session import Account


@dataclass(frozen=True, slots=True)
class VpcRequest:
    """Show, or deploy to, one VPC. ``doctor`` asks Detail to bring the findings to the front."""

    account: Account
    vpc: Vpc
    doctor: bool = False


@dataclass(frozen=True, slots=True)
class TailRequest:
    """Tail a VPC, subnet, interface, flow log or log group; empty account and region mean the chosen ones."""

    target: str
    account: Account | None = None
    region: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class LogsRequest:
    """Show the S3 objects of a flow log, or of a ``location``: an ``s3://`` URI or a folder."""

    flow_log: FlowLog | None = None
    account: Account | None = None
    location: str = ""


@dataclass(frozen=True, slots=True)
class SqlRequest:
    """Put a statement into a new tab of the editor; ``run`` runs it at once."""

    text: str
    title: str = ""
    run: bool = False


Request = VpcRequest | TailRequest | LogsRequest | SqlRequest
