"""The parts of the Tail screen that need no screen."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event

import pyarrow.parquet as pq
import pytest
from rich.cells import cell_len

from flowtui.aws.models import Interface
from flowtui.aws.tail import TailedGroup, TailSource, resolve, tail
from flowtui.demo.account import demo_account
from flowtui.errors import FlowTuiError, UsageError
from flowtui.lake.load import load
from flowtui.lake.sources import find_files
from flowtui.lake.workspace import Workspace
from flowtui.records.layout import DEFAULT_LAYOUT, Layout
from flowtui.sql.duckdb_engine import DuckDBEngine
from flowtui.sql.statements import split
from flowtui.tui.console import log_group_url
from flowtui.tui.tail import feed
from flowtui.tui.tail.columns import COLUMNS, fit_columns, outcome, service_text
from flowtui.tui.tail.explain import details, direction_of, headline, relatives, why
from flowtui.tui.tail.feed import Found
from flowtui.tui.tail.filters import FilterStack
from flowtui.tui.tail.lines import GapRow, HeldLine, TailRow
from flowtui.tui.tail.marks import MOST, Bookmarks, Highlights
from flowtui.tui.tail.names import Names, place_of
from flowtui.tui.tail.outcomes import Outcomes
from flowtui.tui.tail.pivot import best_query, flow_query, rows_by_table
from flowtui.tui.tail.save import check_path, files_of, save, suggested_name
from flowtui.tui.tail.status import Counts, below_line
from flowtui.tui.theme import ASCII, UNICODE
from flowtui.tui.widgets.listing import Listing
from flowtui.tui.widgets.rates import BUCKETS, Histogram, Rate, spark
from flowtui.tui.widgets.short import fit_middle, short_bytes, short_count
from tests.aws.scripted import NOW, Script

SSH = "2 123456789010 eni-0a 203.0.113.77 10.20.4.18 40123 22 6 3 180 1705327512 1705327570 REJECT OK"
REPLY = "2 123456789010 eni-0a 10.20.4.18 203.0.113.77 443 50000 6 9 4200 1705327512 1705327570 ACCEPT OK"
NODATA = "2 123456789010 eni-0a - - - - - - - 1705327512 1705327570 - NODATA"
WEB = Interface(
    "eni-0a",
    "vpc-1",
    "subnet-1",
    "us-east-1",
    "interface",
    "web-3",
    "",
    ("10.20.4.18",),
    "",
    (),
    "in-use",
    "i-1",
    ("sg-1",),
)


def held(raw, layout=DEFAULT_LAYOUT, stream=""):
    return HeldLine(raw, layout, stream)


@pytest.mark.parametrize("width", range(60, 241))
def test_columns_never_exceed_the_width_and_keep_the_essential(width):
    placed = fit_columns(width, frozenset({"tcp-flags", "flow-direction"}))
    used = sum(one.width for one in placed) + len(placed) - 1
    keys = [one.column.key for one in placed]
    assert {"time", "mark", "interface", "src", "dst", "dstport", "protocol", "packets", "bytes"} <= set(keys)
    assert keys == [column.key for column in COLUMNS if column.key in keys]
    if width >= 79:
        assert used <= width
    assert all(one.width >= one.column.narrow for one in placed)


def test_columns_of_fields_that_are_not_there_stay_away():
    assert "flags" not in [one.column.key for one in fit_columns(180)]
    assert "flags" in [one.column.key for one in fit_columns(180, frozenset({"tcp-flags"}))]


@pytest.mark.parametrize(("raw", "result"), [(SSH, "REJECT"), (REPLY, "ACCEPT"), (NODATA, "NODATA")])
def test_outcome(raw, result):
    assert outcome(held(raw).record) == result


def test_the_service_is_the_destination_s_or_the_one_that_answers():
    assert service_text(held(SSH).record) == "ssh"
    assert service_text(held(REPLY).record) == "< https"


def test_a_line_that_fits_no_layout_has_no_record_and_is_filtered_as_text():
    line = held("START of something", None)
    assert line.record is None
    assert line.glance() == "START of something"
    assert held("2 too short").record is None


def test_the_stream_names_the_interface_where_the_format_does_not():
    layout = Layout.of(["srcaddr", "action"])
    assert held("10.0.0.1 ACCEPT", layout, "eni-0123-all").interface_id == "eni-0123"
    assert held(SSH).interface_id == "eni-0a"


def test_names_by_interface_and_by_address():
    names = Names([WEB])
    assert names.interface("eni-0a") == "web-3"
    assert names.interface("eni-unknown") == "eni-unknown"
    assert names.address("10.20.4.18") == "web-3"
    assert names.address("10.20.4.19") == ""


def test_an_address_of_several_vpcs_is_named_as_the_record_s_own_vpc_knows_it():
    other = replace(WEB, id="eni-0b", vpc_id="vpc-2", owner="db-1")
    third = replace(WEB, id="eni-0c", vpc_id="vpc-3", owner="nat", private_ips=("10.20.4.99",))
    names = Names([WEB, other, third])
    assert names.address("10.20.4.18", "eni-0a") == "web-3"
    assert names.address("10.20.4.18", "eni-0b") == "db-1"
    # Nobody knows which is meant.
    assert names.address("10.20.4.18") == names.address("10.20.4.18", "eni-0c") == ""
    # Another VPC's, over a peering for one.
    assert names.address("10.20.4.99", "eni-0a") == "nat"
    line = held(SSH.replace("eni-0a", "eni-0b"))
    assert dict(why(line, line.record, names))["To"] == "10.20.4.18 port 22 (ssh)  db-1"
    assert headline(line.record, names, ASCII) == "203.0.113.77 -> db-1:22 TCP REJECT"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("10.1.2.3", "private"),
        ("172.31.0.1", "private"),
        ("198.51.100.7", "internet"),
        ("8.8.8.8", "internet"),
        ("fd00::1", "private"),
        ("2600::1", "internet"),
        ("169.254.169.254", "link-local"),
        ("-", ""),
    ],
)
def test_place_of(address, place):
    assert place_of(address) == place


def test_direction_comes_from_the_field_or_from_the_interface_s_side():
    names = Names([WEB])
    assert direction_of(held(SSH), held(SSH).record, names) == "ingress"
    assert direction_of(held(REPLY), held(REPLY).record, names) == "egress"
    assert direction_of(held(SSH), held(SSH).record, Names()) == ""
    layout = Layout.of([*DEFAULT_LAYOUT.names, "flow-direction"])
    line = held(f"{SSH} egress", layout)
    assert direction_of(line, line.record, names) == "egress"


def test_why_tells_interface_ends_and_reason():
    layout = Layout.of([*DEFAULT_LAYOUT.names, "reject-reason"])
    line = held(f"{SSH} BPA", layout)
    facts = dict(why(line, line.record, Names([WEB])))
    assert facts["Outcome"] == "REJECT"
    assert facts["Reason given"] == "VPC Block Public Access"
    assert facts["Interface"] == "eni-0a  web-3"
    assert facts["Security groups"] == "sg-1"
    assert facts["From"] == "203.0.113.77 port 40123  internet"
    assert facts["To"] == "10.20.4.18 port 22 (ssh)  web-3"
    assert facts["Seen"].startswith("2024-01-15 14:05:12")
    assert headline(line.record, Names([WEB]), UNICODE) == "203.0.113.77 → web-3:22 TCP REJECT"
    assert headline(line.record, Names([WEB]), ASCII) == "203.0.113.77 -> web-3:22 TCP REJECT"


def test_details_name_every_field_and_survive_nodata():
    assert [name for name, _ in details(held(SSH).record)] == list(DEFAULT_LAYOUT.names)
    assert dict(details(held(SSH).record))["protocol"] == "6  TCP"
    assert dict(details(held(NODATA).record))["bytes"] == "-"
    assert dict(why(held(NODATA), held(NODATA).record, Names()))["Outcome"] == "NODATA"


def test_the_flow_s_query_has_the_five_tuple_and_ten_minutes():
    text = flow_query(held(SSH).record)
    assert len(split(text)) == 1
    for part in ("srcaddr = '203.0.113.77'", "dstaddr = '10.20.4.18'", "srcport = 40123", "dstport = 22"):
        assert part in text
    assert f"start BETWEEN {1705327512 - 300} AND {1705327570 + 300}" in text
    assert "dt IN ('2024-01-15')" in text


def test_a_flow_around_midnight_asks_both_days_and_hostile_text_stays_text():
    late = SSH.replace("1705327512 1705327570", "1705363190 1705363199").replace("203.0.113.77", "x'--")
    text = flow_query(held(late).record)
    assert "dt IN ('2024-01-15', '2024-01-16')" in text
    assert "srcaddr = 'x''--'" in text
    assert len(split(text)) == 1
    assert "srcaddr = '-'" in flow_query(held(NODATA).record)


def test_the_query_is_over_the_table_that_has_the_rows_and_says_which():
    record = held(SSH).record
    assert "FROM vpc_flow_logs.live" in best_query(record, {"flow_logs": 0, "live": 7})
    text = best_query(record, {"flow_logs": 3, "live": 7})
    assert text.startswith("-- 7 rows in live (tailed); 3 in flow_logs (loaded).\n")
    assert "-- 1 row in live (tailed).\n" in best_query(record, {"live": 1})
    assert "dt IN" not in text
    assert "FROM vpc_flow_logs.flow_logs" in best_query(record, {"flow_logs": 7, "live": 7})
    assert best_query(record, {}).startswith("-- Neither loaded nor tailed")
    assert "put away within seconds" in best_query(record, {}, kept=True)
    assert "FROM vpc_flow_logs.live" in best_query(record, {}, kept=True)
    wild = held(SSH.replace("1705327512 1705327570", "999999999999999 9999999999999999")).record
    assert "dt IN" not in flow_query(wild)


def test_the_rows_of_a_flow_are_counted_in_each_table(tmp_path):
    path = tmp_path / "flow.log"
    path.write_text("\n".join((DEFAULT_LAYOUT.header, SSH, SSH, REPLY)) + "\n")
    with Workspace.open(tmp_path / "ws.duckdb") as workspace:
        list(load(workspace, find_files([path]).sources))
        rows = rows_by_table(DuckDBEngine(workspace.cursor), held(SSH).record)
    assert rows == {"flow_logs": 2, "live": 0}


def test_what_became_of_a_conversation_among_the_records_held():
    answer = SSH.replace("203.0.113.77 10.20.4.18 40123 22", "10.20.4.18 203.0.113.77 22 40123")
    lines = [held(SSH), held(SSH.replace("40123", "40124")), held(answer.replace("REJECT", "ACCEPT")), held(REPLY)]
    assert relatives(held(SSH).record, lines) == "to port 22 2 REJECT; replies 1 ACCEPT"
    assert relatives(held(NODATA).record, lines) == "no addresses to look for"


def test_saving_as_log_gives_each_layout_a_file_that_loads(tmp_path):
    other = Layout.of(["interface-id", "srcaddr", "dstaddr", "start", "end", "action"])
    short = "eni-0a 10.0.0.1 10.0.0.2 1705327512 1705327570 ACCEPT"
    lines = [held(SSH), held(REPLY), held(short, other), held("no record", None), held(NODATA)]
    path = tmp_path / "out.log"
    files = files_of(lines, path)
    assert files == [path, tmp_path / "out-2.log"]
    assert list(save(lines, path))[-1] == 4
    assert path.read_text().splitlines() == [DEFAULT_LAYOUT.header, SSH, REPLY, NODATA]
    assert files[1].read_text().splitlines() == [other.header, short]
    with Workspace.open(tmp_path / "ws.duckdb") as workspace:
        list(load(workspace, find_files(files).sources))
        assert workspace.cursor().execute("SELECT count(*) FROM vpc_flow_logs.flow_logs").fetchone() == (4,)
    assert files_of(lines[:2], path) == [path]
    assert files_of(lines, tmp_path / "out.csv") == [tmp_path / "out.csv"]


def test_where_one_of_several_files_is_there_already_none_is_made(tmp_path):
    taken = tmp_path / "out-2.log"
    taken.write_text("mine")
    lines = [held(SSH), held("10.0.0.1 ACCEPT", Layout.of(["srcaddr", "action"]))]
    with pytest.raises(FlowTuiError, match=r"Cannot write .*out-2\.log: File exists"):
        list(save(lines, tmp_path / "out.log"))
    assert [one.name for one in tmp_path.iterdir()] == ["out-2.log"]
    assert taken.read_text() == "mine"


def test_saving_as_ndjson_and_csv(tmp_path):
    lines = [held(SSH), held("no record", None), held(NODATA)]
    list(save(lines, tmp_path / "out.ndjson"))
    rows = [json.loads(line) for line in (tmp_path / "out.ndjson").read_text().splitlines()]
    assert rows[0]["dstport"] == 22
    assert rows[1]["message"] == "no record"
    assert rows[2]["bytes"] is None
    list(save(lines, tmp_path / "out.csv"))
    first, *rest = (tmp_path / "out.csv").read_text().splitlines()
    assert first.startswith("version,account_id,interface_id,srcaddr")
    assert len(rest) == 3


def test_saving_as_parquet_keeps_types_and_every_layout_s_fields(tmp_path):
    other = Layout.of(["srcaddr", "pkt-srcaddr", "bytes"])
    lines = [held(SSH), held("10.0.0.1 10.0.0.2 5000000000", other), held(NODATA)]
    assert list(save(lines, tmp_path / "out.parquet"))[-1] == 3
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.column_names == [*DEFAULT_LAYOUT.columns, "pkt_srcaddr"]
    assert table["bytes"].to_pylist() == [180, 5_000_000_000, None]
    assert table["pkt_srcaddr"].to_pylist() == [None, "10.0.0.2", None]
    assert table["dstport"].type == "int64"


@pytest.mark.parametrize("ending", [".log", ".parquet"])
def test_a_save_given_up_leaves_no_file(tmp_path, ending):
    steps = save([held(SSH)] * 30_000, tmp_path / f"out{ending}")
    next(steps)
    steps.close()
    assert list(tmp_path.iterdir()) == []


def test_saving_never_overwrites(tmp_path):
    path = tmp_path / "out.log"
    path.write_text("mine")
    with pytest.raises(UsageError, match="there already"):
        check_path(str(path))
    with pytest.raises(FlowTuiError, match="Cannot write"):
        list(save([held(SSH)], path))
    assert path.read_text() == "mine"
    with pytest.raises(UsageError, match="does not end in"):
        check_path(str(tmp_path / "out.xlsx"))
    with pytest.raises(UsageError, match="no folder"):
        check_path(str(tmp_path / "none" / "out.log"))


def test_the_suggested_name_is_safe():
    now = datetime(2024, 1, 15, 14, 5, tzinfo=UTC)
    assert suggested_name("/vpc/../flow logs", now) == "tail-vpc-..-flow-logs-20240115T140500Z.log"


def test_histogram_counts_late_records_where_they_belong_and_forgets_the_old():
    histogram = Histogram(bucket_s=60)
    for minute in range(BUCKETS):
        histogram.add(minute * 60, 3, 1)
    histogram.add(60, 6, 0)
    assert histogram.totals() == (3 * BUCKETS + 6, BUCKETS)
    assert histogram.bars(" ▁▂▃▄▅▆▇█")[1] == "█"
    histogram.add(1000 * 60, 1, 0)
    assert histogram.totals() == (1, 0)
    assert Histogram().bars("abc") == ""


def test_a_single_event_is_visible_beside_many():
    assert spark([0, 1, 1000], " ▁▂▃▄▅▆▇█") == " ▁█"


def test_the_rate_forgets_what_is_past():
    rate = Rate(10)
    rate.add(0, 50)
    rate.add(5, 50)
    assert rate.per_second(5) == 10
    assert rate.per_second(12) == 5
    assert rate.per_second(100) == 0


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0"), (999, "999"), (4200, "4.2k"), (99_600, "100k"), (187e6, "187M"), (5e12, "5.0T")]
)
def test_short_bytes(count, text):
    assert short_bytes(int(count)) == text


@pytest.mark.parametrize("count", [0, 9999, 10_000, 999_499, 999_500, 7_200_000, 99_000_000])
def test_short_count_stays_short(count):
    assert len(short_count(count)) <= 5


def test_the_middle_is_cut_first():
    assert fit_middle("eni-0123456789abcdef0", 11) == "eni-0…cdef0"
    assert fit_middle("short", 8) == "short   "


def test_a_stretch_takes_bars_as_long_as_it_must():
    histogram = Histogram(bucket_s=60)
    for minute in range(30):
        histogram.add(1705327500 + minute * 60, 2, minute % 2)
    whole = histogram.stretch(40)
    assert (whole.bar_s, len(whole.good), sum(whole.good), sum(whole.bad)) == (60, 30, 60, 15)
    short = histogram.stretch(10)
    assert (short.bar_s, len(short.good), sum(short.good), sum(short.bad)) == (300, 6, 60, 15)
    assert Histogram().stretch(10) is None


@pytest.mark.parametrize("width", [80, 112, 240])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_the_outcomes_fit_and_say_rates_and_times(width, glyphs):
    outcomes = Outcomes()
    for minute in range(90):
        outcomes.histogram.add(1705327500 + minute * 60, 7, 1)
    outcomes.accepted.add(5.0, 1820)
    outcomes.rejected.add(5.0, 42)
    short = outcomes.lines(width, False, glyphs, 6.0)
    assert "182/s" in short.plain
    assert "4.2/s" in short.plain
    tall = outcomes.lines(width, True, glyphs, 6.0)
    assert all(len(line) <= width for line in (*short.plain.splitlines(), *tall.plain.splitlines()))
    assert "630" in tall.plain
    assert {80: "14:04", 112: "14:04", 240: "14:05"}[width] in tall.plain
    assert f"a bar is {1 if width > 112 else 2} min" in tall.plain
    assert Outcomes().lines(width, True, glyphs, 0.0)


@pytest.mark.parametrize("width", [80, 120])
def test_what_waits_below_and_the_highlights_share_the_line(width):
    counts = Counts(shown=5, held=9, evicted=0, new=1_218, filtering=False, paused=True, follow=True)
    found = [("action=REJECT", 75), ("dstport=5432", 158), ("a very long text to look for in every record", 3)]
    line = below_line(width, UNICODE, counts, "a remark", found)
    assert cell_len(line.plain) == width - 1
    assert line.plain.startswith(" +1,218 new ▼")
    assert "③ a very long text to loo…" in line.plain
    assert "② dstport=5432 158" in line.plain
    assert ("①" in line.plain) == (width > 80)
    still = Counts(shown=5, held=9, evicted=0, new=0, filtering=False, paused=False, follow=True)
    assert "a remark" in below_line(width, UNICODE, still, "a remark", []).plain


@pytest.mark.parametrize(
    ("before", "typed", "holds"),
    [
        ("", "src=nowhere", ""),
        ("dstport=22", "dstport=22 src=nowhere", "dstport=22"),
        ("action=REJECT", "xyz=3", ""),
        ("", "web /(/", "web"),
        ("", "dstport=22,443,", "dstport=22,443"),
    ],
)
def test_the_beginning_of_a_term_that_is_wrong_is_no_filter(before: str, typed: str, holds: str):
    stack = FilterStack()
    start = len(before) if typed.startswith(before) else 0
    for text in [before[: n + 1] for n in range(len(before))] + ([] if start else [""]):
        stack.type(text, ("src", "dstport"))
    for end in range(start + 1, len(typed) + 1):
        stack.type(typed[:end], ("src", "dstport"))
    assert stack.wrong
    assert stack.text == holds


def test_a_filter_that_is_not_understood_leaves_the_stack_as_it_was():
    stack = FilterStack()
    stack.type("action=REJECT", ())
    stack.keep()
    stack.type("dstport=22", ())
    stack.type("dstpot=22", ())
    assert "dstport?" in stack.wrong
    assert stack.text == "action=REJECT dstport=22"
    stack.switch(0)
    assert (stack.text, stack.off) == ("dstport=22", 1)
    assert stack.test()(held(SSH))
    assert not stack.test()(held(REPLY))
    assert stack.test()(GapRow("away", 0, 1))
    stack.aside = True
    assert stack.test() is None
    assert stack.remove_last() == "dstport=22"
    assert stack.remove_last() == "action=REJECT"
    assert stack.remove_last() == ""


def test_a_tenth_highlight_takes_the_place_of_the_oldest():
    listing: Listing[TailRow] = Listing(100)
    listing.append([held(SSH), held(REPLY), GapRow("away", 0, 1)])
    highlights = Highlights(listing)
    for port in range(MOST):
        highlights.add(f"dstport={port}", ())
    highlights.add("action=REJECT", ())
    while listing.unfinished:
        listing.scan(0.01)
    assert len(highlights.all) == MOST
    assert highlights.all[-1].rows.count() == 1
    assert [highlights.of(row) for row in (held(SSH), held(REPLY), GapRow("away", 0, 1))] == [MOST, 0, 0]
    assert highlights.next_to(2, -1) == 0
    assert highlights.next_to(0, 1) is None


def test_bookmarks_keep_records_that_left_the_ring():
    marks = Bookmarks()
    assert marks.turn(7, held(SSH))
    assert marks.turn(3, held(REPLY))
    assert [number for number, _ in marks.listed()] == [3, 7]
    assert (marks.next_to(3, 1), marks.next_to(3, -1), marks.next_to(9, -1)) == (7, None, 7)
    assert not marks.turn(3, held(REPLY))
    assert len(marks) == 1


def test_a_log_group_s_page_has_its_name_encoded_twice():
    assert log_group_url("eu-west-1", "/vpc/flow-logs").endswith("log-group/$252Fvpc$252Fflow-logs")


def test_a_glance_reads_as_the_parser_does():
    for line in (SSH, REPLY, NODATA):
        glance, record = held(line).glance(), held(line).record
        assert [glance.get(name) for name in DEFAULT_LAYOUT.names] == record.values
        assert glance.get("vpc-id") is None


def test_of_too_many_older_records_the_newest_are_taken_and_the_rest_is_counted():
    now = datetime(2026, 6, 1, 14, 5, 30, tzinfo=UTC)
    account = demo_account(("us-east-1",), clock=lambda: now)
    source = resolve(account, "/vpc/flow-logs")
    found = Found(source, frozenset(), account.clock, now)
    reach = timedelta(minutes=10)

    def read(most):
        [older] = feed.older(account, found, now - reach, reach, most, Event(), lambda news, layouts: news)
        return older

    whole, part = read(100_000), read(50)
    assert whole.left == 0
    assert len(whole.arrived.lines) > 50
    assert part.arrived.lines == whole.arrived.lines[-50:]
    assert part.left == len(whole.arrived.lines) - 50


def test_a_tail_from_now_on_shows_what_arrives_whenever_it_started_and_older_ones_the_rest(monkeypatch):
    script = Script()
    began_s = int(NOW.timestamp())
    # Seconds since the tail began, of a record's start and of its arrival.
    moments = {"long here": (-900, -600), "here": (-400, -5), "on its way": (-400, 20), "later": (30, 90)}

    def page(params):
        return {
            "events": [
                {
                    "eventId": name,
                    "logStreamName": "eni-1-all",
                    "timestamp": (began_s + start) * 1000,
                    "ingestionTime": (began_s + arrival) * 1000,
                    "message": name,
                }
                for name, (start, arrival) in moments.items()
                if began_s + arrival <= script.now.timestamp() and (began_s + start) * 1000 >= params["startTime"]
                if (began_s + start) * 1000 <= params.get("endTime", 1e15)
            ]
        }

    class Waits(Event):
        def wait(self, timeout=None):
            script.now += timedelta(seconds=timeout)
            return self.is_set()

    script.answers["FilterLogEvents"] = page
    source = TailSource((TailedGroup("us-east-1", "g", interval_s=60),), "g")
    polling = partial(tail, live=False, ticks=lambda: script.now.timestamp())
    monkeypatch.setattr("flowtui.aws.tail.resolve", lambda account, *targets: source)
    monkeypatch.setattr("flowtui.aws.tail.tail", polling)
    account, stop = script.account(), Waits()
    shown, found = [], None
    for news in feed.follow(account, ["g"], (), None, stop, lambda news, layouts: news):
        if isinstance(news, Found):
            found = news
        if isinstance(news, feed.Arrived):
            shown += [line.raw for line in news.lines]
        if script.now > NOW + timedelta(minutes=3):
            stop.set()
    assert shown == ["on its way", "later"]
    [older] = feed.older(account, found, NOW, timedelta(hours=1), 100, Event(), lambda news, layouts: news)
    assert [line.raw for line in older.arrived.lines] == ["long here", "here"]
    assert older.left == 0
