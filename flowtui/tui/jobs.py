"""Blocking work off the event loop, one contract for every screen.

A job is made from a generator of progress values. It is iterated in a worker thread; each value waits in the job's
queue and the screen is told, at most one message at a time, so a fast producer cannot flood the event loop. Only the
screen's handlers, on the event loop, take values out and touch widgets: for :data:`SLICE_S` at a time, so that keys
and painting get their turn however much is waiting. The end of a job is acted on after its last value.

Cancelling sets the job's stop event. The thread sees it between two values, closes the generator there (generators
may only be closed by the thread that runs them), and the generator's own ``finally`` cleans up. A generator that
blocks for long between values is given the same event and looks at it; where it cannot, ``interrupt`` ends the wait.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from textual.message import Message

from flowtui.errors import FlowTuiError
from flowtui.tui.apart import apart

Value = TypeVar("Value")

# A key pressed meanwhile waits no longer than this, which nobody notices.
SLICE_S = 0.02


class JobMoved(Message, bubble=False):
    """A job has values waiting. Handled by the base screen."""

    def __init__(self, job: Job[object]) -> None:
        super().__init__()
        self.job = job


class Job(Generic[Value]):
    """One piece of blocking work, and what to do with what it yields.

    Args:
        name: identifies it on its screen; a new job of the same name replaces the old.
        make: makes the generator, in the thread; gets the stop event.
        receive: called on the event loop with each value.
        done: called on the event loop when the work ended by itself.
        failed: called on the event loop with the failure; None shows the error modal.
        busy: what the moving indicator says; empty for none.
        keep: whether it goes on while another screen is shown.
        interrupt: called whenever the job is cancelled, after its stop event is set; must return at once.
        reads: it only reads and has nothing to clean up, so that once cancelled it is not waited for (:func:`apart`).
    """

    def __init__(
        self,
        name: str,
        make: Callable[[threading.Event], Iterable[Value]],
        receive: Callable[[Value], None],
        *,
        done: Callable[[], None] | None = None,
        failed: Callable[[FlowTuiError], None] | None = None,
        busy: str = "",
        keep: bool = True,
        interrupt: Callable[[], None] | None = None,
        reads: bool = False,
    ) -> None:
        self.name = name
        self.busy = busy
        self.keep = keep
        self.stop = threading.Event()
        self._make = make
        self._receive = receive
        self._done = done
        self._failed = failed
        self._interrupt = interrupt
        self._reads = reads
        self._values: deque[Value] = deque()
        self._told = False
        self._end: Callable[[], None] | None = None
        self._raised: FlowTuiError | None = None
        self._lock = threading.Lock()

    @property
    def cancelled(self) -> bool:
        """Whether it was asked to stop."""
        return self.stop.is_set()

    def cancel(self) -> None:
        """Ask it to stop; values not yet received are dropped."""
        self.stop.set()
        if self._interrupt is not None:
            self._interrupt()

    def run(self, tell: Callable[[], object]) -> None:
        """Iterate the generator; runs in the worker thread. ``tell`` wakes the screen.

        Raises:
            FlowTuiError: what the work raised, unless it had been cancelled before.
        """
        if self._reads:
            apart(lambda: self._iterate(tell), self.stop.is_set)
        else:
            self._iterate(tell)

    def _iterate(self, tell: Callable[[], object]) -> None:
        iterator = iter(self._make(self.stop))
        try:
            while not self.stop.is_set():
                value = next(iterator)
                self._put(value, tell)
        except StopIteration:
            return
        except FlowTuiError as error:
            # What a request says after its user gave it up is not news.
            if not self.stop.is_set():
                self._raised = error
                raise
        finally:
            close = getattr(iterator, "close", None)
            if close is not None:
                close()

    def _put(self, value: Value, tell: Callable[[], object]) -> None:
        with self._lock:
            self._values.append(value)
            if self._told:
                return
            self._told = True
        tell()

    def deliver(self) -> bool:
        """Hand waiting values on, for about :data:`SLICE_S`; event loop only. True when it is to be called again."""
        until = time.monotonic() + SLICE_S
        while (value := self._take()) is not None:
            self._receive(value[0])
            if time.monotonic() >= until:
                return True
        end, self._end = self._end, None
        if end is not None:
            end()
        return False

    def _take(self) -> tuple[Value] | None:
        """The next value, None when there is none and the screen is to be told of the next one."""
        with self._lock:
            if self.stop.is_set():
                self._values.clear()
            if self._values:
                return (self._values.popleft(),)
            self._told = False
            return None

    def when_received(self, end: Callable[[], None]) -> None:
        """Call ``end`` in the delivery that finds no value left; event loop only."""
        self._end = end

    def finish(self) -> None:
        """The work ended by itself; event loop only."""
        if not self.stop.is_set() and self._done is not None:
            self._done()

    def fail(self, error: FlowTuiError) -> bool:
        """The work failed; event loop only. False when nobody here handles it.

        A failure from before the job was cancelled, not yet told then, is dropped: its screen shows something else by
        now. One of cleaning up afterwards is told.
        """
        if self.stop.is_set() and error is self._raised:
            return True
        if self._failed is None:
            return False
        self._failed(error)
        return True
