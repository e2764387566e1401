"""A workspace whose file is damaged where its ledger lies, which shows only when the ledger is read."""

from __future__ import annotations

import duckdb
import pytest

from flowtui.config import load_settings
from flowtui.context import Context
from flowtui.errors import WorkspaceError
from flowtui.lake import ledger, live
from flowtui.lake.formats import Formats
from flowtui.lake.workspace import Workspace
from flowtui.tui.objects.listing import known_of
from flowtui.tui.sql.runner import Runner


def test_it_is_told_on_the_logs_and_the_sql_screen(tmp_path, monkeypatch):
    def fail(_):
        raise duckdb.IOException("IO Error: Corrupt database file: a checksum does not match")

    monkeypatch.setattr(ledger, "loaded_objects", fail)
    monkeypatch.setattr(live, "live_rows", fail)
    context = Context(load_settings({"demo": True}, {}))
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        monkeypatch.setattr(context, "workspace", lambda: workspace)
        with pytest.raises(WorkspaceError, match=r"w\.duckdb is damaged"):
            known_of([], workspace, Formats())
        with pytest.raises(WorkspaceError, match=r"w\.duckdb is damaged"):
            list(Runner(context).contents())
