"""Tail records as lines of a table that fits the terminal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flowtui.records.labels import clean, protocol_name

if TYPE_CHECKING:
    from flowtui.aws.tail import TailLine
    from flowtui.records.parse import Record

_SYMBOLS = {"ACCEPT": ("✓", "+"), "REJECT": ("✗", "x"), "NODATA": ("·", "."), "SKIPDATA": ("!", "!")}
_ANY_ADDRESS = 39
"""Cells of the longest IPv6 address."""


@dataclass(frozen=True)
class TailTable:
    """Which columns there are and how wide; start with the least, which an 80-column terminal holds."""

    date: bool = False
    packets: bool = False
    interface: int = 10
    address: int = 15
    ascii_only: bool = False

    @classmethod
    def fitted(cls, width: int | None, ascii_only: bool) -> TailTable:
        """As much as ``width`` cells hold; everything where nothing need be cut (None)."""
        table = cls(ascii_only=ascii_only)
        if width is None:
            return replace(table, date=True, packets=True, interface=23, address=_ANY_ADDRESS)

        def if_it_fits(wider: TailTable) -> TailTable:
            return wider if len(wider.header) <= width else table

        table = if_it_fits(replace(table, packets=True))
        table = if_it_fits(replace(table, interface=21))
        table = if_it_fits(replace(table, date=True))
        room = max(0, width - len(table.header)) // 2
        return replace(table, address=min(_ANY_ADDRESS, table.address + room))

    @property
    def header(self) -> str:
        """The line of titles."""
        titles = ("Time (UTC)" if self.date else "UTC", " ", "Interface", "From", "Port", "To", "Port")
        return self._line(*titles, "Proto", "Packets", "Bytes")

    def row(self, line: TailLine) -> str:
        """A record, or the bare message where it is none; safe on a terminal."""
        record = line.record
        event_s = line.event.timestamp_ms // 1000
        if record is None:
            return f"{self._time(event_s)} ? {clean(line.event.message)}"
        state = _state(record)
        at = self._time(event_s if record.start is None else record.start)
        values = (
            *(record.interface_id, record.srcaddr, record.srcport, record.dstaddr, record.dstport),
            *(protocol_name(record.protocol), record.packets, record.bytes),
        )
        texts = ("-" if value in (None, "") else clean(str(value)) for value in values)
        text = self._line(at, _SYMBOLS.get(state, (" ", " "))[self.ascii_only], *texts)
        return f"{text}  {state}" if state in ("NODATA", "SKIPDATA") else text

    def _time(self, seconds: int) -> str:
        try:
            at = datetime.fromtimestamp(seconds, UTC)
        except (ValueError, OverflowError, OSError):
            # A record may say anything; no calendar reaches there.
            return "?"
        return f"{at:%Y-%m-%d %H:%M:%S}" if self.date else f"{at:%H:%M:%S}"

    def _line(self, time: str, symbol: str, interface: str, *rest: str) -> str:
        source, source_port, target, target_port, protocol, packets, total = rest
        parts = [
            f"{time:<{19 if self.date else 8}} {symbol} {self._short(interface, self.interface):<{self.interface}}",
            f"{self._short(source, self.address):>{self.address}} {source_port:>5}",
            f"{self._short(target, self.address):>{self.address}} {target_port:>5}",
            f"{protocol:<5}",
        ]
        if self.packets:
            parts.append(f"{packets:>8}")
        return " ".join([*parts, f"{total:>8}"])

    def _short(self, text: str, width: int) -> str:
        """Cut in the middle: ids and addresses differ at their ends."""
        if len(text) <= width:
            return text
        tail = (width - 1) // 2
        return f"{text[: width - 1 - tail]}{'~' if self.ascii_only else '…'}{text[len(text) - tail :]}"


def _state(record: Record) -> str:
    return record.log_status if record.log_status in ("NODATA", "SKIPDATA") else record.action
