"""A statement's life on Athena over HTTP: moto's state machine, and faults where it has no such state.

moto runs no SQL: results are put in beforehand, a failure's reason and a second page are answered in its place, as
https://docs.aws.amazon.com/athena/latest/APIReference/ describes them. The text that is sent is compared letter by
letter.
"""

import json
import threading
import time
from typing import Any

import pytest

from flowtui.aws.session import Account
from flowtui.errors import QueryCancelled, QueryError
from flowtui.sql.athena_engine import AthenaEngine, Place
from flowtui.sql.library import examples
from tests.e2e.conftest import Cli, StandIn
from tests.e2e.faults import Fault

REGION = ("--region", "us-east-1")
RUN = ("sql", "--engine", "athena", "--output-location", "s3://results/here/", "--yes", *REGION)
PLACE = Place("primary", "AwsDataCatalog", "vpc_flow_logs", "s3://results/here/")
TALKERS = """SELECT srcaddr, dstaddr, SUM(bytes) as total_bytes
FROM vpc_flow_logs.flow_logs
WHERE dt = '2024-01-15'  -- one day
GROUP BY srcaddr, dstaddr"""


def column(name: str, type: str, **more: Any) -> dict[str, Any]:
    return {"Name": name, "Label": name, "Type": type} | more


def row(*values: str | None) -> dict[str, Any]:
    return {"Data": [{} if value is None else {"VarCharValue": value} for value in values]}


