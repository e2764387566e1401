"""Views over the records with the shapes of AWS's pages: :mod:`flowtui.records.tables` describes them.

Partition values come from the object's path, else from its file name, else from the record itself.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from flowtui.records.fields import VPC_FIELDS
from flowtui.records.layout import PARTITION_COLUMN
from flowtui.records.tables import SHAPES, Meaning, TableShape

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PLACED = "flowtui.placed_records"
"""The records with what their objects' keys tell; no field's column can have a space in its name."""

_TREE = "AWSLogs/(?:o-[a-z0-9]+/)?"
_HIVE_TREE = f"{_TREE}aws-account-id="
_FILE = "[0-9]{12}_vpcflowlogs_"
_ACCOUNTS = (f"{_TREE}([0-9]{{12}})/vpcflowlogs/", f"{_HIVE_TREE}([0-9]{{12}})/", "([0-9]{12})_vpcflowlogs_")
_REGIONS = (
    f"{_TREE}[0-9]{{12}}/vpcflowlogs/([a-z0-9-]+)/",
    f"{_HIVE_TREE}[0-9]{{12}}/aws-service=vpcflowlogs/aws-region=([a-z0-9-]+)/",
    f"{_FILE}([a-z0-9-]+)_",
)
_HOURS = (
    "(?:year=)?[0-9]{4}/(?:month=)?[0-9]{2}/(?:day=)?[0-9]{2}/(?:hour=)?([0-9]{2})/",
    f"{_FILE}[a-z0-9-]+_fl-[0-9a-z]+_[0-9]{{8}}T([0-9]{{2}})",
)
_KINDS = {"int": "INTEGER", "bigint": "BIGINT", "string": "VARCHAR"}
_TYPES = {field.column: _KINDS[field.athena_type] for field in VPC_FIELDS}


def _first(patterns: tuple[str, ...]) -> str:
    """What the first pattern that matches the key captures; NULL when none does."""
    captured = [f"nullif(regexp_extract(key, '(?:^|/){pattern}', 1), '')" for pattern in patterns]
    return f"coalesce({', '.join(captured)})"


# Worked out once an object rather than once a record.
_PLACES = f"""
SELECT id, bucket, key, {_first(_ACCOUNTS)} AS account, {_first(_REGIONS)} AS region, {_first(_HOURS)} AS hour
FROM flowtui.objects
"""

_MEANINGS: dict[Meaning, str] = {
    "date": f"TRY_CAST({PARTITION_COLUMN} AS DATE)",
    "slashed date": f"replace({PARTITION_COLUMN}, '-', '/')",
    "account": 'coalesce("path account", account_id)',
    "service": "'vpcflowlogs'",
    "region": '"path region"',
    "year": f"left({PARTITION_COLUMN}, 4)",
    "month": f"substr({PARTITION_COLUMN}, 6, 2)",
    "day": f"substr({PARTITION_COLUMN}, 9, 2)",
    "hour": "coalesce(\"path hour\", strftime(make_timestamp(start * 1000000), '%H'))",
}


def refresh(connection: DuckDBPyConnection, table: str, object_column: str, physical: Collection[str]) -> None:
    """Make the views.

    Args:
        connection: to the workspace.
        table: the record table.
        object_column: its quoted column with the ledger's number.
        physical: the columns it has; a field that no file brought is NULL in the views.
    """
    connection.execute(
        f'CREATE OR REPLACE VIEW {PLACED} AS SELECT r.* EXCLUDE ({object_column}), o.bucket AS "object bucket", '
        'o.key AS "object key", o.account AS "path account", o.region AS "path region", o.hour AS "path hour" '
        f"FROM {table} AS r LEFT JOIN ({_PLACES}) AS o ON r.{object_column} = o.id"
    )
    for shape in SHAPES:
        connection.execute(_view(shape, table, physical))


def _view(shape: TableShape, table: str, physical: Collection[str]) -> str:
    columns = [_column(name, physical) for name in shape.columns]
    values = [partition_value(part.meaning, physical) for part in shape.partitions]
    partitions = [f'{value} AS "{part.name}"' for value, part in zip(values, shape.partitions, strict=True)]
    source = PLACED if any('"path ' in value for value in values) else table
    return (
        f"CREATE OR REPLACE VIEW vpc_flow_logs.{shape.name} AS SELECT {', '.join(columns + partitions)} FROM {source}"
    )


def partition_value(meaning: Meaning, physical: Collection[str]) -> str:
    """DuckDB text of a partition's value over :data:`PLACED`."""
    text = _MEANINGS[meaning]
    if meaning == "region" and "region" in physical:
        return f"coalesce({text}, nullif(region, '-'))"
    return text


def _column(name: str, physical: Collection[str]) -> str:
    return f'"{name}"' if name in physical else f'CAST(NULL AS {_TYPES[name]}) AS "{name}"'
