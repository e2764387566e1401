import gzip
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flowtui.lake.workspace import Workspace
from flowtui.records.fields import DEFAULT_FORMAT
from flowtui.times import system_clock
from tests.e2e.conftest import Cli, StandIn
from tests.e2e.faults import Fault
from tests.e2e.records import ACCOUNT_ID, BUCKET, line, put_object, seconds

TREE = f"AWSLogs/{ACCOUNT_ID}/vpcflowlogs/us-east-1/"
URI = f"s3://{BUCKET}/{TREE}"


@pytest.fixture
def workspace(tmp_path: Path) -> tuple[str, ...]:
    return ("--workspace", str(tmp_path / "w.duckdb"), "--region", "us-east-1")


@pytest.fixture
def slots() -> list[datetime]:
    now = system_clock().replace(second=0, microsecond=0)
    recent = now - timedelta(minutes=now.minute % 5)
    return [recent - timedelta(days=days) for days in (0, 1, 2, 9)]


def count(workspace: tuple[str, ...]) -> int:
    """Rows of the workspace's table."""
    held = Workspace.open(Path(workspace[1]))
    try:
        with held.cursor() as cursor:
            row = cursor.execute("SELECT COUNT(*) FROM vpc_flow_logs.flow_logs").fetchone()
    finally:
        held.close()
    assert row is not None
    return int(row[0])


def fill(aws: StandIn, slots: list[datetime]) -> list[str]:
    return [put_object(aws, slot, *(line(seconds(slot) - 30, port=port) for port in range(10))) for slot in slots]


def test_load_twice(aws: StandIn, cli: Cli, workspace: tuple[str, ...], slots: list[datetime]):
    fill(aws, slots)
    result = cli("load", URI, *workspace)
    assert result.status == 0, result.err
    assert "40 records from 4 objects" in result.out
    assert count(workspace) == 40
    aws.fail()
    assert cli("load", URI, *workspace).status == 0
    assert count(workspace) == 40
    assert aws.count("GetObject") == 0


def test_a_range_lists_and_fetches_its_days_only(
    aws: StandIn, cli: Cli, workspace: tuple[str, ...], slots: list[datetime]
):
    fill(aws, slots)
    aws.fail()
    result = cli("load", f"s3://{BUCKET}/", "--since", "3d", *workspace)
    assert result.status == 0, result.err
    assert count(workspace) == 30
    assert aws.count("GetObject") == 3


def test_objects_that_may_not_be_read(aws: StandIn, cli: Cli, workspace: tuple[str, ...], slots: list[datetime]):
    fill(aws, slots)
    aws.fail(Fault("s3", "GetObject", code="AccessDenied", message="Access Denied", status=403))
    result = cli("load", URI, *workspace)
    assert result.status == 1
    assert "s3:GetObject" in result.err
    assert BUCKET in result.err


def test_a_bucket_that_may_not_be_listed(aws: StandIn, cli: Cli, workspace: tuple[str, ...], slots: list[datetime]):
    fill(aws, slots[:1])
    aws.fail(Fault("s3", "ListObjectsV2", code="AccessDenied", message="Access Denied", status=403))
    result = cli("load", URI, *workspace)
    assert result.status == 1
    assert "s3:ListBucket" in result.err


def test_a_bucket_that_is_not_there(cli: Cli, workspace: tuple[str, ...]):
    result = cli("load", "s3://no-such-bucket/AWSLogs/", *workspace)
    assert result.status == 1
    assert "There is no bucket no-such-bucket" in result.err


def test_a_prefix_with_nothing_under_it(aws: StandIn, cli: Cli, workspace: tuple[str, ...], slots: list[datetime]):
    fill(aws, slots[:1])
    result = cli("load", f"s3://{BUCKET}/elsewhere/", *workspace)
    assert result.status == 1
    assert f"s3://{BUCKET}/elsewhere/" in result.err


def test_slow_down_is_tried_again(aws: StandIn, cli: Cli, workspace: tuple[str, ...], slots: list[datetime]):
    fill(aws, slots)
    aws.fail(
        Fault("s3", "ListObjectsV2", code="SlowDown", status=503, times=1),
        Fault("s3", "GetObject", code="SlowDown", status=503, times=2),
    )
    result = cli("load", URI, *workspace)
    assert result.status == 0, result.err
    assert count(workspace) == 40


