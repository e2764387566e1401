import pytest

from flowtui.errors import (
    EXIT_FAILED,
    EXIT_USAGE,
    AccessDenied,
    AwsError,
    FlowTuiError,
    QueryCancelled,
    QueryError,
    ReadOnlyError,
    UsageError,
    WorkspaceError,
)


@pytest.mark.parametrize(
    "kind", [FlowTuiError, UsageError, ReadOnlyError, AwsError, AccessDenied, WorkspaceError, QueryError]
)
def test_every_error_has_a_message_and_a_next_step(kind: type[FlowTuiError]):
    error = kind("what failed", "what to do")
    assert (error.message, error.hint) == ("what failed", "what to do")
    assert str(error) == "what failed\nwhat to do"
    assert str(kind("alone")) == "alone"
    assert isinstance(error, FlowTuiError)


def test_exit_status():
    assert UsageError("x").exit_status == EXIT_USAGE
    assert {kind("x").exit_status for kind in (FlowTuiError, AwsError, WorkspaceError, QueryCancelled)} == {EXIT_FAILED}


def test_a_denial_carries_its_action():
    error = AccessDenied("x", code="UnauthorizedOperation", action="ec2:DescribeVpcs", region="eu-west-1")
    assert isinstance(error, AwsError)
    assert (error.code, error.action, error.region) == ("UnauthorizedOperation", "ec2:DescribeVpcs", "eu-west-1")


def test_query_errors_point_into_the_text():
    error = QueryError("no such column", "did you mean x?", line=3, column=7)
    assert error.message == "line 3, column 7: no such column"
    assert (error.line, error.column) == (3, 7)
    assert QueryError("no place").message == "no place"
