"""The filter language of the tail, the same on the command line and on screen.

Terms stand side by side and all must hold; several filters stack the same way::

    web                     the line contains it, whatever the case;  "two words" in quotes
    /10\\.0\\.[01]\\./          the line matches a regular expression
    action=REJECT           a field by its name or column; * stands for anything:  interface-id=eni-0ab*
    dstport=22,80  port=ssh  port=1024-65535      numbers, ranges and names; port is either end
    src=10.0.0.0/16  addr=2001:db8::/32           addresses and blocks; addr is any of the record's addresses
    bytes>1000000  packets<=3  action!=ACCEPT     comparisons
    !dstport=123            not

A field that the record lacks, or whose value is ``-``, matches nothing but ``-`` itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from flowtui.records.fields import TGW_BY_NAME, VPC_BY_NAME
from flowtui.records.filter_checks import Check
from flowtui.records.filter_patterns import line_search
from flowtui.records.filter_values import BadValue, address_check, number_check, order_check, text_check
from flowtui.records.parse import Record

if TYPE_CHECKING:
    from flowtui.records.filter_lines import LineTest

Line = Record | str
"""A parsed record, or the text of a line that fits no layout."""

ALIASES = {
    "src": ("srcaddr",),
    "dst": ("dstaddr",),
    "addr": ("srcaddr", "dstaddr", "pkt-srcaddr", "pkt-dstaddr"),
    "ip": ("srcaddr", "dstaddr", "pkt-srcaddr", "pkt-dstaddr"),
    "port": ("srcport", "dstport"),
    "sport": ("srcport",),
    "dport": ("dstport",),
    "proto": ("protocol",),
    "eni": ("interface-id",),
    "interface": ("interface-id",),
    "account": ("account-id",),
    "vpc": ("vpc-id",),
    "subnet": ("subnet-id",),
    "instance": ("instance-id",),
    "status": ("log-status",),
    "flags": ("tcp-flags",),
    "direction": ("flow-direction",),
}
_ADDRESSES = {"srcaddr", "dstaddr", "pkt-srcaddr", "pkt-dstaddr"}
_KNOWN = VPC_BY_NAME | TGW_BY_NAME
_FIELD = re.compile(r"(?P<name>[A-Za-z][\w-]*)(?P<sign>!=|>=|<=|=|>|<)")
_ORDER = (">", "<", ">=", "<=")


class FilterError(ValueError):
    """A filter that cannot be understood; ``column`` is the 1-based place in its text."""

    def __init__(self, reason: str, column: int) -> None:
        super().__init__(f"column {column}: {reason}")
        self.reason = reason
        self.column = column


class UnknownField(FilterError):
    """A name that no field has, as far as is known; a layout may have it."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term: a check of some field, of which one must pass, or a test of the whole line.

    Args:
        fields: names of the fields; empty for a test of the line.
        check: for their values.
        line: for the line's text.
        differs: ``!=``, which only a record can meet.
        negated: ``!`` stands before it.
    """

    fields: tuple[str, ...] = ()
    check: Check = field(default_factory=Check)
    line: Callable[[str], bool] = lambda _: False
    differs: bool = False
    negated: bool = False

    def passes(self, line: Line) -> bool:
        """Whether a line passes."""
        return self._holds(line) != self.negated

    def _holds(self, line: Line) -> bool:
        if not self.fields:
            return self.line(line if isinstance(line, str) else line.raw)
        if isinstance(line, str):
            return False
        check = self.check
        return any(check(line.get(name)) for name in self.fields) != self.differs


@dataclass(frozen=True)
class Filter:
    """What a line must be like. The empty filter lets everything through; ``a & b`` asks for both."""

    text: str = ""
    terms: tuple[Term, ...] = ()

    @classmethod
    def parse(cls, text: str, names: Collection[str] = ()) -> Filter:
        """Read a filter.

        Args:
            text: the terms.
            names: field names that layouts have beyond the registry's.

        Raises:
            FilterError: what is wrong, and where; UnknownField where more names might mend it.
        """
        terms: list[Term] = []
        position = 0
        while position < len(text):
            if text[position].isspace():
                position += 1
                continue
            term, position = _term(text, position, names)
            terms.append(term)
        return cls(text.strip(), tuple(terms))

    def matches(self, line: Line) -> bool:
        """Whether a record, or a line that could not be parsed, passes."""
        return all(term.passes(line) for term in self.terms)

    def for_lines(self) -> LineTest:
        """A test for lines as they came, much faster than parsing them: see :mod:`flowtui.records.filter_lines`."""
        from flowtui.records.filter_lines import LineTest

        return LineTest(self)

    def __and__(self, other: Filter) -> Filter:
        return Filter(f"{self.text} {other.text}".strip(), self.terms + other.terms)

    def __bool__(self) -> bool:
        return bool(self.terms)


def _term(text: str, start: int, names: Collection[str]) -> tuple[Term, int]:
    if text[start] == "!":
        if start + 1 >= len(text) or text[start + 1].isspace():
            raise FilterError("! must stand before a term", start + 1)
        term, end = _term(text, start + 1, names)
        return replace(term, negated=not term.negated), end
    if text[start] == "/":
        return _regex(text, start)
    field = _FIELD.match(text, start)
    if field:
        value, end = _word(text, field.end())
        return _field_term(field["name"], field["sign"], value, start, field.end(), names), end
    word, end = _word(text, start)
    folded = word.casefold()
    return Term(line=lambda line: folded in line.casefold()), end


def _word(text: str, start: int) -> tuple[str, int]:
    """A value up to the next space, or in quotes."""
    if start < len(text) and text[start] == '"':
        end = text.find('"', start + 1)
        if end < 0:
            raise FilterError('a closing " is missing', start + 1)
        return text[start + 1 : end], end + 1
    end = start
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[start:end], end


def _regex(text: str, start: int) -> tuple[Term, int]:
    end = start + 1
    while end < len(text) and text[end] != "/":
        end += 2 if text[end] == "\\" else 1
    if end >= len(text):
        raise FilterError("a closing / is missing", start + 1)
    try:
        search = line_search(text[start + 1 : end])
    except re.error as error:
        raise FilterError(f"not a regular expression: {error.msg}", start + 2 + (error.pos or 0)) from None
    return Term(line=search), end + 1


def _field_term(given: str, sign: str, value: str, start: int, value_start: int, names: Collection[str]) -> Term:
    fields = _fields(given, start, names)
    if not value:
        raise FilterError(f"{given}{sign} needs a value", value_start + 1)
    try:
        check = _check(fields, sign, value)
    except BadValue as error:
        raise FilterError(str(error), value_start + 1) from None
    return Term(fields, check, differs=sign == "!=")


def _fields(given: str, start: int, names: Collection[str]) -> tuple[str, ...]:
    name = given.lower()
    if name in ALIASES:
        return ALIASES[name]
    dashed = name.replace("_", "-")
    if dashed in _KNOWN:
        return (dashed,)
    if given in names or name in names:
        return (given if given in names else name,)
    near = get_close_matches(dashed, [*ALIASES, *_KNOWN, *names], n=1)
    raise UnknownField(f"no field is called {given}" + (f"; {near[0]}?" if near else ""), start + 1)


def _check(fields: tuple[str, ...], sign: str, value: str) -> Check:
    name = fields[0]
    if sign in _ORDER:
        if name not in _KNOWN or not _KNOWN[name].numeric:
            raise BadValue(f"{name} is no number to compare")
        return order_check(sign, value)
    if name in _ADDRESSES:
        return address_check(value)
    if name in _KNOWN and _KNOWN[name].numeric:
        return number_check(name, value)
    return text_check(value)
