"""The frame: global options on both sides, exit statuses, errors as text."""

import contextlib
import importlib
import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from flowtui import __version__, cli
from flowtui.cli.root import COMMANDS, flowtui
from flowtui.errors import FlowTuiError


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_module_and_helps(run, name):
    module = importlib.import_module(f"flowtui.cli.{name}")
    assert module.command.name == name
    outcome = run(name, "--help")
    assert outcome.status == 0
    assert outcome.out.startswith(f"Usage: flowtui {name}")
    for option in ("--profile", "--region", "--demo", "--read-only", "--workspace"):
        assert option in outcome.out


def test_help_lists_every_command_with_a_line(run):
    outcome = run("--help")
    assert outcome.status == 0
    for name, line in COMMANDS.items():
        assert name in outcome.out
        assert line in outcome.out


def test_version(run):
    assert run("--version").out.strip() == f"flowtui, version {__version__}"


def test_global_options_before_and_after_the_command(run):
    before = run("--region", "eu-west-1", "info", "--output", "json")
    after = run("info", "--region", "eu-west-1", "--output", "json")
    assert before.out == after.out
    assert "eu-west-1" in before.out
    both = run("--region", "eu-west-1", "info", "--region", "us-east-1", "--output", "json")
    assert "eu-west-1" in both.out
    assert "us-east-1" in both.out


@pytest.mark.parametrize("arguments", [("frobnicate",), ("vpcs", "--output", "xml"), ("--frobnicate",)])
def test_nonsense_is_a_usage_error(run, arguments):
    outcome = run(*arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert "Usage: " in outcome.err


@pytest.mark.parametrize(
    ("raised", "status", "said"),
    [
        (FlowTuiError("It broke.", "Mend it."), 1, "flowtui: It broke.\n  Mend it.\n"),
        (FlowTuiError("AWS said \x1b[2J.", "one\ntwo\x07"), 1, "flowtui: AWS said ·[2J.\n  one\n  two·\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (click.Abort(), 130, "interrupted\n"),
    ],
)
def test_failures_become_text_and_a_status(run, monkeypatch, raised, status, said):
    @click.command("broken")
    def broken():
        raise raised

    monkeypatch.setattr(type(flowtui), "get_command", lambda self, ctx, name: broken)
    outcome = run("broken")
    assert (outcome.status, outcome.out, outcome.err.lstrip()) == (status, "", said)


def test_a_bug_keeps_its_traceback(monkeypatch):
    @click.command("broken")
    def broken():
        raise ZeroDivisionError

    monkeypatch.setattr(type(flowtui), "get_command", lambda self, ctx, name: broken)
    with pytest.raises(ZeroDivisionError):
        cli.run(["broken"])


def _piped(*arguments, **environment):
    """A process of its own, because encodings are settled when one starts."""
    return subprocess.run(
        [sys.executable, "-m", "flowtui", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


def test_an_encoding_without_our_symbols_loses_no_command():
    shown = _piped("info", PYTHONIOENCODING="latin-1")
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert rb"\u2013" in shown.stdout


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_where_it_is_not_wanted(environment):
    """On a terminal, where there would be colour otherwise."""
    assert b"\x1b[31m" in _on_a_terminal("load", "/nowhere", TERM="xterm")
    assert b"\x1b[" not in _on_a_terminal("load", "/nowhere", **environment)


def _on_a_terminal(*arguments, **environment):
    ours, theirs = pty.openpty()
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    with subprocess.Popen(
        [sys.executable, "-m", "flowtui", *arguments], env={**clean, **environment}, stderr=theirs, stdout=theirs
    ) as process:
        os.close(theirs)
        said = b""
        # A terminal whose other side is gone answers with an error rather than with an end.
        with contextlib.suppress(OSError):
            while data := os.read(ours, 4096):
                said += data
        process.wait()
    os.close(ours)
    return said


def test_the_app_is_not_opened_where_no_key_can_reach_it():
    outcome = subprocess.run(
        [sys.executable, "-m", "flowtui", "--demo"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (outcome.returncode, outcome.stdout) == (2, b"")
    assert b"The app needs a terminal" in outcome.stderr and b"flowtui --help" in outcome.stderr


def test_a_mistyped_command_is_told_the_nearest_one(run):
    outcome = run("vpc")
    assert outcome.status == 2
    assert "No such command 'vpc'. Did you mean vpcs?" in outcome.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_is_said_and_no_traceback():
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "flowtui", "--help"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("flowtui: There is no space left")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("closed", "carried"), [(">&-", ""), ("2>&-", "one"), ("<&-", "one"), (">&- 2>&- <&-", "")])
def test_a_stream_that_was_closed_leads_nowhere(tmp_path, closed, carried):
    """A terminal that was asked of no stream at all ended the command, and with it what the other stream carried."""
    words = [sys.executable, "-m", "flowtui", "sql", "--output", "csv", "SELECT 1 AS one"]
    done = subprocess.run(
        f"{shlex.join(words)} {closed}",
        shell=True,
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert done.stdout.splitlines() == ([f'"{carried}"', '"1"'] if carried else [])
