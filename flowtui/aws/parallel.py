"""A bounded pool of daemon threads whose answers are iterated as they arrive.

Threads are daemons, unlike those of ``concurrent.futures``, so that leaving the program or cancelling does not wait
for a call that hangs on a dead network. Jobs run in pool threads; everything else belongs to the iterating thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Raised:
    error: BaseException


class Pool(Generic[T]):
    """Runs jobs in at most ``threads`` threads; iterate to get each answer, in the order in which they finish.

    An exception of a job is raised to the iterating thread. Jobs may be submitted while iterating. Leaving the
    ``with`` block drops the jobs that have not begun and returns at once.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._started = 0
        self._outstanding = 0
        self._jobs: SimpleQueue[Callable[[], T] | None] = SimpleQueue()
        self._answers: SimpleQueue[T | _Raised] = SimpleQueue()
        self._closed = threading.Event()

    def submit(self, job: Callable[[], T]) -> None:
        """Add a job."""
        self._outstanding += 1
        self._jobs.put(job)
        if self._started < min(self._threads, self._outstanding):
            self._started += 1
            threading.Thread(target=self._work, name="flowtui-aws", daemon=True).start()

    def __iter__(self) -> Iterator[T]:
        while self._outstanding:
            answer = self._answers.get()
            self._outstanding -= 1
            if isinstance(answer, _Raised):
                raise answer.error
            yield answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        for _ in range(self._started):
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if self._closed.is_set():
                continue
            try:
                answer: T | _Raised = job()
            except BaseException as error:  # noqa: BLE001 - not swallowed: raised again in the iterating thread
                answer = _Raised(error)
            self._answers.put(answer)
