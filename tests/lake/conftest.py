"""A workspace, and flow log files written by hand."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from flowtui.errors import WorkspaceError
from flowtui.lake.load import load
from flowtui.lake.progress import LoadReport
from flowtui.lake.sources import local_sources
from flowtui.lake.workspace import Workspace

HEADER = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
)
SSH = (
    "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK"
)
RDP = (
    "2 123456789010 eni-1235b8ca123456789 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 1418530010 1418530070 REJECT OK"
)
NODATA = "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA"
SSH_ROW = (
    *(2, "123456789010", "eni-1235b8ca123456789", "172.31.16.139", "172.31.16.21", 20641, 22, 6, 20, 4249),
    *(1418530010, 1418530070, "ACCEPT", "OK", "2014-12-14"),
)
NODATA_ROW = (
    *(2, "123456789010", "eni-1235b8ca123456789", "-", "-", None, None, None, None, None),
    *(1431280876, 1431280934, "-", "NODATA", "2015-05-10"),
)
COLUMNS = [*HEADER.replace("-", "_").split(), "dt"]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "workspace" / "w.duckdb") as opened:
        yield opened


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """A file; gzip when its name says so."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def load_all(workspace: Workspace, *paths: Path) -> LoadReport:
    """Load to the end."""
    *_, last = load(workspace, local_sources(paths))
    assert last.report is not None and last.stage == "done"
    return last.report


def open_soon(path: Path) -> Workspace:
    """Open a workspace that a killed process held: its lock is gone when the system has taken its files back."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            return Workspace.open(path)
        except WorkspaceError:
            time.sleep(0.1)
    return Workspace.open(path)


def ask(workspace: Workspace, query: str, parameters: Sequence[object] = ()) -> list[tuple[object, ...]]:
    with workspace.cursor() as cursor:
        return [tuple(row) for row in cursor.execute(query, list(parameters)).fetchall()]


def rows(workspace: Workspace) -> list[tuple[object, ...]]:
    return ask(workspace, "SELECT * FROM vpc_flow_logs.flow_logs ORDER BY start, srcaddr")


def rejected(workspace: Workspace) -> list[tuple[object, ...]]:
    return ask(
        workspace,
        "SELECT parse_filename(file), line_number, line, reason FROM vpc_flow_logs.rejected_lines ORDER BY 1, 2",
    )
