"""``flowtui forget`` and ``flowtui compact``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_load import HEADER, RECORD, _file, _rows


@pytest.fixture
def loaded(run: Run, tmp_path: Path) -> tuple[str, str]:
    """The options that name a workspace with two files."""
    _file(tmp_path, "logs/a.log", HEADER, *(RECORD.format(port=port) for port in range(3)), "bad")
    _file(tmp_path, "logs/b/b.log", HEADER, RECORD.format(port=9).replace("17053", "17063"))
    options = ("--workspace", str(tmp_path / "w.duckdb"))
    assert run("load", str(tmp_path / "logs"), *options).status == 3
    return options


def test_forget_says_what_it_removed(run: Run, tmp_path: Path, loaded: tuple[str, str]) -> None:
    path = str(tmp_path / "logs" / "a.log")
    planned = run("forget", path, "--dry-run", *loaded)
    assert planned.out == f"Would forget 1 object with 3 records.\n  1 refused line\n  {path}: 3 records\n"
    assert _rows(Path(loaded[1])) == 4
    done = run("forget", path, *loaded)
    assert (done.status, done.out) == (0, "Forgot 1 object with 3 records.\n  1 refused line\n")
    assert _rows(Path(loaded[1])) == 1
    assert run("compact", *loaded).out.startswith("The workspace takes ")
    assert _rows(Path(loaded[1])) == 1


def test_a_range_and_json(run: Run, loaded: tuple[str, str]) -> None:
    said = json.loads(run("forget", "--until", "2024-01-16", "--output", "json", *loaded).out)
    assert (said["records"], said["dry_run"], len(said["objects"])) == (3, False, 1)
    assert _rows(Path(loaded[1])) == 1


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ((), 2, "Nothing says what to forget"),
        ((" ",), 2, "An empty path"),
        (("http://x/y",), 2, "is not an S3 URI"),
        (("s3://bucket/logs/",), 1, "Nothing in the workspace was loaded from s3://bucket/logs/"),
        (("--since", "2030-01-01"), 1, "Nothing in the workspace is of that time range"),
        (("--since", "2024-01-16", "--until", "2024-01-14"), 2, "lies before"),
    ],
)
def test_what_cannot_be_forgotten(
    run: Run, loaded: tuple[str, str], arguments: tuple[str, ...], status: int, words: str
) -> None:
    result = run("forget", *arguments, *loaded)
    assert (result.status, words in result.err) == (status, True), result.err
    assert _rows(Path(loaded[1])) == 4


@pytest.mark.parametrize("arguments", [("forget", "x"), ("compact",)])
def test_without_a_workspace(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = run(*arguments, "--workspace", str(tmp_path / "w.duckdb"))
    assert (result.status, "There is no workspace" in result.err) == (1, True)
    assert not (tmp_path / "w.duckdb").exists()
