import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flowtui.aws.models import LogEvent
from flowtui.aws.tail import TailBatch, TailLine, TailNews, TailNote, TailStatus
from flowtui.errors import WorkspaceError
from flowtui.lake import live_keeper
from flowtui.lake.live import LiveRow, append, identity_of, live_rows, prepare
from flowtui.lake.live_keeper import LiveKeeper, keeping
from flowtui.lake.workspace import Workspace
from flowtui.records.layout import DEFAULT_LAYOUT, Layout
from flowtui.records.parse import LineParser

NOW = datetime(2024, 1, 15, 14, 5, tzinfo=UTC)
WIDE = Layout.from_header("srcaddr dstaddr brand-new tcp-flags vpc-id action")


def text(port: int) -> str:
    return f"2 012345678901 eni-1 10.0.0.1 10.0.0.2 - {port} 6 1 40 1705327512 1705327572 ACCEPT OK"


def row(port: int, arrived: datetime = NOW) -> LiveRow:
    return LiveRow(LineParser(DEFAULT_LAYOUT).parse(text(port)), identity_of("g", port), arrived)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w.duckdb") as found:
        yield found


def ask(workspace: Workspace, query: str) -> list[tuple[object, ...]]:
    with workspace.cursor() as cursor:
        return cursor.execute(query).fetchall()


def columns(workspace: Workspace, view: str) -> list[str]:
    with workspace.cursor() as cursor:
        return [entry[0] for entry in cursor.execute(f"SELECT * FROM vpc_flow_logs.{view}").description or ()]


def test_rows_have_the_columns_and_values_that_flow_logs_has(workspace: Workspace):
    assert append(workspace, [row(22), row(443)]) == 2
    assert columns(workspace, "live") == columns(workspace, "flow_logs")
    [found] = ask(workspace, "SELECT account_id, srcport, dstport, dt FROM vpc_flow_logs.live WHERE dstport = 22")
    assert found == ("012345678901", None, 22, "2024-01-15")


def test_fields_of_further_formats_join_in_awss_order(workspace: Workspace):
    append(workspace, [row(22)])
    wide = LineParser(WIDE).parse("10.0.0.1 - x 2 vpc-1 REJECT")
    append(workspace, [LiveRow(wide, 7, NOW)])
    assert columns(workspace, "live")[14:] == ["vpc_id", "tcp_flags", "brand_new", "dt"]
    query = "SELECT dstaddr, tcp_flags, brand_new, start, dt FROM vpc_flow_logs.live WHERE action = 'REJECT'"
    assert ask(workspace, query) == [("-", 2, "x", None, None)]


def test_the_same_events_again_add_nothing(workspace: Workspace):
    append(workspace, [row(port) for port in range(100)])
    assert append(workspace, [row(port) for port in range(50, 150)]) == 50
    assert ask(workspace, "SELECT count(*), count(DISTINCT dstport) FROM vpc_flow_logs.live") == [(150, 150)]


def test_rows_are_bounded_by_number_and_by_age(workspace: Workspace):
    append(workspace, [row(port) for port in range(300)])
    append(workspace, [row(port) for port in range(300, 400)], most_rows=120)
    assert ask(workspace, "SELECT count(*), min(dstport) FROM vpc_flow_logs.live") == [(118, 282)]
    append(workspace, [row(1000, NOW + timedelta(hours=3))], longest=timedelta(hours=1))
    assert ask(workspace, "SELECT dstport FROM vpc_flow_logs.live") == [(1000,)]


def test_the_view_is_there_before_the_first_record(workspace: Workspace):
    prepare(workspace, (WIDE,))
    assert "brand_new" in columns(workspace, "live")
    assert ask(workspace, "SELECT count(*) FROM vpc_flow_logs.live") == [(0,)]


def test_transit_gateway_records_have_a_view_of_their_own(workspace: Workspace):
    layout = Layout.from_header("resource-type tgw-id srcaddr")
    append(workspace, [LiveRow(LineParser(layout).parse("TransitGateway tgw-1 10.0.0.1"), 1, NOW)])
    assert ask(workspace, "SELECT tgw_id, srcaddr FROM vpc_flow_logs.transit_gateway_live") == [("tgw-1", "10.0.0.1")]


def batch(*ports: int, ingested: int = 5) -> TailBatch:
    parser = LineParser(DEFAULT_LAYOUT)
    events = [LogEvent("", "eni-1-all", 1705327512000, ingested, text(port), "r", "g") for port in ports]
    return TailBatch(tuple(TailLine(event, parser.parse(event.message)) for event in events))


