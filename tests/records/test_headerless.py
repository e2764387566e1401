from __future__ import annotations

import pytest

from flowtui.records.headerless import is_default, parse_format, time_of, union, without_time
from flowtui.records.layout import DEFAULT_LAYOUT, Layout, LayoutError

SSH = "2 123456789010 eni-1235b8ca 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK"
NODATA = "2 123456789010 eni-1235b8ca - - - - - - - 1431280876 1431280934 - NODATA"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("default", DEFAULT_LAYOUT.names),
        ("${version} ${srcaddr} ${future}", ("version", "srcaddr", "future")),
        ("  version  srcaddr ", ("version", "srcaddr")),
        ("${version}, ${srcaddr}", ("version", "srcaddr")),
        ("version,srcaddr, account_id", ("version", "srcaddr", "account-id")),
    ],
)
def test_a_format_as_a_user_states_it(text: str, names: tuple[str, ...]):
    assert parse_format(text).names == names


@pytest.mark.parametrize(
    "text", ["", " ", "hello world", "${}", "srcaddr dstaddr srcaddr", "${version} ${srcaddr", "${version} dstaddr"]
)
def test_what_is_no_format(text: str):
    with pytest.raises(LayoutError):
        parse_format(text)


@pytest.mark.parametrize(
    ("line", "record"),
    [
        (f"2024-01-15T14:05:00.000Z {SSH}", SSH),
        (f"2024-01-15T14:05:00Z  {SSH}", SSH),
        (f"2024-01-15T14:05:00.123+00:00 {SSH}", SSH),
        (SSH, SSH),
        (f"2024-01-15 {SSH}", f"2024-01-15 {SSH}"),
    ],
)
def test_the_time_of_an_export(line: str, record: str):
    assert without_time(line) == record
    assert line.removeprefix(time_of(line)).lstrip(" ") == record


@pytest.mark.parametrize(
    ("lines", "default"),
    [
        ([SSH], True),
        ([NODATA], True),
        ([SSH, NODATA] * 5 + ["torn"], True),
        ([SSH, "torn"], False),
        ([], False),
        ([SSH + " more"], False),
        ([SSH.replace("2 ", "3 ", 1)], False),
        # The same fields in other orders.
        ([SSH.replace(" 20641 22 6 20 4249 ", " 4249 22 20 20641 6 ")], False),
        ([SSH.replace(" 20 4249 ", " 4249 20 ")], False),
        ([SSH.replace("1418530010 1418530070", "1418530070 1418530010")], False),
        ([SSH.replace("ACCEPT OK", "OK ACCEPT")], False),
        ([SSH.replace(" 22 ", " 70000 ")], False),
        ([SSH.replace(" 22 6 ", " 6 300 ")], False),
    ],
)
def test_the_default_format_by_its_shape(lines: list[str], default: bool):
    assert is_default(lines) == default


def test_a_union_has_each_field_once():
    first, second = Layout.of(["srcaddr", "bytes"]), Layout.of(["bytes", "vpc-id"])
    assert union([first, second]).names == ("srcaddr", "bytes", "vpc-id")
    with pytest.raises(LayoutError):
        union([first, Layout.of(["tgw-id"])])
