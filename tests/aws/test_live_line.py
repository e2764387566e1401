"""The thread that keeps a Live Tail session open, against sessions that a test writes."""

import queue
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from flowtui.aws import live_line
from flowtui.aws.live_line import Down, LiveLine, Up, Update, Word
from flowtui.errors import AccessDenied, AwsError, FlowTuiError

START: Mapping[str, Any] = {"sessionStart": {}}
EVENT = {
    "logGroupIdentifier": "123456789010:/vpc/g",
    "logStreamName": "eni-1-all",
    "timestamp": 1000,
    "ingestionTime": 2000,
    "message": "m",
}


def update(*events: Mapping[str, Any], sampled: bool = False) -> Mapping[str, Any]:
    return {"sessionUpdate": {"sessionMetadata": {"sampled": sampled}, "sessionResults": list(events)}}


class Sessions:
    """Opens the sessions of a list in turn; an error in the list is raised where it stands."""

    def __init__(self, *sessions: list[Any]) -> None:
        self.sessions = list(sessions)
        self.words: queue.Queue[Word] = queue.Queue()

    def __call__(self) -> tuple[datetime | None, Iterator[Mapping[str, Any]]]:
        items = self.sessions.pop(0) if self.sessions else [AccessDenied("no more", action="none")]
        if isinstance(items[0], FlowTuiError):
            raise items[0]
        return datetime(2024, 1, 15, tzinfo=UTC), self._stream(items)

    def _stream(self, items: list[Any]) -> Iterator[Mapping[str, Any]]:
        for item in items:
            if isinstance(item, Exception):
                raise item
            yield item

    def hear(self, number: int) -> list[Word]:
        line = LiveLine(self, self.words.put, "us-east-1")
        try:
            return [self.words.get(timeout=20) for _ in range(number)]
        finally:
            line.close()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_line, "LONGEST_RETRY_S", 0.001)


def test_a_session_is_read_and_opened_again_when_it_ends():
    words = Sessions([START, update(EVENT), update(sampled=True)], [START]).hear(5)
    assert words[0] == Up(datetime(2024, 1, 15, tzinfo=UTC))
    [event] = words[1].events
    assert (event.stream, event.timestamp_ms, event.ingested_ms, event.message) == ("eni-1-all", 1000, 2000, "m")
    assert (event.group, event.region, event.event_id) == ("/vpc/g", "us-east-1", "")
    assert words[2] == Update((), partial=True)
    assert isinstance(words[3], Down)
    assert words[3].why == "AWS ended the session"
    assert isinstance(words[4], Up)


@pytest.mark.parametrize(
    "identifier",
    ["/vpc/g", "arn:aws:logs:us-east-1:123456789010:log-group:/vpc/g", "arn:aws:logs:r:1:log-group:/vpc/g:*"],
)
def test_a_group_is_known_by_name_or_arn(identifier: str):
    words = Sessions([START, update({**EVENT, "logGroupIdentifier": identifier})]).hear(2)
    assert words[1].events[0].group == "/vpc/g"


def stream_error(code: str) -> Exception:
    from botocore.exceptions import EventStreamError

    return EventStreamError({"Error": {"Code": code, "Message": "said by AWS"}}, "StartLiveTail")


def timeout() -> Exception:
    from urllib3.exceptions import ReadTimeoutError

    return ReadTimeoutError(None, "", "Read timed out.")


def broken() -> Exception:
    from urllib3.exceptions import ProtocolError

    return ProtocolError("Connection broken: ConnectionResetError(104)")


def garbled() -> Exception:
    from botocore.eventstream import ChecksumMismatch

    return ChecksumMismatch(1, 2)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (stream_error("SessionTimeoutException"), "three hours are over"),
        (stream_error("SessionStreamingException"), "said by AWS"),
        (timeout(), "no word from AWS for 5 s"),
        (broken(), "Connection broken"),
        (garbled(), "garbled on its way"),
    ],
)
def test_what_ends_a_session_is_told_and_the_next_opens(error: Exception, said: str):
    words = Sessions([START, error], [START]).hear(3)
    assert isinstance(words[1], Down)
    assert said in words[1].why
    assert words[1].retry_s is not None
    assert words[1].retry_s <= 5
    assert isinstance(words[2], Up)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (AccessDenied("denied", action="logs:StartLiveTail"), "Live Tail needs logs:StartLiveTail"),
        (AwsError("no such operation", code="UnknownOperationException"), "no such operation"),
        (AwsError("a web page", code="NotAws"), "a web page"),
        (FlowTuiError("not in the demo account"), "not in the demo account"),
    ],
)
def test_what_another_try_does_not_mend_ends_the_line(error: FlowTuiError, said: str):
    sessions = Sessions([error], [START])
    assert sessions.hear(1) == [Down(said, None)]
    assert len(sessions.sessions) == 1


