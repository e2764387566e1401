"""What starting costs: help, and the modules every command goes through, import none of the heavy libraries."""

import subprocess
import sys

import pytest

HEAVY = ("textual", "boto3", "botocore", "duckdb", "sqlglot", "pyarrow", "obstore", "yaml")


def imported_by(code):
    """The heavy libraries that a fresh interpreter has imported after running ``code``."""
    ask = f"import sys\n{code}\nprint(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True, timeout=60)
    return done.stderr.split()


def run(*arguments):
    return f"from flowtui.cli import run\nassert run({list(arguments)!r}) == 0"


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("vpcs", "--help"), ("doctor", "--help"), ("iam",), ("info",)]
)
def test_light_command_lines_import_nothing_heavy(arguments):
    assert imported_by(run(*arguments)) == []


@pytest.mark.parametrize(
    "module",
    ["flowtui.cli.root", "flowtui.context", "flowtui.aws.session", "flowtui.aws.inventory", "flowtui.insight.doctor"],
)
def test_the_way_to_the_first_screen_imports_nothing_heavy(module):
    assert imported_by(f"import {module}") == []


def test_vpcs_of_the_demo_account_needs_neither_the_database_nor_the_screen():
    loaded = imported_by(run("--demo", "vpcs", "--no-newest"))
    assert "boto3" in loaded
    assert not {"textual", "duckdb", "sqlglot", "pyarrow"} & set(loaded)


def test_it_starts_as_a_module():
    done = subprocess.run([sys.executable, "-m", "flowtui", "--version"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.split()[0]) == (0, "flowtui,")
