from __future__ import annotations

from pathlib import Path

import pytest

from flowtui.errors import FlowTuiError
from flowtui.lake.sources import local_sources
from tests.lake.conftest import HEADER, SSH, write
from tests.locked import lock


def test_a_file_in_a_folder_that_may_not_be_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "locked", "a.log", f"{HEADER}\n{SSH}\n")
    lock(path.parent, monkeypatch)
    # The folder itself can be listed.
    for named in (path, path.parent, tmp_path):
        with pytest.raises(FlowTuiError, match=r"Cannot read .*a\.log: Permission denied"):
            local_sources([named])


def test_a_link_that_leads_back_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.symlink_to(path)
    with pytest.raises(FlowTuiError, match=r"leads back to itself|Too many levels"):
        local_sources([path])


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(FlowTuiError, match=r"Cannot read .*: File name too long"):
        local_sources([tmp_path / ("x" * 1000)])
