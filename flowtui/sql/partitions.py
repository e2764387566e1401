"""The partitions a table can have: those that were added to it, or those its properties project.

Partition projection: https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flowtui.aws.glue import CatalogTable

MOST_VALUES = 200_000
"""Values of one projected column at most; more are not looked through."""

_DATE_PARTS = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}
_DATE_TOKEN = re.compile(r"'([^']*)'|([A-Za-z])\2*|[^A-Za-z']+")
_NOW = re.compile(r"NOW(?:\s*([+-])\s*(\d+)\s*([A-Z]+))?", re.IGNORECASE)
_UNITS_S = {"SECONDS": 1, "MINUTES": 60, "HOURS": 3600, "DAYS": 86_400, "WEEKS": 604_800}
_UNITS_MONTHS = {"MONTHS": 1, "YEARS": 12}
_PLACEHOLDER = re.compile(r"\$\{([^}]+)\}")


class NotProjected(ValueError):
    """A projection that cannot be followed here; the text says why."""


@dataclass(frozen=True, slots=True)
class Projection:
    """What the properties of a table say: every column's values, and how a location is made of them."""

    values: Mapping[str, Sequence[str]]
    template: str

    def location(self, chosen: Mapping[str, str]) -> str:
        """Where the files of one combination of values are."""
        return _PLACEHOLDER.sub(lambda found: chosen.get(found[1], found[0]), self.template)


def projection_of(table: CatalogTable, now: datetime) -> Projection | None:
    """The projection of a table; None when its partitions are added one by one.

    Raises:
        NotProjected: it has one that is not understood, or not without a value given in the query.
    """
    properties = {name.lower(): value for name, value in table.parameters.items()}
    if properties.get("projection.enabled", "").lower() != "true":
        return None
    keys = [name for name, _ in table.partition_keys]
    values = {name: _values(name, properties, now) for name in keys}
    folders = "/".join(f"{name}=${{{name}}}" for name in keys)
    template = properties.get("storage.location.template") or f"{table.location.rstrip('/')}/{folders}"
    return Projection(values, template if template.endswith("/") else f"{template}/")


def _values(name: str, properties: Mapping[str, str], now: datetime) -> Sequence[str]:
    key = f"projection.{name.lower()}."
    kind = properties.get(f"{key}type", "").lower()
    if kind == "enum":
        return [value.strip() for value in properties.get(f"{key}values", "").split(",") if value.strip()]
    if kind == "integer":
        return _integers(name, key, properties)
    if kind == "date":
        return _dates(name, key, properties, now)
    raise NotProjected(f"the values of {name} are not listed anywhere (projection type {kind or 'unknown'})")


def _integers(name: str, key: str, properties: Mapping[str, str]) -> Sequence[str]:
    first, last = _range(name, key, properties)
    try:
        digits = int(properties.get(f"{key}digits") or 0)
        numbers = range(int(first), int(last) + 1, int(properties.get(f"{key}interval") or 1))
    except ValueError as error:
        raise NotProjected(f"the range of {name} is not understood") from error
    if len(numbers) > MOST_VALUES:
        raise NotProjected(f"the range of {name} has {len(numbers):,} values")
    return [f"{number:0{digits}}" if digits else str(number) for number in numbers]


def _dates(name: str, key: str, properties: Mapping[str, str], now: datetime) -> Sequence[str]:
    form = strftime_of(properties.get(f"{key}format", ""))
    if form is None:
        raise NotProjected(f"the date format of {name} is not understood")
    first, last = (_moment(text, form, now, name) for text in _range(name, key, properties))
    unit = properties.get(f"{key}interval.unit", "").upper() or _unit_of(form)
    try:
        step = int(properties.get(f"{key}interval") or 1)
    except ValueError as error:
        raise NotProjected(f"the interval of {name} is not understood") from error
    found: list[str] = []
    moment, number = first, 0
    while moment <= last:
        found.append(moment.strftime(form))
        if len(found) > MOST_VALUES:
            raise NotProjected(f"the range of {name} has more than {MOST_VALUES:,} values")
        number += step
        moment = _later(first, number, unit, name)
    return list(dict.fromkeys(found))


def _range(name: str, key: str, properties: Mapping[str, str]) -> tuple[str, str]:
    parts = [part.strip() for part in properties.get(f"{key}range", "").split(",")]
    if len(parts) != 2:
        raise NotProjected(f"the range of {name} is not understood")
    return parts[0], parts[1]


def strftime_of(java: str) -> str | None:
    """A format of Java's date formatter as strftime's; None when it holds more than dates and times in digits."""
    parts = []
    for token in _DATE_TOKEN.finditer(java):
        if token[1] is not None:
            parts.append((token[1] or "'").replace("%", "%%"))
        elif token[2] is None:
            parts.append(token[0].replace("%", "%%"))
        elif token[0] in _DATE_PARTS:
            parts.append(_DATE_PARTS[token[0]])
        else:
            return None
    return "".join(parts) or None


def _unit_of(form: str) -> str:
    for part, unit in (("%S", "SECONDS"), ("%M", "MINUTES"), ("%H", "HOURS"), ("%d", "DAYS"), ("%m", "MONTHS")):
        if part in form:
            return unit
    return "YEARS"


def _moment(text: str, form: str, now: datetime, name: str) -> datetime:
    found = _NOW.fullmatch(text)
    if found is None:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError as error:
            raise NotProjected(f"{text} does not fit the date format of {name}") from error
    if not found[1]:
        return now
    amount = int(found[2]) * (1 if found[1] == "+" else -1)
    return _later(now, amount, found[3].upper(), name)


def _later(moment: datetime, amount: int, unit: str, name: str) -> datetime:
    unit = unit if unit.endswith("S") else f"{unit}S"
    try:
        if unit in _UNITS_S:
            return moment + timedelta(seconds=amount * _UNITS_S[unit])
        months = moment.year * 12 + moment.month - 1 + amount * _UNITS_MONTHS[unit]
        # The last days of a month have none in a shorter one; a partition is named by its first moment anyway.
        return moment.replace(year=months // 12, month=months % 12 + 1, day=min(moment.day, 28))
    except (KeyError, ValueError, OverflowError) as error:
        raise NotProjected(f"the interval of {name} is not understood") from error
