"""Results as CSV, JSON, tables and Parquet."""

from __future__ import annotations

import csv
import io
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from flowtui.errors import FlowTuiError, QueryError
from flowtui.sql import writers
from flowtui.sql.duckdb_engine import DuckDBEngine
from flowtui.sql.limits import Limited

TEXT = """
SELECT * FROM (VALUES
  (1, 'a "b", c', 1.5e0, 0.50, from_unixtime(0) AT TIME ZONE 'Asia/Tokyo', ARRAY[1, NULL], map(ARRAY['k'], ARRAY[1e10]),
   true, INTERVAL '1' DAY, ipaddress '10.0.0.1', row(1, 'x'), X'00ff'),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
) AS t(i, s, d, n, z, l, m, b, v, ip, r, x)
"""


def test_csv_is_athenas(engine: DuckDBEngine) -> None:
    stream = engine.stream(TEXT)
    out = io.StringIO()
    assert writers.write_csv(out, stream.columns, stream.batches) == 2
    lines = out.getvalue().splitlines()
    assert lines[0] == '"i","s","d","n","z","l","m","b","v","ip","r","x"'
    assert lines[2] == "," * 11, "NULL is an empty field without quotes"
    assert next(csv.reader([lines[1]])) == [
        "1",
        'a "b", c',
        "1.5",
        "0.50",
        "1970-01-01 09:00:00.000 Asia/Tokyo",
        "[1, null]",
        "{k=1.0E10}",
        "true",
        "1 00:00:00.000",
        "10.0.0.1",
        "{field0=1, field1=x}",
        "00 ff",
    ]


def test_json_keeps_kinds(engine: DuckDBEngine) -> None:
    stream = engine.stream(TEXT)
    out = io.StringIO()
    assert writers.write_json(out, stream.columns, stream.batches) == 2
    first, second = json.loads(out.getvalue())
    assert first["i"] == 1
    assert first["d"] == 1.5
    assert first["n"] == "0.50", "a decimal would lose digits as a JSON number"
    assert first["l"] == [1, None]
    assert first["m"] == {"k": 1e10}
    assert first["b"] is True
    assert first["v"] == "1 00:00:00.000"
    assert first["r"] == {"field0": 1, "field1": "x"}
    assert set(second.values()) == {None}


def test_json_of_no_rows_is_an_empty_array(engine: DuckDBEngine) -> None:
    stream = engine.stream("SELECT 1 AS a WHERE false")
    out = io.StringIO()
    assert writers.write_json(out, stream.columns, stream.batches) == 0
    assert json.loads(out.getvalue()) == []


def test_json_has_no_infinity(engine: DuckDBEngine) -> None:
    stream = engine.stream("SELECT infinity() AS a, nan() AS b")
    out = io.StringIO()
    writers.write_json(out, stream.columns, stream.batches)
    assert json.loads(out.getvalue()) == [{"a": "Infinity", "b": "NaN"}]


def test_table_aligns_and_tames(engine: DuckDBEngine) -> None:
    stream = engine.stream("SELECT chr(27) || '[31m' AS a, 5 AS number UNION ALL SELECT NULL, 12345 ORDER BY number")
    out = io.StringIO()
    assert writers.write_table(out, stream.columns, stream.batches) == 2
    assert out.getvalue().splitlines() == ["a      number", "─────  ──────", "·[31m       5", "NULL    12345"]


