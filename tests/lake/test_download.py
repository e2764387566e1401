from __future__ import annotations

import errno
import gzip
import os
import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from flowtui.aws.models import StoredObject
from flowtui.aws.objects import list_objects
from flowtui.errors import AwsError, FlowTuiError
from flowtui.lake import download
from flowtui.lake.download import S3Source, s3_sources
from flowtui.lake.load import load
from flowtui.lake.plan import plan
from flowtui.lake.progress import LoadReport
from flowtui.lake.workspace import Workspace
from tests.aws.scripted import Script
from tests.lake.conftest import HEADER, NODATA, RDP, SSH, SSH_ROW, ask, rows

_BUCKET = "logs"
_TREE = "AWSLogs/123456789010/vpcflowlogs/us-east-1"
_NAME = "123456789010_vpcflowlogs_us-east-1_fl-1234abcd_202401{day:02}T{hour:02}00Z_hash.log.gz"


class Bucket:
    """A bucket in memory, and what was fetched from it."""

    def __init__(self, script: Script) -> None:
        self.store = script.stores[_BUCKET] = MemoryStore()
        script.answers["HeadBucket"] = lambda _: {"BucketRegion": "us-east-1"}
        self.account = script.account()

    def put(self, day: int, hour: int, content: str | bytes) -> str:
        key = f"{_TREE}/2024/01/{day:02}/{_NAME.format(day=day, hour=hour)}"
        self.store.put(key, gzip.compress(content.encode()) if isinstance(content, str) else content)
        return key

    def sources(self, cache: Path, since: datetime | None = None) -> tuple[S3Source, ...]:
        return s3_sources(self.account, list_objects(self.account, _BUCKET, f"{_TREE}/", since), cache)


