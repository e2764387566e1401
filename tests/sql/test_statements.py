"""Splitting statements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.sql.statements import Statement, split, statement_at

PARTS = st.sampled_from(
    ["SELECT 1", "SELECT ';'", 'SELECT "a;b"', "SELECT 'it''s;'", "SELECT 1 -- c;\n", "SELECT /* ; */ 2", "VALUES 1, 2"]
)


def test_quotes_and_comments_hide_semicolons() -> None:
    text = "SELECT ';' ; -- a; comment\n\nSELECT \"x;y\" /* ; */ FROM t;\n  "
    assert [statement.text for statement in split(text)] == ["SELECT ';'", 'SELECT "x;y" /* ; */ FROM t']


@pytest.mark.parametrize("text", ["", "  \n", ";", ";;", "-- only a comment", "/* only */ ;"])
def test_nothing_to_run(text: str) -> None:
    assert split(text) == []
    assert statement_at(text, 0) is None


@given(st.lists(PARTS, max_size=6), st.sampled_from([";", " ; ", ";\n", "\n;\n\n"]))
def test_every_statement_is_found_where_it_says(parts: list[str], separator: str) -> None:
    text = separator.join(parts)
    found = split(text)
    assert [statement.text for statement in found] == [part.strip() for part in parts]
    assert all(text[statement.start : statement.end] == statement.text for statement in found)


@given(st.text(max_size=80))
def test_any_text_splits_into_parts_of_itself(text: str) -> None:
    end = 0
    for statement in split(text):
        assert statement.start >= end
        assert text[statement.start : statement.end] == statement.text.strip() != ""
        end = statement.end


def test_statement_at_the_cursor() -> None:
    text = "SELECT 1;\n\nSELECT 2;\n\n"
    first, second = split(text)
    assert statement_at(text, 0) == first
    assert statement_at(text, text.index(";")) == first
    assert statement_at(text, text.index("2")) == second
    assert statement_at(text, len(text)) == second
    assert first == Statement("SELECT 1", 0, 8)