class Held(Iterator[Mapping[str, Any]]):
    """A stream that knows whether its connection was given back."""

    def __init__(self, error: Exception) -> None:
        self.items: list[Any] = [START, error]
        self.closed = False

    def __next__(self) -> Mapping[str, Any]:
        item = self.items.pop(0)
        if isinstance(item, Exception):
            raise item
        return item

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("error", [stream_error("SessionTimeoutException"), StopIteration()])
def test_the_connection_of_a_session_that_ended_is_closed(error: Exception):
    streams: list[Held] = []

    def opened() -> tuple[None, Held]:
        streams.append(Held(error))
        return None, streams[-1]

    words: queue.Queue[Word] = queue.Queue()
    line = LiveLine(opened, words.put, "us-east-1")
    assert [type(words.get(timeout=20)) for _ in range(2)] == [Up, Down]
    line.close()
    assert streams[0].closed


def test_a_crowded_account_is_asked_again_after_a_minute():
    [word] = Sessions([AwsError("limit", code="LimitExceededException")]).hear(1)
    assert word == Down("the account's 15 Live Tail sessions are all in use", 60.0)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between sessions, but how long is told as ever."""
    monkeypatch.setattr(live_line, "LONGEST_RETRY_S", 5.0)
    monkeypatch.setattr(live_line.threading.Event, "wait", lambda self, timeout=None: self.is_set())


def test_an_endpoint_whose_sessions_end_at_once_is_asked_ever_more_rarely(hasty: None):
    words = Sessions(*[[START, update(EVENT)]] * 9).hear(3 * 3 + 6)
    downs = [word for word in words if isinstance(word, Down)]
    assert [word.retry_s for word in downs] == [1.0, 2.0, 4.0, 60.0, 120.0, 240.0, 480.0, 960.0, 960.0][: len(downs)]
    assert downs[3].why == "Live Tail keeps ending: AWS ended the session; it is tried again every 1 min"


def test_after_sessions_that_ended_soon_one_has_to_last_before_it_is_believed(
    hasty: None, monkeypatch: pytest.MonkeyPatch
):
    now = [0.0]
    monkeypatch.setattr(live_line.time, "monotonic", lambda: now[0])

    def lasting(seconds: int) -> Iterator[Any]:
        yield START
        for _ in range(seconds):
            now[0] += 1.0
            yield update(EVENT)

    class Lasting(Sessions):
        """Of a list of numbers the session lasts as many seconds."""

        def _stream(self, items: list[Any]) -> Iterator[Mapping[str, Any]]:
            return lasting(len(items)) if items[0] == 0 else super()._stream(items)

    ended = [[START, update(EVENT)]] * 4
    sessions = Lasting(*ended, list(range(50)), list(range(90)), [START])
    words = sessions.hear(4 * 3 + 1 + 1 + 30 + 2)
    kinds = [type(word).__name__ for word in words]
    assert kinds[:12] == ["Up", "Update", "Down"] * 4
    # Fifty seconds are not enough: nothing of that session is told. The one of ninety is believed after sixty.
    assert kinds[12] == "Down"
    assert words[13] == Up(None)
    assert kinds[14:44] == ["Update"] * 30
    # It worked, so the next is opened at once and believed.
    assert words[44] == Down("AWS ended the session", 0.0)
    assert kinds[45] == "Up"


def test_a_lost_network_is_tried_every_few_seconds_for_as_long_as_it_takes(hasty: None):
    lost = AwsError("cannot reach", code="EndpointConnectionError")
    words = Sessions(*[[lost]] * 12, [START]).hear(13)
    assert [word.retry_s for word in words if isinstance(word, Down)] == [1.0, 2.0, 4.0] + [5.0] * 9
    assert isinstance(words[-1], Up)


def test_a_service_in_trouble_is_asked_ever_more_rarely(hasty: None):
    words = Sessions(*[[AwsError("failed", code="InternalFailure")]] * 6).hear(6)
    assert [word.retry_s for word in words if isinstance(word, Down)] == [1.0, 2.0, 4.0, 60.0, 120.0, 240.0]
