"""Throttling is sat out, a network that is gone is not, and whoever waits can be interrupted."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import obstore
import pytest
from obstore.exceptions import GenericError
from obstore.store import MemoryStore

from flowtui.aws import objects, patience
from flowtui.aws.objects import list_objects
from flowtui.aws.patience import interruptibly, patiently
from flowtui.errors import AccessDenied, AwsError
from tests.aws.scripted import NOW, Script

ROOT = "AWSLogs/123456789010/vpcflowlogs/us-east-1/"
BUSY = "503 Service Unavailable: <Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"


class Busy:
    """A store that fails as often as told: a listing after its first page, any other call at once."""

    def __init__(self, failures: int, said: str = BUSY) -> None:
        self.store = MemoryStore()
        self.failures = failures
        self.said = said

    def _fail(self) -> None:
        if self.failures:
            self.failures -= 1
            raise GenericError(self.said)

    def list(self, prefix: str | None = None, **options: Any) -> Iterator[Any]:
        pages = iter(self.store.list(prefix, **options))
        yield next(pages)
        self._fail()
        yield from pages

    def list_with_delimiter(self, prefix: str | None = None) -> Any:
        self._fail()
        return self.store.list_with_delimiter(prefix)

    def head(self, path: str) -> Any:
        self._fail()
        return self.store.head(path)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_FIRST_S", 0.0)
    monkeypatch.setattr(objects, "_CHUNK", 2)


def listed(store: Busy, prefix: str, **span: Any) -> list[str]:
    names = [f"{ROOT}2024/01/15/{number}.log.gz" for number in range(9)]
    for name in names:
        obstore.put(store.store, name, b"x")
    script = Script({"HeadBucket": lambda p: {"BucketRegion": "us-east-1"}})
    script.stores["logs"] = store  # type: ignore[assignment]  # in the place of a store
    return [item.key.removeprefix(ROOT) for item in list_objects(script.account(), "logs", prefix, **span)]


@pytest.mark.parametrize("failures", [1, 3])
@pytest.mark.parametrize("prefix", ["", ROOT, f"{ROOT}2024/01/15/3.log.gz"])
@pytest.mark.parametrize("ranged", [False, True])
def test_a_throttled_listing_goes_on_where_it_was(failures: int, prefix: str, ranged: bool):
    span = {"since": NOW - timedelta(hours=1), "until": NOW} if ranged else {}
    numbers = [3] if prefix.endswith(".gz") else range(9)
    assert listed(Busy(failures), prefix, **span) == [f"2024/01/15/{number}.log.gz" for number in numbers]


def test_there_is_an_end_to_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(patience, "LIMIT_S", 0.0)
    with pytest.raises(AwsError, match="throttled"):
        listed(Busy(1), "")


@pytest.mark.parametrize(
    ("said", "kind"), [("error sending request", AwsError), ("<Error><Code>AccessDenied</Code></Error>", AccessDenied)]
)
def test_what_waiting_does_not_help_is_told_at_once(said: str, kind: type[AwsError]):
    store = Busy(2, said)
    with pytest.raises(kind):
        listed(store, "")
    assert store.failures == 1


def test_the_main_thread_waits_for_another_and_others_for_nobody():
    """A call of the store does not hear a Ctrl-C, so that the main thread must not be in one."""
    main = threading.current_thread()
    assert interruptibly(threading.current_thread) is not main
    assert patiently(threading.current_thread) is not main
    found: list[bool] = []
    other = threading.Thread(target=lambda: found.append(interruptibly(threading.current_thread) is other))
    other.start()
    other.join()
    assert found == [True]
