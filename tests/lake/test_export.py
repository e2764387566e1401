from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flowtui.errors import FlowTuiError, UsageError
from flowtui.lake.export import Format, export, export_steps, format_of
from flowtui.lake.workspace import Workspace
from tests.lake.conftest import HEADER, NODATA, SSH, load_all, write
from tests.locked import lock

_TABLE = pa.table(
    {
        "srcaddr": ["10.0.0.1", 'a "quoted", one', None],
        "bytes": pa.array([2**60, 0, None], pa.int64()),
        "at": [datetime(2024, 1, 15, 14, 5, tzinfo=UTC), None, None],
        "day": [date(2024, 1, 15), None, None],
        "share": pa.array([Decimal("0.10"), None, None], pa.decimal128(5, 2)),
        "ports": [[22, 443], [], None],
        "ok": [True, False, None],
    }
)


def test_csv(tmp_path: Path) -> None:
    assert export(_TABLE, tmp_path / "a.csv", "csv") == 3
    with (tmp_path / "a.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [
            ["srcaddr", "bytes", "at", "day", "share", "ports", "ok"],
            ["10.0.0.1", str(2**60), "2024-01-15 14:05:00+00:00", "2024-01-15", "0.10", "[22, 443]", "true"],
            ['a "quoted", one', "0", "", "", "", "[]", "false"],
            [""] * 7,
        ]


def test_json_and_ndjson(tmp_path: Path) -> None:
    export(_TABLE, tmp_path / "a.json", "json")
    export(_TABLE, tmp_path / "a.ndjson", "ndjson")
    records = json.loads((tmp_path / "a.json").read_text())
    assert records == [json.loads(line) for line in (tmp_path / "a.ndjson").read_text().splitlines()]
    assert records[0] == {
        "srcaddr": "10.0.0.1",
        "bytes": 2**60,
        "at": "2024-01-15 14:05:00+00:00",
        "day": "2024-01-15",
        "share": "0.10",
        "ports": [22, 443],
        "ok": True,
    }
    assert set(records[2].values()) == {None}


@pytest.mark.parametrize(("format", "content"), [("csv", "srcaddr\r\n"), ("ndjson", ""), ("json", "[\n\n]\n")])
def test_no_rows(tmp_path: Path, format: Format, content: str) -> None:
    assert export(_TABLE.select(["srcaddr"]).slice(0, 0), tmp_path / "a", format) == 0
    assert (tmp_path / "a").read_bytes().decode() == content


def test_parquet_keeps_values_and_types(tmp_path: Path) -> None:
    export(_TABLE, tmp_path / "a.parquet", "parquet")
    assert pq.read_table(tmp_path / "a.parquet").equals(_TABLE)


@pytest.mark.parametrize("format", ["csv", "json", "ndjson", "parquet"])
def test_a_reader_over_the_workspace(workspace: Workspace, tmp_path: Path, format: Format) -> None:
    load_all(workspace, write(tmp_path, "a.log", "\n".join([HEADER, *[SSH, NODATA] * 2000])))
    path = tmp_path / f"out.{format}"
    with workspace.cursor() as cursor:
        reader = cursor.sql("SELECT * FROM vpc_flow_logs.flow_logs").to_arrow_reader(1000)
        steps = list(export_steps(reader, path, format))
    assert steps[-1].rows == 4000 and steps[-1].path == path and len(steps) > 3
    with workspace.cursor() as cursor:
        loaded = cursor.execute(f"SELECT count(*), sum(bytes) FROM {_read(format)}(?)", [str(path)]).fetchone()
    assert loaded == (4000, 2000 * 4249)


def _read(format: Format) -> str:
    return {"csv": "read_csv", "parquet": "read_parquet"}.get(format, "read_json")


def test_a_file_that_exists_is_kept_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("mine")
    with pytest.raises(FlowTuiError, match="exists"):
        export(_TABLE, path, "csv")
    assert path.read_text() == "mine"
    export(_TABLE, path, "csv", overwrite=True)
    assert path.read_text() != "mine"


@pytest.mark.parametrize("format", ["csv", "json", "parquet"])
def test_closing_leaves_no_file(tmp_path: Path, format: Format) -> None:
    steps = export_steps(_TABLE, tmp_path / "a", format)
    next(steps)
    steps.close()
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(FlowTuiError, match="Cannot write"):
        export(_TABLE, tmp_path / "nowhere" / "a.csv", "csv")


def test_the_ending_names_the_format() -> None:
    assert [format_of(Path(f"a.{ending}")) for ending in ("csv", "JSON", "jsonl", "parquet")] == [
        *("csv", "json", "ndjson", "parquet")
    ]
    with pytest.raises(UsageError, match=r"a\.xls names no format"):
        format_of(Path("a.xls"))


def test_a_folder_that_may_not_be_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock(tmp_path / "place", monkeypatch)
    with pytest.raises(FlowTuiError, match=r"Cannot read .*place/a\.csv: Permission denied"):
        export(_TABLE, tmp_path / "place" / "a.csv", "csv")


@pytest.mark.parametrize("format", ["json", "ndjson", "csv"])
def test_numbers_that_json_lacks_are_athenas_texts(tmp_path: Path, format: Format) -> None:
    """RFC 8259 has none of them, and other tools refuse a file with one."""
    nan, inf = float("nan"), float("inf")
    table = pa.table({"one": [nan, inf, -inf, 0.5], "some": [[nan, 1.0], [inf], [], [-inf]]})
    path = tmp_path / "a"
    export(table, path, format)
    expected: list[list[object]]
    if format == "csv":
        _, *rows = csv.reader(path.read_text().splitlines())
        expected = [["NaN", '["NaN", 1.0]'], ["Infinity", '["Infinity"]'], ["-Infinity", "[]"]]
        assert rows == [*expected, ["0.5", '["-Infinity"]']]
        return

    def refuse(word: str) -> object:
        raise AssertionError(f"{word} is no JSON")

    texts = [path.read_text()] if format == "json" else path.read_text().splitlines()
    found = [json.loads(text, parse_constant=refuse) for text in texts]
    expected = [["NaN", ["NaN", 1.0]], ["Infinity", ["Infinity"]], ["-Infinity", []], [0.5, ["-Infinity"]]]
    assert [list(row.values()) for row in (found[0] if format == "json" else found)] == expected
