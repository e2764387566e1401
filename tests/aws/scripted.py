"""An account whose answers a test writes: botocore's own parameter checks and errors, no network.

Answers go in before botocore sends anything, so they are taken as AWS would have parsed them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.awsrequest import AWSResponse
from obstore.store import MemoryStore

from flowtui.aws.session import Account, Backend

NOW = datetime(2024, 1, 15, 14, 5, tzinfo=UTC)
ACCOUNT_ID = "123456789010"

Answer = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Refused(Exception):
    """Raised by an answer: AWS's error code and words."""

    def __init__(self, code: str, message: str = "no", status: int = 400, headers: Mapping[str, str] | None = None):
        super().__init__(code)
        self.code, self.message, self.status, self.headers = code, message, status, dict(headers or {})


@cache
def _loader() -> Any:
    """One reader of service descriptions for all sessions: reading them is what makes a client slow."""
    return botocore.session.Session().get_component("data_loader")


@dataclass
class Script:
    """Answers by operation name, the calls made, the object stores by bucket, and a clock one can move."""

    answers: dict[str, Answer] = field(default_factory=dict)
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    stores: dict[str, MemoryStore] = field(default_factory=dict)
    now: datetime = NOW

    def account(self, regions: tuple[str, ...] = ("us-east-1",), *, read_only: bool = False) -> Account:
        backend = Backend(self._session, lambda account, bucket, region: self.stores[bucket], clock=lambda: self.now)
        return Account(None, regions, read_only=read_only, backend=backend)

    def operations(self) -> list[str]:
        return [operation for operation, _, _ in self.calls]

    def _session(self, profile: str | None) -> boto3.Session:
        core = botocore.session.Session()
        core.register_component("data_loader", _loader())
        session = boto3.Session("AKIAEXAMPLE", "secret", region_name="us-east-1", botocore_session=core)
        session.events.register("provide-client-params.*.*", self._remember)
        session.events.register("before-call.*.*", self._answer)
        return session

    def _remember(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["flowtui_params"] = params

    def _answer(self, model: Any, context: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        params = dict(context["flowtui_params"])
        self.calls.append((model.name, context["client_region"], params))
        try:
            if model.name == "GetCallerIdentity":
                body: dict[str, Any] = {"Account": ACCOUNT_ID, "Arn": f"arn:aws:iam::{ACCOUNT_ID}:user/tester"}
            else:
                body = dict(self.answers[model.name](params | {"Region": context["client_region"]}))
            status, headers = 200, {}
        except Refused as refused:
            body = {"Error": {"Code": refused.code, "Message": refused.message}}
            status, headers = refused.status, refused.headers
        body["ResponseMetadata"] = {"HTTPStatusCode": status, "HTTPHeaders": headers}
        return AWSResponse("https://scripted", status, headers, None), body


def flow_log(
    id: str,
    resource: str,
    *,
    group: str = "",
    bucket: str = "",
    log_format: str = "",
    **more: Any,
) -> dict[str, Any]:
    """One flow log as DescribeFlowLogs gives it."""
    found: dict[str, Any] = {
        "FlowLogId": id,
        "ResourceId": resource,
        "FlowLogStatus": "ACTIVE",
        "TrafficType": "ALL",
        "CreationTime": NOW,
        "MaxAggregationInterval": 600,
        "LogFormat": log_format
        or "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} "
        "${packets} ${bytes} ${start} ${end} ${action} ${log-status}",
    }
    if group:
        found |= {"LogDestinationType": "cloud-watch-logs", "LogGroupName": group}
    if bucket:
        found |= {"LogDestinationType": "s3", "LogDestination": f"arn:aws:s3:::{bucket}"}
    return found | more


def interface(
    id: str, vpc: str = "vpc-0aaaaaaa", subnet: str = "subnet-0aaaaaaa", instance: str = ""
) -> dict[str, Any]:
    """One interface as DescribeNetworkInterfaces gives it."""
    found: dict[str, Any] = {
        "NetworkInterfaceId": id,
        "VpcId": vpc,
        "SubnetId": subnet,
        "InterfaceType": "interface",
        "Status": "in-use",
        "Description": "",
        "PrivateIpAddresses": [],
        "Groups": [],
        "Ipv6Addresses": [],
    }
    if instance:
        found["Attachment"] = {"InstanceId": instance}
    return found
