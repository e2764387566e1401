"""Which chart a result allows: chosen from its columns, drawn only when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

Kind = Literal["lines", "bars", "histogram"]

MOST_BARS = 20
_AMOUNTS = frozenset({"bytes", "packets", "count", "flows", "total", "rejects", "attempts", "ports"})
_CODES = frozenset({"port", "srcport", "dstport", "protocol", "version", "flags", "path", "status", "id"})
_TIME_WORDS = ("hour", "minute", "day", "date", "time", "dt", "month", "start", "end", "bucket", "slot")


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart to draw: numbers, and a label for each; a histogram has no labels."""

    kind: Kind
    title: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    left_out: int = 0


def is_number(value: object) -> bool:
    """Whether a value can be drawn."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def choose(names: Sequence[str], columns: Sequence[Sequence[object]]) -> Chart | None:
    """The chart that suits a result; None when there is nothing to draw.

    A time and a number make lines; a text (or several) and a number make bars of the first rows; a number alone makes
    a histogram. The number is the last numeric column that is no time and no port, which in a query that groups is
    the aggregate.
    """
    rows = min((len(column) for column in columns), default=0)
    if not rows:
        return None
    times = [n for n, column in enumerate(columns) if _is_time(names[n], column)]
    numbers = [n for n, column in enumerate(columns) if n not in times and _all_numbers(column)]
    texts = [n for n in range(len(columns)) if n not in numbers and n not in times]
    if not numbers:
        return None
    number = _best_number(names, numbers)
    values = [_float(value) for value in columns[number]]
    if times and rows > 1:
        return _lines(names, columns, times[0], number, values)
    if texts or len(numbers) > 1:
        labelling = texts or [n for n in numbers if n != number]
        labels = [" ".join(_label(columns[n][row]) for n in labelling[:3]) for row in range(rows)]
        return Chart(
            "bars", names[number], tuple(labels[:MOST_BARS]), tuple(values[:MOST_BARS]), max(0, rows - MOST_BARS)
        )
    return Chart("histogram", names[number], (), tuple(values))


def _lines(
    names: Sequence[str], columns: Sequence[Sequence[object]], time: int, number: int, values: list[float]
) -> Chart:
    totals: dict[str, float] = {}
    for moment, value in zip(columns[time], values, strict=False):
        label = _moment_label(moment)
        totals[label] = totals.get(label, 0.0) + value
    ordered = sorted(totals)
    return Chart("lines", f"{names[number]} by {names[time]}", tuple(ordered), tuple(totals[one] for one in ordered))


def _best_number(names: Sequence[str], numbers: Sequence[int]) -> int:
    """The column to draw: an amount by its name, else the last one that is no port, code or identifier."""
    words = {n: set(names[n].lower().split("_")) for n in numbers}
    amounts = [n for n in numbers if words[n] & _AMOUNTS]
    plain = [n for n in numbers if not words[n] & _CODES]
    return amounts[0] if amounts and len(amounts) < len(numbers) else (plain or list(numbers))[-1]


def _is_time(name: str, column: Sequence[object]) -> bool:
    values = [value for value in column if value is not None]
    if values and all(isinstance(value, datetime | date) for value in values):
        return True
    words = name.lower().split("_")
    return any(word in _TIME_WORDS for word in words) and len(set(map(str, values))) > 1 and not _small(values)


def _small(values: Sequence[object]) -> bool:
    """Durations and counts may be named like times; they are small numbers, or fractions."""
    return any(isinstance(value, float) for value in values)


def _all_numbers(column: Sequence[object]) -> bool:
    values = [value for value in column if value is not None]
    return bool(values) and all(is_number(value) for value in values)


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float | Decimal) else 0.0


def _label(value: object) -> str:
    return "NULL" if value is None else str(value)


def _moment_label(value: object) -> str:
    """Unix seconds as date and time, anything else as it is; labels sort as their moments do."""
    if isinstance(value, int) and 10**9 <= value < 10**10:
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%d %H:%M")
    return _label(value)
