"""The library of queries and its files."""

from __future__ import annotations

import pytest

from flowtui.errors import UsageError
from flowtui.sql.library import _read, example, examples


def test_names_are_unique_and_in_order() -> None:
    names = [one.name for one in examples()]
    assert len(set(names)) == len(names) >= 13
    assert names[:2] == ["recent", "top-talkers"]


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        example("port-scans")
    assert "port-scan" in caught.value.hint


def test_a_head_may_go_on_over_lines() -> None:
    head = "-- title: A\n-- question: B\n--   and more?\n-- fields: a, b\n-- look-for: C\n"
    text = head + "-- a comment of the query\nSELECT 1\n"
    one = _read("07-a-name.sql", text)
    assert (one.name, one.question, one.fields) == ("a-name", "B and more?", ("a", "b"))
    assert one.sql == "-- a comment of the query\nSELECT 1"


def test_a_head_that_lacks_a_line_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="look-for"):
        _read("07-a.sql", "-- title: A\n-- question: B\n-- fields: a\nSELECT 1\n")
