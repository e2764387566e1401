"""Athena of the demo account: one workgroup, and queries that :mod:`flowtui.demo.athena_runs` answers."""

from __future__ import annotations

from flowtui.demo.athena_runs import DATABASE, Run
from flowtui.demo.hooks import ApiError, Call, Handler
from flowtui.demo.paging import page
from flowtui.demo.state import Json, moment
from flowtui.sql.engine import Column

GROUP = "primary"
RESULTS = "s3://demo-athena-results/"
_ENGINE = {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"}
_PART = "athena runs"
_TYPES = {"real": "float", "char": "varchar"}


def get_work_group(call: Call) -> Json:
    """GetWorkGroup."""
    if call.parameters["WorkGroup"] != GROUP:
        raise ApiError("InvalidRequestException", f"WorkGroup {call.parameters['WorkGroup']} is not found.")
    settings = {
        "ResultConfiguration": {"OutputLocation": RESULTS},
        "EnforceWorkGroupConfiguration": False,
        "PublishCloudWatchMetricsEnabled": False,
        "RequesterPaysEnabled": False,
        "EngineVersion": _ENGINE,
    }
    return {"WorkGroup": {"Name": GROUP, "State": "ENABLED", "Configuration": settings}}


def list_work_groups(_: Call) -> Json:
    """ListWorkGroups."""
    return {"WorkGroups": [{"Name": GROUP, "State": "ENABLED", "EngineVersion": _ENGINE}]}


def _runs(call: Call) -> dict[str, Run]:
    runs: dict[str, Run] = call.state.parts.setdefault(_PART, {})
    return runs


def _run(call: Call) -> Run:
    id = call.parameters["QueryExecutionId"]
    if id not in _runs(call):
        raise ApiError("InvalidRequestException", f"QueryExecution {id} was not found")
    return _runs(call)[id]


def start_query_execution(call: Call) -> Json:
    """StartQueryExecution; the same token starts nothing twice."""
    if call.get("WorkGroup", GROUP) != GROUP:
        raise ApiError("InvalidRequestException", f"WorkGroup {call.parameters['WorkGroup']} is not found.")
    token = f"token {call.get('ClientRequestToken')}"
    known: str | None = call.state.parts.get(token)
    if known is None:
        known = call.state.new_uuid()
        database = call.get("QueryExecutionContext", {}).get("Database", DATABASE)
        call.state.parts[token] = known
        _runs(call)[known] = Run(call.state, known, call.parameters["QueryString"], database)
    return {"QueryExecutionId": known}


def get_query_execution(call: Call) -> Json:
    """GetQueryExecution."""
    run = _run(call)
    status = {"State": run.status, "SubmissionDateTime": moment(run.submitted)}
    if run.reason:
        status["StateChangeReason"] = run.reason
    return {
        "QueryExecution": {
            "QueryExecutionId": run.id,
            "Query": run.text,
            "StatementType": run.kind,
            "ResultConfiguration": {"OutputLocation": f"{RESULTS}{run.id}.csv"},
            "QueryExecutionContext": {"Database": run.database},
            "Status": status,
            "Statistics": {"DataScannedInBytes": run.bytes_scanned},
            "WorkGroup": GROUP,
        }
    }


def get_query_results(call: Call) -> Json:
    """GetQueryResults: the column names are the first row of a query's first page."""
    run = _run(call)
    if run.status != "SUCCEEDED":
        raise ApiError("InvalidRequestException", f"Query has not yet finished. Current state: {run.status}")
    rows: list[tuple[str | None, ...]] = list(run.rows)
    if run.kind == "DML" and run.columns:
        rows.insert(0, tuple(column.name for column in run.columns))
    shown, token = page(rows, call.get("NextToken"), call.get("MaxResults", 1000), code="InvalidRequestException")
    found = [{"Data": [{} if value is None else {"VarCharValue": value} for value in row]} for row in shown]
    result = {"Rows": found, "ResultSetMetadata": {"ColumnInfo": [_column(one) for one in run.columns]}}
    return {"UpdateCount": 0, "ResultSet": result, **({"NextToken": token} if token else {})}


def _column(column: Column) -> Json:
    kind = column.kind
    precision, scale = kind.args if kind.name == "decimal" else ((kind.args or (0,))[0], 0)
    return {
        "Name": column.name,
        "Label": column.name,
        "Type": _TYPES.get(kind.name, kind.name),
        "Precision": precision,
        "Scale": scale,
        "Nullable": "UNKNOWN",
        "CaseSensitive": kind.name == "varchar",
    }


def stop_query_execution(call: Call) -> Json:
    """StopQueryExecution."""
    _run(call).stop()
    return {}


HANDLERS: dict[str, Handler] = {
    "GetWorkGroup": get_work_group,
    "ListWorkGroups": list_work_groups,
    "StartQueryExecution": start_query_execution,
    "GetQueryExecution": get_query_execution,
    "GetQueryResults": get_query_results,
    "StopQueryExecution": stop_query_execution,
}
