"""``flowtui sql`` on records loaded from files written by hand."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Run
from tests.cli.processes import wait_for_workspace

HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
)
LINES = [
    "2 123456789010 eni-1 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1705312800 1705312860 ACCEPT OK",
    "2 123456789010 eni-1 172.31.9.69 172.31.9.12 49761 3389 6 20 4000 1705316400 1705316460 REJECT OK",
    "2 123456789010 eni-1 172.31.9.69 172.31.9.12 49762 3389 6 2 80 1705316401 1705316461 REJECT OK",
    "2 123456789010 eni-1 - - - - - - - 1705316400 1705316460 - NODATA",
]


@pytest.fixture
def workspace(run: Run, tmp_path: Path) -> str:
    folder = tmp_path / "logs" / "2024" / "01" / "15"
    folder.mkdir(parents=True)
    (folder / "123456789010_vpcflowlogs_us-east-1_fl-1234abcd_20240115T1000Z_hash.log").write_text(
        "\n".join([HEADER, *LINES]) + "\n"
    )
    path = str(tmp_path / "w.duckdb")
    assert run("load", str(tmp_path / "logs"), "--workspace", path).status == 0
    return path


def test_a_table_with_its_closing_line(run: Run, workspace: str) -> None:
    outcome = run(
        "sql", "SELECT srcaddr, sum(bytes) AS total FROM flow_logs GROUP BY 1 ORDER BY 2 DESC", "--workspace", workspace
    )
    assert outcome.status == 0
    assert [line.split() for line in outcome.out.splitlines()[2:]] == [
        ["172.31.16.139", "4249"],
        ["172.31.9.69", "4080"],
        ["-", "NULL"],
    ]
    assert outcome.err.startswith("3 rows · ")
    assert "DuckDB" in outcome.err


def test_the_seeds_fourth_query_says_what_athena_would(run: Run, workspace: str) -> None:
    text = "SELECT srcaddr, start, end FROM vpc_flow_logs.flow_logs WHERE dstport = 22;"
    outcome = run("sql", text, "--workspace", workspace, "--output", "csv")
    assert list(csv.reader(io.StringIO(outcome.out))) == [
        ["srcaddr", "start", "end"],
        ["172.31.16.139", "1705312800", "1705312860"],
    ]
    assert 'must be written "end"' in outcome.err


def test_from_a_file_with_several_statements(run: Run, workspace: str, tmp_path: Path) -> None:
    file = tmp_path / "queries.sql"
    file.write_text("-- two of them\nSHOW TABLES;\n\nSELECT count(*) FROM flow_logs;\n")
    outcome = run("sql", "-f", str(file), "--workspace", workspace, "--output", "json")
    assert outcome.status == 0
    first, second = outcome.out.split("\n\n")
    assert {"tab_name": "flow_logs"} in json.loads(first)
    assert json.loads(second) == [{"_col0": 4}]


def test_from_stdin(run: Run, workspace: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT 7/2 AS half"))
    assert run("sql", "--workspace", workspace, "--output", "csv").out == '"half"\n"3"\n'


def test_limit_is_never_silent(run: Run, workspace: str) -> None:
    outcome = run("sql", "SELECT start FROM flow_logs", "--limit", "2", "--workspace", workspace)
    assert "2 of more than 2 rows" in outcome.err
    assert len(outcome.out.splitlines()) == 4


def test_a_table_shows_the_first_thousand(run: Run, workspace: str) -> None:
    text = "SELECT x FROM unnest(sequence(1, 1500)) AS t(x)"
    outcome = run("sql", text, "--workspace", workspace)
    assert len(outcome.out.splitlines()) == 1002
    assert "1,000 of more than 1,000 rows" in outcome.err
    assert len(run("sql", text, "--workspace", workspace, "--output", "csv").out.splitlines()) == 1501


def test_parquet_to_a_file(run: Run, workspace: str, tmp_path: Path) -> None:
    target = tmp_path / "out.parquet"
    outcome = run(
        "sql", "SELECT * FROM flow_logs", "--output", "parquet", "--out", str(target), "--workspace", workspace
    )
    assert outcome.status == 0
    table = pq.read_table(target)
    assert table.num_rows == 4
    assert table.column("dt").to_pylist() == ["2024-01-15"] * 4


def test_parquet_goes_down_a_pipe(workspace: str) -> None:
    command = [sys.executable, "-m", "flowtui", "sql", "--output", "parquet", "--workspace", workspace]
    done = subprocess.run([*command, "SELECT * FROM flow_logs"], capture_output=True, timeout=60)
    assert done.returncode == 0
    assert pq.read_table(io.BytesIO(done.stdout)).num_rows == 4
    failing = subprocess.run([*command, "SELECT 1/(bytes-bytes) FROM flow_logs"], capture_output=True, timeout=60)
    assert (failing.returncode, failing.stdout) == (1, b"")


def test_parquet_is_kept_off_a_terminal(workspace: str) -> None:
    ours, terminal = pty.openpty()
    command = [sys.executable, "-m", "flowtui", "sql", "SELECT 1", "--output", "parquet", "--workspace", workspace]
    try:
        done = subprocess.run(command, stdout=terminal, stderr=subprocess.PIPE, text=True, timeout=60)
    finally:
        os.close(terminal)
        os.close(ours)
    assert done.returncode == 2
    assert "needs a file" in done.stderr


def test_translate_runs_nothing(run: Run, workspace: str) -> None:
    outcome = run("sql", "SELECT sum(bytes)/1024 FROM flow_logs", "--translate", "--workspace", workspace)
    assert outcome.out.strip().endswith(";")
    assert "//" in outcome.out
    assert outcome.err == ""


def test_an_error_has_line_column_and_advice(run: Run, workspace: str, tmp_path: Path) -> None:
    file = tmp_path / "q.sql"
    file.write_text("SELECT 1;\n\nSELECT\n  srcadr\nFROM flow_logs;\n")
    outcome = run("sql", "-f", str(file), "--workspace", workspace, "--output", "csv")
    assert outcome.status == 1
    assert "line 4, column 3: There is no column srcadr." in outcome.err
    assert "srcaddr" in outcome.err
    far = run("sql", "SELECT nothing_like_it FROM flow_logs", "--workspace", workspace)
    assert "Columns: version, account_id, " in far.err
    assert " log_status and 1 more, which DESCRIBE lists." in far.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("SELECT 1", "--yes"), "--yes is for Athena"),
        (("SELECT 1", "--workgroup", "w"), "--workgroup is for Athena"),
        (("SELECT 1", "--engine", "athena", "--translate"), "--translate"),
        (("SELECT 1", "--engine", "athena", "--output-location", "bucket"), "athena_output"),
        (("SELECT 1", "--engine", "athena", "--reuse", "20000"), "0 to 10080"),
        (("SELECT 1; SELECT 2", "--output", "parquet"), "one statement"),
        (("SELECT 1", "-f", "x.sql"), "not both"),
        (("-f", "no-such-file.sql"), "Cannot read no-such-file.sql"),
        (("/* only a comment */",), "no statement"),
        (("SELECT 1; SELECT 2", "--out", "x.csv"), "one statement"),
    ],
)
def test_usage_errors(run: Run, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    outcome = run("sql", *arguments, "--workspace", str(tmp_path / "w.duckdb"))
    assert outcome.status == 2
    assert message in outcome.err


def interrupted(text: str, workspace: str, *options: str) -> tuple[int, str, str]:
    """Press Ctrl-C while a statement is at work; the status, and what was said on stdout and stderr."""
    command = [sys.executable, "-m", "flowtui", "sql", text, "--workspace", workspace, *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_for_workspace(process, Path(workspace))
        time.sleep(1)  # for DuckDB to have it; before that the answer is the same
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=60)
    finally:
        process.kill()
    return process.returncode, out, said


def test_an_interrupt_ends_a_long_query(workspace: str) -> None:
    numbers = "unnest(sequence(1, 10000))"
    endless = f"SELECT count(*) FROM {numbers} a(x), {numbers} b(y), {numbers} c(z), flow_logs WHERE x % 7 < y % 5"
    status, out, said = interrupted(endless, workspace)
    assert (status, out) == (130, "")
    assert "Traceback" not in said


def test_an_interrupt_ends_what_duckdb_does_not_interrupt(workspace: str, tmp_path: Path) -> None:
    """A constant is computed while the statement is prepared, in one call of a function that takes minutes."""
    many = "flatten(transform(sequence(1, 9000), x -> sequence(1, 9000)))"
    long = f"SELECT reduce({many}, BIGINT '0', (s, x) -> (s + x) % 1000, s -> s)"
    out_file = tmp_path / "out.csv"
    status, out, said = interrupted(long, workspace, "--output", "csv", "--out", str(out_file))
    assert (status, out, said.strip()) == (130, "", "interrupted")
    assert list(tmp_path.glob("out*")) == []


def test_a_file_that_is_no_text(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "q.sql"
    file.write_bytes(b"\xff\xfe\x00S")
    outcome = run("sql", "-f", str(file), "--workspace", str(tmp_path / "w.duckdb"))
    assert outcome.status == 2
    assert "not UTF-8" in outcome.err


def test_a_failing_query_leaves_the_file_that_was_there(run: Run, tmp_path: Path, workspace: str) -> None:
    target = tmp_path / "out.csv"
    target.write_text("before")
    outcome = run(
        "sql",
        "SELECT 1 / (srcport - srcport) FROM flow_logs",
        "--out",
        str(target),
        "--output",
        "csv",
        "--workspace",
        workspace,
    )
    assert outcome.status == 1
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.glob("out*")] == ["out.csv"]


def test_the_memory_limit_is_a_setting(run: Run, workspace: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWTUI_MEMORY_LIMIT", "512MB")
    asked = run("sql", "SELECT count(*) AS n FROM flow_logs", "--workspace", workspace, "--output", "csv")
    assert asked.status == 0
    monkeypatch.setenv("FLOWTUI_MEMORY_LIMIT", "a lot")
    refused = run("sql", "SELECT 1", "--workspace", workspace)
    assert refused.status == 2
    assert "memory_limit" in refused.err and "4GB" in refused.err
