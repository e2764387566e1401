"""``flowtui load`` on files written by hand, and on the demo account's buckets."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from flowtui.cli import load as load_command
from flowtui.cli.load_report import progress_line
from flowtui.cli.tables import StatusLine
from flowtui.lake.progress import LoadProgress
from tests.cli.conftest import Run

HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
)
RECORD = "2 123456789010 eni-1235b8ca123456789 10.0.0.1 10.0.0.2 {port} 22 6 20 4249 1705327500 1705327560 ACCEPT OK"


def _file(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    _file(folder, "a.log.gz", HEADER, *(RECORD.format(port=port) for port in range(5)))
    _file(folder, "below/b.log", HEADER + " vpc-id new-field", RECORD.format(port=7) + " vpc-1 x")
    _file(folder, "README.md", "not a flow log")
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "w.duckdb"


def _rows(workspace: Path) -> int:
    with duckdb.connect(str(workspace), read_only=True) as connection:
        row = connection.execute("SELECT count(*) FROM vpc_flow_logs.flow_logs").fetchone()
    assert row is not None
    return int(row[0])


def test_a_folder_is_loaded_and_the_report_says_what_was_seen(run: Run, logs: Path, workspace: Path) -> None:
    first = run("load", str(logs), "--workspace", str(workspace))
    assert first.status == 0
    assert "Loaded 6 records from 2 objects" in first.out
    assert "from 2024-01-15 14:05:00 to 2024-01-15 14:06:00 UTC" in first.out
    assert "version 2, 14 fields: 5 records in 1 object\n" in first.out
    assert "version 3, 16 fields, unknown: new-field: 1 record in 1 object\n" in first.out
    assert "Left out 1 file not of flow logs" in first.err
    assert _rows(workspace) == 6


def test_a_second_time_adds_nothing(run: Run, logs: Path, workspace: Path) -> None:
    run("load", str(logs), "--workspace", str(workspace))
    again = run("load", str(logs), "--workspace", str(workspace))
    assert again.status == 0
    assert "Loaded 0 records" in again.out and "2 objects already in the workspace" in again.out
    assert _rows(workspace) == 6


def test_a_dry_run_loads_nothing(run: Run, logs: Path, workspace: Path) -> None:
    result = run("load", "--dry-run", str(logs), "--workspace", str(workspace))
    assert (result.status, result.out.startswith("Would load 2 objects")) == (0, True)
    assert "fetch" not in result.out
    assert not workspace.exists()
    run("load", str(logs), "--workspace", str(workspace))
    _file(logs, "c.log", HEADER, RECORD.format(port=8))
    result = run("load", "--dry-run", str(logs), "--workspace", str(workspace), "--output", "json")
    planned = json.loads(result.out)
    assert (planned["objects"], planned["skipped"], planned["estimated_usd"]) == (1, 2, 0)
    assert _rows(workspace) == 6


def test_a_dry_run_heeds_the_format_that_is_stated_now(run: Run, tmp_path: Path, workspace: Path) -> None:
    bare = tmp_path / "bare.log"
    bare.write_text("10.0.0.1 10.0.0.2 443 1705327512\n")

    def left(format: str) -> object:
        options = ("--format", format, "--workspace", str(workspace), "--output", "json")
        return json.loads(run("load", "--dry-run", str(bare), *options).out)["objects"]

    loaded = "srcaddr dstaddr dstport start"
    assert run("load", str(bare), "--format", loaded, "--workspace", str(workspace)).status == 0
    assert (left(loaded), left("dstaddr srcaddr dstport start")) == (0, 1)


def test_a_dry_run_on_s3_tells_cost_and_time(demo: Run, workspace: Path) -> None:
    result = demo("load", "--dry-run", "s3://demo-flow-logs/", "--since", "3h", "--workspace", str(workspace))
    assert result.status == 0
    assert "to fetch" in result.out and "at most $" in result.out and "prices of 2026-06" in result.out
    assert not workspace.exists()


def test_what_is_refused_is_named_on_stderr_and_the_status_says_in_part(run: Run, logs: Path, workspace: Path) -> None:
    (logs / "cut.log.gz").write_bytes((logs / "a.log.gz").read_bytes()[:-10])
    _file(logs, "bad.log", HEADER, "hello\x1b[31m", RECORD.format(port=9))
    result = run("load", str(logs), "--workspace", str(workspace))
    assert result.status == 3
    assert "cut.log.gz: its gzip data is truncated" in result.err
    assert "bad.log: 1 line refused" in result.err
    assert "vpc_flow_logs.rejected_lines" in result.err
    assert "\x1b[31m" not in result.out + result.err
    assert _rows(workspace) == 7


def test_nothing_but_broken_files_is_a_failure(run: Run, tmp_path: Path, workspace: Path) -> None:
    path = _file(tmp_path, "prose.log", "Dear diary,")
    result = run("load", str(path), "--workspace", str(workspace))
    assert result.status == 1
    assert "prose.log: its first line is no header of field names: Dear diary," in result.err


def test_json(run: Run, logs: Path, workspace: Path) -> None:
    _file(logs, "prose.log", "Dear diary,")
    result = run("load", str(logs), "--workspace", str(workspace), "--output", "json")
    report = json.loads(result.out)
    assert (report["records"], report["objects"], report["first_start"]) == (6, 2, 1705327500)
    assert [failure["name"].rsplit("/")[-1] for failure in report["failed"]] == ["prose.log"]
    assert {(layout["kind"], len(layout["fields"]), layout["records"]) for layout in report["layouts"]} == {
        *(("vpc", 14, 5), ("vpc", 16, 1))
    }


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("{tmp}/nowhere",), 1, "No file or folder"),
        (("{tmp}/empty",), 1, "No flow log files under"),
        ((), 2, "Missing argument"),
        (("",), 2, "An empty path names nothing"),
        (("{tmp}/empty", " "), 2, "An empty path names nothing"),
        (("{tmp}/empty", "--since", "soonish"), 2, "'soonish' is not a time"),
        (("{tmp}/empty", "--since", "2024-01-16", "--until", "2024-01-14"), 2, "lies before"),
        (("http://bucket/x",), 2, "is not an S3 URI"),
    ],
)
def test_a_request_that_cannot_be_met(
    run: Run, tmp_path: Path, workspace: Path, arguments: tuple[str, ...], status: int, words: str
) -> None:
    (tmp_path / "empty").mkdir()
    result = run("load", *(one.format(tmp=tmp_path) for one in arguments), "--workspace", str(workspace))
    assert result.status == status
    assert words in result.err and "Traceback" not in result.err
    assert not workspace.exists()


def test_a_workspace_that_is_none(run: Run, logs: Path, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("milk\n" * 1000)
    result = run("load", str(logs), "--workspace", str(other))
    assert result.status == 1
    assert "notes.txt is not a flowtui workspace" in result.err and "--workspace" in result.err


def test_a_range_leaves_out_files_of_other_days_by_their_names(run: Run, tmp_path: Path, workspace: Path) -> None:
    name = "123456789010_vpcflowlogs_us-east-1_fl-1234abcd_202401{day}T1200Z_hash.log.gz"
    for day in (13, 14, 15):
        _file(tmp_path / "logs", name.format(day=day), HEADER, RECORD.format(port=day))
    result = run(
        *("load", str(tmp_path / "logs"), "--workspace", str(workspace)),
        *("--since", "2024-01-14", "--until", "2024-01-14"),
    )
    assert result.status == 0
    assert "Loaded 1 record from 1 object" in result.out
    assert "Left out 2 files outside the time range" in result.err


def test_the_demo_accounts_objects(demo: Run, workspace: Path) -> None:
    arguments = ("load", "s3://demo-flow-logs/", "--since", "3h", "--workspace", str(workspace))
    first = demo(*arguments)
    assert first.status == 0, first.err
    loaded = _rows(workspace)
    assert loaded > 0 and f"Loaded {loaded:,} records" in first.out
    assert "Loaded 0 records" in demo(*arguments).out
    assert _rows(workspace) == loaded


def test_a_listing_tells_how_far_it_is(demo: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(load_command, "_TOLD_EVERY", 10)
    monkeypatch.setattr(StatusLine, "show", lambda self, text: told.append(text))
    monkeypatch.setattr(StatusLine, "clear", lambda self: told.append(""))
    uri = "s3://demo-flow-logs/"
    assert demo("load", "--dry-run", uri, "--since", "3h", "--workspace", str(workspace)).status == 0
    assert told[:2] == [f"listing {uri}", f"10 objects so far · listing {uri}"] and told[-1] == ""
    demo("load", "s3://no-such-bucket/", "--workspace", str(workspace))
    assert told[-2:] == ["listing s3://no-such-bucket/", ""]


def test_a_bucket_that_does_not_exist(demo: Run, workspace: Path) -> None:
    result = demo("load", "s3://no-such-bucket/", "--workspace", str(workspace))
    assert (result.status, "no bucket no-such-bucket" in result.err) == (1, True)


def test_a_range_with_nothing_in_it(demo: Run, workspace: Path) -> None:
    result = demo(
        "load", "s3://demo-flow-logs/", "--since", "2020-01-01", "--until", "2020-01-02", "--workspace", str(workspace)
    )
    assert (result.status, "No flow log objects under s3://demo-flow-logs/ in the time range" in result.err) == (
        1,
        True,
    )


def test_ctrl_c_ends_the_load_and_the_next_one_completes_it(tmp_path: Path, workspace: Path) -> None:
    lines = [RECORD.format(port=port) for port in range(60_000)]
    for number in range(20):
        _file(tmp_path / "logs", f"{number}.log", HEADER, *lines)
    arguments = [sys.executable, "-m", "flowtui", "load", str(tmp_path / "logs"), "--workspace", str(workspace)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        while process.poll() is None and not workspace.exists():
            time.sleep(0.01)
        time.sleep(0.15)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    # It may have been faster than we are.
    assert (process.returncode, err.strip(), _rows(workspace) == 1_200_000) in (
        *((130, "interrupted", all_there) for all_there in (False, True)),
        (0, "", True),
    )
    assert _rows(workspace) % 60_000 == 0
    subprocess.run(arguments, check=True, capture_output=True)
    assert _rows(workspace) == 1_200_000


def test_many_unknown_names_are_cut(run: Run, tmp_path: Path, workspace: Path) -> None:
    names = " ".join(f"new-{number}" for number in range(800))
    path = _file(tmp_path, "a.log", f"{HEADER} {names}", RECORD.format(port=1) + " x" * 800)
    result = run("load", str(path), "--workspace", str(workspace))
    assert "unknown: new-0, new-1," in result.out and "new-9 +790 more: 1 record" in result.out


def test_the_progress_line_moves_while_a_batch_is_loaded() -> None:
    one = LoadProgress("loading", 10, 400, 5_000, 90_000, 250, 1234, 0, 0, 2, objects_ready=240)
    assert progress_line(one) == "loading 10 of 400 objects, 240 ready · 5.0 kB of 90.0 kB · 2 failed · 1,234 records"
    done = LoadProgress("loading", 400, 400, 90_000, 90_000, 398, 1234, 0, 0, 2)
    assert progress_line(done) == "loading 400 of 400 objects · 90.0 kB of 90.0 kB · 2 failed · 1,234 records"


def test_the_report_tells_statuses_and_gaps(run: Run, tmp_path: Path, workspace: Path) -> None:
    name = "logs/123456789010_vpcflowlogs_us-east-1_fl-1234abcd_20240115T12{minute:02}Z_hash.log.gz"
    nodata = RECORD.format(port=1).replace(" OK", " NODATA")
    for minute in (0, 5, 10, 30):
        _file(tmp_path, name.format(minute=minute), HEADER, RECORD.format(port=minute), nodata)
    text = run("load", str(tmp_path / "logs"), "--workspace", str(workspace)).out
    assert "  4 OK, 4 NODATA, 0 SKIPDATA\n" in text
    assert "  fl-1234abcd: no object in 3 slots, 2024-01-15 12:15 to 2024-01-15 12:25\n" in text
    again = json.loads(run("load", str(tmp_path), "--workspace", str(workspace), "--output", "json").out)
    assert again["slot_gaps"][0]["missing"] == 3


def test_files_without_a_header_need_a_format_or_the_default_shape(run: Run, tmp_path: Path, workspace: Path) -> None:
    bare = _file(tmp_path, "bare.log", RECORD.format(port=1))
    custom = _file(tmp_path, "custom.log.gz", "vpc-1 22 1705327500")
    result = run("load", str(bare), str(custom), "--workspace", str(workspace))
    assert (result.status, "1 object without a header, default format" in result.out) == (3, True)
    assert "custom.log.gz: its lines have no header" in result.err and "--format default" in result.err
    stated = run("load", str(custom), "--format", "${vpc-id} ${dstport} ${start}", "--workspace", str(workspace))
    assert (stated.status, stated.err, _rows(workspace)) == (0, "", 2)


def test_a_dump_of_events_repeats_nothing(run: Run, tmp_path: Path, workspace: Path) -> None:
    event = json.dumps({"eventId": "1", "message": RECORD.format(port=1)})
    result = run("load", str(_file(tmp_path, "a.json", event, event)), "--workspace", str(workspace))
    assert "1 event left out that the same dump has before" in result.out
    assert (result.status, _rows(workspace)) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--format", "  "), 2, "single quotes"),
        (("--format", "hello world"), 2, "no flow log field among: hello world"),
        (("--flow-log", "fl-99999999"), 1, "There is no flow log fl-99999999 in us-east-1"),
    ],
)
def test_a_format_that_is_none(
    demo: Run, tmp_path: Path, workspace: Path, arguments: tuple[str, ...], status: int, words: str
) -> None:
    path = _file(tmp_path, "bare.log", RECORD.format(port=1))
    result = demo("load", str(path), *arguments, "--region", "us-east-1", "--workspace", str(workspace))
    assert (result.status, words in result.err) == (status, True), result.err
    assert not workspace.exists()


def test_the_format_of_a_flow_log_named_or_in_the_files_name(demo: Run, tmp_path: Path, workspace: Path) -> None:
    from flowtui.aws.flow_logs import list_flow_logs
    from flowtui.demo.account import demo_account
    from flowtui.records.layout import Layout

    logs = list_flow_logs(demo_account(("us-east-1",)), "us-east-1")
    flow_log = next(log for log in logs if len(Layout.from_log_format(log.log_format).names) != 14)
    names = Layout.from_log_format(flow_log.log_format).names
    values = {"action": "ACCEPT", "srcaddr": "10.0.0.1", "start": "1705327500", "version": "5"}
    line = " ".join(values.get(name, "-") for name in names)
    named = f"123456789010_vpcflowlogs_us-east-1_{flow_log.id}_20240115T1405Z_hash.log.gz"
    for path, arguments in (
        (_file(tmp_path, "dump.log", line), ("--flow-log", flow_log.id)),
        (_file(tmp_path, named, line), ()),
    ):
        result = demo("load", str(path), *arguments, "--region", "us-east-1", "--workspace", str(workspace))
        assert (result.status, result.err) == (0, ""), result.err
    assert _rows(workspace) == 2
