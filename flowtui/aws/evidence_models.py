"""What the doctor has to go by: frozen facts, gathered by :mod:`flowtui.aws.evidence`, judged by the doctor.

A fact that could not be looked at is an :class:`Unread`, never an empty value, so that "there is none" and "may not
be seen" stay apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flowtui.aws.models import FlowLog, Interface, LogGroup, Subnet, Vpc
from flowtui.errors import FlowTuiError

PolicyDocument = Mapping[str, Any]
"""A policy as IAM and S3 write it, parsed from JSON."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A fact that could not be looked at: the IAM action that is missing, or empty with AWS's reason."""

    action: str
    reason: str


@dataclass(frozen=True, slots=True)
class Role:
    """A flow log's delivery role. ``policies`` are its inline and attached policies by name."""

    arn: str
    trust: PolicyDocument
    policies: Mapping[str, PolicyDocument] | Unread


@dataclass(frozen=True, slots=True)
class Bucket:
    """A flow log's destination bucket.

    ``policy`` None means it has none; ``ownership`` is ``BucketOwnerEnforced``, ``BucketOwnerPreferred``,
    ``ObjectWriter`` or empty where none is set; ``encryption`` is ``AES256``, ``aws:kms`` or ``aws:kms:dsse``.
    """

    name: str
    region: str
    policy: PolicyDocument | Unread | None
    ownership: str | Unread
    encryption: str | Unread
    kms_key: str = ""


@dataclass(frozen=True, slots=True)
class FlowLogEvidence:
    """One flow log and its destination. None means looked for and not there, or not of this kind of destination."""

    flow_log: FlowLog
    log_group: LogGroup | Unread | None = None
    role: Role | Unread | None = None
    bucket: Bucket | Unread | None = None
    newest: datetime | Unread | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a VPC, or about one flow log (then ``logs`` holds just that one).

    ``vpc`` is None when the target watches no VPC (a transit gateway) or the VPC could not be found. ``refused`` names
    the kinds that could not be listed, as :class:`flowtui.aws.inventory.RegionInventory` does.
    """

    target: str
    account_id: str
    region: str
    now: datetime
    vpc: Vpc | None
    vpcs: tuple[Vpc, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    interfaces: tuple[Interface, ...] = ()
    flow_logs: tuple[FlowLog, ...] = ()
    logs: tuple[FlowLogEvidence, ...] = ()
    refused: Mapping[str, FlowTuiError] = field(default_factory=dict)
