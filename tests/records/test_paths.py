from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.records.partitions import Partition, partition_of
from flowtui.records.paths import SLACK, SLOT, ObjectPath, Tree, day_prefixes, in_range, is_of_another_service

FILE = "123456789010_vpcflowlogs_us-east-1_fl-1234abcd_20240115T0305Z_a1b2c3d4.log.gz"
PLAIN = "AWSLogs/123456789010/vpcflowlogs/us-east-1/"
HIVE = "AWSLogs/aws-account-id=123456789010/aws-service=vpcflowlogs/aws-region=us-east-1/"
ORG = "AWSLogs/o-a1b2c3d4e5/123456789010/vpcflowlogs/us-east-1/"
SLOT_TIME = datetime(2024, 1, 15, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize("prefix", ["", "team/prod/"])
@pytest.mark.parametrize(
    ("folders", "hour", "hive", "org"),
    [
        (PLAIN + "2024/01/15/", None, False, ""),
        (PLAIN + "2024/01/15/03/", 3, False, ""),
        (HIVE + "year=2024/month=01/day=15/", None, True, ""),
        (HIVE + "year=2024/month=01/day=15/hour=03/", 3, True, ""),
        (ORG + "2024/01/15/", None, False, "o-a1b2c3d4e5"),
        (HIVE.replace("AWSLogs/", "AWSLogs/o-a1b2c3d4e5/") + "year=2024/month=01/day=15/", None, True, "o-a1b2c3d4e5"),
    ],
)
def test_every_tree(prefix: str, folders: str, hour: int | None, hive: bool, org: str):
    path = ObjectPath.parse(prefix + folders + FILE)
    assert path == ObjectPath(
        "123456789010",
        "us-east-1",
        date(2024, 1, 15),
        hour,
        "fl-1234abcd",
        SLOT_TIME,
        hive,
        "text",
        prefix.rstrip("/"),
        org,
    )
    hour_text = f"{hour:02}" if hour is not None else "03"
    partition = Partition("2024-01-15", hour_text, "123456789010", "vpcflowlogs", "us-east-1")
    assert partition_of(prefix + folders + FILE) == partition
    tree = Tree.parse(prefix + folders)
    assert tree is not None
    assert (prefix + folders).startswith(tree.day(date(2024, 1, 15)))


def test_parquet():
    path = ObjectPath.parse(PLAIN + "2024/01/15/" + FILE.replace(".log.gz", ".log.parquet"))
    assert path is not None
    assert path.file_format == "parquet"


def test_a_file_name_alone_tells_the_day():
    path = ObjectPath.parse("downloads/" + FILE)
    assert path is not None
    assert (path.date, path.account_id, path.region) == (date(2024, 1, 15), "123456789010", "us-east-1")


def test_a_renamed_file_in_a_tree_still_has_its_day():
    path = ObjectPath.parse(PLAIN + "2024/01/15/renamed.log.gz")
    assert path is not None
    assert (path.slot, path.flow_log_id, path.date) == (None, "", date(2024, 1, 15))


@pytest.mark.parametrize(
    ("key", "root"),
    [
        (PLAIN, PLAIN),
        (PLAIN.rstrip("/"), PLAIN),
        ("p/" + HIVE + "year=2024/", "p/" + HIVE),
        (ORG, ORG),
        ("AWSLogs/123456789010/vpcflowlogs/", None),
        ("AWSLogs/123456789010/CloudTrail/us-east-1/", None),
        ("", None),
    ],
)
def test_trees(key: str, root: str | None):
    tree = Tree.parse(key)
    assert (tree.root if tree else None) == root


def test_day_prefixes_reach_the_day_on_which_late_records_are_filed():
    tree = Tree("p", "123456789010", "us-east-1")
    late = datetime(2024, 1, 15, 23, 50, tzinfo=UTC)
    assert day_prefixes(tree, late - timedelta(hours=1), late) == (
        f"p/{PLAIN}2024/01/15/",
        f"p/{PLAIN}2024/01/16/",
    )
    hive = Tree("", "123456789010", "us-east-1", hive=True)
    assert day_prefixes(hive, late - timedelta(hours=1), late - timedelta(hours=1)) == (
        f"{HIVE}year=2024/month=01/day=15/",
    )


def test_an_empty_range_has_no_prefixes():
    now = datetime(2024, 1, 15, tzinfo=UTC)
    assert day_prefixes(Tree("", "123456789010", "us-east-1"), now, now - timedelta(days=3)) == ()


@given(
    end=st.datetimes(datetime(2024, 1, 1), datetime(2024, 3, 1)).map(lambda d: d.replace(tzinfo=UTC)),
    length=st.timedeltas(timedelta(0), timedelta(minutes=11)),
    before=st.timedeltas(timedelta(0), timedelta(days=2)),
    after=st.timedeltas(timedelta(0), timedelta(days=2)),
)
def test_no_object_with_a_record_in_range_is_missed(
    end: datetime, length: timedelta, before: timedelta, after: timedelta
):
    """Whatever record begins in a range, the object it is filed under is listed and kept."""
    start = end - length
    since, until = start - before, start + after
    slot = end.replace(minute=end.minute - end.minute % 5, second=0, microsecond=0)
    tree = Tree("", "123456789010", "us-east-1")
    folder = tree.day(slot.date())
    path = ObjectPath.parse(f"{folder}123456789010_vpcflowlogs_us-east-1_fl-1234abcd_{slot:%Y%m%dT%H%M}Z_ff.log.gz")
    assert path is not None
    assert folder in day_prefixes(tree, since, until)
    assert in_range(path, since, until)


def test_objects_far_from_the_range_are_left_out():
    path = ObjectPath.parse(PLAIN + "2024/01/15/" + FILE)
    assert path is not None
    assert not in_range(path, SLOT_TIME + 2 * SLOT, None)
    assert not in_range(path, None, SLOT_TIME - SLACK - SLOT)
    assert in_range(path, None, None)
    daily = ObjectPath.parse(PLAIN + "2024/01/15/renamed.log.gz")
    assert daily is not None
    assert in_range(daily, SLOT_TIME + timedelta(hours=5), None)


@pytest.mark.parametrize(
    ("key", "another"),
    [
        (PLAIN + FILE, False),
        ("p/" + HIVE + FILE, False),
        (ORG + FILE, False),
        ("mine/CloudTrail/x.log.gz", False),
        ("AWSLogs/123456789010/CloudTrail/us-east-1/2024/01/15/x.json.gz", True),
        ("p/AWSLogs/o-a1b2c3d4e5/123456789010/elasticloadbalancing/x.log.gz", True),
        ("AWSLogs/aws-account-id=123456789010/aws-service=vpcdnsquerylogs/x.log.gz", True),
    ],
)
def test_what_other_services_write_beside_flow_logs(key: str, another: bool):
    assert is_of_another_service(key) == another
