import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from flowtui.aws.session import Account
from flowtui.aws.tail import TailBatch, TailNews, TailStatus, resolve, tail
from flowtui.records.fields import DEFAULT_FORMAT
from flowtui.times import system_clock
from tests.e2e.conftest import Cli, StandIn
from tests.e2e.faults import Fault
from tests.e2e.records import GROUP, line, make_group, put, seconds, vpc_with_flow_log

ENI = "eni-0aaaaaaaaaaaaaaaa"
OTHER = "eni-0bbbbbbbbbbbbbbbb"


@pytest.fixture
def now() -> int:
    return seconds(system_clock())


def test_a_range_of_a_vpcs_records(aws: StandIn, cli: Cli, now: int):
    logs = make_group(aws, f"{ENI}-all", f"{OTHER}-all")
    vpc = vpc_with_flow_log(aws)
    put(logs, f"{ENI}-all", *(line(now - age) for age in (30, 300, 480, 900)))
    put(logs, f"{OTHER}-all", line(now - 60, OTHER, action="REJECT"))
    result = cli("tail", vpc, "--since", "10m", "--no-follow", "--output", "raw", "--region", "us-east-1")
    assert result.status == 0, result.err
    assert sorted(result.out.splitlines()) == sorted(
        [*(line(now - age) for age in (30, 300, 480)), line(now - 60, OTHER, action="REJECT")]
    )
    assert result.err == ""


def test_several_targets_are_merged(aws: StandIn, cli: Cli, now: int):
    logs = make_group(aws, f"{ENI}-all")
    logs.create_log_group(logGroupName="other")
    logs.create_log_stream(logGroupName="other", logStreamName=f"{OTHER}-all")
    put(logs, f"{ENI}-all", line(now - 60))
    logs.put_log_events(
        logGroupName="other",
        logStreamName=f"{OTHER}-all",
        logEvents=[{"timestamp": (now - 50) * 1000, "message": line(now - 50, OTHER)}],
    )
    result = cli("tail", GROUP, "other", "--no-follow", "--output", "raw", "--region", "us-east-1")
    assert result.status == 0, result.err
    assert sorted(result.out.splitlines()) == sorted([line(now - 60), line(now - 50, OTHER)])


def test_what_was_tailed_can_be_asked_about_unless_it_is_not_kept(aws: StandIn, cli: Cli, now: int):
    logs = make_group(aws, f"{ENI}-all")
    put(logs, f"{ENI}-all", *(line(now - age, port=age) for age in (30, 60, 90)))
    ask = ("sql", "SELECT count(*) AS n, max(dstport) AS p FROM vpc_flow_logs.live", "--output", "csv")
    tailed = ("tail", GROUP, "--no-follow", "--output", "raw", "--region", "us-east-1")
    assert cli(*tailed, "--no-keep").status == 0
    assert cli(*ask).status == 1
    assert cli(*tailed).status == 0
    assert cli(*tailed).status == 0
    assert cli(*ask).out.splitlines()[1].replace('"', "") == "3,90"


def test_a_range_of_a_log_group_is_loaded_once(aws: StandIn, cli: Cli, now: int):
    logs = make_group(aws, f"{ENI}-all")
    put(logs, f"{ENI}-all", *(line(now - age, port=age) for age in (30, 60, 90)))
    given = ("load", GROUP, "--since", "2h", "--region", "us-east-1")
    first = cli(*given)
    assert first.status == 0, first.err
    assert "Loaded 3 records" in first.out
    assert "Loaded 0 records" in cli(*given).out
    put(logs, f"{ENI}-all", line(now - 45, port=45))
    cli(*given)
    found = cli("sql", "SELECT count(*) AS n FROM vpc_flow_logs.flow_logs", "--output", "csv")
    assert found.out.splitlines()[1].replace('"', "") == "4"


def test_a_beginning_that_is_yet_to_come_is_told(aws: StandIn, cli: Cli, now: int):
    put(make_group(aws, f"{ENI}-all"), f"{ENI}-all", line(now))
    result = cli("tail", GROUP, "--no-follow", "--output", "raw", "--since", "2099-01-01", "--region", "us-east-1")
    assert (result.status, result.out) == (0, "")
    assert "note: --since 2099-01-01 00:00:00 UTC is yet to come; no older record is shown" in result.err


