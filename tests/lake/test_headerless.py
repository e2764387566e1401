"""Records without a header: bare, behind a time, in JSON; every file written by hand."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from flowtui.errors import FlowTuiError
from flowtui.lake.formats import Formats
from flowtui.lake.load import load
from flowtui.lake.progress import LoadReport
from flowtui.lake.sources import local_sources
from flowtui.lake.workspace import Workspace
from flowtui.records.headerless import parse_format
from flowtui.records.layout import Layout
from tests.lake.conftest import HEADER, NODATA, NODATA_ROW, RDP, SSH, SSH_ROW, ask, rejected, rows, write

TIME = "2014-12-14T04:06:50.000Z "
CUSTOM = "vpc-1 443 REJECT 1418530010 a\nvpc-2 - ACCEPT 1418530020 b\n"
CUSTOM_FORMAT = "${vpc-id} ${dstport} ${action} ${start} ${future}"
CUSTOM_ROWS = [("vpc-1", 443, "REJECT", 1418530010, "a"), ("vpc-2", None, "ACCEPT", 1418530020, "b")]


def _load(
    workspace: Workspace, path: Path, *given: str, find: Callable[[str, str], Layout] | None = None
) -> LoadReport:
    formats = Formats([parse_format(text) for text in given], find)
    *_, last = load(workspace, local_sources([path]), formats=formats)
    assert last.report is not None
    return last.report


def _custom(workspace: Workspace) -> list[tuple[object, ...]]:
    return ask(workspace, "SELECT vpc_id, dstport, action, start, future FROM vpc_flow_logs.flow_logs ORDER BY ALL")


def _event(message: object, number: int = 0) -> dict[str, object]:
    return {
        "logStreamName": "eni-1235b8ca123456789-all",
        "timestamp": 1418530010000,
        "message": message,
        "ingestionTime": 1418530100000,
        "eventId": f"{number:056}",
    }


EVENTS = [_event(SSH, 1), _event(NODATA, 2)]
PAGE = {"events": EVENTS, "searchedLogStreams": [], "nextToken": "x" * 20}
FORMS = {
    "bare.log": f"{SSH}\n{NODATA}\n",
    "without-newline.log.gz": f"{SSH}\n{NODATA}",
    "crlf.log": f"{SSH}\r\n{NODATA}\r\n",
    "runs-of-spaces.log": f"{SSH.replace(' ', '   ')}\n{NODATA}\n",
    "empty-lines.log": f"\n\n{SSH}\n\n{NODATA}\n\n",
    "bom.log": f"\ufeff{SSH}\n{NODATA}\n",
    "000000.gz": f"{TIME}{SSH}\n{TIME}{NODATA}\n",
    "timed.log": f"{TIME}{SSH}\n{TIME}{NODATA}",
    "timed-bom.log.gz": f"\ufeff{TIME}{SSH}\n{TIME}{NODATA}\n",
    "document.json": json.dumps(PAGE),
    "indented.json.gz": json.dumps(PAGE, indent=4),
    "pages.json": json.dumps({"events": EVENTS[:1]}, indent=4) + "\n" + json.dumps({"events": EVENTS[1:]}) + "{}"[:0],
    "keys-in-another-order.json": json.dumps({"nextToken": "t", "searchedLogStreams": [{"a": [1]}], "events": EVENTS}),
    "lines.ndjson": "".join(json.dumps(event) + "\n" for event in EVENTS),
    "lines.json.gz": "\n".join(json.dumps(event) for event in EVENTS),
    "array.json": json.dumps(EVENTS),
    "array-of-pages.json": json.dumps([PAGE]),
    "messages.json": json.dumps([SSH, NODATA]),
    "strings.jsonl": f"{json.dumps(SSH)}\n{json.dumps(NODATA)}\n",
    "subscription.json": json.dumps({"messageType": "DATA_MESSAGE", "logEvents": [{"id": "1", "message": SSH}]})
    + json.dumps({"messageType": "DATA_MESSAGE", "logEvents": [{"id": "2", "message": NODATA}]}),
    "newline-in-message.ndjson": json.dumps(_event(SSH + "\n", 1)) + "\n" + json.dumps(_event(NODATA, 2)),
    "overlapping-pages.json": json.dumps(PAGE) + json.dumps(PAGE),
}


@pytest.mark.parametrize("given", [(), ("default",)])
@pytest.mark.parametrize("name", FORMS)
def test_records_of_the_default_format(workspace: Workspace, tmp_path: Path, name: str, given: tuple[str, ...]) -> None:
    path = write(tmp_path, name, FORMS[name])
    report = _load(workspace, path, *given)
    assert (report.failed, report.records, report.rejected) == ((), 2, 0)
    assert report.by_shape == (() if given else (str(path),))
    assert report.repeated == (2 if name.startswith("overlapping") else 0)
    assert rows(workspace) == [SSH_ROW, NODATA_ROW]
    assert _load(workspace, path, *given).skipped == 1


def test_utf16_as_powershell_writes_it(workspace: Workspace, tmp_path: Path) -> None:
    assert _load(workspace, write(tmp_path, "a.json", json.dumps(PAGE, indent=1).encode("utf-16"))).records == 2


@pytest.mark.parametrize("given", [CUSTOM_FORMAT, "vpc-id dstport action start future"])
def test_a_stated_format(workspace: Workspace, tmp_path: Path, given: str) -> None:
    lines = CUSTOM.splitlines()
    for name, content in {
        "bare.log.gz": CUSTOM,
        "timed.log.gz": "".join(f"{TIME}{line}\n" for line in lines),
        "events.json": json.dumps({"events": [_event(line, number) for number, line in enumerate(lines)]}),
    }.items():
        report = _load(workspace, write(tmp_path, name, content), given)
        assert (report.records, report.partial, report.by_shape) == (2, False, ())
    assert _custom(workspace) == sorted(CUSTOM_ROWS * 3, key=str)


def test_a_files_own_header_counts_more_than_a_stated_format(workspace: Workspace, tmp_path: Path) -> None:
    write(tmp_path, "logs/headed.log", f"{HEADER}\n{SSH}\n")
    write(tmp_path, "logs/bare.log", "10.0.0.1 5\n")
    assert _load(workspace, tmp_path / "logs", "srcaddr bytes").records == 2
    assert ask(workspace, "SELECT srcaddr, bytes FROM vpc_flow_logs.flow_logs ORDER BY 1") == [
        ("10.0.0.1", 5),
        ("172.31.16.139", 4249),
    ]


def test_another_format_stated_later_replaces_the_records(workspace: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, "a.log", "10.0.0.1 10.0.0.2 5\n")
    _load(workspace, path, "srcaddr dstaddr bytes")
    assert _load(workspace, path, "dstaddr srcaddr bytes").records == 1
    assert _load(workspace, path, "dstaddr srcaddr bytes").skipped == 1
    assert ask(workspace, "SELECT srcaddr, dstaddr FROM vpc_flow_logs.flow_logs") == [("10.0.0.2", "10.0.0.1")]


@pytest.mark.parametrize("name", ["bare.log", "timed.log.gz", "events.json"])
def test_without_a_known_layout_it_is_refused_with_what_to_do(workspace: Workspace, tmp_path: Path, name: str) -> None:
    lines = CUSTOM.splitlines()
    content = {
        "bare.log": CUSTOM,
        "timed.log.gz": "".join(f"{TIME}{line}\n" for line in lines),
        "events.json": json.dumps([_event(line, number) for number, line in enumerate(lines)]),
    }[name]
    report = _load(workspace, write(tmp_path, name, content))
    (failure,) = report.failed
    assert "no header, and no layout is known" in failure.reason
    assert "--format" in failure.hint and "--flow-log" in failure.hint


def test_the_flow_log_in_the_files_name_tells_the_layout(workspace: Workspace, tmp_path: Path) -> None:
    asked = []

    def find(id: str, region: str) -> Layout:
        asked.append((id, region))
        if id == "fl-99999999":
            raise FlowTuiError("There is no flow log fl-99999999.")
        return Layout.from_log_format(CUSTOM_FORMAT)

    name = "logs/123456789010_vpcflowlogs_us-east-1_{}_20141214T0410Z_hash{}.log.gz"
    for number in range(3):
        write(tmp_path, name.format("fl-1234abcd", number), CUSTOM)
    write(tmp_path, name.format("fl-99999999", 0), CUSTOM)
    report = _load(workspace, tmp_path / "logs", find=find)
    assert sorted(asked) == [("fl-1234abcd", "us-east-1"), ("fl-99999999", "us-east-1")]
    assert (report.records, len(report.failed)) == (6, 1)
    assert "There is no flow log fl-99999999." in report.failed[0].reason
    assert _custom(workspace) == sorted(CUSTOM_ROWS * 3, key=str)


def test_records_of_several_formats_in_one_dump_are_told_by_shape(workspace: Workspace, tmp_path: Path) -> None:
    lines = [SSH, *CUSTOM.splitlines(), NODATA, "torn 1 2"]
    path = write(tmp_path, "a.json", "\n".join(json.dumps(_event(line, n)) for n, line in enumerate(lines)))
    report = _load(workspace, path, "default", CUSTOM_FORMAT, "tgw-id bytes packets start end type")
    assert (report.records, report.rejected) == (4, 1)
    found = ask(
        workspace,
        "SELECT version, srcaddr, vpc_id, dstport, action, future FROM vpc_flow_logs.flow_logs ORDER BY ALL",
    )
    assert found == [
        (2, "-", None, None, "-", None),
        (2, "172.31.16.139", None, 22, "ACCEPT", None),
        (None, None, "vpc-1", 443, "REJECT", "a"),
        (None, None, "vpc-2", None, "ACCEPT", "b"),
    ]
    assert rejected(workspace) == [("a.json", 5, "torn 1 2", "3 columns, which no format of this log group has")]


def test_one_format_of_several_leaves_no_trace_of_the_others(workspace: Workspace, tmp_path: Path) -> None:
    _load(workspace, write(tmp_path, "a.log", f"{SSH}\n{RDP}\n"), CUSTOM_FORMAT, "default")
    assert len(rows(workspace)[0]) == 15
    assert workspace.summary().layouts == (parse_format("default"),)


def test_events_that_are_no_records_are_kept_with_their_reasons(workspace: Workspace, tmp_path: Path) -> None:
    events = [_event(SSH, 1), {"eventId": "2"}, _event(f"{SSH}\n{RDP}", 3), 5, _event("2 1", 4), _event("\ud800 1", 5)]
    report = _load(workspace, write(tmp_path, "a.json", json.dumps(events)), "default")
    assert (report.records, report.rejected) == (1, 5)
    assert [(row[1], row[3]) for row in rejected(workspace)] == [
        (2, "no log event: it has no message"),
        (3, "an event of several lines"),
        (4, "no log event: it has no message"),
        (5, "2 columns, 14 expected"),
        (6, "not UTF-8"),
    ]


def test_an_event_longer_than_any_is_refused_not_gone_into(workspace: Workspace, tmp_path: Path) -> None:
    long = {"eventId": "2", "more": ["x" * 1000] * 2000, "message": RDP}
    path = write(tmp_path, "a.json", json.dumps({"events": [_event(SSH, 1), long, _event(NODATA, 3)]}))
    report = _load(workspace, path, "default")
    assert (report.records, report.rejected) == (2, 1)
    ((_, number, _, reason),) = rejected(workspace)
    assert number == 2 and reason.startswith("no log event: more than")


@pytest.mark.parametrize("content", ['{"events": [], "searchedLogStreams": []}', "[]", "{}"[:0] + '[{"events": []}]'])
def test_a_dump_without_events_has_no_records(workspace: Workspace, tmp_path: Path, content: str) -> None:
    report = _load(workspace, write(tmp_path, "a.json", content))
    assert (report.objects, report.records, report.partial, report.by_shape) == (1, 0, False, ())


def test_a_large_document_is_read_event_by_event(workspace: Workspace, tmp_path: Path) -> None:
    count = 12_000
    events = [_event(SSH.replace(" 4249 ", f" {4249 + number} "), number) for number in range(count)]
    text = json.dumps({"x": {"y": [events[:3]]}, "events": events, "nextToken": "t"}, indent=2)
    assert len(text) > 3 << 20
    path = tmp_path / "a.json.gz"
    path.write_bytes(gzip.compress(text.encode(), 1))
    assert _load(workspace, path).records == count
    assert ask(workspace, "SELECT count(DISTINCT bytes), min(bytes), max(bytes) FROM vpc_flow_logs.flow_logs") == [
        (count, 4249, 4248 + count)
    ]
    path.write_bytes(gzip.compress(text.encode()[: 3 << 20], 1))
    (failure,) = _load(workspace, path).failed
    assert "its JSON is truncated" in failure.reason


def test_times_that_differ_in_an_export_change_nothing(workspace: Workspace, tmp_path: Path) -> None:
    """Lines are read with their time as a column of its own; any that does not fit that is read by our own parser."""
    lines = [f"{TIME}{SSH}", f"2014-12-14T04:06:50Z {SSH}", f"{TIME} {SSH}", SSH, f"2014-12-14T04:06:50.00xZ {SSH}"]
    lines += [f"yesterday-at-ten-o'clock {SSH}", TIME, f"{TIME}{HEADER}", f"{TIME}2 1", f"{TIME}{NODATA}"]
    path = write(tmp_path, "a.log.gz", "\n".join(lines))
    report = _load(workspace, path, "default")
    assert (report.records, report.rejected) == (5, 3)
    assert rows(workspace) == [*[SSH_ROW] * 4, NODATA_ROW]
    assert [row[1:] for row in rejected(workspace)] == [
        (5, lines[4], "15 columns, 14 expected"),
        (6, lines[5], "15 columns, 14 expected"),
        (9, lines[8], "2 columns, 14 expected"),
    ]


@pytest.mark.parametrize("odd", [SSH.replace(" ", "  "), f"{SSH}\r", f"\ufeff{SSH}", "", HEADER, "2 1", "\ud800", SSH])
@pytest.mark.parametrize("first", [False, True])
def test_an_odd_event_changes_nothing_in_the_others(
    workspace: Workspace, tmp_path: Path, odd: str, first: bool
) -> None:
    """However many are read at once, an event keeps its number and its text."""
    messages = [NODATA, *[SSH] * 30]
    messages.insert(0 if first else 20, odd)
    path = write(tmp_path, "a.json", json.dumps({"events": [_event(text, n) for n, text in enumerate(messages)]}))
    report = _load(workspace, path, "default")
    good = odd.rstrip("\r").replace("  ", " ") == SSH
    bad = odd in ("2 1", "\ud800") or "\ufeff" in odd
    assert (report.records, report.rejected) == (31 + good, int(bad))
    assert rows(workspace) == [*[SSH_ROW] * (30 + good), NODATA_ROW]
    assert [row[1] for row in rejected(workspace)] == [1 if first else 21] * bad


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_exponent_that_begins_an_event_is_no_number(workspace: Workspace, tmp_path: Path, place: int) -> None:
    messages = ["443 1418530010 OK"] * 2
    messages.insert(place, "1e2 1418530010 OK")
    path = write(tmp_path, "a.json", json.dumps({"events": [_event(text, n) for n, text in enumerate(messages)]}))
    report = _load(workspace, path, "${bytes} ${start} ${log-status}")
    assert (report.records, report.rejected) == (2, 1)
    assert ask(workspace, "SELECT DISTINCT bytes FROM vpc_flow_logs.flow_logs") == [(443,)]


@pytest.mark.parametrize("digits", [400, 5000])
def test_a_dump_with_an_endless_number_stops_no_other_file(workspace: Workspace, tmp_path: Path, digits: int) -> None:
    event = json.dumps(_event(SSH, 1)).replace("1418530100000", "9" * digits)
    write(tmp_path, "in/a.json", f'{{"events": [{event}, {event}]}}')
    write(tmp_path, "in/b.log", f"{HEADER}\n{NODATA}\n")
    report = _load(workspace, tmp_path / "in", "default")
    assert report.records == (2 if digits < 4300 else 1)
    assert [one.reason for one in report.failed] == (
        [] if digits < 4300 else ["its JSON holds a number of thousands of digits"]
    )
