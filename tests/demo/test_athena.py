"""Athena and Glue of the demo account: their answers' shapes, and a query's life."""

from __future__ import annotations

import time

import pytest
from botocore.exceptions import ClientError

from flowtui.demo import athena_runs
from flowtui.errors import AwsError, FlowTuiError
from tests.demo.answers import assert_fits

REGION = "us-east-1"
QUERY = 'SELECT srcaddr, "end" FROM flow_logs ORDER BY "end" LIMIT 4'


@pytest.fixture(autouse=True)
def few_records(monkeypatch):
    """The lake with two hours of records instead of three days."""
    days = athena_runs.PREFIX
    monkeypatch.setattr(athena_runs, "PREFIX", days + "year=2026/month=06/day=01/hour=1")
    monkeypatch.setattr(athena_runs, "day_folder", lambda day: f"{days}year={day:%Y}/month={day:%m}/day={day:%d}/")


def call(account, operation, service="athena", **parameters):
    answer = account.call(service, operation, REGION, **parameters)
    model = account.client(service, REGION).meta.service_model
    name = "".join(word.capitalize() for word in operation.split("_"))
    assert_fits(answer, model.operation_model(name).output_shape)
    return answer


def ended(account, id):
    """How a query stands once it does not run any more."""
    for _ in range(2400):
        found = call(account, "get_query_execution", QueryExecutionId=id)["QueryExecution"]
        if found["Status"]["State"] != "RUNNING":
            return found
        time.sleep(0.05)
    raise AssertionError("the query did not end")


def start(account, text):
    return call(account, "start_query_execution", QueryString=text)["QueryExecutionId"]


def test_a_query_from_start_to_its_pages(account):
    assert call(account, "list_work_groups")["WorkGroups"][0]["Name"] == "primary"
    place = call(account, "get_work_group", WorkGroup="primary")["WorkGroup"]["Configuration"]["ResultConfiguration"]
    assert place["OutputLocation"] in ("s3://demo-athena-results/",)
    id = start(account, QUERY)
    found = ended(account, id)
    assert (found["Status"]["State"], found["StatementType"]) == ("SUCCEEDED", "DML")
    assert found["Statistics"]["DataScannedInBytes"] > 0
    first = call(account, "get_query_results", QueryExecutionId=id, MaxResults=3)
    rows = first["ResultSet"]["Rows"]
    assert rows[0]["Data"] == [{"VarCharValue": "srcaddr"}, {"VarCharValue": "end"}]
    rest = call(account, "get_query_results", QueryExecutionId=id, MaxResults=3, NextToken=first["NextToken"])
    assert "NextToken" not in rest
    assert len(rows) + len(rest["ResultSet"]["Rows"]) == 5
    types = [one["Type"] for one in first["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]]
    assert types == ["varchar", "bigint"]
    call(account, "stop_query_execution", QueryExecutionId=id)
    assert ended(account, id)["Status"]["State"] == "SUCCEEDED"


def test_failures_are_in_athenas_form(account):
    found = ended(account, start(account, "SELECT\n nosuch FROM flow_logs"))
    assert found["Status"]["State"] == "FAILED"
    assert found["Status"]["StateChangeReason"].startswith("SYNTAX_ERROR: line 2:2: ")


def test_a_token_starts_one_query(account):
    token = "t" * 32
    ids = {
        call(account, "start_query_execution", QueryString="SHOW TABLES", ClientRequestToken=token)["QueryExecutionId"]
        for _ in range(2)
    }
    assert len(ids) == 1
    assert ended(account, ids.pop())["StatementType"] == "UTILITY"


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("get_work_group", {"WorkGroup": "nosuch"}),
        ("start_query_execution", {"QueryString": "SELECT 1", "WorkGroup": "nosuch"}),
        ("get_query_execution", {"QueryExecutionId": "nosuch"}),
        ("get_query_results", {"QueryExecutionId": "nosuch"}),
        ("stop_query_execution", {"QueryExecutionId": "nosuch"}),
    ],
)
def test_what_is_not_there(account, operation, parameters):
    with pytest.raises(AwsError) as caught:
        account.call("athena", operation, REGION, **parameters)
    assert caught.value.code == "InvalidRequestException"
    assert isinstance(caught.value.__cause__, ClientError)


def test_the_catalog_has_one_table_with_a_partition_a_day(account):
    table = call(account, "get_table", "glue", DatabaseName="vpc_flow_logs", Name="flow_logs")["Table"]
    assert [key["Name"] for key in table["PartitionKeys"]] == ["dt"]
    found = call(account, "get_partitions", "glue", DatabaseName="vpc_flow_logs", TableName="flow_logs")["Partitions"]
    assert [one["Values"] for one in found] == [[f"2026-05-{day}"] for day in (29, 30, 31)] + [["2026-06-01"]]
    with pytest.raises(AwsError, match="Entity Not Found"):
        account.call("glue", "get_table", REGION, DatabaseName="vpc_flow_logs", Name="nosuch")


def test_what_the_demo_does_not_know_says_so(account):
    with pytest.raises(FlowTuiError, match="not in the demo account"):
        account.call("athena", "list_named_queries", REGION)
