import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.errors import UsageError
from flowtui.times import age_text, bytes_text, parse_time, parse_until, system_clock

NOW = datetime(2024, 1, 15, 14, 5, 30, tzinfo=UTC)
MIDNIGHT = datetime(2024, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("90s", NOW - timedelta(seconds=90)),
        ("10m", NOW - timedelta(minutes=10)),
        (" 2 H ", NOW - timedelta(hours=2)),
        ("1.5h", NOW - timedelta(minutes=90)),
        ("3d", NOW - timedelta(days=3)),
        ("1w", NOW - timedelta(days=7)),
        ("45 seconds", NOW - timedelta(seconds=45)),
        ("15 minutes", NOW - timedelta(minutes=15)),
        ("15min ago", NOW - timedelta(minutes=15)),
        ("1 Hour ago", NOW - timedelta(hours=1)),
        ("2 hrs", NOW - timedelta(hours=2)),
        ("1.5 days", NOW - timedelta(hours=36)),
        ("1 week", NOW - timedelta(days=7)),
        ("now", NOW),
        ("Today", MIDNIGHT),
        ("yesterday", MIDNIGHT - timedelta(days=1)),
        ("2024-01-15", MIDNIGHT),
        ("2024-01-15T14:05", NOW.replace(second=0)),
        ("2024-01-15 14:05:30", NOW),
        ("2024-01-15T14:05:30Z", NOW),
        ("2024-01-15T16:05:30+02:00", NOW),
        ("1705327530", NOW),
    ],
)
def test_times(text: str, moment: datetime):
    assert parse_time(text, NOW) == moment
    assert parse_time(text, NOW).tzinfo == UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "10",
        "10 parsecs",
        "10 months",
        "10 ago",
        "10 m m",
        "2024-13-01",
        "2024-02-30",
        "25:99",
        "9" * 30 + "w",
        "-5m",
        "5\u017f",
    ],
)
def test_what_is_no_time(text: str):
    with pytest.raises(UsageError) as caught:
        parse_time(text, NOW)
    assert repr(text) in caught.value.message
    assert "10m" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2024-01-14", MIDNIGHT),
        ("yesterday", MIDNIGHT),
        ("2024-01-14T10:00", datetime(2024, 1, 14, 10, tzinfo=UTC)),
        ("1h", NOW - timedelta(hours=1)),
    ],
)
def test_an_end_that_is_a_day_includes_it(text: str, end: datetime):
    assert parse_until(text, NOW) == end


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0s"),
        (0, "0s"),
        (59.9, "59s"),
        (60, "1m"),
        (3599, "59m"),
        (3600, "1h"),
        (26 * 3600, "26h"),
        (12 * 86400, "12d"),
    ],
)
def test_ages(seconds: float, text: str):
    assert age_text(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (4_200_000_000, "4.2 GB"),
        (187_000_000, "187 MB"),
        (999_600, "1.0 MB"),
        (5e18, "5000 PB"),
    ],
)
def test_sizes(count: float, text: str):
    assert bytes_text(count) == text


@given(st.floats(0, 1e18))
def test_sizes_are_short(count: float):
    assert len(bytes_text(count)) <= 7


@given(st.text())
def test_any_text_is_a_time_or_a_usage_error(text: str):
    with contextlib.suppress(UsageError):
        assert parse_time(text, NOW).tzinfo == UTC


def test_the_system_clock_is_aware():
    assert system_clock().tzinfo == UTC


@pytest.mark.parametrize(
    "text", ["9999-12-31", "0001-01-01T00:00+05:00", "9999-12-31T23:59-05:00", "99999999d", "1969-12-31"]
)
def test_times_no_flow_log_can_have(text: str):
    for read in (parse_time, parse_until):
        with pytest.raises(UsageError):
            read(text, NOW)
