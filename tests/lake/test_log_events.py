"""Events of a log group as files; what AWS answers is written from its documentation of FilterLogEvents."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowtui.aws.tail import TailedGroup, TailSource
from flowtui.lake.ledger import loaded_objects
from flowtui.lake.load import load
from flowtui.lake.log_events import read_events
from flowtui.lake.progress import LoadReport
from flowtui.lake.workspace import Workspace
from flowtui.records.layout import DEFAULT_LAYOUT, Layout
from flowtui.records.parse import RejectedLine
from flowtui.records.shape import ShapeParser
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

    def load(
        self,
        workspace: Workspace,
        folder: Path,
        minutes: float = 119,
        *prefixes: str,
        layouts: tuple[Layout, ...] = (DEFAULT_LAYOUT, OTHER),
    ) -> LoadReport:
        place = folder / str(len(list(folder.iterdir())))
        place.mkdir()
        group = TailedGroup("us-east-1", "/vpc/g", prefixes, layouts)
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
    assert (rejects, lines) == ([("10.0.0.9",)], [("boo\nhoo",)])


NUMBERS = ("2", "-", "-1", "+5", "1.0", "1e3", "0x1f", "007", "1_000", "2147483648", "9223372036854775808", "9" * 20)
TEXTS = (
    "eni-1",
    "10.0.0.1",
    "x",
    "ACCEPT",
    "OK",
    "NULL",
    "true",
    '"',
    "'",
    ",",
    "#",
    "\\",
    "[red]",
    "\u0661",
    "\ufeff",
)
MARKS = ("\t", "\x00", "\r", "\n", "\r\n", "\u2028", "\x1b[31m", "\u202e", "\u00a0", "\x85")
HOSTILE = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.lists(
        st.sampled_from([*NUMBERS, *TEXTS, *MARKS]),
        min_size=12,
        max_size=16,
    ).map(" ".join),
    # A record with one thing wrong, or merely strange.
    st.builds(
        lambda at, what: " ".join([*record(1, 1).split(" ")[:at], what, *record(1, 1).split(" ")[at + 1 :]]),
        st.integers(0, 13),
        st.one_of(st.text(max_size=4), st.sampled_from(["-", "", " ", "\t", "\n", "\r", "7", '"', "00", "+1", "\x00"])),
    ),
    st.sampled_from(
        [DEFAULT_LAYOUT.header, OTHER.header, "version account-id", "", " ", "\n", "10.0.0.1 10.0.0.2 ACCEPT"]
    ),
).map(lambda text: text.encode("utf-8", "replace").decode())


@given(
    st.lists(HOSTILE, min_size=1, max_size=12), st.sampled_from([(DEFAULT_LAYOUT,), (OTHER,), (DEFAULT_LAYOUT, OTHER)])
)
@settings(max_examples=25, deadline=None)
def test_a_group_loads_line_by_line_as_it_is_tailed(messages: list[str], layouts: tuple[Layout, ...]):
    """What the tail takes for a record is one, with the same values; what it shows as it came is refused and kept."""
    parser = ShapeParser(layouts)
    taken, left = [], []
    for message in messages:
        try:
            found = parser.parse(message)
            taken.append({name: found.get(name) for name in ("srcaddr", "dstport", "bytes", "action")})
        except RejectedLine as error:
            left.append((message, error.reason))
    with TemporaryDirectory() as place, Workspace.open(Path(place) / "w.duckdb") as workspace:
        (Path(place) / "events").mkdir()
        group = Group(*((1, "eni-1-all", message) for message in messages))
        report = group.load(workspace, Path(place) / "events", layouts=layouts)
        assert report.failed == ()
        assert (report.records, report.rejected) == (len(taken), len(left))
        with workspace.cursor() as cursor:
            rows = cursor.execute("SELECT srcaddr, dstport, bytes, action FROM vpc_flow_logs.flow_logs").fetchall()
            lines = cursor.execute("SELECT line, reason FROM vpc_flow_logs.rejected_lines").fetchall()
        assert sorted(map(repr, rows)) == sorted(repr(tuple(one.values())) for one in taken)
        assert sorted(lines) == sorted(left)
        again = group.load(workspace, Path(place) / "events", layouts=layouts)
        assert (again.records, again.rejected) == (0, 0)


def test_streams_of_nothing_but_refused_lines_are_told_apart(workspace: Workspace, folder: Path):
    group = Group((1, "a", "boo"), (1, "b", "boo"), (2, "b", DEFAULT_LAYOUT.header))
    report = group.load(workspace, folder)
    assert (report.records, report.rejected, report.objects) == (0, 3, 2)
    group.events.append((3, "b", "hoo"))
    group.load(workspace, folder)
    with workspace.cursor() as cursor:
        found = cursor.execute(
            "SELECT file, count(*) FROM vpc_flow_logs.rejected_lines GROUP BY 1 ORDER BY 1"
        ).fetchall()
    assert [count for _, count in found] == [1, 3]
