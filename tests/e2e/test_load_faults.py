"""Whatever befalls a load, it ends with a reason, and the next one completes it: rows by object equal the truth."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flowtui.aws import patience
from flowtui.lake import feeder, load
from flowtui.records.fields import DEFAULT_FORMAT
from tests.e2e.conftest import ROOT, Cli, StandIn
from tests.e2e.faults import Fault
from tests.e2e.records import BUCKET, line
from tests.lake.conftest import open_soon

START = 1705327500
PREFIX = "logs/"


def _text(records: int) -> bytes:
    lines = [" ".join(DEFAULT_FORMAT), *(line(START, port=port) for port in range(records)), ""]
    return gzip.compress("\n".join(lines).encode())


def _parquet(records: int) -> bytes:
    out = io.BytesIO()
    numbers = pa.array(range(records), pa.int32())
    pq.write_table(pa.table({"srcport": numbers, "action": pa.array(["ACCEPT"] * records)}), out, row_group_size=50)
    return out.getvalue()


def _events(records: int) -> bytes:
    events = [{"eventId": str(port), "message": line(START, port=port)} for port in range(records)]
    return json.dumps({"events": events}).encode()


_FORMS = {".log.gz": _text, ".log.parquet": _parquet, ".json": _events}


def _fill(aws: StandIn, objects: int = 6, more: int = 0) -> dict[str, int]:
    """Objects of every form, and how many records each has."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    truth = {}
    for number in range(objects):
        ending = list(_FORMS)[number % len(_FORMS)]
        key = f"{PREFIX}{number:02} %2B+&é{ending}"
        truth[key] = 20 + number + more
        s3.put_object(Bucket=BUCKET, Key=key, Body=_FORMS[ending](truth[key]))
    return truth


def _counts(workspace: Path) -> dict[str, int]:
    with duckdb.connect(str(workspace), read_only=True) as connection:
        rows = connection.execute(
            'SELECT o.key, count(*) FROM flowtui.vpc_records r JOIN flowtui.objects o ON o.id = r."object id" '
            "GROUP BY 1"
        ).fetchall()
        orphans = 'SELECT count(*) FROM flowtui.vpc_records WHERE "object id" NOT IN (SELECT id FROM flowtui.objects)'
        assert connection.execute(orphans).fetchall() == [(0,)]
    return dict(rows)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "w.duckdb"


