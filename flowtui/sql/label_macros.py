"""Macros for the functions that are flowtui's own, written from the words it shows elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from flowtui.records.labels import protocol_name, tcp_flag_names, traffic_path_name
from flowtui.sql.dialect.names import text_literal

_BYTE = 256
_PRIVATE = (
    r"10\..*|172\.(1[6-9]|2[0-9]|3[01])\..*|192\.168\..*|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\..*"
    r"|169\.254\..*|127\..*|::1|[fF][cCdD][0-9a-fA-F]{2}:.*|[fF][eE][89abAB][0-9a-fA-F]:.*"
)
"""RFC 1918, shared address space (RFC 6598), link-local, loopback, and their like in IPv6 (RFC 4193, RFC 4291)."""


def label_macros() -> tuple[str, ...]:
    """The statements that make them."""
    return (
        _words("protocol_label", protocol_name),
        _words("tcp_flags_label", tcp_flag_names),
        _words("traffic_path_label", traffic_path_name),
        "CREATE MACRO private_address(x) AS CASE WHEN strpos(x, '.') > 0 OR strpos(x, ':') > 0 "
        f"THEN regexp_full_match(x, {text_literal(_PRIVATE)}) END",
    )


def _words(name: str, word: Callable[[int], str]) -> str:
    """A list of the words of every number that fits a byte; what does not stands for itself, NULL stays NULL."""
    words = ", ".join(text_literal(word(number)) for number in range(_BYTE))
    inside = f"CAST(x AS BIGINT) BETWEEN 0 AND {_BYTE - 1}"
    return f"CREATE MACRO {name}(x) AS CASE WHEN {inside} THEN [{words}][x + 1] ELSE CAST(x AS VARCHAR) END"