@pytest.fixture
def bucket() -> Bucket:
    return Bucket(Script())


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keys in the order in which they were fetched."""

    keys: list[str] = []
    real = download.fetch

    def counting(account: object, item: StoredObject) -> bytes:
        keys.append(item.key)
        return real(account, item)  # type: ignore[arg-type]  # a wrapper takes what its original takes

    monkeypatch.setattr(download, "fetch", counting)
    return keys


def _load(workspace: Workspace, sources: tuple[S3Source, ...]) -> LoadReport:
    *_, last = load(workspace, sources)
    assert last.report is not None
    return last.report


def test_objects_are_fetched_loaded_and_kept(
    workspace: Workspace, tmp_path: Path, bucket: Bucket, fetched: list[str]
) -> None:
    for hour in range(24):
        bucket.put(15, hour, f"{HEADER}\n{SSH}\n{NODATA}\n")
    cache = tmp_path / "cache"
    report = _load(workspace, bucket.sources(cache))
    assert (report.objects, report.records, report.partial) == (24, 48, False)
    assert ask(workspace, "SELECT DISTINCT dt FROM vpc_flow_logs.flow_logs") == [("2024-01-15",)]
    assert len(fetched) == 24
    again = _load(workspace, bucket.sources(cache))
    assert (again.objects, again.skipped) == (0, 24)
    with Workspace.open(tmp_path / "other.duckdb") as other:
        assert _load(other, bucket.sources(cache)).records == 48
    assert len(fetched) == 24
    assert not list(cache.rglob(".fetching*"))


def test_what_killed_runs_left_half_fetched_goes_when_it_is_old(
    workspace: Workspace, tmp_path: Path, bucket: Bucket
) -> None:
    key = bucket.put(15, 0, f"{HEADER}\n{SSH}\n")
    (source,) = bucket.sources(tmp_path / "cache")
    folder = source.path.parent
    folder.mkdir(parents=True)
    names = [f".fetching-{age}" for age in ("old", "young")]
    for name, age_s in zip(names, (25 * 3600, 60), strict=True):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (time.time() - age_s,) * 2)
    assert _load(workspace, (source,)).records == 1
    assert {path.name for path in folder.iterdir()} == {names[1], source.path.name}
    assert key.rpartition("/")[2] in source.path.name


def test_a_cache_that_is_removed_meanwhile_is_made_again(workspace: Workspace, tmp_path: Path, bucket: Bucket) -> None:
    for hour in range(2):
        bucket.put(15, hour, f"{HEADER}\n{SSH}\n")
    cache = tmp_path / "cache"
    for source in bucket.sources(cache):
        assert source.fetch().is_relative_to(cache)
        shutil.rmtree(cache)


def test_a_replaced_object_is_fetched_again_and_replaces_its_rows(
    workspace: Workspace, tmp_path: Path, bucket: Bucket, fetched: list[str]
) -> None:
    bucket.put(15, 0, f"{HEADER}\n{SSH}\n{RDP}\nbad\n")
    bucket.put(15, 1, f"{HEADER}\n{SSH}\n")
    _load(workspace, bucket.sources(tmp_path / "cache"))
    key = bucket.put(15, 0, f"{HEADER}\n{SSH}\n")
    report = _load(workspace, bucket.sources(tmp_path / "cache"))
    assert (report.objects, report.records, report.skipped) == (1, 1, 1)
    assert rows(workspace) == [(*SSH_ROW[:-1], "2024-01-15")] * 2
    assert ask(workspace, "SELECT count(*) FROM vpc_flow_logs.rejected_lines") == [(0,)]
    assert fetched.count(key) == 2


def test_the_ledger_names_bucket_key_and_tag(workspace: Workspace, tmp_path: Path, bucket: Bucket) -> None:
    key = bucket.put(15, 0, f"{HEADER}\n{SSH}\nbad\n")
    (source,) = bucket.sources(tmp_path / "cache")
    _load(workspace, (source,))
    assert ask(workspace, "SELECT bucket, key, etag, size, rows, rejected FROM flowtui.objects") == [
        (_BUCKET, key, source.etag, source.size, 1, 1)
    ]
    assert ask(workspace, "SELECT file FROM vpc_flow_logs.rejected_lines") == [(f"s3://{_BUCKET}/{key}",)]


def test_an_object_that_is_gone_or_broken_is_set_aside(workspace: Workspace, tmp_path: Path, bucket: Bucket) -> None:
    gone = bucket.put(15, 0, f"{HEADER}\n{SSH}\n")
    bucket.put(15, 1, f"{HEADER}\n{SSH}\n")
    broken = bucket.put(15, 2, gzip.compress(f"{HEADER}\n{SSH}\n".encode())[:-9])
    sources = bucket.sources(tmp_path / "cache")
    bucket.store.delete(gone)
    report = _load(workspace, sources)
    reasons = {failure.name: failure.reason for failure in report.failed}
    assert set(reasons) == {f"s3://{_BUCKET}/{gone}", f"s3://{_BUCKET}/{broken}"}
    assert "no such object" in reasons[f"s3://{_BUCKET}/{gone}"]
    assert "truncated" in reasons[f"s3://{_BUCKET}/{broken}"]
    assert report.records == 1


def test_expired_credentials_end_the_fetching_and_what_came_is_kept(
    workspace: Workspace, tmp_path: Path, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:

    for hour in range(20):
        bucket.put(15, hour, f"{HEADER}\n{SSH}\n")
    real, served = download.fetch, []

    def expiring(account: object, item: StoredObject) -> bytes:
        if len(served) >= 5:
            raise AwsError("The credentials have expired.", "Log in again.", code="ExpiredToken")
        served.append(item.key)
        return real(account, item)  # type: ignore[arg-type]  # a wrapper takes what its original takes

    with monkeypatch.context() as patch:
        patch.setattr(download, "fetch", expiring)
        *_, last = load(workspace, bucket.sources(tmp_path / "cache"), threads=1)
    report = last.report
    assert report is not None
    assert report.records == 5
    assert len(report.failed) + report.untried == 15 and report.untried > 0
    assert report.stopped_by == "The credentials have expired. Log in again."
    assert _load(workspace, bucket.sources(tmp_path / "cache")).records == 15


def test_a_dry_run_fetches_nothing(workspace: Workspace, tmp_path: Path, bucket: Bucket, fetched: list[str]) -> None:
    bucket.put(15, 0, f"{HEADER}\n{SSH}\n")
    sources = bucket.sources(tmp_path / "cache")
    planned = plan(workspace, sources)
    assert (planned.objects, planned.fetched, planned.fetched_size) == (1, 1, sources[0].size)
    assert 0 < planned.usd < 0.001 and planned.seconds > 0
    assert fetched == [] and not (tmp_path / "cache").exists()
    sources[0].fetch()
    assert plan(workspace, sources).fetched == 0


def test_a_range_leaves_out_other_days(workspace: Workspace, tmp_path: Path, bucket: Bucket) -> None:
    for day in (12, 14, 15):
        bucket.put(day, 12, f"{HEADER}\n{SSH}\n")
    report = _load(workspace, bucket.sources(tmp_path / "cache", since=datetime(2024, 1, 14, 18, tzinfo=UTC)))
    assert report.objects == 1
    assert ask(workspace, "SELECT dt FROM vpc_flow_logs.flow_logs") == [("2024-01-15",)]


@pytest.mark.parametrize(
    "key",
    [
        "../../etc/passwd.log",
        "a/../../b.log",
        "//x.log",
        "./.log",
        "a" * 900 + ".log",
        "ü/%2e%2e/x.log",
        "a\x00b\n.log",
    ],
)
def test_no_key_leads_out_of_the_cache(bucket: Bucket, tmp_path: Path, key: str) -> None:
    item = StoredObject(_BUCKET, key, '"tag"', 1, datetime(2024, 1, 15, tzinfo=UTC))
    source = S3Source(bucket.account, item, tmp_path)
    assert source.path.resolve().is_relative_to(tmp_path.resolve())
    assert ".." not in source.path.parts
    assert len({source.path, replace(source, object=replace(item, etag='"other"')).path}) == 2


def test_a_cache_that_cannot_be_written_says_so(bucket: Bucket, tmp_path: Path) -> None:
    bucket.put(15, 0, f"{HEADER}\n{SSH}\n")
    (tmp_path / "cache").write_text("a file")
    (source,) = bucket.sources(tmp_path / "cache")
    with pytest.raises(FlowTuiError, match="Cannot keep s3://"):
        source.fetch()


def test_a_cached_file_of_another_size_is_fetched_anew(bucket: Bucket, tmp_path: Path, fetched: list[str]) -> None:
    bucket.put(15, 0, f"{HEADER}\n{SSH}\n")
    (source,) = bucket.sources(tmp_path / "cache")
    whole = source.fetch().read_bytes()
    source.path.write_bytes(whole[:10])
    assert source.fetch().read_bytes() == whole
    assert len(fetched) == 2


def test_a_full_cache_disk_ends_the_fetching_and_the_next_step_is_told(
    workspace: Workspace, tmp_path: Path, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour in range(20):
        bucket.put(15, hour, f"{HEADER}\n{SSH}\n")

    def full(place: str, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(download, "_keep", full)
        *_, last = load(workspace, bucket.sources(tmp_path / "cache"), threads=1)
    report = last.report
    assert report is not None
    assert len(report.failed) + report.untried == 20 and report.untried > 0
    assert "No space left" in report.failed[0].reason
    assert report.hints == ("Free some space, or set XDG_CACHE_HOME to another folder.",)
    assert report.hints[0] in report.stopped_by
