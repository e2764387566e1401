"""Flow logs of a region."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from flowtui.aws.models import FlowLog
from flowtui.aws.parallel import Pool
from flowtui.aws.session import Account
from flowtui.aws.vpcs import PAGES, tags_of
from flowtui.errors import AwsError, FlowTuiError
from flowtui.records.layout import Layout, LayoutError

DEFAULT_INTERVAL_S = 600


def list_flow_logs(account: Account, region: str) -> tuple[FlowLog, ...]:
    """Every flow log of a region, whatever it watches.

    ``account_id`` is the caller's, because DescribeFlowLogs tells only of the caller's own
    (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeFlowLogs.html).

    Raises:
        AwsError: the call failed; AccessDenied names ``ec2:DescribeFlowLogs``.
    """
    account_id = account.identity().account_id
    pages = account.pages("ec2", "describe_flow_logs", region, PaginationConfig=PAGES)
    return tuple(_flow_log(item, region, account_id) for page in pages for item in page["FlowLogs"])


def s3_flow_logs(account: Account) -> tuple[FlowLog, ...]:
    """The flow logs that write to S3, of every region in play.

    Raises:
        AwsError: as :func:`list_flow_logs`, when no region could be listed.
    """
    found: list[FlowLog] = []
    refused: AwsError | None = None
    regions = account.regions()
    with Pool[tuple[FlowLog, ...] | AwsError](len(regions)) as pool:
        for region in regions:
            pool.submit(partial(_listed, account, region))
        for answer in pool:
            if isinstance(answer, AwsError):
                refused = answer
            else:
                found += [one for one in answer if one.destination_type == "s3"]
    if refused is not None and not found:
        raise refused
    return tuple(sorted(found, key=lambda one: (regions.index(one.region), one.id)))


def _listed(account: Account, region: str) -> tuple[FlowLog, ...] | AwsError:
    try:
        return list_flow_logs(account, region)
    except AwsError as error:
        return error


def _flow_log(item: Mapping[str, Any], region: str, account_id: str) -> FlowLog:
    options = item.get("DestinationOptions", {})
    destination = item.get("LogDestination", "")
    return FlowLog(
        id=item["FlowLogId"],
        resource_id=item.get("ResourceId", ""),
        region=region,
        account_id=account_id,
        destination_type=item.get("LogDestinationType", "cloud-watch-logs"),
        destination=destination,
        log_group=item.get("LogGroupName") or _group_of(destination),
        log_format=item.get("LogFormat", ""),
        traffic_type=item.get("TrafficType", ""),
        interval_s=item.get("MaxAggregationInterval", DEFAULT_INTERVAL_S),
        status=item.get("FlowLogStatus", ""),
        deliver_status=item.get("DeliverLogsStatus", ""),
        deliver_error=item.get("DeliverLogsErrorMessage", ""),
        created=item["CreationTime"],
        file_format=options.get("FileFormat", "plain-text"),
        hive_partitions=options.get("HiveCompatiblePartitions", False),
        hourly_partitions=options.get("PerHourPartition", False),
        role_arn=item.get("DeliverLogsPermissionArn", ""),
        tags=tags_of(item.get("Tags")),
    )


def _group_of(destination: str) -> str:
    """The log group of an ARN like ``arn:aws:logs:us-east-1:123456789010:log-group:/vpc/flow-logs:*``."""
    group = destination.partition(":log-group:")[2]
    return group.removesuffix(":*")


def flow_log_layout(accounts: Iterable[Account], id: str, region: str = "") -> Layout:
    """The layout of a flow log's records, by its LogFormat.

    Args:
        accounts: looked through in turn, each in its regions.
        id: ``fl-…``.
        region: the region where it is; any of the account's when empty.

    Raises:
        FlowTuiError: there is no such flow log, or its format names no field.
        AwsError: a call failed; AccessDenied names ``ec2:DescribeFlowLogs``.
    """
    asked: list[str] = []
    for account in accounts:
        for place in (region,) if region else account.regions():
            asked.append(place)
            found = next((item for item in list_flow_logs(account, place) if item.id == id), None)
            if found is None:
                continue
            try:
                return Layout.from_log_format(found.log_format)
            except LayoutError as error:
                raise FlowTuiError(f"{id} has no readable format: {error}.", "State it with --format.") from error
    raise FlowTuiError(
        f"There is no flow log {id} in {', '.join(dict.fromkeys(asked))}.",
        "Check the id, --profile and --region. What a deleted flow log wrote needs its format: --format.",
    )
