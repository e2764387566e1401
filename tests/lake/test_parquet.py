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
        "mistyped.parquet": "Conversion Error",
    }
    assert rows(workspace) == [SSH_ROW]
