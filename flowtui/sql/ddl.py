"""The Athena DDL for a flow log: database, table and partitions, from what DescribeFlowLogs tells of it.

The shapes are those of AWS's pages, all under https://docs.aws.amazon.com/athena/latest/ug/:
vpc-flow-logs-create-table-statement.html (text), vpc-flow-logs-parquet.html (Hive partitions),
vpc-flow-logs-partition-projection.html and vpc-flow-logs-partition-projection-parquet-example.html. The partition
column of text that is added day by day is ``dt`` ('YYYY-MM-DD'), as the workspace has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flowtui.aws.models import FlowLog
from flowtui.aws.objects import flow_log_tree
from flowtui.errors import UsageError
from flowtui.records.layout import DEFAULT_LAYOUT, Layout, LayoutError
from flowtui.records.paths import Tree

DATABASE = "vpc_flow_logs"
SERVICE = "vpcflowlogs"

_RESERVED_TEXT = """
    all alter and array as authorization between bigint binary boolean both by case cashe cast char column conf
    constraint commit create cross cube current current_date current_timestamp cursor database date dayofweek decimal
    delete describe distinct div double drop else end exchange exists extended external extract false fetch float floor
    following for foreign from full function grant group grouping having if import in inner insert int integer
    intersect interval into is join lateral left less like local macro map more none not null numeric of on only or
    order out outer over partialscan partition percent preceding precision preserve primary procedure range reads
    reduce regexp references revoke right rlike rollback rollup row rows select set smallint start table tablesample
    then time timestamp to transform trigger true truncate unbounded union uniquejoin update user using utc_timestamp
    values varchar views when where window with
"""
RESERVED = frozenset(_RESERVED_TEXT.split())
"""Words that DDL takes in backquotes only (https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html)."""

_PLAIN = re.compile(r"[a-z][a-z0-9_]*")
_NAME = re.compile(r"[a-z0-9_]{1,255}")
_PARQUET = """\
ROW FORMAT SERDE
  'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
STORED AS INPUTFORMAT
  'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat'
OUTPUTFORMAT
  'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat'"""
_TEXT = "ROW FORMAT DELIMITED\nFIELDS TERMINATED BY ' '"
_EACH_YEAR = (("interval", "1"), ("interval.unit", "YEARS"))
_HOURS = tuple(f"{hour:02}" for hour in range(24))


@dataclass(frozen=True, slots=True)
class Ddl:
    """Statements in the order to run them, each without a semicolon, and what to know about them."""

    database: str
    table: str
    statements: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it, as one pastes it."""
        return "".join(f"{statement};\n\n" for statement in self.statements).rstrip("\n") + "\n"


@dataclass(frozen=True, slots=True)
class _Key:
    """A partition column and the properties that project its values."""

    name: str
    projected: tuple[tuple[str, str], ...] = ()


def ddl(
    flow_log: FlowLog,
    *,
    projection: bool = False,
    days: Sequence[date] = (),
    database: str = DATABASE,
    table: str = "",
    others: Iterable[FlowLog] = (),
) -> Ddl:
    """The DDL for a flow log that writes to S3.

    Args:
        flow_log: the flow log.
        projection: let Athena work the partitions out from their names, instead of adding them.
        days: days (UTC) whose partitions are added; without any, Hive partitions are looked for by MSCK REPAIR TABLE.
        database: name of the database.
        table: name of the table; by its shape when empty.
        others: flow logs of the account, of which those that write other records into the same folders are told.

    Raises:
        UsageError: the flow log writes elsewhere, or a name cannot be used.
    """
    tree = flow_log_tree(flow_log)
    if any(letter in "'\"\\`;" or not letter.isprintable() for letter in f"{flow_log.bucket}{tree.root}"):
        raise UsageError(f"The prefix {flow_log.prefix!r} cannot be written in DDL.", "Query it locally: flowtui load.")
    table = table or _table_name(flow_log, projection=projection)
    for name in (database, table):
        if not _NAME.fullmatch(name):
            hint = "Athena's names have small letters, digits and underscores."
            raise UsageError(f"{name!r} is no name for a database or table in Athena.", hint)
    layout, remarks = _layout(flow_log)
    remarks += _shared(flow_log, tree, others)
    keys = _keys(flow_log, tree, layout, projection=projection)
    qualified = f"{quoted(database)}.{quoted(table)}"
    statements = [
        f"CREATE DATABASE IF NOT EXISTS {quoted(database)}",
        _create(flow_log, tree, layout, keys, qualified, projection=projection),
    ]
    if not projection:
        statements += _add_partitions(flow_log, tree, qualified, days)
        if not days and not tree.hive:
            remarks.append("The table has no partitions yet: name the days with --since and --until, or project them.")
    return Ddl(database, table, tuple(statements), tuple(remarks))


