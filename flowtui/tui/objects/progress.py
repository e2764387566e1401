"""How a load goes, in one line, and what it did, in a few facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from textual.content import Content

from flowtui.lake.progress import Failure, LoadProgress, LoadReport
from flowtui.records.labels import clean
from flowtui.times import age_text, bytes_text, count
from flowtui.tui.theme import Glyphs
from flowtui.tui.widgets.short import short_count

_BAR, _SHORT_BAR = 16, 8
_WIDE = 100


def progress_line(progress: LoadProgress, elapsed_s: float, width: int, glyphs: Glyphs) -> Content:
    """Bar, objects, bytes, time left, rate and records, as many of them as there is room for."""
    share = progress.bytes_done / progress.bytes_total if progress.bytes_total else 0.0
    bar = _BAR if width >= _WIDE else _SHORT_BAR
    filled = min(bar, round(share * bar))
    facts = [
        f"{progress.objects_done:,} of {count(progress.objects_total, 'object')}",
        progress.amount,
    ]
    if progress.failed:
        facts.append(f"{progress.failed:,} failed")
    if elapsed_s > 1 and progress.bytes_done:
        rate = progress.bytes_done / elapsed_s
        facts.append(f"{age_text((progress.bytes_total - progress.bytes_done) / rate)} left")
        facts.append(f"{bytes_text(rate)}/s")
    if progress.objects_ready:
        facts.append(f"{progress.objects_ready:,} checked")
    facts.append(f"{short_count(progress.records)} records")
    dot = f" {glyphs.dot} "
    while len(facts) > 1 and bar + 4 + len(dot.join(facts)) > width:
        facts.pop()
    return Content.assemble(
        (" " + glyphs.bars[-1] * filled, "$accent"),
        (glyphs.line * (bar - filled), "$line"),
        ("  " + dot.join(facts), ""),
    )


def report_line(report: LoadReport, glyphs: Glyphs) -> Content:
    """What a load did."""
    dot = f" {glyphs.dot} "
    facts = [f"{count(report.records, 'record')} from {count(report.objects, 'object')} in {report.elapsed_s:.1f} s"]
    if report.skipped:
        facts.append(f"{report.skipped:,} were there")
    bad = []
    if report.failed:
        bad.append(f"{len(report.failed):,} failed")
    if report.rejected:
        bad.append(f"{count(report.rejected, 'line')} refused")
    if report.untried:
        bad.append(f"{report.untried:,} not tried")
    mark, style = (glyphs.failing, "$error") if bad else (glyphs.accept, "$success")
    parts: list[tuple[str, str]] = [(f" {mark} ", style), (dot.join(facts), "")]
    if bad:
        again = ", f again" if report.failed else ""
        parts.append((f"{dot}{dot.join(bad)}: x why{again}", "$error"))
    elif report.records:
        parts.append(("   e asks them in SQL", "$muted"))
    return Content.assemble(*parts)


def trouble_facts(report: LoadReport) -> list[tuple[str, str]]:
    """What was refused, and why."""
    facts = [("stopped", report.stopped_by)] if report.stopped_by else []
    facts += failure_facts((*report.failed, *report.rejected_in))
    return facts + [("next", clean(hint)) for hint in report.hints]


def failure_facts(failures: Iterable[Failure]) -> list[tuple[str, str]]:
    """Objects and their reasons."""
    return [("", f"{clean(failure.name)}\n{clean(failure.reason)}\n") for failure in failures]


def span_text(report: LoadReport) -> str:
    """From when to when the loaded records are."""
    if report.first_start is None or report.last_end is None:
        return ""
    first, last = (datetime.fromtimestamp(second, UTC) for second in (report.first_start, report.last_end))
    return f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"
