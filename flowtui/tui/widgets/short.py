"""Numbers and ids made short enough for a narrow column."""

from __future__ import annotations

from flowtui.tui.widgets.fit import fit


def fit_middle(text: str, width: int) -> str:
    """``text`` in exactly ``width`` cells, its middle lost if need be: both ends of an id matter."""
    if not text.isascii() or len(text) <= width or width < 5:
        return fit(text, width)
    tail = (width - 1) // 2
    return text[: width - 1 - tail] + "…" + text[-tail:]


def short_count(count: int) -> str:
    """A count in at most five cells: ``9,999``, ``41k``, ``7.2M``."""
    if count < 10_000:
        return f"{count:,}"
    if count < 999_500:
        return f"{count / 1000:.0f}k"
    if count < 9_950_000:
        return f"{count / 1_000_000:.1f}M"
    return f"{count / 1_000_000:.0f}M"


def short_bytes(count: int) -> str:
    """A size in bytes, decimal units, in at most six cells: ``180``, ``4.2k``, ``187M``."""
    if count < 1000:
        return str(count)
    size = count / 1000
    for unit in ("k", "M", "G"):
        if size < 999.5:
            return f"{size:.1f}{unit}" if size < 99.5 else f"{size:.0f}{unit}"
        size /= 1000
    return f"{size:.1f}T" if size < 99.5 else f"{size:.0f}T"
