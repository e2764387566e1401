from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from flowtui.errors import FlowTuiError, WorkspaceError
from flowtui.lake.forget import find_held, local_place, remove_held
from flowtui.lake.workspace import Workspace
from tests.lake.conftest import COLUMNS, HEADER, NODATA, NODATA_ROW, RDP, SSH, SSH_ROW, ask, load_all, rejected, rows
from tests.lake.conftest import write as write_file

_NAME = "123456789010_vpcflowlogs_us-east-1_fl-1234abcd_{}Z_hash.log"


@pytest.fixture
def logs(workspace: Workspace, tmp_path: Path) -> Path:
    write_file(tmp_path, "logs/a/ssh.log", f"{HEADER} vpc-id\n{SSH} vpc-1\nbad\n")
    write_file(tmp_path, "logs/a-more/nodata.log", f"{HEADER}\n{NODATA}\nworse\n")
    write_file(tmp_path, f"logs/slot/{_NAME.format('20240115T1200')}", f"{HEADER}\n{RDP}\n")
    write_file(tmp_path, "logs/broken/broken.log", "Dear diary,\n")
    load_all(workspace, tmp_path / "logs")
    return tmp_path / "logs"


def test_a_folder_goes_with_all_that_came_from_it(workspace: Workspace, logs: Path) -> None:
    held = find_held(workspace, [local_place(logs / "a")])
    assert [(Path(one.name).name, one.rows, one.rejected) for one in held] == [("ssh.log", 1, 1)]
    remove_held(workspace, held)
    assert len(rows(workspace)) == 2 and SSH_ROW not in rows(workspace)
    assert [row[2] for row in rejected(workspace)] == ["worse"]
    assert [str(row[0]) for row in ask(workspace, "DESCRIBE vpc_flow_logs.flow_logs")] == COLUMNS
    report = load_all(workspace, logs)
    assert (report.records, report.skipped) == (1, 2)


def test_a_file_that_is_gone_can_be_forgotten(workspace: Workspace, logs: Path) -> None:
    path = logs / "a-more" / "nodata.log"
    path.unlink()
    remove_held(workspace, find_held(workspace, [local_place(path)]))
    assert NODATA_ROW not in rows(workspace)
    with pytest.raises(FlowTuiError, match=r"Nothing in the workspace was loaded from .*nodata\.log"):
        find_held(workspace, [local_place(path)])


@pytest.mark.parametrize(
    ("since", "until", "names"),
    [
        (datetime(2024, 1, 15, tzinfo=UTC), None, {_NAME.format("20240115T1200")}),
        (datetime(2024, 1, 15, 12, 5, tzinfo=UTC), None, set()),
        (None, datetime(2014, 12, 31, tzinfo=UTC), {"ssh.log"}),
        (datetime(2015, 1, 1, tzinfo=UTC), datetime(2015, 12, 31, tzinfo=UTC), {"nodata.log"}),
        (None, None, {"ssh.log", "nodata.log", "broken.log", _NAME.format("20240115T1200")}),
    ],
)
def test_a_range_counts_the_slot_in_the_name_else_the_latest_record(
    workspace: Workspace, logs: Path, since: datetime | None, until: datetime | None, names: set[str]
) -> None:
    assert {Path(one.name).name for one in find_held(workspace, [], since, until)} == names


def test_keys_of_a_bucket_are_folders_first(workspace: Workspace) -> None:
    keys = ["p/2024/01/1", "p/2024/01/1/x.log", "p/2024/01/12/x.log", "q"]
    with workspace.cursor() as cursor:
        for number, key in enumerate(keys):
            cursor.execute(
                "INSERT INTO flowtui.objects BY NAME SELECT ? AS id, 'b' AS bucket, ? AS key, 'e' AS etag, 1 AS size, "
                "'' AS content_hash, 'vpc' AS kind, 'srcaddr' AS layout, 0 AS rows, 0 AS rejected, "
                "'loaded' AS status, '' AS reason, now()::TIMESTAMP AS loaded_at",
                [number, key],
            )
    for prefix, found in (("p/2024/01/1", keys[:2]), ("p/2024/01/", keys[:3]), ("p/2", keys[:3]), ("", keys)):
        assert [one.key for one in find_held(workspace, [f"s3://b/{prefix}"])] == found
    for other in ("s3://c/p", "s3://b-2", "/p/2024"):
        with pytest.raises(FlowTuiError, match=f"was loaded from {other}"):
            find_held(workspace, [other])
    assert len(find_held(workspace, ["s3://b"])) == 4


def test_nothing_is_removed_when_it_cannot_be_finished(
    workspace: Workspace, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise duckdb.IOException("IO Error: No space left on device")

    before = rows(workspace), rejected(workspace)
    with monkeypatch.context() as patch:
        patch.setattr("flowtui.lake.forget.refresh_views", fail)
        with pytest.raises(WorkspaceError, match="No room left"):
            remove_held(workspace, find_held(workspace, [local_place(logs)]))
    assert (rows(workspace), rejected(workspace)) == before
    remove_held(workspace, find_held(workspace, [local_place(logs)]))
    assert workspace.summary().objects == workspace.summary().failed == 0
