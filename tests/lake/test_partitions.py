from __future__ import annotations

from pathlib import Path

import duckdb

from flowtui.lake.schema import PATH_COLUMNS, partition_values, table_columns
from flowtui.lake.workspace import Workspace
from tests.lake.conftest import HEADER, SSH, ask, load_all, write

_NAME = "123456789010_vpcflowlogs_us-east-1_fl-1234abcd_20240116T0305Z_hash.log.gz"
_HIVE = "AWSLogs/aws-account-id=123456789010/aws-service=vpcflowlogs/aws-region=us-west-2/year=2024/month=01/day=17"


def _partitions(workspace: Workspace) -> list[tuple[object, ...]]:
    with workspace.cursor() as cursor:
        values = partition_values("vpc", table_columns(cursor, "vpc"))
    chosen = [values[name] for name in ("account", "region", "year", "month", "day_of_month", "hour", "day", "service")]
    return ask(
        workspace,
        f"SELECT {', '.join(chosen)} FROM flowtui.vpc_records r "
        'JOIN flowtui.objects o ON o.id = r."object id" ORDER BY 1, 2, 3, 4, 5',
    )


def test_values_come_from_the_path_else_the_name_else_the_record(workspace: Workspace, tmp_path: Path) -> None:
    record = SSH.replace("123456789010", "001234567890")
    write(tmp_path, f"a/{_HIVE}/hour=07/{_NAME}", f"{HEADER}\n{record}\n")
    write(tmp_path, f"b/{_NAME}", f"{HEADER}\n{record}\n")
    write(tmp_path, "c/some.log.gz", f"{HEADER} region\n{record} eu-west-1\n")
    load_all(workspace, tmp_path)
    assert _partitions(workspace) == [
        ("001234567890", "eu-west-1", "2014", "12", "14", "04", "2014-12-14", "vpcflowlogs"),
        ("123456789010", "us-east-1", "2024", "01", "16", "03", "2024-01-16", "vpcflowlogs"),
        ("123456789010", "us-west-2", "2024", "01", "17", "07", "2024-01-17", "vpcflowlogs"),
    ]


def test_a_workspace_of_the_first_version_learns_what_its_keys_tell(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with Workspace.open(path) as workspace:
        load_all(workspace, write(tmp_path, _NAME, f"{HEADER}\n{SSH}\n"), write(tmp_path, "b.log", f"{HEADER}\n"))
        expected = _partitions(workspace)
    with duckdb.connect(str(path)) as connection:
        for column in PATH_COLUMNS:
            connection.execute(f"ALTER TABLE flowtui.objects DROP COLUMN {column}")
        connection.execute("UPDATE flowtui.version SET version = 1")
    with Workspace.open(path) as workspace:
        assert _partitions(workspace) == expected
        assert expected[0][:2] == ("123456789010", "us-east-1")
        load_all(workspace, write(tmp_path, "c.log", f"{HEADER}\n{SSH}\n"))
        assert len(_partitions(workspace)) == 2
