"""Partition projection, and which partitions a query's conditions select."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowtui.aws.glue import CatalogTable
from flowtui.sql.partition_filter import selected
from flowtui.sql.partitions import NotProjected, projection_of, strftime_of
from flowtui.sql.reads import reads
from flowtui.sql.statements import split

NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)
DAYS = [((date(2024, 1, 1) + timedelta(days=number)).isoformat(),) for number in range(60)]


def table(keys: str, **properties: str) -> CatalogTable:
    known = {"projection.enabled": "true"} | {name.replace("__", "."): value for name, value in properties.items()}
    return CatalogTable("d", "t", "s3://b/p/", tuple((key, "string") for key in keys.split()), known)


def chosen(query: str, name: str = "flow_logs", rows: list[tuple[str, ...]] = DAYS, keys: str = "dt") -> list[str]:
    """The first values of the selected partitions, of every mention of a table."""
    found = []
    for read in reads(query, split(query)[0], "vpc_flow_logs"):
        if read.name == name:
            places, _ = selected(read, [(key, "string") for key in keys.split()], rows)
            found += ["/".join(rows[place]) for place in places]
    return found


def test_no_projection() -> None:
    assert projection_of(CatalogTable("d", "t", "s3://b/"), NOW) is None


def test_the_documented_projection_of_text_logs() -> None:
    """https://docs.aws.amazon.com/athena/latest/ug/vpc-flow-logs-partition-projection.html"""
    made = projection_of(
        table(
            "accid region day",
            projection__accid__type="enum",
            projection__accid__values="111111111111, 222222222222",
            projection__region__type="enum",
            projection__region__values="us-east-1",
            projection__day__type="date",
            projection__day__range="2024/02/27,NOW",
            projection__day__format="yyyy/MM/dd",
            storage__location__template="s3://b/AWSLogs/${accid}/vpcflowlogs/${region}/${day}",
        ),
        NOW,
    )
    assert made is not None
    assert made.values["accid"] == ["111111111111", "222222222222"]
    assert made.values["day"] == ["2024/02/27", "2024/02/28", "2024/02/29", "2024/03/01"]
    location = made.location({"accid": "111111111111", "region": "us-east-1", "day": "2024/02/29"})
    assert location == "s3://b/AWSLogs/111111111111/vpcflowlogs/us-east-1/2024/02/29/"


def test_integers_dates_and_the_default_location() -> None:
    made = projection_of(
        table(
            "year month hour",
            projection__year__type="date",
            projection__year__format="yyyy",
            projection__year__range="NOW-2YEARS,NOW",
            projection__year__interval="1",
            projection__year__interval__unit="YEARS",
            projection__month__type="integer",
            projection__month__range="1,12",
            projection__month__digits="2",
            projection__hour__type="integer",
            projection__hour__range="00,23",
            projection__hour__interval="6",
        ),
        NOW,
    )
    assert made is not None
    assert made.values["year"] == ["2022", "2023", "2024"]
    assert made.values["month"][0] == "01"
    assert made.values["hour"] == ["0", "6", "12", "18"]
    location = made.location({"year": "2024", "month": "01", "hour": "6"})
    assert location == "s3://b/p/year=2024/month=01/hour=6/"


@pytest.mark.parametrize(
    "properties",
    [
        {"projection__dt__type": "injected"},
        {},
        {"projection__dt__type": "date", "projection__dt__format": "EEE", "projection__dt__range": "a,b"},
        {"projection__dt__type": "date", "projection__dt__format": "yyyy", "projection__dt__range": "x,NOW"},
        {"projection__dt__type": "date", "projection__dt__format": "yyyy", "projection__dt__range": "2024"},
        {"projection__dt__type": "integer", "projection__dt__range": "1,99999999"},
        {"projection__dt__type": "integer", "projection__dt__range": "a,b"},
        {"projection__dt__type": "integer", "projection__dt__range": "1,2", "projection__dt__digits": "two"},
        {
            "projection__dt__type": "date",
            "projection__dt__format": "yyyy",
            "projection__dt__range": "2023,2024",
            "projection__dt__interval": "one",
        },
    ],
)
def test_what_cannot_be_followed_is_said(properties: dict[str, str]) -> None:
    with pytest.raises(NotProjected):
        projection_of(table("dt", **properties), NOW)


