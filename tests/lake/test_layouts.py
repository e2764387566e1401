"""What was loaded is compared value by value with a reader of a few lines, written here."""

from __future__ import annotations

import gzip
import json
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from flowtui.lake.formats import Formats
from flowtui.lake.load import load
from flowtui.lake.sources import local_sources
from flowtui.lake.workspace import Workspace
from flowtui.records.headerless import parse_format
from tests.lake.conftest import COLUMNS, HEADER, SSH, SSH_ROW, ask, load_all, rows, write

# Written out here rather than taken from the registry that the loader itself goes by.
_NUMBERS = {
    **dict.fromkeys(("version", "srcport", "dstport", "protocol", "tcp-flags", "traffic-path"), 2**31 - 1),
    **dict.fromkeys(("packets", "bytes", "start", "end"), 2**63 - 1),
    "encryption-status": 2**31 - 1,
}
_TEXTS = ["account-id", "interface-id", "srcaddr", "dstaddr", "action", "log-status", "vpc-id", "type", "region"]
_TEXTS += ["pkt-srcaddr", "flow-direction", "reject-reason", "instance-tag", "next-hop-vpc-id"]
_UNKNOWN = ["future", "another-field", "x-9", "speed_limit"]
_AWS_ORDER = ["vpc_id", "tcp_flags", "type", "pkt_srcaddr", "region", "flow_direction", "traffic_path"]
_AWS_ORDER += ["reject_reason", "encryption_status", "instance_tag", "next_hop_vpc_id"]

_names = st.lists(st.sampled_from([*_NUMBERS, *_TEXTS, *_UNKNOWN]), min_size=1, max_size=16, unique=True).filter(
    lambda names: not set(names) <= set(_UNKNOWN)
)
_ODD_NUMBERS = ["x", "1.5", "1e3", "1e2", "12E1", "+1e5", "0x1F", "0xFFFFFFFFFF", "-1", "+1", "1_0", "007", "0b1"]
_spaces = st.sampled_from([" "] * 12 + ["  ", "    "])
_words = st.text(
    st.characters(exclude_categories=["Z", "C"], exclude_characters="\ufeff"), min_size=1, max_size=12
).filter(lambda word: not word.isspace())


_times = st.lists(
    st.sampled_from(["2024-01-15T14:05:00.000Z ", "2024-01-15T14:05:01.123Z ", "2024-01-15T14:05:00Z ", ""]), max_size=3
).map(lambda more: ["2024-01-15T14:05:00.000Z ", *more])
_forms = st.sampled_from(["text", "gzip", "parquet", "bare", "timed", "document", "lines"])


@st.composite
def _token(draw: st.DrawFn, name: str) -> str:
    if draw(st.integers(0, 9)) == 0:
        return "-"
    if name in _NUMBERS:
        if draw(st.integers(0, 19)) == 0:
            return draw(st.sampled_from([*_ODD_NUMBERS, str(_NUMBERS[name]), str(_NUMBERS[name] + 1)]))
        return str(draw(st.integers(0, 10 ** draw(st.integers(1, 9)))))
    return draw(st.one_of(st.sampled_from(["10.0.0.1", "2001:db8::1", "eni-0a", "ACCEPT", "OK"]), _words))


