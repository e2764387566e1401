import re
import warnings
from ipaddress import ip_address, ip_network

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.records.filter import ALIASES, Filter, FilterError
from flowtui.records.filter_lines import is_even
from flowtui.records.filter_patterns import line_search
from flowtui.records.layout import DEFAULT_LAYOUT, Layout
from flowtui.records.parse import LineParser, Record
from tests.records.examples import example

SSH = LineParser(DEFAULT_LAYOUT).parse(
    "2 123456789010 eni-0123456789abcdef0 172.31.16.139 10.0.4.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK"
)
V6 = LineParser(DEFAULT_LAYOUT).parse(
    "2 123456789010 eni-0fff 2001:db8::1 2001:db8:1::2 40000 443 6 3 180 1418530010 1418530070 REJECT OK"
)
NODATA = LineParser(DEFAULT_LAYOUT).parse("2 123456789010 eni-0fff - - - - - - - 1431280876 1431280934 - NODATA")


@pytest.mark.parametrize(
    ("text", "passing"),
    [
        ("", {SSH, V6, NODATA}),
        ("   ", {SSH, V6, NODATA}),
        ("accept", {SSH}),
        ("ENI-0FFF", {V6, NODATA}),
        ('"ACCEPT OK"', {SSH}),
        ('"accept  ok"', set()),
        ("action=REJECT", {V6}),
        ("action=reject,accept", {SSH, V6}),
        ("action!=REJECT", {SSH, NODATA}),
        ("!action=REJECT", {SSH, NODATA}),
        ("!!action=REJECT", {V6}),
        ("action=-", {NODATA}),
        ("dstport=22", {SSH}),
        ("port=22,443", {SSH, V6}),
        ("port=ssh", {SSH}),
        ("port=https,20641", {SSH, V6}),
        ("dstport=1-100", {SSH}),
        ("dstport=-", {NODATA}),
        ("dport=22 sport=20641", {SSH}),
        ("dport=22 action=REJECT", set()),
        ("proto=tcp", {SSH, V6}),
        ("protocol=6", {SSH, V6}),
        ("bytes>200", {SSH}),
        ("bytes>=180 bytes<4249", {V6}),
        ("packets<=3", {V6}),
        ("src=172.31.0.0/16", {SSH}),
        ("src=172.31.16.139", {SSH}),
        ("src=10.0.0.0/8", set()),
        ("addr=10.0.0.0/8", {SSH}),
        ("dst=2001:db8:1::/48", {V6}),
        ("addr=::/0", {SSH, V6}),
        ("addr=0.0.0.0/0", {SSH}),
        ("src=172.31.*", {SSH}),
        ("src=-", {NODATA}),
        ("interface-id=eni-0f*", {V6, NODATA}),
        ("interface_id=eni-0fff", {V6, NODATA}),
        ("status=nodata", {NODATA}),
        (r"/10\.0\.[0-4]\./", {SSH}),
        ("/accept ok$/", {SSH}),
        (r"/a\/b/", set()),
        ("!/eni-0f/ !port=443", {SSH}),
        ("vpc-id=vpc-1", set()),
        ("!vpc-id=vpc-1", {SSH, V6, NODATA}),
    ],
)
def test_what_passes(text: str, passing: set[Record]):
    wanted = Filter.parse(text)
    assert {record for record in (SSH, V6, NODATA) if wanted.matches(record)} == passing


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("action=", 8, "action= needs a value"),
        ("web port=", 10, "port= needs a value"),
        ("dstport=ssh2", 9, "ssh2 is not a number or a known name"),
        ("bytes=many", 7, "many is not a number"),
        ("bytes>x", 7, "x is not a number"),
        ("action>3", 8, "action is no number to compare"),
        ("src=10.0.0.0/33", 5, "10.0.0.0/33 is not an address or a block like 10.0.0.0/16"),
        ("ok dstprt=22", 4, "no field is called dstprt; dstport?"),
        ("xyzzy=1", 1, "no field is called xyzzy"),
        ("a /b", 3, "a closing / is missing"),
        ("/a(/", 3, "not a regular expression"),
        ('"open', 1, 'a closing " is missing'),
        ("a ! b", 3, "! must stand before a term"),
        ("!", 1, "! must stand before a term"),
        ("port=22,,23", 6, "nothing is not a number"),
    ],
)
def test_errors_name_the_place(text: str, column: int, reason: str):
    with pytest.raises(FilterError) as caught:
        Filter.parse(text)
    assert caught.value.column == column
    assert reason in caught.value.reason


def test_filters_stack():
    both = Filter.parse("port=22") & Filter.parse("src=172.31.0.0/16")
    assert both.matches(SSH)
    assert not (both & Filter.parse("REJECT")).matches(SSH)
    assert both.text == "port=22 src=172.31.0.0/16"
    assert bool(both)
    assert not Filter()


