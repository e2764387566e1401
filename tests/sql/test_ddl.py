"""DDL for flow logs, against answers written from AWS's pages and the seed document.

AWS's own pages differ among themselves in case, quotes and spaces, so statements are compared word by word.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from flowtui.aws.models import FlowLog
from flowtui.errors import UsageError
from flowtui.records.fields import DEFAULT_FORMAT, TGW_FIELDS, VPC_FIELDS
from flowtui.sql.ddl import RESERVED, Ddl, ddl, quoted
from flowtui.sql.statements import split

DEFAULT = " ".join(f"${{{name}}}" for name in DEFAULT_FORMAT)
VERSION_5 = " ".join(f"${{{field.name}}}" for field in VPC_FIELDS if field.version <= 5)
COLUMNS_5 = """
    version int, account_id string, interface_id string, srcaddr string, dstaddr string, srcport int, dstport int,
    protocol bigint, packets bigint, bytes bigint, start bigint, end bigint, action string, log_status string,
    vpc_id string, subnet_id string, instance_id string, tcp_flags int, type string, pkt_srcaddr string,
    pkt_dstaddr string, region string, az_id string, sublocation_type string, sublocation_id string,
    pkt_src_aws_service string, pkt_dst_aws_service string, flow_direction string, traffic_path int
"""
PARQUET = """
    ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
    STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat'
    OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat'