def _table_name(flow_log: FlowLog, *, projection: bool) -> str:
    """Another name for every kind of partitions, so that tables of one database do not stand for each other."""
    if projection:
        return "flow_logs_projection"
    if flow_log.hive_partitions:
        return "flow_logs_hive"
    return "flow_logs_hourly" if flow_log.hourly_partitions else "flow_logs"


def quoted(name: str) -> str:
    """A name as DDL takes it: in backquotes where it is a reserved word or holds more than letters and digits."""
    return name if _PLAIN.fullmatch(name) and name not in RESERVED else f"`{name}`"


def _layout(flow_log: FlowLog) -> tuple[Layout, list[str]]:
    try:
        layout = Layout.from_log_format(flow_log.log_format)
    except LayoutError:
        return DEFAULT_LAYOUT, ["AWS told no record format: the columns are those of the default format."]
    if not layout.unknown:
        return layout, []
    names = ", ".join(layout.unknown)
    return layout, [f"flowtui does not know {names}: kept as text, in its place."]


def _shared(flow_log: FlowLog, tree: Tree, others: Iterable[FlowLog]) -> list[str]:
    """A table has one format; records of another in the same folders would be read shifted."""
    same = sorted(
        other.id
        for other in others
        if other.id != flow_log.id
        and other.destination_type == "s3"
        and (other.bucket, flow_log_tree(other)) == (flow_log.bucket, tree)
        and (other.log_format, other.file_format) != (flow_log.log_format, flow_log.file_format)
    )
    if not same:
        return []
    return [f"{', '.join(same)} writes other records into the same folders: this table would read them wrongly."]


def _keys(flow_log: FlowLog, tree: Tree, layout: Layout, *, projection: bool) -> tuple[_Key, ...]:
    hour = [_Key("hour", _integers(0, 23))] if flow_log.hourly_partitions else []
    account, region = _enum(tree.account_id), _enum(tree.region)
    since = flow_log.created.date()
    if tree.hive:
        place = [_Key("aws-account-id", account), _Key("aws-service", _enum(SERVICE)), _Key("aws-region", region)]
        # A date, because its range may end in NOW, which that of an integer cannot.
        year = (("type", "date"), ("range", f"{since:%Y},NOW"), ("format", "yyyy"), *_EACH_YEAR)
        return (*place, _Key("year", year), _Key("month", _integers(1, 12)), _Key("day", _integers(1, 31)), *hour)
    if not projection:
        return (_Key("dt"), *hour)
    days = (("type", "date"), ("range", f"{since:%Y/%m/%d},NOW"), ("format", "yyyy/MM/dd"))
    # A partition column may not have the name of a field.
    where = _Key("aws_region" if "region" in layout.columns else "region", region)
    if flow_log.file_format == "parquet":
        return (where, _Key("date", days), *hour)
    return (_Key("accid", account), where, _Key("day", days), *hour)


def _enum(value: str) -> tuple[tuple[str, str], ...]:
    return (("type", "enum"), ("values", value))


