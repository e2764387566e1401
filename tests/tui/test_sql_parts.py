"""The parts of the SQL screen that need no screen."""

from __future__ import annotations

import errno
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.errors import FlowTuiError, QueryCancelled, QueryError, UsageError
from flowtui.lake.workspace import Summary
from flowtui.sql.library import Example
from flowtui.sql.statements import split
from flowtui.tui.sql.charts import MOST_BARS, choose
from flowtui.tui.sql.highlight import spans, spans_by_line
from flowtui.tui.sql.history import KEEP, History
from flowtui.tui.sql.outcome import Outcome, duration_text
from flowtui.tui.sql.runner import Contents, check_target, example_text, placed
from flowtui.tui.sql.tabs import STARTER, Tabs
from flowtui.tui.sql.title import title_line
from flowtui.tui.theme import ASCII, UNICODE

NOW = datetime(2024, 1, 15, 14, 5, tzinfo=UTC)


def kinds(text):
    return [(text[start:end], kind) for start, end, kind in spans(text)]


@pytest.mark.parametrize("width", range(50, 120))
def test_a_narrow_title_leaves_facts_out_and_cuts_none(width):
    contents = Contents(Summary(1_200_000, 0, "2024-01-15", "2024-01-17", (), 9, 0, 0), (), live=12)
    line = title_line(width, UNICODE, contents, "", Tabs(), 500).plain
    assert UNICODE.ellipsis not in line
    assert "1.2M records" in line
    assert "up to 500 rows" in line
    assert len(line) <= width


def test_words_strings_comments_and_calls_have_their_colours():
    text = "SELECT count(*), 'it''s -- no', \"end\" FROM t -- yes\nWHERE x = 1.5e3 /* open"
    assert kinds(text) == [
        ("SELECT", "keyword"),
        ("count", "function"),
        ("'it''s -- no'", "string"),
        ('"end"', "identifier"),
        ("FROM", "keyword"),
        ("-- yes", "comment"),
        ("WHERE", "keyword"),
        ("1.5e3", "number"),
        ("/* open", "comment"),
    ]


@given(st.text(alphabet="ab '\"`-/*\n1.(é", max_size=60))
def test_spans_by_line_cover_the_same_characters_as_spans(text):
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    by_line = {
        starts[number] + offset
        for number, found in spans_by_line(text).items()
        for start, end, _ in found
        for offset in range(start, end)
    }
    flat = {offset for start, end, _ in spans(text) for offset in range(start, end) if text[offset] != "\n"}
    assert by_line == flat


def test_history_keeps_the_newest_first_and_each_once(tmp_path):
    history = History(tmp_path / "deep" / "history.jsonl")
    assert history.recent() == []
    for text in ("SELECT 1", "SELECT 2\n  , 3", "SELECT 1"):
        history.add(text, NOW)
    assert [past.text for past in history.recent()] == ["SELECT 1", "SELECT 2\n  , 3"]
    assert history.recent()[1].first_line == "SELECT 2 , 3"
    assert history.recent()[0].at == "2024-01-15T14:05:00+00:00"


def test_a_damaged_history_line_is_passed_over(tmp_path):
    path = tmp_path / "history.jsonl"
    path.write_text('{"at": "x", "text": "SELECT 1"}\n{"at": "cut of\n[1]\n{"at": 3}\n')
    assert [past.text for past in History(path).recent()] == ["SELECT 1"]


def test_history_is_cut_back(tmp_path):
    history = History(tmp_path / "history.jsonl")
    history.path.write_text("".join(f'{{"at": "", "text": "SELECT {n}"}}\n' for n in range(2 * KEEP - 1)))
    history.add("SELECT last", NOW)
    assert len(history.path.read_text().splitlines()) == KEEP
    assert history.recent()[0].text == "SELECT last"


def full_history(tmp_path):
    history = History(tmp_path / "history.jsonl")
    history.path.write_text("".join(f'{{"at": "", "text": "SELECT {n}"}}\n' for n in range(2 * KEEP - 1)))
    return history


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x1e", "\r", "\r\n"])
def test_history_keeps_statements_with_any_separator_of_lines(tmp_path, separator):
    history = History(tmp_path / "history.jsonl")
    history.add(f"SELECT 'a{separator}b'", NOW)
    history.add("SELECT 2", NOW)
    assert [past.text for past in history.recent()] == ["SELECT 2", f"SELECT 'a{separator}b'"]


def test_a_history_that_cannot_be_cut_back_is_told_and_stays(tmp_path, monkeypatch):
    history = full_history(tmp_path)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(FlowTuiError, match="cannot be written: No space left on device"):
        history.add("SELECT last", NOW)
    assert history.recent()[0].text == "SELECT last"
    assert list(tmp_path.iterdir()) == [history.path]


