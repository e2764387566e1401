"""Expressions with known answers: a list of ours, and the project's golden file where it is at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flowtui.errors import QueryError
from flowtui.sql.duckdb_engine import DuckDBEngine
from tests.sql.conftest import value

GOLDEN = Path(__file__).parents[3].parent / "shared" / "golden" / "athena-expressions.json"
OWN = Path(__file__).parents[1] / "data" / "expressions.txt"
NOT_YET: frozenset[str] = frozenset()
"""Golden expressions that are known to be wrong; each must fail, so that the list shrinks."""


def _own() -> list[tuple[str, str]]:
    lines = [line for line in OWN.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(expression, expected) for expression, _, expected in (line.rpartition(" => ") for line in lines)]


def _golden() -> list[tuple[str, str]]:
    if not GOLDEN.exists():
        return []
    return [(entry["expression"], entry["expected"]) for entry in json.loads(GOLDEN.read_text(encoding="utf-8"))]


def answer(engine: DuckDBEngine, expression: str) -> str:
    try:
        return value(engine, expression)
    except QueryError as error:
        assert error.message
        assert error.line >= 1, "every error has a place"
        return "ERROR"


@pytest.mark.parametrize(("expression", "expected"), _own(), ids=lambda part: part[:60])
def test_own_expressions(engine: DuckDBEngine, expression: str, expected: str) -> None:
    assert answer(engine, expression) == expected


@pytest.mark.skipif(not GOLDEN.exists(), reason="the golden file lies beside the repository, not in it")
@pytest.mark.parametrize(("expression", "expected"), _golden(), ids=lambda part: part[:60])
def test_golden_expressions(engine: DuckDBEngine, expression: str, expected: str) -> None:
    right = answer(engine, expression) == expected
    assert right is (expression not in NOT_YET)
