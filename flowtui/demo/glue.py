"""The Glue Data Catalog of the demo account: one table, over the records of the VPC prod-core, a partition a day."""

from __future__ import annotations

from flowtui.demo.athena_runs import DATABASE, PREFIX, REGION, TABLE, day_folder, days
from flowtui.demo.flowlogs import S3, US_BUCKET
from flowtui.demo.hooks import ApiError, Call, Handler
from flowtui.demo.paging import page
from flowtui.demo.state import Json
from flowtui.records.layout import Layout


def _check(call: Call, name: str) -> None:
    if call.region != REGION or (call.parameters["DatabaseName"], name) != (DATABASE, TABLE):
        raise ApiError("EntityNotFoundException", f"Entity Not Found: table {name}")


def get_table(call: Call) -> Json:
    """GetTable."""
    _check(call, call.parameters["Name"])
    flow_log = next(one for one in call.state.active_flow_logs(REGION) if one.destination_type == S3 and one.hive)
    layout = Layout.from_log_format(flow_log.content.log_format)
    columns = [
        {"Name": name, "Type": field.athena_type if field else "string"}
        for name, field in zip(layout.columns, layout.fields, strict=True)
    ]
    return {
        "Table": {
            "Name": TABLE,
            "DatabaseName": DATABASE,
            "TableType": "EXTERNAL_TABLE",
            "StorageDescriptor": {"Columns": columns, "Location": f"s3://{US_BUCKET}/{PREFIX}"},
            "PartitionKeys": [{"Name": "dt", "Type": "string"}],
            "Parameters": {"EXTERNAL": "TRUE", "skip.header.line.count": "1"},
        }
    }


def get_partitions(call: Call) -> Json:
    """GetPartitions; a condition is not looked at."""
    _check(call, call.parameters["TableName"])
    shown, token = page(days(call.state), call.get("NextToken"), call.get("MaxResults"), code="InvalidInputException")
    partitions = [
        {
            "Values": [day.isoformat()],
            "DatabaseName": DATABASE,
            "TableName": TABLE,
            "StorageDescriptor": {"Location": f"s3://{US_BUCKET}/{day_folder(day)}"},
        }
        for day in shown
    ]
    return {"Partitions": partitions, **({"NextToken": token} if token else {})}


HANDLERS: dict[str, Handler] = {"GetTable": get_table, "GetPartitions": get_partitions}
