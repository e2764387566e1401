"""Times as people write them, and as people like to read them. All times are UTC.

Accepted: ``10m`` ``2h`` ``3d`` ``1w`` ``90s`` (ago), with the unit as a word too (``15 minutes``, ``2 hours ago``),
``now``, ``today``, ``yesterday``, ``2024-01-15``, ``2024-01-15T14:05``, with seconds, with ``Z`` or an offset, and Unix
seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flowtui.errors import UsageError

Clock = Callable[[], datetime]
"""Returns the present moment, aware, in UTC. Injected so that the demo account and tests can hold it still."""

_UNITS = r"s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?"
# ASCII, for else the long s (U+017F) would pass for one.
_AGO = re.compile(rf"(\d+(?:\.\d+)?)\s*({_UNITS})(?:\s+ago)?", re.IGNORECASE | re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
# Room on both sides for the ranges that are computed from a moment.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
HINT = "Write 10m, 2h, 3d, yesterday, 2024-01-15 or 2024-01-15T14:05 (UTC)."


def system_clock() -> datetime:
    """The machine's own clock."""
    return datetime.now(UTC)


def parse_time(text: str, now: datetime) -> datetime:
    """Read a moment; days mean their first second.

    Raises:
        UsageError: the text is no time.
    """
    try:
        moment = _moment(text.strip(), now)
    except (ValueError, OverflowError):
        raise UsageError(f"{text!r} is not a time.", HINT) from None
    if not EARLIEST <= moment <= LATEST:
        raise UsageError(f"{text!r} is not a time flow logs can have.", HINT)
    return moment


def _moment(word: str, now: datetime) -> datetime:
    ago = _AGO.fullmatch(word)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if ago:
        return now - timedelta(seconds=float(ago[1]) * _SECONDS[ago[2][0].lower()])
    if word.lower() in ("now", "today", "yesterday"):
        return {"now": now, "today": midnight, "yesterday": midnight - timedelta(days=1)}[word.lower()]
    if re.fullmatch(r"\d{9,11}", word):
        return datetime.fromtimestamp(int(word), UTC)
    moment = datetime.fromisoformat(word)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def in_letters(text: str) -> str:
    """A text in which ``15 minutes ago`` is ``15m``, so that blanks lie between times only."""
    return re.sub(rf"(?<!\S){_AGO.pattern}(?!\S)", lambda ago: ago[1] + ago[2][0], text, flags=re.IGNORECASE)


def parse_until(text: str, now: datetime) -> datetime:
    """Read the end of a range: as :func:`parse_time`, but a bare day includes that whole day."""
    word = text.strip()
    moment = parse_time(word, now)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word) or word.lower() == "yesterday":
        return moment + timedelta(days=1)
    return moment


def age_text(seconds: float) -> str:
    """A duration in one or two characters and a unit: ``48s``, ``3m``, ``26h``, ``12d``."""
    seconds = max(0, int(seconds))
    if seconds < 60:
        return f"{seconds}s"
    if seconds < 3600:
        return f"{seconds // 60}m"
    if seconds < 48 * 3600:
        return f"{seconds // 3600}h"
    return f"{seconds // 86400}d"


def count(number: int, noun: str) -> str:
    """``1 record``, ``2 records``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def bytes_text(size: float) -> str:
    """A size in decimal units, as AWS bills them: ``187 MB``, ``4.2 GB``."""
    for unit in ("B", "kB", "MB", "GB", "TB", "PB"):
        if abs(size) < 999.5 or unit == "PB":
            digits = 0 if unit == "B" or abs(size) >= 99.5 else 1
            return f"{size:.{digits}f} {unit}"
        size /= 1000
    raise AssertionError("unreachable")
