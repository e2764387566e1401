"""Athena's text results as typed columns; types as GetQueryResults names them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from flowtui.aws.athena import ResultColumn, ResultPage
from flowtui.errors import FlowTuiError
from flowtui.sql.athena_values import batch_of, columns_of, schema_of
from flowtui.sql.output import to_athena_text


def one(type: str, *values: str | None, precision: int = 0, scale: int = 0) -> list[object]:
    page = ResultPage((ResultColumn("a", type, precision, scale),), tuple((value,) for value in values))
    columns = columns_of(page)
    made: list[object] = batch_of(page.rows, columns, schema_of(columns)).column(0).to_pylist()
    # What is printed again is what Athena wrote.
    again = [None if value is None else to_athena_text(value, columns[0].kind) for value in made]
    assert again == list(values)
    return made


@pytest.mark.parametrize(
    ("type", "text", "value"),
    [
        ("varchar", "", ""),
        ("varchar", "-", "-"),
        ("string", "dt=2024-01-15", "dt=2024-01-15"),
        ("tinyint", "-128", -128),
        ("smallint", "32767", 32767),
        ("integer", "-2147483648", -2147483648),
        ("bigint", "9223372036854775807", 9223372036854775807),
        ("double", "1.0E10", 1e10),
        ("double", "-Infinity", float("-inf")),
        ("double", "0.1", 0.1),
        ("boolean", "true", True),
        ("boolean", "false", False),
        ("date", "2024-01-15", date(2024, 1, 15)),
        ("timestamp", "2024-01-15 10:11:12.000", datetime(2024, 1, 15, 10, 11, 12)),
        ("timestamp", "2024-01-15 10:11:12.123456", datetime(2024, 1, 15, 10, 11, 12, 123456)),
        ("timestamp", "2024-01-15 10:11:12.123456789", "2024-01-15 10:11:12.123456789"),
        ("timestamp with time zone", "2024-01-15 10:11:12.000 Europe/Berlin", "2024-01-15 10:11:12.000 Europe/Berlin"),
        ("time", "10:11:12.000", "10:11:12.000"),
        ("array", "[1, 2, null]", "[1, 2, null]"),
        ("map", "{a=1}", "{a=1}"),
        ("row", "{x=1, y=null}", "{x=1, y=null}"),
        ("json", '{"a":1}', '{"a":1}'),
        ("varbinary", "0a ff", "0a ff"),
        ("interval day to second", "0 00:00:01.000", "0 00:00:01.000"),
        ("a type of tomorrow", "x", "x"),
    ],
)
def test_a_value_and_a_null(type: str, text: str, value: object) -> None:
    assert one(type, text, None) == [value, None]


def test_decimals_have_the_precision_of_the_metadata() -> None:
    assert one("decimal", "1.50", "-123.45", precision=5, scale=2) == [Decimal("1.50"), Decimal("-123.45")]
    wide = "9" * 38
    assert one("decimal", wide, precision=38) == [Decimal(wide)]


def test_later_rows_with_more_digits_are_an_error_not_a_cut() -> None:
    page = ResultPage((ResultColumn("a", "timestamp"),), (("2024-01-15 10:11:12.000",),))
    columns = columns_of(page)
    with pytest.raises(FlowTuiError, match="more digits"):
        batch_of([("2024-01-15 10:11:12.123456789",)], columns, schema_of(columns))


@pytest.mark.parametrize(
    ("type", "text"), [("date", "+12024-01-15"), ("bigint", "9223372036854775808"), ("decimal", "x"), ("boolean", "2")]
)
def test_a_value_that_no_carrier_holds_says_what_to_write(type: str, text: str) -> None:
    page = ResultPage((ResultColumn("a", type, 5, 2),), ((text,),))
    columns = columns_of(page)
    with pytest.raises(FlowTuiError, match=f"cannot be held as {type}") as caught:
        batch_of(page.rows, columns, schema_of(columns))
    assert "CAST(a AS varchar)" in caught.value.hint