def test_what_a_tail_tells_passes_and_its_records_are_kept(workspace: Workspace):
    strange = TailBatch((TailLine(LogEvent("", "s", 0, 0, "boo"), None, "1 column"),))
    news: list[TailNews] = [batch(1, 2, 2), strange, TailStatus("polling", 3, 0, 1.0), batch(3)]
    assert list(keeping(iter(news), lambda: nullcontext(workspace), (DEFAULT_LAYOUT,))) == news
    assert ask(workspace, "SELECT dstport FROM vpc_flow_logs.live ORDER BY 1") == [(1,), (2,), (2,), (3,)]
    # Begun again it is handed the same events.
    list(keeping(iter(news), lambda: nullcontext(workspace), (DEFAULT_LAYOUT,)))
    assert ask(workspace, "SELECT count(*) FROM vpc_flow_logs.live") == [(4,)]


def test_rows_can_be_asked_for_while_the_tail_goes_on(workspace: Workspace):
    keeper = LiveKeeper(lambda: nullcontext(workspace), (DEFAULT_LAYOUT,), period_s=0.01)
    keeper.add(batch(*range(50)).lines)
    deadline = time.monotonic() + 20
    while True:
        keeper_there = ask(workspace, "SELECT 1 FROM duckdb_views() WHERE view_name = 'live'")
        if keeper_there and ask(workspace, "SELECT count(*) FROM vpc_flow_logs.live") == [(50,)]:
            break
        assert time.monotonic() < deadline
        time.sleep(0.01)
    keeper.close()


def test_a_workspace_that_cannot_be_had_is_said_once_and_rows_wait_for_it(workspace: Workspace):
    held = threading.Event()
    held.set()
    asked = []

    def open_workspace():
        asked.append(1)
        if held.is_set():
            raise WorkspaceError("The workspace is held by flowtui (process 17).")
        return nullcontext(workspace)

    keeper = LiveKeeper(open_workspace, (DEFAULT_LAYOUT,), period_s=0.01)
    keeper.add(batch(1, 2).lines)
    deadline = time.monotonic() + 20
    while len(asked) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert list(keeper.notes()) == [
        "live rows are not kept in the workspace: The workspace is held by flowtui (process 17)."
    ]
    held.clear()
    keeper.add(batch(3).lines)
    keeper.close()
    assert list(keeper.notes()) == []
    assert ask(workspace, "SELECT count(*) FROM vpc_flow_logs.live") == [(3,)]


def test_rows_whose_statement_was_interrupted_wait_for_the_next_workspace(workspace: Workspace, monkeypatch):
    """Whoever closes a workspace interrupts what still runs on it."""
    ended = threading.Event()

    def interrupted(*_: object) -> int:
        monkeypatch.setattr(live_keeper, "append", append)
        ended.set()
        raise duckdb.InterruptException("INTERRUPT Error: Interrupted!")

    monkeypatch.setattr(live_keeper, "append", interrupted)
    keeper = LiveKeeper(lambda: nullcontext(workspace), (DEFAULT_LAYOUT,), period_s=0.01)
    keeper.add(batch(1, 2).lines)
    assert ended.wait(30)
    keeper.close()
    assert list(keeper.notes()) == []
    assert ask(workspace, "SELECT count(*) FROM vpc_flow_logs.live") == [(2,)]


def test_what_is_let_go_while_the_workspace_cannot_be_had_is_counted(workspace: Workspace):
    held = [True]
    asked = []

    def open_workspace():
        asked.append(1)
        if held[0]:
            raise WorkspaceError("held")
        return nullcontext(workspace)

    keeper = LiveKeeper(open_workspace, (DEFAULT_LAYOUT,), period_s=0.01, most_waiting=3)
    deadline = time.monotonic() + 20
    while not asked:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    for port in range(1, 10):
        # However many the thread has taken by then, three wait behind them.
        keeper.add(batch(*range(100 * port, 100 * port + 50)).lines)
    held[0] = False
    keeper.close()
    kept = ask(workspace, "SELECT count(*) FROM vpc_flow_logs.live")[0][0]
    assert kept < 450
    assert list(keeper.notes()) == [
        "live rows are not kept in the workspace: held",
        f"{450 - kept} live records let go while the workspace could not be had",
    ]


def test_a_second_process_is_no_reason_to_stop():
    def held():
        raise WorkspaceError("held")

    told: list[TailNews] = [batch(1), TailStatus("polling", 1, 0, 1.0)]
    news = list(keeping(iter(told), held, (DEFAULT_LAYOUT,)))
    assert news == [*told, TailNote("live rows are not kept in the workspace: held")]


def test_keeping_may_be_switched_at_any_time(workspace: Workspace):
    wanted = [True]
    news = keeping(
        iter([batch(1), batch(2), batch(3)]), lambda: nullcontext(workspace), (DEFAULT_LAYOUT,), lambda: wanted[0]
    )
    next(news)
    wanted[0] = False
    next(news)
    assert ask(workspace, "SELECT dstport FROM vpc_flow_logs.live") == [(1,)]
    wanted[0] = True
    assert len(list(news)) == 1
    assert ask(workspace, "SELECT dstport FROM vpc_flow_logs.live ORDER BY 1") == [(1,), (3,)]
    with workspace.cursor() as cursor:
        assert live_rows(cursor) == {"live": 2}
