"""A flow log's DDL pasted into the workspace: every statement is taken, and the table answers."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flowtui.errors import QueryError
from flowtui.lake.load import load
from flowtui.lake.workspace import Workspace
from flowtui.sql.ddl import ddl
from flowtui.sql.duckdb_engine import DuckDBEngine
from flowtui.sql.statements import split
from tests.sql.test_ddl import DEFAULT, flow_log

BUCKET = "my-vpc-flow-logs-bucket-unique-name"
PLAIN = "AWSLogs/123456789010/vpcflowlogs/us-east-1/2024/01/15/"
HIVE = "AWSLogs/aws-account-id=123456789010/aws-service=vpcflowlogs/aws-region=us-east-1/year=2024/month=01/day=15/"
FILE = "123456789010_vpcflowlogs_us-east-1_fl-0123456789abcdef0_20240115T0705Z_0a1b2c3d.log.gz"
ROW = "2 123456789010 eni-0a 10.0.0.1 10.0.0.2 40000 443 6 3 180 1705302000 1705302060 ACCEPT OK"


@dataclass(frozen=True)
class Stored:
    """An object of the bucket, as the lake loads it."""

    key: str
    path: Path
    bucket: str = BUCKET
    etag: str = '"e"'
    here: bool = True
    refused: tuple[()] = ()

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    @property
    def name(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    def fetch(self) -> Path:
        return self.path


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    """Two records of the default format, of one hour, in every kind of folder."""
    folder: Path = tmp_path_factory.mktemp("bucket")
    header = DEFAULT.replace("${", "").replace("}", "")
    path = folder / FILE
    path.write_bytes(gzip.compress(f"{header}\n{ROW}\n{ROW}\n".encode()))
    workspace = Workspace.open(folder / "w.duckdb")
    # Names differ, because an object is known by its name wherever it lies.
    folders = (f"{PLAIN}07/", f"{HIVE}hour=07/")
    list(
        load(
            workspace, [Stored(f"{place}{FILE.replace('T0705', f'T070{n}')}", path) for n, place in enumerate(folders)]
        )
    )
    yield DuckDBEngine(workspace.cursor)
    workspace.close()


SHAPES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {"days": [date(2024, 1, 15)]}, "dt = '2024-01-15'"),
    ({"hourly_partitions": True}, {"days": [date(2024, 1, 15)]}, "dt = '2024-01-15' AND hour = '07'"),
    ({"hive_partitions": True}, {}, "\"aws-account-id\" = '123456789010' AND year = '2024' AND day = '15'"),
    ({"hive_partitions": True, "hourly_partitions": True}, {"days": [date(2024, 1, 15)]}, "hour = '07'"),
    ({}, {"projection": True}, "accid = '123456789010' AND region = 'us-east-1' AND day = '2024/01/15'"),
    ({"file_format": "parquet", "hourly_partitions": True}, {"projection": True}, "\"date\" = '2024/01/15'"),
    ({"hive_partitions": True, "file_format": "parquet"}, {"projection": True}, "\"aws-service\" = 'vpcflowlogs'"),
    ({"log_format": f"{DEFAULT} ${{region}}"}, {"projection": True}, "aws_region = 'us-east-1' AND day = '2024/01/15'"),
]


@pytest.mark.parametrize("number", range(len(SHAPES)))
def test_every_shape_is_taken_and_answers(engine: DuckDBEngine, number: int) -> None:
    log, options, where = SHAPES[number]
    made = ddl(flow_log(**log), table=f"t{number}", **options)
    for statement in split(made.text):
        assert engine.run(statement.text).notices
    found = engine.run(f'SELECT count(*), max("end") FROM vpc_flow_logs.t{number} WHERE {where}').table
    both = 4 if log.get("hive_partitions") else 2
    assert found.column(0).to_pylist()[0] in (2, both)
    assert found.column(1).to_pylist() == [1705302060]
    # Pasting it a second time changes nothing.
    assert engine.run(made.statements[1]).notices


def test_partitions_say_what_is_loaded(engine: DuckDBEngine) -> None:
    made = ddl(flow_log(hourly_partitions=True), table="by_hour", days=[date(2024, 1, 15), date(2024, 1, 16)])
    notices = [engine.run(statement).notices for statement in made.statements]
    assert notices[2][7] == "Partition dt=2024-01-15/hour=07 is bound to the 2 records loaded for it."
    assert notices[3][0].startswith("Nothing is loaded for dt=2024-01-16/hour=00: flowtui load s3://")


def test_the_default_table_is_the_workspaces_own(engine: DuckDBEngine) -> None:
    made = ddl(flow_log(), days=[date(2024, 1, 15)])
    notices = [engine.run(statement).notices for statement in made.statements]
    assert notices[1] == ("Table vpc_flow_logs.flow_logs is bound to the 4 records loaded in the workspace.",)


def test_a_location_is_a_folder_also_without_its_last_slash(engine: DuckDBEngine) -> None:
    table = "CREATE EXTERNAL TABLE neighbour (version int) LOCATION 's3://{0}/{1}'"
    with pytest.raises(QueryError, match="Nothing is loaded from"):
        engine.run(table.format(BUCKET, f"{PLAIN}0"))
    engine.run(table.format(BUCKET, PLAIN.removesuffix("/")))
    assert engine.run("SELECT count(*) FROM neighbour").table.to_pydict() == {"_col0": [2]}
    engine.run("DROP TABLE neighbour")
