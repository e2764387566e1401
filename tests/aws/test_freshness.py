from datetime import timedelta

from flowtui.aws import freshness as module
from flowtui.aws.flow_logs import list_flow_logs
from flowtui.aws.freshness import freshness
from flowtui.errors import AccessDenied
from tests.aws.scripted import NOW, Script, flow_log


def logs(*items):
    script = Script({"DescribeFlowLogs": lambda _: {"FlowLogs": list(items)}})
    account = script.account()
    return [(account, log) for log in list_flow_logs(account, "us-east-1")]


def test_a_shared_group_is_asked_once_and_answers_for_all(monkeypatch):
    asked = []

    def newest(account, log):
        asked.append(log.id)
        return NOW - timedelta(minutes=3)

    monkeypatch.setattr(module, "newest_record", newest)
    shared = [flow_log(f"fl-{number}", f"subnet-{number}", group="/vpc/flow-logs") for number in range(3)]
    answers = list(freshness(logs(*shared, flow_log("fl-9", "vpc-1", bucket="logs"))))
    assert sorted(answer.flow_log.id for answer in answers) == ["fl-0", "fl-1", "fl-2", "fl-9"]
    assert {answer.newest for answer in answers} == {NOW - timedelta(minutes=3)}
    assert sorted(asked) == ["fl-0", "fl-9"]


def test_a_refusal_is_not_taken_for_no_records(monkeypatch):
    def newest(account, log):
        if log.bucket:
            raise AccessDenied("denied", action="s3:ListBucket")
        return

    monkeypatch.setattr(module, "newest_record", newest)
    pair = logs(flow_log("fl-1", "vpc-1", group="g"), flow_log("fl-2", "vpc-1", bucket="logs"))
    answers = {answer.flow_log.id: answer for answer in freshness(pair)}
    assert (answers["fl-1"].newest, answers["fl-1"].error) == (None, None)
    assert answers["fl-2"].error.action == "s3:ListBucket"


def test_nothing_to_ask():
    assert list(freshness([])) == []
