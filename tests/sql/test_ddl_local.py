"""A flow log's DDL pasted into the workspace: every statement is taken, and the table answers."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flowtui.errors import QueryError
from flowtui.lake.load import load
from flowtui.lake.sources import local_sources
from flowtui.lake.workspace import Workspace
from flowtui.sql.ddl import ddl
from flowtui.sql.duckdb_engine import DuckDBEngine
from flowtui.sql.statements import split
from tests.sql.test_ddl import DEFAULT, VERSION_5, flow_log

KEY = "AWSLogs/123456789010/vpcflowlogs/us-east-1/2024/01/15/07/"
FILE = "123456789010_vpcflowlogs_us-east-1_fl-0123456789abcdef0_20240115T0705Z_0a1b2c3d.log.gz"
ROW = "2 123456789010 eni-0a 10.0.0.1 10.0.0.2 40000 443 6 3 180 1705302000 1705302060 ACCEPT OK"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    """Two records of the default format, of one hour."""
    folder: Path = tmp_path_factory.mktemp("bucket")
    header = DEFAULT.replace("${", "").replace("}", "")
    path = folder / KEY / FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.compress(f"{header}\n{ROW}\n{ROW}\n".encode()))
    workspace = Workspace.open(folder / "w.duckdb")
    list(load(workspace, local_sources([folder])))
    yield DuckDBEngine(workspace.cursor)
    workspace.close()


SHAPES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {"days": [date(2024, 1, 15)]}, "dt = '2024-01-15'"),
    ({"hourly_partitions": True}, {"days": [date(2024, 1, 15)]}, "dt = '2024-01-15' AND hour = '07'"),
    ({"hive_partitions": True}, {}, "\"aws-account-id\" = '123456789010' AND year = '2024' AND day = '15'"),
    ({"hive_partitions": True, "hourly_partitions": True}, {"days": [date(2024, 1, 15)]}, "hour = '07'"),
    ({}, {"projection": True}, "accid = '123456789010' AND region = 'us-east-1' AND day = '2024/01/15'"),
    (
        {"file_format": "parquet", "hourly_partitions": True},
        {"projection": True},
        "\"date\" = '2024/01/15' AND hour = '07'",
    ),
    ({"hive_partitions": True, "file_format": "parquet"}, {"projection": True}, "\"aws-service\" = 'vpcflowlogs'"),
    ({"log_format": VERSION_5}, {"projection": True}, "aws_region = 'us-east-1' AND day = '2024/01/15'"),
]


@pytest.mark.parametrize(("log", "options", "where"), SHAPES)
def test_every_shape_is_taken_and_answers(
    engine: DuckDBEngine, log: dict[str, Any], options: dict[str, Any], where: str, request: pytest.FixtureRequest
) -> None:
    name = f"t{SHAPES.index((log, options, where))}" if log or "projection" in options else "flow_logs"
    made = ddl(flow_log(**log), table=name, **options)
    for statement in split(made.text):
        assert engine.run(statement.text).notices
    count = engine.run(f'SELECT count(*), max("end") FROM vpc_flow_logs.{name} WHERE {where}').table
    assert count.column(0).to_pylist() == [2]
    assert count.column(1).to_pylist() == [1705302060]
    # Pasting it a second time changes nothing.
    assert engine.run(made.statements[1]).notices


def test_partitions_say_what_is_loaded(engine: DuckDBEngine) -> None:
    made = ddl(flow_log(hourly_partitions=True), table="by_hour", days=[date(2024, 1, 15), date(2024, 1, 16)])
    notices = [engine.run(statement).notices for statement in made.statements]
    assert notices[2][7] == "Partition dt=2024-01-15/hour=07 is bound to the 2 records loaded for it."
    assert notices[3][0].startswith("Nothing is loaded for dt=2024-01-16/hour=00: flowtui load s3://")


def test_fields_that_no_record_brought_are_null_and_told(engine: DuckDBEngine) -> None:
    made = ddl(flow_log(log_format="${version} ${end} ${encryption-status}", hive_partitions=True), table="newer")
    [_, notice] = engine.run(made.statements[1]).notices
    assert "encryption_status" in notice
    rows = engine.run("SELECT encryption_status FROM newer").table.column(0).to_pylist()
    assert rows == [None, None]


def test_such_a_table_can_be_dropped(engine: DuckDBEngine) -> None:
    engine.run(ddl(flow_log(), projection=True, table="gone").statements[1])
    engine.run("DROP TABLE gone")
    with pytest.raises(QueryError):
        engine.run("SELECT * FROM gone")


def test_partitions_that_no_table_has(engine: DuckDBEngine) -> None:
    text = "CREATE EXTERNAL TABLE other (version int) PARTITIONED BY (week string) LOCATION 's3://b/'"
    with pytest.raises(QueryError, match="nothing to read locally"):
        engine.run(text)