def test_what_another_adds_while_a_history_is_cut_back_is_kept(tmp_path, monkeypatch):
    history = full_history(tmp_path)
    others = []
    replace = Path.replace

    def replaced_late(path, target):
        other = threading.Thread(target=History(history.path).add, args=("SELECT other", NOW), daemon=True)
        others.append(other)
        other.start()
        other.join(0.5)  # time in which to do it wrong; done right it waits for its turn
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replaced_late)
        history.add("SELECT last", NOW)
        for other in others:
            other.join(30)
    assert [past.text for past in history.recent()[:2]] == ["SELECT other", "SELECT last"]
    assert len(history.recent()) == KEEP


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [(1, 8, (3, 10)), (2, 4, (4, 4))],
)
def test_places_count_in_the_whole_text(line, column, expected):
    text = "SELECT 1;\n\n  SELECT x\nFROM y"
    statement = split(text)[1]
    error = placed(QueryError("no column x", "try z", line=line, column=column), statement, text)
    assert (error.line, error.column) == expected
    assert error.message == f"line {expected[0]}, column {expected[1]}: no column x"
    assert error.hint == "try z"


def test_an_error_without_a_place_stays_as_it_is():
    error = QueryError("out of memory")
    assert placed(error, split("SELECT 1")[0], "SELECT 1") is error


def test_lines_for_times_bars_for_names_histogram_for_numbers():
    lines = choose(["hour", "total_bytes"], [["2024-01-15 02:00", "2024-01-15 01:00"], [5, 7]])
    assert (lines.kind, lines.labels, lines.values) == ("lines", ("2024-01-15 01:00", "2024-01-15 02:00"), (7.0, 5.0))
    bars = choose(["srcaddr", "dstport", "total_bytes"], [["a", "b"], [22, 443], [5, None]])
    assert (bars.kind, bars.title, bars.values) == ("bars", "total_bytes", (5.0, 0.0))
    assert choose(["bytes"], [[1, 2, 3]]).kind == "histogram"
    assert choose(["a", "b"], [["x"], ["y"]]) is None
    assert choose(["a"], [[]]) is None


def test_many_bars_are_cut_and_say_so():
    chart = choose(["name", "flows"], [[str(n) for n in range(50)], list(range(50))])
    assert (len(chart.values), chart.left_out) == (MOST_BARS, 50 - MOST_BARS)


def test_times_of_one_moment_add_up_and_seconds_become_dates():
    chart = choose(["start", "srcaddr", "bytes"], [[1705327512, 1705327513, 1705331112], ["a", "b", "c"], [1, 2, 4]])
    assert chart.labels == ("2024-01-15 14:05", "2024-01-15 15:05")
    assert chart.values == (3.0, 4.0)
    assert choose(["day", "n"], [[date(2024, 1, 1), date(2024, 1, 2)], [1, 2]]).kind == "lines"


def test_an_example_s_day_becomes_one_that_is_loaded_and_says_so():
    example = Example("x", "X", "Who?", (), "This. " * 30, "SELECT 1 WHERE dt = '2024-01-15';")
    loaded = Contents(_Summary("2026-05-30", "2026-06-01"), ())
    text = example_text(example, loaded)
    assert "dt = '2026-06-01'" in text
    assert "The day was 2024-01-15" in text
    assert all(len(line) <= 72 for line in text.splitlines())
    assert "dt = '2024-01-15'" in example_text(example, None)
    assert "dt = '2024-01-15'" in example_text(example, Contents(_Summary("2024-01-14", "2024-01-16"), ()))
    assert len(split(text)) == 1


class _Summary:
    def __init__(self, first_dt, last_dt):
        self.first_dt, self.last_dt = first_dt, last_dt


def test_targets_of_an_export_are_checked(tmp_path):
    assert check_target(str(tmp_path / "a.csv")).name == "a.csv"
    (tmp_path / "b.csv").write_text("mine")
    for name, said in (("a.txt", "names no format"), ("none/a.csv", "no folder"), ("b.csv", "there already")):
        with pytest.raises(UsageError, match=said):
            check_target(str(tmp_path / name))


def test_the_first_untouched_tab_is_taken_over_and_the_last_one_stays():
    tabs = Tabs()
    assert tabs.front.text == STARTER
    assert tabs.open("flow", "SELECT 1") is tabs.all[0]
    assert tabs.open("", "SELECT 2") is tabs.all[1]
    assert tabs.line(80).plain == " flow [2]"
    assert tabs.turn(1) is tabs.all[0]
    assert tabs.close().text == "SELECT 2"
    tabs.close()
    assert (len(tabs.all), tabs.front.text) == (1, "")


def test_the_result_bar():
    assert "no statement" in Outcome().line(UNICODE).plain
    assert Outcome().line(UNICODE, 3.2).plain == " running 3 s · esc stops it"
    failed = Outcome("SELECT", "DuckDB", error=QueryError("no"))
    assert failed.line(UNICODE).plain == " ✖ failed · DuckDB"
    stopped = Outcome("SELECT 1", "DuckDB", error=QueryCancelled("Stopped after 1.6 s."))
    assert stopped.line(UNICODE).plain == " stopped · DuckDB"
    assert failed.line(ASCII).plain.isascii()


@pytest.mark.parametrize(("seconds", "text"), [(0.041, "41 ms"), (1.24, "1.2 s"), (125, "2 min 5 s")])
def test_durations(seconds, text):
    assert duration_text(seconds) == text
