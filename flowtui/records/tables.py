"""The tables that AWS's pages make over flow logs: names, columns, and how they are partitioned.

Sources, all under https://docs.aws.amazon.com/athena/latest/ug/: vpc-flow-logs-create-table-statement.html,
vpc-flow-logs-partition-projection.html, vpc-flow-logs-parquet.html and
vpc-flow-logs-partition-projection-parquet-example.html.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flowtui.records.fields import VPC_FIELDS

Meaning = Literal["date", "slashed date", "account", "service", "region", "year", "month", "day", "hour"]

_VERSION = 5
"""The pages' tables have the fields of versions 2 to 5."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A partition column and what of an object's path it tells; a ``date`` is a DATE, all others are text."""

    name: str
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class TableShape:
    """One page's table: its columns in order, then its partition columns."""

    name: str
    columns: tuple[str, ...]
    partitions: tuple[Partition, ...]


_COLUMNS = tuple(field.column for field in VPC_FIELDS if field.version <= _VERSION)
_WITHOUT_REGION = tuple(column for column in _COLUMNS if column != "region")

SHAPES = (
    TableShape("vpc_flow_logs", _COLUMNS, (Partition("date", "date"),)),
    TableShape(
        "test_table_vpclogs",
        _WITHOUT_REGION,
        (Partition("accid", "account"), Partition("region", "region"), Partition("day", "slashed date")),
    ),
    TableShape(
        "vpc_flow_logs_parquet",
        _COLUMNS,
        (
            Partition("aws-account-id", "account"),
            Partition("aws-service", "service"),
            Partition("aws-region", "region"),
            Partition("year", "year"),
            Partition("month", "month"),
            Partition("day", "day"),
            Partition("hour", "hour"),
        ),
    ),
    TableShape(
        "test_table_vpclogs_parquet",
        _WITHOUT_REGION,
        (Partition("region", "region"), Partition("date", "slashed date"), Partition("hour", "hour")),
    ),
)
"""Names are the pages' own, so that a query copied from one runs as it stands."""
