"""Events of a log group as files; what AWS answers is written from its documentation of FilterLogEvents."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flowtui.aws.tail import TailedGroup, TailSource
from flowtui.lake.ledger import loaded_objects
from flowtui.lake.load import load
from flowtui.lake.log_events import read_events
from flowtui.lake.progress import LoadReport
from flowtui.lake.workspace import Workspace
from flowtui.records.layout import DEFAULT_LAYOUT, Layout
from tests.aws.scripted import Script

BEGIN = datetime(2024, 1, 15, 14, 0, tzinfo=UTC)
OTHER = Layout.from_header("srcaddr dstaddr action")


class Group:
    """A log group: ``(minute after 14:00, stream, message)``, each event with an id."""

    def __init__(self, *events: tuple[float, str, str]) -> None:
        self.events = list(events)
        self.twice = False
        self.script = Script({"FilterLogEvents": self._page})

    def _page(self, params: Any) -> dict[str, Any]:
        found = [
            {"eventId": f"{number}", "logStreamName": stream, "timestamp": ms, "ingestionTime": ms, "message": message}
            for number, (minute, stream, message) in enumerate(self.events)
            if params["startTime"] <= (ms := int((BEGIN + timedelta(minutes=minute)).timestamp() * 1000))
            and ms <= params["endTime"]
            and stream.startswith(params.get("logStreamNamePrefix", ""))
        ]
        return {"events": found + found if self.twice else found}

    def load(self, workspace: Workspace, folder: Path, minutes: float = 119, *prefixes: str) -> LoadReport:
        place = folder / str(len(list(folder.iterdir())))
        place.mkdir()
        group = TailedGroup("us-east-1", "/vpc/g", prefixes, (DEFAULT_LAYOUT, OTHER))
        with workspace.cursor() as cursor:
            known = loaded_objects(cursor)
        until = BEGIN + timedelta(minutes=minutes)
        *_, last = read_events(self.script.account(), TailSource((group,), "g"), BEGIN, until, place, known)
        *_, done = load(workspace, last.files)
        assert done.report is not None
        return done.report


def record(port: int, minute: float) -> str:
    start = int((BEGIN + timedelta(minutes=minute)).timestamp())
    return f"2 123456789010 eni-1 10.0.0.1 10.0.0.2 40000 {port} 6 1 40 {start} {start + 60} ACCEPT OK"


def event(port: int, minute: float, stream: str = "eni-1-all") -> tuple[float, str, str]:
    return minute, stream, record(port, minute)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w.duckdb") as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "events").mkdir()
    return tmp_path / "events"


def ports(workspace: Workspace) -> list[int]:
    with workspace.cursor() as cursor:
        rows = cursor.execute("SELECT dstport FROM vpc_flow_logs.flow_logs ORDER BY 1").fetchall()
    return [row[0] for row in rows]


def test_events_are_records_of_the_table(workspace: Workspace, folder: Path):
    group = Group(event(1, 3), event(2, 70), event(3, 3, "eni-2-all"))
    report = group.load(workspace, folder)
    assert (report.records, report.objects) == (3, 3)
    assert ports(workspace) == [1, 2, 3]


def test_loading_again_adds_nothing_and_late_records_come_in(workspace: Workspace, folder: Path):
    group = Group(*(event(port, port) for port in range(1, 50)))
    group.load(workspace, folder)
    again = group.load(workspace, folder)
    assert (again.records, again.skipped) == (0, 1)
    group.events.append(event(99, 5))
    group.load(workspace, folder)
    assert ports(workspace) == [*range(1, 50), 99]


def test_a_part_and_then_the_whole_and_again_the_part(workspace: Workspace, folder: Path):
    group = Group(event(1, 3), event(2, 4, "eni-2-all"), event(3, 5), event(4, 90))
    group.load(workspace, folder, 119, "eni-2")
    assert ports(workspace) == [2]
    group.load(workspace, folder)
    group.load(workspace, folder, 30, "eni-1")
    assert ports(workspace) == [1, 2, 3, 4]


def test_what_has_expired_from_the_group_stays(workspace: Workspace, folder: Path):
    group = Group(event(1, 3), event(2, 40))
    group.load(workspace, folder)
    group.events[0] = event(1, -500)
    group.load(workspace, folder)
    assert ports(workspace) == [1, 2]


def test_an_event_that_comes_twice_is_one_and_twins_are_two(workspace: Workspace, folder: Path):
    group = Group(event(1, 3), event(1, 3))
    group.twice = True
    group.load(workspace, folder)
    assert ports(workspace) == [1, 1]


def test_layouts_are_told_apart_and_strange_lines_are_kept_as_refused(workspace: Workspace, folder: Path):
    group = Group(event(1, 3), (4, "eni-1-all", "10.0.0.9 10.0.0.8 REJECT"), (5, "eni-1-all", "boo\nhoo"))
    report = group.load(workspace, folder)
    assert (report.records, report.rejected) == (2, 1)
    with workspace.cursor() as cursor:
        rejects = cursor.execute("SELECT srcaddr FROM vpc_flow_logs.flow_logs WHERE action = 'REJECT'").fetchall()
        lines = cursor.execute("SELECT line FROM vpc_flow_logs.rejected_lines").fetchall()
    assert (rejects, lines) == ([("10.0.0.9",)], [("boo hoo",)])
