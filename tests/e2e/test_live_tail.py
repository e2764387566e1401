"""Live Tail over real HTTP and a real event stream; see live_server for what stands in for AWS, and ministack below."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import boto3
import pytest

from flowtui.aws import live_line
from flowtui.aws.session import Account
from flowtui.aws.tail import (
    TailBatch,
    TailedGroup,
    TailGap,
    TailNews,
    TailNote,
    TailSource,
    TailStatus,
    tail,
)
from flowtui.times import system_clock
from tests.e2e.live_server import LiveServer, serving
from tests.e2e.records import line

SOURCE = TailSource((TailedGroup("us-east-1", "/vpc/g", interval_s=60),), "/vpc/g")


@pytest.fixture
def live(environment: None) -> Iterator[LiveServer]:
    with serving() as server:
        yield server


class Tail:
    """A tail that runs in a thread, as faces run it."""

    def __init__(self, url: str) -> None:
        self.items: list[TailNews] = []
        self.stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(url,), daemon=True)
        self._thread.start()

    def _run(self, url: str) -> None:
        account = Account(None, ("us-east-1",), endpoint_url=url)
        since = system_clock() - timedelta(minutes=30)
        self.items.extend(tail(account, SOURCE, since=since, stop=self.stop, poll_s=0.2))

    def messages(self) -> list[str]:
        return [one.event.message for item in self.items if isinstance(item, TailBatch) for one in item.lines]

    def last(self) -> TailStatus:
        return next((item for item in reversed(self.items) if isinstance(item, TailStatus)), TailStatus("", 0, 0, None))

    def troubles(self) -> int:
        return sum(bool(item.trouble) for item in list(self.items) if isinstance(item, TailStatus))

    def gaps(self) -> list[TailGap]:
        """What was last told of each gap."""
        return list({item.number: item for item in self.items if isinstance(item, TailGap)}.values())

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 120
        while not condition():
            assert time.monotonic() < deadline, (self.last(), len(self.messages()))
            time.sleep(0.02)

    def finish(self) -> None:
        self.stop.set()
        self._thread.join(60)
        assert not self._thread.is_alive()


@pytest.fixture
def tailing(live: LiveServer) -> Iterator[Tail]:
    found = Tail(live.url)
    yield found
    found.finish()


def events(first: int, count: int) -> list[tuple[int, str, str]]:
    now = int(time.time())
    made = []
    for number in range(first, first + count):
        start = now - random.randint(60, 600)
        made.append((start * 1000, "eni-0aaaaaaaaaaaaaaaa-all", line(start, port=number)))
    return made


def lose(live: LiveServer, tailing: Tail, end_with: str, *lines: tuple[int, str, str]) -> datetime:
    """Lose the session, ingest lines while it is known to be away, let it come back; the moment it was away."""
    before = tailing.troubles()
    live.admits.clear()
    live.drop(end_with)
    tailing.wait(lambda: tailing.troubles() > before)
    time.sleep(0.01)  # moments of ingestion are cut to milliseconds
    away = system_clock()
    live.put(*lines)
    live.admits.set()
    tailing.wait(lambda: tailing.last().mode == "Live Tail")
    return away


def test_what_is_ingested_shows_at_once(live: LiveServer, tailing: Tail):
    live.put(*events(0, 3))
    tailing.wait(lambda: tailing.last().mode == "Live Tail")
    live.put(*events(3, 3))
    tailing.wait(lambda: len(tailing.messages()) == 6)
    assert sorted(tailing.messages()) == sorted(one["message"] for one in live.events)


def test_lost_connections_repeats_disorder_and_sampling_lose_and_repeat_nothing(live: LiveServer, tailing: Tail):
    live.repeat = True
    tailing.wait(lambda: tailing.last().mode == "Live Tail")
    put, lost = 0, []
    # The losses come while a reading has one page: a second one might find the ten before the gap is known.
    for step in range(30):
        many = 700 if step == 24 else 40
        live.put(*events(put, many))
        put += many
        if step in (6, 12, 20):
            end_with = "SessionTimeoutException" if step == 12 else ""
            lost.append(lose(live, tailing, end_with, *events(put, 10)))
            put += 10
        time.sleep(0.15)
    tailing.wait(lambda: len(tailing.messages()) >= put)
    time.sleep(0.5)
    assert sorted(tailing.messages()) == sorted(one["message"] for one in live.events)
    tailing.wait(lambda: all(gap.found is not None for gap in tailing.gaps()))
    gaps = tailing.gaps()
    # One that is not filled yet grows, so there may be fewer gaps than losses; but each loss lies in one.
    assert 1 <= len(gaps) <= len(lost)
    assert [at for at in lost if not any(gap.begin <= at <= gap.end for gap in gaps)] == []
    assert [gap for gap in gaps if gap.missing] == []
    # Of the ten that came while it was away a new session repeats three.
    assert sum(gap.found or 0 for gap in gaps) >= 7 * len(lost)
    assert any("three hours" in item.why for item in tailing.items if isinstance(item, TailGap))
    assert any(item.sampled for item in tailing.items if isinstance(item, TailStatus))


def test_silence_is_a_lost_connection(live: LiveServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(live_line, "SILENCE_S", 2.0)
    tailing = Tail(live.url)
    tailing.wait(lambda: tailing.last().mode == "Live Tail")
    live.mute = True
    live.put(*events(0, 5))
    tailing.wait(lambda: live.calls.count("StartLiveTail") > 1)
    live.mute = False
    tailing.wait(lambda: len(tailing.messages()) == 5)
    # A reading may find the five before the session is back.
    tailing.wait(lambda: bool(tailing.gaps()))
    assert "no word from AWS" in tailing.gaps()[0].why
    tailing.finish()


@pytest.mark.parametrize(
    ("refuse", "denied", "reason"),
    [
        ("", {"StartLiveTail"}, "Live Tail needs logs:StartLiveTail"),
        ("LimitExceededException", set(), "the account's 15 Live Tail sessions are all in use"),
        ("UnknownOperationException", set(), "UnknownOperationException"),
        ("InvalidOperationException", set(), "InvalidOperationException"),
    ],
)
def test_without_live_tail_it_polls_and_says_why(live: LiveServer, refuse: str, denied: set[str], reason: str):
    live.refuse, live.denied = refuse, denied
    live.put(*events(0, 3))
    tailing = Tail(live.url)
    tailing.wait(lambda: len(tailing.messages()) == 3)
    live.put(*events(3, 3))
    tailing.wait(lambda: len(tailing.messages()) == 6)
    assert tailing.last().mode == "polling"
    assert reason in tailing.last().reason
    tailing.finish()


def test_a_clock_that_is_ahead_is_told_and_loses_nothing(live: LiveServer):
    live.date_ahead_s = -900
    live.put(*events(0, 3))
    tailing = Tail(live.url)
    tailing.wait(lambda: any(isinstance(item, TailNote) for item in tailing.items))
    [note] = [item.text for item in tailing.items if isinstance(item, TailNote)]
    assert note in ("this machine's clock is 15m ahead of AWS's", "this machine's clock is 14m ahead of AWS's")
    # A record that starts before what this machine's clock would still read again.
    late = int(time.time()) - 900 - 640
    live.denied = {"StartLiveTail"}
    live.drop()
    live.put((late * 1000, "eni-0aaaaaaaaaaaaaaaa-all", line(late, port=99)))
    tailing.wait(lambda: len(tailing.messages()) == 4)
    tailing.finish()


def test_the_command_line_shows_live_records_and_ends_at_ctrl_c(live: LiveServer):
    live.put(*events(0, 1))
    command = [sys.executable, "-m", "flowtui", "tail", "/vpc/g", "--output", "raw", "--region", "us-east-1"]
    pipe = subprocess.PIPE
    with subprocess.Popen([*command, "--endpoint-url", live.url], stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == live.events[0]["message"] + "\n"
        live.put(*events(1, 1))
        assert process.stdout.readline() == live.events[1]["message"] + "\n"
        live.drop()
        live.put(*events(2, 1))
        assert process.stdout.readline() == live.events[2]["message"] + "\n"
        # A reading may have found it before the session was back.
        deadline = time.monotonic() + 120
        while live.calls.count("StartLiveTail") < 2:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        live.put(*events(3, 1))
        assert process.stdout.readline() == live.events[3]["message"] + "\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        said = process.stderr.read()
    assert "Traceback" not in said
    assert "gap " in said


@pytest.fixture
def ministack(environment: None) -> Iterator[str]:
    """The program named by MINISTACK: ``pip install ministack`` in an environment of its own."""
    program = os.environ.get("MINISTACK", "")
    if not program:
        pytest.skip("MINISTACK does not name a ministack program; the stand-in above covers the protocol")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environ = os.environ | {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "PORT": str(port)}
    with subprocess.Popen([program], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


def test_ministack(ministack: str):
    logs = boto3.client("logs", "us-east-1", endpoint_url=ministack)
    logs.create_log_group(logGroupName="/vpc/g")
    logs.create_log_stream(logGroupName="/vpc/g", logStreamName="eni-0aaaaaaaaaaaaaaaa-all")

    def put(first: int, count: int) -> list[str]:
        found = sorted(events(first, count))
        entries = [{"timestamp": stamp, "message": text} for stamp, _, text in found]
        logs.put_log_events(logGroupName="/vpc/g", logStreamName=found[0][1], logEvents=entries)
        return [text for _, _, text in found]

    sent = put(0, 20)
    tailing = Tail(ministack)
    tailing.wait(lambda: tailing.last().mode == "Live Tail" and len(tailing.messages()) == 20)
    for first in range(20, 200, 20):
        sent += put(first, 20)
        time.sleep(0.3)
    tailing.wait(lambda: len(tailing.messages()) >= 200)
    time.sleep(12)
    assert sorted(tailing.messages()) == sorted(sent)
    tailing.finish()