def test_a_line_that_fits_no_layout_has_text_but_no_fields():
    line = "something AWS never wrote"
    assert Filter.parse("never").matches(line)
    assert Filter.parse("/^some/").matches(line)
    assert not Filter.parse("action=REJECT").matches(line)
    assert not Filter.parse("action!=REJECT").matches(line)
    assert Filter.parse("!action=REJECT").matches(line)


def test_names_of_a_layout_beyond_the_registry():
    record = LineParser(Layout.from_header("srcaddr new-field")).parse("10.0.0.1 blue")
    assert Filter.parse("new-field=blue", names=record.layout.names).matches(record)
    with pytest.raises(FilterError):
        Filter.parse("new-field=blue")


def test_packet_addresses_count_as_addresses():
    _, records = example("nat-gateway")
    assert [Filter.parse("addr=203.0.113.5").matches(record) for record in records] == [True] * 6
    assert [Filter.parse("dst=203.0.113.5").matches(record) for record in records].count(True) == 2


def test_aliases_stand_for_fields_that_exist():
    for fields in ALIASES.values():
        Filter.parse(" ".join(f"{name}=1.1.1.1" if "addr" in name else f"{name}=1" for name in fields))


@given(st.text())
def test_any_text_is_a_filter_or_an_error_with_a_place_in_it(text: str):
    try:
        wanted = Filter.parse(text)
    except FilterError as error:
        assert 1 <= error.column <= len(text) + 1
    else:
        for record in (SSH, V6, NODATA):
            assert wanted.matches(record) in (True, False)


@given(st.sampled_from(["port=22", "REJECT", "src=10.0.0.0/8", "bytes>200", "/eni-0f/"]))
def test_not_turns_every_verdict_round(text: str):
    for record in (SSH, V6, NODATA):
        assert Filter.parse(text).matches(record) != Filter.parse(f"!{text}").matches(record)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("dstport=5-1", "5-1 runs backwards; 1-5?"),
        ("dstport=99999", "99999 is beyond 65535, the highest"),
        ("port=1-70000", "70000 is beyond 65535"),
        ("protocol=256", "256 is beyond 255"),
        ("bytes=9-2", "9-2 runs backwards"),
        ("dstport=\u0662\u0662", "is not a number"),
        ("bytes>\u0662", "is not a number"),
    ],
)
def test_numbers_that_no_record_can_have_are_refused(text: str, reason: str):
    with pytest.raises(FilterError, match=re.escape(reason)):
        Filter.parse(text)


def test_numbers_at_the_end_of_what_a_field_holds():
    assert Filter.parse("dstport=65535 protocol=0-255 bytes=99999")


_LINES = st.sampled_from(
    [
        *(record.raw for record in (SSH, V6, NODATA)),
        " " + SSH.raw.replace(" ", "  ") + " \n",
        V6.raw + "\r\n",
    ]
)
_TERMS = st.sampled_from(
    [
        *("action=REJECT", "action!=ACCEPT", "dstport=22,80", "port=ssh", "port=1024-65535", "port=-", "srcport!=-"),
        *(
            "src=10.0.0.0/16",
            "addr=2001:db8::/32",
            "dst=10.*",
            "bytes>100",
            "packets<=3",
            "eni=eni-0*",
            "status=nodata",
        ),
        *(
            "vpc-id=vpc-1",
            "vpc-id=-",
            "vpc-id!=x",
            "pkt-srcaddr=10.0.0.0/8",
            "tcp-flags=2",
            "ok",
            "/10[.]0/",
            '"ACCEPT OK"',
        ),
    ]
)


@given(st.lists(st.tuples(st.booleans(), _TERMS), max_size=4), _LINES)
def test_a_line_that_is_not_parsed_has_the_outcome_of_the_record(terms: list[tuple[bool, str]], line: str):
    wanted = Filter.parse(" ".join(("!" if negated else "") + term for negated, term in terms))
    layout = DEFAULT_LAYOUT
    record = LineParser(layout).parse(line)
    # The record has its line without the line end; the spaces stay.
    assert wanted.for_lines()(line, layout) == wanted.matches(record)
    assert wanted.for_lines()(line, None) == wanted.matches(line)
    assert bool(wanted.for_lines().passing([line], layout, even=is_even(line))) == wanted.matches(record)


