"""Calls that a person waits for: throttling is sat out, and Ctrl-C stops them at once.

The object store retries a request by itself for a second or two, and while it waits for an answer a Ctrl-C does not
reach Python.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from flowtui.aws.failures import is_passing, is_unreached
from flowtui.aws.parallel import Pool
from flowtui.errors import AwsError

_T = TypeVar("_T")

LIMIT_S = 30.0
"""How long a service may say that it is busy or in trouble."""
_FIRST_S = 0.5
_LONGEST_S = 4.0


class Patience:
    """Decides whether a call that failed is made again, and waits before it is; belongs to one thread.

    Args:
        sleep: pauses for some seconds.
    """

    def __init__(self, sleep: Callable[[float], object] = time.sleep) -> None:
        self._sleep = sleep
        self._since: float | None = None
        self._pause_s = _FIRST_S

    def renew(self) -> None:
        """A call went well."""
        self._since, self._pause_s = None, _FIRST_S

    def wait(self, error: AwsError) -> None:
        """Pause before the next try.

        Raises:
            AwsError: the error itself, where waiting would not help or has not. A network that is gone is told soon.
        """
        now = time.monotonic()
        self._since = now if self._since is None else self._since
        if not is_passing(error) or is_unreached(error) or now - self._since >= LIMIT_S:
            raise error
        # Not all at the same moment: several calls are under way at once.
        self._sleep(self._pause_s * random.uniform(0.5, 1.0))
        self._pause_s = min(_LONGEST_S, 2 * self._pause_s)


def patiently(call: Callable[[], _T]) -> _T:
    """What a call answers, made again while the service says that it is busy.

    Raises:
        AwsError: as the call.
    """
    patience = Patience()
    while True:
        try:
            return interruptibly(call)
        except AwsError as error:
            patience.wait(error)


def interruptibly(call: Callable[[], _T]) -> _T:
    """What a call answers. In the main thread Ctrl-C ends the waiting, and the call is left to itself.

    Raises:
        BaseException: what the call raises.
    """
    if threading.current_thread() is not threading.main_thread():
        return call()
    with Pool[_T](1) as pool:
        pool.submit(call)
        return next(iter(pool))
