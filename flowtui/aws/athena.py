"""Amazon Athena: workgroups, and the life of one statement from its start to the last page of its rows.

States and members: https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecution.html and
https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flowtui.aws.session import Account
from flowtui.errors import AwsError

PAGE_ROWS = 1000
"""Rows of a page at most; AWS allows no more."""
FINAL = ("SUCCEEDED", "FAILED", "CANCELLED")


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """A workgroup.

    Args:
        name: its name.
        enabled: a disabled one takes no queries.
        output_location: its own place for results, ``s3://…``; empty when it has none.
        enforced: it overrides what the client asks for.
        managed_results: Athena keeps the results itself, in no bucket of the account's.
        bytes_limit: bytes after which it stops a query; None for no limit.
    """

    name: str
    enabled: bool = True
    output_location: str = ""
    enforced: bool = False
    managed_results: bool = False
    bytes_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """What to run and where.

    Args:
        text: the statement.
        workgroup: name of the workgroup.
        catalog: name of the data catalog.
        database: database of tables named without one.
        output_location: where results go; empty leaves it to the workgroup.
        reuse_minutes: take a result of the same text that is at most this old; 0 for never.
    """

    text: str
    workgroup: str
    catalog: str
    database: str
    output_location: str = ""
    reuse_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Execution:
    """How a statement stands. ``kind`` is DML, DDL or UTILITY; ``reason`` is Athena's own text of a failure."""

    id: str
    state: str
    reason: str = ""
    kind: str = ""
    bytes_scanned: int = 0
    reused: bool = False

    @property
    def done(self) -> bool:
        """Whether it will not change any more."""
        return self.state in FINAL


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of a result with Athena's name of its type; precision and scale matter for decimals."""

    name: str
    type: str
    precision: int = 0
    scale: int = 0


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A page of rows as text. None is NULL; an empty text is an empty text."""

    columns: tuple[ResultColumn, ...]
    rows: tuple[tuple[str | None, ...], ...]


def work_group(account: Account, name: str, region: str | None = None) -> WorkGroup:
    """One workgroup.

    Raises:
        AwsError: there is none of that name, or ``athena:GetWorkGroup`` is denied.
    """
    found = account.call("athena", "get_work_group", region, WorkGroup=name).get("WorkGroup")
    if not found:  # Athena answers an error here; endpoints in its place may answer nothing.
        raise AwsError(f"WorkGroup {name} is not found.", code="InvalidRequestException")
    settings: Mapping[str, Any] = found.get("Configuration", {})
    return WorkGroup(
        name=found.get("Name", name),
        enabled=found.get("State", "ENABLED") == "ENABLED",
        output_location=settings.get("ResultConfiguration", {}).get("OutputLocation", ""),
        enforced=bool(settings.get("EnforceWorkGroupConfiguration", False)),
        managed_results=bool(settings.get("ManagedQueryResultsConfiguration", {}).get("Enabled", False)),
        bytes_limit=settings.get("BytesScannedCutoffPerQuery"),
    )


def work_group_names(account: Account, region: str | None = None) -> tuple[str, ...]:
    """Names of the workgroups that take queries.

    Raises:
        AwsError: ``athena:ListWorkGroups`` is denied.
    """
    names: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = account.call("athena", "list_work_groups", region, **token)
        names += [one["Name"] for one in page.get("WorkGroups", ()) if one.get("State", "ENABLED") == "ENABLED"]
        if not page.get("NextToken"):
            return tuple(names)
        token = {"NextToken": page["NextToken"]}


def start(account: Account, job: Job, region: str | None = None) -> str:
    """Start a statement and give its id.

    boto3 adds a token of its own, so that a try that is made again after a lost answer starts nothing twice.

    Raises:
        AwsError: Athena did not take it.
        ReadOnlyError: the account is read-only: a statement may write, and every result is written to a bucket.
    """
    parameters: dict[str, Any] = {
        "QueryString": job.text,
        "WorkGroup": job.workgroup,
        "QueryExecutionContext": {"Catalog": job.catalog, "Database": job.database},
    }
    if job.output_location:
        parameters["ResultConfiguration"] = {"OutputLocation": job.output_location}
    if job.reuse_minutes:
        by_age = {"Enabled": True, "MaxAgeInMinutes": job.reuse_minutes}
        parameters["ResultReuseConfiguration"] = {"ResultReuseByAgeConfiguration": by_age}
    return str(account.call("athena", "start_query_execution", region, **parameters)["QueryExecutionId"])


def execution(account: Account, id: str, region: str | None = None) -> Execution:
    """How a statement stands now.

    Raises:
        AwsError: it is unknown, or ``athena:GetQueryExecution`` is denied.
    """
    found = account.call("athena", "get_query_execution", region, QueryExecutionId=id)["QueryExecution"]
    status, statistics = found.get("Status", {}), found.get("Statistics", {})
    reason = status.get("StateChangeReason") or status.get("AthenaError", {}).get("ErrorMessage") or ""
    return Execution(
        id=id,
        state=status.get("State", "QUEUED"),
        reason=reason,
        kind=found.get("StatementType", ""),
        bytes_scanned=int(statistics.get("DataScannedInBytes", 0)),
        reused=bool(statistics.get("ResultReuseInformation", {}).get("ReusedPreviousResult", False)),
    )


def stop(account: Account, id: str, region: str | None = None) -> None:
    """Ask Athena to stop a statement; one that has ended stays as it is.

    Raises:
        AwsError: ``athena:StopQueryExecution`` is denied.
    """
    account.call("athena", "stop_query_execution", region, QueryExecutionId=id)


def pages(account: Account, id: str, region: str | None = None, *, header: bool) -> Iterator[ResultPage]:
    """The rows of a statement that succeeded, page by page, without the row of column names.

    The first page of a query begins with a row of its column names; later pages do not, and neither does what SHOW
    and DESCRIBE give.

    Args:
        account: the account.
        id: of the statement.
        region: its region.
        header: whether it is a query, whose first row is left out when it is the column names.

    Raises:
        AwsError: a page cannot be read; the results may have left their bucket.
    """
    token: dict[str, str] = {}
    while True:
        answer = account.call("athena", "get_query_results", region, QueryExecutionId=id, MaxResults=PAGE_ROWS, **token)
        found = answer.get("ResultSet", {})
        columns = tuple(_column(one) for one in found.get("ResultSetMetadata", {}).get("ColumnInfo", ()))
        rows = tuple(_row(one, len(columns)) for one in found.get("Rows", ()))
        if header and rows and rows[0] == tuple(column.name for column in columns):
            rows = rows[1:]
        header = False
        yield ResultPage(columns, rows)
        if not answer.get("NextToken"):
            return
        token = {"NextToken": answer["NextToken"]}


def _column(one: Mapping[str, Any]) -> ResultColumn:
    return ResultColumn(one.get("Name", ""), one.get("Type", ""), one.get("Precision", 0), one.get("Scale", 0))


def _row(one: Mapping[str, Any], width: int) -> tuple[str | None, ...]:
    values: list[str | None] = [cell.get("VarCharValue") for cell in one.get("Data", ())]
    if len(values) == 1 < width and values[0] is not None and "\t" in values[0]:
        # DESCRIBE gives one text with tabs, whatever columns it names.
        values = [part.strip() for part in values[0].split("\t")]
    return tuple((values + [None] * width)[: max(width, 1)])
