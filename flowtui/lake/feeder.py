"""Fetches and checks objects ahead of the loader, several at once.

Threads are daemons, so that cancelling a load, or leaving the program, does not wait for a fetch that hangs. Each takes
the next object when it is done with one, so that no more are in the air than there are threads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from flowtui.aws.failures import is_passing
from flowtui.aws.patience import Patience
from flowtui.errors import AwsError, FlowTuiError
from flowtui.lake.faults import CacheUnwritable, Stopped, Unreadable
from flowtui.lake.formats import Formats
from flowtui.lake.prepare import Prepared, prepare
from flowtui.lake.sources import Source
from flowtui.lake.spool import Spool

_NOTHING_THROUGH_S = 30.0
"""How long objects may fail one after the other by the network or the service before the rest is left out."""

# Refusals that every further object would meet as well.
_HOPELESS = {
    *("NoCredentials", "NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"),
    *("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired", "SSOTokenLoadError"),
    *("UnauthorizedSSOTokenError", "InvalidAccessKeyId", "SignatureDoesNotMatch", "NoSuchBucket"),
}


@dataclass(frozen=True, slots=True)
class Setback:
    """An object that could not be had or read.

    Args:
        source: the object.
        error: says why.
        untried: how many further objects are left out, because each would meet the same.
    """

    source: Source
    error: FlowTuiError
    untried: int = 0


class Feeder:
    """Prepares objects in the background.

    Args:
        sources: the objects.
        threads: how many at once.
        stop: set to give up; threads end on their own.
        formats: what is known of files without a header.
        spool: keeps plain copies; threads wait for room in it.

    While ``hurry`` is set, what may be done later is left: nobody does anything else yet.
    """

    def __init__(
        self, sources: Iterable[Source], threads: int, stop: threading.Event, formats: Formats, spool: Spool
    ) -> None:
        self._formats = formats
        self._spool = spool
        self._sources = list(sources)
        self._next = 0
        self._due = len(self._sources)
        self._stop = stop
        self._lock = threading.Lock()
        self._failing_since: float | None = None
        self._bytes_read = 0
        self.hurry = True
        self._answers: SimpleQueue[Prepared | Setback | BaseException] = SimpleQueue()
        for _ in range(min(threads, len(self._sources))):
            threading.Thread(target=self._work, name="flowtui-load", daemon=True).start()

    @property
    def bytes_read(self) -> int:
        """Bytes as stored of text that was checked so far; what was read twice counts twice."""
        return self._bytes_read

    @property
    def done(self) -> bool:
        """Whether every object has been answered for."""
        return self._due == 0

    def take(self, timeout_s: float) -> list[Prepared | Setback]:
        """What is ready by now, waiting a little for the first; belongs to one thread."""
        found: list[Prepared | Setback] = []
        try:
            while self._due:
                answer = self._answers.get(timeout=0.0 if found else timeout_s)
                if isinstance(answer, BaseException):
                    raise answer
                self._due -= 1 + (answer.untried if isinstance(answer, Setback) else 0)
                found.append(answer)
        except Empty:
            pass
        return found

    def _work(self) -> None:
        while (source := self._take_source()) is not None:
            try:
                answer: Prepared | Setback | BaseException = self._prepared(source)
                self._failing_since = None
            except Stopped:
                return
            except FlowTuiError as error:
                if isinstance(error, Unreadable):
                    # What is damaged may have become so on the way here.
                    source.discard()
                hopeless = self._is_cut_off(error) or _is_hopeless(error)
                answer = Setback(source, error, self._abandon() if hopeless else 0)
            except BaseException as error:  # noqa: BLE001 - not swallowed: raised again in the thread that takes it
                answer = error
            self._answers.put(answer)

    def _prepared(self, source: Source) -> Prepared:
        """An object, fetched again while the service says that it is busy."""
        patience = Patience(self._pause)
        while True:
            try:
                return prepare(source, self._stop, self._formats, self._spool, self._count, look=not self.hurry)
            except AwsError as error:
                if self._is_cut_off(error):
                    raise
                patience.wait(error)

    def _count(self, size: int) -> None:
        with self._lock:
            self._bytes_read += size

    def _pause(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise Stopped

    def _abandon(self) -> int:
        """Begin no further object; how many that leaves out."""
        with self._lock:
            left = len(self._sources) - self._next
            self._next = len(self._sources)
            return left

    def _is_cut_off(self, error: FlowTuiError) -> bool:
        """Whether nothing has got through for so long that the rest need not be tried."""
        if not (isinstance(error, AwsError) and is_passing(error)):
            self._failing_since = None
            return False
        now = time.monotonic()
        # Read once: another thread's success may take it away at any moment.
        since = self._failing_since
        if since is None:
            self._failing_since = since = now
        return now - since >= _NOTHING_THROUGH_S

    def _take_source(self) -> Source | None:
        with self._lock:
            if self._stop.is_set() or self._next >= len(self._sources):
                return None
            self._next += 1
            return self._sources[self._next - 1]


def _is_hopeless(error: FlowTuiError) -> bool:
    return isinstance(error, CacheUnwritable) or (isinstance(error, AwsError) and error.code in _HOPELESS)
