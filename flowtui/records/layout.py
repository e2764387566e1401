"""The layout of a record: which fields, in which order. It is read from the data, never assumed.

Text files carry it in their header line, CloudWatch log groups in the flow log's LogFormat, Parquet files in their
schema. A name that AWS may add tomorrow is kept, as text under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from flowtui.records.fields import DEFAULT_FORMAT, TGW_BY_NAME, TGW_FIELDS, VPC_BY_NAME, VPC_FIELDS, Field

Kind = Literal["vpc", "tgw"]

PARTITION_COLUMN = "dt"
"""Column the local table adds to every record; no field may take its name."""

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_ODD_NAME = re.compile(r"[A-Za-z0-9]+(?:[-_.:][A-Za-z0-9]+)*")
_RESOURCE_ID = re.compile(r"[a-z]+-[0-9a-f]{8}(?:[0-9a-f]{9})?")
_FORMAT_FIELD = re.compile(r"\$\{\s*([^{}]*?)\s*\}")
_TGW_ONLY = frozenset(TGW_BY_NAME) - frozenset(VPC_BY_NAME)
_NAME_OF_COLUMN = {field.column: field.name for field in (*TGW_FIELDS, *VPC_FIELDS)}
_KNOWN = frozenset(_NAME_OF_COLUMN) | frozenset(_NAME_OF_COLUMN.values())


class LayoutError(ValueError):
    """A text that should describe a layout does not."""


@dataclass(frozen=True)
class Layout:
    """Field names in the order of a record's columns.

    Args:
        kind: ``vpc``, or ``tgw`` for transit gateway records.
        names: as the header had them, unknown ones included.
    """

    kind: Kind
    names: tuple[str, ...]

    @classmethod
    def of(cls, names: Iterable[str]) -> Layout:
        """A layout of these names, of the kind of flow log that more of them are fields of.

        So a field that AWS may yet take over from the one kind into the other does not turn a file into the other's.

        Raises:
            LayoutError: there is no name, or none that flow logs have.
        """
        found = tuple(_known_name(name) for name in names)
        if _KNOWN.isdisjoint(found):
            shown = " ".join(found)[:80]
            raise LayoutError(f"no flow log field among: {shown}" if shown else "no field names")
        names = set(found)
        tgw, vpc = len(names & TGW_BY_NAME.keys()), len(names & VPC_BY_NAME.keys())
        is_tgw = tgw > vpc or (tgw == vpc and not _TGW_ONLY.isdisjoint(names))
        return cls("tgw" if is_tgw else "vpc", found)

    @classmethod
    def from_header(cls, line: str) -> Layout:
        """The layout of a text file's first line.

        Raises:
            LayoutError: the line is no header.
        """
        if not looks_like_header(line):
            raise LayoutError(f"not a header line: {line.strip()[:80]}")
        return cls.of(_header_names(line))

    @classmethod
    def from_log_format(cls, text: str) -> Layout:
        """The layout of a flow log's LogFormat, ``${version} ${account-id} …``.

        Raises:
            LayoutError: the text holds no fields.
        """
        return cls.of(_FORMAT_FIELD.findall(text))

    @classmethod
    def from_parquet(cls, names: Iterable[str]) -> Layout:
        """The layout of a Parquet schema's column names.

        Raises:
            LayoutError: no column is a flow log field.
        """
        return cls.of(names)

    @cached_property
    def fields(self) -> tuple[Field | None, ...]:
        """What is known of each position; None for unknown names and for a name's second appearance."""
        known = TGW_BY_NAME if self.kind == "tgw" else VPC_BY_NAME
        return tuple(
            known.get(name) if name not in self.names[:position] else None for position, name in enumerate(self.names)
        )

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Database column of each position: unique, lower case, letters, digits and underscores."""
        taken = {PARTITION_COLUMN} | {field.column for field in self.fields if field}
        found: list[str] = []
        for name, field in zip(self.names, self.fields, strict=True):
            found.append(field.column if field else _free_column(name, taken))
        return tuple(found)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names the registry does not have; their values are kept as text."""
        known = TGW_BY_NAME if self.kind == "tgw" else VPC_BY_NAME
        return tuple(name for name in self.names if name not in known)

    @property
    def log_format(self) -> str:
        """As LogFormat writes it."""
        return " ".join(f"${{{name}}}" for name in self.names)

    @property
    def header(self) -> str:
        """As a text file's first line writes it, without line end."""
        return " ".join(self.names)

    @property
    def version(self) -> int:
        """The highest version among the known fields, which AWS calls the format's version."""
        return max((field.version for field in self.fields if field), default=2)

    @cached_property
    def positions(self) -> dict[str, int]:
        """Position by field name and by column name."""
        found = {column: position for position, column in enumerate(self.columns)}
        for position, name in enumerate(self.names):
            found.setdefault(name, position)
        return found

    def index(self, name: str) -> int | None:
        """Position of a field by its name or column, None when the layout lacks it."""
        return self.positions.get(name)


def looks_like_header(line: str) -> bool:
    """Whether a line is a header: names only, and flow log fields among them.

    One field is enough where every other word is written as AWS writes names today: lower-case words with hyphens.
    Where some word is not (capitals, dots, digits in front), more than half must be fields.
    """
    names = _header_names(line)
    known = sum(name in _KNOWN for name in names)
    if not known:
        return False
    if all(_NAME.fullmatch(name) and not _RESOURCE_ID.fullmatch(name) for name in names):
        return True
    return 2 * known > len(names) and all(_ODD_NAME.fullmatch(name) for name in names)


def split_line(line: str) -> list[str]:
    """The columns of a line, with or without its line end. Only spaces separate, and a run of them counts as one."""
    columns = line.rstrip("\r\n").split(" ")
    return [column for column in columns if column] if "" in columns else columns


def _header_names(line: str) -> list[str]:
    return split_line(line.lstrip("\ufeff"))


def _known_name(name: str) -> str:
    """A field's own name for its column's, so that ``account_id`` is the field ``account-id``."""
    return _NAME_OF_COLUMN.get(name, name)


def _free_column(name: str, taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "field"
    base = f"_{base}" if base[0].isdigit() else base
    column, number = base, 2
    while column in taken:
        column, number = f"{base}_{number}", number + 1
    taken.add(column)
    return column


DEFAULT_LAYOUT = Layout("vpc", DEFAULT_FORMAT)
"""The 14 fields of the default format."""
