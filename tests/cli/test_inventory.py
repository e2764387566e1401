"""``flowtui inventory`` on the demo account, and queries that join it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_inventory_is_kept_and_joined(run: Run, tmp_path: Path) -> None:
    workspace = str(tmp_path / "w.duckdb")
    outcome = run("--demo", "inventory", "--region", "us-east-1", "--workspace", workspace, "--output", "json")
    assert outcome.status == 0
    (region,) = json.loads(outcome.out)
    assert region["region"] == "us-east-1"
    assert region["interfaces"] > region["instances"] > 0
    query = "SELECT count(*) AS n FROM aws.interfaces i JOIN aws.vpcs v ON v.vpc_id = i.vpc_id"
    assert run("sql", query, "--workspace", workspace, "--output", "csv").out == f'"n"\n"{region["interfaces"]}"\n'


def test_the_table_names_every_region(run: Run, tmp_path: Path) -> None:
    outcome = run("--demo", "--region", "all", "inventory", "--workspace", str(tmp_path / "w.duckdb"))
    assert outcome.status in (0, 3)
    assert outcome.out.splitlines()[0].split() == [
        "account",
        "region",
        "vpcs",
        "interfaces",
        "instances",
        "security",
        "groups",
    ]
