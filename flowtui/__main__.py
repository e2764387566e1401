"""Entry point of the console script and of ``python -m flowtui``."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line and exit with its status."""
    _open_closed_streams()
    try:
        from flowtui.cli import run

        status = run(sys.argv[1:])
    except KeyboardInterrupt:
        # Before the command line could take it.
        status = 130
    # All is done; what is left would end by the signal, and not with the status of what was done.
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(status)


def _open_closed_streams() -> None:
    """Let what was started without stdin, stdout or stderr (``2>&-``) have them all the same, leading nowhere.

    Else Python has None there, and the next file opened, the workspace perhaps, takes the number that narration of
    some library is written to.
    """
    for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        if getattr(sys, name) is not None:
            continue
        # The lowest number that is free: those below are open by now.
        opened = os.open(os.devnull, os.O_RDWR)
        if opened != number:
            os.dup2(opened, number)
            os.close(opened)
        setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115  # for as long as it runs


if __name__ == "__main__":
    main()
