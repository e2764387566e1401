"""Entry point of the console script and of ``python -m flowtui``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its status."""
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


if __name__ == "__main__":
    main()