FAULTS = {
    "deleted between list and get": (Fault("s3", "GetObject", code="NoSuchKey", status=404, after=2, times=1), 3),
    "replaced between list and get": (Fault("s3", "GetObject", code="PreconditionFailed", status=412, times=1), 3),
    "credentials expire": (Fault("s3", "GetObject", code="ExpiredToken", after=2), 3),
    "denied": (Fault("s3", "GetObject", code="AccessDenied", status=403), 1),
    "the listing is throttled": (Fault("s3", "ListObjectsV2", code="SlowDown", status=503), 1),
    "the listing fails": (Fault("s3", "ListObjectsV2", code="AccessDenied", status=403), 1),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_has_a_reason_and_the_next_run_completes(
    aws: StandIn, cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    monkeypatch.setattr(patience, "LIMIT_S", 0.0)
    truth = _fill(aws)
    arguments = ("load", f"s3://{BUCKET}/{PREFIX}", "--region", "us-east-1", "--workspace", str(workspace))
    fault, status = FAULTS[name]
    aws.fail(fault)
    result = cli(*arguments)
    assert (result.status, BUCKET in result.err) == (status, True), result.err
    assert all(said.count(f"s3://{BUCKET}") <= 1 for said in result.err.splitlines()), result.err
    if name == "denied":
        assert ": s3:GetObject in us-east-1 was denied: said by the test\n" in result.err
    if workspace.exists():
        assert _counts(workspace).items() <= truth.items()
    aws.fail()
    result = cli(*arguments)
    assert (result.status, result.err) == (0, "")
    assert _counts(workspace) == truth


def test_a_byte_flipped_on_the_way_is_fetched_anew_by_the_next_run(aws: StandIn, cli: Cli, workspace: Path):
    truth = dict(list(_fill(aws).items())[:1])
    key = next(iter(truth))
    arguments = ("load", f"s3://{BUCKET}/{key}", "--region", "us-east-1", "--workspace", str(workspace))
    aws.fail(Fault("s3", "GetObject", flip=60, times=1))
    result = cli(*arguments)
    assert (result.status, "its gzip data is damaged" in result.err) == (1, True), result.err
    assert cli(*arguments).status == 0
    assert _counts(workspace) == truth


def test_a_damaged_object_is_set_aside_until_it_is_mended(aws: StandIn, cli: Cli, workspace: Path):
    truth = _fill(aws)
    key = next(iter(truth))
    damaged = bytearray(_text(truth[key]))
    damaged[len(damaged) // 2] ^= 0x55
    aws.client("s3").put_object(Bucket=BUCKET, Key=key, Body=bytes(damaged))
    arguments = ("load", f"s3://{BUCKET}/{PREFIX}", "--region", "us-east-1", "--workspace", str(workspace))
    for _ in range(2):
        result = cli(*arguments)
        assert (result.status, "its gzip data is damaged" in result.err) == (3, True), result.err
        assert _counts(workspace) == {one: count for one, count in truth.items() if one != key}
    aws.client("s3").put_object(Bucket=BUCKET, Key=key, Body=_text(truth[key]))
    assert cli(*arguments).status == 0
    assert _counts(workspace) == truth


def test_the_network_is_gone(aws: StandIn, cli: Cli, workspace: Path):
    truth = _fill(aws)
    arguments = ("load", f"s3://{BUCKET}/{PREFIX}", "--region", "us-east-1", "--workspace", str(workspace))
    result = cli(*arguments, endpoint="http://127.0.0.1:9")
    assert (result.status, "127.0.0.1:9" in result.err) == (1, True), result.err
    assert cli(*arguments).status == 0
    assert _counts(workspace) == truth


@pytest.mark.parametrize("status", [503, 500])
def test_a_service_in_trouble_for_good_is_not_asked_for_every_object(
    aws: StandIn, cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch, status: int
):
    """The patience is that of a load of any length, none here; each request has its own before."""
    monkeypatch.setattr(feeder, "_NOTHING_THROUGH_S", 0.0)
    monkeypatch.setattr(load, "FETCHERS", 2)
    truth = _fill(aws, objects=20)
    arguments = ("load", f"s3://{BUCKET}/{PREFIX}", "--region", "us-east-1", "--workspace", str(workspace))
    aws.fail(Fault("s3", "GetObject", code="SlowDown" if status == 503 else "InternalError", status=status))
    result = cli(*arguments)
    assert result.status == 1, result.err
    assert re.search("1[89] objects not tried for the same reason", result.err), result.err
    aws.fail()
    assert cli(*arguments).status == 0
    assert _counts(workspace) == truth


@pytest.mark.parametrize("operation", ["HeadBucket", "ListObjectsV2", "GetObject"])
def test_throttling_is_sat_out(
    aws: StandIn, cli: Cli, workspace: Path, monkeypatch: pytest.MonkeyPatch, operation: str
):
    """More refusals than a request's own retries outlive."""
    monkeypatch.setattr(patience, "_FIRST_S", 0.0)
    monkeypatch.setattr(load, "FETCHERS", 1)
    truth = _fill(aws, objects=2)
    aws.fail(Fault("s3", operation, code="SlowDown", status=503, times=15))
    arguments = ("load", f"s3://{BUCKET}/{PREFIX}", "--region", "us-east-1", "--workspace", str(workspace))
    result = cli(*arguments)
    assert (result.status, result.err) == (0, "")
    assert _counts(workspace) == truth


def test_interrupted_while_a_listing_is_not_answered(aws: StandIn, workspace: Path):
    _fill(aws, objects=1)
    aws.fail(Fault("s3", "ListObjectsV2", delay_s=120.0))
    command = [sys.executable, "-m", "flowtui", "load", f"s3://{BUCKET}/{PREFIX}", "--workspace", str(workspace)]
    with subprocess.Popen([*command, "--endpoint-url", aws.url], stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not aws.count("ListObjectsV2"):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, "interrupted" in said) == (130, True), said


def test_replaced_objects_replace_their_rows_and_one_object_has_one_name(aws: StandIn, cli: Cli, workspace: Path):
    _fill(aws)
    arguments = ("--region", "us-east-1", "--workspace", str(workspace))
    assert cli("load", f"s3://{BUCKET}/{PREFIX}", *arguments).status == 0
    truth = _fill(aws, more=5)
    key = next(iter(truth))
    for place in (f"s3://{BUCKET}/{key}", f"S3://{BUCKET}/{PREFIX}", f"s3://{BUCKET}"):
        result = cli("load", place, f"s3://{BUCKET}/{key}", *arguments)
        assert result.status == 0, result.err
    assert _counts(workspace) == truth


def test_killed_at_any_moment_while_objects_are_replaced(aws: StandIn, cli: Cli, workspace: Path):
    """Rows of every object are those of its old or of its new content, never of both or of a part."""
    arguments = ("load", f"s3://{BUCKET}/{PREFIX}", "--region", "us-east-1", "--workspace", str(workspace))
    old = _fill(aws, 12)
    assert cli(*arguments).status == 0
    new = _fill(aws, 12, more=100)
    for seed in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", _SLOWLY, *arguments, "--endpoint-url", aws.url], cwd=ROOT, stderr=subprocess.PIPE
        )
        assert process.stderr is not None
        with process.stderr:
            process.stderr.readline()
            time.sleep(random.Random(seed).random() * 0.3)
            process.kill()
            process.wait()
        open_soon(workspace).close()
        found = _counts(workspace)
        assert set(found) == set(new)
        assert all(count in (old[key], new[key]) for key, count in found.items())
    assert cli(*arguments).status == 0
    assert _counts(workspace) == new


# Small batches, so that a kill finds some committed and one at work.
_SLOWLY = """
import sys
import flowtui.lake.load as module
from flowtui.cli import run
module._SMALL_BATCH = 1
module._LARGE_COUNT = 1
steps = module._Load.steps
def said(self, sources, threads):
    for progress in steps(self, sources, threads):
        print("step", file=sys.stderr, flush=True)
        yield progress
module._Load.steps = said
run(sys.argv[1:])
"""
