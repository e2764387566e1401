"""What a query would scan, from Glue's partitions and S3's listing, over HTTP against moto."""

import json
from typing import Any

import pytest

from tests.e2e.conftest import Cli, StandIn
from tests.e2e.faults import Fault

BUCKET = "flow-logs"
ROOT = "AWSLogs/123456789012/vpcflowlogs/us-east-1"
SQL = ("sql", "--engine", "athena", "--output-location", "s3://results/", "--region", "us-east-1")
MEGABYTE = b"x" * 1_000_000
DAYS = ("2024/01/14", "2024/01/15", "2024/01/16")


def make_table(aws: StandIn, name: str, keys: list[str], **more: Any) -> None:
    storage = {"Location": f"s3://{BUCKET}/{ROOT}/", "Columns": []}
    table = {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "StorageDescriptor": storage,
        "PartitionKeys": [{"Name": key, "Type": "string"} for key in keys],
    }
    aws.client("glue").create_table(DatabaseName="vpc_flow_logs", TableInput=table | more)


def add_partition(aws: StandIn, name: str, values: list[str], folder: str) -> None:
    storage = {"Location": f"s3://{BUCKET}/{folder}", "Columns": []}
    given = {"Values": values, "StorageDescriptor": storage}
    aws.client("glue").create_partition(DatabaseName="vpc_flow_logs", TableName=name, PartitionInput=given)


@pytest.fixture
def lake(aws: StandIn) -> StandIn:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    for number, day in enumerate(DAYS):
        for _ in range(number + 1):
            s3.put_object(Bucket=BUCKET, Key=f"{ROOT}/{day}/{_}.log.gz", Body=MEGABYTE)
    s3.put_object(Bucket=BUCKET, Key=f"{ROOT}/2024/01/15/_SUCCESS", Body=MEGABYTE)
    s3.put_object(Bucket=BUCKET, Key=f"{ROOT}/2024/01/150/0.log.gz", Body=MEGABYTE)
    aws.client("glue").create_database(DatabaseInput={"Name": "vpc_flow_logs"})
    make_table(aws, "flow_logs", ["dt"])
    for day in DAYS:
        add_partition(aws, "flow_logs", [day.replace("/", "-")], f"{ROOT}/{day}")
    aws.fail()
    return aws


def estimate(cli: Cli, text: str) -> str:
    result = cli(*SQL, "--estimate", text)
    assert (result.status, result.out) == (0, ""), result.err
    return result.err


def test_partitions_and_bytes_of_a_day(lake: StandIn, cli: Cli):
    said = estimate(cli, "SELECT * FROM flow_logs WHERE dt = '2024-01-15' AND srcport = 22")
    # 2 MB of the day's folder; Athena bills 10 MB at least, which are $0.00005.
    assert "1 of 3 partitions, 2.0 MB, $0.00005" in said
    assert lake.count("StartQueryExecution") == 0


def test_a_range_and_two_mentions(lake: StandIn, cli: Cli):
    assert "2 of 3 partitions, 5.0 MB" in estimate(cli, "SELECT * FROM flow_logs WHERE dt >= '2024-01-15'")
    both = "SELECT * FROM flow_logs a JOIN flow_logs b ON a.srcaddr = b.dstaddr AND b.dt = '2024-01-14'"
    assert "2 of 6 partitions, 3.0 MB" in estimate(cli, f"{both} WHERE a.dt = '2024-01-15'")


def test_no_condition_means_all_and_is_said(lake: StandIn, cli: Cli):
    said = estimate(cli, "SELECT count(*) FROM flow_logs")
    assert "3 of 3 partitions, 6.0 MB" in said
    assert "no condition on dt is understood: every partition of flow_logs is counted" in said


def test_only_the_days_asked_for_are_listed(lake: StandIn, cli: Cli):
    estimate(cli, "SELECT * FROM flow_logs WHERE dt = '2024-01-15'")
    assert lake.count("ListObjectsV2") == 1


def test_projected_partitions(lake: StandIn, cli: Cli):
    properties = {
        "projection.enabled": "true",
        "projection.day.type": "date",
        "projection.day.range": "2024/01/01,2024/01/31",
        "projection.day.format": "yyyy/MM/dd",
        "storage.location.template": f"s3://{BUCKET}/{ROOT}/${{day}}",
    }
    make_table(lake, "projected", ["day"], Parameters=properties)
    said = estimate(cli, "SELECT * FROM projected WHERE day BETWEEN '2024/01/15' AND '2024/01/20'")
    assert "6 of 31 partitions, 5.0 MB" in said


def test_a_table_without_partitions(lake: StandIn, cli: Cli):
    make_table(lake, "bare", [])
    said = estimate(cli, "SELECT * FROM bare")
    assert "partition" not in said
    assert "7.0 MB" in said


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT * FROM nosuch", "there is no table vpc_flow_logs.nosuch"),
        ("SELECT * FROM other.place.t", "only tables of AwsDataCatalog"),
        ("SELECT FROM WHERE", "is not understood here"),
    ],
)
def test_why_there_is_no_estimate(lake: StandIn, cli: Cli, text: str, reason: str):
    said = estimate(cli, text)
    assert "no estimate: " in said
    assert reason in said


def test_a_denied_lookup_names_the_action_and_the_query_is_asked_about(lake: StandIn, cli: Cli):
    said = "User: x is not authorized to perform: glue:GetTable on resource: y"
    lake.fail(Fault("glue", "GetTable", code="AccessDeniedException", message=said))
    result = cli(*SQL, "SELECT * FROM flow_logs")
    assert result.status == 2
    assert "it needs glue:GetTable" in result.err
    assert "price is not known" in result.err
    assert lake.count("StartQueryExecution") == 0


def test_above_the_threshold_it_asks_and_below_it_runs(lake: StandIn, cli: Cli, monkeypatch: pytest.MonkeyPatch):
    assert cli(*SQL, "SELECT * FROM flow_logs").status == 0
    monkeypatch.setenv("FLOWTUI_ATHENA_ASK_USD", "0.00001")
    refused = cli(*SQL, "SELECT * FROM flow_logs")
    assert refused.status == 2
    assert "athena_ask_usd" in refused.err
    assert "--yes" in refused.err
    assert cli(*SQL, "--yes", "SELECT * FROM flow_logs").status == 0
    assert lake.count("StartQueryExecution") == 2


def test_ddl_makes_the_table_statement_by_statement(aws: StandIn, cli: Cli):
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    aws.client("s3").create_bucket(Bucket=BUCKET)
    ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination=f"arn:aws:s3:::{BUCKET}",
    )
    place = ("--output-location", "s3://results/", "--region", "us-east-1", "--since", "2024-01-15")
    asked = cli("ddl", vpc, "--run", *place, "--until", "2024-01-15")
    assert asked.status == 2
    assert aws.count("StartQueryExecution") == 0
    made = cli("ddl", vpc, "--run", "--yes", *place, "--until", "2024-01-16")
    assert made.status == 0, made.err
    assert "4 of 4 done" in made.err
    printed = made.out.split(";\n")
    sent = [json.loads(call.body)["QueryString"] for call in aws.calls() if call.operation == "StartQueryExecution"]
    assert sent == [one.strip() for one in printed if one.strip()]