@st.composite
def _file(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A header and the lines below it, few of them bad."""
    names = draw(_names)
    lines = []
    for _ in range(draw(st.integers(0, 8))):
        kind = draw(st.integers(0, 29))
        if kind == 0:
            lines.append(" ".join(names))
        elif kind == 1:
            lines.append("")
        else:
            tokens = [draw(_token(name)) for name in names]
            if kind == 2:
                tokens.pop()
            elif kind == 3:
                tokens.append("more")
            text = "".join(token + draw(_spaces) for token in tokens)
            lines.append(text if kind == 4 else text.rstrip(" "))
    return " ".join(names), lines


@st.composite
def _ends(draw: st.DrawFn) -> tuple[str, str]:
    """What is between lines, and behind the last."""
    end = draw(st.sampled_from(["\n", "\n", "\n", "\r\n"]))
    return end, draw(st.sampled_from(["", end]))


def _written(
    folder: Path, number: int, form: str, header: str, lines: list[str], ends: tuple[str, str], times: list[str]
) -> Path:
    """A file of some form; of ``timed`` each line has one of ``times`` before it."""
    end, last = ends
    names = header.split(" ")
    if form == "parquet":
        records, _ = _read_plainly(header, lines)
        types = [pa.int64() if _NUMBERS.get(name, 0) > 2**31 else pa.int32() for name in names]
        arrays = {
            # The format has no "-": what a text file writes so is null in either kind of column.
            column: pa.array([None if one[column] == "-" else one[column] for one in records], type)
            for column, type in zip(
                [name.replace("-", "_") for name in names],
                [type if name in _NUMBERS else pa.string() for name, type in zip(names, types, strict=True)],
                strict=True,
            )
        }
        pq.write_table(pa.table(arrays), folder / f"{number}.parquet", row_group_size=3)
        return folder / f"{number}.parquet"
    if form in ("document", "lines"):
        events = [{"eventId": str(number), "message": line} for number, line in enumerate(lines)]
        text = json.dumps({"events": events}, indent=1) if form == "document" else end.join(map(json.dumps, events))
    elif form == "timed":
        text = "".join(f"{times[number % len(times)]}{line}{end}" for number, line in enumerate(lines))
    else:
        text = end.join([*([] if form == "bare" else [header]), *lines]) + last
    path = folder / f"{number}.log"
    path.write_bytes(gzip.compress(text.encode()) if form == "gzip" else text.encode())
    return path


def _read_plainly(header: str, lines: list[str]) -> tuple[list[dict[str, object]], int]:
    """Records of a file by column, and how many lines are none."""
    names = header.split(" ")
    found: list[dict[str, object]] = []
    refused = 0
    for line in lines:
        tokens = [token for token in line.split(" ") if token]
        if not tokens or tokens == names:
            continue
        good = len(tokens) == len(names) and all(
            token == "-" or (token.isascii() and token.isdigit() and int(token) <= _NUMBERS[name])
            for name, token in zip(names, tokens, strict=False)
            if name in _NUMBERS
        )
        if not good:
            refused += 1
            continue
        found.append(
            {
                name.replace("-", "_"): (None if token == "-" else int(token)) if name in _NUMBERS else token
                for name, token in zip(names, tokens, strict=True)
            }
        )
    return found, refused


def _sorted(records: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return sorted(records, key=lambda record: [(value is None, str(value)) for value in record])


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(_file(), _forms, _ends(), _times), min_size=1, max_size=4))
def test_every_value_is_the_plain_readers(
    files: list[tuple[tuple[str, list[str]], str, tuple[str, str], list[str]]],
) -> None:
    expected: list[dict[str, object]] = []
    refused = 0
    seen: set[str] = set()
    with tempfile.TemporaryDirectory() as name, Workspace.open(Path(name, "w.duckdb")) as workspace:
        for number, ((header, lines), form, ends, times) in enumerate(files):
            headerless = form in ("bare", "timed", "document", "lines")
            # Nothing at all is no file; and what begins like JSON is read as JSON.
            assume(not headerless or any(line and line[0] not in '{["' for line in lines[:1]))
            path = _written(Path(name), number, form, header, lines, ends, times)
            records, bad = _read_plainly(header, lines)
            bad = 0 if form == "parquet" else bad
            *_, last = load(workspace, local_sources([path]), formats=Formats([parse_format(header)]))
            assert last.report is not None
            assert (last.report.failed, last.report.records, last.report.rejected) == ((), len(records), bad)
            expected += [{"#": path.name} | record for record in records]
            refused += bad
            seen |= set(header.replace("-", "_").split(" "))
        described = [str(row[0]) for row in ask(workspace, "DESCRIBE vpc_flow_logs.flow_logs")]
        known = [column for column in _AWS_ORDER if column in seen]
        assert described[: 14 + len(known)] == COLUMNS[:14] + known
        assert set(described[14 + len(known) : -1]) == {n.replace("-", "_") for n in _UNKNOWN} & seen
        assert described[-1] == "dt"
        columns = ", ".join(f'r."{column}"' for column in described[:-1])
        found = ask(
            workspace,
            f"SELECT parse_filename(o.key), {columns} FROM flowtui.vpc_records r "
            'JOIN flowtui.objects o ON o.id = r."object id"',
        )
        wanted = [tuple(record.get(column) for column in ("#", *described[:-1])) for record in expected]
        assert _sorted(found) == _sorted(wanted)
        assert len(ask(workspace, "SELECT * FROM vpc_flow_logs.rejected_lines")) == refused


def test_a_number_that_spans_two_parts_of_a_file_is_seen(workspace: Workspace, tmp_path: Path) -> None:
    # Files are looked through a mebibyte at a time; the odd number lies across that.
    header, line = "srcaddr bytes\n", "10.0.0.1 5\n"
    for cut in range(5):
        place = (1 << 20) - cut
        many = header + line * (place // len(line) - 3)
        text = many + "y".ljust(place - len(many) - len(" 7\n10.0.0.1 "), "y") + " 7\n10.0.0.1 1E2\n" + line
        assert text.index("1E2") == place
        report = load_all(workspace, write(tmp_path, f"{cut}.log", text))
        assert report.rejected == 1, cut


def test_files_of_several_layouts_in_one_table(workspace: Workspace, tmp_path: Path) -> None:
    write(tmp_path, "logs/a.log.gz", f"{HEADER}\n{SSH}\n")
    write(tmp_path, "logs/b.log.gz", f"{HEADER} tcp-flags vpc-id\n{SSH} 19 vpc-1\n")
    write(tmp_path, "logs/c.log.gz", "vpc-id future start action\nvpc-2 x 1 REJECT\n")
    report = load_all(workspace, tmp_path / "logs")
    assert {(len(total.layout.names), total.objects, total.records) for total in report.layouts} == {
        *((14, 1, 1), (16, 1, 1), (4, 1, 1))
    }
    more = ask(workspace, "SELECT vpc_id, tcp_flags, future, action FROM vpc_flow_logs.flow_logs ORDER BY vpc_id")
    assert more == [("vpc-1", 19, None, "ACCEPT"), ("vpc-2", None, "x", "REJECT"), (None, None, None, "ACCEPT")]
    assert [str(row[0]) for row in ask(workspace, "DESCRIBE vpc_flow_logs.flow_logs")] == [
        *COLUMNS[:14],
        *("vpc_id", "tcp_flags", "future", "dt"),
    ]


def test_the_partition_comes_from_the_folder_then_the_file_name_then_the_record(
    workspace: Workspace, tmp_path: Path
) -> None:
    name = "123456789010_vpcflowlogs_us-east-1_fl-1234abcd_20240116T0000Z_hash.log.gz"
    content = f"{HEADER}\n{SSH}\n"
    write(tmp_path / "plain", f"AWSLogs/123456789010/vpcflowlogs/us-east-1/2024/01/15/{name}", content)
    hive = "AWSLogs/aws-account-id=123456789010/aws-service=vpcflowlogs/aws-region=us-east-1/year=2024/month=01/day=17"
    write(tmp_path / "hive", f"{hive}/hour=03/{name}", content)
    write(tmp_path / "name", name, content)
    write(tmp_path / "record", "some.log.gz", content)
    write(tmp_path / "start", "some.log", "start bytes\n1418530010 5\n")
    write(tmp_path / "nothing", "some.log", "srcaddr\n10.0.0.1\n")
    write(tmp_path / "absurd", "some.log", "end bytes\n9223372036854775807 5\n")
    load_all(workspace, tmp_path)
    found = ask(
        workspace,
        "SELECT split_part(substr(o.key, length(?) + 2), '/', 1), r.dt FROM flowtui.vpc_records r "
        'JOIN flowtui.objects o ON o.id = r."object id" ORDER BY 1',
        [str(tmp_path.resolve())],
    )
    assert found == [
        ("absurd", None),
        ("hive", "2024-01-17"),
        ("name", "2024-01-16"),
        ("nothing", None),
        ("plain", "2024-01-15"),
        ("record", "2014-12-14"),
        ("start", "2014-12-14"),
    ]
    summary = workspace.summary()
    assert (summary.first_dt, summary.last_dt) == ("2014-12-14", "2024-01-17")


def test_transit_gateway_records_have_their_own_table(workspace: Workspace, tmp_path: Path) -> None:
    write(tmp_path, "a.log.gz", f"{HEADER}\n{SSH}\n")
    write(tmp_path, "b.log.gz", "version tgw-id srcaddr bytes end new-one\n6 tgw-1 - - 1705327560 n\n")
    load_all(workspace, tmp_path)
    assert rows(workspace) == [SSH_ROW]
    described = [str(row[0]) for row in ask(workspace, "DESCRIBE vpc_flow_logs.transit_gateway_flow_logs")]
    assert len(described) == 38 and described[-2:] == ["new_one", "dt"]
    assert ask(
        workspace,
        'SELECT version, tgw_id, srcaddr, bytes, "end", new_one, dt FROM vpc_flow_logs.transit_gateway_flow_logs',
    ) == [(6, "tgw-1", "-", None, 1705327560, "n", "2024-01-15")]
    summary = workspace.summary()
    assert (summary.records, summary.transit_gateway_records) == (1, 1)


def test_aws_documented_examples_load_whole(workspace: Workspace) -> None:
    folder = Path(__file__).parents[1] / "data" / "aws_examples"
    lines = sum(len(path.read_text().splitlines()) - 1 for path in folder.glob("*.log"))
    report = load_all(workspace, folder)
    assert (report.records, report.partial) == (lines, False)