def test_formats_of_java() -> None:
    assert strftime_of("yyyy/MM/dd/HH") == "%Y/%m/%d/%H"
    assert strftime_of("'year='yyyy'/month='MM") == "year=%Y/month=%m"
    assert strftime_of("yyyy-MMM") is None


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        ("dt = '2024-01-15'", ["2024-01-15"]),
        ("'2024-01-15' = dt AND srcport > 5", ["2024-01-15"]),
        ("f.dt IN ('2024-01-02', '2024-01-05', '1999-01-01')", ["2024-01-02", "2024-01-05"]),
        ("dt BETWEEN '2024-01-02' AND '2024-01-04'", ["2024-01-02", "2024-01-03", "2024-01-04"]),
        ("dt >= '2024-02-28'", ["2024-02-28", "2024-02-29"]),
        ("NOT (dt < '2024-02-28')", ["2024-02-28", "2024-02-29"]),
        ("(dt = '2024-01-02' OR dt = '2024-01-03') AND bytes > 9", ["2024-01-02", "2024-01-03"]),
        ("(dt = '2024-01-02' AND bytes > 9) OR (dt = '2024-01-03' AND action = 'x')", ["2024-01-02", "2024-01-03"]),
        ("dt = date_format(date '2024-02-01' - interval '1' day, '%Y-%m-%d')", ["2024-01-31"]),
        ("date(dt) = date '2024-01-09'", ["2024-01-09"]),
        ("CAST(dt AS date) >= date_add('day', 58, date '2024-01-01')", ["2024-02-28", "2024-02-29"]),
        ("dt = '2024-01' || '-15'", ["2024-01-15"]),
        ("substr(dt, 6) = '01-20'", ["2024-01-20"]),
        ("dt = '2024-05-01'", []),
        ("1 = 0", []),
    ],
)
def test_conditions_that_are_understood(where: str, wanted: list[str]) -> None:
    assert chosen(f"SELECT * FROM flow_logs f WHERE {where}") == wanted


@pytest.mark.parametrize(
    "where",
    [
        "srcport = 22",
        "dt = '2024-01-15' OR action = 'REJECT'",
        "dt = (SELECT max(dt) FROM other)",
        "nosuch(dt) = 1",
        "dt = cast(random() AS varchar)",
        "g.dt = '2024-01-15'",
        "NOT (dt = '2024-01-15' AND bytes > 9)",
        "CAST(dt AS integer) = 5",
    ],
)
def test_what_is_not_understood_means_all(where: str) -> None:
    assert len(chosen(f"SELECT * FROM flow_logs f JOIN g ON true WHERE {where}")) == len(DAYS)


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ("WITH x AS (SELECT * FROM flow_logs WHERE dt = '2024-01-01') SELECT * FROM x", [1]),
        ("WITH flow_logs AS (SELECT 1 AS a) SELECT * FROM flow_logs", []),
        ("WITH flow_logs AS (SELECT * FROM flow_logs WHERE dt = '2024-01-01') SELECT * FROM flow_logs", [1]),
        (
            "SELECT * FROM flow_logs WHERE dt='2024-01-01' UNION ALL SELECT * FROM flow_logs WHERE dt>'2024-02-27'",
            [1, 2],
        ),
        ("SELECT * FROM a LEFT JOIN flow_logs f ON f.dt = '2024-01-01' WHERE f.dt IS NULL", [1]),
        ("SELECT * FROM a RIGHT JOIN flow_logs f ON true WHERE f.dt = '2024-01-01'", [1]),
        ("SELECT * FROM flow_logs f RIGHT JOIN a ON true WHERE f.dt IS NULL", [60]),
        ("SELECT * FROM flow_logs f FULL JOIN a ON f.dt = '2024-01-01'", [60]),
        ("SELECT * FROM flow_logs f JOIN a ON f.dt = '2024-01-01'", [60]),
        ("SELECT (SELECT max(dt) FROM flow_logs WHERE dt = '2024-01-01')", [1]),
        ("SELECT * FROM awsdatacatalog.vpc_flow_logs.flow_logs WHERE dt = '2024-01-01'", [1]),
    ],
)
def test_every_mention_counts_with_its_own_conditions(query: str, counts: list[int]) -> None:
    found = []
    for read in reads(query, split(query)[0], "vpc_flow_logs"):
        if read.name == "flow_logs":
            assert read.database == "vpc_flow_logs"
            found.append(len(selected(read, [("dt", "string")], DAYS)[0]))
    assert sorted(found) == counts


def test_hive_columns_year_month_day_hour() -> None:
    rows = [("2024", f"{month:02}", f"{day:02}") for month in (1, 2) for day in (1, 2, 3)]
    where = "year = '2024' AND month = '02' AND CAST(day AS integer) BETWEEN 2 AND 9 AND \"aws-region\" = 'x'"
    keys = "year month day"
    assert chosen(f"SELECT * FROM flow_logs WHERE {where}", rows=rows, keys=keys) == ["2024/02/02", "2024/02/03"]


OPERATORS = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
LEAF = st.builds(lambda op, day: f"dt {op} '{day[0]}'", OPERATORS, st.sampled_from(DAYS)) | st.sampled_from(
    ["bytes > 5", "action = 'REJECT'"]
)
TREES = st.recursive(
    LEAF,
    lambda inner: (
        st.builds(lambda a, b, word: f"({a} {word} {b})", inner, inner, st.sampled_from(["AND", "OR"]))
        | inner.map(lambda a: f"NOT ({a})")
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_no_partition_that_could_hold_a_row_is_left_out(where: str) -> None:
    """Every way the unknown parts may turn out is tried in plain Python."""
    kept = set(chosen(f"SELECT * FROM flow_logs WHERE {where}"))
    code = where.replace("<>", "!=").replace(" = ", " == ").replace("AND", "and").replace("OR", "or")
    code = code.replace("NOT", "not").replace("bytes > 5", "big").replace("action == 'REJECT'", "refused")
    for (day,) in DAYS:
        ways = [
            eval(code, {"dt": day, "big": big, "refused": refused})
            for big in (False, True)
            for refused in (False, True)
        ]
        if any(ways):
            assert day in kept
