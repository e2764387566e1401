"""Reads record lines, one at a time, fast: the tail's parser, and the loader's for lines its fast path refuses.

A value that is empty or could not be computed is ``-``: None in a number's place, kept in a text's, as Athena's table
over the same lines has it.
"""

from __future__ import annotations

from flowtui.records.layout import Layout, LayoutError, split_line

_LIMITS = {"INT_32": 2**31 - 1, "INT_64": 2**63 - 1}

Value = str | int | None


class RejectedLine(ValueError):
    """A line that does not fit its layout; ``reason`` says why, in a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Record:
    """One parsed line.

    ``values`` stand in the layout's order. Fields the layout lacks are None, and ``""`` where a property promises
    text. Times are Unix seconds.
    """

    __slots__ = ("layout", "raw", "values")

    def __init__(self, layout: Layout, values: list[Value], raw: str) -> None:
        self.layout = layout
        self.values = values
        self.raw = raw

    def get(self, name: str) -> Value:
        """The value of a field by name (``account-id``) or column (``account_id``)."""
        position = self.layout.positions.get(name)
        return None if position is None else self.values[position]

    def _number(self, name: str) -> int | None:
        value = self.get(name)
        return value if isinstance(value, int) else None

    def _text(self, name: str) -> str:
        value = self.get(name)
        return value if isinstance(value, str) else ""

    @property
    def start(self) -> int | None:
        """First packet, Unix seconds."""
        return self._number("start")

    @property
    def end(self) -> int | None:
        """Last packet, Unix seconds."""
        return self._number("end")

    @property
    def interface_id(self) -> str:
        """Network interface the record is of."""
        return self._text("interface-id")

    @property
    def srcaddr(self) -> str:
        """Source address."""
        return self._text("srcaddr")

    @property
    def dstaddr(self) -> str:
        """Destination address."""
        return self._text("dstaddr")

    @property
    def srcport(self) -> int | None:
        """Source port."""
        return self._number("srcport")

    @property
    def dstport(self) -> int | None:
        """Destination port."""
        return self._number("dstport")

    @property
    def protocol(self) -> int | None:
        """IANA protocol number."""
        return self._number("protocol")

    @property
    def packets(self) -> int | None:
        """Packets in the interval."""
        return self._number("packets")

    @property
    def bytes(self) -> int | None:
        """Bytes in the interval."""
        return self._number("bytes")

    @property
    def action(self) -> str:
        """ACCEPT, REJECT or ``-``."""
        return self._text("action")

    @property
    def log_status(self) -> str:
        """OK, NODATA or SKIPDATA."""
        return self._text("log-status")

    def __repr__(self) -> str:
        return f"Record({self.raw!r})"


class LineParser:
    """Parses lines of one layout.

    Args:
        layout: as read from the header, the LogFormat or a schema.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._width = len(layout.names)
        self._numbers = tuple(
            (position, _LIMITS[field.parquet_type])
            for position, field in enumerate(layout.fields)
            if field is not None and field.numeric
        )

    def parse(self, line: str) -> Record:
        """One line, with or without its line end; runs of spaces count as one, nothing else separates.

        Raises:
            RejectedLine: too few or too many columns, no number where one belongs, a line end inside the line, or
                nothing but the names of the fields.
        """
        raw = line.rstrip("\r\n")
        if "\n" in raw or "\r" in raw:
            raise RejectedLine("a line end inside the line")
        texts = split_line(raw)
        if len(texts) != self._width:
            raise RejectedLine(f"{len(texts)} columns, {self._width} expected")
        if not self._numbers and self._is_header(raw):
            raise RejectedLine("the names of the fields")
        values: list[Value] = [*texts]
        for position, limit in self._numbers:
            text = texts[position]
            if text == "-":
                values[position] = None
                continue
            # isdecimal() alone takes the digits of every script.
            if not text.isdecimal() or not text.isascii() or len(text) > 19 or (number := int(text)) > limit:
                raise RejectedLine(f"{self.layout.names[position]} is not a number: {text[:40]}")
            values[position] = number
        return Record(self.layout, values, raw)

    def _is_header(self, line: str) -> bool:
        """Where no field is a number a header would pass for a record."""
        try:
            return Layout.from_header(line).names == self.layout.names
        except LayoutError:
            return False
