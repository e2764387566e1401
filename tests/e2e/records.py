"""Records, log groups and objects put into the stand-in."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import Any

from flowtui.records.fields import DEFAULT_FORMAT
from tests.e2e.conftest import StandIn

GROUP = "/vpc/flow-logs"
BUCKET = "flow-log-bucket"
ACCOUNT_ID = "123456789012"


def line(start: int, eni: str = "eni-0aaaaaaaaaaaaaaaa", port: int = 22, action: str = "ACCEPT") -> str:
    return f"2 {ACCOUNT_ID} {eni} 10.0.0.1 10.0.0.2 40000 {port} 6 3 180 {start} {start + 60} {action} OK"


def make_group(aws: StandIn, *streams: str) -> Any:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    for stream in streams:
        logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
    return logs


def put(logs: Any, stream: str, *lines: str) -> None:
    """Each line as an event at its record's start."""
    events = [{"timestamp": int(text.split()[10]) * 1000, "message": text} for text in lines]
    logs.put_log_events(
        logGroupName=GROUP, logStreamName=stream, logEvents=sorted(events, key=lambda e: e["timestamp"])
    )


def vpc_with_flow_log(
    aws: StandIn, region: str = "us-east-1", name: str = "prod", fields: tuple[str, ...] = DEFAULT_FORMAT
) -> str:
    ec2 = aws.client("ec2", region)
    vpc: str = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": name}])
    ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="cloud-watch-logs",
        LogGroupName=GROUP,
        DeliverLogsPermissionArn=f"arn:aws:iam::{ACCOUNT_ID}:role/flow-logs",
        LogFormat=" ".join(f"${{{name}}}" for name in fields),
    )
    return vpc


def put_object(aws: StandIn, slot: datetime, *lines: str) -> str:
    """One gzip file as AWS names and writes it; returns its key."""
    s3 = aws.client("s3")
    if BUCKET not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=BUCKET)
    key = (
        f"AWSLogs/{ACCOUNT_ID}/vpcflowlogs/us-east-1/{slot:%Y/%m/%d}/"
        f"{ACCOUNT_ID}_vpcflowlogs_us-east-1_fl-0123456789abcdef0_{slot:%Y%m%dT%H%M}Z_0a1b2c3d.log.gz"
    )
    text = "\n".join([" ".join(DEFAULT_FORMAT), *lines]) + "\n"
    s3.put_object(Bucket=BUCKET, Key=key, Body=gzip.compress(text.encode()))
    return key


def seconds(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp())
