from pathlib import Path

import duckdb
import pytest

from flowtui.cli.load_groups import is_group
from flowtui.lake import ledger
from tests.cli.conftest import Run
from tests.locked import lock


@pytest.mark.parametrize(
    ("place", "ranged", "expected"),
    [
        ("logs:///vpc/g", False, True),
        ("logs://plain", True, True),
        ("vpc-0123456789abcdef0", False, True),
        ("eni-0123456789abcdef0", False, True),
        ("fl-01234567", False, True),
        ("tgw-0123456789abcdef0", False, True),
        ("tgw-attach-0123456789abcdef0", False, True),
        ("arn:aws:logs:us-east-1:123456789010:log-group:/vpc/g", False, True),
        ("/vpc/flow-logs", True, True),
        ("/vpc/flow-logs", False, False),
        ("/some/file.log.gz", True, False),
        ("s3://bucket/prefix", True, False),
        ("./here", True, False),
    ],
)
def test_places_that_are_log_groups(place: str, ranged: bool, expected: bool):
    assert is_group(place, ranged=ranged) is expected


def test_a_path_that_is_there_is_no_log_group(tmp_path: Path):
    assert not is_group(str(tmp_path), ranged=True)


def test_a_place_that_may_not_be_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run):
    lock(tmp_path / "locked", monkeypatch)
    place = str(tmp_path / "locked" / "flow-logs")
    for more in ([], ["--since", "2h"]):
        result = run("load", place, *more, "--workspace", str(tmp_path / "w.duckdb"))
        assert (result.status, "Traceback" in result.err) == (1, False)
        assert f"Cannot read {place}: Permission denied" in result.err


def test_a_group_whose_name_no_file_can_have():
    assert is_group("arn:aws:logs:us-east-1:123456789010:log-group:" + "g" * 500, ranged=True)
    assert is_group("logs://" + "g" * 500, ranged=True)


def test_a_damaged_ledger_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo: Run):
    def fail(_: object) -> object:
        raise duckdb.IOException("IO Error: Corrupt database file: a checksum does not match")

    monkeypatch.setattr(ledger, "loaded_objects", fail)
    result = demo("load", "logs:///vpc/flow-logs", "--since", "2h", "--workspace", str(tmp_path / "w.duckdb"))
    assert (result.status, "w.duckdb is damaged" in result.err) == (1, True), result.err
