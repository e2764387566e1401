"""Flow logs of the demo account: described, created and deleted as EC2 does it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flowtui.demo.ec2.filters import answer, tags_of
from flowtui.demo.flowlogs import CLOUDWATCH, S3, Content, FlowLog
from flowtui.demo.hooks import ApiError, Call
from flowtui.demo.network import ACCOUNT_ID
from flowtui.demo.policies import delivery_policy
from flowtui.demo.render import DEFAULT_LOG_FORMAT
from flowtui.demo.state import Json, State, moment
from flowtui.demo.world import world

_KINDS = {"VPC": "vpc", "Subnet": "subnet", "NetworkInterface": "eni"}
_FIRST_DELIVERY_S = 300
_FILTERS = {
    "deliver-log-status": "DeliverLogsStatus",
    "log-destination-type": "LogDestinationType",
    "flow-log-id": "FlowLogId",
    "log-group-name": "LogGroupName",
    "resource-id": "ResourceId",
    "traffic-type": "TrafficType",
}


def describe_flow_logs(call: Call) -> Json:
    """DescribeFlowLogs."""
    items = [_shape(flow_log, call.state.now) for flow_log in call.state.active_flow_logs(call.region)]
    return answer(
        call,
        "FlowLogs",
        items,
        id_key="FlowLogId",
        ids="FlowLogIds",
        missing="InvalidFlowLogId.NotFound",
        filters=_FILTERS,
        filter_parameter="Filter",
    )


def _shape(flow_log: FlowLog, now: int) -> Json:
    content = flow_log.content
    shape: Json = {
        "FlowLogId": flow_log.id,
        "ResourceId": content.resource_id,
        "FlowLogStatus": "ACTIVE",
        "TrafficType": content.traffic_type,
        "LogDestinationType": flow_log.destination_type,
        "LogFormat": content.log_format,
        "MaxAggregationInterval": content.interval_s,
        "CreationTime": moment(flow_log.created),
        "Tags": tags_of(*flow_log.tags),
    }
    if now >= flow_log.created + content.interval_s + _FIRST_DELIVERY_S:
        shape["DeliverLogsStatus"] = "FAILED" if flow_log.error else "SUCCESS"
        if flow_log.error:
            shape["DeliverLogsErrorMessage"] = flow_log.error
    if flow_log.destination_type == CLOUDWATCH:
        shape["LogGroupName"] = flow_log.group
        shape["DeliverLogsPermissionArn"] = flow_log.role_arn
        shape["LogDestination"] = f"arn:aws:logs:{flow_log.region}:{ACCOUNT_ID}:log-group:{flow_log.group}"
    else:
        shape["LogDestination"] = flow_log.destination
        shape["DestinationOptions"] = {
            "FileFormat": "parquet" if content.parquet else "plain-text",
            "HiveCompatiblePartitions": flow_log.hive,
            "PerHourPartition": flow_log.hourly,
        }
    return shape


def create_flow_logs(call: Call) -> Json:
    """CreateFlowLogs: what fails for a resource stands in ``Unsuccessful``."""
    made, failed = [], []
    for resource_id in call.get("ResourceIds", ()):
        try:
            made.append(create(call.state, call.region, resource_id, call.parameters).id)
        except ApiError as error:
            reason = {"Code": error.code, "Message": error.message}
            failed.append({"ResourceId": resource_id, "Error": reason})
    return {"FlowLogIds": made, "Unsuccessful": failed}


def create(state: State, region: str, resource_id: str, wanted: Mapping[str, Any], at: int | None = None) -> FlowLog:
    """Create one flow log from CreateFlowLogs' parameters, now or at another moment (Unix seconds).

    Raises:
        ApiError: the resource, its destination or the combination is refused.
    """
    kind = _KINDS.get(wanted.get("ResourceType", ""))
    network = world().vpc_of(resource_id)
    if kind is None:
        raise ApiError("InvalidParameterValue", f"Invalid resource type: {wanted.get('ResourceType')}")
    if network is None or network.region != region or not resource_id.startswith(f"{kind}-"):
        name = {"vpc": "InvalidVpcID", "subnet": "InvalidSubnetID", "eni": "InvalidNetworkInterfaceID"}[kind]
        said = {"vpc": "vpc", "subnet": "subnet", "eni": "networkInterface"}[kind]
        raise ApiError(f"{name}.NotFound", f"The {said} ID '{resource_id}' does not exist")
    log_format = wanted.get("LogFormat") or DEFAULT_LOG_FORMAT
    # AWS allows single spaces between fields and nothing around them.
    if not re.fullmatch(r"\$\{[a-z0-9-]+\}(?: \$\{[a-z0-9-]+\})*", log_format):
        raise ApiError("InvalidParameter", f"Unknown field or malformed format in LogFormat: {log_format}")
    destination_type = wanted.get("LogDestinationType") or CLOUDWATCH
    content = Content(
        state.new_id("fl"),
        region,
        resource_id,
        log_format,
        wanted.get("TrafficType") or "ALL",
        int(wanted.get("MaxAggregationInterval") or 600),
        (wanted.get("DestinationOptions") or {}).get("FileFormat") == "parquet",
    )
    tags = tuple(
        (tag["Key"], tag["Value"])
        for specification in wanted.get("TagSpecifications", ())
        for tag in specification.get("Tags", ())
    )
    if destination_type == CLOUDWATCH:
        flow_log = _to_group(state, content, wanted, tags)
    elif destination_type == S3:
        flow_log = _to_bucket(state, content, wanted, tags)
    else:
        raise ApiError("InvalidParameterValue", f"The demo account does not deliver to {destination_type}")
    flow_log = flow_log if at is None else replace(flow_log, created=at)
    for other in state.active_flow_logs(region):
        if _purpose(other) == _purpose(flow_log):
            raise ApiError(
                "FlowLogAlreadyExists",
                f"Error. There is an existing Flow Log with the same configuration and log destination: {other.id}.",
            )
    state.add_flow_log(flow_log)
    return flow_log


def _purpose(flow_log: FlowLog) -> tuple[str, ...]:
    content = flow_log.content
    return (content.resource_id, content.traffic_type, content.log_format, flow_log.group, flow_log.destination)


def _to_group(state: State, content: Content, wanted: Mapping[str, Any], tags: tuple[tuple[str, str], ...]) -> FlowLog:
    group = wanted.get("LogGroupName") or _group_of(wanted.get("LogDestination", ""))
    arn = wanted.get("DeliverLogsPermissionArn", "")
    if not group:
        raise ApiError("InvalidParameter", "LogDestination or LogGroupName must be provided.")
    if not arn:
        message = "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs."
        raise ApiError("InvalidParameter", message)
    role = state.roles.get(arn.rpartition("/")[2])
    may = role is not None and role.trusts("vpc-flow-logs.amazonaws.com") and role.allows("logs:PutLogEvents")
    error = "" if may else "Access error"
    return FlowLog(content, state.now, CLOUDWATCH, group, arn, error=error, tags=tags)


def _group_of(arn: str) -> str:
    return arn.removesuffix(":*").partition(":log-group:")[2]


def _to_bucket(state: State, content: Content, wanted: Mapping[str, Any], tags: tuple[tuple[str, str], ...]) -> FlowLog:
    destination = wanted.get("LogDestination", "").rstrip("/")
    if wanted.get("DeliverLogsPermissionArn"):
        message = "DeliverLogsPermissionArn is not applicable for s3 delivery."
        raise ApiError("InvalidParameter", message)
    options = wanted.get("DestinationOptions") or {}
    flow_log = FlowLog(
        content,
        state.now,
        S3,
        destination=destination,
        hive=bool(options.get("HiveCompatiblePartitions")),
        hourly=bool(options.get("PerHourPartition")),
        tags=tags,
    )
    bucket = state.buckets.get(flow_log.bucket)
    if bucket is None:
        raise ApiError("InvalidParameter", f"LogDestination: {flow_log.bucket or destination} does not exist.")
    if "AWSLogs" in flow_log.prefix:
        raise ApiError("InvalidParameter", "LogDestination may not contain the reserved term AWSLogs.")
    if not bucket.policy:
        # AWS adds the policy itself where there is none and the caller may.
        bucket.policy = delivery_policy(bucket.name, content.region, flow_log.prefix)
    elif "delivery.logs.amazonaws.com" not in bucket.policy:
        raise ApiError(
            "InvalidParameter",
            f"Access Denied for LogDestination: {bucket.name}. Please check LogDestination permission.",
        )
    return flow_log


def delete_flow_logs(call: Call) -> Json:
    """DeleteFlowLogs: ids that do not exist stand in ``Unsuccessful``."""
    failed = []
    for flow_log_id in call.get("FlowLogIds", ()):
        flow_log = call.state.flow_logs.get(flow_log_id)
        if flow_log is None or flow_log.retired or flow_log.region != call.region:
            message = f"The specified Flow Log ID {flow_log_id} does not exist"
            reason = {"Code": "InvalidFlowLogId.NotFound", "Message": message}
            failed.append({"ResourceId": flow_log_id, "Error": reason})
        else:
            call.state.end_flow_log(flow_log, call.state.now)
    return {"Unsuccessful": failed}
