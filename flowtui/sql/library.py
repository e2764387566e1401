"""The library of queries: the files of ``examples/``, each with what it answers and what to look for.

A file opens with comment lines ``-- title:``, ``-- question:``, ``-- fields:`` and ``-- look-for:``; a line that starts
with two further spaces continues the one before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from flowtui.errors import UsageError

_KEYS = ("title", "question", "fields", "look-for")
_CONTINUED = "--   "
_DAY = re.compile(r"'(\d{4})([-/])(\d{2})\2(\d{2})'")


@dataclass(frozen=True, slots=True)
class Example:
    """A query of the library.

    Args:
        name: file name without number and ending; what ``flowtui examples`` takes.
        title: a few words.
        question: the question it answers, as a user would ask it.
        fields: columns the flow log must have.
        look_for: what in the answer deserves attention.
        sql: the text, without the comment lines at the top.
    """

    name: str
    title: str
    question: str
    fields: tuple[str, ...]
    look_for: str
    sql: str


@cache
def examples() -> tuple[Example, ...]:
    """All queries, in the order of their files."""
    folder = resources.files("flowtui.sql").joinpath("examples")
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".sql")), key=lambda item: item.name)
    return tuple(_read(item.name, item.read_text(encoding="utf-8")) for item in files)


def example(name: str) -> Example:
    """One query by name.

    Raises:
        UsageError: there is none of that name.
    """
    for one in examples():
        if one.name == name.lower().removesuffix(".sql"):
            return one
    from flowtui.sql.dialect.names import nearest

    hint = nearest(name, [one.name for one in examples()])
    raise UsageError(f"There is no example {name}.", hint or "flowtui examples lists them.")


def days_of(sql: str) -> list[str]:
    """The days an example names, ``YYYY-MM-DD``, in whichever form it writes them."""
    return sorted({f"{year}-{month}-{day}" for year, _, month, day in _DAY.findall(sql)})


def on_day(sql: str, old: str, new: str) -> str:
    """An example asked of another day; both days are ``YYYY-MM-DD``, the text may write them with slashes."""

    def other(found: re.Match[str]) -> str:
        same = f"{found[1]}-{found[3]}-{found[4]}" == old
        return f"'{new.replace('-', found[2])}'" if same else found[0]

    return _DAY.sub(other, sql)


def _read(file_name: str, text: str) -> Example:
    head: dict[str, str] = {}
    lines = text.splitlines()
    last = ""
    used = 0
    for line in lines:
        name, colon, value = line.removeprefix("-- ").partition(":")
        if line.startswith(_CONTINUED) and last:
            head[last] += " " + line.removeprefix(_CONTINUED).strip()
        elif line.startswith("-- ") and colon and name in _KEYS:
            last = name
            head[last] = value.strip()
        else:
            break
        used += 1
    missing = [name for name in _KEYS if name not in head]
    if missing:
        raise ValueError(f"{file_name} lacks the line -- {missing[0]}:")
    fields = tuple(field.strip() for field in head["fields"].split(",") if field.strip())
    name = file_name.removesuffix(".sql").partition("-")[2]
    sql = "\n".join(lines[used:]).strip()
    return Example(name, head["title"], head["question"], fields, head["look-for"], sql)