def _integers(first: int, last: int) -> tuple[tuple[str, str], ...]:
    return (("type", "integer"), ("range", f"{first:02},{last:02}"), ("digits", "2"))


def _create(
    flow_log: FlowLog, tree: Tree, layout: Layout, keys: Sequence[_Key], qualified: str, *, projection: bool
) -> str:
    types = [field.athena_type if field else "string" for field in layout.fields]
    columns = ",\n".join(f"  {quoted(name)} {kind}" for name, kind in zip(layout.columns, types, strict=True))
    partitions = ",\n".join(f"  {quoted(key.name)} string" for key in keys)
    parquet = flow_log.file_format == "parquet"
    properties = [("skip.header.line.count", "1")]
    if parquet:
        properties.insert(0, ("EXTERNAL", "true"))
    if projection:
        properties += _projection(flow_log, tree, keys)
    shown = f'("{properties[0][0]}"="{properties[0][1]}")'
    if len(properties) > 1:
        shown = "(\n" + ",\n".join(f'  "{name}"="{value}"' for name, value in properties) + "\n)"
    return (
        f"CREATE EXTERNAL TABLE IF NOT EXISTS {qualified} (\n{columns}\n)\n"
        f"PARTITIONED BY (\n{partitions}\n)\n"
        f"{_PARQUET if parquet else _TEXT}\n"
        f"LOCATION '{_location(flow_log, tree)}'\n"
        f"TBLPROPERTIES {shown}"
    )


def _location(flow_log: FlowLog, tree: Tree) -> str:
    """The folder above the partitions; Hive's own begin with the account's."""
    root = tree.root.partition("aws-account-id=")[0] if tree.hive else tree.root
    return f"s3://{flow_log.bucket}/{root}"


def _projection(flow_log: FlowLog, tree: Tree, keys: Sequence[_Key]) -> list[tuple[str, str]]:
    found = [("projection.enabled", "true")]
    for key in keys:
        found += [(f"projection.{key.name}.{name}", value) for name, value in key.projected]
    names = [key.name for key in keys]
    if tree.hive:
        folders = "".join(f"{name}=${{{name}}}/" for name in names)
        root = _location(flow_log, tree)
    else:
        # Account and region stand in the table's location already, each once.
        root = f"s3://{flow_log.bucket}/{tree.root.removesuffix(f'{tree.account_id}/{SERVICE}/{tree.region}/')}"
        account = "${accid}" if "accid" in names else tree.account_id
        region, *rest = [name for name in names if name != "accid"]
        folders = f"{account}/{SERVICE}/${{{region}}}/" + "".join(f"${{{name}}}/" for name in rest)
    return [*found, ("storage.location.template", f"{root}{folders}")]


def _add_partitions(flow_log: FlowLog, tree: Tree, qualified: str, days: Sequence[date]) -> list[str]:
    if not days:
        return [f"MSCK REPAIR TABLE {qualified}"] if tree.hive else []
    statements = []
    for day in days:
        parts = []
        for hour in _HOURS if flow_log.hourly_partitions else ("",):
            folder = tree.day(day) + (f"{'hour=' if tree.hive else ''}{hour}/" if hour else "")
            parts.append(f"PARTITION ({_values(tree, day, hour)})\nLOCATION 's3://{flow_log.bucket}/{folder}'")
        statements.append(f"ALTER TABLE {qualified}\nADD IF NOT EXISTS " + "\n".join(parts))
    return statements


def _values(tree: Tree, day: date, hour: str) -> str:
    if tree.hive:
        values = {"aws-account-id": tree.account_id, "aws-service": SERVICE, "aws-region": tree.region}
        values |= {"year": f"{day:%Y}", "month": f"{day:%m}", "day": f"{day:%d}"}
    else:
        values = {"dt": day.isoformat()}
    if hour:
        values["hour"] = hour
    return ", ".join(f"{quoted(name)}='{value}'" for name, value in values.items())
