"""The ledger keeps what an object's key tells of its partition."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from flowtui.lake import schema
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


def test_a_workspace_of_the_first_version_learns_what_its_keys_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.duckdb"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        patch.setattr(schema, "VERSION", 1)
        Workspace.open(path).close()
    with duckdb.connect(str(path)) as connection:
        for number, key in enumerate((f"logs/{_NAME}", "some.log")):
            connection.execute(
                "INSERT INTO flowtui.objects VALUES (?, '', ?, '', 1, 'hash', 'vpc', 'srcaddr', 0, 0, NULL, NULL, "
                "NULL, NULL, 'loaded', '', now()::TIMESTAMP)",
                [number, key],
            )
    with Workspace.open(path) as workspace:
        assert _partitions(workspace) == [_ROWS[0], _ROWS[2]]
        load_all(workspace, write(tmp_path, "c.log", f"{HEADER}\n{SSH}\n"))
        assert len(_partitions(workspace)) == 3
