from __future__ import annotations

import threading

import duckdb
import pytest

from flowtui.lake import aside
from flowtui.lake.aside import Aside


def test_what_was_ended_before_its_thread_came_to_it_never_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the thread takes: its connection is closed next."""
    gate = threading.Event()
    threads = []

    class Late(threading.Thread):
        def run(self) -> None:
            threads.append(self)
            gate.wait()
            super().run()

    monkeypatch.setattr(aside.threading, "Thread", Late)
    began = []
    with duckdb.connect() as connection:
        work = Aside(connection, lambda: began.append(1))
        work.begin()
        work.end()
    gate.set()
    assert work.at_rest.wait(30)
    threads[0].join()
    assert (began, work.done, work.error) == ([], False, None)
