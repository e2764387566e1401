"""Flow-log records written by hand, for queries whose answers are worked out in plain Python."""

from __future__ import annotations

from dataclasses import astuple, dataclass

_DAY = 1705276800  # 2024-01-15 00:00 UTC


@dataclass(frozen=True)
class Row:
    """One record of the default format, with its partition."""

    version: int
    account_id: str
    interface_id: str
    srcaddr: str
    dstaddr: str
    srcport: int | None
    dstport: int | None
    protocol: int | None
    packets: int | None
    bytes: int | None
    start: int
    end: int
    action: str
    log_status: str
    dt: str


def _row(
    src: str, dst: str, ports: tuple[int, int], protocol: int, sizes: tuple[int, int], at: int, action: str
) -> Row:
    day = "2024-01-15" if at < 86400 else "2024-01-16"
    moments = (_DAY + at, _DAY + at + 60)
    return Row(
        2, "123456789010", "eni-1235b8ca123456789", src, dst, *ports, protocol, *sizes, *moments, action, "OK", day
    )


ROWS = [
    _row("172.31.16.139", "172.31.16.21", (20641, 22), 6, (20, 4249), 0, "ACCEPT"),
    _row("172.31.9.69", "172.31.9.12", (49761, 3389), 6, (20, 4249), 90, "REJECT"),
    _row("192.168.1.100", "10.0.0.5", (40001, 443), 6, (10, 9000), 3600, "ACCEPT"),
    _row("192.168.1.100", "10.0.0.5", (40002, 443), 6, (12, 11000), 3700, "ACCEPT"),
    _row("192.168.1.100", "10.0.0.6", (40003, 22), 6, (3, 180), 7200, "REJECT"),
    _row("192.168.1.100", "10.0.0.6", (40003, 22), 6, (3, 180), 7260, "REJECT"),
    _row("192.168.1.100", "10.0.0.6", (40004, 22), 6, (7, 950), 7300, "ACCEPT"),
    _row("203.0.113.12", "172.31.16.139", (0, 0), 1, (4, 336), 7301, "ACCEPT"),
    _row("172.31.16.139", "203.0.113.12", (0, 0), 1, (4, 336), 7302, "REJECT"),
    _row("10.0.0.9", "10.0.0.5", (22, 51000), 6, (2, 120), 86399, "ACCEPT"),
    _row("10.0.0.9", "10.0.0.5", (5353, 22), 17, (2, 120), 50000, "ACCEPT"),
    _row("192.168.1.100", "10.0.0.5", (40001, 443), 6, (1, 99999), 90000, "ACCEPT"),
    _row("172.31.16.139", "172.31.16.21", (20641, 22), 6, (1, 40), 90001, "ACCEPT"),
    _row("172.31.16.139", "198.51.100.9", (50123, 8443), 6, (900, 123456), 90002, "ACCEPT"),
    _row("198.51.100.9", "172.31.16.139", (8443, 50123), 6, (20, 1200), 90003, "ACCEPT"),
    Row(
        2,
        "123456789010",
        "eni-1235b8ca123456789",
        "-",
        "-",
        None,
        None,
        None,
        None,
        None,
        _DAY,
        _DAY + 60,
        "-",
        "NODATA",
        "2024-01-15",
    ),
    Row(
        2,
        "123456789010",
        "eni-11111111aaaaaaaaa",
        "-",
        "-",
        None,
        None,
        None,
        None,
        None,
        _DAY,
        _DAY + 60,
        "-",
        "SKIPDATA",
        "2024-01-15",
    ),
]


def tuples() -> list[tuple[object, ...]]:
    """The rows as DuckDB takes them."""
    return [astuple(row) for row in ROWS]
