"""``flowtui export``."""

import json

import pytest

from flowtui.cli import run
from tests.lake.conftest import HEADER, RDP, SSH, write


@pytest.fixture
def loaded(tmp_path, capfd):
    """Options that name a workspace with two records."""
    options = ("--demo", "--workspace", str(tmp_path / "w.duckdb"))
    assert run(["load", str(write(tmp_path / "in", "a.log.gz", f"{HEADER}\n{SSH}\n{RDP}\n")), *options]) == 0
    capfd.readouterr()
    return options


def test_export(loaded, tmp_path, capfd):
    assert run(["export", str(tmp_path / "out"), *loaded]) == 0
    assert "Wrote 2 records of 1 day, " in capfd.readouterr().out
    assert (tmp_path / "out" / "dt=2014-12-14" / "records.parquet").exists()
    assert run(["export", str(tmp_path / "out"), *loaded]) == 1
    assert "not an empty folder" in capfd.readouterr().err


def test_export_for_programs_and_ranges(loaded, tmp_path, capfd):
    assert run(["export", str(tmp_path / "out"), "--since", "2014-12-14", "--output", "json", *loaded]) == 0
    said = json.loads(capfd.readouterr().out)
    assert (said["records"], said["days"]) == (2, 1)
    assert said["bytes"] > 0
    assert run(["export", str(tmp_path / "none"), "--until", "2014-12-13", *loaded]) == 1
    assert run(["export", str(tmp_path / "none"), "--until", "soon", *loaded]) == 2
    assert run(["export", str(tmp_path / "none"), "--transit-gateway", *loaded]) == 1
    assert not (tmp_path / "none").exists()


def test_export_makes_no_workspace(tmp_path, capfd):
    assert run(["export", str(tmp_path / "out"), "--workspace", str(tmp_path / "none.duckdb")]) == 1
    assert "flowtui load makes it" in capfd.readouterr().err
    assert not (tmp_path / "none.duckdb").exists()
