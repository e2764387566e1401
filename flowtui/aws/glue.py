"""The Glue Data Catalog, where Athena keeps its tables and their partitions.

Members: https://docs.aws.amazon.com/glue/latest/webapi/API_GetTable.html and API_GetPartitions.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flowtui.aws.session import Account
from flowtui.errors import AwsError

VIEW = "VIRTUAL_VIEW"


@dataclass(frozen=True, slots=True)
class CatalogTable:
    """A table of the catalog.

    Args:
        database: its database.
        name: its name.
        location: ``s3://…`` of its files, empty for a view.
        partition_keys: name and Hive type of each partition column, in order.
        parameters: its properties, those of partition projection among them.
        kind: EXTERNAL_TABLE, VIRTUAL_VIEW and so on.
    """

    database: str
    name: str
    location: str
    partition_keys: tuple[tuple[str, str], ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    kind: str = "EXTERNAL_TABLE"


@dataclass(frozen=True, slots=True)
class CatalogPartition:
    """A partition that was added: a value for each key, and where its files are."""

    values: tuple[str, ...]
    location: str


def catalog_table(account: Account, database: str, name: str, region: str | None = None) -> CatalogTable | None:
    """One table; None when there is none of that name.

    Raises:
        AwsError: ``glue:GetTable`` is denied, or Glue cannot be reached.
    """
    try:
        found = account.call("glue", "get_table", region, DatabaseName=database, Name=name)["Table"]
    except AwsError as error:
        if error.code == "EntityNotFoundException":
            return None
        raise
    return CatalogTable(
        database=database,
        name=name,
        location=found.get("StorageDescriptor", {}).get("Location", ""),
        partition_keys=tuple((one["Name"], one.get("Type", "string")) for one in found.get("PartitionKeys", ())),
        parameters=found.get("Parameters", {}),
        kind=found.get("TableType", ""),
    )


def catalog_partitions(
    account: Account, database: str, name: str, region: str | None = None
) -> Iterator[CatalogPartition]:
    """The partitions that were added to a table, page by page.

    Raises:
        AwsError: ``glue:GetPartitions`` is denied.
    """
    asked = {"DatabaseName": database, "TableName": name, "ExcludeColumnSchema": True}
    for page in account.pages("glue", "get_partitions", region, **asked):
        for one in page.get("Partitions", ()):
            yield CatalogPartition(tuple(one["Values"]), one.get("StorageDescriptor", {}).get("Location", ""))
