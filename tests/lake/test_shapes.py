"""The tables of AWS's pages over the same records, asked with the pages' own queries.

The queries are those of https://docs.aws.amazon.com/athena/latest/ug/vpc-flow-logs.html and the pages under it, with
their dates moved to the day that is loaded here.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from flowtui.errors import QueryError
from flowtui.lake.workspace import Workspace
from flowtui.sql.duckdb_engine import DuckDBEngine
from tests.lake.conftest import HEADER, RDP, SSH, ask, load_all, write

FILE = "{account}_vpcflowlogs_{region}_fl-0123456789abcdef0_{slot}Z_12345678.log.gz"
LATER = SSH.replace("1418530010 1418530070", "1418533610 1418533670").replace("22 6 20", "443 6 30")


def _write(folder: Path, tree: str, account: str, region: str, slot: str, lines: str, header: str = HEADER) -> Path:
    name = FILE.format(account=account, region=region, slot=slot)
    return write(folder, f"{tree}/{name}", f"{header}\n{lines}\n")


@pytest.fixture
def engine(workspace: Workspace, tmp_path: Path) -> DuckDBEngine:
    plain = "AWSLogs/123456789010/vpcflowlogs/us-east-1/2014/12/14"
    hive = (
        "AWSLogs/aws-account-id=210987654321/aws-service=vpcflowlogs/aws-region=eu-west-1/"
        "year=2014/month=12/day=14/hour=05"
    )
    org = "p/AWSLogs/o-abc123/123456789010/vpcflowlogs/ap-south-1/2014/12/14/06"
    load_all(
        workspace,
        _write(tmp_path, plain, "123456789010", "us-east-1", "20141214T0410", f"{SSH}\n{RDP}"),
        _write(tmp_path, hive, "210987654321", "eu-west-1", "20141214T0510", LATER),
        _write(tmp_path, org, "123456789010", "ap-south-1", "20141214T0610", RDP),
        write(tmp_path, "loose.log", f"{HEADER}\n{SSH}\n"),
    )
    return DuckDBEngine(workspace.cursor)


def rows(engine: DuckDBEngine, text: str) -> list[tuple[object, ...]]:
    table = engine.run(text).table
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


PAGES = [
    # query, rows it gives here
    ("SELECT * \nFROM vpc_flow_logs \nWHERE date = DATE('2014-12-14') \nLIMIT 100;", 5),
    (
        "SELECT day_of_week(date) AS\n  day,\n  date,\n  interface_id,\n  srcaddr,\n  action,\n  protocol\n"
        "FROM vpc_flow_logs\nWHERE action = 'REJECT' AND protocol = 6\nLIMIT 100;",
        2,
    ),
    (
        "SELECT SUM(packets) AS\n  packetcount,\n  dstaddr\nFROM vpc_flow_logs\n"
        "WHERE dstport = 443 AND date > current_date - interval '7' day\nGROUP BY dstaddr\n"
        "ORDER BY packetcount DESC\nLIMIT 10;",
        0,
    ),
    (
        "SELECT *\nFROM test_table_vpclogs\nWHERE day >= '2014/12/01' AND day < '2014/12/28'\n"
        "ORDER BY day ASC\nLIMIT 100",
        5,
    ),
    (
        "SELECT SUM(packets) AS packetcount,\n       dstaddr\nFROM test_table_vpclogs\nWHERE dstport = 443\n"
        "  AND day >= '2014/12/01'\n  AND day < '2014/12/31'\nGROUP BY dstaddr\nORDER BY packetcount DESC\nLIMIT 10",
        1,
    ),
    (
        "SELECT interface_id,\n       srcaddr,\n       action,\n       protocol,\n"
        "       to_iso8601(from_unixtime(start)) AS start_time,\n"
        '       to_iso8601(from_unixtime("end")) AS end_time\nFROM test_table_vpclogs\n'
        "WHERE DAY >= '2014/12/01'\n  AND DAY < '2014/12/30'",
        5,
    ),
    (
        "SELECT *\nFROM test_table_vpclogs\n"
        "WHERE srcaddr = '172.31.9.69'\n  AND day >= '2014/12/01'\n  AND day < '2014/12/28'",
        2,
    ),
    (
        "SELECT day,\n       interface_id,\n       srcaddr,\n       action,\n       protocol\nFROM test_table_vpclogs\n"
        "WHERE action = 'REJECT' AND protocol = 6 AND day >= '2014/12/01' AND day < '2014/12/28'\nLIMIT 10",
        2,
    ),
    (
        "SELECT *\nFROM test_table_vpclogs\n"
        "WHERE split_part(srcaddr,'.', 1)='172'\n  AND split_part(srcaddr,'.', 2) ='31'",
        5,
    ),
    ("SELECT *\nFROM awsdatacatalog.vpc_flow_logs.test_table_vpclogs\nWHERE region = 'eu-west-1'", 1),
]


@pytest.mark.parametrize(("query", "count"), PAGES, ids=range(len(PAGES)))
def test_queries_of_awss_pages(engine: DuckDBEngine, query: str, count: int) -> None:
    assert engine.run(query).rows == count


def test_partition_values_come_from_path_then_name_then_record(engine: DuckDBEngine) -> None:
    assert rows(
        engine, "SELECT accid, region, day, count(*) FROM test_table_vpclogs GROUP BY 1, 2, 3 ORDER BY 1, 2"
    ) == [
        ("123456789010", "ap-south-1", "2014/12/14", 1),
        ("123456789010", "us-east-1", "2014/12/14", 2),
        ("123456789010", None, "2014/12/14", 1),
        ("210987654321", "eu-west-1", "2014/12/14", 1),
    ]
    hive = 'SELECT "aws-account-id", "aws-service", "aws-region", year, month, day, hour FROM vpc_flow_logs_parquet'
    assert rows(engine, f"{hive} WHERE year = '2014' AND \"aws-region\" = 'eu-west-1'") == [
        ("210987654321", "vpcflowlogs", "eu-west-1", "2014", "12", "14", "05")
    ]
    hours = "SELECT hour, count(*) FROM test_table_vpclogs_parquet WHERE date = '2014/12/14' GROUP BY hour ORDER BY 1"
    assert rows(engine, hours) == [("04", 3), ("05", 1), ("06", 1)]


def test_columns_and_types_are_the_pages(engine: DuckDBEngine) -> None:
    described = rows(engine, "DESCRIBE vpc_flow_logs")
    assert [name for name, *_ in described][:3] == ["version", "account_id", "interface_id"]
    assert described[14][0] == "vpc_id"
    assert described[-2:] == [("traffic_path", "int", ""), ("date", "date", "partition")]
    assert len(described) == 30
    assert [row[0] for row in rows(engine, "DESCRIBE test_table_vpclogs") if row[2]] == ["accid", "region", "day"]
    assert "region" not in [row[0] for row in rows(engine, "DESCRIBE test_table_vpclogs") if not row[2]]
    shown = rows(engine, "SHOW PARTITIONS vpc_flow_logs_parquet")
    assert len(shown) == 3
    assert shown[0][0] == (
        "aws-account-id=123456789010/aws-service=vpcflowlogs/aws-region=ap-south-1/year=2014/month=12/day=14/hour=06"
    )
    added = engine.run("ALTER TABLE vpc_flow_logs ADD PARTITION (`date`='2014-12-14') LOCATION 's3://b/2014/12/14'")
    assert added.notices == ("Partition date=2014-12-14 is bound to the 5 records loaded for it.",)


def test_a_field_that_arrives_later_is_shown(engine: DuckDBEngine, workspace: Workspace, tmp_path: Path) -> None:
    asked = "SELECT tcp_flags FROM vpc_flow_logs WHERE tcp_flags IS NOT NULL"
    assert rows(engine, asked) == []
    load_all(workspace, write(tmp_path, "more.log", f"{HEADER} tcp-flags region\n{SSH} 18 sa-east-1\n"))
    assert rows(engine, asked) == [(18,)]
    regions = rows(engine, "SELECT count(*) FROM test_table_vpclogs WHERE region = 'sa-east-1'")
    assert regions == [(1,)], "a file with no path of AWS's has the region of its records"


def test_older_workspaces_get_them(workspace: Workspace) -> None:
    from flowtui.lake.schema import migrate

    with workspace.cursor() as cursor:
        cursor.execute("UPDATE flowtui.version SET version = 2")
        cursor.execute("DROP SCHEMA aws CASCADE")
        cursor.execute("DROP VIEW vpc_flow_logs.vpc_flow_logs")
        migrate(cursor, workspace.path)
    assert ask(workspace, "SELECT count(*) FROM vpc_flow_logs.vpc_flow_logs, aws.vpcs") == [(0,)]


FIELDS = ", ".join(f"`{name}` string" for name in HEADER.replace("-", "_").split())


def test_a_table_of_any_name_is_bound_to_its_location(workspace: Workspace, engine: DuckDBEngine) -> None:
    with workspace.cursor() as cursor:
        # What is loaded here are files; Athena's locations are buckets.
        cursor.execute(
            "UPDATE flowtui.objects SET bucket = 'logs', key = regexp_replace(key, '^.*AWSLogs/', 'AWSLogs/')"
        )
    made = engine.run(
        f"CREATE EXTERNAL TABLE IF NOT EXISTS mine ({FIELDS}) PARTITIONED BY (region string, day string) "
        "ROW FORMAT DELIMITED FIELDS TERMINATED BY ' ' LOCATION 's3://logs/AWSLogs/123456789010/'"
    )
    assert made.notices == ("Table vpc_flow_logs.mine is bound to the 2 records loaded from its location.",)
    assert rows(engine, "SELECT region, day, sum(bytes) FROM mine GROUP BY 1, 2") == [("us-east-1", "2014/12/14", 8498)]
    assert rows(engine, "SHOW PARTITIONS mine") == [("region=us-east-1/day=2014/12/14",)]
    engine.run(
        "CREATE EXTERNAL TABLE few (bytes bigint, tcp_flags int) PARTITIONED BY (`date` date) STORED AS PARQUET "
        "LOCATION 's3://logs/AWSLogs/'"
    )
    assert rows(engine, "SELECT date, count(bytes), count(tcp_flags) FROM few GROUP BY 1") == [
        (date(2014, 12, 14), 4, 0)
    ]
    with pytest.raises(QueryError, match="over loaded records: it is not written to"):
        engine.run("INSERT INTO few SELECT 1, 1, DATE '2014-12-14'")
    engine.run("DROP TABLE few")
    assert ask(workspace, "SELECT count(*) FROM vpc_flow_logs.flow_logs") == [(5,)]


@pytest.mark.parametrize(
    ("columns", "partitions", "location", "message"),
    [
        (FIELDS, "dt string", "s3://elsewhere/AWSLogs/", "Nothing is loaded from s3://elsewhere"),
        ("version int, srcaddr string", "dt string", "s3://logs/AWSLogs/", "srcaddr would show what is account_id"),
        (FIELDS.replace("dstport", "port"), "dt string", "s3://logs/AWSLogs/", "port would show what is dstport"),
        (FIELDS, "team string", "s3://logs/AWSLogs/", "partition column team holds is not known"),
    ],
)
def test_tables_that_would_not_be_athenas(
    workspace: Workspace, engine: DuckDBEngine, columns: str, partitions: str, location: str, message: str
) -> None:
    with workspace.cursor() as cursor:
        cursor.execute(
            "UPDATE flowtui.objects SET bucket = 'logs', key = regexp_replace(key, '^.*AWSLogs/', 'AWSLogs/')"
        )
    with pytest.raises(QueryError, match=message):
        engine.run(f"CREATE EXTERNAL TABLE t ({columns}) PARTITIONED BY ({partitions}) LOCATION '{location}'")
