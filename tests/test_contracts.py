"""The layers of the house, as pyproject.toml states them, hold; and so do the promises on its edges."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import flowtui
from flowtui.cli.root import COMMANDS

PACKAGE = Path(flowtui.__file__).parent
PROJECT = PACKAGE.parent

# What --help must not import (design: figures to reach).
HEAVY = ("textual", "boto3", "duckdb", "sqlglot")


def test_the_import_contracts_hold():
    if not (PROJECT / "pyproject.toml").exists():
        pytest.skip("no pyproject.toml: the installed package carries no contracts")
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize("heavy", HEAVY)
def test_help_does_not_import(heavy):
    code = f"import sys; from flowtui.cli import run; run(['--help']); sys.exit({heavy!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"flowtui --help imports {heavy}"
    assert "Usage: flowtui" in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_module(name):
    assert (PACKAGE / "cli" / f"{name}.py").is_file()


def test_every_public_module_says_what_it_is():
    silent = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_modules_and_classes_stay_small():
    """At most 400 lines a module, 300 a class, 70 a function."""
    too_long = []
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text()
        name = path.relative_to(PACKAGE).as_posix()
        if text.count("\n") > 400:
            too_long.append(name)
        for node in ast.walk(ast.parse(text)):
            limit = {ast.ClassDef: 300, ast.FunctionDef: 70, ast.AsyncFunctionDef: 70}.get(type(node))
            if limit and node.end_lineno - node.lineno >= limit:
                too_long.append(f"{name}:{node.name}")
    assert too_long == []


def test_only_the_demo_package_knows_the_demo_account():
    """Nothing else decides anything by whether the account is simulated, but for making it and labelling it."""
    knowing = set()
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        if not name.startswith("demo/") and "flowtui.demo" in path.read_text():
            knowing.add(name)
    assert knowing <= {"context.py"}
