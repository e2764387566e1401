from datetime import UTC, datetime

import pytest

from flowtui.aws.models import LogEvent
from flowtui.aws.tail import TailLine
from flowtui.cli.tail_table import TailTable
from flowtui.records.layout import DEFAULT_LAYOUT
from flowtui.records.parse import LineParser

START = int(datetime(2024, 1, 15, 14, 5, 12, tzinfo=UTC).timestamp())
SSH = (
    f"2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 {START} {START + 60} ACCEPT OK"
)
LONG = "2001:db8:1234:a100:8d6e:3477:df66:f105"
IPV6 = f"2 123456789010 eni-1235b8ca123456789 {LONG} 2001:db8::1 34892 22 6 54 8855 {START} {START} REJECT OK"
NODATA = f"2 123456789010 eni-1235b8ca123456789 - - - - - - - {START} {START} - NODATA"


def line(message: str) -> TailLine:
    event = LogEvent("1", "eni-1235b8ca123456789-all", START * 1000, START * 1000, message)
    return TailLine(event, LineParser(DEFAULT_LAYOUT).parse(message), "")


@pytest.mark.parametrize("width", [80, 81, 90, 100, 120, 140, 160, 200])
@pytest.mark.parametrize("message", [SSH, IPV6])
def test_every_line_fits_the_terminal(width: int, message: str):
    table = TailTable.fitted(width, ascii_only=False)
    assert len(table.header) <= width
    assert len(table.row(line(message))) == len(table.header)


def test_at_80_columns_what_matters_is_whole():
    text = TailTable.fitted(80, ascii_only=False).row(line(SSH))
    assert " ".join(text.split()) == "14:05:12 ✓ eni-1…6789 172.31.16.139 20641 172.31.16.21 22 TCP 4249"


def test_off_a_terminal_nothing_is_cut():
    table = TailTable.fitted(None, ascii_only=True)
    row = table.row(line(IPV6))
    assert "2024-01-15 14:05:12 x eni-1235b8ca123456789" in row
    assert "2001:db8:1234:a100:8d6e:3477:df66:f105 34892" in row
    assert table.row(line(NODATA)).endswith("  NODATA")


def test_a_line_that_is_no_record_is_shown_harmless():
    event = LogEvent("1", "s", START * 1000, START * 1000, "boo \x1b[31m")
    shown = TailTable.fitted(80, ascii_only=False).row(TailLine(event, None, "no record"))
    assert shown == "14:05:12 ? boo ·[31m"


@pytest.mark.parametrize("width", [80, 160, None])
def test_a_start_beyond_the_calendar_is_a_question_mark(width: int | None):
    table = TailTable.fitted(width, ascii_only=False)
    shown = table.row(line(SSH.replace(f"{START} {START + 60}", f"{2**63 - 1} {2**63 - 1}")))
    assert shown.split()[:2] == ["?", "✓"]
    assert len(shown) == len(table.header)
