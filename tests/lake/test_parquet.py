from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flowtui.lake.workspace import Workspace
from tests.lake.conftest import HEADER, NODATA, NODATA_ROW, SSH, SSH_ROW, ask, load_all, rows, write


def _table(protocol: pa.DataType, *records: tuple[object, ...], **more: list[object]) -> pa.Table:
    """Records as AWS stores them: typed, and null for what text files write as ``-``."""
    types = [pa.int32(), *[pa.string()] * 4, *[pa.int32()] * 2, protocol, *[pa.int64()] * 4, *[pa.string()] * 2]
    names = HEADER.replace("-", "_").split()
    columns: dict[str, pa.Array] = {}
    for name, kind, values in zip(names, types, zip(*records, strict=True), strict=True):
        columns[name] = pa.array([None if value == "-" else value for value in values], kind)
    return pa.table(columns | {name: pa.array(values) for name, values in more.items()})


def _write(folder: Path, name: str, table: pa.Table) -> Path:
    folder.mkdir(exist_ok=True)
    pq.write_table(table, folder / name)
    return folder / name


@pytest.mark.parametrize("protocol", [pa.int32(), pa.int64()])
def test_records_are_those_of_the_text_format(workspace: Workspace, tmp_path: Path, protocol: pa.DataType) -> None:
    report = load_all(workspace, _write(tmp_path, "a.log.parquet", _table(protocol, SSH_ROW[:-1], NODATA_ROW[:-1])))
    assert (report.records, report.partial) == (2, False)
    assert rows(workspace) == [SSH_ROW, NODATA_ROW]


