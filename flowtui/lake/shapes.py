"""Views over the records with the shapes of AWS's pages: :mod:`flowtui.records.tables` describes them.

Partition values come from the object's key, as the ledger keeps it; what the key leaves open, the record tells.
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
"""Records with their objects' places and what can be a partition; no field's column has a space in its name."""

_KINDS = {"int": "INTEGER", "bigint": "BIGINT", "string": "VARCHAR"}
_TYPES = {field.column: _KINDS[field.athena_type] for field in VPC_FIELDS}
_MEANINGS: dict[Meaning, str] = {
    "date": f"TRY_CAST(r.{PARTITION_COLUMN} AS DATE)",
    "slashed date": f"replace(r.{PARTITION_COLUMN}, '-', '/')",
    "account": "coalesce(o.path_account, r.account_id)",
    "service": "'vpcflowlogs'",
    "region": "o.path_region",
    "year": f"left(r.{PARTITION_COLUMN}, 4)",
    "month": f"substr(r.{PARTITION_COLUMN}, 6, 2)",
    "day": f"substr(r.{PARTITION_COLUMN}, 9, 2)",
    # AWS files a record under the hour of its end.
    "hour": "coalesce(o.path_hour, strftime(make_timestamp(r.\"end\" * 1000000), '%H'))",
}


def refresh(connection: DuckDBPyConnection, table: str, object_column: str, physical: Collection[str]) -> None:
    """Make the views.

    Args:
        connection: to the workspace.
        table: the record table.
        object_column: its quoted column with the ledger's number.
        physical: the columns it has; a field that no file brought is NULL in the views.
    """
    meanings = ", ".join(f'{_partition(meaning, physical)} AS "partition {meaning}"' for meaning in _MEANINGS)
    connection.execute(
        f"CREATE OR REPLACE VIEW {PLACED} AS SELECT r.* EXCLUDE ({object_column}), {meanings}, "
        'o.bucket AS "object bucket", o.key AS "object key" '
        f"FROM {table} AS r LEFT JOIN flowtui.objects AS o ON r.{object_column} = o.id"
    )
    for shape in SHAPES:
        connection.execute(_view(shape, table, physical))


def _view(shape: TableShape, table: str, physical: Collection[str]) -> str:
    items = [_column(name, physical) for name in shape.columns]
    alone = {part.meaning for part in shape.partitions} == {"date"}
    # The day is the record's own; anything else needs the ledger.
    source = f"{table} AS r" if alone else f"{PLACED} AS r"
    for part in shape.partitions:
        value = _MEANINGS[part.meaning] if alone else f'r."partition {part.meaning}"'
        items.append(f'{value} AS "{part.name}"')
    return f"CREATE OR REPLACE VIEW vpc_flow_logs.{shape.name} AS SELECT {', '.join(items)} FROM {source}"


def _partition(meaning: Meaning, physical: Collection[str]) -> str:
    text = _MEANINGS[meaning]
    return f"coalesce({text}, nullif(r.region, '-'))" if meaning == "region" and "region" in physical else text


def _column(name: str, physical: Collection[str]) -> str:
    return f'r."{name}"' if name in physical else f'CAST(NULL AS {_TYPES[name]}) AS "{name}"'
