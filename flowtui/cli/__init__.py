"""The command line: one module a command, imported when that command runs.

Exit status: 0 done, 1 failed, 2 usage, 3 done in part, 130 interrupted. stdout carries data, stderr narration.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence

import click

from flowtui.errors import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE, FlowTuiError


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status; the only place where errors become text."""
    from flowtui.cli.root import flowtui

    _survive_narrow_encodings()
    try:
        status = flowtui.main(list(arguments), prog_name="flowtui", standalone_mode=False, color=_colour())
        sys.stdout.flush()
        return int(status or 0)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE if isinstance(error, click.UsageError) else EXIT_FAILED
    except FlowTuiError as error:
        report(error)
        return error.exit_status
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader went away (| head). Python would complain once more while closing stdout.
        _let_go_of_stdout()
        return EXIT_FAILED
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _let_go_of_stdout()
        report(FlowTuiError("There is no space left for what was to be written.", "What was written is not complete."))
        return EXIT_FAILED


def _let_go_of_stdout() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def report(error: FlowTuiError) -> None:
    """Print a failure and its next step on stderr; what AWS or a file put into them cannot steer the terminal."""
    from flowtui.records.labels import clean

    said = "\n".join(clean(line) for line in f"flowtui: {error.args[0]}".splitlines())
    click.secho(said, err=True, fg="red", color=_colour())
    for line in error.hint.splitlines():
        click.echo(f"  {clean(line)}", err=True)


def _colour() -> bool | None:
    """False where escapes are not wanted (https://no-color.org), else None: click colours terminals only."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def _survive_narrow_encodings() -> None:
    """Show what a terminal or file's encoding lacks as an escape rather than fail halfway through the data."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