def test_parquet_keeps_types(engine: DuckDBEngine, tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    stream = engine.stream("SELECT from_unixtime(60) AS z, 1.50 AS n, ARRAY[1] AS l, 'a' AS s")
    assert writers.write_parquet(path, stream.columns, stream.batches, stream.schema) == 1
    table = pq.read_table(path)
    assert str(table.schema.field("z").type) == "timestamp[us, tz=UTC]"
    assert str(table.schema.field("n").type) == "decimal128(3, 2)"
    assert table.column("z")[0].as_py().isoformat() == "1970-01-01T00:01:00+00:00"
    assert list(tmp_path.iterdir()) == [path]


def test_json_refuses_to_lose_a_column(engine: DuckDBEngine) -> None:
    stream = engine.stream("SELECT 1 AS a, 2 AS a")
    file = io.StringIO()
    with pytest.raises(FlowTuiError, match="Two columns are named a; JSON"):
        writers.write_json(file, stream.columns, stream.batches)
    stream.close()
    assert file.getvalue() == ""


def test_parquet_as_a_stream(engine: DuckDBEngine) -> None:
    file = io.BytesIO()
    stream = engine.stream("SELECT x, 'a' AS name FROM (VALUES 1, 2) t(x)")
    assert writers.stream_parquet(file, stream.columns, stream.batches, stream.schema) == 2
    assert pq.read_table(io.BytesIO(file.getvalue())).to_pylist() == [{"x": 1, "name": "a"}, {"x": 2, "name": "a"}]
    tens = "unnest(sequence(1, 10000)) a(x), unnest(sequence(1, 10)) b(y)"
    failing = engine.stream(f"SELECT 1 / (x - 9000) FROM {tens}")
    nothing = io.BytesIO()
    with pytest.raises(QueryError):
        writers.stream_parquet(nothing, failing.columns, failing.batches, failing.schema)
    assert nothing.getvalue() == b""


def test_parquet_that_fails_leaves_nothing(engine: DuckDBEngine, tmp_path: Path) -> None:
    stream = engine.stream("SELECT 1 AS a, 2 AS A")
    with pytest.raises(FlowTuiError, match="Two columns are named a"):
        writers.write_parquet(tmp_path / "out.parquet", stream.columns, stream.batches, stream.schema)
    stream.close()
    with pytest.raises(FlowTuiError, match="Division by zero"):
        failing = engine.stream("SELECT 1 / (x - 1) AS a FROM (VALUES 1) t(x)")
        writers.write_parquet(tmp_path / "out.parquet", failing.columns, failing.batches, failing.schema)
    missing = engine.stream("SELECT 1 AS a")
    with pytest.raises(FlowTuiError, match="Cannot write"):
        writers.write_parquet(tmp_path / "no" / "out.parquet", missing.columns, missing.batches, missing.schema)
    missing.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("limit", "rows", "more"),
    [(None, 25_000, False), (25_000, 25_000, False), (24_999, 24_999, True), (10, 10, True), (0, 0, True)],
)
def test_limited(engine: DuckDBEngine, limit: int | None, rows: int, more: bool) -> None:
    stream = engine.stream(
        "SELECT x FROM unnest(sequence(1, 5000)) AS t(x) CROSS JOIN unnest(sequence(1, 5)) AS u(y)", limit
    )
    limited = Limited(stream.batches, limit)
    assert sum(batch.num_rows for batch in limited) == rows
    assert limited.more is more
    stream.close()


def _write(path: Path, text: str) -> None:
    with writers.whole_file(path) as file:
        file.write(text)


def test_a_place_that_cannot_be_written_is_told(engine: DuckDBEngine, tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    for path in (tmp_path / "plain" / "out", tmp_path / ("x" * 300)):
        with pytest.raises(FlowTuiError, match="Cannot write"):
            _write(path, "a")
        stream = engine.stream("SELECT 1 AS a")
        with pytest.raises(FlowTuiError, match="Cannot write"):
            writers.write_parquet(path, stream.columns, stream.batches, stream.schema)
        stream.close()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    link, target = tmp_path / "link.csv", tmp_path / "target.csv"
    link.symlink_to(target)
    _write(link, "a\n")
    assert link.is_symlink() and target.read_text() == "a\n"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_pipe_with_a_name_is_written_into(engine: DuckDBEngine, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        read = pool.submit(pipe.read_bytes)
        _write(pipe, "a\n")
        assert read.result() == b"a\n"
        read = pool.submit(pipe.read_bytes)
        stream = engine.stream("SELECT 1 AS a")
        assert writers.write_parquet(pipe, stream.columns, stream.batches, stream.schema) == 1
        stream.close()
        assert pq.read_table(io.BytesIO(read.result())).num_rows == 1
    assert pipe.is_fifo()