def test_filters_and_json(aws: StandIn, cli: Cli, now: int):
    logs = make_group(aws, f"{ENI}-all")
    put(logs, f"{ENI}-all", *(line(now - 60, port=port) for port in (22, 443, 80)), line(now - 50, action="REJECT"))
    filters = ("--filter", "port=22,443 action=ACCEPT", "--filter", "!port=443")
    result = cli("tail", GROUP, "--no-follow", "--output", "json", *filters, "--region", "us-east-1")
    assert result.status == 0, result.err
    [record] = [json.loads(text) for text in result.out.splitlines()]
    assert (record["dstport"], record["bytes"], record["account_id"]) == (22, 180, "123456789012")
    assert record["@stream"] == f"{ENI}-all"
    # No flow log writes to the group, which is said, because its layout is then a guess.
    assert "default format" in result.err


def test_lines_that_fit_no_layout_are_shown_and_counted(aws: StandIn, cli: Cli, now: int):
    logs = make_group(aws, f"{ENI}-all")
    vpc = vpc_with_flow_log(aws)
    strange = {"timestamp": now * 1000, "message": "\x1b[2J not a record"}
    logs.put_log_events(logGroupName=GROUP, logStreamName=f"{ENI}-all", logEvents=[strange])
    put(logs, f"{ENI}-all", line(now))
    result = cli("tail", vpc, "--no-follow", "--region", "us-east-1")
    assert result.status == 0
    assert "? ·[2J not a record" in result.out
    assert "\x1b" not in result.out
    assert "1 of them fit no known format" in result.err


def test_more_than_a_page(aws: StandIn, cli: Cli, now: int):
    logs = make_group(aws, f"{ENI}-all")
    lines = [line(now - number // 40, port=number) for number in range(10_500)]
    for begin in range(0, len(lines), 6_000):
        put(logs, f"{ENI}-all", *lines[begin : begin + 6_000])
    result = cli("tail", GROUP, "--no-follow", "--output", "raw", "--region", "us-east-1")
    assert result.status == 0, result.err
    assert sorted(result.out.splitlines()) == sorted(lines)
    assert aws.count("FilterLogEvents") > 1


def until(items: Iterator[TailNews], wanted: int) -> list[str]:
    """Messages until so many have come and, after them, one more pass found nothing new."""
    found: list[str] = []
    for item in items:
        if isinstance(item, TailBatch):
            found += [entry.event.message for entry in item.lines]
        elif len(found) >= wanted:
            return found
    return found


def test_late_and_out_of_order_records_come_once(aws: StandIn, now: int):
    logs = make_group(aws, f"{ENI}-all", f"{OTHER}-all")
    vpc = vpc_with_flow_log(aws)
    put(logs, f"{ENI}-all", line(now))
    account = Account(None, ("us-east-1",), endpoint_url=aws.url)
    stop = threading.Event()
    items = tail(
        account,
        resolve(account, vpc),
        since=datetime.fromtimestamp(now - 900, UTC),
        stop=stop,
        live=False,
        poll_s=0.05,
    )
    assert until(items, 1) == [line(now)]
    late = [line(now - 700, port=1), line(now + 1, port=2), line(now - 30, OTHER, port=3)]
    for message in late:
        put(logs, f"{message.split()[2]}-all", message)
    assert sorted(until(items, 3)) == sorted(late)
    stop.set()
    assert [item for item in items if isinstance(item, TailBatch)] == []


def test_throttling_is_told_and_outlived(aws: StandIn, now: int):
    logs = make_group(aws, f"{ENI}-all")
    put(logs, f"{ENI}-all", line(now))
    account = Account(None, ("us-east-1",), endpoint_url=aws.url)
    source = resolve(account, GROUP)
    # More than botocore's own five tries, so that the tail's patience is what is seen. Its tries take no pauses here.
    account.client("logs").meta.events.register("needs-retry.cloudwatch-logs", lambda **_: None)
    aws.fail(Fault("logs", "FilterLogEvents", code="InternalFailure", status=400, times=2))
    items = tail(account, source, since=datetime.fromtimestamp(now - 60, UTC), stop=threading.Event(), live=False)
    first = next(items)
    assert isinstance(first, TailStatus)
    assert "InternalFailure" in first.trouble
    assert first.waiting_s == 1.0
    items.close()
    assert until(
        tail(
            account,
            source,
            since=datetime.fromtimestamp(now - 60, UTC),
            follow=True,
            live=False,
            poll_s=0.05,
        ),
        1,
    ) == [line(now)]


def test_denied(aws: StandIn, cli: Cli):
    make_group(aws)
    said = "User: arn:aws:iam::123456789012:user/x is not authorized to perform: logs:FilterLogEvents on resource: y"
    aws.fail(Fault("logs", "FilterLogEvents", code="AccessDeniedException", message=said))
    result = cli("tail", GROUP, "--no-follow", "--region", "us-east-1")
    assert result.status == 1
    assert "Ask for the IAM action logs:FilterLogEvents." in result.err


def test_a_group_deleted_meanwhile(aws: StandIn, cli: Cli):
    vpc_with_flow_log(aws)
    [vpc] = [item["ResourceId"] for item in aws.client("ec2").describe_flow_logs()["FlowLogs"]]
    result = cli("tail", vpc, "--region", "us-east-1")
    assert result.status == 1
    assert f"There is no log group {GROUP} in us-east-1" in result.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("vpc-0123456789abcdef0",), "No flow log to CloudWatch covers vpc-0123456789abcdef0"),
        (("/no/such/group",), "There is no log group /no/such/group"),
    ],
)
def test_nothing_to_tail(cli: Cli, arguments: tuple[str, ...], said: str):
    result = cli("tail", *arguments, "--region", "us-east-1")
    assert result.status == 1
    assert said in result.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--filter", "ok dstport=ssl"), "column 12: ssl is not a number or a known name"),
        (("--tui", "--filter", "action=REJECT"), "--tui takes no --filter"),
        (("--tui", "--poll"), "--tui takes no --poll"),
        (("--since", "soon"), "'soon' is not a time"),
        (("--since", "1h", "--until", "2h"), "lies before"),
        (("--follow", "--until", "now"), "exclude each other"),
        (("--output", "xml"), "xml"),
    ],
)
def test_usage(aws: StandIn, cli: Cli, arguments: tuple[str, ...], said: str):
    aws.fail()
    result = cli("tail", GROUP, *arguments, "--region", "us-east-1")
    assert result.status == 2
    assert said in result.err
    assert result.out == ""
    assert aws.calls() == []


