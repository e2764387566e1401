"""Statements in a thread of their own, which a Ctrl-C does not reach in the middle: they end whole or are stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AGAIN_S = 0.05


class Aside:
    """Work that waits for :meth:`begin`; belongs to one thread, as ``connection`` belongs to the work meanwhile.

    Args:
        connection: what the work runs its statements on.
        work: what to do.
    """

    def __init__(self, connection: DuckDBPyConnection, work: Callable[[], None]) -> None:
        self._connection = connection
        self._work = work
        self._change = threading.Lock()
        self._begun = self._given_up = False
        self.done = False
        """Whether it was all done."""
        self.error: BaseException | None = None
        # Not the thread's own is_alive(): a KeyboardInterrupt during join() can make that false too soon.
        self.at_rest = threading.Event()

    def begin(self) -> None:
        """Begin; whatever interrupts this or what follows, :meth:`end` it."""
        threading.Thread(target=self._run, name="flowtui-aside", daemon=True).start()

    def run(self) -> None:
        """Begin and wait.

        Raises:
            BaseException: what the work raised; KeyboardInterrupt also where the work was stopped by one, but not
                where it was all done before it could be.
        """
        try:
            self.begin()
            self.at_rest.wait()
        except KeyboardInterrupt:
            self.end()
            if not self.done:
                raise
        if self.error is not None:
            raise self.error

    def end(self) -> None:
        """Stop it, if it is still at work; where its thread has not come to it yet, it is never begun."""
        with self._change:
            self._given_up = True
        while self._begun and not self.at_rest.is_set():
            # Again and again, for it only reaches a statement that is running at that moment.
            self._connection.interrupt()
            self.at_rest.wait(_AGAIN_S)

    def _run(self) -> None:
        with self._change:
            self._begun = not self._given_up
        try:
            if self._begun:
                self._work()
                self.done = True
        except BaseException as error:  # noqa: BLE001 - not swallowed: raised again in the thread that waits
            self.error = error
        finally:
            self.at_rest.set()
