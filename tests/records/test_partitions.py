from __future__ import annotations

import pytest

from flowtui.records.partitions import Partition, dt_of, partition_of
from tests.records.test_paths import FILE, HIVE, PLAIN

ACCOUNT = ("123456789010", "vpcflowlogs", "us-east-1")


@pytest.mark.parametrize(
    ("key", "dt"),
    [
        ("backup/2024/03/01/" + FILE, "2024-01-15"),
        ("logs/2024/01/15/some.log", "2024-01-15"),
        ("x/year=2024/month=01/day=15/part-0.parquet", "2024-01-15"),
        ("x/year=2024/month=1/day=5/part-0.parquet", "2024-01-05"),
        ("x/dt=2024-01-15/part-0.parquet", "2024-01-15"),
        ("x/dt=2024-01-16/" + FILE, "2024-01-16"),
        ("x/date=2024-01-15/part-0.parquet", "2024-01-15"),
        ("x/day=2024%2F01%2F15/part-0.parquet", "2024-01-15"),
        ("logs/2024/13/45/some.log", None),
        ("some.log", None),
        (PLAIN + "2024/02/31/x.log.gz", None),
        (PLAIN + "2024/01/16/" + FILE, "2024-01-16"),
        (FILE.replace("20240115T0305", "20241315T0305"), None),
        ("x/dt=__HIVE_DEFAULT_PARTITION__/some.log", None),
        ("", None),
    ],
)
def test_the_day(key: str, dt: str | None):
    assert dt_of(key) == dt


@pytest.mark.parametrize(
    ("key", "partition"),
    [
        ("downloads/" + FILE, Partition("2024-01-15", "03", *ACCOUNT)),
        (PLAIN + "2024/01/15/14/" + FILE, Partition("2024-01-15", "14", *ACCOUNT)),
        (PLAIN + "2024/01/16/" + FILE, Partition("2024-01-16", None, *ACCOUNT)),
        (PLAIN + "some.log", Partition(None, None, *ACCOUNT)),
        (HIVE + "year=2024/month=01/day=15/hour=07/part.parquet", Partition("2024-01-15", "07", *ACCOUNT)),
        ("logs/2024/01/15/09/some.log", Partition("2024-01-15", "09")),
        ("logs/2024/01/15/99/some.log", Partition("2024-01-15")),
        (
            "mine/account=001234567890/region=eu-west-1/year=2024/month=1/day=5/hour=7/" + FILE,
            Partition("2024-01-05", "07", "001234567890", "vpcflowlogs", "eu-west-1"),
        ),
        ("mine/accid=1/aws_region=x/some.log", Partition(account="1", region="x")),
    ],
)
def test_folders_count_before_the_name(key: str, partition: Partition):
    assert partition_of(key) == partition
