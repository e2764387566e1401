from __future__ import annotations

import threading
from pathlib import Path

import pytest

from flowtui.errors import AwsError
from flowtui.lake import feeder
from flowtui.lake.feeder import Feeder, Setback
from flowtui.lake.formats import Formats
from flowtui.lake.sources import FileSource
from flowtui.lake.spool import Spool


class _Busy(FileSource):
    """An object whose service says that it is busy."""

    def fetch(self) -> Path:
        raise AwsError("Too fast.", code="SlowDown")


class _Overtaken(Feeder):
    """One that another thread's success reaches as soon as it has looked since when nothing gets through."""

    _seen: float | None = 0.0

    @property
    def _failing_since(self) -> float | None:
        seen, self._seen = self._seen, None
        return seen

    @_failing_since.setter
    def _failing_since(self, since: float | None) -> None:
        if since is not None:
            self._seen = since


def test_a_success_elsewhere_while_one_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeder, "_NOTHING_THROUGH_S", 0.0)
    sources = [_Busy(tmp_path / str(n), 1) for n in range(2)]
    work = _Overtaken(sources, 1, threading.Event(), Formats(), Spool(tmp_path / "w.duckdb"))
    (answer,) = work.take(30.0)
    assert isinstance(answer, Setback)
    assert (answer.error.message, answer.untried) == ("Too fast.", 1)
