"""Work that is not waited for once nobody wants it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_LOOK_S = 0.1
"""Between two looks whether the work is still wanted."""


def apart(work: Callable[[], T], unwanted: Callable[[], bool]) -> T | None:
    """What work in a thread of its own gives; None as soon as it is unwanted: the work is then left to itself.

    Python waits at its end for the threads of the event loop, and a call on a dead network takes most of a minute. The
    thread is a daemon, so nothing waits for it: only for work that reads and that need not clean up.

    Raises:
        Exception: what the work raised while it was wanted.
    """
    ended = threading.Event()
    answers: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(work())
        except BaseException as error:  # noqa: BLE001 - not swallowed: raised again in the thread that waits
            raised.append(error)
        finally:
            ended.set()

    threading.Thread(target=run, name="flowtui-apart", daemon=True).start()
    while not ended.wait(_LOOK_S):
        if unwanted():
            return None
    if raised:
        raise raised[0]
    return answers[0]