@pytest.mark.parametrize("name", ["fresh-field", "fresh_field", "Fresh-Field"])
def test_a_filter_may_name_a_field_newer_than_flowtui(aws: StandIn, cli: Cli, now: int, name: str):
    logs = make_group(aws, f"{ENI}-all")
    vpc_with_flow_log(aws, fields=(*DEFAULT_FORMAT, "fresh-field"))
    put(logs, f"{ENI}-all", f"{line(now - 60)} one", f"{line(now - 50)} two")
    tailed = ("tail", GROUP, "--no-follow", "--output", "raw", "--region", "us-east-1")
    result = cli(*tailed, "--filter", f"{name}=two")
    assert (result.status, result.out) == (0, f"{line(now - 50)} two\n"), result.err
    result = cli(*tailed, "--filter", "ok dstprt=22")
    assert (result.status, result.out) == (2, "")
    assert "column 4: no field is called dstprt; dstport?" in result.err


def flowtui(aws: StandIn, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "flowtui", *arguments, "--endpoint-url", aws.url, "--region", "us-east-1"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=os.environ | {"PYTHONUNBUFFERED": "1"}, stdout=pipe, stderr=pipe, text=True)


def test_a_following_tail_ends_when_its_reader_has_left_though_nothing_more_comes(aws: StandIn, now: int):
    logs = make_group(aws, f"{ENI}-all")
    put(logs, f"{ENI}-all", line(now))
    with flowtui(aws, "tail", GROUP, "--output", "raw", "--poll", "--no-keep") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == f"{line(now)}\n"
        process.stdout.close()
        process.wait(60)
        assert "Traceback" not in process.stderr.read()


def test_ctrl_c_ends_a_following_tail_with_130(aws: StandIn, now: int):
    logs = make_group(aws, f"{ENI}-all")
    put(logs, f"{ENI}-all", line(now))
    with flowtui(aws, "tail", GROUP, "--output", "raw") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == line(now) + "\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stdout.read() == ""
        assert "Traceback" not in process.stderr.read()


def test_a_reader_that_goes_away_is_no_trouble(aws: StandIn, now: int):
    logs = make_group(aws, f"{ENI}-all")
    put(logs, f"{ENI}-all", *(line(now - 300, port=port) for port in range(3000)))
    with flowtui(aws, "tail", GROUP, "--output", "raw", "--no-follow") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        process.wait(60)
        said = process.stderr.read()
    assert "Broken" not in said
    assert "Traceback" not in said


def test_the_stand_in_ends_with_its_parent():
    script = (
        "import subprocess, sys\n"
        "command, pipe = [sys.executable, '-m', 'tests.e2e.server'], subprocess.PIPE\n"
        "server = subprocess.Popen(command, stdin=pipe, stdout=pipe)\n"
        "server.stdout.readline()\n"
        "print(server.pid, flush=True)\n"
        "import os; os._exit(1)\n"
    )
    parent = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    pid = int(parent.stdout)
    for _ in range(1000):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("the stand-in outlived its parent")
