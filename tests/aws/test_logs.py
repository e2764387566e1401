import pytest

from flowtui.aws.logs import filter_events, find_log_group
from flowtui.errors import AccessDenied
from tests.aws.scripted import Refused, Script


def event(number: int, message: str = "x") -> dict[str, object]:
    return {
        "eventId": str(number),
        "logStreamName": "eni-1-all",
        "timestamp": number,
        "ingestionTime": number + 1,
        "message": message,
    }


def test_find_log_group_takes_the_exact_name_only():
    script = Script(
        {
            "DescribeLogGroups": lambda p: {
                "logGroups": [
                    {"logGroupName": "/vpc/flow-logs-old", "arn": "arn:old:*"},
                    {
                        "logGroupName": "/vpc/flow-logs",
                        "arn": "arn:aws:logs:us-east-1:1:log-group:/vpc/flow-logs:*",
                        "retentionInDays": 14,
                    },
                ]
            }
        }
    )
    group = find_log_group(script.account(), "us-east-1", "/vpc/flow-logs")
    assert group is not None
    assert (group.arn, group.retention_days, group.log_class) == (
        "arn:aws:logs:us-east-1:1:log-group:/vpc/flow-logs",
        14,
        "STANDARD",
    )
    assert find_log_group(script.account(), "us-east-1", "/vpc") is None


def test_filter_events_goes_on_over_empty_pages():
    pages = {
        "": {"events": [event(1)], "nextToken": "a"},
        "a": {"events": [], "nextToken": "b"},
        "b": {"events": [event(2, "second")]},
    }
    script = Script({"FilterLogEvents": lambda p: pages[p.get("nextToken", "")]})
    events = list(filter_events(script.account(), "us-east-1", "g", start_ms=-5, end_ms=9, stream_prefix="eni-1"))
    assert [item.event_id for item in events] == ["1", "2"]
    assert (events[1].message, events[1].ingested_ms, events[1].stream) == ("second", 3, "eni-1-all")
    assert script.calls[-1][2] == {
        "logGroupName": "g",
        "startTime": 0,
        "endTime": 9,
        "logStreamNamePrefix": "eni-1",
        "nextToken": "b",
    }


def test_a_denial_names_the_action():
    def denied(_):
        raise Refused("AccessDeniedException", "User: x is not authorized to perform: logs:FilterLogEvents on y")

    with pytest.raises(AccessDenied) as caught:
        list(filter_events(Script({"FilterLogEvents": denied}).account(), "us-east-1", "g", start_ms=0))
    assert caught.value.action == "logs:FilterLogEvents"
    assert "us-east-1" in caught.value.message
