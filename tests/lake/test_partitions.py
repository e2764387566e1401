"""The ledger keeps what an object's key tells of its partition."""

from __future__ import annotations

from pathlib import Path

import duckdb

from flowtui.lake.schema import PATH_COLUMNS
from flowtui.lake.workspace import Workspace
from tests.lake.conftest import HEADER, SSH, ask, load_all, write

_NAME = "123456789010_vpcflowlogs_us-east-1_fl-1234abcd_20240116T0305Z_hash.log.gz"
_HIVE = "AWSLogs/aws-account-id=123456789010/aws-service=vpcflowlogs/aws-region=us-west-2/year=2024/month=01/day=17"
_ROWS = [
    ("123456789010", "vpcflowlogs", "us-east-1", "2024-01-16", "03"),
    ("123456789010", "vpcflowlogs", "us-west-2", "2024-01-17", "07"),
    (None, None, None, None, None),
]


def _partitions(workspace: Workspace) -> list[tuple[object, ...]]:
    return ask(workspace, f"SELECT {', '.join(PATH_COLUMNS)} FROM flowtui.objects ORDER BY ALL NULLS LAST")


def test_account_service_region_day_and_hour(workspace: Workspace, tmp_path: Path) -> None:
    write(tmp_path, f"a/{_HIVE}/hour=07/{_NAME}", f"{HEADER}\n{SSH}\n")
    write(tmp_path, f"b/{_NAME}", f"{HEADER}\n{SSH}\n")
    write(tmp_path, "c/some.log.gz", f"{HEADER}\n{SSH}\n")
    load_all(workspace, tmp_path)
    assert _partitions(workspace) == _ROWS


def test_a_workspace_of_the_first_version_learns_what_its_keys_tell(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with Workspace.open(path) as workspace:
        load_all(workspace, write(tmp_path, _NAME, f"{HEADER}\n{SSH}\n"), write(tmp_path, "b.log", f"{HEADER}\n"))
    with duckdb.connect(str(path)) as connection:
        for (view,) in connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall():
            connection.execute(f"DROP VIEW vpc_flow_logs.{view}")
        for (table,) in connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'aws'"
        ).fetchall():
            connection.execute(f"DROP TABLE aws.{table}")
        connection.execute("DROP TABLE IF EXISTS flowtui.made")
        for column in PATH_COLUMNS:
            connection.execute(f"ALTER TABLE flowtui.objects DROP COLUMN {column}")
        connection.execute("UPDATE flowtui.version SET version = 1")
    with Workspace.open(path) as workspace:
        assert _partitions(workspace) == [_ROWS[0], _ROWS[2]]
        load_all(workspace, write(tmp_path, "c.log", f"{HEADER}\n{SSH}\n"))
        assert len(_partitions(workspace)) == 3
