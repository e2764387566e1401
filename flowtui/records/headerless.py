"""Lines that come without a header: how a user states their layout, and what their shape tells.

CloudWatch Logs keeps bare records. A console export of a log group puts an ISO time before each
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3Export.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from flowtui.records.layout import DEFAULT_LAYOUT, Layout, LayoutError
from flowtui.records.parse import LineParser, Record, RejectedLine
from flowtui.records.shape import fits

SAMPLE = 200
"""Lines that are looked at to tell a layout by shape."""

TIME = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})"
"""The ISO time before a line, as a regular expression that Python and the database read alike."""

_FORMAT_FIELD = re.compile(r"\$\{[^{}]*\}")
_TIME = re.compile(f"({TIME}) +", re.ASCII)
_EARLIEST, _LATEST = 1_000_000_000, 10_000_000_000
_LONGEST_S = 3600


def parse_format(text: str) -> Layout:
    """A layout as a user states it: ``default``, a LogFormat, or field names with spaces or commas between.

    Raises:
        LayoutError: the text names no field, or one twice, or has something else between its fields.
    """
    if text.strip() == "default":
        return DEFAULT_LAYOUT
    if "${" in text and (other := _FORMAT_FIELD.sub(" ", text).replace(",", " ").split()):
        raise LayoutError(f"{other[0]} is no ${{field}}")
    layout = Layout.from_log_format(text) if "${" in text else Layout.of(text.replace(",", " ").split())
    twice = [name for position, name in enumerate(layout.names) if name in layout.names[:position]]
    if twice:
        raise LayoutError(f"{twice[0]} is named twice")
    return layout


def without_time(line: str) -> str:
    """A line without the ISO time that an export of CloudWatch Logs puts before it."""
    found = _TIME.match(line)
    return line[found.end() :] if found else line


def time_of(line: str) -> str:
    """The ISO time of an export that a line begins with, empty when it does not."""
    found = _TIME.match(line)
    return found[1] if found else ""


def is_default(lines: Iterable[str]) -> bool:
    """Whether lines are records of the default format beyond reasonable doubt: nine in ten are, in every column."""
    parser = LineParser(DEFAULT_LAYOUT)
    seen = fitting = 0
    for line in lines:
        seen += 1
        try:
            fitting += _is_plausible(parser.parse(line))
        except RejectedLine:
            continue
    return seen > 0 and 10 * fitting >= 9 * seen


def union(layouts: Sequence[Layout]) -> Layout:
    """One layout with the fields of several, for lines that may have any of them.

    Raises:
        LayoutError: they are of VPCs and of transit gateways.
    """
    if len({layout.kind for layout in layouts}) > 1:
        raise LayoutError("records of VPCs and of transit gateways are mixed")
    return Layout(layouts[0].kind, tuple(dict.fromkeys(name for layout in layouts for name in layout.names)))


def _is_plausible(record: Record) -> bool:
    """Whether every value is one its field can have, so that columns in another order would be noticed."""
    if record.get("version") != 2 or not fits(record) or record.log_status == "-":
        return False
    ports = all(port is None or port <= 65535 for port in (record.srcport, record.dstport))
    protocol = record.protocol is None or record.protocol <= 255
    packets, size = record.packets, record.bytes
    volume = packets is None or size is None or packets <= size
    start, end = record.start, record.end
    if start is None or end is None:
        return False
    return ports and protocol and volume and _EARLIEST <= start <= end <= min(start + _LONGEST_S, _LATEST)