_V4 = st.ip_addresses(v=4, network="10.0.0.0/13").map(str)
_ANY_ADDRESS = st.one_of(
    _V4, st.ip_addresses().map(str), _V4.map(lambda text: str(ip_address(f"::ffff:{text}"))), st.just("-")
)
_BLOCKS = st.builds("{}/{}".format, st.one_of(_V4, st.ip_addresses(v=4).map(str)), st.integers(0, 32))
_WIDE = st.builds("{}/{}".format, st.ip_addresses(v=6).map(str), st.integers(0, 128))
_PORT = st.one_of(st.integers(0, 65535).map(str), st.integers(0, 99).map("{:05}".format), st.just("-"))


@given(
    st.lists(st.tuples(_ANY_ADDRESS, _ANY_ADDRESS, _PORT, _PORT), min_size=1, max_size=20),
    st.sampled_from(["src", "dst", "addr"]),
    st.lists(st.one_of(_BLOCKS, _WIDE), min_size=1, max_size=3),
    st.sampled_from(["", "port=22", "port!=0-99,443", "!dstport>=100", "port=-", "srcport<8"]),
    st.sampled_from(["=", "!="]),
    st.booleans(),
)
@hypothesis.example([("::ffff:a00:1", "9.1.1.1", "1", "2")], "src", ["10.0.0.0/8"], "", "=", False)
@hypothesis.example([("10.0.0.1", "-", "00022", "2")], "addr", ["10.0.0.0/16", "10.1.0.0/16"], "port=22", "=", False)
def test_many_lines_at_once_pass_as_their_records_do(
    found: list[tuple[str, str, str, str]], name: str, blocks: list[str], port: str, sign: str, negated: bool
):
    lines = [
        f"2 123456789010 eni-1 {src} {dst} {sport} {dport} 6 1 40 1 2 ACCEPT OK" for src, dst, sport, dport in found
    ]
    wanted = Filter.parse(f"{'!' if negated else ''}{name}{sign}{','.join(blocks)} {port}")
    parser = LineParser(DEFAULT_LAYOUT)
    passing = [place for place, line in enumerate(lines) if wanted.matches(parser.parse(line))]
    assert [*wanted.for_lines().passing(lines, DEFAULT_LAYOUT, even=True)] == passing
    assert [*wanted.for_lines().passing(lines, DEFAULT_LAYOUT)] == passing


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.integers(0, 32), st.booleans())
def test_a_block_holds_the_addresses_that_the_library_says(number: int, other: int, length: int, mapped: bool):
    near = (number & ~((1 << (32 - length)) - 1)) | (other & ((1 << (32 - length)) - 1))
    block = f"{ip_address(number)}/{length}"
    for address in map(ip_address, (near, other)):
        inside = address in ip_network(block, strict=False)
        check = (
            Filter.parse(f"src=::ffff:{ip_address(number)}/{96 + length}" if mapped else f"src={block}").terms[0].check
        )
        assert check(str(address)) is inside
        assert check(f"::ffff:{address}") is inside
        assert Filter.parse("src=::/0").terms[0].check(str(address))
        assert not Filter.parse("src=2001:db8::/32").terms[0].check(str(address))


@pytest.mark.parametrize("address", ["10.0.0.256", "010.0.0.1", "10.0.0", "10.0.0.1.2", "", "\u0661.0.0.1"])
def test_what_is_no_address_is_in_no_block(address: str):
    assert not Filter.parse("src=0.0.0.0/0").terms[0].check(address)


_PIECES = st.sampled_from(
    [
        *(
            "a",
            "K",
            "z",
            "Z",
            "eni",
            "REJ",
            "0",
            " ",
            "-",
            "_",
            "[",
            "^",
            ".",
            "k|S",
            "(a|B)",
            "(?:A)",
            "(?=k)",
            "(?<!K)",
        ),
        *(
            "[a-z]",
            "[A-Z]",
            "[A-z]",
            "[!-Z]",
            "[:-_]",
            "[^a-zK]",
            "[kS_]",
            "[0-9A-F]",
            r"[\WK]",
            r"[\]A]",
            "[Z-]",
            "[]A]",
        ),
        *(r"\w", r"\W", r"\S", r"\D", r"\b", r"\.", r"\A", r"\Z", r"\x4b", r"(K)\1", "(?-i:K)", "(?P<K>a)", "(?i)"),
        *("a+", "Z*", "K?", "(AB)?", "k{1,2}", "ſ", "K", "ı"),
    ]
)


@given(st.lists(_PIECES, max_size=5).map("".join), st.text("akKzZsS09 -_[]^`~eniREJ.ſKıİ", max_size=12))
def test_an_expression_matches_what_the_library_says_whatever_the_case(pattern: str, line: str):
    warnings.simplefilter("ignore", FutureWarning)
    try:
        expected = re.compile(pattern, re.IGNORECASE).search(line) is not None
    except re.error:
        return
    assert line_search(pattern)(line) is expected
