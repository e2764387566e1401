"""A screen whose work is taken back when its terminal is closed."""

from __future__ import annotations

import asyncio
import signal
import sys

from flowtui.tui.base import FlowScreen

# An event loop of Windows takes no signals.
HANGUPS = () if sys.platform == "win32" else (signal.SIGHUP, signal.SIGTERM)


class EndsWithTerminal(FlowScreen):
    """Lets a closed terminal end the app as ctrl+q does, so that jobs close their generators."""

    def on_mount(self) -> None:
        """Listen for the terminal's end."""
        for number in HANGUPS:
            asyncio.get_running_loop().add_signal_handler(number, self._hung_up)

    def on_unmount(self) -> None:
        """Give the signals back."""
        for number in HANGUPS:
            asyncio.get_running_loop().remove_signal_handler(number)

    def _hung_up(self) -> None:
        self.cancel_jobs()
        self.app.exit()