"""
DAY = [date(2024, 1, 15)]


def flow_log(**more: Any) -> FlowLog:
    known: dict[str, Any] = {
        "id": "fl-0a",
        "resource_id": "vpc-0a",
        "region": "us-east-1",
        "account_id": "123456789010",
        "destination_type": "s3",
        "destination": "arn:aws:s3:::my-vpc-flow-logs-bucket-unique-name",
        "log_group": "",
        "log_format": DEFAULT,
        "traffic_type": "ALL",
        "interval_s": 600,
        "status": "ACTIVE",
        "deliver_status": "SUCCESS",
        "deliver_error": "",
        "created": datetime(2024, 1, 10, 9, tzinfo=UTC),
    }
    return FlowLog(**(known | more))


def words(statement: str) -> list[str]:
    """A statement without what does not change its meaning: spaces, case, quotes of names and of properties."""
    return re.findall(r"'[^']*'|\w[\w-]*|[^\s\w]", statement.lower().replace("`", "").replace('"', "'"))


def created(made: Ddl) -> str:
    return next(one for one in made.statements if one.startswith("CREATE EXTERNAL"))


def test_the_seeds_own_ddl() -> None:
    made = ddl(flow_log(), days=DAY)
    location = "s3://my-vpc-flow-logs-bucket-unique-name/AWSLogs/123456789010/vpcflowlogs/us-east-1/"
    seed = [
        "CREATE DATABASE IF NOT EXISTS vpc_flow_logs",
        f"""CREATE EXTERNAL TABLE IF NOT EXISTS vpc_flow_logs.flow_logs (
              version int, account_id string, interface_id string, srcaddr string, dstaddr string, srcport int,
              dstport int, protocol bigint, packets bigint, bytes bigint, start bigint, end bigint, action string,
              log_status string
            )
            PARTITIONED BY (dt string)
            ROW FORMAT DELIMITED
            FIELDS TERMINATED BY ' '
            LOCATION '{location}'
            TBLPROPERTIES ("skip.header.line.count"="1")""",
        f"""ALTER TABLE vpc_flow_logs.flow_logs
            ADD IF NOT EXISTS PARTITION (dt='2024-01-15')
            LOCATION '{location}2024/01/15/'""",
    ]
    assert [words(one) for one in made.statements] == [words(one) for one in seed]
    # Two of its words are reserved in DDL, which the seed overlooks.
    assert "`start` bigint,\n  `end` bigint" in created(made)
    assert made.remarks == ()


def test_text_of_versions_2_to_5() -> None:
    """vpc-flow-logs-create-table-statement.html, with dt in place of its `date` date."""
    made = ddl(
        flow_log(log_format=VERSION_5, destination="arn:aws:s3:::amzn-s3-demo-bucket/prefix/"), table="vpc_flow_logs"
    )
    page = f"""CREATE EXTERNAL TABLE IF NOT EXISTS vpc_flow_logs.vpc_flow_logs ({COLUMNS_5})
        PARTITIONED BY (dt string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ' '
        LOCATION 's3://amzn-s3-demo-bucket/prefix/AWSLogs/123456789010/vpcflowlogs/us-east-1/'
        TBLPROPERTIES ("skip.header.line.count"="1")"""
    assert words(created(made)) == words(page)
    assert "no partitions yet" in made.remarks[0]


def test_parquet_with_hourly_hive_partitions() -> None:
    """vpc-flow-logs-parquet.html"""
    made = ddl(
        flow_log(
            log_format=VERSION_5,
            file_format="parquet",
            hive_partitions=True,
            hourly_partitions=True,
            destination="arn:aws:s3:::amzn-s3-demo-bucket/prefix",
        ),
        table="vpc_flow_logs_parquet",
    )
    page = f"""CREATE EXTERNAL TABLE IF NOT EXISTS vpc_flow_logs.vpc_flow_logs_parquet ({COLUMNS_5})
        PARTITIONED BY (`aws-account-id` string, `aws-service` string, `aws-region` string, `year` string,
          `month` string, `day` string, `hour` string)
        {PARQUET}
        LOCATION 's3://amzn-s3-demo-bucket/prefix/AWSLogs/'
        TBLPROPERTIES ('EXTERNAL'='true', 'skip.header.line.count'='1')"""
    assert words(created(made)) == words(page)
    for name in ("aws-account-id", "aws-service", "aws-region"):
        assert f"`{name}` string" in created(made)
    assert made.statements[-1] == "MSCK REPAIR TABLE vpc_flow_logs.vpc_flow_logs_parquet"


def test_hive_partitions_of_a_day_without_hours() -> None:
    made = ddl(flow_log(hive_partitions=True), days=DAY)
    assert "hour" not in created(made)
    root = "s3://my-vpc-flow-logs-bucket-unique-name/AWSLogs/aws-account-id=123456789010/aws-service=vpcflowlogs/"
    assert made.statements[-1] == (
        "ALTER TABLE vpc_flow_logs.flow_logs_hive\nADD IF NOT EXISTS PARTITION (`aws-account-id`='123456789010', "
        "`aws-service`='vpcflowlogs', `aws-region`='us-east-1', year='2024', month='01', day='15')\n"
        f"LOCATION '{root}aws-region=us-east-1/year=2024/month=01/day=15/'"
    )


def test_projection_of_text() -> None:
    """vpc-flow-logs-partition-projection.html; its region column is no field of this format, as on the page."""
    without_region = VERSION_5.replace(" ${region}", "")
    made = ddl(flow_log(log_format=without_region), projection=True, table="test_table_vpclogs")
    bucket = "s3://my-vpc-flow-logs-bucket-unique-name/AWSLogs/"
    page = f"""CREATE EXTERNAL TABLE IF NOT EXISTS vpc_flow_logs.test_table_vpclogs
        ({COLUMNS_5.replace(" region string,", "")})
        PARTITIONED BY (accid string, region string, day string)
        ROW FORMAT DELIMITED FIELDS TERMINATED BY ' '
        LOCATION '{bucket}123456789010/vpcflowlogs/us-east-1/'
        TBLPROPERTIES (
          "skip.header.line.count"="1",
          "projection.enabled" = "true",
          "projection.accid.type" = "enum",
          "projection.accid.values" = "123456789010",
          "projection.region.type" = "enum",
          "projection.region.values" = "us-east-1",
          "projection.day.type" = "date",
          "projection.day.range" = "2024/01/10,NOW",
          "projection.day.format" = "yyyy/MM/dd",
          "storage.location.template" = "{bucket}${{accid}}/vpcflowlogs/${{region}}/${{day}}/"
        )"""
    assert words(created(made)) == words(page)
    assert len(made.statements) == 2


def test_projection_of_hourly_parquet() -> None:
    """vpc-flow-logs-partition-projection-parquet-example.html"""
    without_region = VERSION_5.replace(" ${region}", "")
    made = ddl(
        flow_log(
            log_format=without_region,
            file_format="parquet",
            hourly_partitions=True,
            destination="arn:aws:s3:::amzn-s3-demo-bucket/prefix",
        ),
        projection=True,
        table="test_table_vpclogs_parquet",
    )
    root = "s3://amzn-s3-demo-bucket/prefix/AWSLogs/123456789010/vpcflowlogs/"
    page = f"""CREATE EXTERNAL TABLE IF NOT EXISTS vpc_flow_logs.test_table_vpclogs_parquet
        ({COLUMNS_5.replace(" region string,", "")})
        PARTITIONED BY (region string, date string, hour string)
        {PARQUET}
        LOCATION '{root}us-east-1/'
        TBLPROPERTIES (
          "EXTERNAL"="true",
          "skip.header.line.count" = "1",
          "projection.enabled" = "true",
          "projection.region.type" = "enum",
          "projection.region.values" = "us-east-1",
          "projection.date.type" = "date",
          "projection.date.range" = "2024/01/10,NOW",
          "projection.date.format" = "yyyy/MM/dd",
          "projection.hour.type" = "integer",
          "projection.hour.range" = "00,23",
          "projection.hour.digits" = "2",
          "storage.location.template" = "{root}${{region}}/${{date}}/${{hour}}/"
        )"""
    assert words(created(made)) == words(page)
    assert "`date` string" in created(made)


def test_a_field_of_a_partitions_name_keeps_its_column() -> None:
    made = ddl(flow_log(log_format="${region} ${start} ${end}"), projection=True)
    assert "(\n  region string,\n  `start` bigint,\n  `end` bigint\n)" in created(made)
    assert "aws_region string" in created(made)
    assert "${accid}/vpcflowlogs/${aws_region}/${day}/" in created(made)


def test_hourly_folders_get_a_partition_each() -> None:
    made = ddl(flow_log(hourly_partitions=True), days=DAY)
    [added] = [one for one in made.statements if one.startswith("ALTER")]
    assert added.count("PARTITION (") == 24
    assert "(dt='2024-01-15', hour='07')\nLOCATION" in added
    assert added.endswith("us-east-1/2024/01/15/23/'")


@pytest.mark.parametrize(
    "names", [[f.name for f in VPC_FIELDS], [f.name for f in TGW_FIELDS], ["end", "start", "bytes"]]
)
def test_every_column_in_the_formats_order_with_its_type(names: list[str]) -> None:
    made = ddl(flow_log(log_format=" ".join(f"${{{name}}}" for name in names)))
    inside = created(made).partition("(\n")[2].partition("\n)")[0]
    columns = [line.strip(" ,").split() for line in inside.splitlines()]
    assert [name.strip("`") for name, _ in columns] == [name.replace("-", "_") for name in names]
    kinds = {field.column: field.athena_type for field in (*TGW_FIELDS, *VPC_FIELDS)}
    assert all(kind == kinds[name.strip("`")] for name, kind in columns)
    assert all(name.startswith("`") == (name.strip("`") in RESERVED) for name, _ in columns)


def test_a_name_of_tomorrow_keeps_its_place() -> None:
    made = ddl(flow_log(log_format="${version} ${new-thing} ${end}"))
    assert "version int,\n  new_thing string,\n  `end` bigint" in created(made)
    assert "new-thing" in made.remarks[0]


def test_names_that_need_backquotes() -> None:
    assert [quoted(name) for name in ("date", "end", "start", "aws-region", "_x", "1a", "dt")] == [
        "`date`",
        "`end`",
        "`start`",
        "`aws-region`",
        "`_x`",
        "`1a`",
        "dt",
    ]


def test_other_records_in_the_same_folders_are_told() -> None:
    others = [
        flow_log(id="fl-0b", log_format="${version}"),
        flow_log(id="fl-0c"),
        flow_log(id="fl-0d", region="eu-west-1"),
    ]
    made = ddl(flow_log(), others=others, days=DAY)
    assert made.remarks == ("fl-0b writes other records into the same folders: this table would read them wrongly.",)


@pytest.mark.parametrize(
    "wrong",
    [
        {"database": "my-db"},
        {"table": "x; DROP TABLE y"},
        {"table": "x`"},
        {"flow_log": {"destination_type": "cloud-watch-logs", "destination": ""}},
        {"flow_log": {"destination": "arn:aws:s3:::b/it's"}},
    ],
)
def test_what_cannot_be_written_is_refused(wrong: dict[str, Any]) -> None:
    given = dict(wrong)
    with pytest.raises(UsageError):
        ddl(flow_log(**given.pop("flow_log", {})), **given)


def test_the_text_is_statements_again() -> None:
    made = ddl(flow_log(hive_partitions=True, hourly_partitions=True), days=[*DAY, date(2024, 1, 16)])
    assert [one.text for one in split(made.text)] == list(made.statements)