def test_a_body_that_is_cut_off_is_resumed(aws: StandIn, cli: Cli, workspace: tuple[str, ...], slots: list[datetime]):
    fill(aws, slots[:1])
    aws.fail(Fault("s3", "GetObject", truncate=40, times=2))
    result = cli("load", URI, *workspace)
    assert result.status == 0, result.err
    assert count(workspace) == 10
    assert aws.count("GetObject") == 3


def test_bodies_that_never_come_are_reported_and_a_second_run_completes(
    aws: StandIn, cli: Cli, workspace: tuple[str, ...], slots: list[datetime]
):
    fill(aws, slots[:1])
    aws.fail(Fault("s3", "GetObject", truncate=0))
    result = cli("load", URI, *workspace)
    assert result.status == 1
    assert BUCKET in result.err
    aws.fail()
    assert cli("load", URI, *workspace).status == 0
    assert count(workspace) == 10


ODD_KEYS = [
    *("weird//double.log.gz", "weird/../up.log.gz", "weird/./here.log.gz", "weird/bell\x07.log.gz"),
    *("weird/a.log.gz", "weird/z z+&.log.gz"),
]


def fill_oddly(aws: StandIn, slots: list[datetime]) -> None:
    fill(aws, slots[:1])
    for number, key in enumerate(ODD_KEYS):
        text = "\n".join([" ".join(DEFAULT_FORMAT), line(seconds(slots[0]) - 30, port=number), ""])
        aws.client("s3").put_object(Bucket=BUCKET, Key=key, Body=gzip.compress(text.encode()))


@pytest.mark.parametrize(
    ("place", "records"), [("weird/", 6), ("weird", 6), ("wei", 6), ("", 16), ("weird//double.log.gz", 1), ("AWSL", 10)]
)
def test_keys_that_are_no_paths_are_loaded_like_any_other(
    aws: StandIn, cli: Cli, workspace: tuple[str, ...], slots: list[datetime], place: str, records: int
):
    fill_oddly(aws, slots)
    result = cli("load", f"s3://{BUCKET}/{place}", *workspace)
    assert (result.status, result.err) == (0, "")
    assert count(workspace) == records
    assert "Loaded 0 records" in cli("load", f"s3://{BUCKET}/{place}", *workspace).out


def test_a_range_finds_its_tree_beside_odd_keys(
    aws: StandIn, cli: Cli, workspace: tuple[str, ...], slots: list[datetime]
):
    fill_oddly(aws, slots)
    aws.client("s3").put_object(Bucket=BUCKET, Key="AWSLogs//odd.log", Body=b"")
    aws.client("s3").put_object(Bucket=BUCKET, Key="AWSLogs/bell\x07.log", Body=b"")
    result = cli("load", f"s3://{BUCKET}/", "--since", "6h", *workspace)
    assert (result.status, result.err) == (0, "")
    assert count(workspace) == 10


def test_an_odd_object_that_cannot_be_had_is_reported_and_the_rest_loaded(
    aws: StandIn, cli: Cli, workspace: tuple[str, ...], slots: list[datetime]
):
    fill_oddly(aws, slots)
    aws.client("s3").put_object(Bucket=BUCKET, Key="weird//bad.log.gz", Body=b"nothing of the kind")
    result = cli("load", f"s3://{BUCKET}/weird/", *workspace)
    assert result.status == 3
    assert "weird//bad.log.gz: it is named .gz but is not gzip" in result.err
    assert count(workspace) == 6


@pytest.mark.parametrize("operation", ["GetObject", "ListObjectsV2"])
def test_expired_credentials_always_say_to_log_in_again(
    aws: StandIn, cli: Cli, workspace: tuple[str, ...], slots: list[datetime], operation: str
):
    fill(aws, slots)
    aws.fail(Fault("s3", operation, code="ExpiredToken", message="The provided token has expired.", status=400))
    result = cli("load", URI, *workspace)
    assert result.status == 1
    assert result.err.count("Log in again: aws sso login") == 1
    assert "has expired" in result.err
