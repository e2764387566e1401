"""Names that are patterns to the database: each file is read itself, once, and no other in its place."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from obstore.store import MemoryStore

from flowtui.aws.objects import list_objects
from flowtui.lake import batch
from flowtui.lake.download import s3_sources
from flowtui.lake.load import load
from flowtui.lake.workspace import Workspace
from tests.aws.scripted import Script
from tests.lake.conftest import HEADER, SSH, ask, load_all, write

# Each with a name that it matches as a pattern.
PAIRS = [
    *[("g[1]", "g1"), ("s*", "sx"), ("q?", "qx"), ("e[!a]", "eb"), ("[a-z]", "k"), ("b{a,c}", "ba")],
    *[("d[1]/a", "d1/a"), ("**/c", "z/c"), ("p[[1]]", "p[1]")],
    *[("h\\x", "h/x"), ("m\\n[1]", "m/n1"), ("o\\[1]", "o[1]")],
]


def _line(port: int) -> str:
    return SSH.replace(" 20641 ", f" {port} ")


def _ports(workspace: Workspace) -> dict[object, object]:
    """The records' ports by the name of the object that they are said to be from."""
    found = ask(
        workspace,
        "SELECT o.key, list(r.srcport ORDER BY r.srcport) FROM flowtui.objects o "
        'JOIN flowtui.vpc_records r ON r."object id" = o.id GROUP BY ALL',
    )
    return dict(found)


def _refused(workspace: Workspace) -> list[tuple[object, ...]]:
    return ask(workspace, "SELECT file, line FROM vpc_flow_logs.rejected_lines ORDER BY ALL")


def _no_slow_path(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the database read some other file")

    monkeypatch.setattr(batch, "Repair", never)


@pytest.mark.parametrize("ending", [".log", ".log.gz"])
@pytest.mark.parametrize("beside", ["not loaded", "loaded", "loaded before"])
def test_text_files(workspace: Workspace, tmp_path: Path, beside: str, ending: str) -> None:
    files: list[Path] = []
    others: list[Path] = []
    for n, (name, other) in enumerate(PAIRS):
        folder = tmp_path / str(n)
        files.append(write(folder, name + ending, f"{HEADER}\n{_line(n)}\n{_line(100)}\nbad{n}\n"))
        others.append(write(folder, other + ending, f"{HEADER}\n{_line(1000 + n)}\n{_line(2000)}\nworse{n}\n"))
    if beside == "loaded before":
        load_all(workspace, *others)
    report = load_all(workspace, *files, *(others if beside == "loaded" else []))
    assert report.failed == ()
    ports = {str(path): [n, 100] for n, path in enumerate(files)}
    lines = [(str(path), f"bad{n}") for n, path in enumerate(files)]
    if beside != "not loaded":
        ports |= {str(path): [1000 + n, 2000] for n, path in enumerate(others)}
        lines += [(str(path), f"worse{n}") for n, path in enumerate(others)]
    assert _ports(workspace) == ports
    assert _refused(workspace) == sorted(lines)


def test_the_database_itself_reads_them(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _no_slow_path(monkeypatch)
    paths = [
        write(tmp_path / str(n), f"{name}.log", f"{HEADER}\n{_line(n)}\n")
        for n, pair in enumerate(PAIRS)
        for name in pair
        if not _is_hopeless(name)
    ]
    assert load_all(workspace, *paths).failed == ()
    assert _ports(workspace) == {str(path): [int(path.relative_to(tmp_path).parts[0])] for path in paths}


def _is_hopeless(name: str) -> bool:
    """Whether nothing tells the database which file is meant."""
    return "\\" in name and "[" in name


@pytest.mark.parametrize("hopeless", [False, True])
def test_parquet_files(workspace: Workspace, tmp_path: Path, hopeless: bool) -> None:
    """Each with a number below zero, for such a file is read twice."""
    expected = {}
    for n, pair in enumerate(PAIRS):
        if _is_hopeless(pair[0]) == hopeless:
            for port, name in zip((n, 100 + n), pair, strict=True):
                table = pa.table({"srcaddr": ["10.0.0.1"] * 3, "srcport": pa.array([-1, port, 1000], pa.int32())})
                path = tmp_path / str(n) / f"{name}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                pq.write_table(table, path)
                expected[str(path)] = [port, 1000]
    report = load_all(workspace, *map(Path, expected))
    found = _ports(workspace)
    if hopeless:
        # What cannot be read is told, and what stands beside it may suffer; but nothing that is loaded is wrong.
        assert found.items() <= expected.items()
        assert len(found) + len(report.failed) == len(expected)
    else:
        assert report.failed == ()
        assert found == expected
        assert [file for file, _ in _refused(workspace)] == sorted(expected)


@pytest.mark.parametrize("folder", ["w[1]", "w*"])
def test_a_workspace_in_such_a_folder(tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside it lie the plain copies of compressed files, and the lines that our own parser read."""
    odd = write(tmp_path, "a.log", f"{HEADER}\r\n{_line(1)}\r\n")
    plain = write(tmp_path, "b.log.gz", f"{HEADER}\n{_line(2)}\n")
    (tmp_path / "w1").mkdir()
    with Workspace.open(tmp_path / folder / "w.duckdb") as workspace:
        assert load_all(workspace, odd).failed == ()
        _no_slow_path(monkeypatch)
        assert load_all(workspace, plain).failed == ()
        assert _ports(workspace) == {str(odd): [1], str(plain): [2]}


def test_objects_of_a_bucket(workspace: Workspace, tmp_path: Path) -> None:
    script = Script()
    store = script.stores["logs"] = MemoryStore()
    script.answers["HeadBucket"] = lambda _: {"BucketRegion": "us-east-1"}
    expected = {}
    for n, name in enumerate(name for pair in PAIRS for name in pair if not name.startswith("**")):
        store.put(f"in/{name}.log", f"{HEADER}\n{_line(n)}\nbad{n}\n".encode())
        expected[f"in/{name}.log"] = [n]
    account = script.account()
    *_, last = load(workspace, s3_sources(account, list_objects(account, "logs", "in/"), tmp_path / "c[a]che"))
    assert last.report is not None and last.report.failed == ()
    assert _ports(workspace) == expected
    assert last.report.rejected == len(expected)


def test_an_object_in_a_cache_that_is_named_in_a_roundabout_way(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other" / ".." / "cache"))
    script = Script()
    store = script.stores["logs"] = MemoryStore()
    script.answers["HeadBucket"] = lambda _: {"BucketRegion": "us-east-1"}
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"srcaddr": ["10.0.0.1"], "srcport": pa.array([7], pa.int32())}), file)
    store.put("in/a[1].parquet", file.read_bytes())
    account = script.account()
    *_, last = load(workspace, s3_sources(account, list_objects(account, "logs", "in/")))
    assert last.report is not None and last.report.failed == ()
    assert _ports(workspace) == {"in/a[1].parquet": [7]}
