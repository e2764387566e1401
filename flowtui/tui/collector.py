"""Keeps the garbage collector's pauses short.

A full collection looks at every object of the process while everything else stands still: once AWS's models, the SQL
parser and the screens are loaded, for longer than a tenth of a second. What was there at the start, and what survived
a collection that took long, is therefore set aside (``gc.freeze``), and the next one looks only at what came since.
Objects set aside are freed as ever when nothing refers to them any more; only those of them that refer to each other
in a circle stay until the app ends.
"""

from __future__ import annotations

import gc
from time import thread_time

LONG_S = 0.015
"""Processor time of a full collection after which its survivors are set aside."""


class Collector:
    """Watches full collections from :meth:`start` to :meth:`stop`."""

    def __init__(self) -> None:
        self._began_s = 0.0

    def start(self) -> None:
        """Set aside what is there."""
        gc.callbacks.append(self._collecting)
        gc.freeze()

    def stop(self) -> None:
        """Let everything be collected again."""
        if self._collecting in gc.callbacks:
            gc.callbacks.remove(self._collecting)
            gc.unfreeze()

    def _collecting(self, phase: str, info: dict[str, int]) -> None:
        if info["generation"] < len(gc.get_threshold()) - 1:
            return
        if phase == "start":
            self._began_s = thread_time()
        elif thread_time() - self._began_s > LONG_S:
            gc.freeze()