def test_both_widths_and_text_in_one_load(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    wide = _table(pa.int64(), SSH_ROW[:-1], future=["x"])
    _write(folder, "a.log.parquet", _table(pa.int32(), NODATA_ROW[:-1]))
    _write(folder, "b.log.parquet", wide)
    _write(folder, "c.log.parquet", wide.select(reversed(wide.column_names)))
    write(folder, "d.log.gz", f"{HEADER}\n{SSH}\n{NODATA}\n")
    assert load_all(workspace, folder).records == 5
    assert load_all(workspace, folder).skipped == 4
    found = ask(workspace, "SELECT srcaddr, protocol, future, dt FROM vpc_flow_logs.flow_logs ORDER BY ALL")
    assert found == [
        *[("-", None, None, "2015-05-10")] * 2,
        *[("172.31.16.139", 6, "x", "2014-12-14")] * 2,
        ("172.31.16.139", 6, None, "2014-12-14"),
    ]


@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd"])
def test_compression_row_groups_and_dictionaries(workspace: Workspace, tmp_path: Path, compression: str) -> None:
    table = _table(pa.int32(), *[SSH_ROW[:-1]] * 50, *[NODATA_ROW[:-1]] * 50)
    path = tmp_path / "year=2020" / "month=01" / "day=02" / "a.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(table, path, compression=compression, row_group_size=7, use_dictionary=compression != "gzip")
    assert load_all(workspace, path).records == 100
    assert ask(workspace, "SELECT dt, count(*), count(bytes) FROM vpc_flow_logs.flow_logs GROUP BY 1") == [
        ("2020-01-02", 100, 50)
    ]


def test_no_rows_and_few_columns(workspace: Workspace, tmp_path: Path) -> None:
    empty = _write(tmp_path, "empty.parquet", _table(pa.int32(), SSH_ROW[:-1]).slice(0, 0))
    few = _write(tmp_path, "few.parquet", _table(pa.int32(), SSH_ROW[:-1]).select(["bytes", "srcaddr"]))
    report = load_all(workspace, empty, few)
    assert (report.objects, report.records, report.partial) == (2, 1, False)
    assert ask(workspace, "SELECT srcaddr, bytes, action, dt FROM vpc_flow_logs.flow_logs") == [
        ("172.31.16.139", 4249, None, None)
    ]


@pytest.mark.parametrize(
    ("array", "found"),
    [
        (pa.array([22.0, None]), 22),
        (pa.array([22.0, float("nan")]), 22),
        (pa.array(["22", "-"]), 22),
        (pa.array(["022", None]).dictionary_encode(), 22),
        (pa.array([22, None], pa.uint16()), 22),
        (pa.array([1.5, None]), "srcport is not a whole number: 1.5"),
        (pa.array(["1e2", "-"]), "srcport is not a whole number: 1e2"),
        (pa.array([2**40, None]), "Conversion Error"),
        (pa.array([True, None]).cast(pa.string()), "srcport is not a whole number: true"),
    ],
)
def test_numbers_that_other_writers_store_in_other_types(
    workspace: Workspace, tmp_path: Path, array: pa.Array, found: int | str
) -> None:
    table = _table(pa.int32(), SSH_ROW[:-1], NODATA_ROW[:-1]).set_column(5, "srcport", array)
    report = load_all(workspace, _write(tmp_path, "a.parquet", table))
    if isinstance(found, int):
        numbers = ask(workspace, "SELECT srcport FROM vpc_flow_logs.flow_logs ORDER BY 1 NULLS LAST")
        assert numbers == [(found,), (None,)]
    else:
        assert found in report.failed[0].reason and rows(workspace) == []


@pytest.mark.parametrize(
    ("column", "array", "reason"),
    [
        ("protocol", pa.array([True]), "its column protocol holds bool, not numbers"),
        ("end", pa.array([60], pa.duration("ms")), "its column end holds duration[ms], not numbers"),
        ("start", pa.array([60], pa.timestamp("s")), "its column start holds timestamp["),
        ("bytes", pa.array([[1]]), "its column bytes holds list"),
        ("action", pa.array([True]), "its column action holds bool, not text"),
        ("srcaddr", pa.array([["10.0.0.1"]]), "its column srcaddr holds list"),
    ],
)
def test_types_that_are_none_of_a_fields_are_refused(
    workspace: Workspace, tmp_path: Path, column: str, array: pa.Array, reason: str
) -> None:
    table = _table(pa.int32(), SSH_ROW[:-1])
    table = table.set_column(table.column_names.index(column), column, array)
    report = load_all(workspace, _write(tmp_path, "a.parquet", table))
    assert report.failed[0].reason.startswith(reason) and rows(workspace) == []


def test_columns_of_unknown_names_are_kept_as_text_whatever_they_hold(workspace: Workspace, tmp_path: Path) -> None:
    table = _table(pa.int32(), SSH_ROW[:-1], flag=[True], tags=[["x", "y"]])
    report = load_all(workspace, _write(tmp_path, "a.parquet", table))
    assert (report.records, report.layouts[0].layout.unknown) == (1, ("flag", "tags"))
    assert ask(workspace, "SELECT flag, tags FROM vpc_flow_logs.flow_logs") == [("true", "[x, y]")]


@pytest.mark.parametrize("array", [pa.array([-6, 6, None]), pa.array(["-6", "6", "-"]), pa.array([-6.0, 6.0, None])])
def test_records_with_a_number_below_zero_are_refused(workspace: Workspace, tmp_path: Path, array: pa.Array) -> None:
    """As in text, where a minus is no digit; the rest of the file is loaded."""
    table = _table(pa.int32(), SSH_ROW[:-1], SSH_ROW[:-1], NODATA_ROW[:-1]).set_column(7, "protocol", array)
    good = _write(tmp_path, "b.parquet", _table(pa.int32(), SSH_ROW[:-1]))
    report = load_all(workspace, _write(tmp_path, "a.parquet", table), good)
    assert (report.records, report.rejected, report.failed) == (3, 1, ())
    assert rows(workspace) == [SSH_ROW, SSH_ROW, NODATA_ROW]
    refused = ask(workspace, "SELECT line_number, line, reason FROM vpc_flow_logs.rejected_lines")
    assert refused == [(1, SSH.replace(" 6 ", " -6 "), "protocol is below zero")]


def test_account_ids_that_were_stored_as_numbers_get_their_zeros_back(workspace: Workspace, tmp_path: Path) -> None:
    table = _table(pa.int32(), SSH_ROW[:-1], SSH_ROW[:-1]).set_column(1, "account_id", pa.array([12345678901, None]))
    load_all(workspace, _write(tmp_path, "a.parquet", table))
    assert ask(workspace, "SELECT account_id FROM vpc_flow_logs.flow_logs ORDER BY 1") == [("-",), ("012345678901",)]


def test_broken_and_foreign_files_are_set_aside(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    good = _write(folder, "good.parquet", _table(pa.int32(), SSH_ROW[:-1]))
    (folder / "cut.parquet").write_bytes(good.read_bytes()[:-20])
    _write(folder, "foreign.parquet", pa.table({"name": ["x"]}))
    text = _table(pa.int32(), SSH_ROW[:-1])
    text = text.set_column(5, "srcport", pa.array(["ssh"]))
    _write(folder, "mistyped.parquet", text)
    report = load_all(workspace, folder)
    assert {Path(one.name).name: one.reason.partition(":")[0] for one in report.failed} == {
        "cut.parquet": "its Parquet data is damaged",
        "foreign.parquet": "it is a Parquet file of something else",
        "mistyped.parquet": "it cannot be read",
    }
    assert rows(workspace) == [SSH_ROW]