def queue(aws: StandIn, columns: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    body = {"results": [{"rows": rows, "column_info": columns}]}
    aws._post("/moto-api/static/athena/query-results", json.dumps(body).encode())


def state(state: str, reason: str = "", *, kind: str = "DML", **statistics: Any) -> str:
    status = {"State": state} | ({"StateChangeReason": reason} if reason else {})
    return json.dumps(
        {"QueryExecution": {"QueryExecutionId": "q", "StatementType": kind, "Status": status, "Statistics": statistics}}
    )


def engine(aws: StandIn) -> AthenaEngine:
    return AthenaEngine(Account(None, ("us-east-1",), endpoint_url=aws.url), PLACE)


def sent(aws: StandIn) -> list[dict[str, Any]]:
    return [json.loads(call.body) for call in aws.calls() if call.operation == "StartQueryExecution"]


def test_success_with_types_nulls_and_the_header_row(aws: StandIn, cli: Cli):
    columns = [column("srcaddr", "varchar"), column("total", "bigint"), column("share", "double")]
    columns += [column("seen", "timestamp", Precision=3), column("price", "decimal", Precision=5, Scale=2)]
    names = row("srcaddr", "total", "share", "seen", "price")
    values = row("10.0.0.1", "9223372036854775807", "1.0E10", "2024-01-15 10:00:00.000", "1.50")
    queue(aws, columns, [names, values, row("", None, None, None, None)])
    result = cli(*RUN, "SELECT 1", "--output", "csv")
    assert result.status == 0, result.err
    assert result.out.splitlines() == [
        '"srcaddr","total","share","seen","price"',
        '"10.0.0.1","9223372036854775807","1.0E10","2024-01-15 10:00:00.000","1.50"',
        '"",,,,',
    ]
    assert "2 rows" in result.err
    assert "Athena" in result.err


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_every_example_is_sent_letter_by_letter(aws: StandIn, example: Any):
    engine(aws).run(example.sql, 10)
    [request] = sent(aws)
    # The seed's fourth query names the column end bare; that word is quoted, and nothing else is touched.
    wanted = example.sql.rstrip(";").replace("start, end, bytes", 'start, "end", bytes')
    assert request["QueryString"] == wanted
    assert request["WorkGroup"] == "primary"
    assert request["QueryExecutionContext"] == {"Catalog": "AwsDataCatalog", "Database": "vpc_flow_logs"}
    assert request["ResultConfiguration"] == {"OutputLocation": "s3://results/here/"}
    assert "ResultReuseConfiguration" not in request


def test_comments_case_and_spaces_arrive_as_they_are(aws: StandIn):
    text = "  /* who */ sElEcT  'a;b',\t\"end\"  -- tail; not the end\n\nFROM t WHERE x = 'é ✗';\n\n"
    engine(aws).run(text)
    assert sent(aws)[0]["QueryString"] == "sElEcT  'a;b',\t\"end\"  -- tail; not the end\n\nFROM t WHERE x = 'é ✗'"


def test_results_may_be_taken_again(aws: StandIn, cli: Cli):
    done = state("SUCCEEDED", DataScannedInBytes=0, ResultReuseInformation={"ReusedPreviousResult": True})
    aws.fail(Fault("athena", "GetQueryExecution", answer=done))
    queue(aws, [column("a", "integer")], [row("a"), row("1")])
    result = cli(*RUN, "SELECT 1 AS a", "--reuse", "60")
    assert result.status == 0, result.err
    by_age = {"Enabled": True, "MaxAgeInMinutes": 60}
    assert sent(aws)[0]["ResultReuseConfiguration"] == {"ResultReuseByAgeConfiguration": by_age}
    assert "earlier result" in result.err


def test_bytes_scanned_and_their_price(aws: StandIn, cli: Cli):
    aws.fail(Fault("athena", "GetQueryExecution", answer=state("SUCCEEDED", DataScannedInBytes=187_000_000)))
    queue(aws, [column("a", "integer")], [row("a"), row("1")])
    result = cli(*RUN, "SELECT 1 AS a")
    assert "187 MB scanned · $0.0009" in result.err


def test_a_failure_tells_athenas_words_at_the_users_place(aws: StandIn, cli: Cli):
    reason = "COLUMN_NOT_FOUND: line 1:15: Column 'nosuch' cannot be resolved or requester is not authorized"
    aws.fail(Fault("athena", "GetQueryExecution", answer=state("FAILED", reason)))
    # "end" was put into quotes before the column, so Athena's column is two more than the user's.
    result = cli(*RUN, "\n\n  SELECT end, nosuch FROM t")
    assert result.status == 1
    assert "line 3, column 15" in result.err
    assert reason in result.err
    with pytest.raises(QueryError) as caught:
        engine(aws).run("SELECT end, nosuch FROM t")
    assert (caught.value.line, caught.value.column) == (1, 13)
    assert aws.count("StopQueryExecution") == 0


def test_a_query_that_athena_cancelled(aws: StandIn, cli: Cli):
    reason = "Bytes scanned limit was exceeded"
    aws.fail(Fault("athena", "GetQueryExecution", answer=state("CANCELLED", reason)))
    result = cli(*RUN, "SELECT 1")
    assert result.status == 1
    assert reason in result.err


def test_cancel_stops_it_on_athena_within_half_a_second(aws: StandIn):
    aws.fail(Fault("athena", "GetQueryExecution", answer=state("RUNNING")))
    running, raised = engine(aws), []

    def run() -> None:
        try:
            running.run("SELECT 1")
        except QueryCancelled as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while aws.count("GetQueryExecution") < 4 and thread.is_alive():
        time.sleep(0.05)
    running.cancel()
    thread.join(10)
    assert raised
    [stopped] = [json.loads(call.body) for call in aws.calls() if call.operation == "StopQueryExecution"]
    assert stopped["QueryExecutionId"]
    polled = aws.count("GetQueryExecution")
    time.sleep(0.5)
    assert aws.count("GetQueryExecution") == polled


def test_polls_come_less_and_less_often(aws: StandIn):
    aws.fail(Fault("athena", "GetQueryExecution", times=5, answer=state("QUEUED")))
    waited: list[float] = []
    running = engine(aws)
    running._cancelled.wait = lambda pause: waited.append(pause)  # type: ignore[method-assign,assignment,func-returns-value]  # notes the pause
    running.run("SELECT 1")
    assert waited == sorted(waited)
    assert waited[0] < waited[-1] <= 3.0


def test_throttling_while_starting_and_polling_starts_it_once(aws: StandIn, cli: Cli):
    queue(aws, [column("a", "integer")], [row("a"), row("1")])
    aws.fail(
        Fault("athena", "StartQueryExecution", code="TooManyRequestsException", times=2),
        Fault("athena", "GetQueryExecution", code="ThrottlingException", times=3),
        Fault("athena", "GetQueryResults", code="ThrottlingException", times=1),
    )
    result = cli(*RUN, "SELECT 1 AS a", "--output", "csv")
    assert result.status == 0, result.err
    assert result.out == '"a"\n"1"\n'
    assert len({request["ClientRequestToken"] for request in sent(aws)}) == 1


def test_credentials_that_expire_while_it_runs_say_what_becomes_of_the_query(aws: StandIn, cli: Cli):
    expired = "ExpiredTokenException"
    aws.fail(
        Fault("athena", "GetQueryExecution", times=2, answer=state("RUNNING")),
        Fault("athena", "GetQueryExecution", code=expired),
        Fault("athena", "StopQueryExecution", code=expired),
    )
    result = cli(*RUN, "SELECT 1")
    assert "have expired" in result.err
    assert "may go on: it could not be stopped." in result.err
    assert "was asked to stop" not in result.err
    assert aws.count("GetQueryExecution") == 3
    assert aws.count("StopQueryExecution") == 1


def test_a_poll_that_is_denied_stops_the_query_and_names_the_action(aws: StandIn, cli: Cli):
    aws.fail(Fault("athena", "GetQueryExecution", code="AccessDeniedException"))
    result = cli(*RUN, "SELECT 1")
    assert "was asked to stop." in result.err
    assert "athena:GetQueryExecution" in result.err
    assert aws.count("StopQueryExecution") == 1


def test_more_rows_than_a_page_holds_all_arrive(aws: StandIn):
    columns = {"ColumnInfo": [column("a", "integer")]}
    numbers = [row("a"), *(row(str(number)) for number in range(2500))]
    pages = []
    for place, following in ((0, "two"), (1000, "three"), (2000, "")):
        rows = {"Rows": numbers[place : place + 1000], "ResultSetMetadata": columns}
        page = {"ResultSet": rows} | ({"NextToken": following} if following else {})
        pages.append(Fault("athena", "GetQueryResults", times=1, answer=json.dumps(page)))
    aws.fail(*pages)
    result = engine(aws).run("SELECT a FROM t")
    assert result.table.column(0).to_pylist() == list(range(2500))


def test_a_second_page_has_no_header(aws: StandIn, cli: Cli):
    columns = {"ColumnInfo": [column("a", "varchar")]}
    first = {"ResultSet": {"Rows": [row("a"), row("1")], "ResultSetMetadata": columns}, "NextToken": "two"}
    # A row of the second page that reads like the header is a row.
    second = {"ResultSet": {"Rows": [row("a"), row("2")], "ResultSetMetadata": columns}}
    aws.fail(
        Fault("athena", "GetQueryResults", times=1, answer=json.dumps(first)),
        Fault("athena", "GetQueryResults", answer=json.dumps(second)),
    )
    result = cli(*RUN, "SELECT a FROM t", "--output", "csv")
    assert result.out.splitlines() == ['"a"', '"1"', '"a"', '"2"']
    asked = [json.loads(call.body) for call in aws.calls() if call.operation == "GetQueryResults"]
    assert [one.get("NextToken") for one in asked] == [None, "two"]


def test_a_limit_says_that_there_is_more_and_fetches_no_further_page(aws: StandIn):
    columns = {"ColumnInfo": [column("a", "integer")]}
    rows = [row("a"), *(row(str(number)) for number in range(999))]
    page = {"ResultSet": {"Rows": rows, "ResultSetMetadata": columns}, "NextToken": "on"}
    aws.fail(Fault("athena", "GetQueryResults", answer=json.dumps(page)))
    result = engine(aws).run("SELECT a FROM t", 500)
    assert (result.rows, result.more) == (500, True)
    assert aws.count("GetQueryResults") == 1


def test_show_has_no_header_row(aws: StandIn, cli: Cli):
    aws.fail(Fault("athena", "GetQueryExecution", answer=state("SUCCEEDED", kind="UTILITY")))
    queue(aws, [column("tab_name", "string")], [row("tab_name"), row("flow_logs")])
    result = cli(*RUN, "SHOW TABLES", "--output", "csv")
    assert result.out.splitlines() == ['"tab_name"', '"tab_name"', '"flow_logs"']
    assert "nothing is scanned" in result.err


def test_describe_gives_a_text_with_tabs(aws: StandIn, cli: Cli):
    aws.fail(Fault("athena", "GetQueryExecution", answer=state("SUCCEEDED", kind="UTILITY")))
    names = [column(name, "string") for name in ("col_name", "data_type", "comment")]
    queue(aws, names, [row("srcaddr             \tstring              \t                    ")])
    result = cli(*RUN, "DESCRIBE flow_logs", "--output", "csv")
    assert result.out.splitlines()[1] == '"srcaddr","string",""'


def test_a_denied_start_names_the_action(aws: StandIn, cli: Cli):
    said = "User: x is not authorized to perform: athena:StartQueryExecution on resource: y"
    aws.fail(Fault("athena", "StartQueryExecution", code="AccessDeniedException", message=said))
    result = cli(*RUN, "SELECT 1")
    assert result.status == 1
    assert "Ask for the IAM action athena:StartQueryExecution" in result.err


def test_read_only_starts_nothing_but_estimates(aws: StandIn, cli: Cli):
    refused = cli(*RUN, "SELECT 1", "--read-only")
    assert refused.status == 1
    assert "read-only" in refused.err
    assert cli(*RUN[:-3], *REGION, "SELECT 1", "--estimate", "--read-only").status == 0
    assert aws.count("StartQueryExecution") == 0


def test_what_changes_something_is_asked_about(aws: StandIn, cli: Cli):
    asked = cli(*[word for word in RUN if word != "--yes"], "DROP TABLE t")
    assert asked.status == 2
    assert "may change" in asked.err
    assert aws.count("StartQueryExecution") == 0


def test_an_unknown_workgroup_names_those_there_are(aws: StandIn, cli: Cli):
    missing = "WorkGroup nosuch is not found."
    aws.fail(Fault("athena", "GetWorkGroup", code="InvalidRequestException", message=missing))
    result = cli(*RUN, "SELECT 1", "--workgroup", "nosuch")
    assert result.status == 1
    assert missing in result.err
    assert "primary" in result.err


def test_a_workgroup_that_is_answered_with_nothing_is_unknown(aws: StandIn, cli: Cli):
    result = cli(*RUN, "SELECT 1", "--workgroup", "nosuch")
    assert result.status == 1
    assert "WorkGroup nosuch is not found" in result.err
    assert "primary" in result.err


def test_the_workgroups_own_place_for_results(aws: StandIn, cli: Cli):
    own = {"ResultConfiguration": {"OutputLocation": "s3://own/"}, "EnforceWorkGroupConfiguration": True}
    aws.client("athena").create_work_group(Name="team", Configuration=own)
    result = cli(*RUN, "SELECT 1", "--workgroup", "team")
    assert result.status == 0, result.err
    assert "s3://own/" in result.err
    assert "ResultConfiguration" not in sent(aws)[0]


def test_nobody_says_where_results_go(aws: StandIn, cli: Cli):
    result = cli("sql", "--engine", "athena", "SELECT 1", *REGION)
    assert result.status == 2
    assert "athena_output" in result.err
    assert aws.count("StartQueryExecution") == 0
