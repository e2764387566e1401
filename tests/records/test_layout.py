import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.records.fields import DEFAULT_FORMAT, TGW_FIELDS, VPC_FIELDS
from flowtui.records.layout import DEFAULT_LAYOUT, Layout, LayoutError, looks_like_header
from tests.records.examples import FOLDER


def test_header_of_the_default_format():
    assert Layout.from_header(" ".join(DEFAULT_FORMAT) + "\n") == DEFAULT_LAYOUT


@pytest.mark.parametrize("line", ["\ufeffversion  srcaddr   start\r\n", "  version srcaddr   start \n"])
def test_header_with_odd_spacing(line: str):
    assert Layout.from_header(line).names == ("version", "srcaddr", "start")


def test_underscored_header_names_are_the_same_fields():
    assert Layout.from_header("account_id srcaddr").names == ("account-id", "srcaddr")


def test_unknown_names_are_kept_in_place_as_text():
    layout = Layout.from_header("srcaddr quantum-state dstaddr")
    assert layout.columns == ("srcaddr", "quantum_state", "dstaddr")
    assert layout.fields[1] is None
    assert layout.unknown == ("quantum-state",)
    assert layout.index("dstaddr") == 2
    assert layout.index("bytes") is None


def test_columns_never_collide():
    layout = Layout.from_log_format("${srcaddr} ${src_addr2} ${Src-Addr2} ${srcaddr} ${dt} ${9lives} ${-}")
    assert layout.columns == ("srcaddr", "src_addr2", "src_addr2_2", "srcaddr_2", "dt_2", "_9lives", "field")
    assert layout.fields[3] is None


def test_an_unknown_name_does_not_take_a_known_fields_column():
    layout = Layout.from_log_format("${Srcaddr} ${srcaddr}")
    assert layout.columns == ("srcaddr_2", "srcaddr")
    assert layout.index("srcaddr") == 1


def test_log_format_round_trip():
    text = "${version} ${vpc-id} ${srcaddr} ${tcp-flags}"
    layout = Layout.from_log_format(text)
    assert layout.log_format == text
    assert layout.header == "version vpc-id srcaddr tcp-flags"
    assert layout.version == 3


def test_parquet_columns_become_field_names():
    layout = Layout.from_parquet(["version", "account_id", "log_status", "new_thing"])
    assert layout.names == ("version", "account-id", "log-status", "new_thing")
    assert layout.columns == ("version", "account_id", "log_status", "new_thing")


@pytest.mark.parametrize("names", [["tgw-id", "srcaddr"], ["resource-type", "start"], ["packets-lost-blackhole"]])
def test_transit_gateway_layouts_are_told_apart(names: list[str]):
    assert Layout.of(names).kind == "tgw"
    assert all(Layout.of(names).fields)


def test_a_field_of_the_other_kind_does_not_make_it_the_other_kind():
    """As if AWS took ``tgw-id`` over into VPC flow logs, or ``action`` into those of transit gateways."""
    default = [field.name for field in VPC_FIELDS[:14]]
    vpc, tgw = Layout.of([*default, "tgw-id"]), Layout.of(["tgw-id", "tgw-src-vpc-id", "start", "end", "action"])
    assert (vpc.kind, vpc.unknown, tgw.kind, tgw.unknown) == ("vpc", ("tgw-id",), "tgw", ("action",))


def test_common_fields_alone_are_a_vpc_layout():
    assert Layout.from_header("version srcaddr dstaddr").kind == "vpc"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "hello world",
        "2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA",
        "type vpc-abcdefab012345678",
        "start,end,action",
        "- - -",
    ],
)
def test_what_is_no_header(line: str):
    assert not looks_like_header(line)
    with pytest.raises(LayoutError):
        Layout.from_header(line)


@pytest.mark.parametrize("text", ["", "version srcaddr", "${}", "${nonsense}"])
def test_what_is_no_log_format(text: str):
    with pytest.raises(LayoutError):
        Layout.from_log_format(text)


def test_no_documented_record_looks_like_a_header():
    files = sorted(FOLDER.glob("*.log"))
    assert len(files) >= 11
    for file in files:
        header, *lines = file.read_text(encoding="utf-8").splitlines()
        assert looks_like_header(header)
        assert not any(looks_like_header(line) for line in lines)


@given(st.lists(st.sampled_from([f.name for f in (*VPC_FIELDS, *TGW_FIELDS)]), min_size=1, unique=True))
def test_any_choice_of_fields_is_read_back(names: list[str]):
    layout = Layout.of(names)
    assert Layout.from_header(layout.header) == layout
    assert Layout.from_log_format(layout.log_format) == layout
    assert len(set(layout.columns)) == len(names)


@pytest.mark.parametrize(
    "line",
    [
        "version account-id srcaddr dstaddr New.Field 6to4-Prefix",
        "version srcaddr Vpc_Name",
        "srcaddr dstaddr bytes AWS:tag",
    ],
)
def test_names_written_in_new_ways_make_a_header_where_most_are_known(line: str):
    layout = Layout.from_header(line)
    assert layout.header == line
    assert layout.unknown
    assert all(re.fullmatch("[a-z_0-9]+", column) for column in layout.columns)


@pytest.mark.parametrize(
    "line",
    [
        "version srcaddr New.Field Other.Field",
        "2 srcaddr dstaddr start -",
        "version 10.0.0.1 srcaddr end / bytes",
        "Version Srcaddr",
        "version\tsrcaddr\tstart",
    ],
)
def test_what_is_no_header_although_some_words_are_fields(line: str):
    assert not looks_like_header(line)
