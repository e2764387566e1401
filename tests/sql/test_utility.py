"""SHOW, DESCRIBE and Hive's DDL over the workspace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flowtui.errors import QueryError
from flowtui.sql.duckdb_engine import DuckDBEngine
from tests.sql.conftest import COLUMNS, make_table
from tests.sql.records import ROWS, tuples

SEED = Path(__file__).parents[2].parent / "shared" / "seed" / "vpc-flow-logs-examples.md"
CREATE = """
CREATE EXTERNAL TABLE IF NOT EXISTS vpc_flow_logs.flow_logs (
  version int,
  srcaddr string,
  `start` bigint COMMENT 'seconds',
  end bigint
)
PARTITIONED BY (dt string)
ROW FORMAT DELIMITED
FIELDS TERMINATED BY ' '
LOCATION 's3://bucket/AWSLogs/{account-id}/vpcflowlogs/{region}/'
TBLPROPERTIES ("skip.header.line.count"="1");
"""


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    opened = duckdb.connect()
    make_table(opened, tuples())
    yield opened
    opened.close()


@pytest.fixture
def loaded(connection: duckdb.DuckDBPyConnection) -> DuckDBEngine:
    return DuckDBEngine(connection.cursor)


def first(engine: DuckDBEngine, text: str) -> list[object]:
    result = engine.run(text)
    values: list[object] = result.table.column(0).to_pylist()
    return values


def test_show(loaded: DuckDBEngine) -> None:
    assert first(loaded, "SHOW DATABASES") == ["vpc_flow_logs"]
    assert first(loaded, "show schemas like 'vpc*'") == ["vpc_flow_logs"]
    assert first(loaded, "SHOW DATABASES LIKE 'x%'") == []
    assert first(loaded, "SHOW TABLES") == ["flow_logs"]
    assert first(loaded, "SHOW TABLES IN vpc_flow_logs '*logs'") == ["flow_logs"]
    assert first(loaded, "SHOW COLUMNS IN flow_logs") == list(COLUMNS)
    assert first(loaded, "SHOW PARTITIONS vpc_flow_logs.flow_logs") == ["dt=2024-01-15", "dt=2024-01-16"]


def test_describe(loaded: DuckDBEngine) -> None:
    for text in ("DESCRIBE flow_logs", "DESC EXTENDED vpc_flow_logs.flow_logs", "DESCRIBE `vpc_flow_logs.flow_logs`"):
        result = loaded.run(text)
        assert [column.name for column in result.columns] == ["col_name", "data_type", "comment"]
        assert result.table.column(1).to_pylist()[:4] == ["int", "string", "string", "string"]
        assert result.table.column(2).to_pylist()[-1] == "partition"


def test_show_create_table_can_be_run_again(loaded: DuckDBEngine) -> None:
    lines = [str(line) for line in first(loaded, "SHOW CREATE TABLE flow_logs")]
    text = "\n".join(lines).replace("TABLE `", "TABLE IF NOT EXISTS `")
    text = text.replace("TBLPROPERTIES", "LOCATION 's3://b/p/'\nTBLPROPERTIES")
    assert f"{len(ROWS)} records" in loaded.run(text).notices[0]


@pytest.mark.skipif(not SEED.exists(), reason="the seed document lies beside the repository, not in it")
def test_the_seeds_ddl_verbatim(loaded: DuckDBEngine) -> None:
    blocks = [part.split("```")[0] for part in SEED.read_text(encoding="utf-8").split("```sql\n")[1:]]
    ddl = [block for block in blocks if not block.startswith("SELECT")]
    assert len(ddl) == 3
    notices = [loaded.run(block).notices for block in ddl]
    assert "workspace" in notices[0][0]
    assert f"{len(ROWS)} records" in notices[1][0]
    assert "13 records loaded for it" in notices[2][0]


def test_create_table_reads_hives_words(loaded: DuckDBEngine) -> None:
    assert "bound to the" in loaded.run(CREATE).notices[0]
    with pytest.raises(QueryError, match="exists already"):
        loaded.run(CREATE.replace(" IF NOT EXISTS", ""))
    with pytest.raises(QueryError, match="No loaded record") as caught:
        loaded.run(CREATE.replace("srcaddr string", "scraddr string"))
    assert "srcaddr" in caught.value.hint
    with pytest.raises(QueryError, match="Nothing is loaded from"):
        loaded.run(CREATE.replace("vpc_flow_logs.flow_logs", "vpc_flow_logs.other"))
    with pytest.raises(QueryError, match="LOCATION is missing"):
        loaded.run("\n".join(line for line in CREATE.splitlines() if not line.startswith("LOCATION")))


def test_partitions(loaded: DuckDBEngine) -> None:
    add = "ALTER TABLE flow_logs ADD IF NOT EXISTS PARTITION (dt='{}') LOCATION 's3://b/2024/01/17/'"
    later = sum(row.dt == "2024-01-16" for row in ROWS)
    assert f"the {later} records" in loaded.run(add.format("2024-01-16")).notices[0]
    assert "flowtui load s3://b/2024/01/17/" in loaded.run(add.format("2024-01-17")).notices[0]
    with pytest.raises(QueryError, match="not partitioned by day"):
        loaded.run("ALTER TABLE flow_logs ADD PARTITION (day='2024-01-16')")
    assert "nothing to repair" in loaded.run("MSCK REPAIR TABLE flow_logs").notices[0]


def test_create_database(connection: duckdb.DuckDBPyConnection, loaded: DuckDBEngine) -> None:
    assert "was made" in loaded.run("CREATE DATABASE scratch COMMENT 'x' LOCATION 's3://b/'").notices[0]
    assert first(loaded, "SHOW DATABASES") == ["scratch", "vpc_flow_logs"]
    with pytest.raises(QueryError, match="exists already"):
        loaded.run("CREATE DATABASE scratch")


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("SHOW PARTITIONS flow_log", 1, 17, "no table flow_log"),
        ("SHOW TABLES IN nowhere", 1, 16, "no database nowhere"),
        ("SHOW EVERYTHING", 1, 6, "SHOW knows"),
        ("DESCRIBE flow_logs now", 1, 20, "has no column now"),
        ("DESCRIBE flow_logs bytes now", 1, 26, "not expected"),
        ("\nINSERT INTO flow_logs SELECT 1", 2, 13, "not made by a statement"),
        ("UPDATE flow_logs SET bytes = 1", 1, 1, "UPDATE changes nothing"),
        ("UNLOAD (SELECT 1) TO 's3://b/'", 1, 1, "not available locally"),
        ("USE vpc_flow_logs", 1, 1, "no USE"),
        ("COPY flow_logs TO 'x'", 1, 1, "begins no statement"),
        ("ATTACH 'x'", 1, 1, "begins no statement"),
        ("PRAGMA version", 1, 1, "begins no statement"),
        ("SET threads = 1", 1, 1, "begins no statement"),
    ],
)
def test_refused(loaded: DuckDBEngine, text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        loaded.run(text)
    assert (caught.value.line, caught.value.column) == (line, column)
