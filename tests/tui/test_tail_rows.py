"""Rows kept in columns behave as a list of rows, and a filter tells the same of many rows as of each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flowtui.records.filter import Filter
from flowtui.records.layout import DEFAULT_LAYOUT, Layout
from flowtui.tui.tail.filters import row_test
from flowtui.tui.tail.held_rows import HeldRows
from flowtui.tui.tail.lines import GapRow, HeldLine
from flowtui.tui.widgets.ring import Ring

SHORT = Layout.of(["srcaddr", "dstport", "action"])
TEXTS = {
    DEFAULT_LAYOUT: "2 1 eni-1 10.0.0.{0} 10.0.1.1 {0} 443 6 1 2 3 4 ACCEPT OK",
    SHORT: "10.0.0.{0} 44{0} REJECT",
    None: "what is {0} this",
}
LINES = st.builds(
    lambda layout, number, spaces, end, stream: HeldLine(
        TEXTS[layout].format(number).replace(" ", spaces) + end, layout, stream
    ),
    st.sampled_from(list(TEXTS)),
    st.integers(0, 9),
    st.sampled_from([" ", " ", "  "]),
    st.sampled_from(["", "", " ", "\n"]),
    st.sampled_from(["eni-1-all", "eni-2-all", ""]),
)
ROWS = st.lists(LINES | st.builds(GapRow, st.just("away"), st.floats(0, 9), st.just(9.0)), max_size=12)
FILTERS = st.sampled_from(
    (
        "action=REJECT",
        "!action=reject",
        "dstport=443",
        "port=3,443",
        "src!=10.0.0.0/30",
        "src=10.0.0.5",
        "action=ACCEPT srcport>4",
        "flow-direction=-",
        "THIS",
        "10.0.0.3 !/44[0-5]/",
    )
)


@given(ROWS, ROWS, st.integers(0, 12), st.integers(-12, 12), st.integers(-12, 12))
def test_rows_in_columns_are_as_a_list(rows, more, cut, start, stop):
    plain, held, gap = list(rows), HeldRows(rows), GapRow("why", 1.0, 2.0)
    for both in (plain, held):
        both.extend(more)
        del both[:cut]
        both[:0] = more[:2]
        both.insert(1, gap)
    assert list(held) == plain
    assert held == plain == HeldRows(plain)
    assert held != plain[1:]
    assert (len(held), held[-1], list(held[start:stop])) == (len(plain), plain[-1], plain[start:stop])


@given(ROWS, FILTERS, st.booleans())
def test_a_filter_finds_among_many_rows_what_it_finds_one_by_one(rows, text, gaps):
    test = row_test(Filter.parse(text), gaps=gaps)
    each = [place for place, row in enumerate(rows) if test(row)]
    assert list(test.many(rows)) == list(test.many(HeldRows(rows))) == each
    ring = Ring(100, HeldRows())
    ring.extend(rows)
    assert ring.passing(test, 0, ring.end) == each
    wanted = Filter.parse(text)
    for place, row in enumerate(rows):
        if isinstance(row, GapRow):
            assert (place in each) is gaps
        else:
            assert (place in each) is wanted.matches(row.record or row.raw)
